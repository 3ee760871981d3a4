"""What the teen is asked about a program: the version in force, and the one that starts next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from exercises import access, adherence
from exercises.access import Viewer
from exercises.models import Program
from exercises.models.choices import ProgramKind

from .program_changes import what_changed

ACCEPT, TALK = "accept", "talk"


@dataclass(frozen=True, slots=True)
class Ask:
    """A version that waits for the teen's answer. ``changes`` are sentences; ``talks``: the teen answered to
    talk about it first. ``first``: there was no program before."""

    version: int
    kind: str
    starts_on: date
    started: bool
    first: bool
    talks: bool
    changes: tuple[str, ...]


def open_versions(versions: Sequence[Program], today: date) -> list[Program]:
    """Of the standing versions, those that can be answered: in force, and next. What is done asks nothing."""
    now = adherence.in_force(versions, today)
    ahead = [version for version in versions if version.starts_on > today]
    found = [version for version in (now, *ahead[:1]) if version is not None]
    return [version for version in found if version.kind != ProgramKind.DONE]


def asked(viewer: Viewer, versions: Sequence[Program], *, changes: bool = True) -> Ask | None:
    """What to ask this viewer now: nothing where all is answered, else three queries for what changed. The
    words about a version to talk about first end with the version that follows it."""
    if not viewer.may(access.ACCEPT_PROGRAM):
        return None
    today = viewer.patient.today()
    waiting = [version for version in open_versions(versions, today) if version.accepted_at is None]
    fresh = [version for version in waiting if version.talk_at is None or version == waiting[-1]]
    if not fresh:
        return None
    program = fresh[0]
    return Ask(
        version=program.version,
        kind=program.kind,
        starts_on=program.starts_on,
        started=program.starts_on <= today,
        first=program == versions[0],
        talks=program.talk_at is not None,
        changes=what_changed(program) if changes else (),
    )


def talked_about(viewer: Viewer, versions: Sequence[Program]) -> Program | None:
    """The version that the teen wants to talk about first: until it is accepted or another one follows. For
    those who see how things came."""
    if not viewer.may(access.SEE_HOW) or not versions:
        return None
    latest = versions[-1]
    return latest if latest.talk_at and latest.accepted_at is None else None


def flare_of(viewer: Viewer, program: Program | None) -> int | None:
    """The version to keep up with, for whoever may go back to its saved full program."""
    if program is None or program.kind != ProgramKind.KEEPING_UP or program.flare_plan_id is None:
        return None
    return program.version if viewer.may(access.START_FLARE) else None
