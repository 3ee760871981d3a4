"""The rules of a day, a second time and as plainly as can be.

Written from the rules, not from ``exercises``, and imports nothing from it: lists of single sessions instead
of totals, counting instead of rounding, a walk over the minutes instead of a search. Slow on purpose.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@dataclass
class Plan:
    """What a program asks for. ``asks`` has a number for every strand that is prescribed, and no other."""

    asks: dict[str, int] = field(default_factory=dict)
    least: int = 5


@dataclass
class Day:
    """One day as a person would tell it: the plan, each session as (strand, minutes), a day off or not."""

    day: date
    plan: Plan | None
    sessions: list[tuple[str, int | None]] = field(default_factory=list)
    off: bool = False


# --- a day -----------------------------------------------------------------------------------------------


def done(day: Day, strand: str) -> int:
    """Minutes of cardio or exercises; desensitization sessions long enough; stress moments."""
    result = 0
    for session_strand, minutes in day.sessions:
        if session_strand != strand:
            continue
        if strand in ("cardio", "exercises"):
            result += minutes or 0
        elif strand == "stress" or (minutes or 0) >= (day.plan.least if day.plan else 5):
            result += 1
    return result


def short(day: Day) -> int:
    return len([s for s, _ in day.sessions if s == "desensitization"]) - done(day, "desensitization")


def is_met(day: Day) -> bool:
    if day.plan is None or not day.plan.asks:
        return False
    for strand, number in day.plan.asks.items():  # noqa: SIM110 - one strand at a time, as the rule says it
        if done(day, strand) < number:
            return False
    return True


def is_everything_done(day: Day) -> bool:
    return is_met(day) and any(strand == "stress" for strand, _ in day.sessions)


def status(day: Day, today: date) -> str:
    if day.plan is None or not day.plan.asks:
        return "before"
    if day.day > today:
        return "ahead"
    if day.off and not is_met(day):
        return "excused"
    if is_met(day):
        return "met"
    if day.day == today:
        return "today"
    if day.sessions:
        return "partly"
    return "nothing"


# --- a period --------------------------------------------------------------------------------------------


def counted(days: list[Day], today: date) -> list[Day]:
    """The days that enter a count: those judged and over, and today once it is met."""
    return [d for d in days if status(d, today) in ("met", "partly", "nothing")]


def strand_over(days: list[Day], strand: str, today: date) -> dict:
    """One strand over a period. What goes beyond a day's target is in no number here. Calm is met by one
    moment a day where the program names no number, and is shown beside the others every day."""
    asks = [(d, d.plan.asks if d.plan else {}) for d in counted(days, today)]
    rows = [(d, mine.get(strand, 1)) for d, mine in asks if strand in mine or strand == "stress"]
    shares = []
    total_done = total_asked = met = 0
    for row, number in rows:
        mine = done(row, strand)
        if mine >= number:
            mine, met = number, met + 1
        total_done += mine
        total_asked += number
        shares.append(Fraction(mine, number))
    share = sum(shares, Fraction()) / len(shares) if shares else None
    return {
        "done": total_done, "asked": total_asked, "days": len(rows), "met": met,
        "share": share, "percent": per_cent(share),
    }  # fmt: skip


def over(days: list[Day], today: date) -> dict:
    count = counted(days, today)
    return {
        "judged": len(count),
        "met": len([d for d in count if is_met(d)]),
        "active": len([d for d in count if d.sessions]),
        "excused": len([d for d in days if status(d, today) == "excused"]),
    }


def per_cent(share: Fraction | None) -> int | None:
    """Half up, found by counting: the largest whole number that lies at most a half above."""
    if share is None:
        return None
    whole = 0
    while Fraction(2 * (whole + 1) - 1, 200) <= share:
        whole += 1
    return whole


def timed(seconds: float) -> int:
    """Minutes from a timer, by counting: a further minute once half of it is over; never 0."""
    minutes = 0
    while Fraction(seconds) >= 60 * minutes + 30:
        minutes += 1
    return minutes or 1


def plan_of(versions: list[tuple[date, Plan | None]], day: date) -> Plan | None:
    """The plan that judges ``day``: walk back from it until some version began. ``None`` in a pause."""
    starts = dict(versions)
    while starts and day >= min(starts):
        if day in starts:
            return starts[day]
        day -= DAY
    return None


# --- the clock -------------------------------------------------------------------------------------------


def day_of(instant: datetime, zone: str, day_start: int) -> date:
    wall = instant.astimezone(ZoneInfo(zone))
    return wall.date() if wall.hour >= day_start else wall.date() - DAY


def minute_when(start: datetime, happened) -> datetime:
    """The first whole minute from ``start`` on at which ``happened(instant)``."""
    while not happened(start):
        start += MINUTE
    return start


def begins(day: date, zone: str, day_start: int) -> datetime:
    """The first minute of ``day`` (or of a later one, where the zone has no such day)."""
    early = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    return minute_when(early, lambda t: day_of(t, zone, day_start) >= day)


def change_from(old: tuple[str, int], new: tuple[str, int], now: datetime) -> datetime:
    """The first minute after ``now`` at which both clocks show a later day than the old one shows now."""
    today = day_of(now, *old)
    start = now.replace(second=0, microsecond=0)
    return minute_when(start, lambda t: day_of(t, *old) > today and day_of(t, *new) > today)


# --- the calendar ----------------------------------------------------------------------------------------


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def every_day_of(year: int) -> list[date]:
    lengths = (31, 29 if is_leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return [date(year, month, day) for month, n in enumerate(lengths, start=1) for day in range(1, n + 1)]


def week_from(day: date, first_weekday: int) -> list[date]:
    while day.weekday() != first_weekday:
        day -= DAY
    return [day + n * DAY for n in range(7)]
