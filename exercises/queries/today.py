"""Today: what is done, what is next, and what the viewer can log with one tap. Ten queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.adherence import DayFacts, StrandDay, Summary
from exercises.models import DailyLog, Program, ProgramItem, RoutineSlot

from . import check_in, log, next_up, sessions
from .history import DayCell
from .next_up import Offer, Prescribed, Tap
from .sessions import Deed, JustSaved, SessionRow

MORNING_ENDS = time(12)


@dataclass(frozen=True, slots=True)
class TodayPage:
    """Everything on Today, cut for the viewer. ``week`` is the current week."""

    day: date
    status: str
    strands: tuple[StrandDay, ...]
    active: bool
    program: Program | None
    starts_next: date | None
    next: Tap | None
    other_offers: tuple[str, ...]
    left_tap: Tap | None
    taps: dict[str, Tap]
    plan_done: bool
    week: tuple[DayCell, ...]
    week_sum: Summary
    entries: tuple[SessionRow, ...]
    life: dict[str, str]
    life_questions: tuple[check_in.Question, ...]
    harder: bool | None
    yesterday: date
    yesterday_taps: tuple[Tap, ...]
    ask_yesterday: bool
    day_start: int
    day_ends: int
    just_saved: JustSaved | None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What was read, before anything is decided."""

    day: date
    at: time
    program: Program | None
    versions: list[Program]
    by_day: dict[date, DayFacts]
    rows: dict[date, DailyLog]
    slots: list[RoutineSlot]
    items: list[Prescribed]
    entries: list[SessionRow]


def today_page(
    viewer: Viewer,
    now: datetime,
    *,
    offer: str = "",
    deed: Deed | None = None,
    asked_yesterday: bool = False,
) -> TodayPage:
    """``offer`` names a strand to offer instead of the one that fits best, ``deed`` what a form just did."""
    read = _read(viewer, now)
    facts, yesterday = read.by_day[read.day], read.day - days.ONE_DAY
    strands = adherence.strand_days(facts)
    row = read.rows.get(read.day)
    sees_harder = viewer.may(access.SEE_HARDER)
    harder = bool(row and row.harder) if sees_harder else None
    choices = _choices(read, strands)
    first = offer if offer in choices else next(iter(choices), None)
    taps = {name: _tap(read, strands, name, harder=bool(harder)) for name in adherence.STRANDS}
    week = days.week_of(read.day, settings.WEEK_STARTS_ON)
    return TodayPage(
        day=read.day,
        status=adherence.status(facts, today=read.day),
        strands=strands,
        active=facts.targets is not None,
        program=read.program,
        starts_next=min((v.starts_on for v in read.versions if v.starts_on > read.day), default=None),
        next=taps[first] if first else None,
        other_offers=tuple(name for name in choices if name != first),
        left_tap=_left_tap(read, strands, first, taps),
        taps=taps,
        plan_done=adherence.plan_done(facts),
        week=tuple(
            DayCell(
                day, adherence.status(read.by_day[day], today=read.day), inside=True, current=day == read.day
            )
            for day in week
        ),
        week_sum=adherence.summarise((read.by_day[day] for day in week), today=read.day),
        entries=tuple(read.entries),
        life=check_in.answers(viewer, row),
        life_questions=check_in.questions(viewer, row),
        harder=harder,
        yesterday=yesterday,
        yesterday_taps=_yesterday_taps(read, yesterday),
        ask_yesterday=not asked_yesterday and _yesterday_is_open(read, yesterday),
        day_start=viewer.patient.clock_at(now).day_start,
        day_ends=viewer.patient.clock_at(now).day_ends(now),
        just_saved=sessions.just_saved(viewer, read.entries, deed, today=read.day),
    )


