"""What came back: goals, and four weeks of school, friends, activities and home."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from exercises import access, days
from exercises.access import Viewer
from exercises.models import DailyLog, FunctionGoal
from exercises.words import LIFE_ANSWERS_THEN, LIFE_WORDS

from . import check_in

WEEKS = 4


@dataclass(frozen=True, slots=True)
class GoalRow:
    """``may_undo`` on the day on which it was reached."""

    id: int
    text: str
    set_on: date
    reached_on: date | None
    private: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class LifePart:
    """One part of daily life: every day of four whole weeks up to today, "" where nothing was marked."""

    name: str
    days: tuple[tuple[date, str], ...]

    @property
    def label(self) -> Any:
        return LIFE_WORDS[self.name]

    @property
    def counts(self) -> list[tuple[Any, int]]:
        """How often each answer was given; days without one are in no count."""
        given = Counter(answer for _day, answer in self.days if answer)
        return [(words, given[answer]) for answer, words in LIFE_ANSWERS_THEN.items() if given[answer]]


@dataclass(frozen=True, slots=True)
class FunctionPage:
    open_goals: tuple[GoalRow, ...]
    reached_goals: tuple[GoalRow, ...]
    life: tuple[LifePart, ...]
    first: date
    last: date


def function_page(viewer: Viewer, today: date) -> FunctionPage:
    goals = [_row(goal, today) for goal in _goals(viewer)]
    first = days.week_of(today, settings.WEEK_STARTS_ON)[0] - timedelta(weeks=WEEKS - 1)
    return FunctionPage(
        open_goals=tuple(goal for goal in goals if goal.reached_on is None),
        reached_goals=tuple(goal for goal in reversed(goals) if goal.reached_on),
        life=_life(viewer, first, today),
        first=first,
        last=today,
    )


def goal(viewer: Viewer, pk: int) -> FunctionGoal | None:
    return _goals(viewer).filter(pk=pk).first()


def _goals(viewer: Viewer) -> QuerySet[FunctionGoal]:
    """In the order in which they were set; private ones only for those who may know them."""
    goals = FunctionGoal.objects.filter(patient=viewer.patient).order_by("set_on", "pk")
    return goals if viewer.may(access.SEE_PRIVATE_GOALS) else goals.filter(private=False)


def _row(goal: FunctionGoal, today: date) -> GoalRow:
    return GoalRow(
        id=goal.pk,
        text=goal.text,
        set_on=goal.set_on,
        reached_on=goal.reached_on,
        private=goal.private,
        may_undo=goal.reached_on == today,
    )


def _life(viewer: Viewer, first: date, last: date) -> tuple[LifePart, ...]:
    parts = check_in.parts(viewer)
    rows = DailyLog.objects.filter(patient=viewer.patient, day__range=(first, last)).values_list(
        "day", *parts
    )
    by_day = {day: dict(zip(parts, answers, strict=True)) for day, *answers in rows}
    return tuple(
        LifePart(part, tuple((day, by_day.get(day, {}).get(part, "")) for day in days.span(first, last)))
        for part in parts
    )
