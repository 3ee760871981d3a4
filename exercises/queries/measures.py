"""What was measured: each thing over time, the latest value set against the first one like it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from exercises import access, measure_words, measures
from exercises.access import Viewer
from exercises.measures import Compared, Fact
from exercises.models import FunctionMeasure
from exercises.models.choices import MeasureKind, Role, Side

KINDS, SIDES = list(MeasureKind.values), ["", *Side.values]


@dataclass(frozen=True, slots=True)
class Point:
    """One value. ``text`` is the value with its unit; ``by`` a name, or the role for who may not know how
    entries came."""

    id: int
    day: date
    value: Decimal
    out_of: int | None
    conditions: str
    by: str
    may_remove: bool
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """One thing that is measured, the earliest value first.

    ``name`` says the side too, ``unit`` is the word beside a number; ``own_name`` and ``own_unit`` are those
    of a therapist's own measure. ``alike`` are the points that were
    measured as the latest was; ``baseline``, ``change``, ``direction`` and ``meaningful`` are as in
    ``measures.Compared``. ``grade`` is empty for who is no therapist.
    """

    kind: str
    name: str
    own_name: str
    own_unit: str
    unit: str
    better: str
    side: str
    points: tuple[Point, ...]
    alike: tuple[Point, ...]
    baseline: Point | None
    change: Decimal | None
    change_text: str
    direction: str
    meaningful: bool | None
    grade: str
    about: str
    fact: Fact

    @property
    def latest(self) -> Point:
        return self.points[-1]

    @property
    def newest_first(self) -> tuple[Point, ...]:
        return self.points[::-1]

    @property
    def measured_another_way(self) -> bool:
        """Earlier values cannot be set against the latest one."""
        return self.baseline is None and len(self.points) > 1

    @property
    def better_text(self) -> str:
        return str(measure_words.BETTER_WORDS[self.better])

    @property
    def direction_text(self) -> str:
        """The change without figures."""
        return str(measure_words.DIRECTIONS[self.direction])

    @property
    def meaningful_text(self) -> str:
        """What is published about a change, with its source, and whether this one is that large."""
        return measure_words.meaningful_words(self.kind, self.meaningful)


@dataclass(frozen=True, slots=True)
class Removed:
    """A value that was removed today: a therapist may put it back."""

    id: int
    name: str
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    series: tuple[Series, ...]
    removed: tuple[Removed, ...]

    def first_answers(self, kind: str, like: str) -> dict[str, Any]:
        """What the form for a kind starts with: how it was measured the last time, or as the value with the
        id ``like``."""
        known = [(one, point) for one in self.series if one.kind == kind for point in one.points]
        named = next(((one, point) for one, point in known if str(point.id) == like), None)
        if named:
            one, point = named
            return _way(point) | {
                "side": one.side,
                "name": one.own_name,
                "unit": one.own_unit,
                "better": one.better,
            }
        if kind == MeasureKind.OWN or not known:
            return {}
        return _way(max((point for _one, point in known), key=lambda point: (point.day, point.id)))


def _way(point: Point) -> dict[str, Any]:
    return {"conditions": point.conditions, "out_of": point.out_of}


def series(viewer: Viewer) -> tuple[Series, ...]:
    """Everything that was measured, by kind; one query."""
    return _series(viewer, (row for row in _rows(viewer) if row.voided_at is None))


def measures_page(viewer: Viewer) -> MeasuresPage:
    """The series, and what may be put back; one query."""
    rows = _rows(viewer)
    return MeasuresPage(
        series=_series(viewer, (row for row in rows if row.voided_at is None)),
        removed=_removed(viewer, rows),
    )


def measure(viewer: Viewer, pk: int) -> FunctionMeasure | None:
    return FunctionMeasure.objects.filter(patient=viewer.patient, pk=pk).first()


def _rows(viewer: Viewer) -> list[FunctionMeasure]:
    rows = FunctionMeasure.objects.filter(patient=viewer.patient).select_related("added_by")
    return list(rows.order_by("taken_on", "pk"))


def _series(viewer: Viewer, rows: Iterable[FunctionMeasure]) -> tuple[Series, ...]:
    groups: dict[tuple[int, str, str, int], list[FunctionMeasure]] = {}
    for row in rows:
        groups.setdefault(_key(row), []).append(row)
    return tuple(_one_series(viewer, groups[key]) for key in sorted(groups))


def _key(row: FunctionMeasure) -> tuple[int, str, str, int]:
    """What belongs together, in the order of the page."""
    name, unit = measures.same_text(row.name), measures.same_text(row.unit)
    return KINDS.index(row.kind), name, unit, SIDES.index(row.side)


def _one_series(viewer: Viewer, rows: list[FunctionMeasure]) -> Series:
    latest, fact = rows[-1], measures.FACTS[rows[-1].kind]
    points = tuple(_point(viewer, row, fact) for row in rows)
    better = fact.better or latest.better
    compared: Compared[Point] = measures.compare(points, latest.kind, better)
    sees_more = viewer.is_therapist
    return Series(
        kind=latest.kind,
        name=_name(latest),
        own_name=latest.name,
        own_unit=latest.unit,
        unit=latest.unit or str(measure_words.UNITS.get(fact.unit, "")),
        better=better,
        side=latest.side,
        points=points,
        alike=compared.alike,
        baseline=compared.baseline,
        change=compared.change,
        change_text=_change_text(compared.change, latest, fact),
        direction=compared.direction,
        meaningful=compared.meaningful,
        grade=_grade(latest) if sees_more else "",
        about=str(measure_words.ABOUT.get(latest.kind, "")) if sees_more else "",
        fact=fact,
    )


def _point(viewer: Viewer, row: FunctionMeasure, fact: Fact) -> Point:
    knows_who = viewer.may(access.SEE_HOW)
    return Point(
        id=row.pk,
        day=row.taken_on,
        value=row.value,
        out_of=row.out_of,
        conditions=row.conditions,
        by=row.added_by.shown_name if knows_who else str(dict(Role.choices)[row.entered_as]),
        may_remove=viewer.may(access.RECORD_MEASURES),
        text=measure_words.amount(row.value, fact.unit, out_of=row.out_of, own_unit=row.unit),
    )


def _name(row: FunctionMeasure) -> str:
    name = row.name or str(MeasureKind(row.kind).label)
    if not row.side:
        return name
    return gettext("%(name)s, %(side)s") % {"name": name, "side": Side(row.side).label}


def _change_text(change: Decimal | None, row: FunctionMeasure, fact: Fact) -> str:
    if change is None:
        return ""
    size = measure_words.amount(abs(change), fact.unit, own_unit=row.unit)
    return measure_words.change_words(change, size)


def _grade(row: FunctionMeasure) -> str:
    if row.kind != MeasureKind.FDI:
        return ""
    _least, grade = measures.fdi_grade(row.value)
    return str(measure_words.GRADES[grade])


def _removed(viewer: Viewer, rows: Iterable[FunctionMeasure]) -> tuple[Removed, ...]:
    if not viewer.may(access.RECORD_MEASURES):
        return ()
    patient, today = viewer.patient, viewer.patient.today()
    gone = (row for row in rows if row.voided_at and patient.day_of(row.voided_at) == today)
    return tuple(
        Removed(row.pk, _name(row), row.taken_on, _point(viewer, row, measures.FACTS[row.kind]).text)
        for row in gone
    )
