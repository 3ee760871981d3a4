"""Today: what is done, what is next, and what the viewer can log with one tap. Eleven queries; one more each
for a routine, a texture ladder and fresh cheers, and three while a version of the program waits for the
teen's answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.conf import settings

from exercises import access, adherence, days, keeping_up
from exercises.access import Viewer
from exercises.adherence import DayFacts, StrandDay, Summary
from exercises.keeping_up import KeptWeek
from exercises.models import Program
from exercises.models.choices import HarderRule

from . import acceptance, areas, check_in, cheers, next_up, sessions
from .acceptance import Ask
from .areas import AreaDay
from .cheers import CheerRow
from .history import DayCell
from .milestones import milestones
from .next_up import Offer, Tap
from .sessions import Deed, JustSaved, SessionRow
from .today_facts import Facts, read_facts

MORNING_ENDS = time(12)
# So many can be logged at once, and no more.
TWO = 2


@dataclass(frozen=True, slots=True)
class TodayPage:
    """Everything on Today, cut for the viewer. ``week`` is the current week. ``asked_off``: the day off waits
    for a therapist's answer. ``flare`` is the version that can go back to its saved full program.
    ``touch_slot`` is when the next desensitization belongs, ``two`` the taps of two whose time has passed;
    after the teen's chosen hour it is ``night``, and nothing is offered. ``opens_at``: until this hour the
    day has only what the viewer entered."""

    day: date
    opens_at: time | None
    status: str
    strands: tuple[StrandDay, ...]
    areas: tuple[AreaDay, ...]
    active: bool
    program: Program | None
    starts_next: date | None
    ask: Ask | None
    flare: int | None
    day_off: bool
    asked_off: bool
    night: bool
    next: Tap | None
    other_offers: tuple[str, ...]
    left_tap: Tap | None
    two: tuple[Tap, ...]
    touch_slot: str
    taps: dict[str, Tap]
    plan_done: bool
    week: tuple[DayCell, ...]
    week_sum: Summary
    kept_week: KeptWeek | None
    entries: tuple[SessionRow, ...]
    life: dict[str, str]
    life_questions: tuple[check_in.Question, ...]
    sleep: check_in.Sleep | None
    harder: bool | None
    cheers: tuple[CheerRow, ...]
    milestones: tuple[str, ...]
    week_ends: bool
    yesterday: date
    yesterday_taps: tuple[Tap, ...]
    ask_yesterday: bool
    day_start: int
    day_ends: int
    just_saved: JustSaved | None


def today_page(
    viewer: Viewer,
    now: datetime,
    *,
    offer: str = "",
    deed: Deed | None = None,
    asked_yesterday: bool = False,
) -> TodayPage:
    """``offer`` names a strand to offer instead of the one that fits best, ``deed`` what a form just did."""
    read = read_facts(viewer, now)
    facts, yesterday = read.by_day[read.day], read.day - days.ONE_DAY
    strands = adherence.strand_days(facts)
    row = read.rows.get(read.day)
    marked = bool(row and row.harder)
    harder = marked if viewer.may(access.SEE_HARDER) else None
    # The numbers of a smaller plan are for everybody; that the plan comes in pieces says why.
    told = marked and bool(harder or (read.program and read.program.is_smaller_when_harder))
    choices = _choices(read, strands)
    starts_next = min((v.starts_on for v in read.versions if v.starts_on > read.day), default=None)
    first = offer if offer in choices else next(iter(choices), None)
    taps = {name: _tap(read, strands, name, harder=told) for name in adherence.STRANDS}
    week = days.week_of(read.day, settings.WEEK_STARTS_ON)
    return TodayPage(
        day=read.day,
        opens_at=read.opens_at,
        status=adherence.status(facts, today=read.day),
        strands=strands,
        areas=() if read.opens_at else areas.on_day(read.program, facts, read.entries),
        active=facts.targets is not None,
        program=read.program,
        starts_next=starts_next,
        ask=acceptance.asked(viewer, read.versions),
        flare=acceptance.flare_of(viewer, read.program) if starts_next is None else None,
        day_off=_day_off(read, facts),
        asked_off=read.off.get(read.day, False),
        night=read.routine.is_night,
        next=taps[first] if first else None,
        other_offers=tuple(name for name in choices if name != first),
        left_tap=_left_tap(read, strands, first, taps),
        two=_two(read, taps[first]) if first == adherence.DESENSITIZATION else (),
        touch_slot=_touch_slot(read, strands),
        taps=taps,
        plan_done=adherence.plan_done(facts),
        week=tuple(
            DayCell(
                day,
                adherence.drawn(read.by_day[day], today=read.day),
                inside=True,
                current=day == read.day,
            )
            for day in week
        ),
        week_sum=adherence.summarise((read.by_day[day] for day in week), today=read.day),
        kept_week=keeping_up.week([read.by_day[day] for day in week], today=read.day),
        entries=tuple(read.entries),
        life=check_in.answers(viewer, row),
        life_questions=check_in.questions(viewer, row),
        sleep=check_in.sleep(viewer, row),
        harder=harder,
        cheers=cheers.fresh(viewer, read.day),
        milestones=() if read.opens_at else milestones(viewer, read.day, read.day)[-1:],
        week_ends=read.day == week[-1] and viewer.may(access.PLAN_WEEK),
        yesterday=yesterday,
        yesterday_taps=_yesterday_taps(read, yesterday),
        ask_yesterday=not asked_yesterday and _yesterday_is_open(read, yesterday),
        day_start=viewer.patient.clock_at(now).day_start,
        day_ends=viewer.patient.clock_at(now).day_ends(now),
        just_saved=sessions.just_saved(viewer, read.entries, deed, today=read.day),
    )


def _day_off(read: Facts, facts: DayFacts) -> bool:
    """Nothing is asked today: also while it is about keeping up, when no day is judged."""
    excused = adherence.status(facts, today=read.day) == adherence.EXCUSED
    return excused or (facts.day_off and facts.keeping is not None)


def _choices(read: Facts, strands: Sequence[StrandDay]) -> list[str]:
    """Open strands of an active program, best first."""
    if read.program is None or read.program.targets is None:
        return []
    return next_up.order_of_strands({strand.strand: strand for strand in strands}, read.routine)


def _tap(read: Facts, strands: Sequence[StrandDay], name: str, *, harder: bool) -> Tap:
    """The usual dose of a strand."""
    strand = strands[adherence.STRANDS.index(name)]
    touch = name == adherence.DESENSITIZATION
    return Tap(
        read.day,
        Offer(
            strand=name,
            minutes=_dose(read, strand, harder=harder),
            number=strand.done + 1,
            aim=strand.aim,
            slot=read.routine.free(read.used) if touch else None,
            item=read.items[strand.done % len(read.items)] if touch and read.items else None,
            rung=read.rung if touch else None,
            whole_list=name == adherence.EXERCISES and _by_list(read.program),
        ),
    )


def _dose(read: Facts, strand: StrandDay, *, harder: bool) -> int | None:
    """Minutes of one tap: on a harder day a piece, or no more than the smaller plan asks for."""
    minutes, program = _usual(read.program, strand.strand), read.program or Program()
    if not harder or minutes is None or not _in_minutes(program, strand.strand):
        return minutes
    if program.is_smaller_when_harder:
        return min(minutes, strand.aim or minutes)
    return next_up.in_pieces(minutes) if program.harder_rule == HarderRule.PIECES else minutes


def _in_minutes(program: Program | None, strand: str) -> bool:
    """Whether the program counts this strand in minutes."""
    return strand == adherence.CARDIO or (strand == adherence.EXERCISES and not _by_list(program))


def _by_list(program: Program | None) -> bool:
    return program is not None and program.is_by_list


def _two(read: Facts, tap: Tap) -> tuple[Tap, ...]:
    """Two sessions at once, where the time of two or more came and nothing was logged."""
    done = tap.offer.number - 1
    passed = read.routine.passed(read.used, done)[-TWO:]
    if len(passed) < TWO or tap.offer.aim - done < TWO:
        return ()
    items = read.items
    return tuple(
        Tap(
            read.day,
            replace(
                tap.offer,
                number=done + nth,
                slot=slot,
                item=items[(done + nth - 1) % len(items)] if items else None,
            ),
        )
        for nth, slot in enumerate(passed, 1)
    )


def _touch_slot(read: Facts, strands: Sequence[StrandDay]) -> str:
    """When the next desensitization belongs; empty without a routine, once nothing is open, and at night."""
    touch = strands[adherence.STRANDS.index(adherence.DESENSITIZATION)]
    slot = read.routine.free(read.used) if touch.left and not read.routine.is_night else None
    return slot.name if slot else ""


def _usual(program: Program | None, strand: str) -> int | None:
    return (program or Program()).usual_minutes(strand)


def _left_tap(
    read: Facts, strands: Sequence[StrandDay], first: str | None, taps: dict[str, Tap]
) -> Tap | None:
    """What is left of a strand of minutes, where that is less than the usual dose."""
    if first is None or not _in_minutes(read.program, first):
        return None
    left, usual = strands[adherence.STRANDS.index(first)].left, taps[first].offer.minutes or 0
    return Tap(read.day, Offer(strand=first, minutes=left)) if 0 < left < usual else None


def _yesterday_taps(read: Facts, yesterday: date) -> tuple[Tap, ...]:
    """One tap for each strand that yesterday's program left open."""
    version = adherence.in_force(read.versions, yesterday)
    if version is None or version.targets is None:
        return ()
    return tuple(
        Tap(
            yesterday,
            Offer(
                strand.strand,
                _usual(version, strand.strand),
                whole_list=strand.strand == adherence.EXERCISES and _by_list(version),
            ),
            for_today=False,
        )
        for strand in adherence.strand_days(read.by_day[yesterday])
        if strand.left
    )


def _yesterday_is_open(read: Facts, yesterday: date) -> bool:
    """Asked in the morning only, and not about a day that was met or a day off."""
    status = adherence.status(read.by_day[yesterday], today=read.day)
    return not read.routine.has_come(MORNING_ENDS) and status in (adherence.PARTLY, adherence.NOTHING)
