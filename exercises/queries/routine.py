"""When desensitization belongs: the slots of a day, and the page where they are chosen."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from exercises.models import Patient, RoutinePeriod, RoutineSlot
from exercises.models.choices import SlotSet

SETS = dict(SlotSet.choices)
# In the order of the page; the first is for slots of no set.
LABELS = {"": _("all year"), **SETS}
WEEK = range(7)
EVERY_DAY, SCHOOL_DAYS, WEEKENDS = 0b1111111, 0b0011111, 0b1100000
# The weekdays of a set, where none are chosen.
WEEKDAYS_OF = {SlotSet.SCHOOL.value: SCHOOL_DAYS, SlotSet.WEEKEND.value: WEEKENDS}
MOST_OF_A_SET = 10
# To start from. None of a school day lies in school: see ``start_from``.
FREE_DAY = (
    (_("after waking up"), time(9)),
    (_("before lunch"), time(11, 30)),
    (_("afternoon"), time(15)),
    (_("after the shower"), time(18, 30)),
    (_("bedtime"), time(20, 30)),
)
STARTS = {
    SlotSet.SCHOOL.value: (
        (_("before school"), time(7)),
        (_("after school"), time(15, 30)),
        (_("before dinner"), time(17, 30)),
        (_("after the shower"), time(19)),
        (_("bedtime"), time(20, 30)),
    ),
    SlotSet.WEEKEND.value: FREE_DAY,
    SlotSet.HOLIDAY.value: FREE_DAY,
    SlotSet.OTHER_HOME.value: FREE_DAY,
}
# Minutes after school's end, and from one to the next.
AFTER_SCHOOL, APART = 15, 30
LAST_MINUTE = 24 * 60 - 1


class Slot(NamedTuple):
    """A slot as Today reads it."""

    pk: int
    set: str
    name: str
    at: time
    weekdays: int


@dataclass(frozen=True, slots=True)
class SlotRow:
    id: int
    set: str
    name: str
    at: time
    weekdays: tuple[int, ...]

    @property
    def days(self) -> str:
        """ "Mon Tue"; empty for every day."""
        return "" if len(self.weekdays) == 7 else " ".join(str(WEEKDAYS_ABBR[day]) for day in self.weekdays)


@dataclass(frozen=True, slots=True)
class SetRows:
    """The slots of one set (``set`` is "" for every day of the year), by time."""

    set: str
    label: str
    slots: tuple[SlotRow, ...]


@dataclass(frozen=True, slots=True)
class PeriodRow:
    id: int
    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class RoutinePage:
    """``empty`` are the named sets without a slot; ``periods`` those that have not ended."""

    sets: tuple[SetRows, ...]
    empty: tuple[tuple[str, str], ...]
    periods: tuple[PeriodRow, ...]


def slots_on(patient: Patient, day: date) -> list[Slot]:
    """The slots that count on a day, by time: one query, and one more where there are any. On the days of a
    holiday, or at the other home, only those of that set do: where it has none, there is no routine."""
    slots = [Slot._make(row) for row in active_slots(patient).values_list(*Slot._fields)]
    away = _away(patient, day) if slots else None
    return [
        slot
        for slot in slots
        if slot.weekdays >> day.weekday() & 1
        and (slot.set == away if away else slot.set not in RoutinePeriod.SETS)
    ]


def _away(patient: Patient, day: date) -> str | None:
    """The set of the period that a day belongs to."""
    periods = _periods(patient).filter(first__lte=day, last__gte=day).order_by("first", "pk")
    return periods.values_list("set", flat=True).last()


def routine_page(patient: Patient) -> RoutinePage:
    """Two queries."""
    rows = [_row(slot) for slot in active_slots(patient)]
    upcoming = _periods(patient).filter(last__gte=patient.today()).order_by("first", "pk")
    used = {row.set for row in rows}
    return RoutinePage(
        sets=tuple(
            SetRows(name, str(label), tuple(row for row in rows if row.set == name))
            for name, label in LABELS.items()
            if name in used
        ),
        empty=tuple((name, str(label)) for name, label in SETS.items() if name not in used),
        periods=tuple(PeriodRow(one.pk, str(SETS[one.set]), one.first, one.last) for one in upcoming),
    )


def start_from(patient: Patient, set: str) -> list[dict[str, Any]]:
    """The five slots that a set starts from. What would lie in school comes after it."""
    found, moved = [], 0
    for name, at in STARTS[set]:
        if set == SlotSet.SCHOOL and _in_school(patient, at):
            at, moved = _after_school(patient, moved), moved + 1
        weekdays = WEEKDAYS_OF.get(set, EVERY_DAY)
        found.append({"set": set, "name": str(name), "at": at, "weekdays": weekdays})
    return found


def _in_school(patient: Patient, at: time) -> bool:
    begins, ends = patient.school_from, patient.school_until
    return begins is not None and ends is not None and begins <= at < ends


def _after_school(patient: Patient, nth: int) -> time:
    until = patient.school_until or time()
    minute = until.hour * 60 + until.minute + AFTER_SCHOOL + nth * APART
    return time(*divmod(min(minute, LAST_MINUTE), 60))


def active_slots(patient: Patient) -> QuerySet[RoutineSlot]:
    return RoutineSlot.objects.filter(patient=patient, ended_at=None).order_by("at", "pk")


def slot(patient: Patient, pk: int) -> RoutineSlot | None:
    """One that counts now."""
    return active_slots(patient).filter(pk=pk).first()


def period(patient: Patient, pk: int) -> RoutinePeriod | None:
    return _periods(patient).filter(pk=pk).first()


def other_period_touches(patient: Patient, set: str, first: date, last: date) -> bool:
    """Whether some of these days belong to a period already; the very same one is no other."""
    touching = _periods(patient).filter(first__lte=last, last__gte=first)
    return touching.exclude(set=set, first=first, last=last).exists()


def _row(slot: RoutineSlot) -> SlotRow:
    return SlotRow(
        id=slot.pk,
        set=slot.set,
        name=slot.name,
        at=slot.at,
        weekdays=tuple(day for day in WEEK if slot.on_weekday(day)),
    )


def _periods(patient: Patient) -> QuerySet[RoutinePeriod]:
    return RoutinePeriod.objects.filter(patient=patient, ended_at=None)
