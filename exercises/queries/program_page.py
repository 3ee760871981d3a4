"""The page of the program: what is in force, what starts next, and what was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.models import Program, ProgramItem

from .ladder import Rung, rungs
from .program import Plan, as_program, at_its_step, item_rows, plan_from, with_step
from .program_changes import changes_between, harder_words

NEW_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Version:
    """One version: ``until`` is its last day, ``None`` while no other follows; ``items`` in the order of the
    therapist, by strand. ``replaced`` means that it never came into force, or only for part of a day.
    ``harder``, the rule of a harder day in words, is empty for who may not see harder days. ``changes`` are
    sentences, empty for the first one and for those that are over. ``is_new``: not a week old."""

    program: Program
    until: date | None
    items: tuple[tuple[str, tuple[ProgramItem, ...]], ...]
    replaced: bool = False
    harder: str = ""
    changes: tuple[str, ...] = ()
    is_new: bool = False

    @property
    def rungs(self) -> tuple[Rung, ...]:
        return rungs(self.program)


@dataclass(frozen=True, slots=True)
class ProgramPage:
    now: Version | None
    next: Version | None
    earlier: tuple[Version, ...]

    @property
    def standing(self) -> list[Program]:
        """All that counted or will count, oldest first."""
        versions = (*reversed(self.earlier), self.now, self.next)
        return [version.program for version in versions if version and not version.replaced]

    @property
    def latest(self) -> Program | None:
        """What an editor starts from."""
        version = self.next or self.now
        return version.program if version else None


def program_page(viewer: Viewer) -> ProgramPage:
    """Two queries. The whole team sees the program, the therapist's words included."""
    today = viewer.patient.today()
    programs = list(
        with_step(Program.objects.filter(patient=viewer.patient))
        .select_related("flare_plan")
        .order_by("starts_on", "version")
    )
    read = _Read(viewer, [program for program in programs if program.replaced_at is None], _items(programs))
    now = adherence.in_force(read.standing, today)
    upcoming = next((program for program in read.standing if program.starts_on > today), None)
    return ProgramPage(
        now=read.version(now, changes=True) if now else None,
        next=read.version(upcoming, changes=True) if upcoming else None,
        earlier=tuple(read.version(old) for old in reversed(programs) if old not in (now, upcoming)),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read; ``standing`` are versions, oldest first."""

    viewer: Viewer
    standing: Sequence[Program]
    items: dict[int, list[ProgramItem]]

    def version(self, program: Program, *, changes: bool = False) -> Version:
        items = self.items.get(program.pk, [])
        return Version(
            program,
            until=_ends(self.standing).get(program.pk),
            items=by_strand(items),
            replaced=program.replaced_at is not None,
            harder=_harder(self.viewer, plan_from(program, items)),
            changes=self._changes(program) if changes else (),
            is_new=program.starts_on > self.viewer.patient.today() - NEW_FOR,
        )

    def _changes(self, program: Program) -> tuple[str, ...]:
        place = self.standing.index(program)
        if not place:
            return ()
        before = self.standing[place - 1]
        return changes_between(
            at_its_step(self._plan(before), before),
            self._plan(program),
            harder=self.viewer.may(access.SEE_HARDER),
        )

    def _plan(self, program: Program) -> Plan:
        return plan_from(program, self.items.get(program.pk, []))


def version_of(viewer: Viewer, plan: Plan) -> Version:
    """A plan that is not saved, as the page shows it."""
    program = as_program(plan, patient=viewer.patient)
    return Version(program, None, by_strand(item_rows(plan, program)), harder=_harder(viewer, plan))


def _harder(viewer: Viewer, plan: Plan) -> str:
    return harder_words(plan) if viewer.may(access.SEE_HARDER) else ""


def _ends(standing: Sequence[Program]) -> dict[int, date | None]:
    """The last day of each standing version."""
    ends: dict[int, date | None] = dict.fromkeys(program.pk for program in standing)
    for earlier, later in pairwise(standing):
        ends[earlier.pk] = later.starts_on - days.ONE_DAY
    return ends


def _items(programs: Sequence[Program]) -> dict[int, list[ProgramItem]]:
    rows = ProgramItem.objects.filter(program__in=programs).select_related("activity").order_by("order", "pk")
    by_program: dict[int, list[ProgramItem]] = {}
    for row in rows:
        by_program.setdefault(row.program_id, []).append(row)
    return by_program


def by_strand(items: Sequence[ProgramItem]) -> tuple[tuple[str, tuple[ProgramItem, ...]], ...]:
    strands: dict[str, list[ProgramItem]] = {strand: [] for strand in adherence.STRANDS}
    for item in items:
        strands[item.activity.strand].append(item)
    return tuple((strand, tuple(own)) for strand, own in strands.items() if own)
