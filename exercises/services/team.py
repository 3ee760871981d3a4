"""The care team changes: a link ends, comes back, is handed over or covered. Everyone on it is told.

Each act takes the patient's lock, leaves a ``Change`` and counts from the next request of whom it concerns.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from exercises import access, joining
from exercises.access import Viewer
from exercises.models import CareTeamMember, User
from exercises.models.choices import EndReason, Role
from exercises.queries import team

from . import notices, totals
from .changes import note_change


class StillNeededError(Exception):
    """Nobody who keeps the record would be left."""


def end_link(*, viewer: Viewer, link: CareTeamMember) -> None:
    """The link of somebody ends now, and with it those of colleagues who cover for them.

    Raises ``StillNeededError`` for one's own link without which the record would have no keeper.
    """
    with transaction.atomic():
        totals.lock(viewer.patient)
        link.refresh_from_db()
        if not link.is_open:
            return
        own = link.user_id == viewer.user.pk
        if own and team.is_needed(link):
            raise StillNeededError
        end(viewer=viewer, link=link, reason=joining.reason_to_end(viewer, link))
        covers = _end_covers(viewer, link)
        _tell_of_end(viewer, link, own=own)
        for cover in covers:
            _tell_one(viewer, cover, "cover_over")


def end(*, viewer: Viewer, link: CareTeamMember, reason: str) -> None:
    """Ends an open link; called inside the transaction, and under the lock, of what it is a part of."""
    before = _snapshot(link)
    link.until, link.ended_by, link.end_reason = timezone.now(), viewer.user, reason
    link.save(update_fields=["until", "ended_by", "end_reason"])
    _note(viewer, link, "ended", before)


def undo_end(*, viewer: Viewer, link: CareTeamMember) -> bool:
    """Brings back who was taken off. ``False``: this cannot be undone, or not any more."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        link.refresh_from_db()
        back = _links(viewer, link.user).exists()
        if back or not (viewer.may_undo(link) and link.user.is_active):
            return False
        before = _snapshot(link)
        link.until, link.ended_by, link.end_reason = None, None, ""
        link.save(update_fields=["until", "ended_by", "end_reason"])
        _note(viewer, link, "brought back", before)
        _tell(viewer, "back_on_team", who=link.user.shown_name)
    return True


def hand_over(*, viewer: Viewer, to: User, discipline: str) -> None:
    """A colleague takes the viewer's place; who covered for the viewer leaves too."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        own = _links(viewer, viewer.user).first()
        if own is None:
            return
        end(viewer=viewer, link=own, reason=EndReason.HANDED_OVER)
        covers = _end_covers(viewer, own)
        for cover in _links(viewer, to).filter(until__isnull=False):
            end(viewer=viewer, link=cover, reason=EndReason.HANDED_OVER)
        if not _links(viewer, to).exists():
            _join(viewer, to, discipline, by_parent=own.by_parent)
        _tell(viewer, "handed_over", who=to.shown_name)
        for cover in covers:
            if cover.user_id != to.pk:
                _tell_one(viewer, cover, "cover_over")


def cover(*, viewer: Viewer, by: User, last_day: date, discipline: str) -> None:
    """A colleague is on the team in the viewer's place until a day is over."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        if _links(viewer, by).exists():
            return
        until = team.ends_after(viewer.patient, last_day)
        own = _links(viewer, viewer.user).first()
        by_parent = own is not None and own.by_parent
        _join(viewer, by, discipline, covers=viewer.user, until=until, by_parent=by_parent)
        _tell(viewer, "covers", who=by.shown_name, until=last_day.isoformat())


def vouch(*, viewer: Viewer, link: CareTeamMember) -> None:
    """Somebody says who this therapist is, whom a parent brought; again changes nothing."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        link.refresh_from_db()
        if not viewer.may_vouch(link):
            return
        before = _snapshot(link)
        link.by_parent = False
        link.save(update_fields=["by_parent"])
        _note(viewer, link, "vouched for", before)
        _tell(viewer, "vouched_for", who=link.user.shown_name)


def _links(viewer: Viewer, user: User) -> QuerySet[CareTeamMember]:
    """What links somebody to the record as a therapist, asked anew: "now" moves on."""
    return access.therapists_of(viewer.patient).filter(user=user)


def _join(viewer: Viewer, user: User, discipline: str, **fields: Any) -> None:
    link = CareTeamMember(
        patient=viewer.patient, user=user, role=Role.THERAPIST, discipline=discipline, **fields
    )
    link.full_clean()
    link.save()
    _note(viewer, link, "joined", {})


def _end_covers(viewer: Viewer, link: CareTeamMember) -> list[CareTeamMember]:
    covers = access.therapists_of(viewer.patient).filter(covers=link.user_id).select_related("user")
    ended = list(covers)
    for cover in ended:
        end(viewer=viewer, link=cover, reason=link.end_reason)
    return ended


def _tell_of_end(viewer: Viewer, link: CareTeamMember, *, own: bool) -> None:
    if own:
        _tell(viewer, "left_team", who=link.user.shown_name)
        return
    kind = "taken_off" if viewer.may_undo(link) else "taken_off_for_good"
    _tell(viewer, kind, who=link.user.shown_name)
    _tell_one(viewer, link, "taken_off_yourself")


def _tell(viewer: Viewer, kind: str, **params: Any) -> None:
    params |= {"by": viewer.user.shown_name, "record": viewer.patient.name}
    notices.tell_team(viewer.patient, kind, but=viewer.user, **params)


def _tell_one(viewer: Viewer, link: CareTeamMember, kind: str) -> None:
    notices.tell([link.user], kind, patient=viewer.patient, record=viewer.patient.name)


def _note(viewer: Viewer, link: CareTeamMember, what: str, before: dict[str, Any]) -> None:
    note_change(
        viewer=viewer,
        subject="team",
        subject_id=link.pk,
        what=what,
        before=before,
        after=_snapshot(link),
    )


def _snapshot(link: CareTeamMember) -> dict[str, Any]:
    """As it can be kept in a ``Change``: no names, no ids of people."""
    return {
        "role": link.role,
        "discipline": link.discipline,
        "until": link.until.isoformat() if link.until else None,
        "end_reason": link.end_reason,
        "covers": link.covers_id is not None,
        "by_parent": link.by_parent,
    }
