"""Opening a record, linking people to it, and the family's word that it has begun."""

from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exercises import joining
from exercises.access import Viewer
from exercises.models import CareTeamMember, Patient, User
from exercises.models.choices import KeptBy

from . import totals
from .changes import note_change
from .consents import keep_consent


@transaction.atomic
def open_record(
    *,
    name: str,
    zone: str,
    kept_by: str,
    team: dict[str, list[User]],
    opened_as: str = "",
    told_at: datetime | None = None,
    code: UUID | None = None,
    discipline: str = "",
    of_age: bool = False,
) -> Patient:
    """A new record with its first team: people by role. A therapist's record starts without a program.

    ``opened_as`` is the role of the person who opens it for themselves or a family; empty for an
    administrator. ``discipline`` and ``of_age`` are for a team of one. Raises ``ValidationError`` for a zone
    or name that cannot be, and for a teen who has a record already.
    """
    patient = Patient(
        code=code or uuid4(), name=name, zone=zone, kept_by=kept_by, opened_as=opened_as, told_at=told_at
    )
    patient.full_clean(validate_unique=False)
    patient.save(force_insert=True)
    for role, people in team.items():
        for user in people:
            link_person(patient=patient, user=user, role=role, discipline=discipline, of_age=of_age)
    return patient


def open_own_record(
    *,
    user: User,
    role: str,
    name: str,
    zone: str,
    form_id: UUID | None,
    discipline: str = "",
    of_age: bool = False,
) -> Patient:
    """A record that a person opens in a role, agreeing to the wording where their role must.

    What a form sends twice opens one record: the database's constraint on the code decides. Raises
    ``ValidationError`` for a teen who has a record already.
    """
    family = joining.must_consent(role)
    content = repr((user.pk, role, name, zone))
    code = uuid5(form_id, content) if form_id else uuid4()
    try:
        with transaction.atomic():
            patient = open_record(
                name=name,
                zone=zone,
                kept_by=KeptBy.FAMILY if family else KeptBy.CLINIC,
                team={role: [user]},
                opened_as=role,
                code=code,
                discipline=discipline,
                of_age=of_age,
            )
            if family:
                keep_consent(patient.team.get())
    except IntegrityError:
        return _opened_before(user, code)
    return patient


def _opened_before(user: User, code: UUID) -> Patient:
    """The record that the same form opened; otherwise the person's place in another one was in the way."""
    patient = Patient.objects.filter(code=code, team__user=user).first()
    if patient is None:
        raise ValidationError(_("This person has a record already."))
    return patient


def link_person(
    *,
    patient: Patient,
    user: User,
    role: str,
    discipline: str = "",
    of_age: bool = False,
    by_parent: bool = False,
) -> CareTeamMember:
    """Links a person from now on. Raises ``ValidationError`` where the link exists or its place is taken."""
    link = CareTeamMember(
        patient=patient, user=user, role=role, discipline=discipline, of_age=of_age, by_parent=by_parent
    )
    link.full_clean()
    link.save()
    return link


@transaction.atomic
def begin(*, viewer: Viewer) -> None:
    """The family says that a doctor or therapist told them it is AMPS; again changes nothing."""
    patient = viewer.patient
    totals.lock(patient)
    now = timezone.now()
    if Patient.objects.filter(pk=patient.pk, told_at=None).update(told_at=now):
        patient.told_at = now
        note_change(
            viewer=viewer,
            subject="record",
            subject_id=patient.pk,
            what="begun",
            before={},
            after={"told_at": now.isoformat()},
        )
