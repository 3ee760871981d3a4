"""The one thing to offer next: what fits the time of day and what is left. An offer, never a duty."""

import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, NamedTuple

from exercises import adherence
from exercises.adherence import CARDIO, DESENSITIZATION, EXERCISES, STRESS, StrandDay
from exercises.models.choices import BodyArea

from .ladder import Rung
from .routine import Slot

AREAS = dict(BodyArea.choices)
# A plan on a harder day is the same plan in this many parts.
PIECES = 3
# Desensitization spread over the waking day when no routine says otherwise.
FIRST_HOUR, LAST_HOUR = 7, 21
# Before this hour exercise waits for its turn behind cardio, after it Calm comes first.
EVENING = time(19)
MINUTES_OF_A_DAY = 24 * 60


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
    """``minutes`` is what one tap logs (``None``: a moment); ``whole_list``: with all that is listed."""

    strand: str
    minutes: int | None
    number: int = 0
    aim: int = 0
    slot: Slot | None = None
    item: Prescribed | None = None
    rung: Rung | None = None
    whole_list: bool = False

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


@dataclass(frozen=True, slots=True)
class Routine:
    """The slots of a day at a moment of it: ``at`` is wall time. A day that starts at ``day_start`` o'clock
    is late after midnight, not early."""

    at: time
    slots: Sequence[Slot] = ()
    day_start: int = 0
    night_from: time | None = None

    def has_come(self, moment: time) -> bool:
        return self._minute(moment) <= self._minute(self.at)

    @property
    def is_night(self) -> bool:
        """From the chosen hour on the day is done, whatever is open."""
        night = self.night_from
        return night is not None and is_evening(night, self.day_start) and self.has_come(night)

    def due(self, aim: int) -> int:
        """How many desensitization sessions the day has room for by now: slots begun, or an even spread."""
        if self.slots:
            return len(self._begun(frozenset()))
        hour = self.day_start + self._minute(self.at) // 60
        passed = (hour - FIRST_HOUR) / (LAST_HOUR - FIRST_HOUR)
        return min(aim, math.floor(passed * aim) + 1) if passed >= 0 else 0

    def free(self, used: frozenset[int]) -> Slot | None:
        """The slot a session logged now belongs to: the latest one begun and unused, else the next one."""
        begun, free = self._begun(used), self._free(used)
        return begun[-1] if begun else next(iter(free), None)

    def passed(self, used: frozenset[int], done: int) -> list[Slot]:
        """Slots whose time came without a session, in their order: as many as sessions are open by now. One
        that was logged without its slot has filled one of them."""
        begun = self._begun(used)
        open_by_now = max(len(self._begun(frozenset())) - done, 0)
        return begun[len(begun) - min(open_by_now, len(begun)) :]

    def _begun(self, used: frozenset[int]) -> list[Slot]:
        return [slot for slot in self._free(used) if self.has_come(slot.at)]

    def _free(self, used: frozenset[int]) -> list[Slot]:
        free = (slot for slot in self.slots if slot.pk not in used)
        return sorted(free, key=lambda slot: self._minute(slot.at))

    def _minute(self, moment: time) -> int:
        return minute_of_day(moment, self.day_start)


def minute_of_day(moment: time, day_start: int) -> int:
    """Minutes since the day began, at ``day_start`` o'clock."""
    return ((moment.hour - day_start) * 60 + moment.minute) % MINUTES_OF_A_DAY


def is_evening(moment: time, day_start: int) -> bool:
    """In the second half of the day: an earlier hour would end a day before it is lived."""
    return minute_of_day(moment, day_start) >= MINUTES_OF_A_DAY // 2


def order_of_strands(strands: Mapping[str, StrandDay], routine: Routine) -> list[str]:
    """Open strands, the one that fits best first."""
    touch = strands[DESENSITIZATION]
    preferred = [DESENSITIZATION] if touch.done < routine.due(touch.aim) else []
    preferred += [STRESS, CARDIO, EXERCISES] if routine.has_come(EVENING) else [CARDIO, EXERCISES]
    preferred += [DESENSITIZATION, STRESS]
    opened = [name for name in preferred if strands[name].left]
    return list(dict.fromkeys(opened))
