"""Who may go on: sign-ins that ended by themselves, and those that lack a second factor."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.db import DatabaseError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode

from exercises.demo_people import DEMO_PEOPLE
from exercises.http import answer_json, wants_json
from exercises.models import User
from exercises.services.sign_ins import Limit, limit_of, note_use
from exercises.session_keys import SECOND_FACTOR, SEEN_AT, SHARED_DEVICE, SIGNED_IN_AT

Handler = Callable[[HttpRequest], HttpResponse]

logger = logging.getLogger(__name__)


class SignInLimits:
    """Signs out whoever did not use their sign-in for too long, or has had it for too long.

    The request goes on as that of somebody signed out: a script gets its 401, a person the sign-in page.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever brings no cookie has no session: a monitor's question asks the database nothing here.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._judge(request)
        return self.get_response(request)

    def _judge(self, request: HttpRequest) -> None:
        now = timezone.now()
        limit = limit_in(request)
        if seconds_left(request, limit, now) <= 0:
            self._sign_out(request)
        elif self._is_use(request) and self._unused_for(request, now) >= limit.coarse:
            self._note_use(request, now)

    def _sign_out(self, request: HttpRequest) -> None:
        logout(request)
        request.quiet = True  # type: ignore[attr-defined]  # the sign-in page says why

    @staticmethod
    def _is_use(request: HttpRequest) -> bool:
        """A page that asks by itself must not keep itself signed in: whether it still is, or, with a header
        that says so, what became of what it shows."""
        by_itself = request.path == reverse("still-here") or "X-By-Itself" in request.headers
        return request.method != "GET" or not by_itself

    @staticmethod
    def _unused_for(request: HttpRequest, now: datetime) -> float:
        """For ever, where a session of before does not know."""
        return now.timestamp() - int(request.session.get(SEEN_AT, 0))

    def _note_use(self, request: HttpRequest, now: datetime) -> None:
        """A full disk is no reason to show no page: then the last use stays as it was."""
        try:
            stands = note_use(session_key=request.session.session_key or "", now=now)
        except DatabaseError as error:
            logger.warning("The last use of a sign-in was not written: %s", type(error).__name__)
            return
        if not stands:
            self._sign_out(request)
            return
        # Written already: the session need not be saved once more, with what it held before.
        changed = request.session.modified
        request.session[SEEN_AT] = int(now.timestamp())
        request.session.setdefault(SIGNED_IN_AT, int(now.timestamp()))
        request.session.modified = changed


def limit_in(request: HttpRequest) -> Limit:
    """The limit of this person in this session."""
    user = request.user
    return limit_of(
        at_work=getattr(user, "is_at_work", False),
        shared=bool(request.session.get(SHARED_DEVICE)),
    )


def seconds_left(request: HttpRequest, limit: Limit, now: datetime) -> int:
    """Until this sign-in ends by itself. A session of before, which does not know, begins now."""
    at = int(now.timestamp())
    unused = at - int(request.session.get(SEEN_AT, at))
    age = at - int(request.session.get(SIGNED_IN_AT, at))
    return min(limit.idle - unused, limit.absolute - age)


def opaque_name(user: User) -> str:
    """Tells a page whether the same person is signed in again; nothing else can be read from it."""
    return salted_hmac("still-here", str(user.pk)).hexdigest()[:16]


# Where somebody gives the second factor they have; where one is set up who has none yet.
GIVING = {
    "second-factor",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_login",
    "account_logout",
    "still-here",
    "healthz",
}
ENROLLING = GIVING | {"account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn"}


class SecondFactorRequired:
    """Clinicians and administrators show a passkey or a code in this session before they see anything else.

    By the person as they are now: who is made a clinician meets it on the next request.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        if not owes_second_factor(request):
            return None
        allowed = GIVING if is_mfa_enabled(request.user, FACTORS) else ENROLLING
        match = request.resolver_match
        return None if match and match.view_name in allowed else _to_second_factor(request)


FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def owes_second_factor(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or not user.is_at_work:
        return False
    if request.session.get(SECOND_FACTOR) or (settings.DEMO and user.username in DEMO_PEOPLE):
        return False
    if _has_shown_one(request, user):
        request.session[SECOND_FACTOR] = True
        return False
    return True


def _has_shown_one(request: HttpRequest, user: User) -> bool:
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" for record in records) and is_mfa_enabled(user, FACTORS)


def _to_second_factor(request: HttpRequest) -> HttpResponse:
    """Scripts get 403: ``fetch`` would follow a redirect and read the page as success."""
    if wants_json(request):
        return answer_json(403, "second_factor")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": reverse("second-factor")})
    query = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
    return redirect(reverse("second-factor") + query)


@receiver(authenticator_added)
def has_set_one_up(sender: Any, request: HttpRequest, authenticator: Authenticator, **facts: Any) -> None:
    if authenticator.type in FACTORS:
        request.session[SECOND_FACTOR] = True


@receiver(authenticator_removed)
def has_taken_one_away(sender: Any, request: HttpRequest, user: User, **facts: Any) -> None:
    if not is_mfa_enabled(user, FACTORS):
        request.session.pop(SECOND_FACTOR, None)
