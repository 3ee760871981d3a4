"""What is prescribed to whom: versions, items with the therapist's words, routine slots."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from exercises.guideline import GUIDELINE
from exercises.models import Activity, Patient, Program, ProgramItem, RoutineSlot, User
from exercises.models.choices import ProgramKind

from .people import Person
from .stories import Kind

GUIDELINE_TARGETS = {
    "cardio": GUIDELINE.cardio,
    "exercises": GUIDELINE.exercises,
    "desensitization": GUIDELINE.desensitization,
    "desensitization_minutes": GUIDELINE.desensitization_minutes,
}
GENTLE_START = {"cardio": 10, "exercises": 20, "desensitization": 4, "desensitization_minutes": 5}
MAYA_REVISED_AGO = 49


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
    Dose("fabric-ladder", "You are on corduroy. Go one up when it bores you.", {"body_area": "left_foot"}),
    Dose("wear-it", "The gray sock first, the school shoe next.", {"body_area": "left_foot"}),
    Dose("belly-breathing", "Before the math test counts double."),
)
LEO_ITEMS = (
    Dose("sensory-bin", "Hide five coins in the rice and find them.", {"body_area": "right_hand"}),
    Dose("putty", "Make a snake as long as your arm.", {"body_area": "right_hand"}),
)
MAYA_SLOTS = (
    ("After waking", time(7), RoutineSlot.EVERY_DAY),
    ("Before school", time(7, 30), 0b0011111),
    ("After breakfast", time(9, 30), 0b1100000),
    ("After school", time(15, 30), RoutineSlot.EVERY_DAY),
    ("After shower", time(18, 30), RoutineSlot.EVERY_DAY),
    ("Bedtime", time(20, 30), RoutineSlot.EVERY_DAY),
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


def versions(person: Person, kind: Kind, patient: Patient, today: date, days: int, by: User) -> list[Program]:
    """The versions of one patient's program, oldest first, not yet in the database."""
    first = today - timedelta(days=days - 1)
    plans = [(first, _targets(person))]
    if person.kind == "maya" and days > MAYA_REVISED_AGO + 1:
        plans = [(first, GENTLE_START), (today - timedelta(days=MAYA_REVISED_AGO), GUIDELINE_TARGETS)]
    if ended := min(kind.ended, (days - 1) // 2):
        plans.append((today - timedelta(days=ended), {"kind": kind.ending}))
    return [
        _version(patient, number, starts_on, targets, by)
        for number, (starts_on, targets) in enumerate(plans, start=1)
    ]


def _targets(person: Person) -> Mapping[str, Any]:
    if person.kind == "leo":
        return {"desensitization": 5, "desensitization_minutes": 5}
    return GUIDELINE_TARGETS


def _version(patient: Patient, number: int, starts_on: date, targets: Mapping[str, Any], by: User) -> Program:
    # Written and agreed to at a visit two days before it starts.
    agreed = datetime.combine(starts_on - timedelta(days=2), time(21), tzinfo=UTC)
    accepted = agreed if targets.get("kind", ProgramKind.FULL) == ProgramKind.FULL else None
    return Program(
        patient=patient,
        version=number,
        starts_on=starts_on,
        created_at=agreed,
        created_by=by,
        accepted_at=accepted,
        **targets,
    )


def items(
    person: Person, program: Program, catalogue: Mapping[str, Activity], rng: Random
) -> list[ProgramItem]:
    doses = {"maya": MAYA_ITEMS, "leo": LEO_ITEMS}.get(person.kind) or _drawn(person, rng)
    if program.targets is None:
        return []
    return [_item(program, catalogue[dose.key], order, dose) for order, dose in enumerate(doses)]


def _drawn(person: Person, rng: Random) -> tuple[Dose, ...]:
    return tuple(
        Dose(key, changes={"body_area": person.areas[0]} if strand == "desensitization" else {})
        for strand, keys in POOL.items()
        for key in rng.sample(keys, HOW_MANY[strand])
    )


def _item(program: Program, activity: Activity, order: int, dose: Dose) -> ProgramItem:
    usual = {name: getattr(activity, name) for name in ("sets", "reps", "hold_seconds", "minutes")}
    side = {"side": "each"} if activity.per_side else {}
    return ProgramItem(
        program=program, activity=activity, order=order, words=dose.words, **{**usual, **side, **dose.changes}
    )


def slots(patient: Patient) -> list[RoutineSlot]:
    return [RoutineSlot(patient=patient, name=name, at=at, weekdays=days) for name, at, days in MAYA_SLOTS]
