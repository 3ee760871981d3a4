"""Days off: asked by the family, answered by a therapist. One stands from the moment it is asked for."""

from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from exercises import access
from exercises.access import Viewer
from exercises.models import DayOff
from exercises.models.choices import DayOffAnswer

from . import totals
from .changes import note_change
from .once import keep_once


def ask_day_off(
    *, viewer: Viewer, first: date, last: date, reason: str, form_id: UUID | None = None
) -> DayOff:
    """A therapist's own is agreed at once, and so is any where no therapist is on the team to answer.
    ``form_id`` as in ``keep_once``."""
    day_off = DayOff(patient=viewer.patient, first=first, last=last, reason=reason, asked_by=viewer.user)
    if viewer.may(access.ANSWER_DAY_OFF):
        _answer(day_off, viewer, DayOffAnswer.GRANTED)
    elif not viewer.has_therapist:
        day_off.answer, day_off.answered_at = DayOffAnswer.GRANTED, timezone.now()
    return keep_once(day_off, form_id, first.isoformat(), last.isoformat(), reason)


def answer_day_off(*, viewer: Viewer, day_off: DayOff, answer: str) -> DayOff:
    """``answer`` is one of ``DayOffAnswer``. A later answer replaces an earlier one and is noted; what was
    taken back stays so."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        day_off.refresh_from_db()
        before = day_off.answer
        if before != answer and day_off.withdrawn_at is None:
            _answer(day_off, viewer, answer)
            day_off.full_clean()
            day_off.save(update_fields=["answer", "answered_by", "answered_at"])
            note_change(
                viewer=viewer,
                subject="day off",
                subject_id=day_off.pk,
                what="answered",
                before={"answer": before},
                after={"answer": answer},
            )
    return day_off


def withdraw_day_off(*, viewer: Viewer, day_off: DayOff) -> DayOff:
    """Its days count again. Taking it back twice changes nothing."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        day_off.refresh_from_db()
        if day_off.withdrawn_at is None:
            day_off.withdrawn_at, day_off.withdrawn_by = timezone.now(), viewer.user
            # Whoever goes back to the form and asks for the same days anew asks anew.
            day_off.client_id = uuid4()
            day_off.full_clean()
            day_off.save(update_fields=["withdrawn_at", "withdrawn_by", "client_id"])
            note_change(
                viewer=viewer,
                subject="day off",
                subject_id=day_off.pk,
                what="taken back",
                before={"withdrawn": False},
                after={"withdrawn": True},
            )
    return day_off


def _answer(day_off: DayOff, viewer: Viewer, answer: str) -> None:
    day_off.answer, day_off.answered_by, day_off.answered_at = answer, viewer.user, timezone.now()
