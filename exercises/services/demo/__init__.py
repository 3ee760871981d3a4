"""A demo: made-up people whose days end today. Fills an empty database, all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from exercises.models import (
    Activity,
    CareTeamMember,
    Consent,
    LadderMove,
    Patient,
    Program,
    ProgramItem,
    RoutineSlot,
    User,
)
from exercises.models.choices import DayOffReason, KeptBy, Role
from exercises.services import milestones
from exercises.services.catalogue import load_catalogue

from . import came_back, people, programs, records, team, words
from . import days as daily
from .belongings import own_catalogue
from .mending import mend
from .people import Person
from .stories import KINDS, Kind

SEED = 2026


@dataclass(frozen=True, slots=True)
class Filled:
    """What a demo put into the database."""

    patients: int
    sessions: int


def is_empty() -> bool:
    """Nobody has an account or a record. The catalogue may be there."""
    return not (User.objects.exists() or Patient.objects.exists())


@transaction.atomic
def fill(*, patients: int = len(people.OF_LEE), days: int | None = None, seed: int = SEED) -> Filled:
    """``patients`` on lee's caseload, maya among them, and five of another therapist's. ``days`` for each of
    them, today included; without it every kind of patient has its own."""
    now = timezone.now()
    load_catalogue()
    of_lee = people.caseload(patients)
    users = team.make_users([*of_lee, *people.OF_ROBIN])
    demo = _Demo(users, _catalogue(), days, seed, now)
    sessions = sum(demo.add(person, "lee") for person in of_lee)
    sessions += sum(demo.add(person, "robin") for person in people.OF_ROBIN)
    return Filled(len(of_lee) + len(people.OF_ROBIN), sessions)


def _catalogue() -> dict[str, Activity]:
    return {activity.key: activity for activity in Activity.objects.exclude(key=None) if activity.key}


@dataclass(frozen=True, slots=True)
class _Demo:
    users: Mapping[str, User]
    catalogue: Mapping[str, Activity]
    days: int | None
    seed: int
    now: datetime

    def add(self, person: Person, therapist: str) -> int:
        """One patient with everything; returns the number of sessions."""
        kind, seed = KINDS[person.kind], f"{self.seed}:{person.name}"
        days, by, rng = self.days or kind.days, self.users[therapist], Random(seed)
        patient = self._patient(person, kind, days, rng)
        today = patient.day_of(self.now)
        since = datetime.combine(today - timedelta(days=days + 1), time(15), ZoneInfo(person.zone))
        links = CareTeamMember.objects.bulk_create(team.link(person, patient, self.users, therapist, since))
        Consent.objects.bulk_create(team.agreements(links))
        teen, _role = team.household(person, self.users).who_enters(parent_tries=False)
        versions = programs.write(programs.versions(person, kind, patient, today, days, by, teen))
        LadderMove.objects.bulk_create(programs.ladder_moves(versions[-1], today, teen))
        record = self._record(person, kind, patient, versions)
        plan = daily.plan(person, kind, versions, today=today, days=days, seed=seed, now=self.now)
        count = records.write(record, plan, rng)
        patient.save(update_fields=["last_logged_on"])
        self._say(person, patient, by, today, days)
        milestones.rebuild(patient)
        return count

    def _patient(self, person: Person, kind: Kind, days: int, rng: Random) -> Patient:
        return Patient.objects.create(
            code=UUID(int=rng.getrandbits(128), version=4),
            name=person.name,
            zone=person.zone,
            body_areas=list(person.areas),
            paper=person.kind == "paper",
            kept_by=KeptBy.CLINIC if person.kind in ("done", "paused") else KeptBy.FAMILY,
            created_at=self.now - timedelta(days=days + 1),
            told_at=self.now - timedelta(days=days + 1),
        )

    def _record(
        self, person: Person, kind: Kind, patient: Patient, versions: Sequence[Program]
    ) -> records.Record:
        items = [item for version in versions for item in programs.items(person, version, self.catalogue)]
        slots = programs.slots(patient) if person.kind == "maya" else []
        return records.Record(
            patient=patient,
            household=team.household(person, self.users),
            versions=versions,
            items=ProgramItem.objects.bulk_create(items),
            slots=RoutineSlot.objects.bulk_create(slots),
            by_parent=kind.by_parent,
        )

    def _say(self, person: Person, patient: Patient, by: User, today: date, days: int) -> None:
        """Words, goals, days off and corrections, which are few and go one by one; and measures."""
        since = today - timedelta(days=days - 1)
        w = words.Writing(patient, self.users, by, today, since, self.now)
        if person.kind not in ("maya", "leo"):
            came_back.of_others(w, days, Random(f"{self.seed}:{person.name}:measures"))
        match person.kind:
            case "leo":
                came_back.of_leo(w)
            case "maya":
                words.of_maya(w)
                came_back.of_maya(w)
                mend(patient, self.users["maya"], today)
                own_catalogue(by, patient, self.catalogue)
            case "asking":
                text = "Is it fine to do the exercises in two halves?"
                words.ask(w, self.users[person.username], Role.PATIENT, text, ago=min(2, days - 1))
            case "traveling":
                words.day_off(w, self.users[person.parent], -3, -6, DayOffReason.AWAY, granted=False)
