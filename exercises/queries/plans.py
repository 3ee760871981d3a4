"""Plans to start from: templates of one's own, and the program of another patient, without what is theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import Http404

from exercises import access
from exercises.access import Viewer
from exercises.guideline import Targets
from exercises.models import Patient, Program, ProgramItem, ProgramTemplate, User
from exercises.models.choices import AreasRule, ProgramKind
from exercises.models.program import SMALLER_NUMBERS, WEEK_NUMBERS

from .program import USUAL, Item, Plan, as_program, latest_version, plan_from, plan_of, prescribable

# Of the patient, not of the plan: free text, and where it hurts.
OF_THE_PATIENT = ("load", "body_area", "words")
ITEM = ("sets", "reps", "hold_seconds", "minutes", "side")
COLUMNS = (
    "cardio", "exercises", "exercises_by", "desensitization", "desensitization_minutes", "stress", *USUAL,
    "harder_rule", *SMALLER_NUMBERS, *WEEK_NUMBERS, "ladder", "ladder_by_teen",
)  # fmt: skip
MOST_PATIENTS = 50


@dataclass(frozen=True, slots=True)
class Start:
    """A plan to start from: ``left_out`` activities are not on offer for this patient."""

    plan: Plan
    name: str
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class TemplateRow:
    id: int
    name: str
    items: int


def templates(user: User) -> tuple[TemplateRow, ...]:
    rows = ProgramTemplate.objects.filter(owner=user)
    return tuple(TemplateRow(row.pk, row.name, len(row.plan["items"])) for row in rows)


def patients_to_copy(viewer: Viewer, text: str = "") -> tuple[Patient, ...]:
    """The viewer's other patients with a program, by name; those whose name holds ``text``."""
    mine = access.patients_prescribed_by(viewer.user).exclude(pk=viewer.patient.pk)
    with_program = mine.filter(programs__replaced_at=None, programs__isnull=False).distinct()
    return tuple(with_program.filter(name__icontains=text).order_by("name", "pk")[:MOST_PATIENTS])


def from_template(viewer: Viewer, pk: int) -> Start:
    """Raises ``Http404`` for a template that is not the viewer's."""
    template = ProgramTemplate.objects.filter(owner=viewer.user, pk=pk).first()
    if template is None:
        raise Http404
    return _start(viewer, _plan_kept(template.plan), template.name, template.plan["items"])


def from_patient(viewer: Viewer, code: UUID) -> tuple[Viewer, Start]:
    """With the viewer of that record, which was looked at. ``Http404`` where they may not prescribe."""
    source = access.get_viewer(viewer.user, code)
    may_copy = source.may(access.EDIT_PROGRAM) and not source.asks_consent
    latest = latest_version(source.patient) if may_copy else None
    if latest is None:
        raise Http404
    plan = impersonal(plan_of(latest))
    items = [{"activity": item.activity.pk, **item.dose} for item in plan.items]
    return source, _start(viewer, plan, source.patient.name, items)


def _start(viewer: Viewer, plan: Plan, name: str, items: Sequence[Mapping[str, Any]]) -> Start:
    offered = prescribable(viewer, {str(item["activity"]) for item in items})
    kept = tuple(
        Item(offered[str(item["activity"])], {name: item.get(name) for name in ITEM})
        for item in items
        if str(item["activity"]) in offered
    )
    return Start(replace(plan, items=kept), name, left_out=len(items) - len(kept))


def impersonal(plan: Plan) -> Plan:
    """A full program of nobody: numbers for one area, no words, loads or areas, the ladder from 1."""
    areas = len(plan.areas) or 1
    times, smaller = plan.targets.desensitization, plan.smaller.get("smaller_desensitization")
    return replace(
        plan,
        targets=replace(plan.targets, desensitization=times and times // areas),
        smaller={**plan.smaller, "smaller_desensitization": smaller and smaller // areas},
        items=tuple(
            Item(item.activity, {n: v for n, v in item.dose.items() if n not in OF_THE_PATIENT})
            for item in plan.items
        ),
        kind=ProgramKind.FULL,
        areas_rule=AreasRule.ALL,
        touch_areas=(),
        ladder_starts_at=1,
        flare_plan=None,
    )


def kept(plan: Plan) -> dict[str, Any]:
    """A plan as a template keeps it."""
    plan = impersonal(plan)
    row = as_program(plan)
    items = [
        {"activity": item.activity.pk, **{name: item.dose.get(name) for name in ITEM}} for item in plan.items
    ]
    return {name: getattr(row, name) for name in COLUMNS} | {"items": items}


def _plan_kept(columns: Mapping[str, Any]) -> Plan:
    """Without the items: whether they are on offer depends on the patient."""
    row = Program(**{name: columns[name] for name in COLUMNS if name in columns})
    no_items: list[ProgramItem] = []
    return plan_from(row, no_items)


def guideline_plan(targets: Targets) -> Plan:
    return Plan(targets, dict.fromkeys(USUAL))
