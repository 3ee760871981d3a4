"""The daily-life check-in: school, friends, activities, home."""

from dataclasses import dataclass
from datetime import time
from typing import Any

from exercises import access
from exercises.access import Viewer
from exercises.models import DailyLog
from exercises.models.choices import DailyLife, School
from exercises.words import LIFE_WORDS

PARTS = ("school", "friends", "activities", "home")


@dataclass(frozen=True, slots=True)
class Question:
    """One part of the check-in, with the answer given so far."""

    name: str
    answer: str
    choices: tuple[tuple[str, Any], ...]

    @property
    def label(self) -> Any:
        return LIFE_WORDS[self.name]


@dataclass(frozen=True, slots=True)
class Sleep:
    """The night before a day, on the patient's clock; ``None`` for what nobody said."""

    bed_at: time | None
    up_at: time | None


def sleep(viewer: Viewer, row: DailyLog | None) -> Sleep | None:
    """``None`` where sleep times are not asked for, and for a viewer who may not see them."""
    if not (viewer.patient.sleep_on and viewer.may(access.SEE_SLEEP)):
        return None
    return Sleep(row.bed_at, row.up_at) if row else Sleep(None, None)


def parts(viewer: Viewer) -> tuple[str, ...]:
    """The parts that the viewer may see."""
    return tuple(part for part in PARTS if part != "friends" or viewer.may(access.SEE_FRIENDS))


def answers(viewer: Viewer, row: DailyLog | None) -> dict[str, str]:
    """What was answered, "" where nothing was; parts that the viewer may not see are left out."""
    return {part: getattr(row, part) if row else "" for part in parts(viewer)}


def questions(viewer: Viewer, row: DailyLog | None) -> tuple[Question, ...]:
    """Each part with its possible answers, for those who may give them; nothing for the others."""
    if not viewer.may(access.MARK_DAY):
        return ()
    return tuple(
        Question(part, answer, tuple((School if part == "school" else DailyLife).choices))
        for part, answer in answers(viewer, row).items()
    )
