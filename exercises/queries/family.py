"""Every child of a parent at one glance. What parents do not see (clock times, words) is not read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from exercises import access, adherence, days, keeping_up
from exercises.access import Viewer
from exercises.adherence import DayFacts, StrandDay
from exercises.keeping_up import KeptWeek
from exercises.models import DailyLog, DayOff, Patient, Program, TherapySession, User

from . import log, sessions
from .history import DayCell
from .next_up import Offer, Tap
from .sessions import Deed, JustSaved


@dataclass(frozen=True, slots=True)
class Child:
    """``week`` is this week; ``last`` what was done last, as (strand, day). ``own_page`` says
    that the parent uses Today in the child's place; ``day_ends`` is in milliseconds, see ``days.Clock``.
    ``asks_consent``: nothing is shown before the parent agreed; ``waiting``: as ``Viewer.is_waiting``."""

    patient: Patient
    today: date
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
    own_page: bool
    asks_consent: bool
    waiting: bool


def children(user: User) -> tuple[Child, ...]:
    """One card a child, by name: five queries, whatever the number of children."""
    patients = list(access.children_of(user).order_by("name", "pk"))
    if not patients:
        return ()
    now = timezone.now()
    todays = {patient.pk: patient.day_of(now) for patient in patients}
    weeks = {pk: days.week_of(today, settings.WEEK_STARTS_ON) for pk, today in todays.items()}
    versions = log.programs_of(patients)
    off = _days_off(weeks)
    facts = log.days_of(weeks, versions, off)
    last = _last_done(patients)
    return tuple(
        _child(
            patient,
            todays[patient.pk],
            facts[patient.pk],
            versions.get(patient.pk, []),
            last.get(patient.pk),
            off=off[patient.pk],
            day_ends=patient.clock_at(now).day_ends(now),
        )
        for patient in patients
    )


def _child(
    patient: Any,
    today: date,
    facts: Sequence[DayFacts],
    versions: list[Program],
    last: str | None,
    *,
    off: Mapping[date, bool],
    day_ends: int,
) -> Child:
    """``patient`` as ``access.children_of`` gives it."""
    now = next(day for day in facts if day.day == today)
    program = adherence.in_force(versions, today) or Program()
    return Child(
        patient=patient,
        today=today,
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
        last=(last, patient.last_logged_on) if last and patient.last_logged_on else None,
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
        own_page=not patient.has_teen,
        asks_consent=patient.asks_consent,
        waiting=patient.is_waiting,
    )


def _days_off(weeks: Mapping[int, Sequence[date]]) -> dict[int, dict[date, bool]]:
    """As ``log.asked_or_granted``, for each child."""
    first, last = log.reach(weeks)
    ranges: dict[int, list[tuple[date, date, str]]] = {pk: [] for pk in weeks}
    rows = DayOff.objects.standing().filter(patient__in=weeks).touching(first, last).order_by()
    for pk, start, end, answer in rows.values_list("patient_id", "first", "last", "answer"):
        ranges[pk].append((start, end, answer))
    return {pk: log.days_off_in(own, first, last) for pk, own in ranges.items()}


def _last_done(patients: Iterable[Patient]) -> dict[int, str]:
    """The strand recorded last on each child's latest day with an entry."""
    latest = DailyLog.objects.filter(patient__in=patients, day=F("patient__last_logged_on"))
    live = latest.filter(entries__voided_at=None).order_by("entries__recorded_at", "entries__pk")
    return dict(live.values_list("patient_id", "entries__strand"))


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
