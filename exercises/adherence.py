"""The rules of a day: what was done against what was agreed.

Pure functions over frozen dataclasses. Minutes and counts are whole numbers, shares are ``Fraction``, so that
a sum made in SQL and a sum made here are equal to the last digit. ``today`` is always an argument.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Protocol, TypeVar

from .guideline import Targets, WeekTargets

CARDIO, EXERCISES, DESENSITIZATION, STRESS = "cardio", "exercises", "desensitization", "stress"
STRANDS = (CARDIO, EXERCISES, DESENSITIZATION, STRESS)
PRONGS = {"move": (CARDIO, EXERCISES), "touch": (DESENSITIZATION,), "calm": (STRESS,), "life": ()}
PRONG_OF = {strand: prong for prong, strands in PRONGS.items() for strand in strands}

BEFORE, AHEAD, EXCUSED, MET = "before", "ahead", "excused", "met"
TODAY, PARTLY, NOTHING = "today", "partly", "nothing"
STATUSES = (BEFORE, AHEAD, EXCUSED, MET, TODAY, PARTLY, NOTHING)
COUNTED = frozenset({MET, PARTLY, NOTHING})
# How a day of keeping up is drawn, which is not judged: with something done, and without.
KEPT, KEEPING = "kept", "keeping"

# How far back an entry may lie, in days before the day it was recorded.
ONE_TAP_DAYS, FORM_DAYS, PAPER_DAYS = 1, 7, 35
CORRECTION_DAYS = 7
# Desensitization that is longer than this asks to look at the skin.
SKIN_MINUTES = 20
# A harder day is said of today or yesterday.
HARDER_DAYS = 1
LIVE_SOURCES = frozenset({"tap", "timer", "guided"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One live session: its strand and whole minutes (``None`` only for a stress moment), the body areas it
    names, and the exercises done in it as (program item, activity); an item of no program is ``None``."""

    strand: str
    minutes: int | None
    areas: Sequence[str] = ()
    items: Sequence[tuple[int | None, int]] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """A day's totals: minutes of cardio and exercises, counted and short desensitization, stress moments.

    ``exercises`` is what the program counts: minutes, or how many exercises of its list were done.
    ``exercise_minutes`` is minutes in either case.
    """

    cardio: int = 0
    exercises: int = 0
    desensitization: int = 0
    desensitization_short: int = 0
    stress: int = 0
    exercise_minutes: int = 0

    def done(self, strand: str) -> int:
        """Minutes for cardio and exercises, counted sessions or moments for the others."""
        return int(getattr(self, strand))

    @property
    def strands(self) -> tuple[str, ...]:
        """Those with anything in them: a short desensitization, or minutes without an exercise of the list,
        too."""
        also = {EXERCISES: self.exercise_minutes, DESENSITIZATION: self.desensitization_short}
        return tuple(strand for strand in STRANDS if self.done(strand) or also.get(strand))

    @property
    def anything(self) -> bool:
        return bool(
            self.cardio
            or self.exercises
            or self.desensitization
            or self.desensitization_short
            or self.stress
            # Minutes without an exercise of the list.
            or self.exercise_minutes
        )


NO_WORK = Work()


