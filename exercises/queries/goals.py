"""Goals and their steps, cut for who reads them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from exercises import access
from exercises.access import Viewer
from exercises.models import FunctionGoal, GoalStep, Patient

MOST_OPEN_GOALS, MOST_OPEN_STEPS = 20, 10


@dataclass(frozen=True, slots=True)
class StepRow:
    """``may_undo`` on the day on which it was reached."""

    id: int
    text: str
    set_on: date
    reached_on: date | None
    set_aside_on: date | None
    may_undo: bool

    @property
    def is_open(self) -> bool:
        return self.reached_on is None and self.set_aside_on is None


@dataclass(frozen=True, slots=True)
class GoalRow:
    """``sign`` is what would show it, ``may_undo`` as of a step; steps are in the order of their making."""

    id: int
    text: str
    sign: str
    set_on: date
    reached_on: date | None
    set_aside_on: date | None
    private: bool
    may_undo: bool
    steps: tuple[StepRow, ...]

    @property
    def is_open(self) -> bool:
        return self.reached_on is None and self.set_aside_on is None

    @property
    def open_steps(self) -> tuple[StepRow, ...]:
        return tuple(step for step in self.steps if step.is_open)

    @property
    def next_step(self) -> StepRow | None:
        return next(iter(self.open_steps), None)

    @property
    def reached_steps(self) -> tuple[StepRow, ...]:
        """In the order of their days."""
        reached = [(step.reached_on, step.id, step) for step in self.steps if step.reached_on]
        return tuple(step for _day, _id, step in sorted(reached, key=lambda entry: entry[:2]))

    @property
    def steps_aside(self) -> tuple[StepRow, ...]:
        return tuple(step for step in self.steps if step.set_aside_on)

    @property
    def undoable_steps(self) -> tuple[StepRow, ...]:
        return tuple(step for step in self.steps if step.may_undo)

    @property
    def last_reached_on(self) -> date | None:
        """The latest day on which it, or a step of it, was reached."""
        days = [self.reached_on, *(step.reached_on for step in self.steps)]
        return max(filter(None, days), default=None)


@dataclass(frozen=True, slots=True)
class GoalsPage:
    """``reached`` has the latest first, and goals set aside of which a step was reached; ``aside`` has all
    that were set aside."""

    open: tuple[GoalRow, ...]
    reached: tuple[GoalRow, ...]
    aside: tuple[GoalRow, ...]


def goals(viewer: Viewer) -> tuple[GoalRow, ...]:
    """All of them with all their steps, in the order in which they were set. Two queries. What was reached
    on a day that the viewer does not see yet is open for them."""
    found, today = list(readable(viewer)), viewer.patient.today()
    hidden = viewer.hidden_day(timezone.now())
    steps = list(GoalStep.objects.filter(goal__in=[goal.pk for goal in found]).order_by("pk"))
    rows: list[FunctionGoal | GoalStep] = [*found, *steps]
    for row in rows:
        if row.reached_on == hidden:
            row.reached_on = None
    by_goal = _steps(steps, today)
    return tuple(_row(goal, by_goal[goal.pk], today) for goal in found)


def goals_page(viewer: Viewer) -> GoalsPage:
    rows = goals(viewer)
    reached = [(row.last_reached_on, row.id, row) for row in rows if row.last_reached_on and not row.is_open]
    reached.sort(key=lambda entry: entry[:2], reverse=True)
    return GoalsPage(
        open=tuple(row for row in rows if row.is_open),
        reached=tuple(row for _day, _id, row in reached),
        aside=tuple(row for row in rows if row.set_aside_on),
    )


def readable(viewer: Viewer) -> QuerySet[FunctionGoal]:
    """In the order in which they were set; private ones only for those who may know them."""
    found = FunctionGoal.objects.filter(patient=viewer.patient).order_by("set_on", "pk")
    return found if viewer.may(access.SEE_PRIVATE_GOALS) else found.filter(private=False)


def goal(viewer: Viewer, pk: int) -> FunctionGoal | None:
    return readable(viewer).filter(pk=pk).first()


def step(viewer: Viewer, pk: int) -> GoalStep | None:
    """With its goal."""
    found = GoalStep.objects.filter(pk=pk, goal__in=readable(viewer).order_by())
    return found.select_related("goal").first()


def open_goals(patient: Patient) -> QuerySet[FunctionGoal]:
    return FunctionGoal.objects.filter(patient=patient, reached_on=None, set_aside_on=None)


def open_steps(goal: FunctionGoal) -> QuerySet[GoalStep]:
    return GoalStep.objects.filter(goal=goal, reached_on=None, set_aside_on=None)


def is_open(row: FunctionGoal | GoalStep) -> bool:
    return row.reached_on is None and row.set_aside_on is None


def _steps(found: Iterable[GoalStep], today: date) -> dict[int, list[StepRow]]:
    """By the key of their goal."""
    steps: dict[int, list[StepRow]] = defaultdict(list)
    for step in found:
        row = StepRow(
            id=step.pk,
            text=step.text,
            set_on=step.set_on,
            reached_on=step.reached_on,
            set_aside_on=step.set_aside_on,
            may_undo=step.reached_on == today,
        )
        steps[step.goal_id].append(row)
    return steps


def _row(goal: FunctionGoal, steps: Iterable[StepRow], today: date) -> GoalRow:
    return GoalRow(
        id=goal.pk,
        text=goal.text,
        sign=goal.sign,
        set_on=goal.set_on,
        reached_on=goal.reached_on,
        set_aside_on=goal.set_aside_on,
        private=goal.private,
        may_undo=goal.reached_on == today,
        steps=tuple(steps),
    )
