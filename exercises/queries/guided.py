"""A guided session: the program's exercises, one at a time, and where in them somebody is."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from exercises import access, adherence
from exercises.access import Viewer
from exercises.models import Program, ProgramItem, Stopwatch
from exercises.models.choices import HarderRule, Side, Source

from . import harder, log, stopwatch
from .stopwatch import Timed

# Between two sets, in seconds: long enough to breathe, short enough to stay warm. Rests count, and anyone may
# skip or stretch them.
REST_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Step:
    """One exercise. ``hold`` is in seconds and stands for timed work, too; with ``sides`` 2 each side does
    all of a set."""

    place: int
    item: ProgramItem
    sets_done: int = 0
    skipped: bool = False

    @property
    def sets(self) -> int:
        return self.item.sets or 1

    @property
    def next_set(self) -> int:
        return min(self.sets_done + 1, self.sets)

    @property
    def is_done(self) -> bool:
        return self.sets_done >= self.sets

    @property
    def hold(self) -> int:
        return self.item.hold_seconds or 60 * (self.item.minutes or 0)

    @property
    def reps(self) -> int:
        """How often a hold comes in a set."""
        return self.item.reps or 1

    @property
    def sides(self) -> int:
        return 2 if self.item.side == Side.EACH else 1

    @property
    def how_to(self) -> list[str]:
        return [line for line in self.item.activity.how_to.splitlines() if line.strip()]

    def as_done(self) -> ProgramItem:
        """The item with the dose that was done, never saved: what a session keeps of it."""
        done = copy(self.item)
        done.sets = self.sets_done if self.item.sets else None
        return done


@dataclass(frozen=True, slots=True)
class GuidedPage:
    """``at`` is the place of the step that is on; at the end of the list, all were gone through."""

    timed: Timed
    steps: tuple[Step, ...]
    at: int
    state: str
    quiet: bool
    rest: int = REST_SECONDS

    @property
    def is_over(self) -> bool:
        return self.at >= len(self.steps)

    @property
    def has_something(self) -> bool:
        return any(step.sets_done for step in self.steps)


@dataclass(frozen=True, slots=True)
class StartPage:
    """``program`` is in force and has the exercises; ``first`` is the place of the first one that today has
    not seen yet. ``may_be_rough``: desensitization is in the program. ``in_pieces``: a harder day, whose
    plan comes in small pieces."""

    program: Program | None
    items: tuple[ProgramItem, ...]
    first: int
    may_be_rough: bool
    in_pieces: bool


def guided_page(viewer: Viewer, watch: Stopwatch) -> GuidedPage:
    now = timezone.now()
    return GuidedPage(
        timed=stopwatch.timed(viewer, watch, now),
        steps=steps_of(watch),
        at=watch.step,
        state=state_of(watch),
        quiet=stopwatch.chime_is_off(viewer.patient, now),
    )


def state_of(watch: Stopwatch | None) -> str:
    """Where a guided session stands, as one word: a page that says another is old. Empty when none runs."""
    if watch is None or watch.program_id is None:
        return ""
    sets = sum(entry["sets"] or 0 for entry in watch.done)
    return f"{watch.client_id}/{watch.step}/{sets}/{'paused' if watch.paused_at else 'on'}"


def steps_of(watch: Stopwatch) -> tuple[Step, ...]:
    """None for what is no guided session."""
    if watch.source != Source.GUIDED or watch.program is None:
        return ()
    done = {entry["item"]: entry for entry in watch.done}
    return tuple(_step(place, item, done) for place, item in enumerate(exercises_of(watch.program)))


def _step(place: int, item: ProgramItem, done: dict[int, dict[str, Any]]) -> Step:
    entry = done.get(item.pk, {})
    return Step(place, item, sets_done=entry.get("sets") or 0, skipped=bool(entry.get("skipped")))


def exercises_of(program: Program) -> Sequence[ProgramItem]:
    items = ProgramItem.objects.filter(program=program, activity__strand=adherence.EXERCISES)
    return list(items.select_related("activity").order_by("order", "pk"))


def start_page(viewer: Viewer, now: datetime) -> StartPage:
    patient, today = viewer.patient, viewer.patient.day_of(now)
    program = adherence.in_force(log.programs(patient), today)
    items = tuple(exercises_of(program)) if program else ()
    seen = stopwatch.done_today(viewer, program, today) if program and items else frozenset()
    return StartPage(
        program=program,
        items=items,
        first=next((place for place, item in enumerate(items) if item.activity_id not in seen), 0),
        may_be_rough=bool(program and program.desensitization),
        in_pieces=bool(program and program.harder_rule == HarderRule.PIECES)
        and viewer.may(access.SEE_HARDER)
        and harder.is_harder(viewer, today),
    )
