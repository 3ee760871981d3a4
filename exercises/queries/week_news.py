"""What was new in a week: done for the first time, a step up, reached, measured, changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Min

from exercises import access, adherence
from exercises.access import Viewer
from exercises.models import LadderMove, Program, SessionItem, TherapySession

from . import measures
from .goals import GoalRow
from .ladder import rungs

FIRST_TIME, LADDER, STEP, GOAL, MEASURE, PROGRAM = (
    "first time",
    "ladder",
    "step",
    "goal",
    "measure",
    "program",
)


@dataclass(frozen=True, slots=True)
class New:
    """``text`` is a name or somebody's own words; ``value`` of a measure; ``private`` of a goal."""

    day: date
    kind: str
    text: str
    value: str = ""
    private: bool = False


def news(
    viewer: Viewer,
    week: Sequence[date],
    versions: Iterable[Program],
    found: Iterable[GoalRow],
    hidden: date | None,
) -> tuple[New, ...]:
    """In the order of the days. ``found``: the goals that the viewer may see; of the ``hidden`` day only what
    is no work of that day. Four queries."""
    done = [*_first_times(viewer, week), *_steps_up(viewer, week, versions), *_reached(found)]
    others = [*_measured(viewer), *_programs(viewer, versions)]
    new = [one for one in done if one.day != hidden] + others
    return tuple(sorted((one for one in new if one.day in week), key=lambda one: one.day))


def _first_times(viewer: Viewer, week: Sequence[date]) -> list[New]:
    """Activities done for the first time ever, by themselves or within a session."""
    sessions = TherapySession.objects.live().filter(patient=viewer.patient, activity__isnull=False)
    items = SessionItem.objects.filter(session__patient=viewer.patient, session__voided_at=None)
    if not viewer.may(access.SEE_TECHNIQUES):
        sessions = sessions.exclude(strand=adherence.STRESS)
        items = items.exclude(session__strand=adherence.STRESS)
    columns = "activity_id", "activity__name"
    first: dict[tuple[int, str], date] = {}
    for rows, day in ((sessions, "daily_log__day"), (items, "session__daily_log__day")):
        for pk, name, done in rows.order_by().values_list(*columns).annotate(Min(day)):
            first[pk, name] = min(done, first.get((pk, name), done))
    return [New(done, FIRST_TIME, name) for (_pk, name), done in sorted(first.items()) if done in week]


def _steps_up(viewer: Viewer, week: Sequence[date], versions: Iterable[Program]) -> list[New]:
    """The highest step that a day went up to."""
    with_ladder = {version.pk: version for version in versions if version.ladder}
    if not with_ladder:
        return []
    clock = viewer.patient.clock_at
    moves = LadderMove.objects.filter(program__in=with_ladder).order_by("program", "pk")
    best: dict[date, tuple[int, str]] = {}
    for pk, group in groupby(moves, key=lambda move: move.program_id):
        steps, stood = rungs(with_ladder[pk]), with_ladder[pk].ladder_starts_at
        for move in group:
            day = clock(move.at).day_of(move.at)
            if move.step > stood and move.step <= len(steps):
                best[day] = max(best.get(day, (0, "")), (move.step, steps[move.step - 1].words))
            stood = move.step
    return [New(day, LADDER, words) for day, (_step, words) in best.items() if day in week]


def _reached(found: Iterable[GoalRow]) -> list[New]:
    new = []
    for goal in found:
        parts = [(STEP, step.text, step.reached_on) for step in goal.steps]
        parts.append((GOAL, goal.text, goal.reached_on))
        new += [New(day, kind, text, private=goal.private) for kind, text, day in parts if day]
    return new


def _measured(viewer: Viewer) -> list[New]:
    return [
        New(point.day, MEASURE, one.name, value=point.text)
        for one in measures.series(viewer)
        for point in one.points
    ]


def _programs(viewer: Viewer, versions: Iterable[Program]) -> list[New]:
    """The first one, too."""
    today = viewer.patient.today()
    return [
        New(version.starts_on, PROGRAM, str(version.version))
        for version in versions
        if version.starts_on <= today
    ]
