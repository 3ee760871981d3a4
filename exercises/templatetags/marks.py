"""The drawn parts of a page: days, strands, daily life, numbers. Formatting only, no database.

Pages hold up to 1,400 day cells, so a mark is a joined string, not a template. Every piece is either built
here from the tables in ``words`` or escaped.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils import dateformat
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext
from heroicons.templatetags.heroicons import heroicon_outline

from .. import adherence as a
from ..days import FIRST_DAY, LAST_DAY
from ..words import (
    DRAWN_WORDS,
    LIFE_ANSWERS,
    LIFE_ANSWERS_THEN,
    LIFE_WORDS,
    PRONG_WORDS,
    STRAND_SHORT,
    STRAND_WORDS,
    dose_words,
)

register = template.Library()

MOST_SHAPES = 12  # beyond this a row of shapes stops being countable; the number beside it says the rest
# The statuses that a key of the calendar explains.
KEY = (a.MET, a.PARTLY, a.NOTHING, a.EXCUSED, a.TODAY)
EMPTY_CELL = "<i></i>"
PATHS = {
    "move": '<rect x="1" y="3" width="18" height="5" rx="2.5"/>'
    '<rect x="1" y="12" width="12" height="5" rx="2.5"/>',
    "touch": '<circle cx="10" cy="10" r="8"/>',
    "calm": '<path d="M3 17C2 8 8 3 18 2c0 10-4 16-13 14l5-7"/>',
    "life": '<rect x="2" y="2" width="7" height="7" rx="2"/><rect x="11" y="2" width="7" height="7" rx="2"/>'
    '<rect x="2" y="11" width="7" height="7" rx="2"/><rect x="11" y="11" width="7" height="7" rx="2"/>',
}
SHAPES = {a.DESENSITIZATION: PATHS["touch"], a.STRESS: '<path d="M3 17C2 8 8 3 18 2c0 10-4 16-15 15z"/>'}
# How full a daily-life mark is drawn.
LIFE_FILL = {"all": "full", "yes": "full", "part": "half", "some": "half", "none": "ring", "no": "ring"}


# --- numbers ---------------------------------------------------------------------------------------------


@register.simple_tag
@register.filter
def percent(value: Fraction | int | None) -> SafeString:
    """A share (``Fraction``) or a whole per cent as "92 %"; a dash when there is nothing to count."""
    return percent_text(a.percent(value) if isinstance(value, Fraction) else value, get_language())


@lru_cache(maxsize=512)
def percent_text(number: int | None, language: str | None) -> SafeString:
    if number is None:
        return format_html(
            '<span aria-hidden="true">–</span><span class="visually-hidden">{}</span>',
            gettext("nothing to count"),
        )
    return conditional_escape(pgettext("per cent", "%(number)d%%") % {"number": number})


@register.simple_tag
@register.filter
def minutes(number: int | None) -> str:
    """Whole minutes as "18 min"; empty for ``None``."""
    return "" if number is None else gettext("%(number)d min") % {"number": number}


@register.filter
def day_name(day: date) -> str:
    """ "Fri, Nov 20", in the reader's language."""
    return _day_name(day, get_language())


@lru_cache(maxsize=4096)
def _day_name(day: date, language: str | None) -> str:
    return dateformat.format(day, pgettext("Django date format for a short day", "D, M j"))


@register.filter
def long_day(day: date) -> str:
    """ "Friday, November 20, 2026"."""
    return dateformat.format(day, pgettext("Django date format for a long day", "l, F j, Y"))


@register.filter
def month_name(day: date) -> str:
    """ "November"."""
    return dateformat.format(day, pgettext("Django date format for a month", "F"))


@register.filter
def month_and_year(day: date) -> str:
    """ "November 2026"."""
    return dateformat.format(day, pgettext("Django date format for a month and its year", "F Y"))


# --- icons -----------------------------------------------------------------------------------------------


@register.simple_tag
@cache
def icon(name: str, size: int = 24) -> SafeString:
    """An outline heroicon, drawn once per process. Always decoration: a word stands beside it."""
    return mark_safe(heroicon_outline(name, size=size, aria_hidden="true", focusable="false"))  # noqa: S308


