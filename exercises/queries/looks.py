"""Who looked at a record: month by month, by the hour or by the day, as the viewer may know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from exercises import access, days
from exercises.access import Viewer
from exercises.models import AccessRecord, BreakGlass, CareTeamMember, Patient
from exercises.models.choices import PageKind, Role, SeenAs

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SEEN_AS = dict(SeenAs.choices)


@dataclass(frozen=True, slots=True)
class Look:
    """What one person looked at: in an hour of the patient's clock (its start), or in a day."""

    name: str
    role: "StrOrPromise"
    is_you: bool
    hour: datetime | None
    kinds: "tuple[StrOrPromise, ...]"


@dataclass(frozen=True, slots=True)
class Glass:
    """An administrator opened the record, with this reason."""

    name: str
    reason: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class LookDay:
    day: date
    glass: tuple[Glass, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class LooksPage:
    """One month, latest day first. ``earlier`` and ``later``: the next months with something in them."""

    month: date
    days: tuple[LookDay, ...]
    earlier: date | None
    later: date | None


def month_of(viewer: Viewer, asked: str) -> date | None:
    """The first of the month that is asked for as ``2026-11``; of this month when nothing is."""
    if not asked:
        return _wall(viewer, timezone.now()).date().replace(day=1)
    month = days.parse_month(asked)
    return date(*month, 1) if month else None


def not_the_teens(patient: Patient, looks: QuerySet[Any]) -> QuerySet[Any]:
    """The teen's own rows, were there any, are nobody's to see."""
    teens = CareTeamMember.objects.as_role(Role.PATIENT).filter(patient=patient).order_by()
    return looks.exclude(user__in=teens.values("user_id"))


def looks_page(viewer: Viewer, month: date) -> LooksPage:
    """Four queries."""
    looks = not_the_teens(viewer.patient, AccessRecord.objects.filter(patient=viewer.patient))
    glass = BreakGlass.objects.filter(patient=viewer.patient)
    zone, following = _zone(viewer), (month + timedelta(days=31)).replace(day=1)
    first, last = days.day_begins(month, zone), days.day_begins(following, zone)
    around = [
        rows.aggregate(
            earlier=Max(at, filter=Q((f"{at}__lt", first))), later=Min(at, filter=Q((f"{at}__gte", last)))
        )
        for rows, at in ((looks, "hour"), (glass, "at"))
    ]
    earlier = [one["earlier"] for one in around if one["earlier"]]
    later = [one["later"] for one in around if one["later"]]
    looked = _looks(viewer, looks.filter(hour__gte=first, hour__lt=last).select_related("user"))
    broken = _glass(viewer, glass.filter(at__gte=first, at__lt=last).select_related("user"))
    return LooksPage(
        month=month,
        days=tuple(
            LookDay(day, tuple(broken.get(day, ())), tuple(looked.get(day, ())))
            for day in sorted(looked.keys() | broken.keys(), reverse=True)
        ),
        earlier=_first_of_month(viewer, max(earlier, default=None)),
        later=_first_of_month(viewer, min(later, default=None)),
    )


def _looks(viewer: Viewer, rows: Iterable[AccessRecord]) -> dict[date, list[Look]]:
    """Latest first, or by name. One line for a person and an hour, or a day, whatever the number of pages."""
    hours = viewer.may(access.SEE_LOOK_HOURS)
    groups: dict[tuple[date, datetime | None, int, str], list[AccessRecord]] = {}
    for row in rows:
        wall = _wall(viewer, row.hour)
        groups.setdefault((wall.date(), wall if hours else None, row.user_id, row.seen_as), []).append(row)
    looks: dict[date, list[Look]] = {}
    for (day, hour, _user, seen_as), group in groups.items():
        user = group[0].user
        look = Look(
            name=user.shown_name,
            role=SEEN_AS[seen_as],
            is_you=user == viewer.user,
            hour=hour,
            kinds=tuple(word for kind, word in PageKind.choices if kind in {row.kind for row in group}),
        )
        looks.setdefault(day, []).append(look)
    if hours:
        return looks
    # An order in time would tell the hours after all.
    return {day: sorted(lines, key=lambda look: look.name) for day, lines in looks.items()}


def _glass(viewer: Viewer, rows: Iterable[BreakGlass]) -> dict[date, list[Glass]]:
    hours = viewer.may(access.SEE_LOOK_HOURS)
    broken: dict[date, list[Glass]] = {}
    for row in rows:
        wall = _wall(viewer, row.at)
        entry = Glass(row.user.shown_name, row.reason, wall if hours else None)
        broken.setdefault(wall.date(), []).append(entry)
    return broken


def _zone(viewer: Viewer) -> str:
    return viewer.patient.clock_at(timezone.now()).zone


def _wall(viewer: Viewer, instant: datetime) -> datetime:
    """Calendar days here, not a patient's: a look has nothing to do with when a day starts for logging."""
    return days.Clock(_zone(viewer)).wall_time(instant).replace(tzinfo=None)


def _first_of_month(viewer: Viewer, instant: datetime | None) -> date | None:
    return _wall(viewer, instant).date().replace(day=1) if instant else None
