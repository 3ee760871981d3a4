"""What every page needs around its own content."""

from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from exercises import access
from exercises.models import User


class Item(NamedTuple):
    """One place to go: its address, the word and the name of its icon."""

    url: str
    label: Any
    icon: str


def page(request: HttpRequest) -> dict[str, Any]:
    """``nav`` is lazy: pages that show no navigation ask the database nothing."""
    return {
        "demo_mode": settings.DEMO,
        "crisis_line": settings.CRISIS_LINE,
        "nav": SimpleLazyObject(lambda: _nav(request)),
    }


def _nav(request: HttpRequest) -> tuple[Item, ...]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return ()
    viewer = getattr(request, "viewer", None)
    items = _record_items(viewer.patient.code) if viewer and viewer.is_teen else _other_items(user)
    caseload = (_item("caseload", _("Caseload"), "table-cells"),) if user.is_clinician else ()
    return (*items, *caseload, _item("more", _("More"), "ellipsis-horizontal"))


def _other_items(user: User) -> tuple[Item, ...]:
    """On a page of a teen's own record these are one tap away under More, which saves the question who else
    they are on the page that is opened most."""
    roles = access.roles_of(user)
    today = (_item("today", _("Today"), "calendar-days"),) if access.PATIENT in roles else ()
    family = (_item("family", _("Family"), "users"),) if access.PARENT in roles else ()
    return today + family


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
