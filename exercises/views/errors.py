"""Every refusal as a page or as JSON, whichever was asked for."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from exercises.http import answer_json, wants_json

RETRY_AFTER = "5"
# The limits on passwords and codes at sign-in look back that many seconds.
TRIES_COME_BACK = 300


def answer(request: HttpRequest, status: int, code: str, title: str, text: str) -> HttpResponse:
    if wants_json(request):
        return answer_json(status, code)
    return render(request, "error.html", {"title": title, "text": text, "quiet": True}, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return answer(
        request, 400, "bad_request", _("That did not work"), _("Something in this request could not be read.")
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if getattr(getattr(request, "viewer", None), "seeing_as", ""):
        text = _("With somebody else's eyes you can look, not do. Go back to your own view for that.")
    else:
        text = _("Somebody else on the care team can do this.")
    return answer(request, 403, "forbidden", _("Not yours to do"), text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if wants_json(request) and not request.user.is_authenticated:
        # Django judges the token before the person. Whoever is signed out needs a sign-in, not a new token.
        return answer_json(401, "signed_out")
    return answer(
        request,
        403,
        "csrf",
        _("This page was open for a long time"),
        _("Go back, load the page again, and send it once more. Nothing was changed."),
    )


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return answer(
        request, 404, "not_found", _("Nothing here"), _("This page is not there, or it is not yours to see.")
    )


def wrong_method(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    response = answer(
        request, 405, "wrong_method", _("That did not work"), _("This page cannot be asked for in this way.")
    )
    response["Allow"] = refused["Allow"]
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    return answer(request, 413, "too_large", _("That is too long"), _("Please send a shorter text."))


def too_many(request: HttpRequest, seconds: int = TRIES_COME_BACK) -> HttpResponse:
    """429: tried too often. ``seconds`` until it makes sense to try again; without it, as at sign-in."""
    response = answer(
        request,
        429,
        "too_many",
        _("Let's take a short break"),
        _("That was tried many times. Please wait a little while, then try again. Nothing was changed."),
    )
    response["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database is away: then the same request may be sent again."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    status, code = (503, "unavailable") if away else (500, "error")
    if wants_json(request):
        response: HttpResponse = answer_json(status, code)
    else:
        # No context processors: they would ask the database that is away.
        response = HttpResponse(render_to_string("500.html", {"away": away}), status=status)
    if away:
        response["Retry-After"] = RETRY_AFTER
    return response
