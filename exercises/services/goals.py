"""Goals in the teen's own words, and their steps. What was reached stays, with its day.

What cannot be done raises a ``ValidationError`` that says why, in words for the page; it is decided under the
patient's lock. Everything may be sent twice.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from exercises.access import Viewer
from exercises.models import FunctionGoal, GoalStep
from exercises.queries import goals as queries

from . import milestones, totals
from .changes import note_change
from .once import keep_once

Row = FunctionGoal | GoalStep
# What a change of each is about.
SUBJECTS: dict[type[Row], str] = {FunctionGoal: "goal", GoalStep: "step"}


def add_goal(
    *, viewer: Viewer, text: str, sign: str = "", private: bool = False, form_id: UUID | None = None
) -> FunctionGoal:
    """``sign`` is what would show it, ``private`` keeps it from parents; ``form_id`` as in ``keep_once``."""
    goal = FunctionGoal(
        patient=viewer.patient,
        text=text,
        sign=sign,
        private=private,
        set_on=viewer.patient.today(),
        added_by=viewer.user,
    )
    with transaction.atomic():
        totals.lock(viewer.patient)
        kept = keep_once(goal, form_id, text, sign, private)
        if kept is goal:
            _check_room(goal, there=1)
    return kept


def add_step(*, viewer: Viewer, goal: FunctionGoal, text: str, form_id: UUID | None = None) -> GoalStep:
    """One more step of an open goal; ``form_id`` as in ``keep_once``."""
    step = GoalStep(
        patient=viewer.patient, goal=goal, text=text, set_on=viewer.patient.today(), added_by=viewer.user
    )
    with transaction.atomic():
        totals.lock(viewer.patient)
        goal.refresh_from_db()
        kept = keep_once(step, form_id, goal.pk, text)
        if kept is step:
            _check_open(goal)
            _check_room(step, there=1)
    return kept


def reach_goal(*, viewer: Viewer, goal: FunctionGoal, reached: bool = True) -> FunctionGoal:
    """Reached today, or open again. Reaching it again leaves the first day as it is."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        if _reach(viewer, goal, reached) and reached:
            milestones.goal_reached(viewer.patient)
    return goal


def reach_step(*, viewer: Viewer, step: GoalStep, reached: bool = True) -> GoalStep:
    """As ``reach_goal``, whatever has become of its goal."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        if _reach(viewer, step, reached) and reached:
            milestones.step_reached(viewer.patient)
    return step


def set_aside(*, viewer: Viewer, row: Row, aside: bool = True) -> None:
    """No longer wanted, or taken back. What was reached stays reached, and so do a goal's reached steps."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        row.refresh_from_db()
        if (row.set_aside_on is not None) == aside:
            return
        if aside:
            _check_open(row)
        else:
            _check_room(row)
        day = viewer.patient.today() if aside else None
        _change(viewer, row, "set aside" if aside else "taken back", set_aside_on=day)


def change_words(*, viewer: Viewer, row: Row, **columns: Any) -> None:
    """Other words for what is open: ``text``, and of a goal ``sign`` and ``private``. The last one to write
    is right; the words before stay in the trail."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        row.refresh_from_db()
        _check_open(row)
        _change(viewer, row, "changed", **columns)


# --- needs the patient's lock ------------------------------------------------------------------------------


def _reach(viewer: Viewer, row: Row, reached: bool) -> bool:
    """Says whether anything changed. One that was set aside and is reached all the same is reached."""
    row.refresh_from_db()
    today = viewer.patient.today()
    if (row.reached_on is not None) == reached:
        return False
    if not reached and row.reached_on != today:
        raise ValidationError(_("What you reached on another day stays reached."))
    columns: dict[str, Any] = {"reached_on": today if reached else None}
    if row.set_aside_on:
        columns["set_aside_on"] = None
    _change(viewer, row, "reached" if reached else "opened again", **columns)
    return True


def _change(viewer: Viewer, row: Row, what: str, **columns: Any) -> None:
    """Writes the columns and the trail; the same again is no change."""
    before = {name: _plain(getattr(row, name)) for name in columns}
    after = {name: _plain(value) for name, value in columns.items()}
    if before == after:
        return
    for name, value in columns.items():
        setattr(row, name, value)
    row.full_clean()
    row.save(update_fields=list(columns))
    subject = SUBJECTS[type(row)]
    note_change(viewer=viewer, subject=subject, subject_id=row.pk, what=what, before=before, after=after)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _check_open(row: Row) -> None:
    if row.reached_on:
        raise ValidationError(_("This one is reached. It stays as it is."))
    if row.set_aside_on:
        raise ValidationError(_("This one is set aside. Take it back first."))


def _check_room(row: Row, there: int = 0) -> None:
    """``there``: how many of those that are open the row itself is."""
    if isinstance(row, GoalStep):
        if queries.open_steps(row.goal).count() >= queries.MOST_OPEN_STEPS + there:
            raise ValidationError(_("Ten open steps are plenty. Reach one first, or set one aside."))
    elif queries.open_goals(row.patient).count() >= queries.MOST_OPEN_GOALS + there:
        raise ValidationError(_("Twenty open goals are plenty. Reach one first, or set one aside."))
