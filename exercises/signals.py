"""Sign-ins and what keeps them safe, told to the log of security events."""

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from exercises import security
from exercises.http import client_network
from exercises.models import User

EVENTS: dict[Signal, str] = {
    auth.user_logged_in: "signed_in",
    auth.user_logged_out: "signed_out",
    account.user_signed_up: "signed_up",
    account.password_set: "password_set",
    account.password_changed: "password_changed",
    account.password_reset: "password_reset",
    account.email_added: "email_added",
    account.email_changed: "email_changed",
    account.email_removed: "email_removed",
    mfa.authenticator_added: "factor_added",
    mfa.authenticator_removed: "factor_removed",
    mfa.authenticator_reset: "factor_renewed",
    mfa.authenticator_used: "factor_used",
}


def _teller(event: str) -> Callable[..., None]:
    def tell(sender: Any, user: User | None = None, authenticator: Any = None, **facts: Any) -> None:
        if user is not None:
            security.note(event, user=user.pk, factor=getattr(authenticator, "type", None))

    return tell


for _signal, _event in EVENTS.items():
    _signal.connect(_teller(_event), weak=False, dispatch_uid=f"security {_event}")


@receiver(auth.user_login_failed)
def sign_in_failed(sender: Any, request: HttpRequest | None = None, **facts: Any) -> None:
    """Without what was typed: somebody may have put a password into the box for the name."""
    security.note("sign_in_failed", network=client_network(request))


@receiver(mfa.authentication_failed)
def factor_failed(sender: Any, user: User, **facts: Any) -> None:
    security.note("factor_failed", user=user.pk)
