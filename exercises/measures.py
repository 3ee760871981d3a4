"""What a therapist may measure: the published facts of each kind, and how values are set against each other.

Of a questionnaire only the total is here, never its questions. Pure functions: numbers in, numbers out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

FDI, PROMIS, WALK, SIT_TO_STAND = "fdi", "promis_mobility", "walk_6_min", "sit_to_stand"
STAIRS, SINGLE_LEG, FLOOR_TO_STAND, STEP_UPS = "stairs", "single_leg", "floor_to_stand", "step_ups"
BOX_CARRY, BOX_LIFT, SCHOOL, OWN = "box_carry", "box_lift", "school", "own"
HIGHER, LOWER = "higher", "lower"
BETTER, WORSE, SAME = "better", "worse", "same"
POINTS, METERS, SECONDS, TIMES, DAYS = "points", "m", "s", "times", "days"
# What the table holds: 99999.99.
MOST_DIGITS, MOST_DECIMALS = 7, 2

# Grades of the Functional Disability Inventory by the least total of each (Kashikar-Zuck 2011).
MILD, MODERATE, SEVERE = "mild", "moderate", "severe"
FDI_GRADES = ((30, SEVERE), (13, MODERATE), (0, MILD))


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind. A value outside ``asked`` is asked about and then kept, one outside ``bounds`` cannot be:
    the instrument has no such number. ``meaningful`` is the published change that is more than chance;
    ``by_side``: left and right are measured apart; ``has_out_of``: so many of so many."""

    unit: str = ""
    decimals: int = MOST_DECIMALS
    better: str = ""
    asked: tuple[int, int] | None = None
    bounds: tuple[int, int] | None = None
    meaningful: Decimal | None = None
    source: str = ""
    by_side: bool = False
    has_out_of: bool = False


TASKS = "Kempert & Benore 2023"
FACTS = {
    FDI: Fact(POINTS, 0, LOWER, bounds=(0, 60), meaningful=Decimal("7.8"), source="Sil 2014"),
    PROMIS: Fact(
        POINTS, 1, HIGHER, asked=(20, 80), bounds=(10, 90), meaningful=Decimal(3), source="Thissen 2016"
    ),
    WALK: Fact(METERS, 1, HIGHER, asked=(100, 900), meaningful=Decimal(80), source="del Corral 2022"),
    SIT_TO_STAND: Fact(TIMES, 0, HIGHER, asked=(0, 40)),
    STAIRS: Fact(SECONDS, 2, LOWER, asked=(3, 120), source="Zaino 2004"),
    SINGLE_LEG: Fact(SECONDS, 2, HIGHER, asked=(0, 45), by_side=True),
    FLOOR_TO_STAND: Fact(TIMES, 0, HIGHER, asked=(0, 60), source=TASKS),
    STEP_UPS: Fact(TIMES, 0, HIGHER, asked=(0, 100), source=TASKS),
    BOX_CARRY: Fact(METERS, 1, HIGHER, asked=(0, 200), source=TASKS),
    BOX_LIFT: Fact(TIMES, 0, HIGHER, asked=(0, 60), source=TASKS),
    SCHOOL: Fact(DAYS, 2, HIGHER, has_out_of=True),
    OWN: Fact(),
}


@dataclass(frozen=True, slots=True)
class Taken:
    """One value as it was measured; ``name``, ``unit`` and ``better`` only of a therapist's own measure."""

    kind: str
    value: Decimal
    taken_on: date
    conditions: str = ""
    side: str = ""
    out_of: int | None = None
    name: str = ""
    unit: str = ""
    better: str = ""


class Measured(Protocol):
    """A value, of how many where there are so many, and how it was measured."""

    @property
    def value(self) -> Decimal: ...
    @property
    def out_of(self) -> int | None: ...
    @property
    def conditions(self) -> str: ...


Value = TypeVar("Value", bound=Measured)


@dataclass(frozen=True, slots=True)
class Compared(Generic[Value]):
    """The latest value against the first one that was measured the same way.

    ``alike`` are all that were, the latest among them. ``baseline`` is ``None``, and nothing is said of a
    change, while the latest is the only one of them: one point is not a trend. ``change`` is ``None`` too
    between different numbers of planned days, where only the ``direction`` can be told. ``meaningful`` is
    ``None`` where nothing is published for a change that way.
    """

    alike: tuple[Value, ...]
    baseline: Value | None = None
    change: Decimal | None = None
    direction: str = ""
    meaningful: bool | None = None


def tidy(value: Decimal) -> Decimal:
    """Without a decimal part of zeros: 24 for 24.00, 4.5 for 4.50."""
    whole = value.to_integral_value()
    return whole + 0 if whole == value else value.normalize()


def same_text(text: str) -> str:
    """What two descriptions share that differ in spaces and capitals only."""
    return "".join(text.split()).casefold()


def is_possible(fact: Fact, value: Decimal, out_of: int | None = None) -> bool:
    """Whether the instrument has such a number."""
    low, high = fact.bounds or (0, None)
    most = out_of if fact.has_out_of else high
    return low <= value and (most is None or value <= most)


def is_asked_about(fact: Fact, value: Decimal) -> bool:
    """Whether a value is so far out that it may be a slip of the finger."""
    return fact.asked is not None and not fact.asked[0] <= value <= fact.asked[1]


def fdi_grade(total: Decimal) -> tuple[int, str]:
    """The least total of the grade, and its name."""
    return next((least, grade) for least, grade in FDI_GRADES if total >= least)


def compare(values: Sequence[Value], kind: str, better: str) -> Compared[Value]:
    """``values`` of one series, at least one, the earliest first; ``better`` as the fact has it, or the
    therapist's own word."""
    latest = values[-1]
    way = same_text(latest.conditions)
    alike = tuple(value for value in values if same_text(value.conditions) == way)
    if len(alike) == 1:
        return Compared(alike)
    baseline = alike[0]
    step = _share(latest) - _share(baseline)
    change = latest.value - baseline.value if latest.out_of == baseline.out_of else None
    return Compared(
        alike=alike,
        baseline=baseline,
        change=change,
        direction=_direction(step, better),
        meaningful=_is_meaningful(kind, baseline.value, change),
    )


def _share(measured: Measured) -> Fraction:
    """Four of five days and eight of ten are the same."""
    return Fraction(measured.value) / (measured.out_of or 1)


def _direction(step: Fraction, better: str) -> str:
    if step == 0:
        return SAME
    if not better:
        return ""
    return BETTER if (step > 0) == (better == HIGHER) else WORSE


def _is_meaningful(kind: str, before: Decimal, change: Decimal | None) -> bool | None:
    least = FACTS[kind].meaningful
    if least is None or change is None:
        return None
    if kind == FDI:
        # Published for a drop, and only together with a lower grade.
        lower = fdi_grade(before + change) < fdi_grade(before)
        return None if change > 0 else -change >= least and lower
    return abs(change) >= least
