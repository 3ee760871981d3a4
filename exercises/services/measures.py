"""Measures: one value of a visit. A value that was wrong is removed, never rewritten."""

from dataclasses import asdict
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from exercises import measures
from exercises.access import Viewer
from exercises.measures import Taken
from exercises.models import FunctionMeasure

from . import totals
from .changes import note_change
from .once import keep_once


def record_measure(*, viewer: Viewer, taken: Taken, form_id: UUID | None = None) -> FunctionMeasure:
    """``form_id`` as in ``keep_once``. Raises ``ValidationError`` for what the instrument cannot say, and for
    what the same form saved before and somebody removed since: its id stays taken."""
    fact = measures.FACTS[taken.kind]
    if not measures.is_possible(fact, taken.value, taken.out_of):
        raise ValidationError({"value": "no such value"})
    row = FunctionMeasure(
        patient=viewer.patient, added_by=viewer.user, entered_as=viewer.entered_as, **asdict(taken)
    )
    content = asdict(taken) | {
        "value": str(measures.tidy(taken.value)),
        "taken_on": taken.taken_on.isoformat(),
    }
    with transaction.atomic():
        totals.lock(viewer.patient)
        kept = keep_once(row, form_id, *content.values())
    if kept.voided_at:
        raise ValidationError(
            gettext("You saved this value before, and it was removed. You can put it back below.")
        )
    return kept


def void_measure(*, viewer: Viewer, measure: FunctionMeasure) -> FunctionMeasure:
    """Takes a value off every page; the row stays. Removing it again changes nothing."""
    return _set_void(viewer, measure, removed=True)


def restore_measure(*, viewer: Viewer, measure: FunctionMeasure) -> FunctionMeasure:
    """Puts a removed value back as it was. Again changes nothing."""
    return _set_void(viewer, measure, removed=False)


def _set_void(viewer: Viewer, measure: FunctionMeasure, *, removed: bool) -> FunctionMeasure:
    with transaction.atomic():
        totals.lock(viewer.patient)
        measure.refresh_from_db()
        was_removed = measure.voided_at is not None
        if was_removed != removed:
            measure.voided_at = timezone.now() if removed else None
            measure.voided_by = viewer.user if removed else None
            measure.full_clean()
            measure.save(update_fields=["voided_at", "voided_by"])
            note_change(
                viewer=viewer,
                subject="measure",
                subject_id=measure.pk,
                what="removed" if removed else "restored",
                before={"removed": was_removed},
                after={"removed": removed},
            )
    return measure
