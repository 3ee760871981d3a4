"""What came back: a headline, then weeks of daily life, measures and reached goals, then the training."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from exercises import access, adherence, came_back, days, keeping_up
from exercises.access import Viewer
from exercises.adherence import CARDIO, DESENSITIZATION, EXERCISES, DayFacts, Work
from exercises.came_back import Marked
from exercises.measures import same_text
from exercises.models import DailyLog

from . import check_in, log, measures
from .goals import GoalRow, goals
from .headline import Flag, Headline, flags, headline
from .measures import Point, Series

# Exercises that go by a list are no minutes, so they have a row of their own.
LISTED = "listed"
EFFORTS = (CARDIO, EXERCISES, LISTED, DESENSITIZATION)
# A first measure mostly comes shortly before the first entry, and belongs to the record.
BASELINE_BEFORE = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Effort:
    """A part of the training in one week, on the days that count: ``done`` (each day up to what it asked for)
    of ``asked``, over so many days."""

    done: int
    asked: int
    days: int

    @property
    def mean(self) -> Fraction:
        """A day."""
        return Fraction(self.done, self.days)

    @property
    def mean_asked(self) -> Fraction:
        return Fraction(self.asked, self.days)


@dataclass(frozen=True, slots=True)
class Week:
    """``life`` has the parts that the viewer may see, ``efforts`` what was asked for on days that count.
    While keeping up no day does: ``kept`` says on how many days each part was done. ``off``: days off up to
    now; ``sleep``: mean hours in bed; ``ahead``: it has not come."""

    first: date
    life: Mapping[str, Marked]
    efforts: Mapping[str, Effort]
    kept: Mapping[str, int]
    off: int
    sleep: float | None
    ahead: bool

    @property
    def without_school(self) -> bool:
        """There was none on any day that was marked."""
        school = self.life["school"]
        return bool(school.no_school and not school.told)

    def asks_nothing(self, name: str) -> bool:
        return name not in self.efforts and name not in self.kept


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was measured of one thing in the weeks of the page; never empty."""

    series: Series
    points: tuple[Point, ...]

    @property
    def joined(self) -> tuple[bool, ...]:
        """Of each point but the first, whether it was measured as the one before."""
        ways = [same_text(point.conditions) for point in self.points]
        return tuple(one == other for one, other in pairwise(ways))


@dataclass(frozen=True, slots=True)
class FunctionPage:
    """``parts`` of daily life that have a mark in these weeks; ``flags`` and ``drawn`` are of these weeks;
    ``goals`` are the open ones, and those reached today; ``plain``: without figures."""

    headline: Headline
    weeks: tuple[Week, ...]
    parts: tuple[str, ...]
    drawn: tuple[Drawn, ...]
    flags: tuple[Flag, ...]
    efforts: tuple[str, ...]
    goals: tuple[GoalRow, ...]
    period: int
    periods: tuple[int, ...]
    plain: bool

    @property
    def sleep(self) -> bool:
        return any(week.sleep is not None for week in self.weeks)

    @property
    def reached_goals(self) -> tuple[Flag, ...]:
        return tuple(flag for flag in self.flags if not flag.is_step)

    @property
    def reached_steps(self) -> tuple[Flag, ...]:
        return tuple(flag for flag in self.flags if flag.is_step)

    @property
    def days_off(self) -> bool:
        return any(week.off for week in self.weeks)

    @property
    def unmarked(self) -> bool:
        """Whether some part of daily life has a gap."""
        return any(week.life[part].gap for week in self.weeks for part in self.parts if not week.ahead)

    @property
    def unasked(self) -> bool:
        """Whether some part of the training has a gap."""
        return any(week.asks_nothing(name) for week in self.weeks for name in self.efforts if not week.ahead)

    @property
    def keeping(self) -> bool:
        return any(week.kept for week in self.weeks)


class Row(NamedTuple):
    """One logged day, as far as the viewer may see it."""

    day: date
    work: Work
    harder: bool
    answers: Mapping[str, str]
    sleep: float | None


def function_page(viewer: Viewer, period: int | None = None) -> FunctionPage:
    """``period``: so many weeks, ``came_back.ALL``, or ``None`` for the usual one. Six queries."""
    patient, today = viewer.patient, viewer.patient.today()
    rows, series, wanted = _rows(viewer, today), measures.series(viewer), goals(viewer)
    reached = flags(wanted)
    first = _first_day(rows, series, reached, today)
    length = came_back.weeks_since(first, today, settings.WEEK_STARTS_ON)
    period = came_back.usual_period(length) if period is None else period
    columns = came_back.columns(first, today, period, settings.WEEK_STARTS_ON)
    span = days.span(columns[0], columns[-1] + timedelta(days=6))
    off = log.days_off(patient, span[0], span[-1])
    facts = log.facts(log.programs(patient), span, {row.day: (row.work, row.harder) for row in rows}, off)
    parts = check_in.parts(viewer)
    weeks = _weeks(facts, rows, parts, today)
    answers = {row.day: row.answers for row in rows}
    return FunctionPage(
        headline=headline(answers, series, reached, since=first, today=today),
        weeks=weeks,
        parts=tuple(part for part in parts if any(week.life[part].told for week in weeks)),
        drawn=_between(series, span[0], span[-1]),
        flags=tuple(flag for flag in reached if span[0] <= flag.day <= span[-1]),
        efforts=tuple(name for name in EFFORTS if not all(week.asks_nothing(name) for week in weeks)),
        goals=tuple(goal for goal in wanted if goal.is_open or goal.may_undo),
        period=period,
        periods=came_back.periods(length),
        plain=viewer.is_plain,
    )