@register.simple_tag
def nav_links(items: Iterable[Any], path: str) -> SafeString:
    """The places to go, each with ``url``, ``label`` and ``icon``; the one that is open says so."""
    return mark_safe("".join([_nav_link(item, item.url == path, get_language()) for item in items]))  # noqa: S308


@lru_cache(maxsize=4096)
def _nav_link(item: Any, current: bool, language: str | None) -> str:
    here = ' aria-current="page"' if current else ""
    return f'<a href="{escape(item.url)}"{here}>{icon(item.icon)}<span>{escape(item.label)}</span></a>'


@register.simple_tag
@cache
def prong_icon(prong: str) -> SafeString:
    """The prong's own shape: bars, a circle, a leaf, four squares."""
    return mark_safe(  # noqa: S308
        f'<svg class="prong-icon {prong}" viewBox="0 0 20 20" aria-hidden="true">{PATHS[prong]}</svg>'
    )


@register.filter
def prong_of(strand: str) -> str:
    return a.PRONG_OF[strand]


@register.filter
def prong_word(prong: str) -> str:
    return str(PRONG_WORDS[prong])


@register.filter
def strand_word(strand: str) -> str:
    return str(STRAND_WORDS[strand])


@register.filter
def strand_short(strand: str) -> str:
    return str(STRAND_SHORT[strand])


@register.filter
def status_word(status: str) -> str:
    return str(DRAWN_WORDS[status])


@register.filter
@cache
def status_attrs(drawn: str) -> SafeString:
    """The attributes of a day as ``adherence.drawn`` has it: a day of keeping up is not judged."""
    status = a.BEFORE if drawn in (a.KEPT, a.KEEPING) else drawn
    kept = ' data-kept="yes"' if drawn == a.KEPT else ""
    return mark_safe(f'data-status="{status}"{kept}')  # noqa: S308


# --- days ------------------------------------------------------------------------------------------------


def day_words(day: date, status: str) -> str:
    """ "Fri, Nov 20: Targets met"."""
    return gettext("%(day)s: %(status)s") % {"day": day_name(day), "status": DRAWN_WORDS[status]}


@register.simple_tag
def day_mark(
    day: date,
    status: str,
    label: str | int = "",
    href: str | None = None,
    size: str = "m",
    current: bool = False,
) -> SafeString:
    """One day as a shape with its words for a screen reader; a link when ``href`` is given.

    ``size``: "m" a calendar cell, "s" a week strip, "xs" one tiny cell. ``label`` is what is printed beside
    the shape (a day number, a weekday letter). ``current`` marks the patient's own today.
    """
    if size == "xs":
        return mark_safe(_cell(day, status, get_language()))  # noqa: S308
    tag, link = ("a", format_html(' href="{}"', href)) if href else ("span", "")
    shown = format_html('<span class="day-label" aria-hidden="true">{}</span>', label) if label != "" else ""
    here = mark_safe(' aria-current="date"') if current else ""
    return format_html(
        '<{} class="day day-{}" data-day="{}" {}{}{}>{}<i class="mark" aria-hidden="true"></i>'
        '<span class="visually-hidden">{}</span></{}>',
        tag, size, day.isoformat(), status_attrs(status), link, here, shown, day_words(day, status), tag,
    )  # fmt: skip


@register.simple_tag
def week_marks(cells: Iterable[Any], code: Any, weekdays: bool = False) -> SafeString:
    """Seven days in a row, each a link to its page if it has one. A cell has ``day``, ``status``, ``inside``
    (its month), ``current`` (the patient's own today) and ``asked`` (a day off that waits for an answer);
    ``code`` is the patient's. Above each stands its number, or its weekday."""
    days_url = reverse("day", args=[code, "-"]).removesuffix("-/")
    language = get_language()
    marks = "".join(
        [
            _week_day(c, _weekday(c.day, language) if weekdays else c.day.day, days_url, language)
            for c in cells
        ]
    )
    return mark_safe(f'<ol class="week">{marks}</ol>')  # noqa: S308


