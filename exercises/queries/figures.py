"""Strands and days of many patients over the last 7 and 28 closed days, summed by the database.

A day is a bit and a stretch of days a set of bits (bit 0 is the first day read): one row per patient and
program comes out of the database, and counting days is counting bits. ``adherence.summarise`` over every day
gives the same sums; a property test holds the two together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_
from typing import Any, NamedTuple, Protocol

from django.db import connection

from exercises import adherence, days
from exercises.adherence import BEFORE, EXCUSED, MET, NOTHING, PARTLY, STRANDS, Group
from exercises.guideline import Targets
from exercises.models import Program
from exercises.models.choices import ProgramKind

LONG, SHORT = 28, 7
NO_DAYS = Group()
DayOffRow = tuple[date, date, str]


class Version(NamedTuple):
    """What a standing version of a program asks for, without the rest of it."""

    id: int
    starts_on: date
    kind: str
    cardio: int | None
    exercises: int | None
    desensitization: int | None
    desensitization_minutes: int
    stress: int | None

    @property
    def aims(self) -> tuple[int, ...]:
        """By strand; nothing at all while the version judges no day."""
        return _aims(Targets(*self[3:])) if self.kind == ProgramKind.FULL else ()


@lru_cache(maxsize=256)
def _aims(targets: Targets) -> tuple[int, ...]:
    judged = adherence.judged_strands(targets)
    return tuple(adherence.aim_of(targets, strand) for strand in STRANDS) if judged else ()


class Counted(Protocol):
    """A patient to count for: the key, the patient's own today, the versions (oldest first), the days off."""

    @property
    def id(self) -> int: ...
    @property
    def today(self) -> date: ...
    @property
    def versions(self) -> Sequence[Version]: ...
    @property
    def off(self) -> Sequence[DayOffRow]: ...


@dataclass(frozen=True, slots=True)
class Period:
    """Mean capped share of each strand (in the order of STRANDS; ``None``: not asked for), then days."""

    shares: tuple[Fraction | None, ...]
    met: int
    judged: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The last 7 and 28 closed days, and each of the 28 with its status."""

    short: Period
    long: Period
    cells: tuple[tuple[date, str], ...]


@dataclass(slots=True)
class Done:
    """What the database says of one patient: days met and days with anything as bits, and for each
    (program, is in the last 7 days) the strands' capped sums."""

    met: int
    anything: int
    sums: dict[tuple[int, bool], tuple[int, ...]]


class Stretch(NamedTuple):
    """The days that a version judges, as bits, and what it asks for."""

    program: int
    days: int
    aims: tuple[int, ...]


def versions(patients: Any) -> dict[int, list[Version]]:
    """Standing versions by patient key, oldest first. ``patients``: keys, or a query for them."""
    rows = Program.objects.standing().filter(patient__in=patients).order_by("patient_id", "starts_on")
    found: dict[int, list[Version]] = {}
    for row in rows.values_list("patient_id", "pk", *Version._fields[1:]):
        found.setdefault(row[0], []).append(Version._make(row[1:]))
    return found


def figures(people: Iterable[Counted]) -> dict[int, Figures]:
    """Figures by patient key, in one query."""
    people = list(people)
    if not people:
        return {}
    base = min(person.today for person in people) - timedelta(days=LONG)
    calendar = days.span(base, max(person.today for person in people))
    done, nothing = _done(people, base), Done(0, 0, {})
    return {person.id: _figures(person, calendar, done.get(person.id, nothing)) for person in people}


# --- from the database -------------------------------------------------------------------------------------

# Written out, because the ORM takes three times as long to build this statement as the database to answer it.
# A day off counts only when it was met; "met" is every strand that the program asks for.
SUMS = """
SELECT log.patient_id, log.program_id, ({recent}) AS recent,
    SUM(CASE WHEN {met} THEN {bit} ELSE 0 END),
    SUM(CASE WHEN log.sessions > 0 THEN {bit} ELSE 0 END),
    {sums}
FROM exercises_dailylog log JOIN exercises_program program ON program.id = log.program_id
WHERE ({inside}) AND (({met}) OR NOT EXISTS (
    SELECT 1 FROM exercises_dayoff off
    WHERE off.patient_id = log.patient_id AND off.answer <> 'declined'
        AND off."first" <= log.day AND off."last" >= log.day))
GROUP BY log.patient_id, log.program_id, recent
"""
MET_SQL = " AND ".join(f"log.{strand} >= COALESCE(program.{strand}, 0)" for strand in STRANDS)
# Done, up to the aim. Without an aim the number means nothing and nobody reads it.
CAPPED_SQL = ", ".join(
    f"SUM(CASE WHEN log.{strand} > COALESCE(program.{strand}, 1) THEN COALESCE(program.{strand}, 1)"
    f" ELSE log.{strand} END)"
    for strand in STRANDS
)
# 1 shifted left by the days since the first day read.
BIT_SQL = {
    "sqlite": "(1 << CAST(julianday(log.day) - julianday('{base}') AS INTEGER))",
    "postgresql": "(CAST(1 AS bigint) << (log.day - DATE '{base}'))",
}


