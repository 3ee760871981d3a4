"""Days and sessions as they were logged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.adherence import DayFacts, Work
from exercises.guideline import GUIDELINE, Targets
from exercises.models import DailyLog, DayOff, Patient, Program, TherapySession
from exercises.models.choices import BodyArea, Role, Source, Texture

SAME_AGAIN = timedelta(seconds=60)
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


# --- sessions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class How:
    """How and when an entry came: for the teen and therapists."""

    source: str
    entered_as: str
    added_later: bool
    clock_doubt: bool
    corrected: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One live session as the viewer may see it. ``at`` is wall time in ``zone``; both are empty for a viewer
    who sees no clock times. ``how`` is ``None`` for a viewer who may not see it."""

    id: UUID
    version: int
    day: date
    strand: str
    minutes: int | None
    counts: bool
    activity: str
    items: tuple[str, ...]
    where: str
    texture: str
    at: time | None
    zone: str
    how: How | None
    may_correct: bool

    @property
    def prong(self) -> str:
        return adherence.PRONG_OF[self.strand]


def entries(viewer: Viewer, first: date, last: date, *, today: date) -> list[SessionRow]:
    """Live sessions of some days, oldest day first, in the order they were recorded: two queries."""
    sessions = (
        TherapySession.objects.live()
        .filter(patient=viewer.patient, daily_log__day__range=(first, last))
        .select_related("activity", "daily_log__program")
        .prefetch_related("items__activity")
        .order_by("daily_log__day", "recorded_at", "pk")
    )
    return [session_row(viewer, session, today=today) for session in sessions]


def session_row(viewer: Viewer, session: TherapySession, *, today: date) -> SessionRow:
    wall = days.Clock(session.zone).wall_time(session.started_at or session.recorded_at)
    times = viewer.may(access.SEE_TIMES)
    named = session.strand != adherence.STRESS or viewer.may(access.SEE_TECHNIQUES)
    return SessionRow(
        id=session.client_id,
        version=session.version,
        day=session.daily_log.day,
        strand=session.strand,
        minutes=session.minutes,
        counts=_counts(session),
        activity=session.activity.name if named and session.activity else "",
        items=tuple(item.activity.name for item in session.items.all()) if named else (),
        where=label_list(BodyArea.choices, session.body_areas),
        texture=label_list(Texture.choices, [session.texture] if session.texture else []),
        at=wall.time().replace(tzinfo=None) if times and not session.added_later else None,
        zone=session.zone if times and session.zone != viewer.patient.zone else "",
        how=_how(session) if viewer.may(access.SEE_HOW) else None,
        may_correct=viewer.may_correct(
            day=session.daily_log.day, entered_by=session.entered_by_id, today=today
        ),
    )


def _counts(session: TherapySession) -> bool:
    """False only for a desensitization session that is shorter than the program's least."""
    if session.strand != adherence.DESENSITIZATION:
        return True
    program = session.daily_log.program
    least = program.desensitization_minutes if program else GUIDELINE.desensitization_minutes
    return (session.minutes or 0) >= least


def _how(session: TherapySession) -> How:
    return How(
        source=str(dict(Source.choices)[session.source]),
        entered_as=str(dict(Role.choices)[session.entered_as]),
        added_later=session.added_later,
        clock_doubt=session.clock_doubt,
        corrected=session.version > 1,
    )


def label_list(choices: Iterable[tuple[str, Any]], values: Iterable[str]) -> str:
    """Stored values as words: "left foot, right foot"."""
    labels = dict(choices)
    return ", ".join(str(labels[value]) for value in values)


def one_session(viewer: Viewer, client_id: UUID) -> TherapySession | None:
    """A session of this patient, removed ones included; ids of others are unknown here."""
    return (
        TherapySession.objects.filter(patient=viewer.patient, client_id=client_id)
        .select_related("activity", "daily_log__program", "patient")
        .prefetch_related("items__activity")
        .first()
    )


def just_logged(viewer: Viewer, cleaned: Mapping[str, Any], now: datetime) -> TherapySession | None:
    """A live look-alike of the last minute: asked about, never merged and never refused."""
    return (
        TherapySession.objects.live()
        .filter(
            patient=viewer.patient,
            daily_log__day=cleaned["day"],
            strand=cleaned["strand"],
            received_at__gt=now - SAME_AGAIN,
        )
        .exclude(client_id=cleaned["id"])
        .order_by("received_at")
        .last()
    )
