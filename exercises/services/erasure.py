"""How a record is left: asked for, undone or decided, and in the end erased with everything that names it."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from exercises import access, days
from exercises.access import Viewer
from exercises.models import (
    AccessRecord,
    Activity,
    BreakGlass,
    CareTeamMember,
    Change,
    Cheer,
    Consent,
    DailyLog,
    DayOff,
    Erasure,
    FunctionGoal,
    FunctionMeasure,
    GoalStep,
    Intention,
    Invitation,
    LadderMove,
    Milestone,
    Note,
    Notice,
    Patient,
    Program,
    ProgramItem,
    Question,
    RoutinePeriod,
    RoutineSlot,
    SessionItem,
    SignInCard,
    Stopwatch,
    TherapySession,
    User,
)
from exercises.models.choices import Role
from exercises.queries.leaving import DAYS_TO_UNDO, kept_by_clinic
from exercises.queries.record_table import OTHERS

from . import notices, tombstones, totals
from .changes import note_change, note_event
from .closing import scrub
from .deleting import delete_admin_entries, delete_cached, delete_rows, end_sign_ins
from .tombstones import Stone

# Every model that reaches a patient, and by which way; what points at a row goes before it.
ORDER: dict[type[models.Model], str] = {
    Stopwatch: "patient",
    SessionItem: "session__patient",
    TherapySession: "patient",
    DailyLog: "patient",
    Note: "patient",
    Question: "patient",
    DayOff: "patient",
    GoalStep: "patient",
    FunctionGoal: "patient",
    FunctionMeasure: "patient",
    Intention: "patient",
    Milestone: "patient",
    Cheer: "patient",
    RoutineSlot: "patient",
    RoutinePeriod: "patient",
    LadderMove: "patient",
    ProgramItem: "program__patient",
    Program: "patient",
    Change: "patient",
    AccessRecord: "patient",
    BreakGlass: "patient",
    Consent: "patient",
    Notice: "patient",
    Invitation: "patient",
    SignInCard: "patient",
    Erasure: "patient",
    CareTeamMember: "patient",
    Patient: "pk",
}
# An activity that a family made for itself stays while one of these needs it.
USES_ACTIVITIES = (ProgramItem, SessionItem, Stopwatch, TherapySession)


def ask(*, viewer: Viewer, on: date | None = None) -> Erasure:
    """A week from now; or, for who decides about a clinic-kept record, on the day ``on`` or in a week.

    A clinic-kept record that somebody else asks about is locked, and waits for the clinic. Asking twice is
    asking once.
    """
    patient = viewer.patient
    with transaction.atomic():
        _lock(patient)
        standing = _standing(patient)
        if standing:
            return standing
        waits = kept_by_clinic(patient) and not viewer.may(access.DECIDE_ERASURE)
        due_at = None if waits else _due_at(patient, on)
        erasure = Erasure(patient=patient, asked_by=viewer.user, asked_as=viewer.entered_as, due_at=due_at)
        erasure.clean_fields()
        erasure.save()
        _mark(patient, locked_at=timezone.now() if waits else None, erase_at=due_at)
        _tell(viewer, erasure, "erasure_waits" if waits else "erasure_asked", "asked")
    return erasure


def decide(*, viewer: Viewer, on: date | None) -> Erasure | None:
    """The clinic's answer while a record waits for it: the day ``on``, or ``None`` to keep the record.

    ``None`` comes back where nothing waits any more.
    """
    patient = viewer.patient
    with transaction.atomic():
        _lock(patient)
        erasure = _standing(patient)
        if erasure is None or erasure.due_at:
            return None
        if on is None:
            _end(viewer, erasure, "erasure_kept")
            return erasure
        erasure.due_at = _due_at(patient, on)
        erasure.save(update_fields=["due_at"])
        _mark(patient, locked_at=patient.locked_at, erase_at=erasure.due_at)
        _tell(viewer, erasure, "erasure_decided", "decided")
    return erasure


def undo(*, viewer: Viewer) -> bool:
    """The record stays. ``False`` where nothing stood any more."""
    with transaction.atomic():
        _lock(viewer.patient)
        erasure = _standing(viewer.patient)
        if erasure is None:
            return False
        _end(viewer, erasure, "erasure_undone")
    return True


def _lock(patient: Patient) -> None:
    totals.lock(patient)
    patient.refresh_from_db(fields=["locked_at", "erase_at", "kept_by"])


def _standing(patient: Patient) -> Erasure | None:
    return Erasure.objects.filter(patient=patient, undone_at=None).first()


def _due_at(patient: Patient, on: date | None) -> datetime:
    """Never sooner than a week from now; else the first moment of the day in the patient's zone."""
    soonest = timezone.now() + timedelta(days=DAYS_TO_UNDO)
    return max(soonest, days.day_begins(on, patient.zone)) if on else soonest


