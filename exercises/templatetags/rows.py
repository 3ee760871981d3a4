"""The caseload's rows, drawn like the marks: fifty rows of nine figures are joined strings, not templates."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from .. import adherence as a
from ..keeping_up import KeptWeek
from ..words import STRAND_SHORT
from .marks import day_cells, percent_text

register = template.Library()
NOBODY = UUID(int=0)


@register.filter
def ago(day: date | None, today: date) -> str:
    """ "today", "yesterday", "3 days ago", or that there is no entry yet."""
    return _ago((today - day).days if day else None, get_language())


@lru_cache(maxsize=1024)
def _ago(count: int | None, language: str | None) -> str:
    if count is None:
        return gettext("no entry yet")
    if count <= 1:
        return gettext("yesterday") if count == 1 else gettext("today")
    return ngettext("%(n)d day ago", "%(n)d days ago", count) % {"n": count}


@register.simple_tag
def caseload_rows(rows: Iterable[Any]) -> SafeString:
    """A row has ``person``, ``figures`` and ``kept``, see queries.caseload and queries.figures."""
    patients_url = reverse("patient", args=[NOBODY]).removesuffix(f"{NOBODY}/")
    return mark_safe("\n".join([_row(row, patients_url, get_language()) for row in rows]))  # noqa: S308


def _row(row: Any, patients_url: str, language: str | None) -> str:
    person, figures = row.person, row.figures
    long, short = figures.long, figures.short
    shares = "".join(
        [
            _figure(percent_text(a.percent(old), language), percent_text(a.percent(new), language))
            for old, new in zip(long.shares, short.shares, strict=True)
        ]
    )
    days = _figure(_days(long.met, long.judged, language), _days(short.met, short.judged, language))
    return (
        f'<tr><th scope="row"><a href="{patients_url}{person.code}/">{escape(person.name)}</a></th>'
        f"{_look(row)}{shares}{days}"
        f"<td>{day_cells(figures.cells)}</td><td>{escape(ago(person.last, person.today))}</td></tr>"
    )


def _look(row: Any) -> str:
    """Why somebody needs a look, and what this week was kept up with."""
    if row.kept is None:
        return f"<td>{escape(row.person.why)}</td>"
    words = " · ".join(text for text in (row.person.why, _kept_words(row.kept)) if text)
    return f'<td class="wrap">{escape(words)}</td>'


def _kept_words(kept: KeptWeek) -> str:
    if not kept.strands:
        return gettext("keeping up, days off this week")
    parts = ", ".join(f"{STRAND_SHORT[one.strand]} {one.shown}/{one.asked}" for one in kept.strands)
    return gettext("keeping up, days this week: %(parts)s") % {"parts": parts}


def _figure(long: str, short: str) -> str:
    return f'<td class="num">{long} <small class="soft">{short}</small></td>'


@lru_cache(maxsize=1024)
def _days(met: int, judged: int, language: str | None) -> str:
    if not judged:
        return percent_text(None, language)
    return escape(gettext("%(met)d/%(days)d") % {"met": met, "days": judged})
