"""What a program asks for, as a plan that can be edited; and which version is which."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from exercises import adherence
from exercises.access import Viewer
from exercises.guideline import Targets
from exercises.models import Activity, DailyLog, LadderMove, Patient, Program, ProgramItem
from exercises.models.choices import AreasRule, ExercisesBy, HarderRule, ProgramKind, Strand
from exercises.models.program import SMALLER_NUMBERS, WEEK_NUMBERS

from . import log

DOSE = ("sets", "reps", "hold_seconds", "minutes", "side", "load", "body_area", "words")
USUAL = ("usual_cardio", "usual_exercises", "usual_desensitization")
# A key that is longer fits no column.
MOST_DIGITS = 18


def prescribable(viewer: Viewer, keys: Iterable[str] | None = None) -> dict[str, Activity]:
    """By key as text: what the catalogue offers, what the viewer made, and what one of the patient's programs
    already holds; of these only ``keys``, with their neighbours, where they are given."""
    held = Q(programitem__program__patient=viewer.patient)
    authors = {*viewer.therapists, viewer.user.pk}
    offered = Activity.objects.offered_to(viewer.patient, authors).filter(Q(offered=True) | held).distinct()
    if keys is not None:
        known = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) <= MOST_DIGITS]
        offered = offered.filter(pk__in=known).select_related("easier", "harder")
    return {str(activity.pk): activity for activity in offered}


def body_areas(patient: Patient, also: Iterable[str] = ()) -> list[str]:
    """The patient's own, those that one of its programs already names, and ``also`` these."""
    named = ProgramItem.objects.filter(program__patient=patient).exclude(body_area="").order_by()
    return list(
        dict.fromkeys([*patient.body_areas, *named.values_list("body_area", flat=True).distinct(), *also])
    )


# --- what an editor starts from ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """One prescribed activity; ``dose`` holds any of DOSE."""

    activity: Activity
    dose: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a version asks for, of nobody yet: the columns of a ``Program`` and its items.

    ``usual`` is minutes of one tap, by the names in USUAL; ``smaller`` (a harder day's numbers) and ``week``
    (days a week while keeping up) by those of the columns. ``flare_plan`` is a key. Where exercises go by the
    list, the service counts them.
    """

    targets: Targets
    usual: Mapping[str, int | None]
    items: tuple[Item, ...] = ()
    kind: str = ProgramKind.FULL
    areas_rule: str = AreasRule.ALL
    touch_areas: tuple[str, ...] = ()
    harder_rule: str = HarderRule.PIECES
    smaller: Mapping[str, int | None] = field(default_factory=dict)
    week: Mapping[str, int | None] = field(default_factory=dict)
    ladder: tuple[Mapping[str, str], ...] = ()
    ladder_starts_at: int = 1
    ladder_by_teen: bool = False
    flare_plan: int | None = None

    @property
    def areas(self) -> tuple[str, ...]:
        """As ``Program.areas``."""
        return self.touch_areas if self.areas_rule == AreasRule.EACH else ()

    @property
    def listed(self) -> int:
        """How many exercises are on the list."""
        return sum(item.activity.strand == Strand.EXERCISES for item in self.items)


def plan_of(program: Program) -> Plan:
    """One query."""
    return plan_from(program, program.items.select_related("activity"))


def plan_from(program: Program, items: Iterable[ProgramItem]) -> Plan:
    return Plan(
        targets=program.asked,
        usual={name: getattr(program, name) for name in USUAL},
        items=tuple(Item(i.activity, {name: getattr(i, name) for name in DOSE}) for i in items),
        kind=program.kind,
        areas_rule=program.areas_rule,
        touch_areas=tuple(program.touch_areas),
        harder_rule=program.harder_rule,
        smaller={name: getattr(program, name) for name in SMALLER_NUMBERS},
        week={name: getattr(program, name) for name in WEEK_NUMBERS},
        ladder=tuple(program.ladder),
        ladder_starts_at=program.ladder_starts_at,
        ladder_by_teen=program.ladder_by_teen,
        flare_plan=program.flare_plan_id,
    )


def standing_plan(program: Program) -> Plan:
    """The same, the ladder at the step where it stands now; one query more unless it came ``with_step``."""
    known = program if hasattr(program, "step") else with_step(Program.objects.all()).get(pk=program.pk)
    return at_its_step(plan_of(program), known)


def at_its_step(plan: Plan, program: Program) -> Plan:
    step: int | None = program.step  # type: ignore[attr-defined]
    return replace(plan, ladder_starts_at=step or plan.ladder_starts_at)


def with_step(programs: Any) -> Any:
    """Adds ``step``: at which step the ladder stands; ``None`` while it stands where it started."""
    moves = LadderMove.objects.filter(program=OuterRef("pk")).order_by("-pk").values("step")[:1]
    return programs.annotate(step=Subquery(moves))


def as_program(plan: Plan, **columns: Any) -> Program:
    """The row of a plan, not in the database."""
    asked = plan.targets
    return Program(
        kind=plan.kind,
        cardio=asked.cardio,
        exercises=(plan.listed or None) if asked.by_list else asked.exercises,
        exercises_by=ExercisesBy.LIST if asked.by_list else ExercisesBy.MINUTES,
        desensitization=asked.desensitization,
        desensitization_minutes=asked.desensitization_minutes,
        stress=asked.stress,
        areas_rule=plan.areas_rule,
        touch_areas=list(plan.touch_areas),
        harder_rule=plan.harder_rule,
        ladder=[dict(step) for step in plan.ladder],
        ladder_starts_at=plan.ladder_starts_at,
        ladder_by_teen=plan.ladder_by_teen,
        flare_plan_id=plan.flare_plan,
        **plan.usual,
        **plan.smaller,
        **plan.week,
        **columns,
    )


def item_rows(plan: Plan, program: Program) -> list[ProgramItem]:
    """The rows of a plan's items, in order, not in the database."""
    return [
        ProgramItem(program=program, activity=item.activity, order=order, **item.dose)
        for order, item in enumerate(plan.items, start=1)
    ]


def latest_version(patient: Patient) -> Program | None:
    """The standing version that starts last, with the ``step`` at which its ladder stands."""
    standing = Program.objects.standing().filter(patient=patient)
    latest: Program | None = with_step(standing).order_by("starts_on").last()
    return latest


def full_versions(patient: Patient) -> QuerySet[Program]:
    """What a flare plan can be: standing versions in full force from before today, the newest
    first. One of today may yet be replaced."""
    standing = Program.objects.standing().filter(patient=patient, kind=ProgramKind.FULL)
    return standing.filter(starts_on__lt=patient.today()).order_by("-starts_on")


def version_before(patient: int, day: date) -> Program | None:
    """The standing version of a patient (by key) in force the day before, with its ``step``."""
    standing = Program.objects.standing().filter(patient_id=patient, starts_on__lt=day)
    before: Program | None = with_step(standing).order_by("starts_on").last()
    return before


def usual_start(patient: Patient) -> date:
    """Today, or tomorrow when today has entries that a program already judges."""
    today = patient.today()
    logged = DailyLog.objects.filter(patient=patient, day=today, sessions__gt=0).exists()
    return adherence.revision_starts(
        today, logged_today=logged and adherence.in_force(log.programs(patient), today) is not None
    )
