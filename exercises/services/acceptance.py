"""The teen's answer to a version of the program, and the way back to the saved full one."""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from exercises import access
from exercises.access import Viewer
from exercises.models import Program
from exercises.models.choices import ProgramKind
from exercises.queries import acceptance, log
from exercises.queries.acceptance import ACCEPT
from exercises.queries.program import standing_plan

from . import totals
from .notices import tell
from .programs import Stale, revise_program


class Outdated(Exception):
    """The version asks nothing any more: another one has followed, or it was taken back."""


def answer_program(*, viewer: Viewer, version: int, answer: str) -> Program:
    """Keeps ``accept`` or ``talk``; the same answer again changes nothing, nor does any once it is accepted.

    Therapists are told who wants to talk. Raises ``Program.DoesNotExist`` and ``Outdated``.
    """
    patient = viewer.patient
    with transaction.atomic():
        totals.lock(patient)
        program = Program.objects.get(patient=patient, version=version)
        if program not in acceptance.open_versions(log.programs(patient), patient.today()):
            raise Outdated
        if program.accepted_at is None and answer == ACCEPT:
            program.accepted_at, program.accepted_by = timezone.now(), viewer.user
            program.save(update_fields=["accepted_at", "accepted_by"])
        elif program.accepted_at is None and program.talk_at is None:
            program.talk_at, program.talk_by = timezone.now(), viewer.user
            program.save(update_fields=["talk_at", "talk_by"])
            tell_therapists(viewer, "talk_first", version=version)
    return program


class Running(Exception):
    """The full program is on already."""


def start_flare(*, viewer: Viewer, version: int) -> Program:
    """Back to the full program that ``version``, one to keep up with, has saved; it starts as any revision
    does, and therapists are told.

    Raises ``Program.DoesNotExist``, ``Running`` when somebody did it before, and ``Stale``.
    """
    patient = viewer.patient
    with transaction.atomic():
        totals.lock(patient)
        shown = Program.objects.select_related("flare_plan").get(patient=patient, version=version)
        latest = log.programs(patient)[-1]
        if latest != shown or shown.kind != ProgramKind.KEEPING_UP or shown.flare_plan is None:
            raise Running if latest.kind == ProgramKind.FULL else Stale(latest)
        plan = replace(standing_plan(shown.flare_plan), kind=ProgramKind.FULL, flare_plan=None)
        program = revise_program(viewer=viewer, plan=plan, basis=version)
        tell_therapists(viewer, "flare_started", version=program.version)
    return program


def tell_therapists(viewer: Viewer, kind: str, **params: int) -> None:
    """News for the therapists of the record, except for who did it."""
    links = access.therapists_of(viewer.patient).exclude(user=viewer.user).select_related("user")
    who = viewer.user.shown_name
    tell([link.user for link in links], kind, patient=viewer.patient, who=who, **params)
