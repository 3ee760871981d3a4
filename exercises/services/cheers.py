"""Cheers: one a day from each sender, and whom the teen does not want to hear. The sender is never told."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exercises import access
from exercises.access import Viewer
from exercises.models import CareTeamMember, Cheer

from . import totals
from .once import keep_once


def send_cheer(*, viewer: Viewer, text: str, form_id: UUID | None = None) -> Cheer:
    """On the patient's own day. ``form_id`` as in ``keep_once``; raises ``ValidationError`` for a second one
    of a day."""
    patient = viewer.patient
    with transaction.atomic():
        totals.lock(patient)
        today = patient.today()
        cheer = Cheer(patient=patient, day=today, text=text, by=viewer.user, entered_as=viewer.entered_as)
        try:
            cheer = keep_once(cheer, form_id, viewer.user.pk, text)
        except Cheer.DoesNotExist:
            message = _("You sent one today. Tomorrow there is room for the next.")
            raise ValidationError(message, code="one_a_day") from None
        if patient.last_cheer_on is None or patient.last_cheer_on < cheer.day:
            patient.last_cheer_on = cheer.day
            patient.save(update_fields=["last_cheer_on"])
    return cheer


def mute(*, viewer: Viewer, sender: CareTeamMember, muted: bool) -> None:
    """The teen does not see cheers of the person with this link any more, or hears them again: also through
    links that ended, or that come later."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        links = access.cheerers_of(viewer.patient).filter(user=sender.user_id)
        if muted:
            links.filter(muted_at=None).update(muted_at=timezone.now())
        else:
            links.update(muted_at=None)
