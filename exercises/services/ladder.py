"""A step up or down the texture ladder."""

from django.db import transaction

from exercises.access import Viewer
from exercises.models import LadderMove, Program
from exercises.queries.ladder import rung_now

from . import totals


def step_ladder(*, viewer: Viewer, program: Program, shown: int, change: int) -> bool:
    """One step from the one that the page showed; from any other one nothing moves, so that a double tap is
    one step. Says whether the ladder stands where the form wanted it."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        now, wanted = rung_now(program), shown + change
        if now is not None and now.step == shown and 1 <= wanted <= now.of:
            LadderMove.objects.bulk_create(
                LadderMove(
                    patient=viewer.patient,
                    program=version,
                    step=wanted,
                    by=viewer.user,
                    entered_as=viewer.entered_as,
                )
                for version in (program, *_waiting(program))
            )
            return True
    return now is not None and now.step == wanted


def _waiting(program: Program) -> list[Program]:
    """What follows with the same ladder goes on from the same step."""
    later = Program.objects.standing().filter(patient=program.patient_id, starts_on__gt=program.starts_on)
    return [version for version in later if version.ladder == program.ladder]