@dataclass(frozen=True, slots=True)
class Keeping:
    """A program to keep up with: on how many days of a week each strand is asked for, and the numbers that
    make a day one of them."""

    week: WeekTargets
    asked: Targets


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What is known of one day. ``targets`` is what judges it: ``None`` without an active program, and the
    smaller numbers on a harder day of a program that has them. ``day_off`` means asked or granted, and not
    declined. ``keeping``: no day is judged, the week is."""

    day: date
    targets: Targets | None
    work: Work = NO_WORK
    day_off: bool = False
    keeping: Keeping | None = None


@dataclass(frozen=True, slots=True)
class StrandDay:
    """One strand on one day. ``target`` is ``None`` when the strand is not judged. ``aim`` is what the page
    draws: the target, one moment for stress management, or 0. Exercises ``by_list`` are counted one by one,
    and ``minutes`` is how long they took. ``weekly``: asked for on some days of a week."""

    strand: str
    done: int
    target: int | None
    aim: int
    short: int = 0
    by_list: bool = False
    minutes: int = 0
    weekly: bool = False

    @property
    def met(self) -> bool:
        return self.done >= max(self.aim, 1)

    @property
    def left(self) -> int:
        return max(self.aim - self.done, 0)

    @property
    def extra(self) -> int:
        """What went beyond the aim: shown once, part of no total."""
        return max(self.done - self.aim, 0) if self.aim else 0

    @property
    def shown(self) -> int:
        """Done, up to the aim."""
        return min(self.done, self.aim) if self.aim else self.done

    @property
    def share(self) -> Fraction:
        return capped_share(self.done, self.aim) if self.aim else Fraction(0)


# The exercises that a program lists, as (program item, activity).
Listed = Sequence[tuple[int, int]]


def tally(
    entries: Iterable[Entry],
    desensitization_minutes: int,
    *,
    listed: Listed | None = None,
    areas: Sequence[str] = (),
    times: int | None = None,
) -> Work:
    """A day's totals from its live sessions; one long desensitization session is still one session.

    ``listed``: exercises are counted by that list, not by minutes. ``areas``: the body areas that have a
    number each, of the ``times`` that all of them have together.
    """
    by_strand: dict[str, list[Entry]] = {strand: [] for strand in STRANDS}
    for entry in entries:
        by_strand[entry.strand].append(entry)
    touch = by_strand[DESENSITIZATION]
    counted = [entry for entry in touch if (entry.minutes or 0) >= desensitization_minutes]
    minutes = _minutes(by_strand[EXERCISES])
    return Work(
        cardio=_minutes(by_strand[CARDIO]),
        exercises=minutes if listed is None else len(done_of_list(by_strand[EXERCISES], listed)),
        desensitization=_in_areas(counted, areas, times) if areas and times else len(counted),
        desensitization_short=len(touch) - len(counted),
        stress=len(by_strand[STRESS]),
        exercise_minutes=minutes,
    )


def _minutes(entries: Iterable[Entry]) -> int:
    return sum(entry.minutes or 0 for entry in entries)


def done_of_list(entries: Iterable[Entry], listed: Listed) -> frozenset[int]:
    """The listed program items that were done: themselves, or by an entry of another version the same
    activity."""
    done = {pair for entry in entries for pair in entry.items}
    items, own = {item for item, _activity in done}, {item for item, _activity in listed}
    elsewhere = {activity for item, activity in done if item not in own}
    return frozenset(item for item, activity in listed if item in items or activity in elsewhere)


def share_of_area(times: int, areas: Sequence[str]) -> int:
    """How often each area is asked for, when ``times`` is the number of all together."""
    return -(-times // len(areas))


def times_by_area(named: Sequence[Sequence[str]], areas: Sequence[str]) -> dict[str, int]:
    """How often each area was named; ``named`` are the areas of each session."""
    return {area: sum(area in one for one in named) for area in areas}


def _in_areas(counted: Sequence[Entry], areas: Sequence[str], times: int) -> int:
    """Each area fills its own share and no other; sessions that name none of them fill what is open."""
    most = share_of_area(times, areas)
    by_area = times_by_area([entry.areas for entry in counted], areas)
    others = sum(set(areas).isdisjoint(entry.areas) for entry in counted)
    return min(sum(min(count, most) for count in by_area.values()) + others, times)


def timer_minutes(seconds: float) -> int:
    """Whole minutes of a timed session: half up, at least 1."""
    return max(1, int((seconds + 30) // 60))


def target_of(targets: Targets | None, strand: str) -> int | None:
    """The strand's number, or ``None`` when it is not judged."""
    return getattr(targets, strand) if targets else None


def weekly_aim(keeping: Keeping, strand: str) -> int:
    """What makes a day one of the week's for this strand; 0 for anything at all, or not asked for."""
    return aim_of(keeping.asked, strand) if getattr(keeping.week, strand) else 0


def aim_of(targets: Targets | None, strand: str) -> int:
    """The number a page draws. Stress management is shown every day of a program, judged or not."""
    if targets is None:
        return 0
    return target_of(targets, strand) or (1 if strand == STRESS else 0)


# A year asks these two for every day, and there are only as many answers as there are programs.
@lru_cache(maxsize=1024)
def judged_strands(targets: Targets | None) -> tuple[str, ...]:
    return tuple(strand for strand in STRANDS if target_of(targets, strand))


@lru_cache(maxsize=1024)
def _aims(targets: Targets | None) -> tuple[tuple[str, int], ...]:
    """The strands that a page draws, each with its number."""
    return tuple((strand, aim_of(targets, strand)) for strand in STRANDS if aim_of(targets, strand))


