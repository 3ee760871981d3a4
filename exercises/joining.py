"""Who may join a record, in which role, and who may leave it. Beside ``access`` the only file that names
roles."""

from collections.abc import Iterable

from exercises import access
from exercises.access import PARENT, PATIENT, THERAPIST, Viewer
from exercises.models import CareTeamMember, Patient, User
from exercises.models.choices import EndReason, KeptBy

# Why somebody may not join a record in a role, see ``why_not_join``.
ON_THE_TEAM, OTHER_ROLE, TAKEN, OWN_RECORD = "on the team", "other role", "taken", "own record"


def why_not_join(user: User, patient: Patient, role: str) -> str:
    """Why a person may not join a record in a role: one of the words above, or ``""``.

    A person has one role in a record, for good: who was a parent here does not come back as the teen.
    """
    mine = list(CareTeamMember.objects.filter(user=user, patient=patient))
    if any(link.role != role for link in mine):
        return OTHER_ROLE
    if any(link.is_open for link in mine):
        return ON_THE_TEAM
    if role == PATIENT:
        if not has_place(patient, role):
            return TAKEN
        if CareTeamMember.objects.filter(user=user, role=PATIENT, until=None).exists():
            return OWN_RECORD
    return ""


def comes_by_parent(invited_as: str, by: User, made_as: str, patient: Patient) -> bool:
    """Whether a therapist's link goes back to a parent: the parent's own invitation, or that of a therapist
    who came so."""
    if invited_as != THERAPIST or made_as == PATIENT:
        return False
    return made_as == PARENT or access.therapists_of(patient).filter(user=by, by_parent=True).exists()


def brings(viewer: Viewer, link: CareTeamMember) -> bool:
    """Whether a therapist's place in another record, taken over into the viewer's, goes back to a parent."""
    return link.role == THERAPIST and (link.by_parent or not viewer.is_teen)


def makes_clinician(role: str) -> bool:
    return role == THERAPIST


def must_consent(role: str) -> bool:
    """Families agree to the wording; a clinician is bound by the clinic."""
    return role != THERAPIST


def has_place(patient: Patient, role: str) -> bool:
    """A record has one teen at a time, and any number of parents and therapists."""
    teens = CareTeamMember.objects.filter(patient=patient, role=PATIENT, until=None)
    return role != PATIENT or not teens.exists()


def keeps_alone(link: CareTeamMember, others: Iterable[str]) -> bool:
    """Whether nobody who keeps the record, family or clinic, would be left; ``others``: the others' roles."""
    keepers = {THERAPIST} if link.patient.kept_by == KeptBy.CLINIC else {PATIENT, PARENT}
    return link.role in keepers and not keepers & set(others)


def reason_to_end(viewer: Viewer, link: CareTeamMember) -> str:
    """A clinic ends a parent's link for safety, or because a court says so."""
    if link.user_id == viewer.user.pk:
        return EndReason.OWN
    return EndReason.SAFETY if link.role == PARENT and viewer.is_therapist else EndReason.ENDED


def will_have_teen(patient: Patient, role: str) -> bool:
    """Whether the record has, or once had, a teen with an account, when somebody joins it in this role."""
    return role == PATIENT or CareTeamMember.objects.filter(patient=patient, role=PATIENT).exists()


def links_asked(viewer: Viewer) -> list[CareTeamMember]:
    """The person's own links to the record that have not agreed to the wording that counts now."""
    links = CareTeamMember.objects.active().filter(patient=viewer.patient, user=viewer.user)
    return [link for link in links if access.is_asked_to_agree(link)]
