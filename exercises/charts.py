"""Where things stand in a chart whose columns are weeks. Numbers in, numbers out.

Across, everything is in per cent of the width, so that a chart is as wide as its page and its words keep
their size. Up and down it is in em, so that it grows with the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

# Room for the numbers of the scale, and at the end of the axis.
LEFT, RIGHT = 7.0, 1.0
# The part of a week's column that its bar takes.
BAR = 0.72
# Names of months stand at least so far apart.
APART = 10.5
EVERY = (1, 2, 3, 4, 6, 12)
# Up to so many weeks each is named by its first day, and each bar by its number.
FEW_WEEKS, NUMBERED = 6, 16
WEEK, MONTH, YEAR = "week", "month", "year"

Number = int | float | Fraction | Decimal


@dataclass(frozen=True, slots=True)
class Tick:
    """A name under the axis: of a week, a month, or of a year in the place of its January."""

    x: float
    day: date
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """A bar or a part of one; ``y`` is its upper edge."""

    x: float
    width: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Axis:
    """``weeks`` are first days of weeks in a row."""

    weeks: tuple[date, ...]

    @property
    def step(self) -> float:
        return (100 - LEFT - RIGHT) / len(self.weeks)

    @property
    def last(self) -> date:
        return self.weeks[-1] + timedelta(days=6)

    @property
    def numbered(self) -> bool:
        return len(self.weeks) <= NUMBERED

    def at(self, day: date) -> float:
        """The middle of a day."""
        return self._begin(day) + self.step / 14

    def _begin(self, day: date) -> float:
        return LEFT + self.step * (day - self.weeks[0]).days / 7

    def column(self, n: int) -> Box:
        """The place of a week's bar, without a height."""
        return Box(LEFT + self.step * (n + (1 - BAR) / 2), self.step * BAR, 0, 0)

    def ticks(self) -> tuple[Tick, ...]:
        if len(self.weeks) <= FEW_WEEKS:
            return tuple(Tick(self._begin(first), first, WEEK) for first in self.weeks)
        months = self._months()
        width = self.step * 30 / 7
        every = next((every for every in EVERY if every * width >= APART), EVERY[-1])
        named = [day for day in months if (day.month - 1) % every == 0]
        ticks = [Tick(self._begin(day), day, YEAR if day.month == 1 else MONTH) for day in named]
        if not ticks or ticks[0].x - LEFT >= APART:
            ticks.insert(0, Tick(LEFT, self.weeks[0], MONTH))
        return tuple(ticks)

    def _months(self) -> list[date]:
        """First days of the months that begin on the axis."""
        found, month = [], self.weeks[0].replace(day=1)
        while month <= self.last:
            found.append(month)
            month = (month + timedelta(days=32)).replace(day=1)
        return [day for day in found if day >= self.weeks[0]]


def stack(column: Box, values: Sequence[Number], most: Number, height: float) -> tuple[Box, ...]:
    """Boxes that stand on each other, the first at the bottom of a plot of this height."""
    boxes, y, scale = [], height, height / float(most)
    for value in values:
        y -= float(value) * scale
        boxes.append(Box(column.x, column.width, y, float(value) * scale))
    return tuple(boxes)


def heights(values: Sequence[Number], height: float) -> tuple[float, ...]:
    """Where points stand in a plot of this height: the smallest at its foot, the largest at its top, and in
    the middle when there is nothing to tell them apart."""
    low, high = float(min(values)), float(max(values))
    if low == high:
        return tuple(height / 2 for _value in values)
    return tuple(height * (high - float(value)) / (high - low) for value in values)


def lanes(places: Sequence[float], apart: float, most: int) -> tuple[int, ...]:
    """The lane of each of these places, in order: the lowest in which it stands far enough from the one
    before. Where all are taken, the one whose last stands farthest away."""
    ends = [float("-inf")] * most
    found = []
    for place in places:
        free = (lane for lane in range(most) if place - ends[lane] >= apart)
        lane = next(free, min(range(most), key=ends.__getitem__))
        ends[lane] = place
        found.append(lane)
    return tuple(found)