def strand_day(facts: DayFacts, strand: str) -> StrandDay:
    keeping = facts.keeping
    numbers = keeping.asked if keeping else facts.targets
    by_list = strand == EXERCISES and numbers is not None and numbers.by_list
    return StrandDay(
        strand=strand,
        done=facts.work.done(strand),
        target=target_of(facts.targets, strand),
        aim=weekly_aim(keeping, strand) if keeping else aim_of(facts.targets, strand),
        short=facts.work.desensitization_short if strand == DESENSITIZATION else 0,
        by_list=by_list,
        minutes=facts.work.exercise_minutes if by_list else 0,
        weekly=keeping is not None and bool(getattr(keeping.week, strand)),
    )


def strand_days(facts: DayFacts) -> tuple[StrandDay, ...]:
    return tuple(strand_day(facts, strand) for strand in STRANDS)


def targets_met(targets: Targets | None, work: Work) -> bool:
    """Every judged strand is met, and there is at least one."""
    if targets is None:
        return False
    judged = judged_strands(targets)
    return bool(judged) and all(work.done(strand) >= getattr(targets, strand) for strand in judged)


def plan_done(facts: DayFacts) -> bool:
    """Nothing is left to offer: targets met, and Calm had its moment whether or not it is judged."""
    return targets_met(facts.targets, facts.work) and strand_day(facts, STRESS).met


def status(facts: DayFacts, *, today: date) -> str:
    """One of STATUSES: the first that applies."""
    if not judged_strands(facts.targets):
        return BEFORE
    if facts.day > today:
        return AHEAD
    if targets_met(facts.targets, facts.work):
        return MET
    if facts.day_off:
        return EXCUSED
    if facts.day == today:
        return TODAY
    return PARTLY if facts.work.anything else NOTHING


def drawn(facts: DayFacts, *, today: date) -> str:
    """How a calendar draws the day: its status, or one of KEPT and KEEPING."""
    if facts.keeping:
        return KEPT if facts.work.anything else KEEPING
    return status(facts, today=today)


def capped_share(done: int, target: int) -> Fraction:
    return Fraction(min(done, target), target)


def percent(share: Fraction | None) -> int | None:
    """A share as a whole per cent, half up."""
    if share is None:
        return None
    return (200 * share.numerator + share.denominator) // (2 * share.denominator)


