"""Days as they were logged, ready to be judged."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Max, Q

from exercises import adherence, days
from exercises.access import Viewer
from exercises.adherence import DayFacts, Keeping, Work
from exercises.guideline import Targets
from exercises.models import DailyLog, DayOff, Patient, Program

WORK_FIELDS = (
    "cardio", "exercises", "desensitization", "desensitization_short", "stress", "exercise_minutes",
)  # fmt: skip
# What was done on a day, and whether it was marked as harder: that decides which numbers judge it.
Logged = tuple[Work, bool]
NOTHING_LOGGED: Logged = (adherence.NO_WORK, False)


def program_on(patient: Patient, day: date) -> Program | None:
    """The version in force that day."""
    return Program.objects.standing().filter(patient=patient, starts_on__lte=day).order_by("starts_on").last()


def programs(patient: Patient) -> list[Program]:
    """The standing versions, oldest first: few, so all of them."""
    return list(Program.objects.standing().filter(patient=patient).order_by("starts_on"))


def programs_of(patients: Iterable[Patient | int]) -> dict[int, list[Program]]:
    """The same of many patients, by their keys."""
    rows = Program.objects.standing().filter(patient__in=patients).order_by("starts_on")
    found: dict[int, list[Program]] = {}
    for program in rows:
        found.setdefault(program.patient_id, []).append(program)
    return found


def days_off(patient: Patient, first: date, last: date) -> frozenset[date]:
    """The days between ``first`` and ``last`` that leave the count."""
    return frozenset(asked_or_granted(patient, first, last))


def asked_or_granted(patient: Patient, first: date, last: date) -> dict[date, bool]:
    """The same days, each with whether it still waits for a therapist's answer."""
    ranges = DayOff.objects.standing().filter(patient=patient).touching(first, last).order_by()
    return days_off_in(ranges.values_list("first", "last", "answer"), first, last)


def days_off_in(ranges: Iterable[tuple[date, date, str]], first: date, last: date) -> dict[date, bool]:
    """Ranges (first, last, answer) as single days: a day waits where nobody has agreed to any range of it."""
    found: dict[date, bool] = {}
    for start, end, answer in ranges:
        for day in days.span(max(start, first), min(end, last)):
            found[day] = found.get(day, True) and not answer
    return found


def logged_by_day(
    patient: Patient, first: date, last: date, *, hidden: date | None = None
) -> dict[date, Logged]:
    rows = DailyLog.objects.filter(patient=patient, day__range=(first, last))
    return {
        day: (Work(*totals), harder)
        for day, harder, *totals in rows.values_list("day", "harder", *WORK_FIELDS)
        if day != hidden
    }


def last_day_before(patients: Iterable[Patient], day: Mapping[int, date]) -> dict[int, date]:
    """The latest day with an entry of each patient before a ``day`` of its own, by their keys."""
    earlier = [Q(patient=patient, day__lt=day[patient.pk]) for patient in patients]
    if not earlier:
        return {}
    logged = DailyLog.objects.filter(reduce(or_, earlier), sessions__gt=0).order_by()
    return dict(logged.values_list("patient_id").annotate(Max("day")))


def last_logged(viewer: Viewer, now: datetime) -> date | None:
    """The latest day with an entry that this viewer may know of: one query more while today is hidden."""
    patient, hidden = viewer.patient, viewer.hidden_day(now)
    if hidden is None or patient.last_logged_on != hidden:
        return patient.last_logged_on
    return last_day_before([patient], {patient.pk: hidden}).get(patient.pk)


def days_between(
    patient: Patient,
    first: date,
    last: date,
    *,
    versions: Sequence[Program] | None = None,
    off: Collection[date] | None = None,
    hidden: date | None = None,
) -> list[DayFacts]:
    """Every day from ``first`` to ``last``, logged or not, ready to be judged: three queries, one less
    for each of programs and days off that is at hand. Of ``hidden`` (``Viewer.hidden_day``) what was logged
    is left out."""
    versions = programs(patient) if versions is None else versions
    off = days_off(patient, first, last) if off is None else off
    logged = logged_by_day(patient, first, last, hidden=hidden)
    return facts(versions, days.span(first, last), logged, off)


def days_of(
    weeks: Mapping[int, Sequence[date]],
    versions: Mapping[int, Sequence[Program]],
    off: Mapping[int, Collection[date]],
    *,
    hidden: Mapping[int, date] | None = None,
) -> dict[int, list[DayFacts]]:
    """Days of many patients, by their keys; each has days of its own. One query. ``hidden``: by key, as
    above."""
    rows = DailyLog.objects.filter(patient__in=weeks, day__range=reach(weeks)).order_by()
    logged: dict[int, dict[date, Logged]] = {pk: {} for pk in weeks}
    for pk, day, harder, *totals in rows.values_list("patient_id", "day", "harder", *WORK_FIELDS):
        if day != (hidden or {}).get(pk):
            logged[pk][day] = (Work(*totals), harder)
    return {pk: facts(versions.get(pk, ()), week, logged[pk], off[pk]) for pk, week in weeks.items()}


def reach(weeks: Mapping[int, Sequence[date]]) -> tuple[date, date]:
    """The first and the last of all these days."""
    return min(week[0] for week in weeks.values()), max(week[-1] for week in weeks.values())


def facts(
    versions: Sequence[Program], span: Iterable[date], logged: Mapping[date, Logged], off: Collection[date]
) -> list[DayFacts]:
    """Each day with what judges it: the version in force (``versions``: oldest first), on a harder day by its
    smaller numbers if it has any."""
    starts = [version.starts_on for version in versions]
    terms = [(None, None, None), *(_terms(version) for version in versions)]
    found = []
    for day in span:
        usual, smaller, keeping = terms[bisect_right(starts, day)]
        work, harder = logged.get(day, NOTHING_LOGGED)
        found.append(DayFacts(day, smaller if harder else usual, work, day in off, keeping))
    return found


def _terms(version: Program) -> tuple[Targets | None, Targets | None, Keeping | None]:
    """What a version asks of a day, of a harder one, of a week of keeping up. A plan that asks for nothing
    asks for nothing on a harder day."""
    week, usual = version.week, version.targets
    keeping = Keeping(week, version.asked) if week else None
    smaller = version.targets_on(harder=True) if adherence.judged_strands(usual) else usual
    return usual, smaller, keeping
