"""What came back, in words and figures: for the headline, the tables, and the charts. Formatting only."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from django import template
from django.utils import dateformat
from django.utils.formats import number_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext

from .. import measure_words
from ..came_back import Marked
from ..charts import NUMBERED
from ..queries.function import FunctionPage, Week
from ..queries.headline import Headline, LifeLine
from ..words import EFFORT_WORDS, LIFE_WORDS

register = template.Library()

# The hatching of a part of a day: see ``chart_defs``.
HALF = 'fill="url(#half)"'


@register.filter
def short_day(week: Week) -> str:
    """The first day of a week: "Nov 16"."""
    return _short_day(week.first, get_language())


@lru_cache(maxsize=4096)
def _short_day(day: date, language: str | None) -> str:
    return dateformat.format(day, pgettext("Django date format for a day of a chart", "M j"))


@register.simple_tag
def marked_words(week: Marked, part: str) -> str:
    """ "3 whole, 1 in part, 1 not" of school, "3 yes, 1 some, 1 not" of the others."""
    return _marked_words(week, part == "school", get_language())


@lru_cache(maxsize=4096)
def _marked_words(week: Marked, is_school: bool, language: str | None) -> str:
    if week.gap:
        return gettext("not marked")
    if is_school:
        said = [
            (week.full, gettext("%(n)d whole")),
            (week.half, gettext("%(n)d in part")),
            (week.none, gettext("%(n)d not")),
            (week.no_school, gettext("%(n)d without school")),
        ]
    else:
        said = [
            (week.full, gettext("%(n)d yes")),
            (week.half, gettext("%(n)d some")),
            (week.none, gettext("%(n)d not")),
        ]
    return ", ".join(words % {"n": number} for number, words in said if number)


@register.simple_tag
def effort_words(week: Week, name: str) -> str:
    """ "12 of 15" a day; in a week of keeping up on how many days; empty where nothing was asked for."""
    effort = week.efforts.get(name)
    if effort:
        return _of(effort.mean, effort.mean_asked, get_language())
    days = week.kept.get(name)
    return "" if days is None else ngettext("on %(n)d day", "on %(n)d days", days) % {"n": days}


@lru_cache(maxsize=4096)
def _of(done: Fraction, asked: Fraction, language: str | None) -> str:
    return gettext("%(done)s of %(asked)s") % {"done": plain_number(done), "asked": plain_number(asked)}


@register.filter
def effort_word(name: str) -> str:
    return str(EFFORT_WORDS[name])


@register.filter
def effort_hue(name: str) -> str:
    return "touch" if name == "desensitization" else "move"


# --- words -----------------------------------------------------------------------------------------------


@register.filter
def life_word(part: str) -> str:
    return str(LIFE_WORDS[part])


@register.simple_tag
def life_cell(week: Week, part: str) -> str:
    return marked_words(week.life[part], part)


@register.filter
def since(headline: Headline) -> str:
    """ "September", "September 2025" of another year, "Nov 16" of a record that is young."""
    return dateformat.format(headline.since, _since_format(headline))


def _since_format(headline: Headline) -> str:
    if headline.young:
        return pgettext("Django date format for a day of a chart", "M j")
    same_year = headline.since.year == headline.today.year
    return (
        pgettext("Django date format for a month", "F")
        if same_year
        else pgettext("Django date format for a month and its year", "F Y")
    )


@register.simple_tag
def from_to(before: str, now: str) -> SafeString:
    """ "1 → 4", read out as "from 1 to 4"."""
    return format_html(
        '<span class="visually-hidden">{} </span>{} <span aria-hidden="true">→</span>'
        '<span class="visually-hidden">{}</span> {}',
        gettext("from"),
        before,
        gettext("to"),
        now,
    )


# For each part that the headline compares: as a number, and in a plain look without one.
LINES = {
    "school": (
        (gettext_lazy("full school days a week"), gettext_lazy("full school days a week, as before")),
        (gettext_lazy("More full school days than at first"), gettext_lazy("Full school days, as before")),
    ),
    "activities": (
        (
            gettext_lazy("days a week with an activity"),
            gettext_lazy("days a week with an activity, as before"),
        ),
        (gettext_lazy("More days with an activity than at first"), gettext_lazy("Activities, as before")),
    ),
}


@register.simple_tag
def life_line(line: LifeLine, plain: bool) -> str:
    rose, holds = LINES[line.part][plain]
    return str(rose if line.compared.rose else holds)


# --- numbers ---------------------------------------------------------------------------------------------


@register.filter
def plain_number(value: int | float | Fraction | Decimal) -> str:
    """With one place after the point, and none where that is 0: 4, 4.5."""
    rounded = Decimal(str(float(value))).quantize(Decimal("0.1"), "ROUND_HALF_UP")
    whole = rounded.to_integral_value()
    return number_format(whole if whole == rounded else rounded)


@register.filter
def measured(value: Decimal) -> str:
    """A measured number as it was taken, without its unit."""
    return measure_words.number(value)


def whole_number(value: Fraction) -> str:
    return str(int(value + Fraction(1, 2)))


# --- keys ------------------------------------------------------------------------------------------------


@register.simple_tag
def life_key(page: FunctionPage) -> SafeString:
    """What the marks of daily life mean, as a list; only those that are there."""
    shown = [
        ("full", "", gettext("whole days, or yes")),
        ("part", HALF, gettext("part of a day, or some")),
        ("asked", "", gettext("not that day")),
    ]
    marks = [
        _swatch(f'<rect class="{kind}" x="1" y="1" width="80%" height="80%" {more}/>', words)
        for kind, more, words in shown
    ]
    if page.unmarked:
        marks.append(_swatch_line("gap", gettext("nobody marked anything")))
    if page.days_off or any(week.without_school for week in page.weeks):
        marks.append(_swatch_line("off", gettext("days off, or no school")))
    return _key(page, marks)


@register.simple_tag
def effort_key(page: FunctionPage) -> SafeString:
    """The same of the training."""
    marks = [
        _swatch('<rect class="full" x="1" y="1" width="80%" height="80%"/>', gettext("done")),
        _swatch('<rect class="asked" x="1" y="1" width="80%" height="80%"/>', gettext("the program")),
    ]
    if page.unasked:
        marks.append(_swatch_line("gap", gettext("nothing to count")))
    if page.days_off:
        marks.append(_swatch_line("off", gettext("days off")))
    if page.keeping:
        dot = '<circle class="kept" cx="50%" cy="50%" r=".25em"/>'
        marks.append(_swatch(dot, gettext("keeping up, some done")))
    return _key(page, marks)


def _key(page: FunctionPage, marks: Iterable[str]) -> SafeString:
    many = "" if len(page.weeks) <= NUMBERED else " many"
    return mark_safe(f'<ul class="key{many}">{"".join(marks)}</ul>')  # noqa: S308


def _swatch_line(kind: str, words: str) -> str:
    return _swatch(f'<line class="{kind}" x1="5%" y1="60%" x2="95%" y2="60%"/>', words)


def _swatch(shape: str, words: str) -> str:
    svg = f'<svg class="swatch" width="1.2em" height="1.1em" aria-hidden="true">{shape}</svg>'
    return f"<li>{svg}{escape(words)}</li>"
