"""What is being timed right now, cut for the viewer: parents see that it runs and how long, no clock time."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.models import Patient, Program, SessionItem, Stopwatch
from exercises.models.choices import Source, Texture
from exercises.models.program import MOST_MINUTES

from . import choices
from .sessions import AREAS, TEXTURES, label_list, parse_uuid

# As ``date.weekday`` counts.
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Timed:
    """A bout that runs, pauses or is over. ``seconds`` ran so far, without pauses; ``minutes`` is what would
    be saved. ``started`` is wall time in ``zone`` (named where it is not the patient's), empty for a viewer
    who sees no clock times; then ``digits`` is False: minutes only. ``saved`` are the minutes it became,
    ``None`` while it is not over and where it was left."""

    id: UUID
    strand: str
    guided: bool
    rough: bool
    what: tuple[str, ...]
    paused: bool
    ended: bool
    seconds: int
    minutes: int
    digits: bool
    hidden: bool
    started: time | None
    zone: str
    saved: int | None

    @property
    def runs(self) -> bool:
        return not (self.paused or self.ended)

    @property
    def prong(self) -> str:
        return adherence.PRONG_OF[self.strand]


def seconds_run(watch: Stopwatch, now: datetime) -> int:
    """Between two instants of the server, so a clock that is put forward or back is nothing to it."""
    until = watch.ended_at or now
    if watch.paused_at:
        until = min(until, watch.paused_at)
    return max(0, round((until - watch.started_at).total_seconds()) - watch.paused_seconds)


def running_row(patient: Patient) -> Stopwatch | None:
    return _rows(patient).filter(ended_at=None).first()


def running_for(viewer: Viewer) -> Stopwatch | None:
    """The one that runs, for somebody who may know of it now."""
    return _seen_by(viewer).filter(ended_at=None).first()


def find(viewer: Viewer, text: str) -> Stopwatch | None:
    """The one with this id, over or not; without an id the one that runs. Ids of others are unknown here."""
    if not text:
        return running_for(viewer)
    client_id = parse_uuid(text)
    return _seen_by(viewer).filter(client_id=client_id).first() if client_id else None


def _seen_by(viewer: Viewer) -> QuerySet[Stopwatch]:
    """While today is hidden from the viewer only what they started."""
    rows = _rows(viewer.patient)
    return rows.filter(started_by=viewer.eyes) if viewer.hidden_day(timezone.now()) else rows


def _rows(patient: Patient) -> QuerySet[Stopwatch]:
    return Stopwatch.objects.filter(patient=patient).select_related("activity", "session", "program")


def timed(viewer: Viewer, watch: Stopwatch, now: datetime) -> Timed:
    seconds, times = seconds_run(watch, now), viewer.may(access.SEE_TIMES)
    zone = viewer.patient.clock_at(watch.started_at).zone
    differs = zone != viewer.patient.clock_at(now).zone
    return Timed(
        id=watch.client_id,
        strand=watch.strand,
        guided=watch.source == Source.GUIDED,
        rough=watch.rough,
        what=_what(watch),
        paused=watch.paused_at is not None,
        ended=watch.ended_at is not None,
        seconds=seconds,
        minutes=adherence.timer_minutes(seconds),
        digits=times,
        hidden=viewer.patient.timer_hidden,
        started=days.Clock(zone).wall_time(watch.started_at).time() if times else None,
        zone=zone if times and differs else "",
        saved=watch.session.minutes if watch.session else None,
    )


def _what(watch: Stopwatch) -> tuple[str, ...]:
    texture = TEXTURES.get(Texture(watch.texture)) if watch.texture else ""
    parts = (
        watch.activity.name if watch.activity else "",
        label_list(AREAS, watch.body_areas),
        str(texture or ""),
    )
    return tuple(part for part in parts if part)


def running(viewer: Viewer) -> Timed | None:
    """What runs or pauses now: one small query while nothing does, as nearly always, and then one more."""
    if not Stopwatch.objects.filter(patient=viewer.patient, ended_at=None).exists():
        return None
    watch = running_for(viewer)
    return timed(viewer, watch, timezone.now()) if watch else None


def must_ask(viewer: Viewer, watch: Stopwatch, now: datetime) -> bool:
    """Nobody works for four hours, or into the next day: then it was left running, and only the person knows
    how long it really was."""
    patient = viewer.patient
    too_long = adherence.timer_minutes(seconds_run(watch, now)) > MOST_MINUTES
    return too_long or patient.day_of(watch.started_at) < patient.day_of(now)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a stopwatch says of itself, where a person is asked: its minutes, and its day."""

    minutes: int
    day: date


def guess(viewer: Viewer, watch: Stopwatch, now: datetime) -> Guess:
    """The day is that of the start, or today where that is too far back to log."""
    patient, today = viewer.patient, viewer.patient.day_of(now)
    day = patient.day_of(watch.started_at)
    loggable = day >= choices.oldest_day(viewer, today, Source.TYPED)
    minutes = min(adherence.timer_minutes(seconds_run(watch, now)), MOST_MINUTES)
    return Guess(minutes, day if loggable else today)


def chime_is_off(patient: Patient, now: datetime) -> bool:
    """Not wanted, or in school: Monday to Friday, between the patient's own hours."""
    if not patient.chime:
        return True
    if patient.school_from is None or patient.school_until is None:
        return False
    wall = days.Clock(patient.clock_at(now).zone).wall_time(now)
    is_weekday = wall.weekday() < SATURDAY
    return is_weekday and patient.school_from <= wall.time() < patient.school_until


def done_today(viewer: Viewer, program: Program, today: date) -> frozenset[int]:
    """Exercises of the program, by key of the activity, that a live session of today already has."""
    items = SessionItem.objects.filter(
        session__daily_log__patient=viewer.patient,
        session__daily_log__day=today,
        session__voided_at=None,
        activity__programitem__program=program,
    )
    if viewer.hides(today, timezone.now()):
        items = items.filter(session__entered_by=viewer.eyes)
    return frozenset(items.values_list("activity_id", flat=True))
