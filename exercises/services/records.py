"""Opening a record and linking people to it."""

from django.db import transaction

from exercises.models import CareTeamMember, Patient, User


@transaction.atomic
def open_record(
    *, name: str, zone: str, kept_by: str, team: dict[str, list[User]], opened_as: str = ""
) -> Patient:
    """A new record with its first team: people by role. A therapist's record starts without a program.

    ``opened_as`` is the role of the person who opens it for themselves or a family; empty for an
    administrator. Raises ``ValidationError`` for a zone or name that cannot be, and for a teen who has a
    record already.
    """
    patient = Patient(name=name, zone=zone, kept_by=kept_by, opened_as=opened_as)
    patient.full_clean()
    patient.save()
    for role, people in team.items():
        for user in people:
            link_person(patient=patient, user=user, role=role)
    return patient


def link_person(*, patient: Patient, user: User, role: str, discipline: str = "") -> CareTeamMember:
    """Links a person from now on. Raises ``ValidationError`` where the link exists or its place is taken."""
    link = CareTeamMember(patient=patient, user=user, role=role, discipline=discipline)
    link.full_clean()
    link.save()
    return link
