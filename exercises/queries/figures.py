"""Strands and days of many patients over the last 7 and 28 closed days, summed by the database.

A day is a bit and a stretch of days a set of bits (bit 0 is the first day read): one row per patient and
program comes out of the database, and counting days is counting bits. ``adherence.summarise`` over every day
gives the same sums; a property test holds the two together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any, Protocol

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least

from exercises import adherence, days
from exercises.adherence import BEFORE, EXCUSED, MET, NOTHING, PARTLY, STRANDS, Group
from exercises.guideline import Targets
from exercises.models import DailyLog, DayOff, Program

LONG, SHORT = 28, 7
NO_DAYS = Group()


class Counted(Protocol):
    """A patient to count for: the key, the patient's own today, and the days off."""

    @property
    def id(self) -> int: ...
    @property
    def today(self) -> date: ...
    @property
    def off(self) -> Sequence[tuple[date, date, str]]: ...


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


def figures(people: Iterable[Counted]) -> dict[int, Figures]:
    """Figures by patient key, in two queries."""
    people = list(people)
    if not people:
        return {}
    base = min(person.today for person in people) - timedelta(days=LONG)
    programs = _programs(people)
    done = _done(people, base)
    calendar = days.span(base, max(person.today for person in people))
    empty = Done(0, 0, {})
    return {
        person.id: _figures(person, calendar, programs.get(person.id, []), done.get(person.id, empty))
        for person in people
    }


# --- from the database -------------------------------------------------------------------------------------


class DayBit(Func):
    """1 shifted left by the days from the second date to the first."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(1 << CAST(julianday(%(expressions)s) AS INTEGER))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=") - julianday(", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "(1::bigint << (%(expressions)s))"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)


def _programs(people: Iterable[Counted]) -> dict[int, list[Program]]:
    ids = [person.id for person in people]
    rows = Program.objects.standing().filter(patient__in=ids).order_by("starts_on")
    programs: dict[int, list[Program]] = {}
    for program in rows:
        programs.setdefault(program.patient_id, []).append(program)
    return programs


def _done(people: Iterable[Counted], base: date) -> dict[int, Done]:
    done: dict[int, Done] = {}
    for patient, program, recent, met, anything, *sums in _summed(people, base):
        mine = done.setdefault(patient, Done(0, 0, {}))
        # Each day is in one row only, so adding bits joins them. PostgreSQL makes Decimals of such sums.
        mine.met += int(met)
        mine.anything += int(anything)
        mine.sums[program, bool(recent)] = tuple(sums)
    return done


def _summed(people: Iterable[Counted], base: date) -> QuerySet[DailyLog, tuple[Any, ...]]:
    """One row per patient, program and half of the window. A day off counts only when it was met."""
    inside, recent = _windows(people)
    sums = {f"{strand}_done": Sum(_capped(strand)) for strand in STRANDS}
    bit = DayBit(F("day"), Value(base, output_field=DateField()))
    return (
        DailyLog.objects.filter(inside, program__isnull=False)
        .annotate(recent=recent, is_met=_met())
        .filter(Q(is_met=True) | ~_day_off())
        .order_by()
        .values("patient_id", "program_id", "recent")
        .annotate(
            met=Sum(Case(When(is_met=True, then=bit), default=0)),
            anything=Sum(Case(When(sessions__gt=0, then=bit), default=0)),
            **sums,
        )
        .values_list("patient_id", "program_id", "recent", "met", "anything", *sums)
    )


def _windows(people: Iterable[Counted]) -> tuple[Q, Q]:
    """Each patient's own 28 closed days, and the last 7: one clause per date that is today somewhere."""
    by_today: dict[date, list[int]] = {}
    for person in people:
        by_today.setdefault(person.today, []).append(person.id)
    inside, recent = Q(), Q()
    for today, ids in by_today.items():
        inside |= Q(patient__in=ids, day__range=days.last_closed(today, LONG))
        recent |= Q(patient__in=ids, day__range=days.last_closed(today, SHORT))
    return inside, recent


def _met() -> Q:
    """Every strand that the program asks for. Days of programs that ask for nothing are left out later."""
    return Q(**{f"{strand}__gte": Coalesce(f"program__{strand}", 0) for strand in STRANDS})


def _day_off() -> Exists:
    covering = DayOff.objects.standing().filter(
        patient=OuterRef("patient"), first__lte=OuterRef("day"), last__gte=OuterRef("day")
    )
    return Exists(covering.order_by())


def _capped(strand: str) -> Least:
    """Done, up to the aim. Without an aim the number means nothing and nobody reads it."""
    return Least(strand, Coalesce(f"program__{strand}", 1), output_field=BigIntegerField())


# --- counting ----------------------------------------------------------------------------------------------


def bits(first: date, last: date, base: date) -> int:
    """The days from ``first`` to ``last``, both included, that are not before ``base``."""
    low, high = max((first - base).days, 0), (last - base).days
    return (1 << high + 1) - (1 << low) if high >= low else 0


def _figures(person: Counted, calendar: Sequence[date], versions: Sequence[Program], done: Done) -> Figures:
    """``calendar`` is every day read, the first is bit 0."""
    base = calendar[0]
    first, last = days.last_closed(person.today, LONG)
    stretches = _stretches(versions, base, last)
    judged = bits(first, last, base) & sum(stretch for _program, stretch in stretches)
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


def _stretches(versions: Sequence[Program], base: date, last: date) -> list[tuple[Program, int]]:
    """The days of each version that judges any strand; ``versions`` oldest first."""
    ends = [later.starts_on - days.ONE_DAY for _earlier, later in pairwise(versions)] + [last]
    return [
        (version, bits(version.starts_on, min(end, last), base))
        for version, end in zip(versions, ends, strict=False)
        if adherence.judged_strands(version.targets)
    ]


def _period(
    stretches: Sequence[tuple[Program, int]], counted: int, done: Done, halves: Sequence[bool]
) -> Period:
    groups: tuple[dict[int, Group], ...] = tuple({} for _strand in STRANDS)
    for program, stretch in stretches:
        asked = (stretch & counted).bit_count()
        if asked:
            sums = [done.sums[program.pk, half] for half in halves if (program.pk, half) in done.sums]
            _add(groups, program.targets, asked, [sum(column) for column in zip(*sums, strict=True)])
    return Period(
        shares=tuple(adherence.mean_share(group) for group in groups),
        met=(done.met & counted).bit_count(),
        judged=counted.bit_count(),
    )


def _add(
    groups: Sequence[dict[int, Group]], targets: Targets | None, asked: int, sums: Sequence[int]
) -> None:
    """``asked`` days under ``targets``; ``sums`` by strand, empty when nothing was logged on any of them."""
    for index, strand in enumerate(STRANDS):
        aim = adherence.aim_of(targets, strand)
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
