"""Harder days: for the teen and therapists only. What the program does with one."""

from dataclasses import dataclass
from datetime import date

from exercises import access, adherence
from exercises.access import Viewer
from exercises.adherence import DayFacts, StrandDay
from exercises.models import DailyLog, Program
from exercises.models.choices import HarderRule, ProgramKind

from . import log


@dataclass(frozen=True, slots=True)
class HarderPage:
    """``rule`` is that of the program in force; ``smaller`` the numbers of the day once it is marked, where
    the rule is a smaller plan."""

    day: date
    is_today: bool
    marked: bool
    rule: str
    smaller: tuple[StrandDay, ...]


def harder_page(viewer: Viewer, day: date) -> HarderPage:
    """Two queries."""
    program = adherence.in_force(log.programs(viewer.patient), day)
    rule = program.harder_rule if program and program.kind == ProgramKind.FULL else HarderRule.PIECES
    return HarderPage(
        day=day,
        is_today=day == viewer.patient.today(),
        marked=is_harder(viewer, day),
        rule=rule,
        smaller=_smaller(program, day) if program and program.is_smaller_when_harder else (),
    )


def _smaller(program: Program, day: date) -> tuple[StrandDay, ...]:
    """What is judged, with nothing done yet."""
    strands = adherence.strand_days(DayFacts(day, program.targets_on(harder=True)))
    return tuple(strand for strand in strands if strand.target)


def is_harder(viewer: Viewer, day: date) -> bool:
    """Whether the day was marked; never for a viewer who may not know."""
    marked = DailyLog.objects.filter(patient=viewer.patient, day=day, harder=True)
    return viewer.may(access.SEE_HARDER) and marked.exists()
