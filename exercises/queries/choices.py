"""What a form about one patient may offer: never a row of anybody else."""

from django.db.models import Q, QuerySet

from exercises import access, adherence
from exercises.access import Viewer
from exercises.models import Activity, Patient, ProgramItem, RoutineSlot, TherapySession


def activities(viewer: Viewer, kept: TherapySession | None = None) -> QuerySet[Activity]:
    """What may be logged; and what a session that is already kept says, whatever became of it since.

    A viewer who sees no techniques logs a stress moment without naming one.
    """
    offered = Activity.objects.offered_to(viewer.patient, viewer.therapists)
    if not viewer.may(access.SEE_TECHNIQUES):
        offered = offered.exclude(strand=adherence.STRESS)
    if kept is None or kept.activity_id is None:
        return offered
    return Activity.objects.filter(Q(pk__in=offered.order_by().values("pk")) | Q(pk=kept.activity_id))


def items(patient: Patient) -> QuerySet[ProgramItem]:
    return ProgramItem.objects.filter(program__patient=patient).select_related("activity")


def slots(patient: Patient) -> QuerySet[RoutineSlot]:
    return RoutineSlot.objects.filter(patient=patient)


def body_areas(patient: Patient, kept: TherapySession | None = None) -> list[str]:
    """The patient's own, in their order, then those of a session that is already kept."""
    return list(dict.fromkeys([*patient.body_areas, *(kept.body_areas if kept else ())]))
