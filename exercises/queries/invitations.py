"""Invitations: what a record has open, what a code leads to, and why somebody may not take it up."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exercises import access, codes, days, joining
from exercises.access import Viewer
from exercises.models import (
    AccessRecord,
    BreakGlass,
    CareTeamMember,
    Change,
    Consent,
    Erasure,
    Invitation,
    Notice,
    Patient,
    Program,
    SignInCard,
    User,
)
from exercises.models.choices import KeptBy, Role
from exercises.words import ROLE_WORDS, what_others_see, what_they_see

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PURPOSE = "invitation"
NOT_FOR_YOU: "dict[str, StrOrPromise]" = {
    joining.ON_THE_TEAM: _("You are on this team already."),
    joining.OTHER_ROLE: _(
        "This invitation is for somebody else. You have, or had, another place on this team. "
        "Please pass it on to the person it is for."
    ),
    joining.TAKEN: _("This record has a teen already. Ask the person who invited you."),
    joining.OWN_RECORD: _("You keep a record of your own already, and a teen has one."),
}
# What a record has around what was logged and written in it. A program is looked at by itself.
NO_CONTENT: tuple[type[Model], ...] = (
    AccessRecord, BreakGlass, CareTeamMember, Change, Consent, Erasure, Invitation, Notice, Program,
    SignInCard,
)  # fmt: skip


# --- what a record, or the clinic, has open ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """``made`` and ``until`` are wall times where the record lives (UTC for a clinician's invitation).
    ``waits``: somebody has to agree before the code works."""

    id: int
    role: "StrOrPromise"
    discipline: str
    by: str
    made: datetime
    until: datetime
    is_open: bool
    waits: bool
    may_revoke: bool = True
    may_agree: bool = False


def open_invitations(viewer: Viewer) -> list[InvitationRow]:
    """Of the viewer's record, the latest first. One query."""
    rows = standing().filter(patient=viewer.patient).select_related("made_by")
    return [row_of(viewer, invitation) for invitation in rows]


def open_to_clinicians() -> list[InvitationRow]:
    """Without a record, made by administrators."""
    rows = standing().filter(patient=None).select_related("made_by")
    return [clinician_row(invitation) for invitation in rows]


def standing() -> QuerySet[Invitation]:
    """Neither used nor taken back nor too old."""
    return Invitation.objects.open_at(timezone.now())


def row_of(viewer: Viewer, invitation: Invitation) -> InvitationRow:
    return _row(
        invitation,
        viewer.patient.clock_at(timezone.now()),
        may_revoke=may_revoke(viewer, invitation),
        may_agree=invitation.waits_for_word and viewer.may(access.GIVE_WORD),
    )


def clinician_row(invitation: Invitation) -> InvitationRow:
    return _row(invitation, days.Clock("UTC"))


def _row(invitation: Invitation, clock: days.Clock, **rights: bool) -> InvitationRow:
    return InvitationRow(
        id=invitation.pk,
        role=ROLE_WORDS[invitation.role],
        discipline=invitation.get_discipline_display(),
        by=invitation.made_by.shown_name,
        made=_wall_time(clock, invitation.made_at),
        until=_wall_time(clock, invitation.expires_at),
        is_open=invitation.is_open,
        waits=invitation.waits_for_word,
        **rights,
    )


def _wall_time(clock: days.Clock, instant: datetime) -> datetime:
    return clock.wall_time(instant).replace(tzinfo=None)


def invitation_of(viewer: Viewer, pk: int) -> Invitation | None:
    return Invitation.objects.filter(patient=viewer.patient, pk=pk).select_related("made_by").first()


def clinicians_invitation(pk: int) -> Invitation | None:
    return Invitation.objects.filter(patient=None, pk=pk).select_related("made_by").first()


def may_revoke(viewer: Viewer, invitation: Invitation) -> bool:
    """One's own, and any for those whose word counts."""
    return invitation.made_by_id == viewer.user.pk or viewer.may(access.GIVE_WORD)


def roles_to_invite(viewer: Viewer) -> list[tuple[str, "StrOrPromise"]]:
    """As choices: what the viewer may, but for a place that is taken."""
    return [
        (role, label)
        for role, label in Role.choices
        if viewer.may_invite(role) and joining.has_place(viewer.patient, role)
    ]


# --- what a code leads to ----------------------------------------------------------------------------------


def digest_of(code: str) -> str:
    return codes.digest(code, key=settings.SECRET_KEY, purpose=PURPOSE)


def find_open(code: str) -> Invitation | None:
    """What a code, however it was typed, leads to now. ``None`` alike for a code that never was, that was
    used or taken back, that is too old, or whose maker may not invite any more."""
    typed = codes.normalise(code)
    found = standing().filter(code_digest=digest_of(typed)).select_related("patient", "made_by").first()
    return found if typed and found and still_stands(found) else None


def still_stands(invitation: Invitation) -> bool:
    """Whether whoever made it may still invite so."""
    maker = invitation.made_by
    if invitation.patient is None:
        return maker.is_active and maker.is_staff
    viewer = access.viewer_of(maker, invitation.patient)
    return viewer is not None and viewer.may_invite(invitation.role)


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A record that the invited person keeps. ``joins``: the inviting team can join it; ``moves``: it is
    empty, and the person can leave it for the other one. Neither: both have entries, or a rule is in the way.
    """

    code: UUID
    name: str
    joins: bool
    moves: bool

    @property
    def way(self) -> str:
        return "joins" if self.joins else "moves" if self.moves else ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page before the click says. ``record`` is empty for a place at the clinic; ``hindrance`` says
    why this person may not accept; ``seen`` pairs a heading with sentences."""

    by: str
    by_role: "StrOrPromise"
    record: str
    role: str
    role_word: "StrOrPromise"
    until: datetime
    waits: bool
    must_consent: bool
    makes_clinician: bool
    sees: "tuple[StrOrPromise, ...]"
    seen: "tuple[tuple[StrOrPromise, tuple[StrOrPromise, ...]], ...]"
    hindrance: "StrOrPromise" = ""
    own: tuple[OwnRecord, ...] = ()
    team: tuple[str, ...] = ()

    @property
    def may_accept(self) -> bool:
        return not self.waits and (not self.hindrance or any(own.way for own in self.own))


def offer(invitation: Invitation, user: User | None) -> Offer:
    """For ``user``, or for somebody who is not signed in yet."""
    patient, role = invitation.patient, invitation.role
    clock = patient.clock_at(timezone.now()) if patient else days.Clock("UTC")
    own = own_records(user, invitation) if user else ()
    return Offer(
        by=invitation.made_by.shown_name,
        by_role=ROLE_WORDS.get(invitation.made_as, _("administrator")),
        record=patient.name if patient else "",
        role=role,
        role_word=ROLE_WORDS[role],
        until=_wall_time(clock, invitation.expires_at),
        waits=invitation.waits_for_word,
        must_consent=joining.must_consent(role),
        makes_clinician=joining.makes_clinician(role) and not (user and user.is_clinician),
        sees=_sees(invitation),
        seen=what_others_see(role),
        hindrance=hindrance(user, invitation) if user else "",
        own=own,
        team=_names(patient) if patient and own else (),
    )


def _sees(invitation: Invitation) -> "tuple[StrOrPromise, ...]":
    if invitation.patient is None:
        return (
            _("Opens records for patients, and sees the records of the care teams they are on."),
            _("Sees no other record."),
        )
    return what_they_see(
        invitation.role, has_teen=joining.will_have_teen(invitation.patient, invitation.role)
    )


def _names(patient: Patient) -> tuple[str, ...]:
    links = CareTeamMember.objects.active().filter(patient=patient).select_related("user").order_by("pk")
    return tuple(link.user.shown_name for link in links)


def hindrance(user: User, invitation: Invitation) -> "StrOrPromise":
    """Why this person may not take the invitation up; empty when nothing is in the way."""
    if invitation.patient is None:
        return _("You work here already.") if user.is_clinician else ""
    return NOT_FOR_YOU.get(joining.why_not_join(user, invitation.patient, invitation.role), "")


# --- somebody who keeps a record already -------------------------------------------------------------------


def own_records(user: User, invitation: Invitation) -> tuple[OwnRecord, ...]:
    """Family-kept records where the person has the role that the invitation offers in another one."""
    invited = invitation.patient
    if invited is None or not joining.must_consent(invitation.role):
        return ()
    if joining.why_not_join(user, invited, invitation.role) not in ("", joining.OWN_RECORD):
        return ()
    kept = access.patients_of(user, invitation.role).filter(kept_by=KeptBy.FAMILY)
    return tuple(
        OwnRecord(
            code=own.code,
            name=own.name,
            joins=may_take_in(user, own, invited),
            moves=may_move(user, own, invited, invitation.role),
        )
        for own in kept.exclude(pk=invited.pk).order_by("name", "pk")
    )


def own_record(user: User, code: UUID | None) -> Patient | None:
    """One that ``own_records`` named."""
    return Patient.objects.filter(code=code, team__user=user).distinct().first() if code else None


def may_take_in(user: User, own: Patient, invited: Patient) -> bool:
    """Whether the team of ``invited``, which is empty, may join ``own``."""
    viewer = access.viewer_of(user, own)
    if viewer is None or own.erase_at or not is_empty(invited):
        return False
    if has_program(invited) and _therapists_program(own):
        return False
    team = CareTeamMember.objects.active().filter(patient=invited).select_related("user")
    return all(_may_take_in_one(viewer, link) for link in team)


def _may_take_in_one(viewer: Viewer, link: CareTeamMember) -> bool:
    if not viewer.may_invite(link.role) or viewer.needs_word_for(link.role):
        return False
    # A teen's record is the invited one, which closes.
    passable = ("", joining.ON_THE_TEAM, joining.OWN_RECORD)
    return joining.why_not_join(link.user, viewer.patient, link.role) in passable


def may_move(user: User, own: Patient, invited: Patient, role: str) -> bool:
    """Whether somebody alone in an empty record may leave it for the other one."""
    others = CareTeamMember.objects.active().filter(patient=own).exclude(user=user)
    reason = joining.why_not_join(user, invited, role)
    return reason in ("", joining.OWN_RECORD) and is_empty(own) and not others.exists()


def is_empty(patient: Patient) -> bool:
    """Whether nothing was logged or written; a program may be there."""
    return not any(
        relation.related_model._base_manager.filter(**{relation.field.name: patient}).exists()
        for relation in Patient._meta.related_objects
        if relation.related_model not in NO_CONTENT
    )


def has_program(patient: Patient) -> bool:
    return Program.objects.standing().filter(patient=patient).exists()


def _therapists_program(patient: Patient) -> bool:
    """A program that a therapist of this record has set."""
    therapists = CareTeamMember.objects.filter(patient=patient, role=Role.THERAPIST).values("user_id")
    return Program.objects.standing().filter(patient=patient, created_by__in=therapists).exists()
