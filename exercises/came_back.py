"""What came back: weeks of daily life, and what may be said about them in words.

Pure functions, as in ``adherence``. A day that nobody marked is unknown: it is in no count, and a week
without any mark is a gap, never a zero.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from . import days

# A page shows so many weeks, or all of them: 0.
PERIODS, ALL = (12, 26, 52), 0
# A record that is not longer is shown as a whole; no page shows more than the most.
SHORT_RECORD, MOST_WEEKS = 16, 104
# A first week is drawn with room beside it: one point is not a trend.
LEAST_COLUMNS = 4
# What it takes to compare: marked days in a week, such weeks at each end, and how long ago the last may be.
DAYS_TOLD, WEEKS_COMPARED, WEEKS_AGO = 3, 2, 4

FULL, HALF, NONE = frozenset({"all", "yes"}), frozenset({"part", "some"}), frozenset({"none", "no"})
NO_SCHOOL = "no_school"


@dataclass(frozen=True, slots=True)
class Marked:
    """One part of daily life in one week: on how many days it was whole, a part, or not at all; and the days
    without school."""

    full: int = 0
    half: int = 0
    none: int = 0
    no_school: int = 0

    @property
    def told(self) -> int:
        """The days that say something; of school, those on which there was some."""
        return self.full + self.half + self.none

    @property
    def gap(self) -> bool:
        return not (self.told or self.no_school)


def marked(answers: Iterable[str]) -> Marked:
    """Counts the answers of a week; "" and unknown words are in no count."""
    given = list(answers)
    return Marked(
        full=sum(answer in FULL for answer in given),
        half=sum(answer in HALF for answer in given),
        none=sum(answer in NONE for answer in given),
        no_school=given.count(NO_SCHOOL),
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Whole days a week at first and lately, each the mean of two weeks: in whole or half days."""

    before: Fraction
    now: Fraction

    @property
    def rose(self) -> bool:
        return self.now > self.before


def compare(weeks: Sequence[tuple[date, Marked]], this_week: date) -> Compared | None:
    """The first two weeks that say enough beside the last two; ``weeks`` by their first day, in order.

    A week says enough once it is over and three of its days were marked. There have to be four such weeks,
    and the last two may not be older than four weeks. Only what came back or holds is put into words, so a
    decline is ``None``; and so is a number that rose only because more days were marked than at first.
    """
    told = [(first, week) for first, week in weeks if first < this_week and week.told >= DAYS_TOLD]
    if len(told) < 2 * WEEKS_COMPARED or told[-WEEKS_COMPARED][0] < this_week - timedelta(weeks=WEEKS_AGO):
        return None
    early, late = _sum(told[:WEEKS_COMPARED]), _sum(told[-WEEKS_COMPARED:])
    compared = Compared(Fraction(early.full, WEEKS_COMPARED), Fraction(late.full, WEEKS_COMPARED))
    rise = late.full * early.told - early.full * late.told
    came_back = compared.rose and rise > 0
    holds = compared.now == compared.before > 0 and rise >= 0
    return compared if came_back or holds else None


def _sum(weeks: Iterable[tuple[date, Marked]]) -> Marked:
    found = [week for _first, week in weeks]
    return Marked(
        full=sum(w.full for w in found), half=sum(w.half for w in found), none=sum(w.none for w in found)
    )


def weeks_since(first: date, today: date, first_weekday: int = 0) -> int:
    """How many calendar weeks a record reaches over, this one included."""
    begins = days.week_of(min(first, today), first_weekday)[0]
    return (days.week_of(today, first_weekday)[0] - begins).days // 7 + 1


def periods(length: int) -> tuple[int, ...]:
    """What to choose from in a record of so many weeks; nothing in a short one, which is shown as a whole."""
    return () if length <= SHORT_RECORD else (*(period for period in PERIODS if period < length), ALL)


def parse_period(text: str) -> int | None:
    """ "12", "26", "52" or "all"; ``None`` for anything else."""
    return {"all": ALL, **{str(period): period for period in PERIODS}}.get(text)


def usual_period(length: int) -> int:
    return ALL if length <= SHORT_RECORD else PERIODS[0]


def columns(first: date, today: date, period: int, first_weekday: int = 0) -> tuple[date, ...]:
    """The first days of the weeks to draw, up to this week; or later ones in a record that has just begun."""
    length = min(weeks_since(first, today, first_weekday), period or MOST_WEEKS)
    begins = days.week_of(today, first_weekday)[0] - timedelta(weeks=length - 1)
    return tuple(begins + timedelta(weeks=n) for n in range(max(length, LEAST_COLUMNS)))
