"""What a form about one patient may offer: never a row of anybody else."""

from datetime import date

from django.db.models import Q, QuerySet

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.models import Activity, Patient, Program, ProgramItem, RoutineSlot, TherapySession


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


def listed(program: Program | None, kept: TherapySession | None = None) -> dict[int, str]:
    """Names of the exercises that the program counts one by one, by their keys, in the order of its list;
    then those of a session that is already kept. Nothing where it counts minutes."""
    if program is None or not program.is_by_list:
        return {}
    own = Q(program=program, activity__strand=adherence.EXERCISES)
    if kept is not None:
        own |= Q(pk__in=[item.program_item_id for item in kept.items.all()])
    rows = ProgramItem.objects.filter(own).order_by("program_id", "order", "pk")
    return dict(rows.values_list("pk", "activity__name"))


def slots(patient: Patient) -> QuerySet[RoutineSlot]:
    return RoutineSlot.objects.filter(patient=patient)


def body_areas(patient: Patient, kept: TherapySession | None = None) -> list[str]:
    """The patient's own, in their order, then those of a session that is already kept."""
    return list(dict.fromkeys([*patient.body_areas, *(kept.body_areas if kept else ())]))


def oldest_day(viewer: Viewer, recorded_on: date, source: str) -> date:
    """How far back an entry of the viewer's may lie that was recorded on this day."""
    if viewer.may(access.LOG_ANY_DAY):
        return days.FIRST_DAY
    return adherence.oldest_day(recorded_on, source=source, paper=viewer.patient.paper)
