"""What Today reads, before anything is decided. Seven queries, and one more each for a routine and
a texture ladder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings

from exercises import adherence, days
from exercises.access import Viewer
from exercises.adherence import DayFacts
from exercises.models import DailyLog, Program, ProgramItem

from . import log, routine, sessions
from .ladder import Rung, rung_now
from .next_up import Prescribed, Routine
from .sessions import SessionRow


@dataclass(frozen=True, slots=True)
class Facts:
    """``off``: the week's days off, each with whether it waits for an answer. ``opens_at``: until this hour
    today has only what the viewer entered, and its row is left out."""

    day: date
    program: Program | None
    versions: list[Program]
    by_day: dict[date, DayFacts]
    rows: dict[date, DailyLog]
    off: Mapping[date, bool]
    routine: Routine
    items: list[Prescribed]
    rung: Rung | None
    entries: list[SessionRow]
    opens_at: time | None

    @property
    def used(self) -> frozenset[int]:
        """The slots that have a session."""
        return frozenset(entry.slot for entry in self.entries if entry.slot)


def read_facts(viewer: Viewer, now: datetime) -> Facts:
    patient, clock = viewer.patient, viewer.patient.clock_at(now)
    today = clock.day_of(now)
    week = days.week_of(today, settings.WEEK_STARTS_ON)
    first = min(week[0], today - days.ONE_DAY)
    versions = log.programs(patient)
    program = adherence.in_force(versions, today)
    rows = {row.day: row for row in DailyLog.objects.filter(patient=patient, day__range=(first, week[-1]))}
    off = log.asked_or_granted(patient, first, week[-1])
    today_row, hidden = rows.get(today), viewer.hides(today, now)
    if hidden:
        rows.pop(today, None)
    logged = {day: (row.work, row.harder) for day, row in rows.items()}
    by_day = {facts.day: facts for facts in log.facts(versions, days.span(first, week[-1]), logged, off)}
    return Facts(
        day=today,
        program=program,
        versions=versions,
        by_day=by_day,
        rows=rows,
        off=off,
        routine=Routine(
            at=clock.wall_time(now).time().replace(tzinfo=None),
            slots=tuple(routine.slots_on(patient, today)),
            day_start=clock.day_start,
            night_from=patient.night_from,
        ),
        items=_items(program),
        rung=rung_now(program),
        entries=sessions.entries(viewer, today_row, program, today=today),
        opens_at=patient.parents_from if hidden else None,
    )


def _items(program: Program | None) -> list[Prescribed]:
    """The desensitization that is prescribed: the next card names it, in turn."""
    if program is None or program.targets is None:
        return []
    touch = ProgramItem.objects.filter(program=program, activity__strand=adherence.DESENSITIZATION)
    rows = touch.order_by("order", "pk").values_list("activity_id", "activity__name", "body_area", "words")
    return [Prescribed._make(row) for row in rows]
