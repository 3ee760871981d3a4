"""Versions of a program: a started one never changes, and an ended day is never judged anew.

There is one next version at most. A new version replaces the one that waits, and one that starts on the same
day; what was replaced stays, in history.
"""

from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exercises import access
from exercises.access import Viewer
from exercises.models import DailyLog, Patient, Program, ProgramItem
from exercises.models.choices import ExercisesBy
from exercises.queries.program import (
    Plan,
    as_program,
    full_versions,
    item_rows,
    latest_version,
    standing_plan,
    usual_start,
)

from . import totals
from .changes import note_change


class Stale(Exception):
    """Somebody saved a version after the editor was opened; ``latest`` is the newest one."""

    def __init__(self, latest: Program | None) -> None:
        super().__init__(str(latest))
        self.latest = latest


class Started(Exception):
    """The version is in force: it can be followed by another one, not cancelled."""


def revise_program(
    *, viewer: Viewer, plan: Plan, basis: int | None, starts_on: date | None = None
) -> Program:
    """Adds a version. ``basis`` is the number of the version that the editor showed (``None``: none yet).

    Without ``starts_on`` it starts today, or tomorrow when something was logged today; choosing today counts
    today anew. Raises ``Stale``, and ``ValidationError`` for a start in the past.
    """
    patient = viewer.patient
    with transaction.atomic():
        totals.lock(patient)
        _check_basis(patient, basis)
        starts_on = starts_on or usual_start(patient)
        if starts_on < patient.today():
            raise ValidationError({"starts_on": _("A program can start today or later.")})
        replaced = _replace(viewer, starts_on)
        program = _insert(viewer, plan, starts_on)
        _insert_items(program, plan)
        _rejudge_from(patient, min([starts_on, *(old.starts_on for old in replaced)]))
    return program


def switch_program(*, viewer: Viewer, kind: str, basis: int) -> Program:
    """Pauses, ends or resumes: the same plan as a version of another kind."""
    latest = latest_version(viewer.patient)
    if latest is None or latest.version != basis:
        raise Stale(latest)
    return revise_program(viewer=viewer, plan=replace(standing_plan(latest), kind=kind), basis=basis)


def cancel_program(*, viewer: Viewer, version: int) -> None:
    """Takes back a version that has not started; again changes nothing. Raises ``Started``."""
    patient = viewer.patient
    with transaction.atomic():
        totals.lock(patient)
        program = Program.objects.get(patient=patient, version=version)
        if program.replaced_at is None:
            if program.starts_on <= patient.today():
                raise Started
            _retire(viewer, program, "cancelled")
            _rejudge_from(patient, program.starts_on)


def _check_basis(patient: Patient, basis: int | None) -> None:
    latest = latest_version(patient)
    if (latest.version if latest else None) != basis:
        raise Stale(latest)


def _replace(viewer: Viewer, starts_on: date) -> list[Program]:
    """Retires what has not started, and what starts on the same day."""
    today = viewer.patient.today()
    standing = Program.objects.standing().filter(patient=viewer.patient, starts_on__gte=today)
    replaced = [old for old in standing if old.starts_on > today or old.starts_on == starts_on]
    for old in replaced:
        _retire(viewer, old, "replaced")
    return replaced


def _retire(viewer: Viewer, program: Program, what: str) -> None:
    program.replaced_at = timezone.now()
    program.save(update_fields=["replaced_at"])
    note_change(
        viewer=viewer,
        subject="program",
        subject_id=program.pk,
        what=what,
        before={"version": program.version, "starts_on": program.starts_on.isoformat()},
        after={},
    )


def _insert(viewer: Viewer, plan: Plan, starts_on: date) -> Program:
    patient = viewer.patient
    newest = Program.objects.filter(patient=patient).aggregate(version=Max("version"))["version"] or 0
    program = as_program(
        plan, patient=patient, version=newest + 1, starts_on=starts_on, created_by=viewer.user
    )
    _check_plan(program)
    if viewer.may(access.ACCEPT_PROGRAM):
        # Who may agree to a program agrees to the one they type in.
        program.accepted_at, program.accepted_by = timezone.now(), viewer.user
    program.full_clean()
    program.save(force_insert=True)
    if patient.told_at is None:
        # A therapist's program says what a family's word says, and still does when the therapist has left.
        patient.told_at = timezone.now()
        patient.save(update_fields=["told_at"])
    return program


def _check_plan(program: Program) -> None:
    """What no column can say."""
    if program.exercises_by == ExercisesBy.LIST and not program.exercises:
        raise ValidationError({"exercises_by": _("Put at least one exercise on the list.")})
    if program.flare_plan_id and not full_versions(program.patient).filter(pk=program.flare_plan_id).exists():
        raise ValidationError({"flare_plan": _("Choose one of the earlier full programs.")})


def _insert_items(program: Program, plan: Plan) -> None:
    rows = item_rows(plan, program)
    for row in rows:
        row.clean_fields(exclude=["program", "activity"])
    ProgramItem.objects.bulk_create(rows)


def _rejudge_from(patient: Patient, day: date) -> None:
    """Rows from that day on: today when today was chosen, and the rare ones ahead."""
    totals.rejudge(patient, DailyLog.objects.filter(patient=patient, day__gte=day))
