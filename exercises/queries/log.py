"""Days and sessions as they were logged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Prefetch

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.adherence import DayFacts, Work
from exercises.guideline import GUIDELINE, Targets
from exercises.models import DailyLog, DayOff, Patient, Program, SessionItem, TherapySession
from exercises.models.choices import BodyArea, Role, Source, Texture

AREAS, TEXTURES = dict(BodyArea.choices), dict(Texture.choices)
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
    by_viewer: bool

    @property
    def unusual(self) -> bool:
        return self.added_later or self.clock_doubt or self.corrected or not self.by_viewer


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One live session as the viewer may see it. ``at`` is wall time in ``zone``; both are empty for a viewer
    who sees no clock times. ``how`` is ``None`` for a viewer who may not see it.
    ``counts`` is False only for a desensitization session shorter than ``least`` minutes."""

    id: UUID
    version: int
    day: date
    strand: str
    minutes: int | None
    counts: bool
    least: int
    activity: str
    items: tuple[str, ...]
    where: str
    texture: str
    at: time | None
    zone: str
    how: How | None
    may_correct: bool
    slot: int | None = None

    @property
    def prong(self) -> str:
        return adherence.PRONG_OF[self.strand]


# What a row shows; a day's sessions come with their activity, day and program, and those are wide tables.
SHOWN = (
    *("patient_id", "client_id", "version", "strand", "minutes", "body_areas", "texture", "slot_id"),
    *(
        "started_at",
        "recorded_at",
        "zone",
        "added_later",
        "clock_doubt",
        "source",
        "entered_by_id",
        "entered_as",
    ),
    *("activity__name", "daily_log__day", "daily_log__program__desensitization_minutes"),
)
ITEMS = SessionItem.objects.select_related("activity").only("session_id", "activity__name")


def entries(viewer: Viewer, first: date, last: date, *, today: date) -> list[SessionRow]:
    """Live sessions of some days, oldest day first, in the order they were recorded: two queries.

    Asked for by the days' patient: by their own, SQLite would read every session ever logged.
    """
    sessions = (
        TherapySession.objects.live()
        .filter(daily_log__patient=viewer.patient, daily_log__day__range=(first, last))
        .select_related("activity", "daily_log__program")
        .only(*SHOWN)
        .prefetch_related(Prefetch("items", ITEMS))
        .order_by("daily_log__day", "recorded_at", "pk")
    )
    return [session_row(viewer, session, today=today) for session in sessions]


def session_row(viewer: Viewer, session: TherapySession, *, today: date) -> SessionRow:
    wall = days.Clock(session.zone).wall_time(session.started_at or session.recorded_at)
    times, least = viewer.may(access.SEE_TIMES), _least(session)
    named = session.strand != adherence.STRESS or viewer.may(access.SEE_TECHNIQUES)
    return SessionRow(
        id=session.client_id,
        version=session.version,
        day=session.daily_log.day,
        strand=session.strand,
        minutes=session.minutes,
        counts=session.strand != adherence.DESENSITIZATION or (session.minutes or 0) >= least,
        least=least,
        activity=session.activity.name if named and session.activity else "",
        items=tuple(item.activity.name for item in session.items.all()) if named else (),
        where=label_list(AREAS, session.body_areas),
        texture=label_list(TEXTURES, [session.texture] if session.texture else []),
        at=wall.time().replace(tzinfo=None) if times and not session.added_later else None,
        zone=session.zone if times and session.zone != viewer.patient.zone else "",
        how=_how(viewer, session) if viewer.may(access.SEE_HOW) else None,
        may_correct=viewer.may_correct(
            day=session.daily_log.day, entered_by=session.entered_by_id, today=today
        ),
        slot=session.slot_id,
    )


def _least(session: TherapySession) -> int:
    """Minutes from which a desensitization session counts, by the program that judges its day."""
    program = session.daily_log.program
    return program.desensitization_minutes if program else GUIDELINE.desensitization_minutes


def _how(viewer: Viewer, session: TherapySession) -> How:
    return How(
        source=str(Source(session.source).label),
        entered_as=str(Role(session.entered_as).label),
        added_later=session.added_later,
        clock_doubt=session.clock_doubt,
        corrected=session.version > 1,
        by_viewer=session.entered_by_id == viewer.user.pk,
    )


def label_list(labels: Mapping[str, Any], values: Iterable[str]) -> str:
    """Stored values as words: "left foot, right foot"."""
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
            daily_log__patient=viewer.patient,
            daily_log__day=cleaned["day"],
            strand=cleaned["strand"],
            received_at__gt=now - SAME_AGAIN,
        )
        .exclude(client_id=cleaned["id"])
        .order_by("received_at")
        .last()
    )


def as_posted(session: TherapySession) -> dict[str, list[str]]:
    """A session in the words of the form that logs one."""
    single = {
        "day": session.daily_log.day.isoformat(),
        "strand": session.strand,
        "minutes": session.minutes,
        "activity": session.activity_id,
        "slot": session.slot_id,
        "texture": session.texture,
        "started_at": session.started_at.isoformat() if session.started_at else None,
    }
    data = {name: [str(value)] for name, value in single.items() if value not in (None, "")}
    data["body_areas"] = list(session.body_areas)
    data["items"] = [str(item.program_item_id) for item in session.items.all() if item.program_item_id]
    return data


# --- what a form just did ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JustSaved:
    """The session that a form just saved or removed. ``put_back`` holds the fields (name, value) that log a
    removed one again, under ``new_id``."""

    row: SessionRow
    removed: bool = False
    put_back: tuple[tuple[str, str], ...] = ()
    new_id: UUID = field(default_factory=uuid4)


def just_saved(
    viewer: Viewer, rows: Iterable[SessionRow], *, saved: str, removed: str, today: date
) -> JustSaved | None:
    """Read from the ids in the page's address (``?saved=``, ``?removed=``). The database is asked only for a
    session that is not among the page's ``rows``. An id that the viewer may not correct says nothing."""
    shown = next((row for row in rows if str(row.id) == saved), None)
    if shown is not None:
        return JustSaved(shown)
    client_id = parse_uuid(removed or saved)
    session = one_session(viewer, client_id) if client_id else None
    if session is None or bool(removed) != (session.voided_at is not None):
        return None
    row = session_row(viewer, session, today=today)
    if not row.may_correct:
        return None
    return JustSaved(row, bool(removed), _put_back(viewer, session, today) if removed else ())


def parse_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _put_back(viewer: Viewer, session: TherapySession, today: date) -> tuple[tuple[str, str], ...]:
    """How and when it was first entered goes along if the viewer may know it and a queue may be that old."""
    fields = as_posted(session)
    if not (viewer.may(access.SEE_TIMES) and viewer.may(access.SEE_HOW)):
        fields.pop("started_at", None)
    elif today - viewer.patient.day_of(session.recorded_at) < days.OLDEST_QUEUE:
        fields |= {"recorded_at": [session.recorded_at.isoformat()], "source": [session.source]}
    return tuple((name, value) for name, values in fields.items() for value in values)
