"""The one place that writes a day's totals: recomputed from its sessions, never incremented."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from exercises import adherence
from exercises.adherence import Entry, Listed
from exercises.guideline import GUIDELINE
from exercises.models import DailyLog, Patient, Program, ProgramItem, SessionItem, TherapySession
from exercises.models.choices import Role, Strand
from exercises.queries.log import program_on

from . import milestones

TOTALS = (
    "cardio",
    "exercises",
    "exercise_minutes",
    "desensitization",
    "desensitization_short",
    "stress",
    "sessions",
    "added_later",
    "by_parents",
    "last_entry_at",
)


def lock(patient: Patient) -> None:
    """Takes the patient's row until the transaction ends: every read-modify-write of a log starts here.

    What a log or a cheer changes in that row is read again: somebody may have written it since the request
    began.
    """
    patient.refresh_from_db(
        fields=["last_logged_on", "last_cheer_on"],
        from_queryset=Patient.objects.select_for_update().order_by(),
    )


def day_row(patient: Patient, day: date) -> DailyLog:
    """The day's row, made when it is new. Needs the patient's lock."""
    in_force = {"program": lambda: program_on(patient, day)}  # asked for only when the day is new
    row, _made = DailyLog.objects.select_related("program").get_or_create(
        patient=patient,
        day=day,
        defaults=in_force,
    )
    row.patient = patient
    return row


class Facts(NamedTuple):
    """What a session adds to the totals; ``items`` as ``adherence.Entry`` has them."""

    strand: str
    minutes: int | None
    body_areas: Sequence[str]
    added_later: bool
    entered_as: str
    received_at: datetime
    items: Sequence[tuple[int | None, int]] = ()


FACTS = Facts._fields[:-1]


def facts_of(session: TherapySession, items: Iterable[SessionItem]) -> Facts:
    """The facts of a row at hand."""
    pairs = [(item.program_item_id, item.activity_id) for item in items]
    return Facts._make([*(getattr(session, name) for name in FACTS), pairs])


def by_list(program: Program | None) -> bool:
    return program is not None and program.is_by_list


def listed(items: Iterable[ProgramItem]) -> Listed:
    """The list that exercises are counted by, of a version's items with their activities."""
    return [(item.pk, item.activity_id) for item in items if item.activity.strand == Strand.EXERCISES]


def add_up(
    sessions: Sequence[Facts], program: Program | None, items: Listed = (), *, harder: bool = False
) -> dict[str, object]:
    """A day's totals from its live sessions, by the program that judges the day; ``items`` is its list,
    needed where it counts by one; ``harder``: the day was marked so."""
    entries = (Entry(one.strand, one.minutes, one.body_areas, one.items) for one in sessions)
    work = adherence.tally(entries, **_how(program, items, harder=harder))
    return {
        "cardio": work.cardio,
        "exercises": work.exercises,
        "exercise_minutes": work.exercise_minutes,
        "desensitization": work.desensitization,
        "desensitization_short": work.desensitization_short,
        "stress": work.stress,
        "sessions": len(sessions),
        "added_later": sum(one.added_later for one in sessions),
        "by_parents": sum(one.entered_as == Role.PARENT for one in sessions),
        "last_entry_at": max((one.received_at for one in sessions), default=None),
    }


def _how(program: Program | None, items: Listed, *, harder: bool) -> dict[str, Any]:
    if program is None:
        return {"desensitization_minutes": GUIDELINE.desensitization_minutes}
    asked = program.targets_on(harder=harder) or program.asked
    return {
        "desensitization_minutes": program.desensitization_minutes,
        "listed": items if by_list(program) else None,
        "areas": program.areas if program.is_on else (),
        "times": asked.desensitization,
    }


def expected(row: DailyLog) -> dict[str, object]:
    """What the totals must be, from the live sessions of the day."""
    return expected_of([row])[row.pk]


def expected_of(rows: Sequence[DailyLog]) -> dict[int, dict[str, object]]:
    """The same for many days, by primary key: one query, the programs where they are not at hand, and two
    more where one of them counts by its list."""
    found: dict[int, list[Facts]] = {row.pk: [] for row in rows}
    of_list = [row for row in rows if by_list(row.program)]
    items, done = (_lists(of_list), _done(of_list)) if of_list else ({}, {})
    sessions = TherapySession.objects.live().filter(daily_log__in=list(found)).order_by()
    for row, pk, *facts in sessions.values_list("daily_log_id", "pk", *FACTS):
        found[row].append(Facts._make([*facts, done.get(pk, ())]))
    return {
        row.pk: add_up(found[row.pk], row.program, items.get(row.program_id, ()), harder=row.harder)
        for row in rows
    }


def _lists(rows: Iterable[DailyLog]) -> dict[int | None, list[tuple[int, int]]]:
    """The exercises of each day's program, by its key."""
    programs = {row.program_id for row in rows}
    items = ProgramItem.objects.filter(program__in=programs, activity__strand=Strand.EXERCISES).order_by()
    found: dict[int | None, list[tuple[int, int]]] = {}
    for program, item, activity in items.values_list("program_id", "pk", "activity_id"):
        found.setdefault(program, []).append((item, activity))
    return found


def _done(rows: Iterable[DailyLog]) -> dict[int, list[tuple[int | None, int]]]:
    """The exercises done in the live sessions of these days, by session."""
    items = SessionItem.objects.filter(session__daily_log__in=list(rows), session__voided_at=None).order_by()
    found: dict[int, list[tuple[int | None, int]]] = {}
    for session, item, activity in items.values_list("session_id", "program_item_id", "activity_id"):
        found.setdefault(session, []).append((item, activity))
    return found


def differs(row: DailyLog, wanted: dict[str, object]) -> list[str]:
    """Names of the totals that are not what they must be."""
    return [name for name in TOTALS if getattr(row, name) != wanted[name]]


def recount(row: DailyLog) -> bool:
    """Writes the day's totals, and a milestone that they reach; says whether they had been different. Needs
    the patient's lock."""
    wanted, before = expected(row), milestones.strands_done(row)
    changed = differs(row, wanted)
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
        milestones.strands_begun(row, milestones.strands_done(row) - before)
    return bool(changed)


def rejudge(patient: Patient, days: Iterable[DailyLog]) -> None:
    """Points days at the program now in force for them and recounts. Needs the patient's lock."""
    for row in days:
        row.program = program_on(patient, row.day)
        row.save(update_fields=["program"])
        recount(row)


def last_logged(patient: Patient) -> date | None:
    """The latest day with a live session, by the day totals. A day ahead is the slip of a phone's clock: it
    would be the latest for as long as it lies ahead."""
    logged = DailyLog.objects.filter(patient=patient, sessions__gt=0, day__lte=patient.today())
    return logged.order_by("-day").values_list("day", flat=True).first()


def refresh_last_logged(patient: Patient) -> None:
    """Keeps that day on the patient, for lists that ask "last entry". Needs the patient's lock."""
    latest = last_logged(patient)
    if latest != patient.last_logged_on:
        patient.last_logged_on = latest
        patient.save(update_fields=["last_logged_on"])
