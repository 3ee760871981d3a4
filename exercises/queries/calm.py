"""Calm: the techniques that the program names, what else there is to try, and the page of one."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.adherence import StrandDay
from exercises.catalogue import pacing
from exercises.catalogue.pacing import Pacing
from exercises.models import Activity, Program, ProgramItem, TherapySession

from . import log, sessions
from .next_up import Offer, Prescribed, Tap
from .sessions import Deed, JustSaved

# The groups of the page, in its order, each with the catalogue's categories that stand in it.
GROUPS = (
    (_("Breathe"), ("breathing",)),
    (_("Let go"), ("relaxation", "imagery")),
    (_("Notice and think"), ("senses", "thinking")),
    (_("Make something"), ("expression",)),
    (_("Enjoy, and talk"), ("fun", "talking")),
)
OTHERS = _("More ways")
# Shown by the week: how often, and never what about.
BY_WEEK = "talking"


@dataclass(frozen=True, slots=True)
class TechniqueRow:
    """``words`` are the therapist's. ``this_week``: how often, for what is shown by the week; ``None`` for
    all else and for a viewer who does not see techniques."""

    id: int
    name: str
    words: tuple[str, ...] = ()
    this_week: int | None = None


@dataclass(frozen=True, slots=True)
class CalmPage:
    """``today`` is the strand as every page draws it, and says nothing before ``opens_at``; ``groups`` holds
    what the program does not name."""

    today: StrandDay
    opens_at: time | None
    day_ends: int
    prescribed: tuple[TechniqueRow, ...]
    groups: tuple[tuple[Any, tuple[TechniqueRow, ...]], ...]
    just_saved: JustSaved | None


@dataclass(frozen=True, slots=True)
class TechniquePage:
    """``tap`` is the form that keeps it; ``None`` for a viewer who may not log. ``minutes`` are the lengths
    of a breathing exercise, ``usual`` the one that is chosen at first."""

    row: TechniqueRow
    safety: str
    how_to: tuple[str, ...]
    video: str
    pacing: Pacing
    minutes: tuple[int, ...]
    usual: int
    tap: Tap | None


def calm_page(viewer: Viewer, now: datetime, *, deed: Deed | None = None) -> CalmPage:
    """Six queries, and those of ``deed``, what a form just did."""
    patient, clock = viewer.patient, viewer.patient.clock_at(now)
    today, versions = clock.day_of(now), log.programs(patient)
    items, counts = _prescribed(versions, today), _this_week(viewer, today)
    hidden = viewer.hidden_day(now)
    (facts,) = log.days_between(patient, today, today, versions=versions, hidden=hidden)
    prescribed = {item.activity_id: item.activity for item in items}
    others = [activity for activity in _open_to(viewer) if activity.pk not in prescribed]
    return CalmPage(
        today=adherence.strand_day(facts, adherence.STRESS),
        opens_at=patient.parents_from if hidden else None,
        day_ends=clock.day_ends(now),
        prescribed=tuple(_row(activity, items, counts) for activity in prescribed.values()),
        groups=_grouped(others, counts),
        just_saved=sessions.just_saved(viewer, (), deed, today=today),
    )


def technique_page(viewer: Viewer, pk: int, now: datetime) -> TechniquePage | None:
    """``None`` for an activity that is no technique, or that this viewer is not offered."""
    activity = _open_to(viewer).select_related("copy_of").filter(pk=pk).first()
    if activity is None:
        return None
    today = viewer.patient.day_of(now)
    items = [item for item in _prescribed(log.programs(viewer.patient), today) if item.activity_id == pk]
    asked = next((item.minutes for item in items if item.minutes), None)
    counts = _this_week(viewer, today) if activity.category == BY_WEEK else None
    return TechniquePage(
        row=_row(activity, items, counts),
        safety=activity.safety,
        how_to=tuple(activity.how_to.splitlines()),
        video=activity.video,
        pacing=_pacing(activity),
        minutes=tuple(sorted({*pacing.MINUTES, *([asked] if asked else ())})),
        usual=asked or pacing.USUAL_MINUTES,
        tap=_tap(viewer, activity, today) if viewer.may(access.LOG) else None,
    )


def _open_to(viewer: Viewer) -> QuerySet[Activity]:
    """What the program names or ever named, and what the catalogue offers. A therapist's own technique that
    the program does not name stays from a viewer who sees no techniques: it may be there for a reason."""
    named = ProgramItem.objects.filter(program__patient=viewer.patient).order_by().values("activity")
    offered = Q(offered=True) if viewer.may(access.SEE_TECHNIQUES) else Q(offered=True, owner=None)
    techniques = Activity.objects.offered_to(viewer.patient, viewer.therapists)
    return techniques.filter(offered | Q(pk__in=named), strand=adherence.STRESS)


def _prescribed(versions: list[Program], today: date) -> list[ProgramItem]:
    """The techniques of the program in force, in the therapist's order."""
    program = adherence.in_force(versions, today)
    if program is None:
        return []
    items = ProgramItem.objects.filter(program=program, activity__strand=adherence.STRESS)
    return list(items.select_related("activity").order_by("order", "pk"))


def _this_week(viewer: Viewer, today: date) -> Counter[int | None] | None:
    """How often each technique that is shown by the week was logged in this one."""
    if not viewer.may(access.SEE_TECHNIQUES):
        return None
    week = days.week_of(today, settings.WEEK_STARTS_ON)
    logged = TherapySession.objects.live().filter(
        daily_log__patient=viewer.patient,
        daily_log__day__range=(week[0], week[-1]),
        activity__category=BY_WEEK,
        strand=adherence.STRESS,
    )
    return Counter(logged.order_by().values_list("activity_id", flat=True))


def _row(
    activity: Activity, items: Iterable[ProgramItem], counts: Counter[int | None] | None
) -> TechniqueRow:
    by_week = activity.category == BY_WEEK
    return TechniqueRow(
        id=activity.pk,
        name=activity.name,
        words=tuple(item.words for item in items if item.activity_id == activity.pk and item.words),
        this_week=counts[activity.pk] if by_week and counts is not None else None,
    )


def _grouped(
    activities: Iterable[Activity], counts: Counter[int | None] | None
) -> tuple[tuple[Any, tuple[TechniqueRow, ...]], ...]:
    labels = {category: label for label, categories in GROUPS for category in categories}
    by_label: dict[Any, list[TechniqueRow]] = {label: [] for label in (*dict(GROUPS), OTHERS)}
    for activity in activities:
        by_label[labels.get(activity.category, OTHERS)].append(_row(activity, (), counts))
    return tuple((label, tuple(rows)) for label, rows in by_label.items() if rows)


def _pacing(activity: Activity) -> Pacing:
    """That of the built-in technique, also for a therapist's copy of it."""
    key = activity.key or (activity.copy_of.key if activity.copy_of else None)
    return pacing.pacing_of(key or "", get_language() or "en")


def _tap(viewer: Viewer, activity: Activity, today: date) -> Tap:
    """A viewer who sees no techniques logs a moment without naming one."""
    named = viewer.may(access.SEE_TECHNIQUES)
    item = Prescribed(activity.pk, activity.name, "", "") if named else None
    return Tap(today, Offer(strand=adherence.STRESS, minutes=None, item=item))
