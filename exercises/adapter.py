"""allauth, as this app uses it."""

import logging
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exercises import devices
from exercises.codes import grouped
from exercises.models import User
from exercises.queries.invitations import find_open
from exercises.session_keys import COMING_AS, PENDING_CODE
from exercises.views.errors import too_many

logger = logging.getLogger(__name__)

# What counts as having shown who one is, for what asks again.
SHOWN = ("password", "mfa")
AGAIN = {
    "reauthenticate": _("Type my password"),
    "mfa_reauthenticate": _("Type a code"),
    "mfa_reauthenticate:webauthn": _("Use my passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Families sign up; clinicians come by invitation, or an administrator makes their account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("This name and this password do not go together."),
        "email_password_mismatch": _("This address and this password do not go together."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password of now."),
        "incorrect_code": _("This code does not fit."),
        "email_taken": _("Somebody uses this address already."),
        "duplicate_email": _("This is your address already."),
        "username_taken": _("That username is taken."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """With an invitation that stands; alone only where the installation allows it, and only for somebody
        who said to be a parent, or old enough (``views.start``)."""
        code = request.session.get(PENDING_CODE)
        if code and find_open(code):
            return True
        return settings.SIGNUP == "open" and COMING_AS in request.session

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        code = request.session.get(PENDING_CODE)
        return reverse("join-code", args=[grouped(code)]) if code else reverse("record-new")

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Too many tries are no mistake in a form, which would answer 200: they are told as 429."""
        if code in ("too_many_login_attempts", "rate_limited"):
            raise ImmediateHttpResponse(too_many(self.request))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """A login from one address: who guesses elsewhere locks nobody out here."""
        login = credentials.get("email") or credentials.get("username") or ""
        return f"{login.strip().casefold()} from {get_ip(request)}"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a moment ago has just shown it."""
        records = get_authentication_records(self.request, self.request.user)
        last = max((record["at"] for record in records if record.get("method") in SHOWN), default=0.0)
        return bool(timezone.now().timestamp() - last >= app_settings.REAUTHENTICATION_TIMEOUT)

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """Whoever chose a password a moment ago has shown it: a yes to an invitation asks for no more."""
        if facts["signup"]:
            record_authentication(request, user, method="password")
        response: HttpResponse = super().post_login(request, user, **facts)
        return response

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        return [
            method | {"description": AGAIN.get(method["id"], method["description"])} for method in methods
        ]

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """To the name tiles of a shared device."""
        return devices.sign_in_page(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("more")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail that cannot leave undoes nothing, and its page reads the same."""
        if not settings.MAIL:
            return
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            logger.error("A mail (%s) was not sent: %s", template_prefix, type(error).__name__)


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    """Any long text is a key: its digest has the form that the cipher wants."""
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(f"field:{key}".encode()).digest())) for key in keys])


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted where they are kept, and a clinician keeps a second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code does not fit. Wait for the next one and type that."),
        "cannot_delete_authenticator": _(
            "Your work needs a second step at sign-in. Set up another one first, then turn this one off."
        ),
    }

    def encrypt(self, text: str) -> str:
        return _box(tuple(settings.FIELD_KEY)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """An answer for an unknown key would be a key that somebody can guess: there is none."""
        try:
            return _box(tuple(settings.FIELD_KEY)).decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ImproperlyConfigured("FIELD_KEY is not the one that this was encrypted with.") from None

    def build_totp_svg(self, url: str) -> str:
        """The page draws it itself: allauth's comes as data, which the content policy refuses."""
        return ""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        if not user.is_at_work:
            return True
        others = Authenticator.objects.filter(user=user).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("Passkey %d") % (count + 1)) if count else str(_("My passkey"))
