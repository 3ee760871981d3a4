"""Codes that can be typed by anybody: after ten that lead nowhere it is time for a break."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from exercises import limits

MOST, SECONDS = 10, 10 * 60


def are_over(request: HttpRequest) -> bool:
    """Whether this person, or this address while nobody is signed in, has to wait: right codes wait too."""
    return limits.full(_key(request), MOST)


def count(request: HttpRequest) -> None:
    limits.hit(_key(request), MOST, SECONDS)


def _key(request: HttpRequest) -> str:
    # Somebody signed in is not held up by the others behind the same address.
    if request.user.is_authenticated:
        return f"guess person {request.user.pk}"
    return f"guess address {get_adapter().get_client_ip(request)}"
