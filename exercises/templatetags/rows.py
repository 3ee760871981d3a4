"""The caseload's rows, drawn like the marks: fifty rows of nine figures are joined strings, not templates."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from .marks import day_cells, percent

register = template.Library()


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
    """A row has ``person`` and ``figures``, see queries.caseload and queries.figures."""
    return mark_safe("\n".join([_row(row) for row in rows]))  # noqa: S308


def _row(row: Any) -> str:
    person, figures = row.person, row.figures
    shares = "".join(
        _figure(percent(long), percent(short))
        for long, short in zip(figures.long.shares, figures.short.shares, strict=True)
    )
    url = reverse("patient", args=[person.code])
    return (
        f'<tr><th scope="row"><a href="{url}">{escape(person.name)}</a></th>'
        f"<td>{escape(person.why)}</td>{shares}{_figure(_days(figures.long), _days(figures.short))}"
        f"<td>{day_cells(figures.cells)}</td><td>{escape(ago(person.last, person.today))}</td></tr>"
    )


def _figure(long: str, short: str) -> str:
    return f'<td class="num">{long} <small class="soft">{short}</small></td>'


def _days(period: Any) -> str:
    if not period.judged:
        return percent(None)
    return conditional_escape(gettext("%(met)d/%(days)d") % {"met": period.met, "days": period.judged})
