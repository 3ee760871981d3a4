"""A person's own choices, and the settings of a record."""

from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from exercises import days
from exercises.access import Viewer
from exercises.models import Patient, User

from . import totals
from .changes import note_change

CLOCK_FIELDS = ("zone", "day_start", "previous_zone", "previous_day_start", "clock_since")


def set_theme(*, user: User, theme: str) -> None:
    user.theme = theme
    user.clean_fields(exclude=["password"])
    user.save(update_fields=["theme"])


def change_settings(*, viewer: Viewer, zone: str, day_start: int, **others: Any) -> Patient:
    """``others``: ``body_areas``, ``paper``, school hours, how timers show and sound. A change of the clock
    waits: ``days.change_takes_effect``."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        patient = viewer.patient
        patient.refresh_from_db()
        names = (*CLOCK_FIELDS, *others)
        before = _snapshot(patient, names)
        _set_clock(patient, days.Clock(zone, day_start))
        for name, value in others.items():
            setattr(patient, name, value)
        after = _snapshot(patient, names)
        if after != before:
            patient.full_clean()
            patient.save(update_fields=names)
            note_change(
                viewer=viewer,
                subject="settings",
                subject_id=patient.pk,
                what="changed",
                before=before,
                after=after,
            )
    return patient


def _set_clock(patient: Patient, wanted: days.Clock) -> None:
    """Replaces a change that is still waiting; the clock that counts now stays until the next boundary."""
    now = timezone.now()
    current, planned = patient.clock_at(now), days.Clock(patient.zone, patient.day_start)
    if wanted == planned:
        return
    patient.zone, patient.day_start = wanted.zone, wanted.day_start
    patient.previous_zone, patient.previous_day_start = current.zone, current.day_start
    waits = wanted != current
    patient.clock_since = days.change_takes_effect(current, wanted, now=now) if waits else None


def _snapshot(patient: Patient, names: tuple[str, ...]) -> dict[str, Any]:
    """As it can be kept in a ``Change``."""
    values = {name: getattr(patient, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, datetime | time) else value
        for name, value in values.items()
    }
