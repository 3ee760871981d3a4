"""What the editor of a program opens with."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from exercises.access import Viewer
from exercises.guideline import GUIDELINE
from exercises.models import Patient, Program
from exercises.models.choices import ProgramKind
from exercises.models.program import WEEK_NUMBERS

from .plans import guideline_plan
from .program import (
    DOSE,
    Plan,
    at_its_step,
    body_areas,
    full_versions,
    latest_version,
    plan_from,
    usual_start,
)

# The newest full programs that a flare plan is chosen from.
MOST_FLARES = 12
SHOWN = (
    "program_id",
    *DOSE,
    *(f"activity__{name}" for name in ("name", "strand", *DOSE[:4], "per_side")),
    *(f"activity__{neighbour}__{name}" for neighbour in ("easier", "harder") for name in ("name", "offered")),
)
# While keeping up, what is offered as a start: days a week.
DAYS_A_WEEK = 3


class Flare(NamedTuple):
    """A full program that one can go back to."""

    pk: int
    version: int
    starts_on: date


@dataclass(frozen=True, slots=True)
class Desk:
    """``latest`` is the version that is edited, ``start`` the usual first day of what is saved."""

    latest: Program | None
    start: date
    today: date
    areas: list[str]
    flares: tuple[Flare, ...]

    @property
    def waiting(self) -> Program | None:
        """The version that has not started and would be replaced."""
        return self.latest if self.latest and self.latest.starts_on > self.today else None

    @property
    def options(self) -> dict[str, Any]:
        """For the form."""
        return {"areas": self.areas, "flares": self.flares, "logged_today": self.start > self.today}

    def initial(self, plan: Plan) -> dict[str, Any]:
        """The version that is shown, when what is saved starts, and what keeping up would go back to."""
        version = {"version": self.latest.version if self.latest else None}
        if plan.kind != ProgramKind.KEEPING_UP and self.flares:
            version["flare_plan"] = self.flares[0].pk
        if self.waiting:
            return version | {"start": "date", "starts_on": self.waiting.starts_on}
        return version | {"start": "today" if self.start == self.today else "tomorrow"}

    def keeping_up(self, plan: Plan) -> dict[str, Any]:
        """What keeping up begins with: on some days a week."""
        week = {name: plan.week.get(name) for name in WEEK_NUMBERS}
        if not any(week.values()):
            asked = plan.targets
            week = {
                name: DAYS_A_WEEK if getattr(asked, name.removeprefix("week_")) else None for name in week
            }
        return week | {"kind": ProgramKind.KEEPING_UP}


def desk(viewer: Viewer) -> Desk:
    """Six queries at most."""
    patient = viewer.patient
    latest = latest_version(patient)
    return Desk(
        latest=latest,
        start=usual_start(patient),
        today=patient.today(),
        areas=body_areas(patient, latest.touch_areas if latest else ()),
        flares=_flares(patient) if latest else (),
    )


def _flares(patient: Patient) -> tuple[Flare, ...]:
    rows = full_versions(patient).values_list("pk", "version", "starts_on")[:MOST_FLARES]
    return tuple(Flare._make(row) for row in rows)


def plan_shown(of: Desk) -> Plan:
    """The latest version, or the published targets before the first one. Of an activity and its neighbours
    only what a row shows."""
    if of.latest is None:
        return guideline_plan(GUIDELINE)
    items = of.latest.items.select_related("activity__easier", "activity__harder").only(*SHOWN)
    return at_its_step(plan_from(of.latest, items), of.latest)


def areas(viewer: Viewer) -> list[str]:
    """What a row may name."""
    latest = latest_version(viewer.patient)
    return body_areas(viewer.patient, latest.touch_areas if latest else ())
