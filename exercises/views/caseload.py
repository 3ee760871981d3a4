"""The caseload: a therapist's patients at one glance."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from exercises import adherence
from exercises.models import User
from exercises.queries.caseload import SHOWS, SORTS, caseload
from exercises.words import STRAND_SHORT

LABELS = {
    "name": _("Name"),
    "look": _("Needs a look"),
    **STRAND_SHORT,
    "days": _("Days met"),
    "last": _("Last entry"),
}
SHOW_LABELS = {
    "talk": _("Talk first"),
    "quiet": _("Quiet 3 days or more"),
    "question": _("Question"),
    "new": _("New"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A head that sorts: ``href`` asks for it, ``sorted`` is what a screen reader says."""

    key: str
    label: Any
    href: str
    sorted: str
    number: bool


@require_safe
def caseload_page(request: HttpRequest) -> HttpResponse:
    """``?q=`` a name, ``?show=`` talk, quiet, question or new, ``?sort=``, ``?all=1``, ``?page=``."""
    assert isinstance(request.user, User)
    if not request.user.is_clinician:
        raise PermissionDenied
    asked = request.GET
    sort = asked.get("sort", "") if asked.get("sort", "").removeprefix("-") in SORTS else "look"
    show = asked.get("show", "") if asked.get("show") in SHOWS else ""
    number = asked.get("page", "")
    page = caseload(
        request.user,
        find=asked.get("q", "").strip(),
        show=show,
        sort=sort,
        everyone=asked.get("all") == "1",
        page=int(number) if number.isdecimal() and len(number) < 6 else 1,
    )
    kept = {name: str(value) for name, value in asked.items() if name in ("q", "sort", "show", "all")}
    shows = [(name, label, _link(kept, show=name)) for name, label in SHOW_LABELS.items()]
    context = {"page": page, "columns": _columns(sort, kept), "shows": shows, "show": show}
    return render(request, "caseload/caseload.html", context)


def _link(kept: dict[str, str], **asked: str) -> str:
    """The same list with something else asked of it, from its first page."""
    return f"?{urlencode(kept | asked)}"


def _columns(sort: str, kept: dict[str, str]) -> dict[str, Column]:
    now, back = sort.removeprefix("-"), sort.startswith("-")
    return {
        key: Column(
            key=key,
            label=label,
            href=_link(kept, sort=f"-{key}" if key == now and not back else key),
            sorted="" if key != now else "descending" if back else "ascending",
            number=key == "days" or key in adherence.STRANDS,
        )
        for key, label in LABELS.items()
    }
