"""Logging a session, correcting it, removing it.

An id made by the device and a digest of what was first sent make a re-send harmless, however often and by
whomever: the database's constraint decides, nothing looks first.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from exercises.access import Viewer
from exercises.days import Recorded
from exercises.models import (
    Activity,
    DailyLog,
    Patient,
    ProgramItem,
    RoutineSlot,
    SessionItem,
    TherapySession,
    User,
)

from . import totals
from .changes import note_change


class Conflict(Exception):
    """The id is taken by other content."""

    def __init__(self, session: TherapySession) -> None:
        super().__init__(str(session.client_id))
        self.session = session


class Stale(Exception):
    """Somebody changed the entry after it was opened; ``session`` is as it stands now."""

    def __init__(self, session: TherapySession) -> None:
        super().__init__(str(session.client_id))
        self.session = session


@dataclass(frozen=True, slots=True)
class Bout:
    """What was done, without clocks or sender. ``minutes`` is ``None`` only for stress management."""

    day: date
    strand: str
    minutes: int | None = None
    activity: Activity | None = None
    items: tuple[ProgramItem, ...] = ()
    body_areas: tuple[str, ...] = ()
    slot: RoutineSlot | None = None
    texture: str = ""
    started_at: datetime | None = None

    def digest(self) -> str:
        """sha256 of the canonical form. The texture is a detail that may follow later, so it is not in it."""
        canonical = {
            "day": self.day.isoformat(),
            "strand": self.strand,
            "minutes": self.minutes,
            "activity": self.activity.pk if self.activity else None,
            "items": sorted(item.pk for item in self.items),
            "areas": sorted(self.body_areas),
            "slot": self.slot.pk if self.slot else None,
            "started_at": self.started_at.astimezone(UTC).isoformat() if self.started_at else None,
        }
        return hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    session: TherapySession
    created: bool = field(default=False)


def record_session(
    *, viewer: Viewer, client_id: UUID, bout: Bout, recorded: Recorded, source: str
) -> Receipt:
    """Keeps one session and recounts its day. The same id with the same content is the same session.

    Raises ``Conflict`` when the id holds other content.
    """
    digest = bout.digest()
    with transaction.atomic():
        totals.lock(viewer.patient)
        try:
            with transaction.atomic():
                session = _insert(viewer, client_id, bout, digest, recorded, source)
        except IntegrityError:
            # Asked for again: anything but the taken id is a defect, and then this raises.
            taken = _session(viewer, client_id)
            if taken.digest != digest:
                raise Conflict(taken) from None
            return Receipt(taken)
        _set_items(session, bout.items)
        totals.recount(session.daily_log)
        if (viewer.patient.last_logged_on or date.min) < bout.day <= viewer.patient.today():
            totals.refresh_last_logged(viewer.patient)
    return Receipt(session, created=True)


def _insert(
    viewer: Viewer, client_id: UUID, bout: Bout, digest: str, recorded: Recorded, source: str
) -> TherapySession:
    session = new_session(
        patient=viewer.patient,
        daily_log=totals.day_row(viewer.patient, bout.day),
        client_id=client_id,
        bout=bout,
        digest=digest,
        recorded=recorded,
        received_at=timezone.now(),
        source=source,
        by=viewer.user,
        entered_as=viewer.entered_as,
    )
    # No full_clean: it looks before it inserts, and a re-send must reach the constraint.
    session.clean_fields(exclude=["patient", "daily_log", "activity", "slot", "entered_by"])
    session.save(force_insert=True)
    return session


def new_session(
    *,
    patient: Patient,
    daily_log: DailyLog,
    client_id: UUID,
    bout: Bout,
    digest: str,
    recorded: Recorded,
    received_at: datetime,
    source: str,
    by: User,
    entered_as: str,
) -> TherapySession:
    """The row of a session, not yet in the database: what is derived at entry is derived here."""
    # A clock that runs ahead says nothing: what has come was done before it came.
    done_by = min(recorded.at, received_at)
    clock = patient.clock_at(done_by)
    return TherapySession(
        patient=patient,
        client_id=client_id,
        digest=digest,
        daily_log=daily_log,
        strand=bout.strand,
        recorded_at=recorded.at,
        received_at=received_at,
        zone=clock.zone,
        added_later=clock.day_of(done_by) > bout.day,
        clock_doubt=recorded.doubt,
        source=source,
        entered_by=by,
        entered_as=entered_as,
        **_details(bout),
    )


def _details(bout: Bout) -> dict[str, Any]:
    return {
        "minutes": bout.minutes,
        "activity": bout.activity,
        "body_areas": sorted(bout.body_areas),
        "slot": bout.slot,
        "texture": bout.texture,
        "started_at": bout.started_at,
    }


def _set_items(session: TherapySession, items: Iterable[ProgramItem]) -> None:
    SessionItem.objects.bulk_create(new_items(session, items))


def new_items(session: TherapySession, items: Iterable[ProgramItem]) -> list[SessionItem]:
    """Which exercises were done, with the dose the program asked for."""
    return [
        SessionItem(
            session=session,
            program_item=item,
            activity_id=item.activity_id,
            sets=item.sets,
            reps=item.reps,
            hold_seconds=item.hold_seconds,
        )
        for item in items
    ]


def _session(viewer: Viewer, client_id: UUID) -> TherapySession:
    return TherapySession.objects.select_related("daily_log__program").get(
        patient=viewer.patient, client_id=client_id
    )


def correct_session(*, viewer: Viewer, client_id: UUID, version: int, bout: Bout) -> TherapySession:
    """Changes what a session says was done, day included, and recounts. Raises ``Stale``."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        session = _session(viewer, client_id)
        if session.version != version or session.voided_at is not None:
            raise Stale(session)
        before, old_row = _snapshot(session), session.daily_log
        session.daily_log = totals.day_row(viewer.patient, bout.day)
        for name, value in _details(bout).items():
            setattr(session, name, value)
        session.items.all().delete()
        _set_items(session, bout.items)
        session.version += 1
        session.corrected = True
        session.clean_fields(exclude=["patient", "daily_log", "activity", "slot", "entered_by"])
        session.save(update_fields=["daily_log", "version", "corrected", *_details(bout)])
        _note(viewer, session, "corrected", before)
        for row in {old_row.pk: old_row, session.daily_log.pk: session.daily_log}.values():
            totals.recount(row)
        totals.refresh_last_logged(viewer.patient)
    return session


