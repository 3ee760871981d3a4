"""Inviting people to a record, or clinicians to the clinic; and taking an invitation up.

The plain code leaves here once, for a card on paper; what is stored cannot be turned back into it.
"""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exercises import access, codes, joining
from exercises.access import Viewer, get_viewer
from exercises.models import CareTeamMember, Invitation, Patient, User
from exercises.models.choices import Role
from exercises.queries import invitations as queries
from exercises.queries.invitations import find_open as find_open

from . import consents, totals
from .changes import note_change
from .notices import tell, tell_team
from .records import link_person

LASTS = timedelta(days=14)
MOST_OPEN = 10


class Dead(Exception):
    """The code does not work any more: used, taken back, too old, or its maker may not invite now."""


# --- making ------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(*, viewer: Viewer, role: str, discipline: str = "") -> tuple[Invitation, str]:
    """A new invitation and its code. Raises ``ValidationError`` for a place that is taken, and beyond ten
    open ones. Some that a parent makes wait for the word of the teen or a therapist."""
    patient = viewer.patient
    totals.lock(patient)
    if not joining.has_place(patient, role):
        raise ValidationError({"role": _("This record has a teen already.")})
    if queries.standing().filter(patient=patient).count() >= MOST_OPEN:
        raise ValidationError(_("Ten invitations are open. Take one back first."))
    invitation, code = _make(
        patient=patient,
        role=role,
        discipline=discipline,
        made_by=viewer.user,
        made_as=viewer.entered_as,
        needs_word=viewer.needs_word_for(role),
    )
    _note(viewer, invitation, "invited")
    if invitation.needs_word:
        _ask_for_word(invitation, patient)
    return invitation, code


@transaction.atomic
def invite_clinician(*, by: User, discipline: str = "") -> tuple[Invitation, str]:
    """A place at the clinic, without a record. Raises ``ValidationError`` beyond ten open ones."""
    if queries.standing().filter(patient=None, made_by=by).count() >= MOST_OPEN:
        raise ValidationError(_("Ten invitations are open. Take one back first."))
    return _make(patient=None, role=Role.THERAPIST.value, discipline=discipline, made_by=by)


def _make(**fields: Any) -> tuple[Invitation, str]:
    code = codes.new_code()
    now = timezone.now()
    invitation = Invitation(
        code_digest=queries.digest_of(code), made_at=now, expires_at=now + LASTS, **fields
    )
    invitation.full_clean()
    invitation.save()
    return invitation, code


def _ask_for_word(invitation: Invitation, patient: Patient) -> None:
    links = CareTeamMember.objects.active().filter(patient=patient).select_related("user")
    viewers = [access.viewer_of(link.user, patient) for link in links]
    asked = [viewer.user for viewer in viewers if viewer and viewer.may(access.GIVE_WORD)]
    kind = "word_asked_teen" if invitation.role == Role.PATIENT else "word_asked"
    tell(asked, kind, patient=patient, by=invitation.made_by.shown_name)


# --- taking back, agreeing ---------------------------------------------------------------------------------


@transaction.atomic
def revoke(*, viewer: Viewer, invitation: Invitation) -> None:
    """Takes an open one back; one that is used, or was taken back, stays as it is."""
    if _take_back(queries.standing().filter(pk=invitation.pk), viewer.user):
        _note(viewer, invitation, "revoked")


def revoke_clinicians(*, by: User, invitation: Invitation) -> None:
    _take_back(queries.standing().filter(pk=invitation.pk), by)


def revoke_all(*, patient: Patient, by: User) -> None:
    """Every open one of a record that closes."""
    _take_back(queries.standing().filter(patient=patient), by)


def _take_back(invitations: Any, by: User) -> int:
    taken: int = invitations.update(revoked_at=timezone.now(), revoked_by=by)
    return taken


@transaction.atomic
def agree(*, viewer: Viewer, invitation: Invitation) -> None:
    """Gives the word that an invitation waits for; again changes nothing."""
    waiting = queries.standing().filter(pk=invitation.pk, needs_word=True, agreed_at=None)
    if waiting.update(agreed_at=timezone.now(), agreed_by=viewer.user):
        _note(viewer, invitation, "agreed")
        tell([invitation.made_by], "word_given", patient=viewer.patient, by=viewer.user.shown_name)


# --- taking one up -----------------------------------------------------------------------------------------


def accept(*, user: User, invitation: Invitation) -> None:
    """Links the person to the record, or makes a clinician. Raises ``Dead``, also for the second of two at
    once, and ``ValidationError`` when the place is not for this person. Nothing changes then."""
    try:
        with transaction.atomic():
            _lock(invitation)
            use(user=user, invitation=invitation)
            join(user=user, invitation=invitation)
    except IntegrityError as error:
        # The database refuses what was free a moment ago.
        raise ValidationError(_("This place is taken now. Ask the person who invited you.")) from error


def _lock(invitation: Invitation) -> None:
    if invitation.patient:
        totals.lock(invitation.patient)


def use(*, user: User, invitation: Invitation) -> None:
    """Spends the code, inside the transaction of what it is spent on. The first of two at once wins."""
    if invitation.waits_for_word or not queries.still_stands(invitation):
        raise Dead
    if not queries.standing().filter(pk=invitation.pk).update(used_at=timezone.now(), used_by=user):
        raise Dead


def join(*, user: User, invitation: Invitation) -> None:
    """What a spent code opens."""
    hindrance = queries.hindrance(user, invitation)
    if hindrance:
        raise ValidationError(hindrance)
    if joining.makes_clinician(invitation.role) and not user.is_clinician:
        user.is_clinician = True
        user.save(update_fields=["is_clinician"])
    if invitation.patient:
        _join_record(user, invitation.patient, invitation)


def _join_record(user: User, patient: Patient, invitation: Invitation) -> None:
    by_parent = joining.comes_by_parent(invitation.role, invitation.made_by, invitation.made_as, patient)
    link_person(
        patient=patient,
        user=user,
        role=invitation.role,
        discipline=invitation.discipline,
        by_parent=by_parent,
    )
    viewer = get_viewer(user, patient.code)
    if joining.must_consent(invitation.role):
        consents.agree(viewer=viewer)
    ask_for_words(patient)
    _note(viewer, invitation, "joined")
    tell_team(patient, f"joined_{invitation.role}", but=user, who=user.shown_name)


def ask_for_words(patient: Patient) -> None:
    """Now that somebody is here who can agree, a parent's open invitations of a parent wait for that."""
    asked = queries.standing().filter(patient=patient, role=Role.PARENT, made_as=Role.PARENT, agreed_at=None)
    for invitation in asked.filter(needs_word=False).select_related("made_by"):
        viewer = access.viewer_of(invitation.made_by, patient)
        if viewer is None or viewer.needs_word_for(invitation.role):
            invitation.needs_word = True
            invitation.save(update_fields=["needs_word"])
            _ask_for_word(invitation, patient)


def _note(viewer: Viewer, invitation: Invitation, what: str) -> None:
    note_change(
        viewer=viewer,
        subject="team",
        subject_id=invitation.pk,
        what=what,
        before={},
        after={"role": invitation.role, "discipline": invitation.discipline},
    )
