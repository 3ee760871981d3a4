"""A record becomes the teen's own to manage: with a parent's word and the teen's, or a therapist's."""

from django.db import transaction
from django.utils import timezone

from exercises import access
from exercises.access import Viewer
from exercises.models.choices import EndReason
from exercises.queries import team as queries

from . import notices, team, totals
from .changes import note_change

ASK_FIELDS = ("self_managed_asked_by", "self_managed_asked_at")


def agree(*, viewer: Viewer) -> bool:
    """Asks; or makes it so where the other side has asked, or the viewer needs nobody's word.

    ``False``: there is nothing to ask or to agree to now.
    """
    with transaction.atomic():
        now = _now(viewer)
        if now.may_agree:
            _make(viewer)
        elif now.may_ask:
            _ask(viewer)
        else:
            return False
    return True


def stop(*, viewer: Viewer) -> bool:
    """Takes the question back, or says "not now" to it."""
    with transaction.atomic():
        if not _now(viewer).may_stop:
            return False
        _set_asked(viewer, by_viewer=False)
        _tell(viewer, "self_managed_not_now")
    return True


def _now(viewer: Viewer) -> queries.SelfManaged:
    """How it stands, under the lock."""
    totals.lock(viewer.patient)
    viewer.patient.refresh_from_db(fields=["self_managed", *ASK_FIELDS])
    return queries.self_managed(viewer)


def _ask(viewer: Viewer) -> None:
    _set_asked(viewer, by_viewer=True)
    _tell(viewer, "self_managed_asked")


def _make(viewer: Viewer) -> None:
    patient = viewer.patient
    paused = list(access.parents_of(patient).select_related("user"))
    for link in paused:
        team.end(viewer=viewer, link=link, reason=EndReason.SELF_MANAGED)
    patient.self_managed = True
    _set_asked(viewer, by_viewer=False)
    _tell(viewer, "self_managed")
    parents = [link.user for link in paused if link.user != viewer.user]
    notices.tell(parents, "self_managed_paused", patient=patient, record=patient.name)


def _set_asked(viewer: Viewer, *, by_viewer: bool) -> None:
    patient = viewer.patient
    before = {"asked": patient.self_managed_asked_by_id is not None}
    patient.self_managed_asked_by = viewer.user if by_viewer else None
    patient.self_managed_asked_at = timezone.now() if by_viewer else None
    patient.save(update_fields=["self_managed", *ASK_FIELDS])
    note_change(
        viewer=viewer,
        subject="team",
        subject_id=patient.pk,
        what="self-managed",
        before=before,
        after={"asked": by_viewer, "self_managed": patient.self_managed},
    )


def _tell(viewer: Viewer, kind: str) -> None:
    patient = viewer.patient
    notices.tell_team(patient, kind, but=viewer.user, by=viewer.user.shown_name, record=patient.name)
