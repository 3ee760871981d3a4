"""What every page needs around its own content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from exercises import access
from exercises.models import User

Item = dict[str, Any]


def page(request: HttpRequest) -> dict[str, Any]:
    """``nav`` is lazy: pages that show no navigation ask the database nothing."""
    return {
        "demo_mode": settings.DEMO,
        "crisis_line": settings.CRISIS_LINE,
        "nav": SimpleLazyObject(lambda: _nav(request)),
    }


def _nav(request: HttpRequest) -> list[Item]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    viewer = getattr(request, "viewer", None)
    items = _record_items(viewer) if viewer and viewer.is_teen else _other_items(user)
    if user.is_clinician:
        items.append(_item("caseload", _("Caseload"), "table-cells"))
    items.append(_item("more", _("More"), "ellipsis-horizontal"))
    for item in items:
        item["current"] = item["url"] == request.path
    return items


def _other_items(user: User) -> list[Item]:
    """On a page of a teen's own record these are one tap away under More, which saves the question who else
    they are on the page that is opened most."""
    roles = access.roles_of(user)
    items = [_item("today", _("Today"), "calendar-days")] if access.PATIENT in roles else []
    return items + ([_item("family", _("Family"), "users")] if access.PARENT in roles else [])


def _record_items(viewer: access.Viewer) -> list[Item]:
    code = viewer.patient.code
    return [
        _item("today", _("Today"), "calendar-days"),
        _item("history", _("Weeks"), "chart-bar", code),
        _item("program", _("Program"), "clipboard-document-list", code),
        _item("function", _("Life"), "heart", code),
    ]


def _item(name: str, label: Any, icon: str, *args: Any) -> Item:
    return {"url": reverse(name, args=args), "label": label, "icon": icon, "name": name}
