"""How somebody goes about a program, as numbers, and what that makes of one day. No database, no clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from random import Random

from exercises.adherence import CARDIO, DESENSITIZATION, EXERCISES, STRESS
from exercises.guideline import Targets


@dataclass(frozen=True, slots=True)
class Kind:
    """``days`` of history; the share of the program done goes from ``start`` to ``end``.

    ``swings``: every week has a share of its own. ``quiet``: nothing in the last days. ``ended`` days ago
    the program became ``ending``; ``revised`` days ago another version started. ``evening`` and ``later``:
    shares of days entered together at night, or when the day was over. ``by_parent``: share of entries made
    by a parent.
    """

    days: int
    start: float
    end: float
    swings: bool = False
    quiet: int = 0
    ended: int = 0
    ending: str = ""
    revised: int = 0
    evening: float = 0.12
    later: float = 0.06
    by_parent: float = 0.08


KINDS = {
    "maya": Kind(days=91, start=0.5, end=0.9, revised=49),
    "leo": Kind(days=5, start=0.85, end=0.9, by_parent=1),
    "steady": Kind(days=84, start=0.88, end=0.97),
    "growing": Kind(days=56, start=0.35, end=0.9, later=0.1),
    "irregular": Kind(days=70, start=0.5, end=0.5, swings=True, evening=0.3, later=0.15),
    "new": Kind(days=4, start=0.7, end=0.8),
    "first": Kind(days=1, start=0.6, end=0.6),
    "quiet": Kind(days=45, start=0.7, end=0.5, quiet=6),
    "paused": Kind(days=60, start=0.8, end=0.7, ended=12, ending="paused"),
    "done": Kind(days=120, start=0.7, end=0.97, ended=20, ending="done"),
    "asking": Kind(days=49, start=0.6, end=0.85),
    "traveling": Kind(days=63, start=0.75, end=0.9),
    "keeping": Kind(days=84, start=0.85, end=0.55, ended=24, ending="keeping_up"),
    "talking": Kind(days=70, start=0.5, end=0.5, swings=True, revised=3, later=0.15),
    "listed": Kind(days=56, start=0.35, end=0.9, later=0.1),
    "areas": Kind(days=84, start=0.88, end=0.97),
    "smaller": Kind(days=70, start=0.5, end=0.7, swings=True, evening=0.3),
    "paper": Kind(days=56, start=0.7, end=0.8, by_parent=0.5),
}


@dataclass(frozen=True, slots=True)
class Done:
    """One bout as it was: ``at`` is the wall time of its end; ``slot`` counts the day's desensitizations."""

    strand: str
    minutes: int | None
    at: time
    slot: int = 0


def energy(kind: Kind, ago: int, days: int, *, who: str, rng: Random) -> float:
    """The share of the program that ``who`` does on the day ``ago`` days before today."""
    if ago < min(kind.quiet, days - 1):
        return 0.0
    if kind.swings:
        # The same all week long, whichever day asks.
        return Random(f"{who}:{ago // 7}").choice((0.15, 0.4, 0.6, 0.9))
    through = 1 - ago / max(days - 1, 1)
    share = kind.start + (kind.end - kind.start) * through
    # Everybody has a thin day now and then.
    return share * 0.4 if rng.random() < 0.06 else share


def day_of_work(targets: Targets, share: float, rng: Random) -> list[Done]:
    """What was done on a day, in the order of the day. About nine bouts when the share is whole."""
    if not share:
        return []
    bouts = [
        *_touch(targets, share, rng),
        *_minutes(CARDIO, targets.cardio or 0, share, rng, hour=16),
        *_minutes(EXERCISES, targets.exercises or 0, share, rng, hour=17),
        *_calm(share, rng),
    ]
    return sorted(bouts, key=lambda bout: bout.at)


# Hour and minute of up to eight desensitizations.
TOUCH_TIMES = ((7, 5), (15, 35), (17, 35), (18, 40), (20, 40), (10, 10), (13, 10), (14, 20))


def _touch(targets: Targets, share: float, rng: Random) -> Iterator[Done]:
    least = targets.desensitization_minutes
    for slot in range(min(targets.desensitization or 0, len(TOUCH_TIMES))):
        if rng.random() >= share:
            continue
        short = rng.random() < 0.05
        minutes = rng.randint(2, max(least - 1, 2)) if short else least + rng.choice((0, 0, 0, 0, 1, 2, 5))
        yield Done(DESENSITIZATION, minutes, _around(*TOUCH_TIMES[slot], rng), slot)


def _minutes(strand: str, target: int, share: float, rng: Random, hour: int) -> Iterator[Done]:
    """Minutes in one go or in two, a few more than asked, or only a part."""
    if not target or rng.random() >= share + 0.05:
        return
    total = target + rng.choice((0, 0, 0, 0, 3, 5)) if rng.random() < share + 0.05 else max(5, target // 2)
    pieces = 2 if rng.random() < 0.65 else 1
    for piece in range(pieces):
        minutes = total // pieces + (total % pieces if piece == 0 else 0)
        yield Done(strand, max(minutes, 1), _around(hour + 2 * piece, 15, rng))


def _calm(share: float, rng: Random) -> Iterator[Done]:
    if rng.random() < 0.2 + 0.7 * share:
        yield Done(STRESS, rng.choice((None, 5, 5, 10)), _around(20, 15, rng))


def _around(hour: int, minute: int, rng: Random) -> time:
    late = rng.randint(0, 14)
    return time(hour, min(minute + late, 59), rng.randint(0, 59))


def check_in(day: date, share: float, rng: Random) -> dict[str, str]:
    """School, friends, activities, home: better as the work goes better. Empty when nobody checked in."""
    if rng.random() > 0.5 + share * 0.4:
        return {}
    return {"school": _school(day, share, rng), **life(share, rng)}


def life(share: float, rng: Random) -> dict[str, str]:
    """Friends, activities and home of one day."""
    return {name: _graded(share, rng) for name in ("friends", "activities", "home")}


# In which order the days of a school week became whole ones: Wednesday first, Monday last.
WHOLE_FIRST = (2, 4, 1, 3, 0)


def school_of_week(day: date, whole: int) -> str:
    """School on a day of a week in which so many days were whole ones."""
    if day.weekday() > 4:
        return "no_school"
    if day.weekday() in WHOLE_FIRST[:whole]:
        return "all"
    return "none" if whole == 1 and day.weekday() == 0 else "part"


def check_in_of_leo(day: date, ago: int) -> dict[str, str]:
    """The first days of a younger child: half days at first, the last one whole."""
    school = "no_school" if day.weekday() > 4 else "all" if ago == 1 else "part"
    activities = "yes" if ago == 1 else "some"
    return {"school": school, "friends": "some", "activities": activities, "home": "yes"}


def _school(day: date, share: float, rng: Random) -> str:
    if day.weekday() > 4:
        return "no_school"
    return ("all", "part", "none")[_grade(share, rng)]


def _graded(share: float, rng: Random) -> str:
    return ("yes", "some", "no")[_grade(share, rng)]


def _grade(share: float, rng: Random) -> int:
    draw = rng.random()
    return 0 if draw < share**2 else 1 if draw < share**2 + 0.35 else 2
