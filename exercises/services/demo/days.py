"""What each day of a patient looked like, from the first to today."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from exercises import adherence
from exercises.guideline import Targets
from exercises.models import Program
from exercises.models.choices import ProgramKind

from . import entering, stories
from .people import Person
from .records import Day
from .stories import Done, Kind
from .words import MAYA_ILL_AGO

# Weeks ago → how maya's program went: shaky at first, better later.
MAYA_BY_WEEK = (0.98, 0.97, 0.94, 0.96, 0.75, 0.0, 0.85, 0.78, 0.65, 0.66, 0.5, 0.55, 0.4)
# Some of her first days had nothing in them.
MAYA_SHAKY_AGO = 60
HARDER_AGO = {
    "maya": frozenset({86, 81, 74, 66, 59, 47, 28, 15, 5}),
    "smaller": frozenset({52, 38, 24, 10, 3}),
}
# Weeks ago → on how many days of it maya was at school all day: from one a week to four.
MAYA_WHOLE_DAYS = (4, 4, 4, 4, 3, 3, 2, 2, 2, 2, 1)
# What leo's mother marked on three of his days.
LEO_AGO = frozenset({4, 2, 1})
# Minutes of exercises in which a list is done.
LIST_TAKES = 30


def plan(
    person: Person, kind: Kind, versions: list[Program], *, today: date, days: int, seed: str, now: datetime
) -> list[Day]:
    """The days of the record, the oldest first. Nothing in it was entered after ``now``."""
    return [
        _day(person, kind, versions, today - timedelta(days=ago), ago, days, seed, now)
        for ago in range(days - 1, -1, -1)
    ]


def _day(
    person: Person,
    kind: Kind,
    versions: list[Program],
    day: date,
    ago: int,
    days: int,
    seed: str,
    now: datetime,
) -> Day:
    # A day of its own seed: the last weeks are the same however long the record is.
    rng = Random(f"{seed}:{ago}")
    version = adherence.in_force(versions, day)
    asked = _asked(version) if version else None
    share = _share(person, kind, ago, days, seed, rng)
    bouts = stories.day_of_work(asked, share, rng) if asked else []
    if ago == 0:
        bouts = _still_open(person, bouts)
    way = entering.way_of_day(kind, person.kind == "paper", rng) if ago else entering.LIVE
    entries = [
        entered
        for entered in entering.enter(day, bouts, way, ZoneInfo(person.zone), rng)
        if entered.received_at <= now
    ]
    if person.kind == "maya":
        return Day(day, entries, _marks_of_maya(day, ago, worked=bool(entries), rng=rng))
    return Day(day, entries, _marks(person, day, ago, share, rng) if entries else {})


def _asked(version: Program) -> Targets | None:
    """What a day's work is made of, in minutes and times; ``None`` while there is a pause."""
    if version.kind not in (ProgramKind.FULL, ProgramKind.KEEPING_UP):
        return None
    asked = version.asked
    return replace(asked, exercises=LIST_TAKES) if asked.by_list else asked


def _share(person: Person, kind: Kind, ago: int, days: int, seed: str, rng: Random) -> float:
    harder = ago in HARDER_AGO.get(person.kind, ())
    if person.kind != "maya":
        return 0.6 if harder else stories.energy(kind, ago, days, who=seed, rng=rng)
    if MAYA_ILL_AGO[1] <= ago <= MAYA_ILL_AGO[0] or (ago > MAYA_SHAKY_AGO and rng.random() < 0.3):
        return 0.0
    share = MAYA_BY_WEEK[min(ago // 7, len(MAYA_BY_WEEK) - 1)]
    return share * 0.6 if harder else share


def _still_open(person: Person, bouts: list[Done]) -> list[Done]:
    """The demo's own family always finds something left to log, however late it is."""
    if person.kind not in ("maya", "leo"):
        return bouts
    return [
        bout
        for bout in bouts
        if bout.strand != adherence.STRESS and (bout.strand != adherence.DESENSITIZATION or bout.slot < 4)
    ]


def _marks_of_maya(day: date, ago: int, *, worked: bool, rng: Random) -> dict[str, object]:
    """She checks in on nearly every closed day, but not while she was ill."""
    if not ago or MAYA_ILL_AGO[1] <= ago <= MAYA_ILL_AGO[0]:
        return {}
    harder: dict[str, object] = {"harder": True} if worked and ago in HARDER_AGO["maya"] else {}
    weeks = (day.weekday() - (day + timedelta(days=ago)).weekday() + ago) // 7
    if day.weekday() > 4 and rng.random() < 0.3:
        return harder
    back = max(1 - weeks / len(MAYA_BY_WEEK), 0.1)
    whole = MAYA_WHOLE_DAYS[min(weeks, len(MAYA_WHOLE_DAYS) - 1)]
    return harder | stories.life(back, rng) | {"school": stories.school_of_week(day, whole)}


def _marks(person: Person, day: date, ago: int, share: float, rng: Random) -> dict[str, object]:
    """The check-in of a closed day, and harder days; some of them."""
    if not ago:
        return {}
    if person.kind == "leo":
        return dict(stories.check_in_of_leo(day, ago)) if ago in LEO_AGO else {}
    marks: dict[str, object] = dict(stories.check_in(day, share, rng))
    set_days = HARDER_AGO.get(person.kind)
    if person.username and (ago in set_days if set_days else rng.random() < 0.04):
        marks["harder"] = True
    return marks
