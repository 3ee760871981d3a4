"""The program: what is in force, what starts next, and what was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db.models import Q

from exercises import adherence, days
from exercises.access import Viewer
from exercises.guideline import Targets
from exercises.models import Activity, DailyLog, Patient, Program, ProgramItem
from exercises.models.choices import ProgramKind, Strand

from . import log

DOSE = ("sets", "reps", "hold_seconds", "minutes", "side", "load", "body_area", "words")
USUAL = ("usual_cardio", "usual_exercises", "usual_desensitization")


@dataclass(frozen=True, slots=True)
class Version:
    """One version: ``until`` is its last day, ``None`` while no other follows; ``items`` in the order of the
    therapist, by strand. ``replaced`` means that it never came into force, or only for part of a day."""

    program: Program
    until: date | None
    items: tuple[tuple[str, tuple[ProgramItem, ...]], ...]
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class ProgramPage:
    now: Version | None
    next: Version | None
    earlier: tuple[Version, ...]

    @property
    def latest(self) -> Program | None:
        """What an editor starts from."""
        version = self.next or self.now
        return version.program if version else None


def program_page(viewer: Viewer) -> ProgramPage:
    """Two queries. The whole team sees the program, the therapist's words included."""
    today = viewer.patient.today()
    programs = list(Program.objects.filter(patient=viewer.patient).order_by("starts_on", "version"))
    items = _items(programs)
    standing = [program for program in programs if program.replaced_at is None]
    ends = _ends(standing)
    now = adherence.in_force(standing, today)
    upcoming = next((program for program in standing if program.starts_on > today), None)
    return ProgramPage(
        now=Version(now, ends[now.pk], items.get(now.pk, ())) if now else None,
        next=Version(upcoming, None, items.get(upcoming.pk, ())) if upcoming else None,
        earlier=tuple(
            Version(old, ends.get(old.pk), items.get(old.pk, ()), replaced=old.replaced_at is not None)
            for old in reversed(programs)
            if old not in (now, upcoming)
        ),
    )


def _ends(standing: Sequence[Program]) -> dict[int, date | None]:
    """The last day of each standing version, oldest first."""
    ends: dict[int, date | None] = dict.fromkeys(program.pk for program in standing)
    for earlier, later in pairwise(standing):
        ends[earlier.pk] = later.starts_on - days.ONE_DAY
    return ends


def _items(programs: Sequence[Program]) -> dict[int, tuple[tuple[str, tuple[ProgramItem, ...]], ...]]:
    rows = ProgramItem.objects.filter(program__in=programs).select_related("activity").order_by("order", "pk")
    by_program: dict[int, list[ProgramItem]] = {}
    for row in rows:
        by_program.setdefault(row.program_id, []).append(row)
    return {pk: _by_strand(own) for pk, own in by_program.items()}


def _by_strand(items: Sequence[ProgramItem]) -> tuple[tuple[str, tuple[ProgramItem, ...]], ...]:
    by_strand: dict[str, list[ProgramItem]] = {strand: [] for strand in adherence.STRANDS}
    for item in items:
        by_strand[item.activity.strand].append(item)
    return tuple((strand, tuple(own)) for strand, own in by_strand.items() if own)


def prescribable(viewer: Viewer) -> dict[str, Activity]:
    """By key as text: what the catalogue offers, and what one of the patient's programs already holds."""
    held = Q(programitem__program__patient=viewer.patient)
    offered = (
        Activity.objects.offered_to(viewer.patient, viewer.therapists)
        .filter(Q(offered=True) | held)
        .distinct()
    )
    return {str(activity.pk): activity for activity in offered}


def grouped(activities: dict[str, Activity]) -> list[tuple[Any, list[tuple[str, str]]]]:
    """As the choices of a select, by strand."""
    return [
        (label, [(key, activity.name) for key, activity in activities.items() if activity.strand == strand])
        for strand, label in Strand.choices
    ]


def body_areas(patient: Patient) -> list[str]:
    """The patient's own, and those that one of its programs already names."""
    named = ProgramItem.objects.filter(program__patient=patient).exclude(body_area="").order_by()
    return [*patient.body_areas, *named.values_list("body_area", flat=True).distinct()]


# --- what an editor starts from ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """One prescribed activity; ``dose`` holds any of DOSE."""

    activity: Activity
    dose: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a version asks for. ``usual`` is minutes of one tap, by the names in USUAL."""

    targets: Targets
    usual: dict[str, int | None]
    items: tuple[Item, ...] = ()
    kind: str = ProgramKind.FULL


def plan_of(program: Program) -> Plan:
    items = program.items.select_related("activity")
    return Plan(
        targets=program.asked,
        usual={name: getattr(program, name) for name in USUAL},
        items=tuple(Item(i.activity, {name: getattr(i, name) for name in DOSE}) for i in items),
        kind=program.kind,
    )


def latest_version(patient: Patient) -> Program | None:
    """The standing version that starts last."""
    return Program.objects.standing().filter(patient=patient).order_by("starts_on").last()


def usual_start(patient: Patient) -> date:
    """Today, or tomorrow when today has entries that a program already judges."""
    today = patient.today()
    logged = DailyLog.objects.filter(patient=patient, day=today, sessions__gt=0).exists()
    return adherence.revision_starts(
        today, logged_today=logged and adherence.in_force(log.programs(patient), today) is not None
    )
