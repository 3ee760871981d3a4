"""What holds for every answer and every request, whatever the view."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from exercises.http import answer_json, wants_json
from exercises.views.errors import too_large

Handler = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


def headers(get_response: Handler) -> Handler:
    """Headers that no setting sets; outermost, so that static files and errors carry them too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # WhiteNoise has set its own for static files; a page of a person stays in no cache.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def refuse_large_bodies(get_response: Handler) -> Handler:
    """413 before anything reads the body; Django itself would answer 400."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.MOST_BODY_BYTES:
            return too_large(request)
        return get_response(request)

    return middleware


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Everything needs a sign-in unless it says otherwise. Scripts get 401, never a redirect that reads as success."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponseBase:
        if wants_json(request):
            return answer_json(401, "signed_out")
        if request.headers.get("HX-Request"):
            sign_in = redirect_to_login(request.headers.get("HX-Current-URL", "/"), settings.LOGIN_URL)
            return HttpResponse(status=401, headers={"HX-Redirect": sign_in["Location"]})
        return super().handle_no_permission(request, view_func)
