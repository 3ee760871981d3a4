"""One week: what was done by part, daily life, what was new, and the teen's own plan for it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from exercises import access, adherence, days, keeping_up
from exercises.access import Viewer
from exercises.adherence import DayFacts, Summary
from exercises.keeping_up import KeptWeek
from exercises.models import DailyLog, Intention
from exercises.tonight import QUIET_DAYS, Tonight, is_quiet, tonight
from exercises.words import LIFE_ANSWERS_THEN, LIFE_WORDS

from . import check_in, log
from .goals import GoalRow, goals
from .history import DayCell
from .milestones import milestones
from .week_news import New, news

ONE_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class LifePart:
    """One part of daily life: the answers given in the week, each with on how many days."""

    name: str
    counts: tuple[tuple[Any, int], ...]

    @property
    def label(self) -> Any:
        return LIFE_WORDS[self.name]


@dataclass(frozen=True, slots=True)
class WeekPage:
    """A week, cut for the viewer. ``summary`` is about closed days, and today once it is met; ``done`` are
    the strands of the days that have come, each with on how many. ``plan`` and ``next_plan`` are the teen's
    words for this week and the one after; ``may_plan`` that the viewer writes them, in the week that runs.
    ``plain``: without figures. Until ``opens_at`` nothing of today is in it. ``tonight`` is for parents, in
    the week that runs."""

    first: date
    last: date
    cells: tuple[DayCell, ...]
    summary: Summary
    kept: KeptWeek | None
    done: tuple[tuple[str, int], ...]
    life: tuple[LifePart, ...]
    news: tuple[New, ...]
    milestones: tuple[str, ...]
    plan: str
    next_plan: str
    may_plan: bool
    previous: date | None
    next: date | None
    plain: bool
    opens_at: time | None
    tonight: Tonight | None

    @property
    def current(self) -> bool:
        return self.next is None

    @property
    def next_first(self) -> date:
        return self.first + ONE_WEEK

    @property
    def ends_today(self) -> bool:
        return self.cells[-1].current

    @property
    def fresh(self) -> bool:
        """Nothing of it is there to be shown yet."""
        there = (self.kept, self.done, self.life, self.news, self.milestones)
        return not (self.summary.judged or any(there))


def week_page(viewer: Viewer, of: date) -> WeekPage | None:
    """The week that holds ``of``; ``None`` for one that has not come. Ten queries, one more with a ladder."""
    now, today = timezone.now(), viewer.patient.today()
    week = days.week_of(of, settings.WEEK_STARTS_ON)
    if week[0] > today:
        return None
    hidden = viewer.hidden_day(now)
    first = min(week[0], today - timedelta(days=QUIET_DAYS))
    rows = _rows(viewer, first, week[-1], hidden)
    versions, off = log.programs(viewer.patient), log.asked_or_granted(viewer.patient, first, week[-1])
    logged = {day: (row.work, row.harder) for day, row in rows.items()}
    by_day = {one.day: one for one in log.facts(versions, days.span(first, week[-1]), logged, off)}
    facts, found = [by_day[day] for day in week], goals(viewer)
    current = today in week
    plans = _plans(viewer, week[0])
    return WeekPage(
        first=week[0],
        last=week[-1],
        cells=_cells(facts, off, today),
        summary=adherence.summarise(facts, today=today),
        kept=keeping_up.week(facts, today=today),
        done=_done(facts, today),
        life=_life(viewer, [rows[day] for day in week if day in rows and day <= today]),
        news=news(viewer, week, versions, found, hidden),
        milestones=milestones(viewer, week[0], week[-1], hidden=hidden),
        plan=plans.get(week[0], ""),
        next_plan=plans.get(week[0] + ONE_WEEK, ""),
        may_plan=current and may_plan(viewer),
        previous=week[0] - ONE_WEEK if week[0] - ONE_WEEK >= days.FIRST_DAY else None,
        next=None if current else week[0] + ONE_WEEK,
        plain=viewer.is_plain,
        opens_at=viewer.patient.parents_from if hidden in week else None,
        tonight=_tonight(viewer, by_day, found, today) if current and viewer.is_parent else None,
    )


def may_plan(viewer: Viewer) -> bool:
    """Nobody writes over words that they may not read: not on a shared device."""
    return viewer.may(access.PLAN_WEEK) and viewer.may(access.SEE_WORDS)


def first_day(of: date) -> date:
    """Of the week that holds ``of``."""
    return days.week_of(of, settings.WEEK_STARTS_ON)[0]


def plannable(viewer: Viewer) -> tuple[date, date]:
    """The weeks that can be planned, by their first day: this one and the next."""
    first = first_day(viewer.patient.today())
    return first, first + ONE_WEEK


def _rows(viewer: Viewer, first: date, last: date, hidden: date | None) -> dict[date, DailyLog]:
    found = DailyLog.objects.filter(patient=viewer.patient, day__range=(first, last))
    return {row.day: row for row in found if row.day != hidden}


def _cells(facts: Iterable[DayFacts], off: Mapping[date, bool], today: date) -> tuple[DayCell, ...]:
    return tuple(
        DayCell(
            one.day,
            adherence.drawn(one, today=today),
            inside=True,
            current=one.day == today,
            asked=off.get(one.day, False),
        )
        for one in facts
    )


def _done(facts: Iterable[DayFacts], today: date) -> tuple[tuple[str, int], ...]:
    """Whether or not a day is judged."""
    found = Counter(strand for one in facts if one.day <= today for strand in one.work.strands)
    return tuple((strand, found[strand]) for strand in adherence.STRANDS if found[strand])


def _life(viewer: Viewer, rows: Sequence[DailyLog]) -> tuple[LifePart, ...]:
    """The parts that the viewer may see; days without an answer are in no count."""
    parts = []
    for part in check_in.parts(viewer):
        given = Counter(getattr(row, part) for row in rows)
        counts = tuple((words, given[answer]) for answer, words in LIFE_ANSWERS_THEN.items() if given[answer])
        if counts:
            parts.append(LifePart(part, counts))
    return tuple(parts)


def _plans(viewer: Viewer, first: date) -> dict[date, str]:
    """The teen's words for this week and the next; without a query for who may not read them."""
    if not viewer.may(access.SEE_WORDS):
        return {}
    weeks = (first, first + ONE_WEEK)
    rows = Intention.objects.filter(patient=viewer.patient, week__in=weeks).order_by()
    return dict(rows.values_list("week", "text"))


def _tonight(
    viewer: Viewer, by_day: Mapping[date, DayFacts], found: Iterable[GoalRow], today: date
) -> Tonight:
    return tonight(
        str(viewer.patient.code),
        today,
        name=viewer.patient.name,
        done=by_day[today].work.strands,
        goals=[goal.text for goal in found if goal.is_open and not goal.private],
        quiet=is_quiet(by_day.values(), today=today),
    )