# --- over a period ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """Counted days that asked the same of a strand: how many, how many met it, what was done (each day's
    part capped at the target)."""

    days: int = 0
    met: int = 0
    done: int = 0

    def plus(self, days: int, met: int, done: int) -> "Group":
        return Group(self.days + days, self.met + met, self.done + done)


@dataclass(frozen=True, slots=True)
class StrandSum:
    """One strand over a period: ``done`` of ``asked`` (minutes, sessions or moments), on ``days`` counted
    days of which ``met`` met it; ``share`` is the mean of each day's capped share, ``None`` without days.
    Exercises ``by_list`` are no minutes; in a ``mixed`` period ``done`` and ``asked`` say nothing."""

    strand: str
    done: int = 0
    asked: int = 0
    days: int = 0
    met: int = 0
    share: Fraction | None = None
    by_list: bool = False
    mixed: bool = False

    @property
    def percent(self) -> int | None:
        return percent(self.share)


def mean_share(groups: Mapping[int, Group]) -> Fraction | None:
    """The mean of each day's capped share, of groups keyed by their target; ``None`` without days. Both the
    sums made here and those made in SQL end here."""
    if len(groups) == 1:
        ((target, group),) = groups.items()
        return Fraction(group.done, target * group.days) if group.days else None
    days = sum(group.days for group in groups.values())
    if not days:
        return None
    # Over one denominator: a Fraction for each target would cost a caseload its speed.
    common = lcm(*groups)
    return Fraction(sum(group.done * (common // target) for target, group in groups.items()), common * days)


def strand_sum(strand: str, groups: Mapping[int, Group], by_list: Collection[bool] = ()) -> StrandSum:
    """Adds up groups keyed by their target. ``by_list``: each way in which exercises were counted."""
    return StrandSum(
        strand=strand,
        done=sum(group.done for group in groups.values()),
        asked=sum(target * group.days for target, group in groups.items()),
        days=sum(group.days for group in groups.values()),
        met=sum(group.met for group in groups.values()),
        share=mean_share(groups),
        by_list=strand == EXERCISES and True in by_list,
        mixed=strand == EXERCISES and len(by_list) > 1,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """A period: strands lead, days met follow. ``judged`` days are those that count; ``excused`` days left
    the count, visibly."""

    strands: tuple[StrandSum, ...]
    met: int = 0
    judged: int = 0
    active: int = 0
    excused: int = 0
    by_status: Mapping[str, int] = field(default_factory=dict)

    def strand(self, name: str) -> StrandSum:
        return self.strands[STRANDS.index(name)]


def summarise(rows: Iterable[DayFacts], *, today: date) -> Summary:
    """Sums over any days. Today counts only while it is met; days off and days ahead do not count."""
    counted: dict[Targets | None, list[Work]] = {}
    by_status = dict.fromkeys(STATUSES, 0)
    active = 0
    for facts in rows:
        word = status(facts, today=today)
        by_status[word] += 1
        if word in COUNTED:
            active += facts.work.anything
            counted.setdefault(facts.targets, []).append(facts.work)
    return Summary(
        strands=_strand_sums(counted),
        met=by_status[MET],
        judged=sum(by_status[word] for word in COUNTED),
        active=active,
        excused=by_status[EXCUSED],
        by_status=by_status,
    )


def _strand_sums(counted: Mapping[Targets | None, Sequence[Work]]) -> tuple[StrandSum, ...]:
    """Of the counted days, by what they asked for."""
    groups: dict[str, dict[int, Group]] = {strand: {} for strand in STRANDS}
    by_list = set()
    for targets, works in counted.items():
        for strand, aim in _aims(targets):
            dones = [work.done(strand) for work in works]
            group = groups[strand].get(aim, Group())
            met, capped = sum(done >= aim for done in dones), sum(min(done, aim) for done in dones)
            groups[strand][aim] = group.plus(len(dones), met, capped)
        if targets and targets.exercises:
            by_list.add(targets.by_list)
    return tuple(strand_sum(strand, groups[strand], by_list) for strand in STRANDS)


# --- programs and entries --------------------------------------------------------------------------------


class Dated(Protocol):
    """Anything in force from a date on."""

    @property
    def starts_on(self) -> date: ...


D = TypeVar("D", bound=Dated)


def in_force(versions: Sequence[D], day: date) -> D | None:
    """The version that judges ``day``: the latest that had started. ``versions`` in any order."""
    started = [version for version in versions if version.starts_on <= day]
    return max(started, key=lambda version: version.starts_on) if started else None


def revision_starts(today: date, *, logged_today: bool, choose_today: bool = False) -> date:
    """First day of a revision: tomorrow when something was logged today, unless today is chosen."""
    return today + timedelta(days=1) if logged_today and not choose_today else today


def oldest_day(recorded_on: date, *, source: str, paper: bool) -> date:
    """How far back a patient or parent may log; therapists have no such bound."""
    if paper:
        return recorded_on - timedelta(days=PAPER_DAYS)
    return recorded_on - timedelta(days=ONE_TAP_DAYS if source in LIVE_SOURCES else FORM_DAYS)


# --- how and when entries came -----------------------------------------------------------------------------

# Three entries within ten minutes were not three bouts done in ten minutes: they were entered together.
TOGETHER_WITHIN, TOGETHER_AT_LEAST = timedelta(minutes=10), 3


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many entries came one by one, together at the day's end, and after their day had ended."""

    one_by_one: int = 0
    together: int = 0
    later: int = 0

    @property
    def total(self) -> int:
        return self.one_by_one + self.together + self.later

    @property
    def same_day(self) -> Fraction | None:
        """The part that was entered on the day itself; ``None`` without entries."""
        return Fraction(self.one_by_one + self.together, self.total) if self.total else None


def arrivals(entries: Iterable[tuple[date, datetime, bool]]) -> Arrivals:
    """``entries`` are (day, recorded at, added later).

    *Together* are the entries of a day recorded in the ten minutes up to the day's last one, when they are
    three or more; entries added later are neither together nor one by one.
    """
    recorded: dict[date, list[datetime]] = {}
    later = 0
    for day, at, added_later in entries:
        later += added_later
        if not added_later:
            recorded.setdefault(day, []).append(at)
    together = sum(_last_burst(instants) for instants in recorded.values())
    return Arrivals(sum(map(len, recorded.values())) - together, together, later)


def _last_burst(instants: Sequence[datetime]) -> int:
    begins = max(instants) - TOGETHER_WITHIN
    size = sum(at >= begins for at in instants)
    return size if size >= TOGETHER_AT_LEAST else 0
