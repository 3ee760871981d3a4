"""A month as weeks of days, a year as columns of weeks. Harder days are no part of either."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone

from exercises import adherence, days, keeping_up
from exercises.access import Viewer
from exercises.adherence import DayFacts, Summary
from exercises.keeping_up import KeptWeek, WeeksMet

from . import log


@dataclass(frozen=True, slots=True)
class DayCell:
    """``status`` as ``adherence.drawn``. ``inside`` is false for a day of a neighbouring month. ``asked``: a
    day off that waits for an answer."""

    day: date
    status: str
    inside: bool
    current: bool
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days and their sums: closed days, and today once it is met; or what was kept up with."""

    cells: tuple[DayCell, ...]
    summary: Summary
    kept: KeptWeek | None

    @property
    def current(self) -> bool:
        return any(cell.current for cell in self.cells)


@dataclass(frozen=True, slots=True)
class MonthPage:
    """``first`` is the first of the month, as are ``previous`` and ``next``; ``next`` is ``None`` once it has
    not come. ``fresh``: no day of it counts yet and nothing was logged."""

    first: date
    weeks: tuple[Week, ...]
    summary: Summary
    previous: date | None
    next: date | None
    fresh: bool

    @property
    def keeping(self) -> bool:
        """Whether any week of it is of keeping up."""
        return any(week.kept for week in self.weeks)

    @property
    def asked(self) -> bool:
        """Whether a day off in it waits for an answer."""
        return any(cell.asked for week in self.weeks for cell in week.cells)


@dataclass(frozen=True, slots=True)
class MonthSum:
    first: date
    summary: Summary


@dataclass(frozen=True, slots=True)
class YearPage:
    """``month`` is the month to open first. ``statuses`` holds every day of the year; ``months`` those with a
    day that counts, ``best`` the one with the largest part of its days met; ``since`` is the first."""

    year: int
    month: date
    weeks: tuple[tuple[date | None, ...], ...]
    statuses: dict[date, str]
    summary: Summary
    kept: tuple[WeeksMet, ...]
    months: tuple[MonthSum, ...]
    best: MonthSum | None
    since: date | None
    previous: int | None
    next: int | None
    fresh: bool

    @property
    def keeping(self) -> bool:
        """Whether any day of it is of keeping up."""
        return adherence.KEPT in self.statuses.values()


def month_page(viewer: Viewer, year: int, month: int) -> MonthPage:
    """Three queries."""
    today = viewer.patient.today()
    first, last = days.month_bounds(year, month)
    grid = days.month_weeks(year, month, settings.WEEK_STARTS_ON)
    off = log.asked_or_granted(viewer.patient, grid[0][0], grid[-1][-1])
    by_day = _facts_by_day(viewer, grid[0][0], grid[-1][-1], off)
    inside = [by_day[day] for day in days.span(first, last)]
    summary = adherence.summarise(inside, today=today)
    previous, after = first - days.ONE_DAY, last + days.ONE_DAY
    return MonthPage(
        first=first,
        weeks=tuple(_week([by_day[day] for day in week], month, today, off) for week in grid),
        summary=summary,
        previous=previous.replace(day=1) if previous >= days.FIRST_DAY else None,
        next=after if after <= today else None,
        fresh=_fresh(summary, inside),
    )


def _facts_by_day(viewer: Viewer, first: date, last: date, off: Mapping[date, bool]) -> dict[date, DayFacts]:
    hidden = viewer.hidden_day(timezone.now())
    found = log.days_between(viewer.patient, first, last, off=off, hidden=hidden)
    return {facts.day: facts for facts in found}


def _week(facts: Sequence[DayFacts], month: int, today: date, off: Mapping[date, bool]) -> Week:
    return Week(
        cells=tuple(
            DayCell(
                day=one.day,
                status=adherence.drawn(one, today=today),
                inside=one.day.month == month,
                current=one.day == today,
                asked=off.get(one.day, False),
            )
            for one in facts
        ),
        summary=adherence.summarise(facts, today=today),
        kept=keeping_up.week(facts, today=today),
    )


def _fresh(summary: Summary, rows: Iterable[DayFacts]) -> bool:
    return not summary.judged and not any(facts.work.anything for facts in rows)


def year_page(viewer: Viewer, year: int) -> YearPage:
    """Three queries."""
    today = viewer.patient.today()
    rows = _in_whole_weeks(viewer, year)
    by_day = {facts.day: facts for facts in rows if facts.day.year == year}
    statuses = {day: adherence.drawn(facts, today=today) for day, facts in by_day.items()}
    summary = adherence.summarise(by_day.values(), today=today)
    months = _months(by_day, year, today)
    return YearPage(
        year=year,
        month=today.replace(day=1) if year == today.year else date(year, 12, 1),
        weeks=days.year_weeks(year, settings.WEEK_STARTS_ON),
        statuses=statuses,
        summary=summary,
        kept=_kept(rows, year, today),
        months=months,
        best=max((month for month in months if month.summary.met), key=_part_met, default=None),
        since=next((day for day, status in statuses.items() if status in adherence.COUNTED), None),
        previous=year - 1 if year > days.FIRST_DAY.year else None,
        next=year + 1 if year < today.year else None,
        fresh=_fresh(summary, by_day.values()),
    )


def _in_whole_weeks(viewer: Viewer, year: int) -> list[DayFacts]:
    ends = date(year, 1, 1), date(year, 12, 31)
    first, last = (days.week_of(day, settings.WEEK_STARTS_ON) for day in ends)
    hidden = viewer.hidden_day(timezone.now())
    return log.days_between(viewer.patient, first[0], last[-1], hidden=hidden)


def _kept(rows: Sequence[DayFacts], year: int, today: date) -> tuple[WeeksMet, ...]:
    """The weeks of keeping up that end in the year."""
    if not any(facts.keeping for facts in rows):
        return ()
    found = keeping_up.weeks(rows, today=today, first_weekday=settings.WEEK_STARTS_ON)
    return keeping_up.weeks_met(week for week in found if week.last.year == year)


def _months(by_day: dict[date, DayFacts], year: int, today: date) -> tuple[MonthSum, ...]:
    """The months with a day that counts."""
    sums = []
    for month in range(1, 13):
        first, last = days.month_bounds(year, month)
        summary = adherence.summarise((by_day[day] for day in days.span(first, last)), today=today)
        if summary.judged:
            sums.append(MonthSum(first, summary))
    return tuple(sums)


def _part_met(month: MonthSum) -> tuple[float, int]:
    """The largest part of its days first; of equals, the one with more days."""
    return month.summary.met / month.summary.judged, month.summary.judged
