"""Charts over weeks, as SVG: formatting only, no database.

A chart has no style of its own, only classes and numbers (``exercises.charts``): across in per cent, up and
down in em. It is one picture for a screen reader, with a name and its values in words; a table stands below.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby

from django import template
from django.utils import dateformat
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

from .. import charts
from ..came_back import Marked
from ..charts import LEFT, RIGHT, Axis, Box
from ..queries.function import Drawn, Effort, FunctionPage
from ..words import EFFORT_WORDS, LIFE_WORDS
from .came_back import HALF, effort_words, marked_words, measured, plain_number, short_day, whole_number
from .marks import day_name

register = template.Library()

# In em: the plots, room above them for numbers, and the line below them for days off.
TALL, LOW, ABOVE, BELOW = 7.0, 2.8, 1.3, 0.9
POINTS_HIGH, NAMES_HIGH = 1.8, 1.5
FLAG_LANES, FLAG_HIGH, FLAG_APART = 3, 1.5, 7.0
SCHOOL_DAYS, WEEK_DAYS, NIGHT = 5, 7, 12


# --- the ground ------------------------------------------------------------------------------------------


@register.simple_tag
def chart_defs() -> SafeString:
    """The hatching of every chart, once a page."""
    return mark_safe(
        '<svg class="defs" width="0" height="0" aria-hidden="true"><defs>'
        '<pattern id="half" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect class="hatch" width="1.6" height="4"/></pattern></defs></svg>'
    )


def _axis(page: FunctionPage) -> Axis:
    return Axis(tuple(week.first for week in page.weeks))


def _svg(axis: Axis, ident: str, title: str, values: str, height: float, parts: Iterable[str]) -> SafeString:
    """``ident`` is one of ours; the words are escaped here. Thin bars are drawn without outlines."""
    many = "" if axis.numbered else " many"
    return mark_safe(  # noqa: S308
        f'<svg class="plot{many}" width="100%" height="{height:.2f}em" role="img"'
        f' aria-labelledby="{ident}-name {ident}-values"><title id="{ident}-name">{escape(title)}</title>'
        f'<desc id="{ident}-values">{escape(values)}</desc>{"".join(parts)}</svg>'
    )


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.2f}%" y1="{y1:.2f}em" x2="{x2:.2f}%" y2="{y2:.2f}em"/>'


def _value(axis: Axis, box: Box, y: float, words: object) -> str:
    """A number above a bar; where only the first and the last have one, it stays inside the chart."""
    return _text("value", box.middle, y, words, "middle" if axis.numbered else _anchor(box.middle))


def _text(kind: str, x: float, y: float, words: object, anchor: str = "middle") -> str:
    return (
        f'<text class="{kind}" x="{x:.2f}%" y="{y:.2f}em" dy=".32em" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def _box(kind: str, box: Box, top: float, more: str = "") -> str:
    return (
        f'<rect class="{kind}" x="{box.x:.2f}%" y="{top + box.y:.2f}em" width="{box.width:.2f}%"'
        f' height="{box.height:.2f}em" {more}/>'
    )


def _dot(kind: str, x: float, y: float, radius: float) -> str:
    return f'<circle class="{kind}" cx="{x:.2f}%" cy="{y:.2f}em" r="{radius}em"/>'


def _said(told: Iterable[tuple[date, str]]) -> str:
    """ "Thu, Oct 15: 560 m; Wed, Nov 18: 610 m."."""
    form = gettext("%(day)s: %(values)s")
    return "; ".join(form % {"day": day_name(day), "values": words} for day, words in told) + "."


def _anchor(x: float) -> str:
    """Words near an edge stay inside."""
    return "start" if x < LEFT + 3 else "end" if x > 100 - RIGHT - 3 else "middle"


def _months(axis: Axis, height: float) -> Iterable[str]:
    return (_line("month", tick.x, 0, tick.x, height) for tick in axis.ticks())


def _floor(axis: Axis, y: float, gaps: Sequence[bool], ahead: Sequence[bool]) -> Iterable[str]:
    """The line on which bars stand: dotted where nobody marked anything, none under weeks ahead."""
    kinds = ["" if later else "gap" if gap else "floor" for gap, later in zip(gaps, ahead, strict=True)]
    n = 0
    for kind, run in groupby(kinds):
        many = len(list(run))
        if kind:
            yield _line(kind, LEFT + axis.step * n, y, LEFT + axis.step * (n + many), y)
        n += many


def _dashes(axis: Axis, y: float, marked: Iterable[bool]) -> Iterable[str]:
    """A short line below a week with days off."""
    for n, there in enumerate(marked):
        if there:
            column = axis.column(n)
            half = min(column.width, 2.4) / 2
            yield _line("off", column.middle - half, y, column.middle + half, y)


def _scale(top: float, height: float, most: object) -> Iterable[str]:
    """The largest number of the scale, with its line, and 0."""
    yield _line("grid", LEFT, top, 100 - RIGHT, top)
    yield _text("scale", LEFT - 1.2, top, most, "end")
    yield _text("scale", LEFT - 1.2, top + height, 0, "end")


def _labelled(axis: Axis, there: Sequence[bool]) -> set[int]:
    """The weeks with a number above them: all of few weeks, else the first and the last with something."""
    found = [n for n, some in enumerate(there) if some]
    return set(found) if axis.numbered else set(found[:1] + found[-1:])


@register.simple_tag
def chart_axis(page: FunctionPage) -> SafeString:
    """The names of weeks, months and years below a group of charts. Each chart says its weeks in words."""
    ticks = _axis(page).ticks()
    names = "".join(_text("name", tick.x, NAMES_HIGH / 2, _tick_name(tick), "start") for tick in ticks)
    return mark_safe(  # noqa: S308
        f'<svg class="plot" width="100%" height="{NAMES_HIGH}em" aria-hidden="true">{names}</svg>'
    )


def _tick_name(tick: charts.Tick) -> str:
    forms = {
        charts.WEEK: pgettext("Django date format for a day of a chart", "M j"),
        charts.MONTH: pgettext("Django date format for a month of a chart", "M"),
        charts.YEAR: "Y",
    }
    return dateformat.format(tick.day, forms[tick.kind])


# --- daily life ------------------------------------------------------------------------------------------


@register.simple_tag
def life_chart(page: FunctionPage, part: str) -> SafeString:
    """Days a week: whole ones filled, parts hatched, and around them all that were marked."""
    axis, weeks = _axis(page), [week.life[part] for week in page.weeks]
    is_school = part == "school"
    height, usual = (TALL, SCHOOL_DAYS) if is_school else (LOW, WEEK_DAYS)
    most = max([usual, *(week.told for week in weeks)])
    off = [bool(week.off or (is_school and week.without_school)) for week in page.weeks]
    floor = ABOVE + height
    parts = [
        *_months(axis, floor),
        *_scale(ABOVE, height, most),
        *_life_bars(axis, weeks, most, height),
        *_floor(axis, floor, [week.gap for week in weeks], [week.ahead for week in page.weeks]),
        *_dashes(axis, floor + BELOW / 2, off),
    ]
    title = (
        gettext("School: whole days a week")
        if is_school
        else gettext("%(part)s: days a week") % {"part": LIFE_WORDS[part]}
    )
    values = _values(page, [marked_words(one, part) for one in weeks], [one.gap for one in weeks])
    return _svg(axis, f"chart-{part}", title, values, floor + BELOW, parts)


def _life_bars(axis: Axis, weeks: Sequence[Marked], most: int, height: float) -> Iterable[str]:
    labelled = _labelled(axis, [bool(week.told) for week in weeks])
    for n, week in enumerate(weeks):
        if not week.told:
            continue
        column = axis.column(n)
        full, half = charts.stack(column, (week.full, week.half), most, height)
        yield _box("asked", charts.stack(column, (week.told,), most, height)[0], ABOVE)
        yield _box("full", full, ABOVE) if week.full else ""
        yield _box("part", half, ABOVE, HALF) if week.half else ""
        if n in labelled and week.full:
            yield _value(axis, column, ABOVE + height * (1 - week.told / most) - 0.65, week.full)


def _values(page: FunctionPage, words: Sequence[str], gaps: Sequence[bool], *, marked: bool = True) -> str:
    """What the chart shows: every week of few, else the first and the last with something, and how many have
    nothing. ``marked``: people mark it, it is not counted from the log."""
    there = [n for n, week in enumerate(page.weeks) if not week.ahead]
    found, quiet = [n for n in there if not gaps[n]], sum(gaps[n] for n in there)
    forms = dict.fromkeys(found, gettext("%(week)s: %(values)s"))
    if len(page.weeks) > charts.NUMBERED and len(found) > 1:
        forms = {
            found[0]: gettext("first %(week)s: %(values)s"),
            found[-1]: gettext("last %(week)s: %(values)s"),
        }
    told = [form % {"week": short_day(page.weeks[n]), "values": words[n]} for n, form in forms.items()]
    if quiet and marked:
        told.append(ngettext("%(n)d week without a mark", "%(n)d weeks without a mark", quiet) % {"n": quiet})
    elif quiet:
        said = ngettext("%(n)d week with nothing to count", "%(n)d weeks with nothing to count", quiet)
        told.append(said % {"n": quiet})
    return gettext("Weeks by their first day. %(list)s.") % {"list": "; ".join(told)}


@register.simple_tag
def sleep_chart(page: FunctionPage) -> SafeString:
    """Hours in bed, the mean of the nights of a week."""
    axis, weeks = _axis(page), [week.sleep for week in page.weeks]
    floor = ABOVE + LOW
    labelled = _labelled(axis, [hours is not None for hours in weeks])
    most = max([NIGHT, *(hours for hours in weeks if hours)])
    parts = [*_months(axis, floor), *_scale(ABOVE, LOW, plain_number(most))]
    for n, hours in enumerate(weeks):
        if hours is not None:
            (bar,) = charts.stack(axis.column(n), (hours,), most, LOW)
            parts.append(_box("full", bar, ABOVE))
            if n in labelled:
                parts.append(_value(axis, bar, ABOVE + bar.y - 0.65, plain_number(hours)))
    gaps = [hours is None for hours in weeks]
    parts += _floor(axis, floor, gaps, [week.ahead for week in page.weeks])
    words = [gettext("%(n)s hours") % {"n": plain_number(hours or 0)} for hours in weeks]
    title, values = gettext("Sleep: hours in bed a night"), _values(page, words, gaps)
    return _svg(axis, "chart-sleep", title, values, floor, parts)


# --- measures and goals ----------------------------------------------------------------------------------


@register.simple_tag
def measure_chart(page: FunctionPage, drawn: Drawn, number: int) -> SafeString:
    """Points on their days; joined where two in a row were measured the same way."""
    axis = _axis(page)
    ys = [ABOVE + y + 0.4 for y in charts.heights([point.value for point in drawn.points], POINTS_HIGH)]
    xs = [axis.at(point.day) for point in drawn.points]
    floor = ABOVE + POINTS_HIGH + 0.8
    parts = [*_months(axis, floor), _line("grid", LEFT, floor, 100 - RIGHT, floor)]
    for n, joined in enumerate(drawn.joined):
        if joined:
            parts.append(_line("trend", xs[n], ys[n], xs[n + 1], ys[n + 1]))
    parts += [_dot("dot", x, y, 0.32) for x, y in zip(xs, ys, strict=True)]
    for n in sorted({0, len(xs) - 1}):
        parts.append(_text("value", xs[n], ys[n] - 0.95, measured(drawn.points[n].value), _anchor(xs[n])))
    said = _said((point.day, point.text) for point in drawn.points)
    return _svg(axis, f"chart-measure-{number}", drawn.series.name, said, floor, parts)


FLAG = "M0 0V-16H10L7.5-12.5 10-9H1"


@register.simple_tag
def flag_chart(page: FunctionPage) -> SafeString:
    """Reached goals as flags with their number in the list, steps as dots, on their days."""
    axis, goals = _axis(page), page.reached_goals
    xs = [axis.at(flag.day) for flag in goals]
    lanes = charts.lanes(xs, FLAG_APART, FLAG_LANES)
    floor = (max(lanes, default=0) + 1) * FLAG_HIGH + 0.3
    parts = [*_months(axis, floor), _line("grid", LEFT, floor, 100 - RIGHT, floor)]
    for number, (x, lane) in enumerate(zip(xs, lanes, strict=True), 1):
        y = floor - lane * FLAG_HIGH
        parts.append(_line("pole", x, floor, x, y - FLAG_HIGH + 0.2))
        parts.append(
            f'<svg class="flag" x="{x:.2f}%" y="{y:.2f}em" width="1" height="1"><path d="{FLAG}"/></svg>'
        )
        at_end = x > 90
        side = (x - 1.2, "end") if at_end else (x + 4.4, "middle")
        parts.append(_text("value", side[0], y - 0.85, number, side[1]))
    parts += [_dot("step", axis.at(flag.day), floor, 0.3) for flag in page.reached_steps]
    said = _said((flag.day, flag.text) for flag in page.flags)
    return _svg(axis, "chart-reached", gettext("Reached goals and steps"), said, floor + 0.5, parts)


# --- training --------------------------------------------------------------------------------------------


@register.simple_tag
def effort_chart(page: FunctionPage, name: str) -> SafeString:
    """What was done a day, up to what the program asked for, which is the outline."""
    axis, found = _axis(page), [week.efforts.get(name) for week in page.weeks]
    most = max((effort.mean_asked for effort in found if effort), default=Fraction(0))
    floor = ABOVE + LOW
    gaps = [week.asks_nothing(name) for week in page.weeks]
    parts = [
        *_months(axis, floor),
        *(_scale(ABOVE, LOW, plain_number(most)) if most else ()),
        *_effort_bars(axis, found, most),
        *_kept_marks(axis, [bool(week.kept.get(name)) for week in page.weeks], floor),
        *_floor(axis, floor, gaps, [week.ahead for week in page.weeks]),
        *_dashes(axis, floor + BELOW / 2, [bool(week.off) for week in page.weeks]),
    ]
    words = [effort_words(week, name) for week in page.weeks]
    values = _values(page, words, gaps, marked=False)
    return _svg(axis, f"chart-{name}", str(EFFORT_WORDS[name]), values, floor + BELOW, parts)


def _effort_bars(axis: Axis, found: Sequence[Effort | None], most: Fraction) -> Iterable[str]:
    labelled = _labelled(axis, [effort is not None for effort in found])
    for n, effort in enumerate(found):
        if effort is None:
            continue
        column = axis.column(n)
        (asked,) = charts.stack(column, (effort.mean_asked,), most, LOW)
        (done,) = charts.stack(column, (effort.mean,), most, LOW)
        yield _box("asked", asked, ABOVE)
        yield _box("full", done, ABOVE) if effort.done else ""
        if n in labelled and effort.done:
            yield _value(axis, column, ABOVE + asked.y - 0.65, whole_number(effort.mean))


def _kept_marks(axis: Axis, kept: Iterable[bool], floor: float) -> Iterable[str]:
    for n, there in enumerate(kept):
        if there:
            yield _dot("kept", axis.column(n).middle, floor - 0.5, 0.25)
