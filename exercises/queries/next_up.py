"""The one thing to offer next: what fits the time of day and what is left. An offer, never a duty."""

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple

from exercises import adherence
from exercises.adherence import CARDIO, DESENSITIZATION, EXERCISES, STRESS, StrandDay
from exercises.models import RoutineSlot
from exercises.models.choices import BodyArea

AREAS = dict(BodyArea.choices)
# A plan on a harder day is the same plan in this many parts.
PIECES = 3
# Desensitization spread over the waking day when no routine says otherwise.
FIRST_HOUR, LAST_HOUR = 7, 21
# Before this hour exercise waits for its turn behind cardio, after it Calm comes first.
EVENING = time(19)


class Prescribed(NamedTuple):
    """What the next card says of a prescribed activity."""

    activity_id: int
    name: str
    body_area: str
    words: str

    @property
    def where(self) -> Any:
        return AREAS.get(self.body_area, "")


@dataclass(frozen=True, slots=True)
class Offer:
    """``minutes`` is what one tap logs (``None``: a moment)."""

    strand: str
    minutes: int | None
    number: int = 0
    aim: int = 0
    slot: RoutineSlot | None = None
    item: Prescribed | None = None

    @property
    def prong(self) -> str:
        return adherence.PRONG_OF[self.strand]


@dataclass(frozen=True, slots=True)
class Tap:
    """One one-tap form: its id is made with the page, so that the same form sent twice is one session.
    ``for_today`` says that the page shows its day as today."""

    day: date
    offer: Offer
    for_today: bool = True
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def in_pieces(minutes: int) -> int:
    """Minutes of one piece: a third, rounded up to whole minutes."""
    return math.ceil(minutes / PIECES)


def order_of_strands(strands: Mapping[str, StrandDay], at: time, slots_due: int) -> list[str]:
    """Open strands, the one that fits best first."""
    touch_is_due = strands[DESENSITIZATION].done < slots_due
    preferred = [DESENSITIZATION] if touch_is_due else []
    preferred += [STRESS, CARDIO, EXERCISES] if at >= EVENING else [CARDIO, EXERCISES]
    preferred += [DESENSITIZATION, STRESS]
    opened = [name for name in preferred if strands[name].left]
    return list(dict.fromkeys(opened))


def slots_due(slots: Sequence[RoutineSlot], aim: int, at: time) -> int:
    """How many desensitization sessions the day has room for by now: slots begun, or an even spread."""
    if slots:
        return sum(slot.at <= at for slot in slots)
    passed = (at.hour - FIRST_HOUR) / (LAST_HOUR - FIRST_HOUR)
    return min(aim, math.floor(passed * aim) + 1) if passed >= 0 else 0


def free_slot(slots: Sequence[RoutineSlot], used: frozenset[int], at: time) -> RoutineSlot | None:
    """The slot a session logged now belongs to: the latest one begun and unused, else the next one."""
    free = [slot for slot in slots if slot.pk not in used]
    begun = [slot for slot in free if slot.at <= at]
    return begun[-1] if begun else next(iter(free), None)
