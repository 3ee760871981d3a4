"""What holds for every answer and every request, whatever the view."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

from exercises import devices
from exercises.http import answer_json, wants_json
from exercises.views.errors import bad_request, too_large, wrong_method

Handler = Callable[[HttpRequest], HttpResponse]

HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    # WhiteNoise has set its own for static files; a page of a person stays in no cache.
    "Cache-Control": "no-store",
    # SecurityMiddleware sets these, unless it refuses the host itself.
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
}


def headers(get_response: Handler) -> Handler:
    """Headers on every answer; outermost, so that static files and errors carry them too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def refuse_unfit_bodies(get_response: Handler) -> Handler:
    """413 before anything reads too large a body: Django itself would answer 400. 400 for a body that was cut
    off on its way: the half of a form can read as a whole one, ``minutes=15`` of ``minutes=150``."""

    def middleware(request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        length = int(said) if said.isdecimal() else 0
        if length > settings.MOST_BODY_BYTES:
            return too_large(request)
        if length and not _arrived_whole(request, length):
            return bad_request(request)
        return get_response(request)

    return middleware


def _arrived_whole(request: HttpRequest, length: int) -> bool:
    try:
        return len(request.body) == length
    except UnreadablePostError:
        return False


def explain_wrong_method(get_response: Handler) -> Handler:
    """Django's own 405 is empty: a person gets words, a script its code."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        return wrong_method(request, response) if isinstance(response, HttpResponseNotAllowed) else response

    return middleware


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Everything needs a sign-in unless it says otherwise.

    Scripts get 401, never a redirect: ``fetch`` follows it and reads the sign-in page as success.
    """

    def handle_no_permission(  # type: ignore[override]  # the stubs know redirects only
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if wants_json(request):
            return answer_json(401, "signed_out")
        if request.headers.get("HX-Request"):
            sign_in = _to_sign_in(request, request.headers.get("HX-Current-URL", "/"))
            return HttpResponse(status=401, headers={"HX-Redirect": sign_in["Location"]})
        return _to_sign_in(request, _page_of(request))


def _to_sign_in(request: HttpRequest, after: str) -> HttpResponse:
    """``ended`` lets the page say that a sign-in ended by itself, and whether something typed was lost."""
    query = {}
    if getattr(request, "quiet", False):
        query["ended"] = "quiet" if request.method in ("GET", "HEAD") else "typed"
    return redirect_to_login(after, devices.sign_in_page(request, **query))


def _page_of(request: HttpRequest) -> str:
    """Where to go on after the sign-in: what was asked for, or the page whose form was sent."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        return "/"
    return urlsplit(sent_from).path or "/"