def _done(people: Sequence[Counted], base: date) -> dict[int, Done]:
    done: dict[int, Done] = {}
    for patient, program, recent, met, anything, *sums in _summed(people, base):
        mine = done.setdefault(patient, Done(0, 0, {}))
        # Each day is in one row only, so adding bits joins them. PostgreSQL makes Decimals of such sums.
        mine.met += int(met)
        mine.anything += int(anything)
        mine.sums[program, bool(recent)] = tuple(sums)
    return done


def _summed(people: Sequence[Counted], base: date) -> list[tuple[Any, ...]]:
    """One row per patient, program and half of the window. Only keys and dates of our own are written in."""
    statement = SUMS.format(
        recent=_recent(people),
        inside=_window(people),
        bit=BIT_SQL[connection.vendor].format(base=base.isoformat()),
        met=MET_SQL,
        sums=CAPPED_SQL,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _keys_by_today(people: Sequence[Counted]) -> dict[date, str]:
    """Keys, as SQL lists them, of those who have the same date today; the latest date first."""
    by_today: dict[date, list[str]] = {}
    for person in people:
        by_today.setdefault(person.today, []).append(str(int(person.id)))
    return {today: ", ".join(by_today[today]) for today in sorted(by_today, reverse=True)}


def _window(people: Sequence[Counted]) -> str:
    """Each patient's own closed days: one clause per date that is today somewhere."""
    clauses = []
    for today, keys in _keys_by_today(people).items():
        first, last = days.last_closed(today, LONG)
        clauses.append(f"log.day BETWEEN '{first}' AND '{last}' AND log.patient_id IN ({keys})")
    return " OR ".join(clauses)


def _recent(people: Sequence[Counted]) -> str:
    """Whether a day of the window is one of the last 7. Where today is latest no keys are asked for: such a
    day is recent for everybody."""
    clauses: list[str] = []
    for today, keys in _keys_by_today(people).items():
        first, _last = days.last_closed(today, SHORT)
        clauses.append(f"log.day >= '{first}'" + (f" AND log.patient_id IN ({keys})" if clauses else ""))
    return " OR ".join(clauses)


# --- counting ----------------------------------------------------------------------------------------------


def bits(first: date, last: date, base: date) -> int:
    """The days from ``first`` to ``last``, both included, that are not before ``base``."""
    low, high = max((first - base).days, 0), (last - base).days
    return (1 << high + 1) - (1 << low) if high >= low else 0


def _figures(person: Counted, calendar: Sequence[date], done: Done) -> Figures:
    """``calendar`` is every day read, the first is bit 0."""
    base = calendar[0]
    first, last = days.last_closed(person.today, LONG)
    stretches = _stretches(person.versions, first, last, base)
    judged = _joined(stretch.days for stretch in stretches)
    off = ~done.met & _joined(bits(start, min(end, last), base) for start, end, _answer in person.off)
    counted, recent = judged & ~off, bits(person.today - timedelta(days=SHORT), last, base)
    offset = (first - base).days
    return Figures(
        short=_period(stretches, counted & recent, done, (True,)),
        long=_period(stretches, counted, done, (True, False)),
        cells=tuple(
            (calendar[place], _status(1 << place, judged, off, done))
            for place in range(offset, offset + LONG)
        ),
    )


def _joined(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)


def _stretches(versions: Sequence[Version], first: date, last: date, base: date) -> list[Stretch]:
    """The days from ``first`` to ``last`` of each version that judges any strand."""
    ends = [later.starts_on - days.ONE_DAY for _earlier, later in pairwise(versions)] + [last]
    found = []
    for version, end in zip(versions, ends, strict=False):
        if version.starts_on <= last and end >= first:
            stretch = bits(max(version.starts_on, first), min(end, last), base)
            found.append(Stretch(version.id, stretch, version.aims))
    return [stretch for stretch in found if stretch.aims]


def _period(stretches: Sequence[Stretch], counted: int, done: Done, halves: Sequence[bool]) -> Period:
    groups: tuple[dict[int, Group], ...] = tuple({} for _strand in STRANDS)
    for program, stretch, aims in stretches:
        asked = (stretch & counted).bit_count()
        if asked:
            sums = [done.sums[program, half] for half in halves if (program, half) in done.sums]
            _add(groups, aims, asked, [sum(column) for column in zip(*sums, strict=True)])
    return Period(
        shares=tuple(adherence.mean_share(group) for group in groups),
        met=(done.met & counted).bit_count(),
        judged=counted.bit_count(),
    )


def _add(groups: Sequence[dict[int, Group]], aims: Sequence[int], asked: int, sums: Sequence[int]) -> None:
    """``asked`` days of these aims; ``sums`` by strand, empty when nothing was logged on any of them."""
    for index, aim in enumerate(aims):
        if aim:
            before = groups[index].get(aim, NO_DAYS)
            groups[index][aim] = before.plus(asked, 0, sums[index] if sums else 0)


def _status(bit: int, judged: int, off: int, done: Done) -> str:
    """As ``adherence.status`` has it for a day that is over."""
    if not judged & bit:
        return BEFORE
    if done.met & bit:
        return MET
    if off & bit:
        return EXCUSED
    return PARTLY if done.anything & bit else NOTHING
