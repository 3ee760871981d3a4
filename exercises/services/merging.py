"""Somebody who is invited keeps a record for this child already: one stays, the empty one closes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exercises import access, joining
from exercises.access import Viewer, get_viewer
from exercises.models import CareTeamMember, Change, Invitation, Patient, User
from exercises.models.choices import EndReason
from exercises.queries import invitations as queries
from exercises.queries.program import latest_version, standing_plan

from . import invitations, totals
from .notices import tell_team
from .programs import revise_program


def keep_one(*, user: User, invitation: Invitation, own: Patient) -> Patient:
    """Takes the invitation up for a record that the person keeps; gives the record that stays.

    The inviting team joins ``own`` and the invited record, which is empty, closes; else, when ``own`` is
    empty and nobody else's, the person leaves it for the invited one. Raises ``Dead`` as ``accept`` does, and
    ``ValidationError`` when neither will do. Nothing changes then.
    """
    invited = invitation.patient
    assert invited is not None
    try:
        with transaction.atomic():
            for patient in sorted((own, invited), key=lambda record: record.pk):
                totals.lock(patient)
            invitations.use(user=user, invitation=invitation)
            if queries.may_take_in(user, own, invited):
                return _take_in(user, own, invited)
            if queries.may_move(user, own, invited, invitation.role):
                return _move(user, own, invitation)
            raise ValidationError(
                _("These two records cannot become one here. Ask the person who invited you.")
            )
    except IntegrityError as error:
        raise ValidationError(_("Somebody changed one of the teams just now. Please try again.")) from error


def _take_in(user: User, own: Patient, invited: Patient) -> Patient:
    """The team of ``invited`` joins ``own``; its program comes along, from tomorrow."""
    team = list(CareTeamMember.objects.active().filter(patient=invited).select_related("user"))
    viewer = get_viewer(user, own.code)
    _close(invited, by=user, entered_as=viewer.entered_as)
    for link in team:
        _link(own, link, viewer)
    invitations.ask_for_words(own)
    _bring_program(invited, viewer)
    _note(own, user, viewer.entered_as, "merged", [link.role for link in team])
    tell_team(own, "merged", but=user, who=user.shown_name)
    return own


def _link(own: Patient, link: CareTeamMember, viewer: Viewer) -> None:
    """The same place in the other record. Who agreed to the wording there is asked again here; a parent who
    takes a clinic's team in brings its therapists."""
    if joining.why_not_join(link.user, own, link.role):
        return  # is on that team already
    copy = CareTeamMember(
        patient=own,
        user=link.user,
        role=link.role,
        discipline=link.discipline,
        until=link.until if link.until and link.until > timezone.now() else None,
        covers=link.covers,
        of_age=link.of_age,
        by_parent=joining.brings(viewer, link),
    )
    copy.full_clean()
    copy.save()


def _bring_program(invited: Patient, viewer: Viewer) -> None:
    program, own = latest_version(invited), viewer.patient
    if program is None:
        return
    author = access.viewer_of(program.created_by, own) if program.created_by else None
    latest = latest_version(own)
    revise_program(
        viewer=author or viewer,
        # A plan to go back to stays behind: it belongs to the record that closes.
        plan=replace(standing_plan(program), flare_plan=None),
        basis=latest.version if latest else None,
        starts_on=own.today() + timedelta(days=1),
    )


def _move(user: User, own: Patient, invitation: Invitation) -> Patient:
    viewer = get_viewer(user, own.code)
    _close(own, by=user, entered_as=viewer.entered_as)
    invitations.join(user=user, invitation=invitation)
    assert invitation.patient is not None
    return invitation.patient


def _close(patient: Patient, *, by: User, entered_as: str) -> None:
    """Nobody is on the team any more, and no open code leads here."""
    links = CareTeamMember.objects.active().filter(patient=patient)
    roles = list(links.order_by("pk").values_list("role", flat=True))
    links.update(until=timezone.now(), ended_by=by, end_reason=EndReason.MERGED)
    invitations.revoke_all(patient=patient, by=by)
    _note(patient, by, entered_as, "closed", roles)


def _note(patient: Patient, by: User, entered_as: str, what: str, roles: list[str]) -> None:
    """In the trail of a record that the person need not be on. Neither trail names the other record."""
    after: dict[str, Any] = {"roles": roles}
    Change.objects.create(
        patient=patient,
        subject="team",
        subject_id=patient.pk,
        what=what,
        by=by,
        entered_as=entered_as,
        after=after,
    )
