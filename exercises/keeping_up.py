"""Weeks of keeping up: on how many days each strand was done, of how many the program asks for.

While a patient keeps up, no day is judged and the week is. Pure functions, as in ``adherence``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from . import adherence, days
from .adherence import DESENSITIZATION, EXERCISES, STRANDS, DayFacts


@dataclass(frozen=True, slots=True)
class StrandWeek:
    """One strand in one week: on how many days it was done, of how many."""

    strand: str
    done: int
    asked: int

    @property
    def met(self) -> bool:
        return self.done >= self.asked

    @property
    def shown(self) -> int:
        """Done, up to what was asked."""
        return min(self.done, self.asked)

    @property
    def extra(self) -> int:
        return self.done - self.shown

    @property
    def share(self) -> Fraction:
        return adherence.capped_share(self.done, self.asked)


@dataclass(frozen=True, slots=True)
class KeptWeek:
    """One week. ``strands`` are those it asks for: none in a week of days off. ``over``: it has ended."""

    first: date
    last: date
    strands: tuple[StrandWeek, ...]
    over: bool

    @property
    def met(self) -> bool:
        return bool(self.strands) and all(strand.met for strand in self.strands)

    def strand(self, name: str) -> StrandWeek | None:
        """``None`` where the week does not ask for it."""
        return next((strand for strand in self.strands if strand.strand == name), None)

    @property
    def counts(self) -> bool:
        """A week that ended, and the one that runs once it is met."""
        return bool(self.strands) and (self.over or self.met)


def counts_for(facts: DayFacts, strand: str) -> bool:
    """Whether a day of keeping up is one of the week's: the program's number for a day was reached, or
    anything was done where it has none."""
    if facts.keeping is None:
        return False
    aim, done = adherence.aim_of(facts.keeping.asked, strand), facts.work.done(strand)
    if aim:
        return done >= aim
    kept = {EXERCISES: facts.work.exercise_minutes, DESENSITIZATION: facts.work.desensitization_short}
    return bool(done or kept.get(strand))


def week(rows: Sequence[DayFacts], *, today: date) -> KeptWeek | None:
    """``rows`` are the days of one week, in order; ``None`` unless one that has come is of keeping up.

    The number is that of the latest such day. Days off and days of another kind of program lower it to the
    days there were.
    """
    kept = [facts for facts in rows if facts.keeping]
    begun = [facts.keeping for facts in rows if facts.keeping and facts.day <= today]
    if not begun:
        return None
    strands = (
        _strand_week(strand, getattr(begun[-1].week, strand) or 0, kept, today=today) for strand in STRANDS
    )
    return KeptWeek(
        first=rows[0].day,
        last=rows[-1].day,
        strands=tuple(strand for strand in strands if strand.asked),
        over=rows[-1].day < today,
    )


def _strand_week(strand: str, number: int, kept: Sequence[DayFacts], *, today: date) -> StrandWeek:
    done = {facts.day for facts in kept if facts.day <= today and counts_for(facts, strand)}
    # A day off leaves the count, unless it was used all the same.
    there = sum(facts.day in done or not facts.day_off for facts in kept)
    return StrandWeek(strand, len(done), min(number, there))


def weeks(rows: Iterable[DayFacts], *, today: date, first_weekday: int = 0) -> tuple[KeptWeek, ...]:
    """Those of keeping up among days in a row, which begin and end with a week."""
    by_week = groupby(rows, key=lambda facts: days.week_of(facts.day, first_weekday)[0])
    found = (week(list(group), today=today) for _first, group in by_week)
    return tuple(one for one in found if one)


@dataclass(frozen=True, slots=True)
class WeeksMet:
    """In how many of how many weeks; ``strand`` is empty for all strands of a week together."""

    strand: str
    met: int
    weeks: int


def weeks_met(found: Iterable[KeptWeek]) -> tuple[WeeksMet, ...]:
    """Each strand that was asked for, then all of them together; empty without a week that counts."""
    counted = [one for one in found if one.counts]
    if not counted:
        return ()
    by_strand: dict[str, list[bool]] = {strand: [] for strand in STRANDS}
    for one in counted:
        for strand in one.strands:
            by_strand[strand.strand].append(strand.met)
    by_strand[""] = [one.met for one in counted]
    return tuple(WeeksMet(strand, sum(met), len(met)) for strand, met in by_strand.items() if met)