def _read(viewer: Viewer, now: datetime) -> _Facts:
    patient, clock = viewer.patient, viewer.patient.clock_at(now)
    today = clock.day_of(now)
    week = days.week_of(today, settings.WEEK_STARTS_ON)
    first = min(week[0], today - days.ONE_DAY)
    versions = log.programs(patient)
    program = adherence.in_force(versions, today)
    rows = {row.day: row for row in DailyLog.objects.filter(patient=patient, day__range=(first, week[-1]))}
    off = log.days_off(patient, first, week[-1])
    by_day = {
        day: DayFacts(
            day,
            log.targets_on(versions, day),
            rows[day].work if day in rows else adherence.NO_WORK,
            day in off,
        )
        for day in days.span(first, week[-1])
    }
    return _Facts(
        day=today,
        at=clock.wall_time(now).time().replace(tzinfo=None),
        program=program,
        versions=versions,
        by_day=by_day,
        rows=rows,
        slots=_slots(viewer, today),
        items=_items(program),
        entries=sessions.entries(viewer, rows.get(today), program, today=today),
    )


def _slots(viewer: Viewer, today: date) -> list[RoutineSlot]:
    slots = RoutineSlot.objects.filter(patient=viewer.patient, ended_at=None).order_by("at", "pk")
    return [slot for slot in slots if slot.on_weekday(today.weekday())]


def _items(program: Program | None) -> list[Prescribed]:
    """The desensitization that is prescribed: the next card names it, in turn."""
    if program is None or program.targets is None:
        return []
    touch = ProgramItem.objects.filter(program=program, activity__strand=adherence.DESENSITIZATION)
    rows = touch.order_by("order", "pk").values_list("activity_id", "activity__name", "body_area", "words")
    return [Prescribed._make(row) for row in rows]


def _choices(read: _Facts, strands: Sequence[StrandDay]) -> list[str]:
    """Open strands of an active program, best first."""
    if read.program is None or read.program.targets is None:
        return []
    by_name = {strand.strand: strand for strand in strands}
    due = next_up.slots_due(read.slots, by_name[adherence.DESENSITIZATION].aim, read.at)
    return next_up.order_of_strands(by_name, read.at, due)


def _tap(read: _Facts, strands: Sequence[StrandDay], name: str, *, harder: bool) -> Tap:
    """The usual dose of a strand; on a harder day a piece of it."""
    strand = strands[adherence.STRANDS.index(name)]
    minutes = _usual(read.program, name)
    if harder and minutes and name in (adherence.CARDIO, adherence.EXERCISES):
        minutes = next_up.in_pieces(minutes)
    touch = name == adherence.DESENSITIZATION
    used = frozenset(entry.slot for entry in read.entries if entry.slot)
    return Tap(
        read.day,
        Offer(
            strand=name,
            minutes=minutes,
            number=strand.done + 1,
            aim=strand.aim,
            slot=next_up.free_slot(read.slots, used, read.at) if touch else None,
            item=read.items[strand.done % len(read.items)] if touch and read.items else None,
        ),
    )


def _usual(program: Program | None, strand: str) -> int | None:
    return (program or Program()).usual_minutes(strand)


def _left_tap(
    read: _Facts, strands: Sequence[StrandDay], first: str | None, taps: dict[str, Tap]
) -> Tap | None:
    """What is left of a strand of minutes, where that is less than the usual dose."""
    if first not in (adherence.CARDIO, adherence.EXERCISES):
        return None
    left, usual = strands[adherence.STRANDS.index(first)].left, taps[first].offer.minutes or 0
    return Tap(read.day, Offer(strand=first, minutes=left)) if 0 < left < usual else None


def _yesterday_taps(read: _Facts, yesterday: date) -> tuple[Tap, ...]:
    """One tap for each strand that yesterday's program left open."""
    version = adherence.in_force(read.versions, yesterday)
    if version is None or version.targets is None:
        return ()
    return tuple(
        Tap(yesterday, Offer(strand.strand, _usual(version, strand.strand)), for_today=False)
        for strand in adherence.strand_days(read.by_day[yesterday])
        if strand.left
    )


def _yesterday_is_open(read: _Facts, yesterday: date) -> bool:
    """Asked in the morning only, and not about a day that was met or a day off."""
    status = adherence.status(read.by_day[yesterday], today=read.day)
    return read.at < MORNING_ENDS and status in (adherence.PARTLY, adherence.NOTHING)