@lru_cache(maxsize=512)
def _weekday(day: date, language: str | None) -> str:
    return conditional_escape(dateformat.format(day, "D"))


def _week_day(cell: Any, label: str | int, days_url: str, language: str | None) -> str:
    day, status = cell.day, cell.status
    outside = "" if cell.inside else ' class="outside"'
    here = ' aria-current="date"' if cell.current else ""
    has_page = FIRST_DAY <= day <= LAST_DAY
    tag, link = ("a", f' href="{days_url}{day}/"') if has_page else ("span", "")
    words = _cell_words(day, status, language)
    if cell.asked:
        label, words = f"{label}?", escape(gettext("%(day)s, asked for") % {"day": words})
    return (
        f'<li{outside}><{tag} class="day day-m" data-day="{day}" {status_attrs(status)}{link}{here}>'
        f'<span class="day-label" aria-hidden="true">{label}</span><i class="mark" aria-hidden="true"></i>'
        f'<span class="visually-hidden">{words}</span></{tag}></li>'
    )


@lru_cache(maxsize=8192)
def _cell_words(day: date, status: str, language: str | None) -> SafeString:
    return conditional_escape(day_words(day, status))


@register.simple_tag
def status_key(keeping: bool = False) -> SafeString:
    """What the shapes of days mean, as list items; ``keeping``: with those of keeping up."""
    shown = (*KEY, a.KEPT) if keeping else KEY
    return format_html_join(
        "", "<li><i {}></i>{}</li>", ((status_attrs(status), DRAWN_WORDS[status]) for status in shown)
    )


@lru_cache(maxsize=8192)
def _cell(day: date, status: str, language: str | None) -> str:
    words = _cell_words(day, status, language)
    return f'<i data-day="{day.isoformat()}" {status_attrs(status)} title="{words}"></i>'


@register.simple_tag
def day_cells(cells: Iterable[tuple[date, str]], label: str = "") -> SafeString:
    """Many tiny day cells in a row, as one picture. ``label`` is its name; by default a count per status."""
    days, language = list(cells), get_language()
    name = conditional_escape(label or count_words(status for _day, status in days))
    marks = "".join([_cell(day, status, language) for day, status in days])
    return mark_safe(f'<span class="cells" role="img" aria-label="{name}">{marks}</span>')  # noqa: S308


def count_words(statuses: Iterable[str]) -> str:
    """ "28 days: Targets met 12, Some done 9, No entry 7"."""
    return _count_words(tuple(sorted(Counter(statuses).items())), get_language())


@lru_cache(maxsize=4096)
def _count_words(counted: tuple[tuple[str, int], ...], language: str | None) -> str:
    counts = dict(counted)
    total = sum(counts.values())
    parts = ", ".join(
        f"{word} {counts[status]}" for status, word in _status_words(language).items() if status in counts
    )
    days = ngettext("%(days)d day", "%(days)d days", total) % {"days": total}
    return gettext("%(days)s: %(counts)s") % {"days": days, "counts": parts} if parts else days


@cache
def _status_words(language: str | None) -> dict[str, str]:
    return {status: str(word) for status, word in DRAWN_WORDS.items()}


@register.simple_tag
def year_cells(
    weeks: Sequence[Sequence[date | None]], statuses: Mapping[date, str], label: str = ""
) -> SafeString:
    """A year as columns of weeks (``days.year_weeks``), each topped by the month that starts in it.

    ``statuses`` maps a day to its status; a day it does not hold stays blank.
    """
    language = get_language()
    name = conditional_escape(label or count_words(statuses.values()))
    parts = []
    for week in weeks:
        parts.append(_month_head(next((day for day in week if day and day.day == 1), None), language))
        parts += [
            _cell(day, statuses[day], language) if day and day in statuses else EMPTY_CELL for day in week
        ]
    return mark_safe(f'<div class="year" role="img" aria-label="{name}">{"".join(parts)}</div>')  # noqa: S308


@lru_cache(maxsize=512)
def _month_head(first: date | None, language: str | None) -> str:
    return f"<b>{conditional_escape(dateformat.format(first, 'M'))}</b>" if first else "<b></b>"


