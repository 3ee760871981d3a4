"""When desensitization belongs: slots, sets of them for other days, and when the day is done.

A slot that is taken out is ended and stays, because sessions may hang on it.
"""

from collections.abc import Iterable
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from exercises.access import Viewer
from exercises.models import RoutinePeriod, RoutineSlot
from exercises.queries import routine as queries

from . import totals
from .changes import note_change

SLOT = ("set", "name", "at", "weekdays")


def add_slots(*, viewer: Viewer, slots: Iterable[dict[str, Any]]) -> int:
    """Adds slots (the columns in SLOT), but none that is there already; returns how many were new."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        there = {(slot.set, slot.name, slot.at) for slot in queries.active_slots(viewer.patient)}
        fresh = [slot for slot in slots if (slot["set"], slot["name"], slot["at"]) not in there]
        for columns in fresh:
            slot = RoutineSlot(patient=viewer.patient, **columns)
            slot.full_clean()
            slot.save(force_insert=True)
    return len(fresh)


def change_slot(*, viewer: Viewer, slot: RoutineSlot, **columns: Any) -> RoutineSlot:
    """``columns`` as in SLOT. What was logged in the slot stays in it."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        slot.refresh_from_db()
        before = _snapshot(slot)
        for name, value in columns.items():
            setattr(slot, name, value)
        if _snapshot(slot) != before:
            slot.full_clean()
            slot.save(update_fields=list(columns))
            _note(viewer, "routine", slot.pk, "changed", before, _snapshot(slot))
    return slot


def end_slot(*, viewer: Viewer, slot: RoutineSlot) -> None:
    """From now on it counts no more. Again changes nothing."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        slot.refresh_from_db()
        if slot.ended_at is None:
            slot.ended_at = timezone.now()
            slot.save(update_fields=["ended_at"])
            _note(viewer, "routine", slot.pk, "ended", _snapshot(slot), {})


def add_period(*, viewer: Viewer, set: str, first: date, last: date) -> RoutinePeriod:
    """On these days the routine is that of another set. The same days again are the same period."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        wanted = {"patient": viewer.patient, "set": set, "first": first, "last": last}
        there = RoutinePeriod.objects.filter(**wanted, ended_at=None).first()
        if there is not None:
            return there
        period = RoutinePeriod(**wanted, set_by=viewer.user)
        period.full_clean()
        period.save(force_insert=True)
    return period


def end_period(*, viewer: Viewer, period: RoutinePeriod) -> None:
    """Takes it back: its days follow the usual routine. Again changes nothing."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        period.refresh_from_db()
        if period.ended_at is None:
            period.ended_at = timezone.now()
            period.save(update_fields=["ended_at"])


def set_hours(*, viewer: Viewer, **hours: time | None) -> None:
    """``school_from``, ``school_until`` and ``night_from``."""
    patient = viewer.patient
    with transaction.atomic():
        totals.lock(patient)
        patient.refresh_from_db(fields=list(hours))
        before = {name: _text(getattr(patient, name)) for name in hours}
        for name, value in hours.items():
            setattr(patient, name, value)
        after = {name: _text(value) for name, value in hours.items()}
        if after != before:
            patient.save(update_fields=list(hours))
            _note(viewer, "settings", patient.pk, "changed", before, after)


def _snapshot(slot: RoutineSlot) -> dict[str, Any]:
    return {name: _text(getattr(slot, name)) for name in SLOT}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, time) else value


def _note(
    viewer: Viewer, subject: str, key: int, what: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    note_change(viewer=viewer, subject=subject, subject_id=key, what=what, before=before, after=after)
