"""News: what others' acts on a care team mean for this person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from exercises.models import User
from exercises.queries import news as queries
from exercises.services import notices


@require_http_methods(["GET", "HEAD", "POST"])
def news(request: HttpRequest) -> HttpResponse:
    """POST marks all as read."""
    assert isinstance(request.user, User)
    if request.method == "POST":
        notices.mark_read(user=request.user)
        return redirect("news")
    return render(request, "news/news.html", {"news": queries.news(request.user)})
