"""Proves the totals against the sessions, and makes them agree again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Q

from exercises import adherence
from exercises.models import DailyLog, Patient, Program
from exercises.queries.log import program_on

from . import totals

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Found:
    """How many days were looked at, and a line for each thing that differs (codes, days, numbers)."""

    days: int
    differences: tuple[str, ...]


def check_totals(*, repair: bool = False) -> Found:
    """Every day's program and totals, then every patient's last day; three queries for each thousand of rows.

    What looks different while others write is looked at again under the patient's lock before it is told.
    """
    days, differences = 0, []
    for rows in _chunks():
        days += len(rows)
        wanted, in_force = totals.expected_of(rows), _programs_in_force(rows)
        differences += [
            _settle(row, repair)
            for row in rows
            if row.program != in_force[row.pk] or totals.differs(row, wanted[row.pk])
        ]
    differences += [_settle_patient(patient, repair) for patient in _patients_that_differ()]
    return Found(days, tuple(line for line in differences if line))


def _chunks() -> Iterator[list[DailyLog]]:
    """In the order of the primary key, so that each chunk starts where the last one ended."""
    last = 0
    while rows := list(
        DailyLog.objects.filter(pk__gt=last).select_related("program", "patient").order_by("pk")[:CHUNK]
    ):
        yield rows
        last = rows[-1].pk


def _programs_in_force(rows: list[DailyLog]) -> dict[int, Program | None]:
    """The version that must judge each day, by the day's primary key."""
    versions: dict[int, list[Program]] = {row.patient_id: [] for row in rows}
    for program in Program.objects.standing().filter(patient__in=list(versions)).order_by():
        versions[program.patient_id].append(program)
    return {row.pk: adherence.in_force(versions[row.patient_id], row.day) for row in rows}


@transaction.atomic
def _settle(row: DailyLog, repair: bool) -> str:
    totals.lock(row.patient)
    row.refresh_from_db(fields=["program", *totals.TOTALS])
    kept, row.program = row.program, program_on(row.patient, row.day)
    wanted = totals.expected(row)
    parts = [
        f"{name} {getattr(row, name)}, sessions say {wanted[name]}" for name in totals.differs(row, wanted)
    ]
    if kept != row.program:
        parts.insert(0, f"{_version(kept)}, in force is {_version(row.program)}")
    if not parts:
        return ""
    if repair:
        totals.rejudge(row.patient, [row])
    return f"{row.patient.code} {row.day}: {'; '.join(parts)}"


def _version(program: Program | None) -> str:
    return f"program version {program.version}" if program else "no program"


def _patients_that_differ() -> list[Patient]:
    """Those with a day ahead, too: for them the lock's own question decides."""
    latest = Max("daily_logs__day", filter=Q(daily_logs__sessions__gt=0))
    patients = Patient.objects.annotate(latest=latest).order_by("pk")
    return [
        patient
        for patient in patients
        if patient.last_logged_on != patient.latest or (patient.latest or date.min) > patient.today()
    ]


@transaction.atomic
def _settle_patient(patient: Patient, repair: bool) -> str:
    totals.lock(patient)
    kept, latest = patient.last_logged_on, totals.last_logged(patient)
    if kept == latest:
        return ""
    if repair:
        totals.refresh_last_logged(patient)
    return f"{patient.code}: last entry {kept}, days say {latest}"
