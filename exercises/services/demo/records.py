"""Writes many days of one patient at once, through the same pure functions as the services that write one:
``Bout.digest``, ``sessions.new_session`` and ``totals.add_up``. ``check_totals`` proves the result."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from exercises import adherence
from exercises.days import Recorded
from exercises.models import DailyLog, Patient, Program, ProgramItem, RoutineSlot, SessionItem, TherapySession
from exercises.models.choices import Role, Source
from exercises.services import sessions, totals
from exercises.services.sessions import Bout

from .entering import Entered
from .team import Household


@dataclass(frozen=True, slots=True)
class Day:
    """One day to write: its entries, and the marks of the day."""

    day: date
    entries: list[Entered]
    marks: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A patient whose team, programs, items and slots are in the database."""

    patient: Patient
    household: Household
    versions: Sequence[Program]
    items: Sequence[ProgramItem]
    slots: Sequence[RoutineSlot]
    by_parent: float

    def items_on(self, day: date, strand: str) -> list[ProgramItem]:
        program = adherence.in_force(self.versions, day)
        return (
            [item for item in self.items if item.program_id == program.pk and item.activity.strand == strand]
            if program
            else []
        )

    def slot_of(self, day: date, number: int) -> RoutineSlot | None:
        today = [slot for slot in self.slots if slot.on_weekday(day.weekday())]
        return today[number] if number < len(today) else None


def write(record: Record, plan: Sequence[Day], rng: Random) -> int:
    """Keeps the days that have an entry or a mark; returns the number of sessions."""
    logs, rows, items = [], [], []
    for day in plan:
        if not (day.entries or day.marks):
            continue
        program = adherence.in_force(record.versions, day.day)
        log = DailyLog(patient=record.patient, day=day.day, program=program, **day.marks)
        of_day = [_session(record, log, entered, rng) for entered in day.entries]
        _set_totals(log, of_day, record.items_on(day.day, adherence.EXERCISES))
        logs.append(log)
        rows += [session for session, _items in of_day]
        items += [item for _session, of_session in of_day for item in of_session]
    DailyLog.objects.bulk_create(logs)
    TherapySession.objects.bulk_create(rows)
    SessionItem.objects.bulk_create(items)
    record.patient.last_logged_on = max((log.day for log in logs if log.sessions), default=None)
    return len(rows)


def _set_totals(
    log: DailyLog,
    rows: Sequence[tuple[TherapySession, list[SessionItem]]],
    prescribed: Sequence[ProgramItem],
) -> None:
    facts = [totals.facts_of(session, items) for session, items in rows]
    for name, value in totals.add_up(
        facts, log.program, totals.listed(prescribed), harder=log.harder
    ).items():
        setattr(log, name, value)


def _session(
    record: Record, log: DailyLog, entered: Entered, rng: Random
) -> tuple[TherapySession, list[SessionItem]]:
    bout = _bout(record, log.day, entered, rng)
    by_parent = rng.random() < record.by_parent
    by, entered_as = record.household.who_enters(by_parent)
    session = sessions.new_session(
        patient=record.patient,
        daily_log=log,
        client_id=UUID(int=rng.getrandbits(128), version=4),
        bout=bout,
        digest=bout.digest(),
        recorded=Recorded(entered.recorded_at),
        received_at=entered.received_at,
        source=entered.source,
        by=by,
        entered_as=Role(entered_as),
    )
    return session, sessions.new_items(session, bout.items)


def _bout(record: Record, day: date, entered: Entered, rng: Random) -> Bout:
    """What was done, with the details that somebody gave."""
    done, prescribed = entered.done, record.items_on(day, entered.done.strand)
    program = adherence.in_force(record.versions, day)
    by_list = program is not None and program.asked.by_list
    # A guided session goes through the exercises; where the list counts, everybody says which.
    told = by_list or entered.source == Source.GUIDED
    exact = bool(prescribed) and (rng.random() < 0.7 or told)
    touch = done.strand == adherence.DESENSITIZATION
    exercise = done.strand == adherence.EXERCISES
    activity = rng.choice(prescribed).activity if exact and not exercise else None
    return Bout(
        day=day,
        strand=done.strand,
        minutes=done.minutes,
        activity=activity,
        items=_some(prescribed, rng, most=len(prescribed) if told else 3) if exact and exercise else (),
        body_areas=_areas(record, program, done.slot) if touch else (),
        slot=record.slot_of(day, done.slot) if touch else None,
        texture=_texture(activity.key, rng) if activity else "",
        started_at=entered.started_at,
    )


def _areas(record: Record, program: Program | None, slot: int) -> tuple[str, ...]:
    """Each area in its turn, where each has its number."""
    areas = (program.areas if program else ()) or record.patient.body_areas[:1]
    return (areas[slot % len(areas)],)


def _some(prescribed: Sequence[ProgramItem], rng: Random, most: int) -> tuple[ProgramItem, ...]:
    """One less than ``most`` of them, or so many, as they follow each other."""
    first = rng.randrange(len(prescribed))
    count = min(rng.choice((most - 1, most)), len(prescribed))
    return tuple((*prescribed[first:], *prescribed[:first])[: max(count, 1)])


def _texture(key: str | None, rng: Random) -> str:
    return rng.choice(("velvet", "corduroy", "corduroy", "terry", "towel")) if key == "fabric-ladder" else ""
