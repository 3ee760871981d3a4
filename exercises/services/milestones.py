"""Numbers worth a quiet line: kept in the transaction that reaches them, and never taken back.

Days are counted, not minutes, so that nothing rewards more than the plan; and none of them in a row.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from exercises import adherence
from exercises.models import DailyLog, FunctionGoal, GoalStep, Milestone, Patient
from exercises.models.choices import MilestoneKind, School

NUMBERS = (1, 10, 25, 50, 100, 150, 200, 300, 400, 500, 750, 1000)
# Which of a day's totals make it a day with a strand. Exercises may be counted by a list.
TOTALS = {
    adherence.CARDIO: ("cardio",),
    adherence.EXERCISES: ("exercises", "exercise_minutes"),
    adherence.DESENSITIZATION: ("desensitization",),
    adherence.STRESS: ("stress",),
}


def strands_done(row: DailyLog) -> frozenset[str]:
    """The strands that a day's totals make it a day of."""
    return frozenset(strand for strand, names in TOTALS.items() if any(getattr(row, name) for name in names))


def strands_begun(row: DailyLog, strands: Iterable[str]) -> None:
    """A day went from nothing to something in these strands: one query for each. Needs the patient's lock."""
    for strand in strands:
        _reached(row.patient, strand, _days_with(strand, row.patient))


def whole_day_of_school(patient: Patient) -> None:
    """A day was marked so. Needs the patient's lock."""
    _reached(patient, MilestoneKind.SCHOOL, _whole_days(patient))


def step_reached(patient: Patient) -> None:
    """A step of a goal was reached. Needs the patient's lock."""
    _reached(patient, MilestoneKind.STEPS, _steps(patient))


def goal_reached(patient: Patient) -> None:
    """Needs the patient's lock."""
    _reached(patient, MilestoneKind.GOALS, _goals(patient))


def _reached(patient: Patient, kind: str, counted: "QuerySet[DailyLog | GoalStep | FunctionGoal]") -> None:
    number = counted.count()
    if number in NUMBERS:
        _keep([Milestone(patient=patient, kind=kind, number=number, day=patient.today())])


def _keep(found: Iterable[Milestone]) -> None:
    """Those that are there stay as they are, with their day: the database's constraint decides."""
    Milestone.objects.bulk_create(found, ignore_conflicts=True)


def rebuild(patient: Patient) -> None:
    """Keeps those that a record's history reached, each with the day that reached it: for a record that was
    not written day by day. Those that are there stay."""
    reached: dict[str, list[date]] = {strand: [] for strand in TOTALS}
    for row in DailyLog.objects.filter(patient=patient).order_by("day"):
        for strand in strands_done(row):
            reached[strand].append(row.day)
    reached[MilestoneKind.SCHOOL] = list(_whole_days(patient).order_by("day").values_list("day", flat=True))
    reached[MilestoneKind.STEPS] = _days_reached(_steps(patient))
    reached[MilestoneKind.GOALS] = _days_reached(_goals(patient))
    _keep(
        Milestone(patient=patient, kind=kind, number=number, day=when[number - 1])
        for kind, when in reached.items()
        for number in NUMBERS
        if number <= len(when)
    )


def _days_with(strand: str, patient: Patient) -> QuerySet[DailyLog]:
    something = Q(*((f"{name}__gt", 0) for name in TOTALS[strand]), _connector=Q.OR)
    return DailyLog.objects.filter(something, patient=patient)


def _whole_days(patient: Patient) -> QuerySet[DailyLog]:
    return DailyLog.objects.filter(patient=patient, school=School.ALL)


def _steps(patient: Patient) -> QuerySet[GoalStep]:
    return GoalStep.objects.filter(patient=patient, reached_on__isnull=False)


def _goals(patient: Patient) -> QuerySet[FunctionGoal]:
    return FunctionGoal.objects.filter(patient=patient, reached_on__isnull=False)


def _days_reached(rows: "QuerySet[GoalStep] | QuerySet[FunctionGoal]") -> list[date]:
    return sorted(day for day in rows.values_list("reached_on", flat=True) if day)
