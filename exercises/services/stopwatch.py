"""Timing a session. What runs is a row with the server's instants in it, so it outlives a closed tab, an
empty battery and a restarted server, and every device of the team sees the same.

One runs at a time. Its id becomes the session's, and every change is made under the patient's lock: who stops
what is stopped already changes nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from exercises.access import Viewer
from exercises.days import Recorded
from exercises.models import Activity, Program, ProgramItem, RoutineSlot, Stopwatch, TherapySession
from exercises.models.choices import Source
from exercises.queries import guided
from exercises.queries import stopwatch as queries

from . import totals
from .sessions import Bout, Conflict, record_session

CHOSEN = ["patient", "activity", "slot", "program", "started_by", "ended_by", "session"]


@dataclass(frozen=True, slots=True)
class Ended:
    """What stopping came to: ``asks`` means that it paused, because somebody has to say how long it was.
    ``session`` is ``None`` then, and for one that was left without saving."""

    watch: Stopwatch
    session: TherapySession | None
    now: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """How long it really was, and on which day."""

    minutes: int
    day: date


def start(
    *,
    viewer: Viewer,
    strand: str,
    source: str = Source.TIMER,
    activity: Activity | None = None,
    slot: RoutineSlot | None = None,
    body_areas: tuple[str, ...] = (),
    texture: str = "",
    rough: bool = False,
    program: Program | None = None,
    step: int = 0,
    minutes_ago: int = 0,
) -> tuple[Stopwatch, bool]:
    """Starts the clock, and says whether it did: with something running, that goes on and is given."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        running = queries.running_row(viewer.patient)
        if running is not None:
            return running, False
        watch = Stopwatch(
            patient=viewer.patient,
            source=source,
            strand=strand,
            activity=activity,
            slot=slot,
            body_areas=sorted(body_areas),
            texture=texture,
            rough=rough,
            program=program,
            step=step,
            started_at=timezone.now() - timedelta(minutes=minutes_ago),
            started_by=viewer.user,
            entered_as=viewer.entered_as,
        )
        watch.clean_fields(exclude=CHOSEN)
        watch.save(force_insert=True)
    return watch, True


@contextmanager
def locked(viewer: Viewer, client_id: UUID) -> Iterator[Stopwatch]:
    """The row as it stands, for as long as nobody else can change it."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        # On PostgreSQL no join with what may be empty can be locked; the patient's row is the lock.
        yield Stopwatch.objects.select_related("program", "activity", "slot", "session").get(
            patient=viewer.patient, client_id=client_id
        )


def _pressed(watch: Stopwatch, waited: int) -> datetime:
    """When a button was pressed that took so many seconds to come here, as a phone without a signal keeps
    it; never before what the row knows."""
    return max(timezone.now() - timedelta(seconds=waited), watch.paused_at or watch.started_at)


def pause(*, viewer: Viewer, client_id: UUID, waited: int = 0) -> Stopwatch:
    """Pausing what pauses, or is over, changes nothing."""
    with locked(viewer, client_id) as watch:
        if watch.ended_at is None:
            _pause(watch, _pressed(watch, waited))
    return watch


def _pause(watch: Stopwatch, now: datetime) -> None:
    if watch.paused_at is None:
        _save(watch, paused_at=now)


def resume(*, viewer: Viewer, client_id: UUID, waited: int = 0) -> Stopwatch:
    """Goes on after a pause; what runs, or is over, stays as it is."""
    with locked(viewer, client_id) as watch:
        if watch.ended_at is None and watch.paused_at is not None:
            paused = round((_pressed(watch, waited) - watch.paused_at).total_seconds())
            _save(watch, paused_seconds=watch.paused_seconds + paused, paused_at=None)
    return watch


def set_earlier(*, viewer: Viewer, client_id: UUID, minutes_ago: int) -> tuple[Stopwatch, bool]:
    """It had begun this many minutes ago. Never makes it shorter: says whether anything changed."""
    with locked(viewer, client_id) as watch:
        began = timezone.now() - timedelta(minutes=minutes_ago)
        changed = watch.ended_at is None and began < watch.started_at
        if changed:
            _save(watch, started_at=began)
    return watch, changed


def leave(*, viewer: Viewer, client_id: UUID) -> Ended:
    """Ends it without a session. The row stays."""
    with locked(viewer, client_id) as watch:
        if watch.ended_at is not None:
            return Ended(watch, watch.session)
        _save(watch, ended_at=timezone.now(), ended_by=viewer.user)
    return Ended(watch, None, now=True)


def stop(*, viewer: Viewer, client_id: UUID, answer: Answer | None = None, waited: int = 0) -> Ended:
    """Ends it, and keeps what was done as one session on the day it began."""
    with locked(viewer, client_id) as watch:
        if watch.ended_at is not None:
            return Ended(watch, watch.session)
        now = _pressed(watch, waited)
        if answer is None and queries.must_ask(viewer, watch, now):
            _pause(watch, now)
            return Ended(watch, None, asks=True)
        session = _record(viewer, watch, now, answer)
        _save(watch, ended_at=now, ended_by=viewer.user, session=session)
    return Ended(watch, session, now=True)


def _record(viewer: Viewer, watch: Stopwatch, now: datetime, answer: Answer | None) -> TherapySession:
    own = queries.guess(viewer, watch, now)
    minutes, day = (answer.minutes, answer.day) if answer else (own.minutes, own.day)
    by_clock = (minutes, day) == (own.minutes, viewer.patient.day_of(watch.started_at))
    bout = Bout(
        day=day,
        strand=watch.strand,
        minutes=minutes,
        activity=watch.activity,
        items=_items(watch),
        body_areas=tuple(watch.body_areas),
        slot=watch.slot,
        texture=watch.texture,
        # A start on another day than the one it is kept on would say something that was not so.
        started_at=watch.started_at if day == viewer.patient.day_of(watch.started_at) else None,
        rough=watch.rough,
    )
    try:
        receipt = record_session(
            viewer=viewer,
            client_id=watch.client_id,
            bout=bout,
            recorded=Recorded(now),
            source=watch.source if by_clock else Source.TYPED,
        )
    except Conflict as conflict:
        # Somebody sent a session of their own under this id: that one stands.
        return conflict.session
    return receipt.session


def _items(watch: Stopwatch) -> tuple[ProgramItem, ...]:
    """The exercises of a guided session that were done, each with as many sets as were done."""
    return tuple(step.as_done() for step in guided.steps_of(watch) if step.sets_done)


def _save(watch: Stopwatch, **values: Any) -> None:
    for name, value in values.items():
        setattr(watch, name, value)
    watch.save(update_fields=list(values))
