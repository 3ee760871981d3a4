"""Which calendar day an instant belongs to for a patient, and how days make weeks, months and years.

Pure: the zone, the day start and the instant are always arguments. Days are ``datetime.date``; instants are
aware ``datetime``; ``day_start`` is a whole hour of wall time, 0 to 4.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)
LATEST_DAY_START = 4
NOON = time(12)
# Days outside are typing errors; inside, no arithmetic here can overflow. A phone that lost its clock says
# 1970, and west of Greenwich the last evening of 1969.
FIRST_DAY, LAST_DAY = date(1969, 1, 1), date(2099, 12, 31)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Clock:
    """How a patient counts days: an IANA zone name and the hour at which a new day starts."""

    zone: str
    day_start: int = 0

    def day_of(self, instant: datetime) -> date:
        return local_today(self.zone, self.day_start, now=instant)

    def day_ends(self, instant: datetime) -> int:
        """When the day of an instant is over, in milliseconds since 1970, as a page's script counts."""
        return 1000 * int(day_begins(self.day_of(instant) + ONE_DAY, self.zone, self.day_start).timestamp())

    def wall_time(self, instant: datetime) -> datetime:
        return instant.astimezone(_zone(self.zone))

    def is_before(self, hour: time, instant: datetime) -> bool:
        """Whether the day of an instant has not come to ``hour`` yet: what comes after midnight and before
        the day start is the end of its day."""
        wall = self.wall_time(instant)
        return self.day_of(instant) == wall.date() and wall.time() < hour


def local_today(zone: str, day_start: int = 0, *, now: datetime) -> date:
    """The date of ``now`` in ``zone``, with the day start taken off as wall time."""
    wall = now.astimezone(_zone(zone)).replace(tzinfo=None)
    return (wall - timedelta(hours=day_start)).date()


def day_begins(day: date, zone: str, day_start: int = 0) -> datetime:
    """The first instant (UTC, whole second) at which the patient's day is ``day`` or later.

    Found by halving, because a zone's clock may skip midnight (Cairo) or a whole day (Apia, 2011-12-30).
    """
    middle = int(datetime.combine(day, time(day_start), UTC).timestamp())
    before, after = middle - 27 * 3600, middle + 27 * 3600
    while after - before > 1:
        probe = (before + after) // 2
        reached = local_today(zone, day_start, now=datetime.fromtimestamp(probe, UTC)) >= day
        before, after = (before, probe) if reached else (probe, after)
    return datetime.fromtimestamp(after, UTC)


def change_takes_effect(old: Clock, new: Clock, *, now: datetime) -> datetime:
    """When a change of zone or day start may start: once both clocks have turned to the next day.

    Until then the old clock counts, so today keeps its date and no logged day moves.
    """
    tomorrow = old.day_of(now) + ONE_DAY
    return max(day_begins(tomorrow, c.zone, c.day_start) for c in (old, new))


def week_of(day: date, first_weekday: int = 0) -> tuple[date, ...]:
    """The seven days of the week that holds ``day``; ``first_weekday`` 0 is Monday, 6 is Sunday."""
    first = day - timedelta(days=(day.weekday() - first_weekday) % 7)
    return span(first, first + timedelta(days=6))


def span(first: date, last: date) -> tuple[date, ...]:
    """Every day from ``first`` to ``last``, both included; empty when ``last`` is earlier."""
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def hours_between(bed: time, up: time, day: date, zone: str) -> float | None:
    """Hours from going to bed to getting up on ``day``, on the wall clock of ``zone``; ``None`` where nobody
    can have slept so. To bed at noon or later was on the evening before, else in the night itself."""
    went = datetime.combine(day - ONE_DAY if bed >= NOON else day, bed, _zone(zone))
    rose = datetime.combine(day, up, _zone(zone))
    # Two times of one zone would be subtracted as they stand on the wall, whatever its clock did that night.
    asleep = rose.astimezone(UTC) - went.astimezone(UTC)
    return asleep / timedelta(hours=1) if timedelta() < asleep <= ONE_DAY else None


def last_closed(today: date, count: int) -> tuple[date, date]:
    """First and last of the ``count`` days that ended before ``today``."""
    return today - timedelta(days=count), today - ONE_DAY


def month_bounds(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def month_weeks(year: int, month: int, first_weekday: int = 0) -> tuple[tuple[date, ...], ...]:
    """Whole weeks that cover the month, days of its neighbours included."""
    first, last = month_bounds(year, month)
    weeks = [week_of(first, first_weekday)]
    while weeks[-1][-1] < last:
        weeks.append(week_of(weeks[-1][-1] + ONE_DAY, first_weekday))
    return tuple(weeks)


def year_weeks(year: int, first_weekday: int = 0) -> tuple[tuple[date | None, ...], ...]:
    """53 or 54 columns of seven; ``None`` where a column reaches into another year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    start = week_of(first, first_weekday)[0]
    columns = ((last - start).days // 7) + 1
    return tuple(
        tuple(day if day.year == year else None for day in week_of(start + timedelta(weeks=n), first_weekday))
        for n in range(columns)
    )


def parse_day(text: str) -> date | None:
    """``2026-11-20`` as a date; ``None`` for anything else or a day outside FIRST_DAY to LAST_DAY."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Python reads "2026-W47-5" and "20261120" too: a day has one spelling, so one URL.
    return day if day.isoformat() == text and FIRST_DAY <= day <= LAST_DAY else None


def parse_month(text: str) -> tuple[int, int] | None:
    """``2026-11`` as (2026, 11), or ``None``."""
    day = parse_day(f"{text}-01")
    return (day.year, day.month) if day else None


def parse_year(text: str) -> int | None:
    """``2026`` as 2026, or ``None``."""
    day = parse_day(f"{text}-01-01")
    return day.year if day else None


# A phone is taken at its word up to here; a queue older than this is a broken clock.
CLOCK_TOLERANCE = timedelta(minutes=10)
OLDEST_QUEUE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Recorded:
    """When somebody tapped, as well as the server can know it, and whether the device's clock is in doubt."""

    at: datetime
    doubt: bool = False


def recorded(
    received_at: datetime, recorded_at: datetime | None = None, sent_at: datetime | None = None
) -> Recorded:
    """Corrects the device's clock by the offset it showed when it sent: ``received_at - sent_at``."""
    if recorded_at is None:
        return Recorded(received_at)
    offset = received_at - sent_at if sent_at else timedelta()
    age = received_at - recorded_at - offset
    wrong = abs(offset) > CLOCK_TOLERANCE or not -CLOCK_TOLERANCE <= age <= OLDEST_QUEUE
    return Recorded(received_at - age, wrong)
