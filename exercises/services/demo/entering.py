"""How what was done came to be entered: when it happened, together in the evening, or on a later day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from exercises import adherence
from exercises.models.choices import Source

from .stories import Done, Kind

LIVE, EVENING, LATER, SHEET = "live", "evening", "later", "sheet"


@dataclass(frozen=True, slots=True)
class Entered:
    """A bout with its instants in UTC. ``started_at`` is known where a timer ran."""

    done: Done
    source: str
    recorded_at: datetime
    received_at: datetime
    started_at: datetime | None = None


def way_of_day(kind: Kind, paper: bool, rng: Random) -> str:
    """How a whole day was entered."""
    if paper:
        return SHEET
    draw = rng.random()
    return LATER if draw < kind.later else EVENING if draw < kind.later + kind.evening else LIVE


def enter(day: date, bouts: list[Done], way: str, zone: ZoneInfo, rng: Random) -> list[Entered]:
    """The day's entries in the order in which they came."""
    if way == LIVE:
        live = [_remembered(day, bout, zone, rng) or _live(day, bout, zone, rng) for bout in bouts]
        return sorted(live, key=lambda entered: entered.recorded_at)
    begun = _begun(day, way, rng)
    source = {EVENING: Source.TAP, SHEET: Source.SHEET}.get(way, Source.TYPED)
    step = timedelta(seconds=25)
    return [_typed(bout, _instant(begun, zone) + n * step, source, rng) for n, bout in enumerate(bouts)]


def _remembered(day: date, bout: Done, zone: ZoneInfo, rng: Random) -> Entered | None:
    """One that came to mind the next morning."""
    if rng.random() > 0.015:
        return None
    return _typed(bout, _instant(_begun(day, LATER, rng), zone), Source.TYPED, rng)


def _live(day: date, bout: Done, zone: ZoneInfo, rng: Random) -> Entered:
    ended = _instant(datetime.combine(day, bout.at), zone)
    timed = bout.strand != adherence.STRESS and rng.random() < 0.15
    by_clock = Source.GUIDED if bout.strand == adherence.EXERCISES else Source.TIMER
    started = ended - timedelta(minutes=bout.minutes or 0) if timed else None
    recorded = ended + timedelta(seconds=rng.randint(2, 150))
    # Now and then a phone without signal.
    wait = rng.randint(900, 9000) if rng.random() < 0.04 else 1
    source = by_clock if timed else Source.TAP
    return Entered(bout, source, recorded, recorded + timedelta(seconds=wait), started)


def _begun(day: date, way: str, rng: Random) -> datetime:
    """Wall time at which somebody sat down to enter the day."""
    if way == EVENING:
        return datetime.combine(day, time(21, rng.randint(5, 40)))
    if way == SHEET:
        # Sundays, for the week that ended: never further back than the form goes.
        sunday = day + timedelta(days=6 - day.weekday())
        return datetime.combine(sunday, time(21, rng.randint(5, 40)))
    return datetime.combine(day + timedelta(days=rng.choice((1, 1, 1, 2, 3))), time(7, rng.randint(0, 50)))


def _typed(bout: Done, at: datetime, source: str, rng: Random) -> Entered:
    return Entered(bout, source, at, at + timedelta(milliseconds=rng.randint(80, 900)))


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)
