"""Goals in the teen's own words. A reached goal stays, with its day."""

from uuid import UUID

from django.db import transaction

from exercises.access import Viewer
from exercises.models import FunctionGoal

from . import totals
from .changes import note_change
from .once import keep_once


def add_goal(
    *, viewer: Viewer, text: str, private: bool = False, form_id: UUID | None = None
) -> FunctionGoal:
    """``private`` keeps it from parents; ``form_id`` as in ``keep_once``."""
    goal = FunctionGoal(
        patient=viewer.patient,
        text=text,
        private=private,
        set_on=viewer.patient.today(),
        added_by=viewer.user,
    )
    return keep_once(goal, form_id, text, private)


def reach_goal(*, viewer: Viewer, goal: FunctionGoal, reached: bool = True) -> FunctionGoal:
    """Reached today, or open again. Reaching it again leaves the first day as it is."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        goal.refresh_from_db()
        if (goal.reached_on is not None) != reached:
            before, goal.reached_on = goal.reached_on, viewer.patient.today() if reached else None
            goal.full_clean()
            goal.save(update_fields=["reached_on"])
            note_change(
                viewer=viewer,
                subject="goal",
                subject_id=goal.pk,
                what="reached" if reached else "opened again",
                before={"reached_on": before.isoformat() if before else None},
                after={"reached_on": goal.reached_on.isoformat() if goal.reached_on else None},
            )
    return goal
