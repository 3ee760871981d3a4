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
    """What a program asks for. ``asks`` has a number for every strand that is prescribed, and no other.

    ``listed``: the exercises by name, each as (item, activity); then they are counted and not their minutes.
    ``areas``: each has its part of the number for desensitization. ``smaller``: numbers of a harder day.
    ``week``: on how many days a week; then no day is judged.
    """

    asks: dict[str, int] = field(default_factory=dict)
    least: int = 5
    listed: list[tuple[int, int]] | None = None
    areas: list[str] = field(default_factory=list)
    smaller: dict[str, int] = field(default_factory=dict)
    week: dict[str, int] | None = None


@dataclass
class Day:
    """One day as a person would tell it: the plan, each session as (strand, minutes, areas, items), a day off
    or not, harder or not. An item is (program item, activity)."""

    day: date
    plan: Plan | None
    sessions: list[tuple] = field(default_factory=list)
    off: bool = False
    harder: bool = False


# --- a day -----------------------------------------------------------------------------------------------


def asked(day: Day) -> dict[str, int]:
    """What judges the day: nothing at all while keeping up."""
    if day.plan is None or day.plan.week is not None:
        return {}
    numbers = dict(day.plan.asks)
    if day.harder:
        numbers.update(day.plan.smaller)
    return numbers


def done(day: Day, strand: str) -> int:
    """Minutes of cardio or exercises, or exercises of the list; desensitization sessions long enough; stress
    moments."""
    mine = [session for session in day.sessions if session[0] == strand]
    if strand == "exercises" and day.plan and day.plan.listed is not None:
        return len([one for one in day.plan.listed if was_done(one, day.plan.listed, mine)])
    if strand == "desensitization" and day.plan and day.plan.areas and strand in day.plan.asks:
        return in_boxes(day.plan, long_enough(day))
    if strand == "desensitization":
        return len(long_enough(day))
    return minutes_of(day, strand) if strand in ("cardio", "exercises") else len(mine)


def minutes_of(day: Day, strand: str) -> int:
    return sum(minutes or 0 for name, minutes, *_rest in day.sessions if name == strand)


def was_done(listed: tuple[int, int], whole_list: list[tuple[int, int]], sessions: list[tuple]) -> bool:
    """Itself, or the same activity as an item that this list does not have."""
    for session in sessions:
        for item, activity in session[3] if len(session) > 3 else ():
            if item == listed[0]:
                return True
            if activity == listed[1] and all(item != other for other, _activity in whole_list):
                return True
    return False


def long_enough(day: Day) -> list[tuple]:
    least = day.plan.least if day.plan else 5
    return [s for s in day.sessions if s[0] == "desensitization" and (s[1] or 0) >= least]


def in_boxes(plan: Plan, sessions: list[tuple]) -> int:
    """A row of boxes for each area: a session ticks one in the row of each area that it names, as long as
    there is one. Sessions that name none of the areas tick any box that is left."""
    number = plan.asks["desensitization"]
    size = 1
    while size * len(plan.areas) < number:
        size += 1
    rows = {area: [False] * size for area in plan.areas}
    anywhere = 0
    for session in sessions:
        named = [area for area in (session[2] if len(session) > 2 else ()) if area in rows]
        anywhere += not named
        for area in set(named):
            if False in rows[area]:
                rows[area][rows[area].index(False)] = True
    ticked = len([box for row in rows.values() for box in row if box]) + anywhere
    return ticked if ticked < number else number


def short(day: Day) -> int:
    return len([s for s in day.sessions if s[0] == "desensitization"]) - len(long_enough(day))


def is_met(day: Day) -> bool:
    if not asked(day):
        return False
    for strand, number in asked(day).items():  # noqa: SIM110 - one strand at a time, as the rule says it
        if done(day, strand) < number:
            return False
    return True


def is_everything_done(day: Day) -> bool:
    return is_met(day) and any(session[0] == "stress" for session in day.sessions)


def status(day: Day, today: date) -> str:
    if not asked(day):
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
    asks = [(d, asked(d)) for d in counted(days, today)]
    rows = [(d, mine.get(strand, 1)) for d, mine in asks if strand in mine or strand == "stress"]
    units = {bool(d.plan and d.plan.listed is not None) for d, _number in rows if strand == "exercises"}
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
        "share": share, "percent": per_cent(share), "by_list": True in units, "mixed": len(units) == 2,
    }  # fmt: skip


def over(days: list[Day], today: date) -> dict:
    count = counted(days, today)
    return {
        "judged": len(count),
        "met": len([d for d in count if is_met(d)]),
        "active": len([d for d in count if d.sessions]),
        "excused": len([d for d in days if status(d, today) == "excused"]),
    }


# --- a week of keeping up --------------------------------------------------------------------------------


def is_one_of_the_week(day: Day, strand: str) -> bool:
    """The number for a day was reached; without a number, anything of the strand, however short."""
    if strand in day.plan.asks:
        return done(day, strand) >= day.plan.asks[strand]
    return any(session[0] == strand for session in day.sessions)


def week(days: list[Day], today: date) -> dict[str, tuple[int, int]] | None:
    """By strand: on how many days, of how many. ``None`` unless a day of keeping up has come."""
    kept = [d for d in days if d.plan is not None and d.plan.week is not None]
    numbers = None
    for d in kept:
        if d.day <= today:
            numbers = d.plan.week
    if numbers is None:
        return None
    found = {}
    for strand, number in numbers.items():
        used = [d for d in kept if d.day <= today and is_one_of_the_week(d, strand)]
        free = [d for d in kept if d.off and d not in used]
        found[strand] = (len(used), min(number, len(kept) - len(free)))
    return {strand: pair for strand, pair in found.items() if pair[1] > 0}


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
