"""Logging a session, correcting it, removing it.

An id made by the device and a digest of what was first sent make a re-send harmless, however often and by
whomever: the database's constraint decides, nothing looks first.

Exercises on a rough surface are two sessions in the same minutes, one of each strand: they are kept,
corrected, removed and put back together.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Q
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
from exercises.models.choices import Source, Strand

from . import totals
from .changes import note_change

# Rows that a form or a service chose: looked up once, not once more for each session.
NOT_TYPED = ["patient", "daily_log", "activity", "slot", "together_with", "entered_by"]


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
    """What was done, without clocks or sender. ``minutes`` is ``None`` only for stress management. Items
    carry the dose that was done. ``rough`` is for exercises only: done on a rough surface."""

    day: date
    strand: str
    minutes: int | None = None
    activity: Activity | None = None
    items: tuple[ProgramItem, ...] = ()
    body_areas: tuple[str, ...] = ()
    slot: RoutineSlot | None = None
    texture: str = ""
    started_at: datetime | None = None
    rough: bool = False

    def digest(self) -> str:
        """sha256 of the canonical form. The texture is a detail that may follow later, so it is not in it;
        ``rough`` is only where it is so, which leaves the digests of all other sessions as they were."""
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
        if self.rough:
            canonical["rough"] = True
        return hashlib.sha256(json.dumps(canonical, sort_keys=True).encode()).hexdigest()

    def touch(self) -> "Bout":
        """The desensitization done in the same minutes."""
        return replace(self, strand=Strand.DESENSITIZATION, activity=None, items=(), rough=False)


def touch_id(client_id: UUID) -> UUID:
    """The id of the desensitization that belongs to exercises on a rough surface."""
    return uuid5(client_id, "touch")


# What both halves of exercises on a rough surface say.
SHARED_DETAILS = ("minutes", "body_areas", "texture", "started_at")


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
                if bout.rough:
                    _insert_touch(session, viewer, bout, recorded, source)
        except IntegrityError:
            # Asked for again: anything but a taken id is a defect, and then this raises.
            taken = _taken(viewer, client_id)
            if taken.client_id != client_id or taken.digest != digest:
                raise Conflict(taken) from None
            return Receipt(taken)
        SessionItem.objects.bulk_create(new_items(session, bout.items or _usual_items(session)))
        totals.recount(session.daily_log)
        if (viewer.patient.last_logged_on or date.min) < bout.day <= viewer.patient.today():
            totals.refresh_last_logged(viewer.patient)
    return Receipt(session, created=True)


def _usual_items(session: TherapySession) -> Iterable[ProgramItem]:
    """One tap logs the usual dose: where the list is what counts, all of it."""
    program = session.daily_log.program
    tapped = session.source == Source.TAP and session.strand == Strand.EXERCISES
    if program is None or not tapped or not totals.by_list(program):
        return ()
    return program.items.filter(activity__strand=Strand.EXERCISES)


def _insert(
    viewer: Viewer,
    client_id: UUID,
    bout: Bout,
    digest: str,
    recorded: Recorded,
    source: str,
    together_with: TherapySession | None = None,
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
    session.together_with = together_with
    # No full_clean: it looks before it inserts, and a re-send must reach the constraint.
    session.clean_fields(exclude=NOT_TYPED)
    session.save(force_insert=True)
    return session


def _insert_touch(
    exercises: TherapySession, viewer: Viewer, bout: Bout, recorded: Recorded, source: str
) -> TherapySession:
    touch, client_id = bout.touch(), touch_id(exercises.client_id)
    return _insert(viewer, client_id, touch, touch.digest(), recorded, source, together_with=exercises)


def _taken(viewer: Viewer, client_id: UUID) -> TherapySession:
    """The session that holds this id; or, where nobody does, the id of the desensitization with it."""
    try:
        return _session(viewer, client_id)
    except TherapySession.DoesNotExist:
        return _session(viewer, touch_id(client_id))


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
    """Items that were there before keep the dose that was done."""
    chosen = {item.pk: item for item in items}
    session.items.exclude(program_item__in=chosen).delete()
    there = set(session.items.values_list("program_item_id", flat=True))
    SessionItem.objects.bulk_create(
        new_items(session, (item for key, item in chosen.items() if key not in there))
    )


def new_items(session: TherapySession, items: Iterable[ProgramItem]) -> list[SessionItem]:
    """Which exercises were done, with the dose that the items carry."""
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
        old_row, row = session.daily_log, totals.day_row(viewer.patient, bout.day)
        other = _done_together(session)
        _correct(viewer, session, row, _details(bout), bout.items)
        if other:
            shared = {name: _details(bout)[name] for name in SHARED_DETAILS}
            _correct(viewer, other, row, shared)
        for changed in {old_row.pk: old_row, row.pk: row}.values():
            totals.recount(changed)
        totals.refresh_last_logged(viewer.patient)
    return session


def _correct(
    viewer: Viewer,
    session: TherapySession,
    row: DailyLog,
    details: dict[str, Any],
    items: Iterable[ProgramItem] | None = None,
) -> None:
    before = _snapshot(session)
    session.daily_log = row
    for name, value in details.items():
        setattr(session, name, value)
    if items is not None:
        _set_items(session, items)
    session.version += 1
    session.corrected = True
    session.clean_fields(exclude=NOT_TYPED)
    session.save(update_fields=["daily_log", "version", "corrected", *details])
    _note(viewer, session, "corrected", before)


def _done_together(session: TherapySession) -> TherapySession | None:
    """The other half of exercises on a rough surface, from either side."""
    halves = TherapySession.objects.select_related("daily_log__program").filter(patient=session.patient_id)
    return halves.filter(Q(together_with=session) | Q(pk=session.together_with_id)).first()


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
            for half in filter(None, (session, _done_together(session))):
                before = _snapshot(half)
                half.voided_at, half.voided_by = at, by
                half.version += 1
                half.save(update_fields=["voided_at", "voided_by", "version"])
                _note(viewer, half, what, before)
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
