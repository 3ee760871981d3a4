"""A week to fill in like a paper log: its days, its lines, and what is there already."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import timezone

from exercises import adherence, days
from exercises.access import Viewer
from exercises.adherence import DayFacts
from exercises.models import Program
from exercises.models.choices import Source
from exercises.models.program import MOST_DESENSITIZATION

from . import choices, log, sessions
from .patient_page import Part
from .sessions import AREAS

LEAST_TOUCH = 5


class Line(NamedTuple):
    """A line of the log. ``number`` counts desensitization, ``area`` is set where each has its own number."""

    strand: str
    number: int = 1
    area: str = ""

    @property
    def name(self) -> str:
        return f"{self.strand}:{self.area}:{self.number}"

    @property
    def in_minutes(self) -> bool:
        return self.strand != adherence.STRESS

    @property
    def numbered(self) -> bool:
        return self.strand == adherence.DESENSITIZATION

    @property
    def where(self) -> str:
        return str(AREAS[self.area]) if self.area else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One line on one day: a box of the form."""

    day: date
    line: Line

    @property
    def name(self) -> str:
        return f"{self.day}:{self.line.name}"

    def client_id(self, page: UUID, nth: int = 1) -> UUID:
        """The id of what is typed here: the same, however often the same page is sent."""
        return uuid5(page, f"{self.name}:{nth}")


class Logged(NamedTuple):
    """A live session of the week."""

    day: date
    strand: str
    minutes: int | None
    client_id: UUID
    # Of desensitization that is one entry with the exercises done in the same minutes.
    together_with: int | None


@dataclass(frozen=True, slots=True)
class GridDay:
    """``status`` as ``adherence.drawn``. ``parts`` is what was logged so far, ``both`` the minutes of
    exercises on a rough surface, which stand in two of them. Only an ``open`` day takes more."""

    day: date
    status: str
    parts: tuple[Part, ...]
    both: int
    open: bool
    current: bool


@dataclass(frozen=True, slots=True)
class GridWeek:
    """``previous`` and ``next`` are days of weeks that take something; ``logged`` has the minutes of every
    live session by its id. ``ahead``, ``too_old``: some days are not open for that reason;
    ``by_list``: somewhere in the week exercises do not count by minutes."""

    days: tuple[GridDay, ...]
    lines: tuple[Line, ...]
    logged: Mapping[UUID, int | None]
    previous: date | None
    next: date | None
    ahead: bool
    too_old: bool
    by_list: bool

    @property
    def first(self) -> date:
        return self.days[0].day

    @property
    def last(self) -> date:
        return self.days[-1].day

    @property
    def is_open(self) -> bool:
        return any(day.open for day in self.days)

    def cells(self) -> Iterator[tuple[GridDay, Cell]]:
        return ((day, Cell(day.day, line)) for day in self.days for line in self.lines)


def week(viewer: Viewer, day: date, *, typed: Collection[str] = ()) -> GridWeek:
    """The week around ``day``: four queries. It has the lines of its programs, and those of cells that
    somebody has ``typed`` in, whatever became of the program meanwhile."""
    today = viewer.patient.today()
    dates = days.week_of(day, settings.WEEK_STARTS_ON)
    first, last = dates[0], dates[-1]
    oldest = choices.oldest_day(viewer, today, Source.GRID)
    versions = log.programs(viewer.patient)
    in_force = _in_force(versions, dates)
    logged = _logged(viewer, first, last)
    hidden = viewer.hidden_day(timezone.now())
    facts = log.days_between(viewer.patient, first, last, versions=versions, hidden=hidden)
    return GridWeek(
        days=tuple(_day(one, logged, oldest=oldest, today=today) for one in facts),
        lines=_lines(in_force, versions, typed),
        logged={one.client_id: one.minutes for one in logged},
        previous=max(first - 7 * days.ONE_DAY, oldest) if first > oldest else None,
        next=last + days.ONE_DAY if last < today else None,
        ahead=last > today,
        too_old=first < oldest,
        by_list=any(version.asked.by_list for version in in_force),
    )


def _day(facts: DayFacts, logged: Iterable[Logged], *, oldest: date, today: date) -> GridDay:
    mine = [one for one in logged if one.day == facts.day]
    return GridDay(
        day=facts.day,
        status=adherence.drawn(facts, today=today),
        parts=_parts(mine),
        both=sum(one.minutes or 0 for one in mine if one.together_with),
        open=oldest <= facts.day <= today,
        current=facts.day == today,
    )


def _in_force(versions: Sequence[Program], dates: Iterable[date]) -> list[Program]:
    found = (adherence.in_force(versions, day) for day in dates)
    return list(dict.fromkeys(version for version in found if version))


def _logged(viewer: Viewer, first: date, last: date) -> list[Logged]:
    rows = sessions.seen_by(viewer).filter(
        daily_log__patient=viewer.patient, daily_log__day__range=(first, last)
    )
    columns = ("daily_log__day", "strand", "minutes", "client_id", "together_with_id")
    return [Logged(*row) for row in rows.order_by("recorded_at", "pk").values_list(*columns)]


def _parts(logged: Iterable[Logged]) -> tuple[Part, ...]:
    """What a day has of each strand, without the strands it has nothing of."""
    by_strand: dict[str, list[Logged]] = {strand: [] for strand in adherence.STRANDS}
    for one in logged:
        by_strand[one.strand].append(one)
    return tuple(
        Part(strand, tuple(one.minutes for one in own if one.minutes), len(own))
        for strand, own in by_strand.items()
        if own
    )


def _lines(
    in_force: Iterable[Program], versions: Iterable[Program], typed: Collection[str]
) -> tuple[Line, ...]:
    """In the order of the paper log: cardio, exercises, desensitization, stress management."""
    wanted = {line for version in in_force for line in _touch_lines(version)} or set(_touch(LEAST_TOUCH))
    typed_lines = {name.partition(":")[2] for name in typed}
    areas = ("", *dict.fromkeys(area for version in versions for area in version.areas))
    touch = (line for area in areas for line in _touch(MOST_DESENSITIZATION, area))
    return (
        Line(adherence.CARDIO),
        Line(adherence.EXERCISES),
        *(line for line in touch if line in wanted or line.name in typed_lines),
        Line(adherence.STRESS),
    )


def _touch_lines(version: Program) -> Iterator[Line]:
    """As many as the program asks for, at least five; each area has its share where they have one."""
    times = max(version.desensitization or 0, LEAST_TOUCH)
    if not version.areas:
        yield from _touch(times)
    for area in version.areas:
        yield from _touch(adherence.share_of_area(times, version.areas), area)


def _touch(count: int, area: str = "") -> Iterator[Line]:
    return (Line(adherence.DESENSITIZATION, number, area) for number in range(1, count + 1))
