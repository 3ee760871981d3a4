"""Short pages to read, for everybody: what this pain is, what helps, and when to call."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from exercises import learn


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "learn/learn.html", {"pages": learn.PAGES})


@login_not_required
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = learn.BY_SLUG.get(slug)
    if found is None:
        raise Http404
    context = {"page": found, "others": [other for other in learn.PAGES if other is not found]}
    return render(request, f"learn/pages/{found.slug}.html", context)
