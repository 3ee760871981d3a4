"""The patient's page: the program, what was done lately, and what waits for an answer, cut for the viewer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import NamedTuple

from django.conf import settings
from django.utils import timezone

from exercises import access, adherence, days, keeping_up
from exercises.access import Viewer
from exercises.adherence import Arrivals, DayFacts, StrandSum, Summary
from exercises.keeping_up import KeptWeek
from exercises.models import Program, ProgramItem

from . import acceptance, log, sessions, words
from .days_off import DayOffRow, days_off
from .words import WordsRow

SHORT, LONG = 7, 28
SESSION_DAYS = 14


@dataclass(frozen=True, slots=True)
class StrandLine:
    """One strand over the last 7 and 28 closed days."""

    short: StrandSum
    long: StrandSum

    @property
    def strand(self) -> str:
        return self.long.strand


@dataclass(frozen=True, slots=True)
class Part:
    """One strand's sessions of a day: their minutes in the order they came, and how many there were."""

    strand: str
    minutes: tuple[int, ...]
    sessions: int

    @property
    def text(self) -> str:
        """Minutes as "10 + 20", alike ones as "3 × 5"; stress moments as their number."""
        if self.strand == adherence.STRESS:
            return str(self.sessions)
        if self.sessions > 1 and len(set(self.minutes)) == 1:
            return f"{self.sessions} × {self.minutes[0]}"
        return " + ".join(map(str, self.minutes))


@dataclass(frozen=True, slots=True)
class DayLine:
    """A day with sessions. ``later`` counts those added later, ``None`` for a viewer who may not know;
    ``both`` are minutes of exercises on a rough surface, which stand in two parts."""

    day: date
    status: str
    parts: tuple[Part, ...]
    later: int | None
    both: int


class _Session(NamedTuple):
    day: date
    strand: str
    minutes: int | None
    recorded_at: datetime
    added_later: bool
    # Of desensitization that is one entry with the exercises done in the same minutes.
    together_with: int | None


@dataclass(frozen=True, slots=True)
class PatientPage:
    """``strands``, ``short`` and ``long`` are about closed days, ``cells`` the last 28 of them as
    ``adherence.drawn``; ``kept`` are this and the last four weeks, those of keeping up; ``days`` the last 14
    with something in them, latest first, today among them; ``arrivals`` is ``None`` for a viewer who may not
    see how entries came; until ``opens_at`` today has only what the viewer entered; ``talk`` is the version
    that the teen wants to talk about first, for who may."""

    program: Program | None
    items: tuple[ProgramItem, ...]
    upcoming: Program | None
    talk: Program | None
    strands: tuple[StrandLine, ...]
    short: Summary
    long: Summary
    kept: tuple[KeptWeek, ...]
    cells: tuple[tuple[date, str], ...]
    last_logged_on: date | None
    opens_at: time | None
    days: tuple[DayLine, ...]
    arrivals: Arrivals | None
    questions: tuple[WordsRow, ...]
    days_off: tuple[DayOffRow, ...]

    @property
    def kept_strands(self) -> tuple[str, ...]:
        """What any of the weeks of keeping up asks for."""
        return tuple(name for name in adherence.STRANDS if any(week.strand(name) for week in self.kept))

    @property
    def waiting(self) -> bool:
        return bool(self.questions or self.days_off)


def patient_page(viewer: Viewer) -> PatientPage:
    """Seven queries."""
    patient, today = viewer.patient, viewer.patient.today()
    versions = log.programs(patient)
    program = adherence.in_force(versions, today)
    facts = _in_whole_weeks(viewer, versions, today)
    statuses = {one.day: adherence.drawn(one, today=today) for one in facts}
    closed = [one for one in facts if today - timedelta(days=LONG) <= one.day < today]
    logged = _read_sessions(viewer, today)
    short, long = (adherence.summarise(closed[-count:], today=today) for count in (SHORT, LONG))
    return PatientPage(
        program=program,
        items=_items(program),
        talk=acceptance.talked_about(viewer, versions),
        upcoming=next((version for version in versions if version.starts_on > today), None),
        strands=tuple(StrandLine(short.strand(name), long.strand(name)) for name in adherence.STRANDS),
        short=short,
        long=long,
        kept=_kept_weeks(facts, today),
        cells=tuple((one.day, statuses[one.day]) for one in closed),
        last_logged_on=log.last_logged(viewer, timezone.now()),
        opens_at=patient.parents_from if viewer.hides(today, timezone.now()) else None,
        days=_day_lines(viewer, logged, statuses, today),
        arrivals=_arrivals(viewer, logged, today),
        questions=tuple(words.questions(viewer, open_only=True)),
        days_off=_days_off_waiting(viewer, today),
    )


