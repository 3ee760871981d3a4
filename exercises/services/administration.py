"""What an administrator does to accounts and to therapists' links. Whom it concerns is told."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from exercises import access
from exercises.models import CareTeamMember, Change, User
from exercises.models.choices import EndReason

from . import devices, invitations, notices, totals
from .changes import note_event
from .deleting import end_sign_ins


@transaction.atomic
def reset_second_factor(*, user: User, by: User) -> None:
    """For somebody who lost it: all of them go, recovery codes too, and every sign-in ends."""
    Authenticator.objects.filter(user=user).delete()
    end_sign_ins({user.pk})
    notices.tell([user], "factor_reset")
    note_event("factor_reset", user=user.pk, by=by.pk)


@transaction.atomic
def tell_of_password(*, user: User, by: User) -> None:
    """The password itself was set by Django's own page, which ends every other sign-in."""
    devices.remove_pins(user=user)
    notices.tell([user], "password_set")
    note_event("password_set_by_administrator", user=user.pk, by=by.pk)


@transaction.atomic
def note_rights(*, user: User, by: User, changed: list[str]) -> None:
    """Whoever is no clinician any more leaves the teams: no second step would be asked of them there."""
    if changed:
        note_event("rights_changed", user=user.pk, by=by.pk, fields="/".join(changed))
    if "is_clinician" in changed and not user.is_clinician:
        for link in access.links_of(user, access.THERAPIST).select_related("patient", "user"):
            end_link(link=link, by=by)


@transaction.atomic
def keep_link(*, link: CareTeamMember, by: User, was: str | None) -> None:
    """A therapist's new link, or, with ``was``, another discipline than that."""
    totals.lock(link.patient)
    link.save()
    after = {"role": link.role, "discipline": link.discipline}
    if was is None:
        _note_change(link, by, "joined", {}, after)
        _tell(link, "joined_therapist")
        invitations.ask_for_words(link.patient)
    elif was != link.discipline:
        _note_change(link, by, "changed", after | {"discipline": was}, after)


@transaction.atomic
def vouch(*, link: CareTeamMember, by: User) -> None:
    """The clinic knows this therapist, whom a parent brought; again changes nothing."""
    totals.lock(link.patient)
    link.refresh_from_db()
    if not (link.by_parent and link.is_open):
        return
    link.by_parent = False
    link.save(update_fields=["by_parent"])
    _note_change(link, by, "vouched for", {"by_parent": True}, {"by_parent": False})
    who, record = link.user.shown_name, link.patient.name
    notices.tell_team(link.patient, "vouched_for_by_administrator", but=by, who=who, record=record)


@transaction.atomic
def end_link(*, link: CareTeamMember, by: User) -> None:
    """With those of colleagues who cover for them."""
    totals.lock(link.patient)
    link.refresh_from_db()
    if not link.is_open:
        return
    covers = access.therapists_of(link.patient).filter(covers=link.user_id)
    for ended in [link, *covers.select_related("user", "patient")]:
        ended.until, ended.ended_by, ended.end_reason = timezone.now(), by, EndReason.ADMINISTRATOR
        ended.save(update_fields=["until", "ended_by", "end_reason"])
        after = {"until": ended.until.isoformat(), "end_reason": ended.end_reason}
        _note_change(ended, by, "ended", {"until": None}, after)
        _tell(ended, "taken_off_by_administrator")
        notices.tell([ended.user], "taken_off_yourself", patient=ended.patient, record=ended.patient.name)


def _tell(link: CareTeamMember, kind: str) -> None:
    who, record = link.user.shown_name, link.patient.name
    notices.tell_team(link.patient, kind, but=link.user, who=who, record=record)


def _note_change(
    link: CareTeamMember, by: User, what: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    Change.objects.create(
        patient=link.patient,
        subject="team",
        subject_id=link.pk,
        what=what,
        by=by,
        before=before,
        after=after,
    )
