"""The texture ladder: its steps, and where it stands."""

from dataclasses import dataclass

from exercises import access, adherence
from exercises.access import Viewer
from exercises.models import LadderMove, Program
from exercises.models.choices import Pressure, Texture

from . import log

TEXTURES, PRESSURES = dict(Texture.choices), dict(Pressure.choices)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step, counted from 1, of ``of`` steps. ``texture`` is the stored value."""

    step: int
    of: int
    texture: str
    pressure: str

    @property
    def words(self) -> str:
        """ "velvet, light"."""
        return f"{TEXTURES[self.texture]}, {PRESSURES[self.pressure]}"


@dataclass(frozen=True, slots=True)
class LadderPage:
    """``version`` is that of the program whose ladder it is; ``up`` and ``down`` say what the viewer may."""

    version: int
    rungs: tuple[Rung, ...]
    now: Rung
    up: bool
    down: bool
    by_teen: bool


def rungs(program: Program) -> tuple[Rung, ...]:
    steps = program.ladder
    return tuple(
        Rung(number, len(steps), step["texture"], step["pressure"]) for number, step in enumerate(steps, 1)
    )


def rung_now(program: Program | None) -> Rung | None:
    """Where the ladder of a program stands: asks the database only where there is one."""
    steps = rungs(program) if program else ()
    if program is None or not steps:
        return None
    last = LadderMove.objects.filter(program=program).order_by("pk").values_list("step", flat=True).last()
    return steps[min(last or program.ladder_starts_at, len(steps)) - 1]


def program_with_ladder(viewer: Viewer) -> Program | None:
    """The program in force now, where it has a ladder."""
    program = adherence.in_force(log.programs(viewer.patient), viewer.patient.today())
    return program if program and program.ladder else None


def may_step(viewer: Viewer, program: Program, change: int) -> bool:
    """Down is always fine; up is for whoever edits the program, and for others where it allows them."""
    up = program.ladder_by_teen or viewer.may(access.EDIT_PROGRAM)
    return viewer.may(access.STEP_LADDER) and (change < 0 or up)


def ladder_page(viewer: Viewer) -> LadderPage | None:
    """Two queries; ``None`` where the program in force has no ladder."""
    program = program_with_ladder(viewer)
    now = rung_now(program)
    if program is None or now is None:
        return None
    return LadderPage(
        version=program.version,
        rungs=rungs(program),
        now=now,
        up=now.step < now.of and may_step(viewer, program, 1),
        down=now.step > 1 and may_step(viewer, program, -1),
        by_teen=program.ladder_by_teen,
    )
