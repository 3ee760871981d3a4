"""An administrator looks into one record, for a reason and for an hour. The family is told at once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from exercises.models import BreakGlass, Change, Patient, User

from . import notices
from .changes import note_event

HOLDS = timedelta(hours=1)


@transaction.atomic
def break_glass(*, user: User, patient: Patient, reason: str) -> BreakGlass:
    now = timezone.now()
    entry = BreakGlass(user=user, patient=patient, reason=reason, at=now, until=now + HOLDS)
    entry.full_clean()
    entry.save()
    Change.objects.create(
        patient=patient,
        subject="glass",
        subject_id=entry.pk,
        what="broken",
        by=user,
        after={"until": entry.until.isoformat()},
    )
    notices.tell_team(patient, "broken_glass", who=user.shown_name, record=patient.name, reason=reason)
    note_event("break_glass", user=user.pk, patient=patient.pk)
    return entry