def void_session(*, viewer: Viewer, client_id: UUID) -> TherapySession:
    """Takes a session out of every count; the row and its id stay. Removing it again changes nothing."""
    return _set_void(viewer, client_id, "removed", timezone.now(), viewer.user)


def restore_session(*, viewer: Viewer, client_id: UUID) -> TherapySession:
    """Puts a removed session back as it was, with when, how and by whom it came. Again changes nothing."""
    return _set_void(viewer, client_id, "restored", None, None)


def _set_void(
    viewer: Viewer, client_id: UUID, what: str, at: datetime | None, by: User | None
) -> TherapySession:
    with transaction.atomic():
        totals.lock(viewer.patient)
        session = _session(viewer, client_id)
        if (session.voided_at is None) != (at is None):
            before = _snapshot(session)
            session.voided_at, session.voided_by = at, by
            session.version += 1
            session.save(update_fields=["voided_at", "voided_by", "version"])
            _note(viewer, session, what, before)
            totals.recount(session.daily_log)
            totals.refresh_last_logged(viewer.patient)
    return session


def _note(viewer: Viewer, session: TherapySession, what: str, before: dict[str, Any]) -> None:
    note_change(
        viewer=viewer,
        subject="session",
        subject_id=session.pk,
        what=what,
        before=before,
        after=_snapshot(session),
    )


def _snapshot(session: TherapySession) -> dict[str, Any]:
    return {
        "day": session.daily_log.day.isoformat(),
        "minutes": session.minutes,
        "activity": session.activity_id,
        "items": sorted(session.items.values_list("program_item_id", flat=True)),
        "body_areas": session.body_areas,
        "slot": session.slot_id,
        "texture": session.texture,
        "started_at": session.started_at.isoformat() if session.started_at else None,
        "voided": session.voided_at is not None,
        "version": session.version,
    }
