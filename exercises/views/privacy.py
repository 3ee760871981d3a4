"""What is kept, where, how long, and who sees it: in plain words, for everybody."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    context = {
        "contact": settings.PRIVACY_CONTACT,
        "retention": settings.RECORD_RETENTION,
        "look_years": settings.ACCESS_RECORD_YEARS,
        "self_signup_age": settings.SELF_SIGNUP_AGE,
    }
    return render(request, "privacy/privacy.html", context)