# --- strands ---------------------------------------------------------------------------------------------


@register.simple_tag
def strand_mark(strand_day: a.StrandDay, named: bool = True, words: str = "") -> SafeString:
    """One strand on one day: name, shapes, numbers. ``named=False`` hides the name from the eye only;
    ``words`` stand in place of the numbers."""
    strand = strand_day.strand
    return format_html(
        '<div class="strand {}" data-strand="{}" data-done="{}" data-target="{}" data-met="{}">'
        '<span class="{}">{}</span> <span class="strand-shape">{}</span>'
        ' <span class="strand-text">{}{}</span></div>',
        a.PRONG_OF[strand],
        strand,
        strand_day.done,
        "" if strand_day.target is None else strand_day.target,
        "yes" if strand_day.met else "no",
        "strand-name" if named else "visually-hidden",
        STRAND_WORDS[strand],
        _shape(strand_day),
        words or _strand_text(strand_day),
        _quiet(_beyond(strand_day)),
    )


def _shape(strand_day: a.StrandDay) -> str:
    if strand_day.strand in (a.CARDIO, a.EXERCISES):
        return bar(strand_day.share) if strand_day.aim else ""
    filled = strand_day.shown
    return _shapes(strand_day.strand, min(filled, MOST_SHAPES), min(strand_day.aim or filled, MOST_SHAPES))


@cache
def _shapes(strand: str, filled: int, aim: int) -> str:
    return mark_safe(  # noqa: S308
        "".join(
            f'<svg class="shape{" on" if n < filled else ""}" viewBox="0 0 20 20" aria-hidden="true">'
            f"{SHAPES[strand]}</svg>"
            for n in range(aim)
        )
    )


@register.simple_tag
def bar(share: Fraction | float | None) -> SafeString:
    """A bar filled to ``share`` (0 to 1). A picture only: the number stands beside it."""
    return _bar(round(100 * min(share or 0, 1)))


@cache
def _bar(width: int) -> SafeString:
    return mark_safe(  # noqa: S308
        f'<svg class="bar" aria-hidden="true"><rect width="{width}%" height="100%" rx="6"/></svg>'
    )


def _in_minutes(strand: a.StrandDay | a.StrandSum) -> bool:
    return strand.strand in (a.CARDIO, a.EXERCISES) and not strand.by_list


def _strand_text(strand_day: a.StrandDay) -> str:
    in_minutes = _in_minutes(strand_day)
    if strand_day.weekly and not (strand_day.done or strand_day.short or strand_day.minutes):
        return gettext("no entry")
    if strand_day.by_list:
        return _of_list(strand_day)
    if strand_day.aim > 1 or (strand_day.aim and in_minutes):
        form = gettext("%(done)d of %(aim)d min") if in_minutes else gettext("%(done)d of %(aim)d")
        return form % {"done": strand_day.shown, "aim": strand_day.aim}
    if strand_day.aim:
        return gettext("done") if strand_day.met else gettext("not yet")
    if not strand_day.done:
        return gettext("not in the program")
    return minutes(strand_day.done) if in_minutes else gettext("%(done)d done") % {"done": strand_day.done}


def _of_list(strand_day: a.StrandDay) -> str:
    if strand_day.aim:
        form = ngettext("%(done)d of %(aim)d exercise", "%(done)d of %(aim)d exercises", strand_day.aim)
        return form % {"done": strand_day.shown, "aim": strand_day.aim}
    return ngettext("%(n)d exercise", "%(n)d exercises", strand_day.done) % {"n": strand_day.done}


def _beyond(strand_day: a.StrandDay) -> list[str]:
    """What is said quietly beside the numbers: work beyond the aim, the time that a list took, and short
    sessions that were kept."""
    said = []
    if strand_day.extra:
        extra = minutes(strand_day.extra) if _in_minutes(strand_day) else strand_day.extra
        said.append(f" + {extra}")
    if strand_day.minutes:
        said.append(f" · {minutes(strand_day.minutes)}")
    if strand_day.short:
        form = ngettext("%(n)d short one kept", "%(n)d short ones kept", strand_day.short)
        said.append(" · " + form % {"n": strand_day.short})
    return said