def _end(viewer: Viewer, erasure: Erasure, kind: str) -> None:
    erasure.undone_by, erasure.undone_at = viewer.user, timezone.now()
    erasure.save(update_fields=["undone_by", "undone_at"])
    _mark(viewer.patient, locked_at=None, erase_at=None)
    _tell(viewer, erasure, kind, "undone")


def _mark(patient: Patient, *, locked_at: datetime | None, erase_at: datetime | None) -> None:
    patient.locked_at, patient.erase_at = locked_at, erase_at
    patient.save(update_fields=["locked_at", "erase_at"])


def _tell(viewer: Viewer, erasure: Erasure, kind: str, what: str) -> None:
    day = viewer.patient.day_of(erasure.due_at).isoformat() if erasure.due_at else ""
    words = {"by": viewer.user.shown_name, "record": viewer.patient.name, "day": day}
    notices.tell_team(viewer.patient, kind, but=viewer.user, **words)
    note_change(
        viewer=viewer, subject="erasure", subject_id=erasure.pk, what=what, before={}, after={"day": day}
    )


def due(now: datetime) -> models.QuerySet[Erasure]:
    """Those whose day has come, the oldest first."""
    return Erasure.objects.filter(undone_at=None, due_at__lte=now).order_by("due_at", "pk")


@transaction.atomic
def erase_if_due(*, erasure: Erasure, now: datetime) -> bool:
    """``False`` where somebody undid it, or another machine was first, since it was read."""
    patient = Patient.objects.select_for_update().filter(pk=erasure.patient_id).first()
    still = due(now).filter(pk=erasure.pk).first()
    if patient is None or still is None:
        return False
    return erase_now(patient=patient, stone=_stone(patient, still.asked_as))


def erase_unasked(*, patient: Patient) -> bool:
    """A record that nobody needs any more. Nobody asked, so no account goes with it."""
    return erase_now(patient=patient, stone=_stone(patient, ""), with_teens=False)


def _stone(patient: Patient, asked_as: str) -> Stone:
    return tombstones.new_stone(patient.code, day=timezone.now().date(), asked_as=asked_as)


@transaction.atomic
def erase_now(*, patient: Patient, stone: Stone, with_teens: bool = True) -> bool:
    """Takes away every row that reaches the record, and what names it elsewhere. Nothing, if anything fails.

    Therapists' own activities stay; a teen's account goes with the only record it was for (not so without
    ``with_teens``). ``False`` where another machine was first.
    """
    key = patient.pk
    if not Patient.objects.select_for_update().filter(pk=key).exists():
        return False
    people, told = _everybody(patient), _team(patient)
    teens = _teens(patient) if with_teens else []
    tombstones.keep(stone)
    end_sign_ins(people, naming=str(patient.code))
    delete_cached(str(patient.code))
    for model, path in ORDER.items():
        rows = model._base_manager.filter(**{path: key})
        delete_admin_entries(rows)
        delete_rows(rows)
    _delete_own_activities(people)
    for teen in teens:
        if not CareTeamMember.objects.active().filter(user=teen).exists():
            scrub(user=teen)
    gone_on = stone.day.isoformat()
    notices.tell([user for user in told if user not in teens], "record_erased", day=gone_on)
    note_event("record_erased", patient=key)
    return True


def _everybody(patient: Patient) -> set[int]:
    """Keys of all who ever were on the team or looked."""
    ways: tuple[models.QuerySet[Any], ...] = (
        CareTeamMember.objects.filter(patient=patient),
        AccessRecord.objects.filter(patient=patient),
        BreakGlass.objects.filter(patient=patient),
    )
    return {key for rows in ways for key in rows.order_by().values_list("user", flat=True)}


def _team(patient: Patient) -> list[User]:
    links = CareTeamMember.objects.active().filter(patient=patient).select_related("user")
    return [link.user for link in links]


def _teens(patient: Patient) -> list[User]:
    """Whoever this record was of; not somebody who has an account for other things, too."""
    links = CareTeamMember.objects.as_role(Role.PATIENT).filter(
        patient=patient, user__is_clinician=False, user__is_staff=False
    )
    return list(User.objects.filter(pk__in=links.order_by().values("user")))


def _delete_own_activities(people: set[int]) -> None:
    """One that stays forgets that another was easier or harder, or where it was copied from."""
    gone = list(_own_activities(people).order_by().values_list("pk", flat=True))
    for name in OTHERS:
        Activity.objects.filter(**{f"{name}__in": gone}).update(**{name: None})
    delete_rows(Activity.objects.filter(pk__in=gone))


def _own_activities(people: set[int]) -> models.QuerySet[Activity]:
    """Those that a family made, and that nothing needs any more."""
    rows = Activity.objects.filter(owner__in=people, owner__is_clinician=False)
    for model in USES_ACTIVITIES:
        used: models.QuerySet[Any] = model._base_manager.exclude(activity=None).order_by()
        rows = rows.exclude(pk__in=used.values("activity"))
    return rows
