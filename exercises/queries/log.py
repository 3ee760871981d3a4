"""Days as they were logged, ready to be judged."""

from datetime import date

from exercises import adherence, days
from exercises.adherence import DayFacts, Work
from exercises.guideline import Targets
from exercises.models import DailyLog, DayOff, Patient, Program

WORK_FIELDS = ("cardio", "exercises", "desensitization", "desensitization_short", "stress")


def programs(patient: Patient) -> list[Program]:
    """The standing versions, oldest first: few, so all of them."""
    return list(Program.objects.standing().filter(patient=patient).order_by("starts_on"))


def days_off(patient: Patient, first: date, last: date) -> frozenset[date]:
    """The days between ``first`` and ``last`` that leave the count."""
    ranges = DayOff.objects.standing().filter(patient=patient).touching(first, last)
    return frozenset(
        day
        for start, end in ranges.order_by().values_list("first", "last")
        for day in days.span(max(start, first), min(end, last))
    )


def work_by_day(patient: Patient, first: date, last: date) -> dict[date, Work]:
    rows = DailyLog.objects.filter(patient=patient, day__range=(first, last)).values_list("day", *WORK_FIELDS)
    return {day: Work(*totals) for day, *totals in rows}


def days_between(
    patient: Patient, first: date, last: date, *, versions: list[Program] | None = None
) -> list[DayFacts]:
    """Every day from ``first`` to ``last``, logged or not, ready to be judged: three queries, or two when the
    programs are at hand."""
    versions = programs(patient) if versions is None else versions
    work, off = work_by_day(patient, first, last), days_off(patient, first, last)
    return [
        DayFacts(day, targets_on(versions, day), work.get(day, adherence.NO_WORK), day in off)
        for day in days.span(first, last)
    ]


def targets_on(versions: list[Program], day: date) -> Targets | None:
    version = adherence.in_force(versions, day)
    return version.targets if version else None