def _quiet(said: list[str]) -> str:
    return format_html('<span class="quiet">{}</span>', "".join(said)) if said else ""


@register.simple_tag
def sum_mark(strand_sum: a.StrandSum) -> SafeString:
    """One strand over a period: name, a bar of the mean share, the per cent, and done of asked."""
    return format_html(
        '<div class="strand {}"><span class="strand-name">{}</span> <span class="strand-shape">{}</span>'
        ' <span class="strand-text"><b>{}</b> <span class="quiet">{}</span></span></div>',
        a.PRONG_OF[strand_sum.strand],
        STRAND_WORDS[strand_sum.strand],
        bar(strand_sum.share),
        percent(strand_sum.percent),
        _sum_text(strand_sum),
    )


@register.simple_tag
def sum_text(strand_sum: a.StrandSum) -> SafeString:
    """One strand over a period in a few characters: its prong's shape, its short name and the per cent."""
    prong = a.PRONG_OF[strand_sum.strand]
    return format_html(
        '<span class="{}">{} {} <b>{}</b></span> ',
        prong,
        prong_icon(prong),
        STRAND_SHORT[strand_sum.strand],
        percent(strand_sum.percent),
    )


@register.simple_tag
def sum_cell(strand_sum: a.StrandSum) -> SafeString:
    """One strand over a period for a table: the per cent, and quietly what was done of what was asked."""
    return format_html(
        '<b>{}</b> <span class="quiet">{}</span>', percent(strand_sum.percent), _sum_text(strand_sum)
    )


def _sum_text(strand_sum: a.StrandSum) -> str:
    """Empty where minutes and exercises of a list stand side by side: they make no sum."""
    if strand_sum.mixed or not strand_sum.days:
        return ""
    if strand_sum.by_list:
        form = ngettext("%(done)d of %(aim)d exercise", "%(done)d of %(aim)d exercises", strand_sum.asked)
    else:
        form = (
            gettext("%(done)d of %(aim)d min") if _in_minutes(strand_sum) else gettext("%(done)d of %(aim)d")
        )
    return form % {"done": strand_sum.done, "aim": strand_sum.asked}


# --- doses -----------------------------------------------------------------------------------------------


@register.filter
def dose(item: Any) -> str:
    """A program item's dose in words."""
    return dose_words(vars(item))


# --- daily life ------------------------------------------------------------------------------------------


@register.simple_tag
def life_mark(value: Any) -> SafeString:
    """Four small marks for school, friends, activities and home.

    ``value`` has those attributes or keys (missing or empty: not marked). A part that the viewer may not
    see is left out when ``value`` is a mapping without its key.
    """
    parts = [part for part in LIFE_WORDS if not isinstance(value, Mapping) or part in value]
    marks = format_html_join("", "{}", ((_life_item(value, part),) for part in parts))
    return format_html('<span class="life-marks">{}</span>', marks)


def _life_item(value: Any, part: str) -> str:
    answer = (value.get(part) if isinstance(value, Mapping) else getattr(value, part, "")) or ""
    return format_html(
        '<span data-life="{}" data-value="{}"><i class="mark {}" aria-hidden="true"></i>{}'
        '<span class="visually-hidden">: {}. </span></span>',
        part,
        answer,
        _life_fill(answer),
        LIFE_WORDS[part],
        LIFE_ANSWERS[answer] if answer else gettext("not marked"),
    )


@register.simple_tag
def life_day(day: date, answer: str) -> SafeString:
    """One day's answer to one part of the check-in: a mark, and its words for a screen reader."""
    return format_html(
        '<i class="mark {}" aria-hidden="true"></i><span class="visually-hidden">{}: {}. </span>',
        _life_fill(answer),
        day_name(day),
        LIFE_ANSWERS_THEN[answer] if answer else gettext("not marked"),
    )


def _life_fill(answer: str) -> str:
    return LIFE_FILL.get(answer, "dash" if answer else "open")
