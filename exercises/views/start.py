"""Coming in: who are you, and, for a teen who comes alone, how old."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from exercises import access, session_keys
from exercises.forms.start import AgeForm

# Says that the question of age was answered with too few years, for a day: Back does not ask again.
ASKED_AGE = "asked"
ASKED_AGE_SECONDS = 24 * 3600


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """POST ``who``: ``parent`` goes on at once, ``self`` is asked how old first."""
    if request.method == "POST":
        if not _may_come(request):
            raise PermissionDenied
        match request.POST.get("who"):
            case "parent":
                return _go_on(request, access.PARENT)
            case "self":
                return redirect("start-age")
    context = {"may_come": _may_come(request)}
    return render(request, "start/start.html", context, status=422 if request.method == "POST" else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def age(request: HttpRequest) -> HttpResponse:
    if not _may_come(request):
        return redirect("start")
    if request.get_signed_cookie(
        settings.AGE_COOKIE_NAME, default="", salt=ASKED_AGE, max_age=ASKED_AGE_SECONDS
    ):
        return render(request, "start/ask_a_parent.html")
    posted = request.POST if request.method == "POST" else None
    form = AgeForm(posted, today=timezone.now().date())
    if not form.is_valid():
        return render(request, "start/age.html", {"form": form}, status=422 if form.errors else 200)
    if form.is_at_least(settings.SELF_SIGNUP_AGE):
        return _go_on(request, access.PATIENT)
    return _remember(request, redirect("start-age"))


def _may_come(request: HttpRequest) -> bool:
    """Whoever has an account may open a record; making an account alone is the installation's to allow."""
    return request.user.is_authenticated or settings.SIGNUP == "open"


def _go_on(request: HttpRequest, role: str) -> HttpResponse:
    request.session[session_keys.COMING_AS] = role
    return redirect("record-new" if request.user.is_authenticated else "account_signup")


def _remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    request.session.pop(session_keys.COMING_AS, None)
    response.set_signed_cookie(
        settings.AGE_COOKIE_NAME,
        "yes",
        salt=ASKED_AGE,
        max_age=ASKED_AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
