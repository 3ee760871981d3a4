"""What stands about the erasure of a record, and what must be settled before an account closes."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from exercises import access, joining
from exercises.access import Viewer
from exercises.models import CareTeamMember, Erasure, Patient, User
from exercises.models.choices import KeptBy

# Between the asking and the erasing, at least: time for everybody to say no.
DAYS_TO_UNDO = 7
# The nightly job erases in the night after a record is due; after this it has not run.
LATE = timedelta(days=1, hours=12)


@dataclass(frozen=True, slots=True)
class Standing:
    """An erasure that was asked for. ``due_on`` is empty while the clinic has to decide; ``late``: it should
    have been done by now."""

    asked_by: str
    asked_on: date
    due_on: date | None
    is_yours: bool
    late: bool
    may_undo: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Record:
    code: str
    name: str
    by_clinic: bool


@dataclass(frozen=True, slots=True)
class First:
    """What stands in the way of closing an account: records that only this person keeps; being the only
    administrator."""

    records: tuple[Record, ...]
    last_administrator: bool

    def __bool__(self) -> bool:
        return bool(self.records) or self.last_administrator


def standing(viewer: Viewer) -> Standing | None:
    patient = viewer.patient
    erasure = Erasure.objects.filter(patient=patient, undone_at=None).select_related("asked_by").first()
    if erasure is None:
        return None
    waits, is_yours = erasure.due_at is None, erasure.asked_by_id == viewer.user.pk
    return Standing(
        asked_by=erasure.asked_by.shown_name if erasure.asked_by else "",
        asked_on=patient.day_of(erasure.asked_at),
        due_on=patient.day_of(erasure.due_at) if erasure.due_at else None,
        is_yours=is_yours,
        late=erasure.due_at is not None and erasure.due_at < timezone.now() - LATE,
        may_undo=viewer.may(access.UNDO_ERASURE) and (not waits or is_yours),
        may_decide=viewer.may(access.DECIDE_ERASURE) and waits,
    )


def kept_by_clinic(patient: Patient) -> bool:
    return patient.kept_by == KeptBy.CLINIC


def what_first(user: User) -> First:
    """Two queries, three for an administrator, however many records."""
    own = list(CareTeamMember.objects.active().filter(user=user).select_related("patient"))
    patients = [link.patient_id for link in own]
    others = CareTeamMember.objects.active().filter(patient__in=patients, until=None).exclude(user=user)
    roles: dict[int, list[str]] = defaultdict(list)
    for patient, role in others.order_by().values_list("patient", "role"):
        roles[patient].append(role)
    needed = {link.patient for link in own if joining.keeps_alone(link, roles[link.patient_id])}
    return First(
        records=tuple(_record(patient) for patient in sorted(needed, key=lambda patient: patient.name)),
        last_administrator=user.is_superuser and not _other_administrators(user),
    )


def own_records(user: User) -> list[Record]:
    """Those that an account of a teen is about: closing it erases none of them."""
    return [_record(viewer.patient)] if (viewer := access.own_viewer(user)) else []


def _other_administrators(user: User) -> bool:
    return User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()


def _record(patient: Patient) -> Record:
    return Record(code=str(patient.code), name=patient.name, by_clinic=kept_by_clinic(patient))
