"""Going through a guided session. Each move says which step it is about, so that a move sent twice is one."""

from typing import Any
from uuid import UUID

from exercises.access import Viewer
from exercises.models import Stopwatch
from exercises.queries import guided as queries
from exercises.queries.guided import Step

from .stopwatch import Ended, locked, stop


def set_done(*, viewer: Viewer, client_id: UUID, step: int, sets: int, waited: int = 0) -> Ended:
    """So many sets of this exercise are done; with the last one the next exercise is on, and after the last
    exercise the session is kept."""
    with locked(viewer, client_id) as watch:
        now_on = _on(watch, step)
        if now_on:
            sets = max(now_on.sets_done, min(sets, now_on.sets))
            _note(watch, now_on, sets=sets)
            watch.step = step + (sets >= now_on.sets)
            watch.save(update_fields=["done", "step"])
        return _ended_at_the_end(viewer, watch, waited)


def go_on(*, viewer: Viewer, client_id: UUID, step: int, waited: int = 0) -> Ended:
    """To the next exercise: what was done of this one stays, and one without a set was skipped."""
    with locked(viewer, client_id) as watch:
        now_on = _on(watch, step)
        if now_on:
            _note(watch, now_on, sets=now_on.sets_done)
            watch.step = step + 1
            watch.save(update_fields=["done", "step"])
        return _ended_at_the_end(viewer, watch, waited)


def go_back(*, viewer: Viewer, client_id: UUID, step: int) -> Ended:
    """To the exercise before ``step``, which may lie behind the last one; what was done stays."""
    with locked(viewer, client_id) as watch:
        if watch.ended_at is None and watch.step == step and step > 0:
            watch.step = step - 1
            watch.save(update_fields=["step"])
        return Ended(watch, watch.session)


def _on(watch: Stopwatch, step: int) -> Step | None:
    """The step that is on, where that is the one that was meant."""
    steps = queries.steps_of(watch)
    return steps[step] if watch.ended_at is None and watch.step == step < len(steps) else None


def _note(watch: Stopwatch, step: Step, *, sets: int) -> None:
    item = step.item
    entry: dict[str, Any] = {
        "item": item.pk,
        "sets": sets,
        "reps": item.reps,
        "hold_seconds": item.hold_seconds,
        "skipped": not sets,
    }
    watch.done = [*(old for old in watch.done if old["item"] != item.pk), entry]


def _ended_at_the_end(viewer: Viewer, watch: Stopwatch, waited: int) -> Ended:
    """Behind the last exercise the session is kept by itself, unless nothing was done in it."""
    steps = queries.steps_of(watch)
    is_over = watch.ended_at is None and watch.step >= len(steps)
    if is_over and any(step.sets_done for step in steps):
        return stop(viewer=viewer, client_id=watch.client_id, waited=waited)
    return Ended(watch, watch.session)
