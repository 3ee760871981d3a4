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
from typing import NamedTuple

from exercises import adherence, days
from exercises.adherence import BEFORE, EXCUSED, KEEPING, KEPT, MET, NOTHING, PARTLY, STRANDS, Group
from exercises.models.choices import ProgramKind

from .sums import LONG, SHORT, Counted, Done, Version, done_by_patient

NO_DAYS = Group()


@dataclass(frozen=True, slots=True)
class Period:
    """Mean capped share of each strand (in the order of STRANDS; ``None``: not asked for), then days."""

    shares: tuple[Fraction | None, ...]
    met: int
    judged: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The last 7 and 28 closed days, and each of the 28 as ``adherence.drawn`` has it."""

    short: Period
    long: Period
    cells: tuple[tuple[date, str], ...]


class Stretch(NamedTuple):
    """The days that a version judges by its numbers or by the smaller ones, as bits, and what it asks for."""

    program: int
    smaller: bool
    days: int
    aims: tuple[int, ...]


def figures(people: Iterable[Counted]) -> dict[int, Figures]:
    """Figures by patient key, in one query."""
    people = list(people)
    if not people:
        return {}
    base = min(person.today for person in people) - timedelta(days=LONG)
    calendar = days.span(base, max(person.today for person in people))
    done, nothing = done_by_patient(people, base), Done(0, 0, 0, {})
    return {person.id: _figures(person, calendar, done.get(person.id, nothing)) for person in people}


# --- counting ----------------------------------------------------------------------------------------------


def bits(first: date, last: date, base: date) -> int:
    """The days from ``first`` to ``last``, both included, that are not before ``base``."""
    low, high = max((first - base).days, 0), (last - base).days
    return (1 << high + 1) - (1 << low) if high >= low else 0


def _figures(person: Counted, calendar: Sequence[date], done: Done) -> Figures:
    """``calendar`` is every day read, the first is bit 0."""
    base = calendar[0]
    first, last = days.last_closed(person.today, LONG)
    spans = _spans(person.versions, first, last, base)
    stretches = _stretches(spans, done.smaller)
    judged = _joined(stretch.days for stretch in stretches)
    keeping = _joined(span for version, span in spans if version.kind == ProgramKind.KEEPING_UP)
    off = ~done.met & _joined(bits(start, min(end, last), base) for start, end, _answer in person.off)
    counted, recent = judged & ~off, bits(person.today - timedelta(days=SHORT), last, base)
    offset = (first - base).days
    return Figures(
        short=_period(stretches, counted & recent, done, (True,)),
        long=_period(stretches, counted, done, (True, False)),
        cells=tuple(
            (calendar[place], _status(1 << place, judged, off, keeping, done))
            for place in range(offset, offset + LONG)
        ),
    )


def _joined(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)


def _spans(versions: Sequence[Version], first: date, last: date, base: date) -> list[tuple[Version, int]]:
    """The days from ``first`` to ``last`` on which each version is in force."""
    ends = [later.starts_on - days.ONE_DAY for _earlier, later in pairwise(versions)] + [last]
    return [
        (version, bits(max(version.starts_on, first), min(end, last), base))
        for version, end in zip(versions, ends, strict=False)
        if version.starts_on <= last and end >= first
    ]


def _stretches(spans: Iterable[tuple[Version, int]], smaller: int) -> list[Stretch]:
    """The days of each version that judges any strand; those of its smaller numbers apart."""
    found = []
    for version, span in spans:
        found.append(Stretch(version.id, False, span & ~smaller, version.aims))
        if span & smaller:
            found.append(Stretch(version.id, True, span & smaller, version.smaller_aims))
    return [stretch for stretch in found if stretch.aims]


def _period(stretches: Sequence[Stretch], counted: int, done: Done, halves: Sequence[bool]) -> Period:
    groups: tuple[dict[int, Group], ...] = tuple({} for _strand in STRANDS)
    for program, smaller, stretch, aims in stretches:
        asked = (stretch & counted).bit_count()
        if asked:
            keys = [(program, smaller, half) for half in halves]
            sums = [done.sums[key] for key in keys if key in done.sums]
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


def _status(bit: int, judged: int, off: int, keeping: int, done: Done) -> str:
    """As ``adherence.drawn`` has it for a day that is over."""
    if keeping & bit:
        return KEPT if done.anything & bit else KEEPING
    if not judged & bit:
        return BEFORE
    if done.met & bit:
        return MET
    if off & bit:
        return EXCUSED
    return PARTLY if done.anything & bit else NOTHING