def _in_whole_weeks(viewer: Viewer, versions: Sequence[Program], today: date) -> list[DayFacts]:
    """The last 28 closed days, and the days around them up to the end of a week."""
    ends = today - timedelta(days=LONG), today
    first, last = (days.week_of(day, settings.WEEK_STARTS_ON) for day in ends)
    hidden = viewer.hidden_day(timezone.now())
    return log.days_between(viewer.patient, first[0], last[-1], versions=versions, hidden=hidden)


def _kept_weeks(facts: Iterable[DayFacts], today: date) -> tuple[KeptWeek, ...]:
    """Those of keeping up, latest first."""
    return keeping_up.weeks(facts, today=today, first_weekday=settings.WEEK_STARTS_ON)[::-1]


def _items(program: Program | None) -> tuple[ProgramItem, ...]:
    if program is None:
        return ()
    items = ProgramItem.objects.filter(program=program).select_related("activity")
    return tuple(items.order_by("order", "pk"))


def _read_sessions(viewer: Viewer, today: date) -> list[_Session]:
    rows = (
        sessions.seen_by(viewer)
        .filter(
            daily_log__patient=viewer.patient, daily_log__day__range=(today - timedelta(days=LONG), today)
        )
        .order_by("daily_log__day", "recorded_at", "pk")
        .values_list("daily_log__day", "strand", "minutes", "recorded_at", "added_later", "together_with_id")
    )
    return [_Session(*row) for row in rows]


def _day_lines(
    viewer: Viewer, sessions: Iterable[_Session], statuses: Mapping[date, str], today: date
) -> tuple[DayLine, ...]:
    """The last 14 days that have any, latest first."""
    since = today - timedelta(days=SESSION_DAYS - 1)
    recent = groupby((one for one in sessions if one.day >= since), key=lambda one: one.day)
    lines = [_day_line(viewer, day, statuses[day], list(group)) for day, group in recent]
    return tuple(reversed(lines))


def _day_line(viewer: Viewer, day: date, status: str, sessions: Sequence[_Session]) -> DayLine:
    parts = (_part(strand, sessions) for strand in adherence.STRANDS)
    alone = [one for one in sessions if not one.together_with]
    return DayLine(
        day=day,
        status=status,
        parts=tuple(part for part in parts if part.sessions),
        later=sum(one.added_later for one in alone) if viewer.may(access.SEE_HOW) else None,
        both=sum(one.minutes or 0 for one in sessions if one.together_with),
    )


def _part(strand: str, sessions: Iterable[_Session]) -> Part:
    own = [one for one in sessions if one.strand == strand]
    return Part(strand, tuple(one.minutes for one in own if one.minutes), len(own))


def _arrivals(viewer: Viewer, sessions: Iterable[_Session], today: date) -> Arrivals | None:
    """Over the closed days."""
    if not viewer.may(access.SEE_HOW):
        return None
    return adherence.arrivals(
        (one.day, one.recorded_at, one.added_later)
        for one in sessions
        if one.day < today and not one.together_with
    )


def _days_off_waiting(viewer: Viewer, today: date) -> tuple[DayOffRow, ...]:
    """Asked for, not answered and not taken back, of the last 28 days and to come."""
    since = today - timedelta(days=LONG)
    rows = (row for row in days_off(viewer) if not (row.answer or row.withdrawn))
    return tuple(row for row in rows if row.last >= since)
