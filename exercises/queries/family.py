"""Every child of a parent at one glance. What parents do not see (clock times, words) is not read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from exercises import access, adherence, days, keeping_up
from exercises.access import Viewer
from exercises.adherence import DayFacts, StrandDay
from exercises.keeping_up import KeptWeek
from exercises.models import DailyLog, DayOff, FunctionGoal, Patient, Program, TherapySession, User
from exercises.tonight import QUIET_DAYS, Tonight, is_quiet, tonight

from . import log, sessions
from .history import DayCell
from .next_up import Offer, Tap
from .sessions import Deed, JustSaved


@dataclass(frozen=True, slots=True)
class Child:
    """``week`` is this week; ``last`` what was done last, as (strand, day). ``own_page`` says
    that the parent uses Today in the child's place; ``day_ends`` is in milliseconds, see ``days.Clock``.
    Until ``opens_at`` nothing of today is shown. ``asks_consent``: nothing is shown before the parent agreed;
    ``waiting``: as ``Viewer.is_waiting``."""

    patient: Patient
    today: date
    opens_at: time | None
    day_ends: int
    strands: tuple[StrandDay, ...]
    judged: bool
    keeping: bool
    plan_done: bool
    day_off: bool
    asked_off: bool
    week: tuple[DayCell, ...]
    kept_week: KeptWeek | None
    last: tuple[str, date] | None
    taps: tuple[Tap, ...]
    tonight: Tonight
    own_page: bool
    asks_consent: bool
    waiting: bool


def children(user: User) -> tuple[Child, ...]:
    """One card a child, by name: six queries, whatever the number of children."""
    patients = list(access.children_of(user).order_by("name", "pk"))
    if not patients:
        return ()
    now = timezone.now()
    todays = {patient.pk: patient.day_of(now) for patient in patients}
    weeks = {pk: days.week_of(today, settings.WEEK_STARTS_ON) for pk, today in todays.items()}
    versions = log.programs_of(patients)
    spans = {pk: _with_last_days(week, todays[pk]) for pk, week in weeks.items()}
    off = _days_off(spans)
    hidden = _hidden(patients, now)
    facts = log.days_of(spans, versions, off, hidden=hidden)
    last, goals = _last_done(patients, hidden), _open_goals(patients, hidden)
    return tuple(
        _child(
            patient,
            todays[patient.pk],
            [one for one in facts[patient.pk] if one.day in weeks[patient.pk]],
            versions.get(patient.pk, []),
            last.get(patient.pk),
            off=off[patient.pk],
            tonight=_tonight(patient, facts[patient.pk], goals.get(patient.pk, ()), todays[patient.pk]),
            day_ends=patient.clock_at(now).day_ends(now),
            opens_at=patient.parents_from if patient.pk in hidden else None,
        )
        for patient in patients
    )


def _child(
    patient: Any,
    today: date,
    facts: Sequence[DayFacts],
    versions: list[Program],
    last: tuple[str, date] | None,
    *,
    off: Mapping[date, bool],
    tonight: Tonight,
    day_ends: int,
    opens_at: time | None,
) -> Child:
    """``patient`` as ``access.children_of`` gives it."""
    now = next(day for day in facts if day.day == today)
    program = adherence.in_force(versions, today) or Program()
    return Child(
        patient=patient,
        today=today,
        opens_at=opens_at,
        day_ends=day_ends,
        strands=adherence.strand_days(now),
        judged=bool(adherence.judged_strands(now.targets)),
        keeping=now.keeping is not None,
        plan_done=adherence.plan_done(now),
        day_off=now.day_off,
        asked_off=off.get(today, False),
        week=tuple(
            DayCell(
                day.day,
                adherence.drawn(day, today=today),
                inside=True,
                current=day.day == today,
            )
            for day in facts
        ),
        kept_week=keeping_up.week(facts, today=today),
        last=last,
        taps=tuple(
            Tap(
                today,
                Offer(
                    strand,
                    program.usual_minutes(strand),
                    whole_list=strand == adherence.EXERCISES and program.asked.by_list,
                ),
            )
            for strand in adherence.STRANDS
            if now.targets is None or adherence.aim_of(now.targets, strand)
        ),
        tonight=tonight,
        own_page=not patient.has_teen,
        asks_consent=patient.asks_consent,
        waiting=patient.is_waiting,
    )


def _with_last_days(week: Sequence[date], today: date) -> tuple[date, ...]:
    """The days of the week, and before it as many as tell whether it was quiet."""
    return days.span(min(week[0], today - timedelta(days=QUIET_DAYS)), week[-1])


def _open_goals(patients: Iterable[Patient], hidden: Mapping[int, date]) -> dict[int, list[str]]:
    """The words of the goals that are open for parents, by child; so are those reached on a hidden day."""
    found: dict[int, list[str]] = {}
    is_open = Q(reached_on=None) | Q(reached_on__in=set(hidden.values()))
    goals = FunctionGoal.objects.filter(is_open, patient__in=patients, private=False, set_aside_on=None)
    rows = goals.order_by("set_on", "pk").values_list("patient_id", "text", "reached_on")
    for pk, text, reached_on in rows:
        if reached_on is None or reached_on == hidden.get(pk):
            found.setdefault(pk, []).append(text)
    return found


def _tonight(patient: Patient, facts: Sequence[DayFacts], goals: Sequence[str], today: date) -> Tonight:
    """From what the parent sees: the hidden day has no work in it."""
    now = next(one for one in facts if one.day == today)
    return tonight(
        str(patient.code),
        today,
        name=patient.name,
        done=now.work.strands,
        goals=goals,
        quiet=is_quiet(facts, today=today),
    )


def _days_off(weeks: Mapping[int, Sequence[date]]) -> dict[int, dict[date, bool]]:
    """As ``log.asked_or_granted``, for each child."""
    first, last = log.reach(weeks)
    ranges: dict[int, list[tuple[date, date, str]]] = {pk: [] for pk in weeks}
    rows = DayOff.objects.standing().filter(patient__in=weeks).touching(first, last).order_by()
    for pk, start, end, answer in rows.values_list("patient_id", "first", "last", "answer"):
        ranges[pk].append((start, end, answer))
    return {pk: log.days_off_in(own, first, last) for pk, own in ranges.items()}


def _hidden(patients: Iterable[Any], now: datetime) -> dict[int, date]:
    """The days that the parent does not see yet, by child."""
    days_hidden = ((patient.pk, access.hidden_day_of(patient, now)) for patient in patients)
    return {pk: day for pk, day in days_hidden if day}


def _last_done(patients: Iterable[Patient], hidden: Mapping[int, date]) -> dict[int, tuple[str, date]]:
    """The strand recorded last on each child's latest day with an entry, and that day: one query, and one
    more while such a day is hidden."""
    earlier = [one for one in patients if one.pk in hidden and one.last_logged_on == hidden[one.pk]]
    others = [one for one in patients if one not in earlier]
    latest = Q(patient__in=others, day=F("patient__last_logged_on"))
    for pk, day in log.last_day_before(earlier, hidden).items():
        latest |= Q(patient=pk, day=day)
    live = DailyLog.objects.filter(latest, entries__voided_at=None)
    live = live.order_by("entries__recorded_at", "entries__pk")
    return {pk: (strand, day) for pk, strand, day in live.values_list("patient_id", "entries__strand", "day")}


@dataclass(frozen=True, slots=True)
class Saved:
    """What a card's form just did, and for whom."""

    viewer: Viewer
    just: JustSaved


def just_saved(user: User, cards: Iterable[Child], deed: Deed | None) -> Saved | None:
    """Ids of sessions of anybody but the parent's own children say nothing."""
    if deed is None:
        return None
    by_key = {card.patient.pk: card for card in cards}
    found = TherapySession.objects.filter(client_id=deed.id, patient__in=by_key)
    key = found.order_by().values_list("patient_id", flat=True).first()
    if key is None:
        return None
    card = by_key[key]
    viewer = access.get_viewer(user, card.patient.code)
    just = sessions.just_saved(viewer, (), deed, today=card.today)
    return Saved(viewer, just) if just else None
