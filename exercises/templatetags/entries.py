"""The list of a day's sessions, drawn like the marks: joined strings, since Today is the page opened most."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from exercises.words import STRAND_SHORT

from .marks import minutes, prong_icon
from .taps import SWAP, hidden_fields

register = template.Library()
NOBODY = UUID(int=0)
DOT = " · "


@register.simple_tag(takes_context=True)
def entry_rows(
    context: RequestContext, entries: Iterable[Any], next: str = "", brief: bool = False
) -> SafeString:
    """``queries.sessions.SessionRow`` as list items, each with its menu where the viewer may correct it.

    ``next`` names where a removal returns to; ``brief`` says how an entry came only where that is unusual.
    """
    url = reverse("session", args=[context["viewer"].patient.code, NOBODY])
    hidden = hidden_fields(csrfmiddlewaretoken=context["csrf_token"], **({"next": next} if next else {}))
    return mark_safe("".join(_row(entry, url, hidden, brief) for entry in entries))  # noqa: S308  escaped below


def _row(entry: Any, url: str, hidden: str, brief: bool) -> str:
    quiet = "".join(f'<br><span class="quiet">{escape(line)}</span>' for line in _quiet_lines(entry, brief))
    icon = f'<span class="{entry.prong}">{prong_icon(entry.prong)}</span>'
    menu = _menu(entry, url.replace(str(NOBODY), str(entry.id)), hidden) if entry.may_correct else ""
    return f'<li>{_time(entry)}<div class="what">{icon} {escape(entry_words(entry))}{quiet}</div>{menu}</li>'


def entry_words(entry: Any) -> str:
    """ "Touch · 5 min · Towel rub · left foot"."""
    what = gettext("Exercises on a rough surface") if entry.rough else STRAND_SHORT[entry.strand]
    parts = (what, minutes(entry.minutes), entry.activity, entry.where, entry.texture)
    return DOT.join(str(part) for part in parts if part)


def _time(entry: Any) -> str:
    if entry.at is None:
        return ""
    zone = f' <span class="quiet">{escape(entry.zone)}</span>' if entry.zone else ""
    return f"<time>{escape(time_format(entry.at, 'TIME_FORMAT'))}{zone}</time>"


def _quiet_lines(entry: Any, brief: bool) -> Iterable[str]:
    if entry.items:
        yield ", ".join(entry.items)
    if entry.rough:
        yield _counts_for(entry)
    elif not entry.counts:
        words = {"minutes": minutes(entry.minutes), "least": entry.least}
        yield gettext("%(minutes)s saved; %(least)s makes a slot") % words
    if entry.how and (entry.how.unusual or not brief):
        yield _how(entry.how)


def _counts_for(entry: Any) -> str:
    if entry.counts:
        return gettext("counts for Exercises and for Touch")
    return gettext("counts for Exercises; %(least)s makes a slot for Touch") % {"least": minutes(entry.least)}


def _how(how: Any) -> str:
    facts = [str(how.source), str(how.entered_as)]
    facts += [gettext("added later")] if how.added_later else []
    facts += [gettext("the phone's clock was off")] if how.clock_doubt else []
    facts += [gettext("corrected")] if how.corrected else []
    return DOT.join(facts)


def _menu(entry: Any, url: str, hidden: str) -> str:
    spoken = gettext("Change this entry: %(what)s") % {"what": entry_words(entry)}
    return (
        '<details class="menu"><summary><span aria-hidden="true">⋯</span>'
        f'<span class="visually-hidden">{escape(spoken)}</span></summary><div class="menu-items">'
        f'<a class="btn" href="{url}">{escape(gettext("Correct"))}</a>'
        f'<form method="post" action="{url}void/" {SWAP}>{hidden}'
        f'<button class="btn">{escape(gettext("Remove"))}</button></form></div></details>'
    )
