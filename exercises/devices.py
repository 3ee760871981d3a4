"""Whether this browser is one person's own: its signed cookie, read and written."""

from typing import Any
from uuid import UUID

from allauth.account.signals import password_changed, password_reset, password_set
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from exercises import session_keys
from exercises.models import User
from exercises.services import devices

SALT = "device"


def name() -> str:
    """The prefix makes a browser refuse the cookie from another host, path or without TLS."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


DAY = 24 * 3600
YEAR, WEEK = 365 * DAY, 7 * DAY
OWN, NOT_NOW, SHARED = "own", "not-now", "shared:"
# Where the question is asked, once, beside what the page is for.
HOMES = {"today", "family"}


def _said(request: HttpRequest) -> str:
    """What the cookie says; empty for an unknown device and for a cookie that somebody else wrote."""
    return str(request.get_signed_cookie(name(), default="", salt=SALT, max_age=YEAR))


def shared_code(request: HttpRequest) -> UUID | None:
    """The code of a shared device; ``None`` for any other."""
    kind, _colon, code = _said(request).partition(":")
    return UUID(code) if f"{kind}:" == SHARED and code else None


def is_shared(request: HttpRequest) -> bool:
    return shared_code(request) is not None


def is_own(request: HttpRequest) -> bool:
    return _said(request) == OWN


def remember(response: HttpResponse, said: str) -> None:
    """``said``: ``OWN``, ``NOT_NOW``, or ``SHARED`` with the device's code."""
    response.set_signed_cookie(
        name(),
        said,
        salt=SALT,
        max_age=WEEK if said == NOT_NOW else YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def remember_shared(response: HttpResponse, code: UUID) -> None:
    remember(response, f"{SHARED}{code}")


def asks(request: HttpRequest) -> bool:
    """Whether the page asks about the device: at home, of families, until there is an answer."""
    match, user = request.resolver_match, getattr(request, "user", None)
    if match is None or match.url_name not in HOMES or _said(request):
        return False
    return isinstance(user, User) and not user.is_at_work


def sign_in_page(request: HttpRequest, **query: str) -> str:
    """Where somebody signs in here: at the name tiles of a shared device, else with a password."""
    page = reverse("tiles" if is_shared(request) else settings.LOGIN_URL)
    return f"{page}?{urlencode(query)}" if query else page


def password_page(query: str = "") -> str:
    return reverse(settings.LOGIN_URL) + query


@receiver([password_changed, password_set, password_reset])
def end_pins(sender: Any, user: User, **facts: Any) -> None:
    devices.remove_pins(user=user)


@receiver(user_logged_in)
def begin_session(sender: Any, request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """At every sign-in (the signal): when it was, and whether the device is shared."""
    if request is None:
        return
    now = int(timezone.now().timestamp())
    request.session[session_keys.SIGNED_IN_AT] = request.session[session_keys.SEEN_AT] = now
    code = shared_code(request)
    if code is None:
        request.session.pop(session_keys.SHARED_DEVICE, None)
        return
    request.session[session_keys.SHARED_DEVICE] = True
    devices.note_seen(code=code)