# --- reading ---------------------------------------------------------------------------------------------


def _rows(viewer: Viewer, today: date) -> list[Row]:
    """In order; without the day that is not open to the viewer yet."""
    this_week = days.week_of(today, settings.WEEK_STARTS_ON)
    oldest = this_week[0] - timedelta(weeks=came_back.MOST_WEEKS - 1)
    parts, hidden = check_in.parts(viewer), viewer.hidden_day(timezone.now())
    sleep = ("bed_at", "up_at") if viewer.patient.sleep_on and viewer.may(access.SEE_SLEEP) else ()
    logged = DailyLog.objects.filter(patient=viewer.patient, day__range=(oldest, today)).order_by("day")
    found = logged.values_list("day", "harder", *log.WORK_FIELDS, *parts, *sleep)
    return [_row(row, parts, viewer.patient.zone) for row in found if row[0] != hidden]


def _row(row: tuple[Any, ...], parts: tuple[str, ...], zone: str) -> Row:
    day, harder, *rest = row
    work, rest = rest[: len(log.WORK_FIELDS)], rest[len(log.WORK_FIELDS) :]
    answers, times = dict(zip(parts, rest, strict=False)), rest[len(parts) :]
    return Row(day, Work(*work), harder, answers, _hours(times, day, zone))


def _hours(times: Sequence[time | None], day: date, zone: str) -> float | None:
    bed, up = times or (None, None)
    return days.hours_between(bed, up, day, zone) if bed and up else None


def _first_day(rows: Sequence[Row], series: Iterable[Series], flags: Iterable[Flag], today: date) -> date:
    """Of the first entry, or of a measure or a goal shortly before it."""
    others = [point.day for one in series for point in one.points] + [flag.day for flag in flags]
    if not rows:
        return min([today, *others])
    begun = rows[0].day
    return min([begun, *(day for day in others if day >= begun - BASELINE_BEFORE)])


def _between(series: Iterable[Series], first: date, last: date) -> tuple[Drawn, ...]:
    """Those with a point in these days, and only such points."""
    return tuple(
        Drawn(one, points)
        for one in series
        if (points := tuple(point for point in one.points if first <= point.day <= last))
    )


# --- counting --------------------------------------------------------------------------------------------


def _weeks(
    facts: Sequence[DayFacts], rows: Iterable[Row], parts: Sequence[str], today: date
) -> tuple[Week, ...]:
    by_day = {row.day: row for row in rows}
    return tuple(
        _week(facts[n : n + 7], [by_day.get(one.day) for one in facts[n : n + 7]], parts, today)
        for n in range(0, len(facts), 7)
    )


def _week(facts: Sequence[DayFacts], rows: Sequence[Row | None], parts: Sequence[str], today: date) -> Week:
    first, there = facts[0].day, [row for row in rows if row]
    nights = [row.sleep for row in there if row.sleep is not None]
    return Week(
        first=first,
        life={part: came_back.marked(row.answers[part] for row in there) for part in parts},
        efforts=_efforts(facts, today),
        kept=_kept(facts, today),
        off=sum(one.day_off for one in facts if one.day <= today),
        sleep=sum(nights) / len(nights) if nights else None,
        ahead=first > today,
    )


def _efforts(facts: Sequence[DayFacts], today: date) -> dict[str, Effort]:
    """By the same rules as everywhere: days that count, each up to what it asked for."""
    found = dict(zip(adherence.STRANDS, adherence.summarise(facts, today=today).strands, strict=True))
    by_list = [one for one in facts if one.targets and one.targets.by_list]
    if by_list:
        others = [one for one in facts if one not in by_list]
        found[EXERCISES] = adherence.summarise(others, today=today).strand(EXERCISES)
        found[LISTED] = adherence.summarise(by_list, today=today).strand(EXERCISES)
    return {
        name: Effort(one.done, one.asked, one.days)
        for name, one in found.items()
        if name in EFFORTS and one.days
    }


def _kept(facts: Sequence[DayFacts], today: date) -> dict[str, int]:
    """On how many days each part was done in a week of keeping up; nothing of other weeks."""
    week = keeping_up.week(facts, today=today)
    if week is None:
        return {}
    by_list = any(one.keeping.asked.by_list for one in facts if one.keeping)
    names = {EXERCISES: LISTED} if by_list else {}
    found = {names.get(one.strand, one.strand): one.done for one in week.strands}
    return {name: found[name] for name in EFFORTS if name in found}
