"""Weeks of keeping up, drawn like the marks of a day."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from .. import adherence as a
from ..keeping_up import KeptWeek, StrandWeek, WeeksMet
from ..words import STRAND_SHORT, STRAND_WORDS
from .marks import bar, percent, prong_icon

register = template.Library()


@register.filter
def days_text(strand: StrandWeek) -> str:
    """ "2 of 3 days", and quietly put behind it what went beyond."""
    form = ngettext("%(done)d of %(asked)d day", "%(done)d of %(asked)d days", strand.asked)
    said = form % {"done": strand.shown, "asked": strand.asked}
    return gettext("%(days)s + %(extra)d") % {"days": said, "extra": strand.extra} if strand.extra else said


@register.simple_tag
def week_mark(strand: StrandWeek) -> SafeString:
    """One strand in a week of keeping up: its name, a bar, and on how many days it was done."""
    return format_html(
        '<div class="strand {}" data-week="{}" data-done="{}" data-target="{}" data-met="{}">'
        '<span class="strand-name">{}</span> <span class="strand-shape">{}</span>'
        ' <span class="strand-text">{}</span></div>',
        a.PRONG_OF[strand.strand],
        strand.strand,
        strand.done,
        strand.asked,
        "yes" if strand.met else "no",
        STRAND_WORDS[strand.strand],
        bar(strand.share),
        days_text(strand),
    )


@register.simple_tag
def week_cell(week: KeptWeek, name: str) -> SafeString:
    """One strand in a week for a table: "2 of 3"; a dash where the week does not ask for it."""
    strand = week.strand(name)
    if strand is None:
        return percent(None)
    said = gettext("%(done)d of %(asked)d") % {"done": strand.shown, "asked": strand.asked}
    return format_html("<b>{}</b>", said)


@register.simple_tag
def weeks_text(sums: WeeksMet) -> SafeString:
    """In how many of how many weeks, of one strand or of all together."""
    form = ngettext("%(met)d of %(weeks)d week", "%(met)d of %(weeks)d weeks", sums.weeks)
    said = form % {"met": sums.met, "weeks": sums.weeks}
    if not sums.strand:
        return format_html("<span>{} <b>{}</b></span> ", gettext("All together"), said)
    return _small(sums.strand, said)


@register.simple_tag
def week_text(strand: StrandWeek) -> SafeString:
    """The same in a few characters."""
    return _small(strand.strand, days_text(strand))


def _small(strand: str, said: str) -> SafeString:
    prong = a.PRONG_OF[strand]
    return format_html(
        '<span class="{}">{} {} <b>{}</b></span> ', prong, prong_icon(prong), STRAND_SHORT[strand], said
    )
