"""What is prescribed to whom: versions, items with the therapist's words, the ladder, routine slots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from exercises.guideline import GUIDELINE
from exercises.models import Activity, LadderMove, Patient, Program, ProgramItem, RoutineSlot, User
from exercises.models.choices import (
    AreasRule,
    ExercisesBy,
    HarderRule,
    Pressure,
    ProgramKind,
    Role,
    SlotSet,
    Texture,
)

from .people import Person
from .stories import Kind

GUIDELINE_TARGETS = {
    "cardio": GUIDELINE.cardio,
    "exercises": GUIDELINE.exercises,
    "desensitization": GUIDELINE.desensitization,
    "desensitization_minutes": GUIDELINE.desensitization_minutes,
}
GENTLE_START = {"cardio": 10, "exercises": 20, "desensitization": 4, "desensitization_minutes": 5}
LADDER = {
    "ladder": [
        {"texture": texture, "pressure": pressure}
        for texture, pressure in (
            (Texture.SILK, Pressure.LIGHT),
            (Texture.VELVET, Pressure.LIGHT),
            (Texture.CORDUROY, Pressure.MEDIUM),
            (Texture.TERRY, Pressure.MEDIUM),
            (Texture.TOWEL, Pressure.FIRM),
        )
    ],
    "ladder_starts_at": 2,
    "ladder_by_teen": True,
}
MAYA_STEPPED_AGO = 20
LISTED = 6
# What a kind of patient has of its own, over the guideline's numbers.
OWN_RULES: Mapping[str, Mapping[str, Any]] = {
    "maya": {"harder_rule": HarderRule.PIECES, **LADDER},
    "leo": {"cardio": None, "exercises": None},
    "listed": {"exercises_by": ExercisesBy.LIST, "exercises": LISTED},
    "areas": {"areas_rule": AreasRule.EACH, "desensitization": 8},
    "smaller": {
        "harder_rule": HarderRule.SMALLER,
        "smaller_cardio": 8,
        "smaller_exercises": 15,
        "smaller_desensitization": 3,
    },
}
MORE_CARDIO = {"cardio": 20}
KEEPING_UP = {
    "exercises": 15,
    "desensitization": 2,
    "week_cardio": 3,
    "week_exercises": 3,
    "week_desensitization": 4,
}


@dataclass(frozen=True, slots=True)
class Dose:
    """An activity of the catalogue with what differs from its usual dose."""

    key: str
    words: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


MAYA_ITEMS = (
    Dose("brisk-walk", "To the park and back. Your playlist, your pace.", {"minutes": 15}),
    Dose("squat-to-chair", "Use the kitchen chair. Touch it, then stand tall.", {"sets": 3, "reps": 10}),
    Dose("bridge", "Slow up, slow down.", {"sets": 2, "reps": 12}),
    Dose("heel-raise", "Both feet flat in between. Hold on to the counter.", {"load": "both feet"}),
    Dose("single-leg-stand", "Left foot too. It is stronger than it looks.", {"side": "each"}),
    Dose("step-up", "The bottom stair is just right.", {"side": "each"}),
    Dose("towel-rub", "Right after your shower, ankle to toes.", {"body_area": "left_foot"}),
    Dose("fabric-ladder", "Go one step up when it bores you.", {"body_area": "left_foot"}),
    Dose("wear-it", "The gray sock first, the school shoe next.", {"body_area": "left_foot"}),
    Dose("belly-breathing", "Before the math test counts double."),
    Dose("muscle-relaxation", "In bed, from your toes up."),
)
LEO_ITEMS = (
    Dose("sensory-bin", "Hide five coins in the rice and find them.", {"body_area": "right_hand"}),
    Dose("putty", "Make a snake as long as your arm.", {"body_area": "right_hand"}),
)
SCHOOL_DAYS, WEEKEND = 0b0011111, 0b1100000
MAYA_SLOTS = (
    (SlotSet.SCHOOL, "Before school", time(7), SCHOOL_DAYS),
    (SlotSet.SCHOOL, "After school", time(15, 30), SCHOOL_DAYS),
    (SlotSet.SCHOOL, "Before dinner", time(17, 30), SCHOOL_DAYS),
    (SlotSet.SCHOOL, "After shower", time(18, 30), SCHOOL_DAYS),
    (SlotSet.SCHOOL, "Bedtime", time(20, 30), SCHOOL_DAYS),
    (SlotSet.WEEKEND, "After breakfast", time(9, 30), WEEKEND),
    (SlotSet.WEEKEND, "After lunch", time(13), WEEKEND),
    (SlotSet.WEEKEND, "Before dinner", time(17, 30), WEEKEND),
    (SlotSet.WEEKEND, "After shower", time(18, 30), WEEKEND),
    (SlotSet.WEEKEND, "Bedtime", time(20, 30), WEEKEND),
)
POOL = {
    "cardio": ("brisk-walk", "bike", "jog", "dance", "jump-rope", "stair-climbing"),
    "exercises": (
        "wall-sit",
        "bridge",
        "plank",
        "lunge",
        "bird-dog",
        "heel-raise",
        "calf-stretch",
        "step-up",
    ),
    "desensitization": ("towel-rub", "lotion-massage", "brushing", "fabric-ladder", "rough-surface"),
    "stress": ("belly-breathing", "music", "drawing", "five-senses", "muscle-relaxation"),
}
HOW_MANY = {"cardio": 1, "exercises": 4, "desensitization": 2, "stress": 1}


def versions(
    person: Person, kind: Kind, patient: Patient, today: date, days: int, by: User, teen: User
) -> list[Program]:
    """The versions of one patient's program, oldest first, not yet in the database. ``teen`` agrees to them,
    but for the last one of a kind that wants to talk about it first."""
    rows = [
        _version(patient, number, today - timedelta(days=ago), plan, by, teen)
        for number, (ago, plan) in enumerate(_plans(person, kind, days), start=1)
    ]
    if person.kind == "talking" and len(rows) > 1:
        rows[-1].talk_at, rows[-1].talk_by = rows[-1].accepted_at, rows[-1].accepted_by
        rows[-1].accepted_at = rows[-1].accepted_by = None
    return rows


def _plans(person: Person, kind: Kind, days: int) -> list[tuple[int, Mapping[str, Any]]]:
    """How many days ago each started, and what it asks for."""
    usual: dict[str, Any] = {**GUIDELINE_TARGETS, **OWN_RULES.get(person.kind, {})}
    if person.kind == "areas":
        usual["touch_areas"] = list(person.areas)
    plans: list[tuple[int, Mapping[str, Any]]] = [(days - 1, usual)]
    if kind.revised and days > kind.revised + 1:
        before, after = (GENTLE_START, usual) if person.kind == "maya" else (usual, usual | MORE_CARDIO)
        plans = [(days - 1, before), (kind.revised, after)]
    if ended := min(kind.ended, (days - 1) // 2):
        change = KEEPING_UP if kind.ending == ProgramKind.KEEPING_UP else {}
        plans.append((ended, usual | {"kind": kind.ending} | change))
    return plans


def _version(
    patient: Patient, number: int, starts_on: date, plan: Mapping[str, Any], by: User, teen: User
) -> Program:
    # Written and agreed to at a visit two days before it starts.
    agreed = datetime.combine(starts_on - timedelta(days=2), time(21), tzinfo=UTC)
    return Program(
        patient=patient,
        version=number,
        starts_on=starts_on,
        created_at=agreed,
        created_by=by,
        accepted_at=agreed,
        accepted_by=teen,
        **plan,
    )


def write(rows: Sequence[Program]) -> list[Program]:
    """Puts them into the database. Whoever keeps up can go back to the version before."""
    written = Program.objects.bulk_create(rows)
    for before, program in pairwise(written):
        if program.kind == ProgramKind.KEEPING_UP:
            program.flare_plan = before
            program.save(update_fields=["flare_plan"])
    return written


def items(person: Person, program: Program, catalogue: Mapping[str, Activity]) -> list[ProgramItem]:
    doses = {"maya": MAYA_ITEMS, "leo": LEO_ITEMS}.get(person.kind) or _drawn(person)
    return [_item(program, catalogue[dose.key], order, dose) for order, dose in enumerate(doses)]


def _drawn(person: Person) -> tuple[Dose, ...]:
    """The same in every version."""
    rng = Random(person.name)
    how_many = HOW_MANY | ({"exercises": LISTED} if person.kind == "listed" else {})
    return tuple(
        Dose(key, changes={"body_area": person.areas[0]} if strand == "desensitization" else {})
        for strand, keys in POOL.items()
        for key in rng.sample(keys, how_many[strand])
    )


def _item(program: Program, activity: Activity, order: int, dose: Dose) -> ProgramItem:
    usual = {name: getattr(activity, name) for name in ("sets", "reps", "hold_seconds", "minutes")}
    side = {"side": "each"} if activity.per_side else {}
    return ProgramItem(
        program=program, activity=activity, order=order, words=dose.words, **{**usual, **side, **dose.changes}
    )


def slots(patient: Patient) -> list[RoutineSlot]:
    return [
        RoutineSlot(patient=patient, set=of, name=name, at=at, weekdays=days)
        for of, name, at, days in MAYA_SLOTS
    ]


def ladder_moves(program: Program, today: date, teen: User) -> list[LadderMove]:
    """One step up, by the teen."""
    day = today - timedelta(days=MAYA_STEPPED_AGO)
    if not program.ladder or day < program.starts_on:
        return []
    at = datetime.combine(day, time(23), tzinfo=UTC)
    step = program.ladder_starts_at + 1
    return [
        LadderMove(
            patient=program.patient, program=program, step=step, by=teen, entered_as=Role.PATIENT, at=at
        )
    ]
