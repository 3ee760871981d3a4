"""Desensitization of one day by body area, where each area has its own number."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from exercises import adherence
from exercises.adherence import DESENSITIZATION, DayFacts
from exercises.models import Program
from exercises.models.choices import BodyArea

from .sessions import SessionRow

LABELS = dict(BodyArea.choices)


@dataclass(frozen=True, slots=True)
class AreaDay:
    """One area: how many counted sessions named it, of how many that are asked for."""

    label: Any
    done: int
    asked: int


def on_day(program: Program | None, facts: DayFacts, entries: Iterable[SessionRow]) -> tuple[AreaDay, ...]:
    """Empty where the number is for all areas together, and on days that ask for none."""
    asked = adherence.strand_day(facts, DESENSITIZATION).aim
    if program is None or not program.areas or not asked:
        return ()
    touch = [row.areas for row in entries if row.counts and (row.rough or row.strand == DESENSITIZATION)]
    share = adherence.share_of_area(asked, program.areas)
    done = adherence.times_by_area(touch, program.areas)
    return tuple(AreaDay(LABELS[area], min(done[area], share), share) for area in program.areas)
