"""What every page needs around its own content."""

from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from exercises import access, devices, gates
from exercises.models import User
from exercises.queries.devices import tiles


class Item(NamedTuple):
    """One place to go: its address, the word and the name of its icon."""

    url: str
    label: Any
    icon: str


def page(request: HttpRequest) -> dict[str, Any]:
    """``nav`` is lazy: pages that show no navigation ask the database nothing."""
    return {
        "demo_mode": settings.DEMO,
        "mail": settings.MAIL,
        "crisis_line": settings.CRISIS_LINE,
        "care_phone": settings.CARE_PHONE,
        "nav": SimpleLazyObject(lambda: _nav(request)),
        "ask_device": SimpleLazyObject(lambda: devices.asks(request)),
        "shared_device": SimpleLazyObject(lambda: devices.is_shared(request)),
        "has_tiles": SimpleLazyObject(lambda: tiles(devices.shared_code(request)).exists()),
        "sign_in": SimpleLazyObject(lambda: _sign_in(request)),
    }


class SignIn(NamedTuple):
    """A sign-in that a page counts down, unseen: seconds left, whose it is, and how long before to ask."""

    seconds: int
    who: str
    warn: int = 120


def _sign_in(request: HttpRequest) -> SignIn | None:
    """``None`` where nobody needs a warning: signed out, or a family on a device of its own."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return None
    limit = gates.limit_in(request)
    if not limit.warns:
        return None
    return SignIn(gates.seconds_left(request, limit, timezone.now()), gates.opaque_name(user))


def _nav(request: HttpRequest) -> tuple[Item, ...]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ()
    return (*_own_items(user, getattr(request, "viewer", None)), *_more())


def _own_items(user: User, viewer: access.Viewer | None) -> tuple[Item, ...]:
    """A teen's own record, else a clinician's caseload, else whatever the person is linked as.

    Who is two of these switches under More: that saves the two pages opened most the question.
    """
    if viewer and viewer.is_teen:
        return _record_items(viewer.patient.code)
    if user.is_clinician:
        return _caseload()
    roles = access.roles_of(user)
    today = (_item("today", _("Today"), "calendar-days"),) if access.PATIENT in roles else ()
    family = (_item("family", _("Family"), "users"),) if access.PARENT in roles else ()
    return today + family


@lru_cache(maxsize=1)
def _caseload() -> tuple[Item, ...]:
    return (_item("caseload", _("Caseload"), "table-cells"),)


@lru_cache(maxsize=1)
def _more() -> tuple[Item, ...]:
    return (_item("more", _("More"), "ellipsis-horizontal"),)


@lru_cache(maxsize=1024)
def _record_items(code: UUID) -> tuple[Item, ...]:
    return (
        _item("today", _("Today"), "calendar-days"),
        _item("history", _("Weeks"), "chart-bar", code),
        _item("program", _("Program"), "clipboard-document-list", code),
        _item("function", _("Life"), "heart", code),
    )


def _item(name: str, label: Any, icon: str, *args: Any) -> Item:
    return Item(reverse(name, args=args), label, icon)
