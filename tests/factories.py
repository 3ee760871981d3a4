"""Plain factories: every one gives a valid row, and takes what a test cares about."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from exercises import days
from exercises.access import Viewer, get_viewer
from exercises.days import Recorded
from exercises.guideline import GUIDELINE
from exercises.models import (
    Activity,
    CareTeamMember,
    Cheer,
    FunctionGoal,
    FunctionMeasure,
    GoalStep,
    Intention,
    Milestone,
    Patient,
    Program,
    ProgramItem,
    TherapySession,
    User,
)
from exercises.services import sessions
from exercises.services.sessions import Bout
from exercises.wording import WORDING

PASSWORD = "only-for-the-tests"


def user(username: str, **fields: Any) -> User:
    return User.objects.create_user(username, password=PASSWORD, **fields)


def patient(name: str = "Maya", zone: str = "America/Chicago", **fields: Any) -> Patient:
    """A record that has begun: its family was told that it is AMPS."""
    return Patient.objects.create(name=name, zone=zone, **{"told_at": timezone.now()} | fields)


def link(patient: Patient, user: User, role: str, **fields: Any) -> CareTeamMember:
    """A link of somebody who agreed to the wording that counts now."""
    fields = {"consented_to": WORDING} | fields
    return CareTeamMember.objects.create(patient=patient, user=user, role=role, **fields)


def program(patient: Patient, starts_on: date | None = None, **fields: Any) -> Program:
    """The guideline's targets, in force since 60 days ago."""
    targets = {
        "cardio": GUIDELINE.cardio,
        "exercises": GUIDELINE.exercises,
        "desensitization": GUIDELINE.desensitization,
        "version": patient.programs.count() + 1,
    }
    starts_on = starts_on or patient.today() - timedelta(days=60)
    return Program.objects.create(patient=patient, starts_on=starts_on, **targets | fields)


def activity(name: str = "Wall sit", strand: str = "exercises", **fields: Any) -> Activity:
    return Activity.objects.create(name=name, strand=strand, **fields)


def item(program: Program, activity: Activity, **fields: Any) -> ProgramItem:
    return ProgramItem.objects.create(program=program, activity=activity, **fields)


def viewer(patient: Patient, user: User) -> Viewer:
    return get_viewer(user, patient.code)


def session(
    patient: Patient,
    by: User,
    strand: str = "cardio",
    minutes: int | None = 15,
    day: date | None = None,
    at: datetime | None = None,
    source: str = "typed",
    **details: Any,
) -> TherapySession:
    """Recorded through the real service, at ``at`` (now), for ``day`` (the day of that instant)."""
    at = at or timezone.now()
    bout = Bout(day=day or patient.day_of(at), strand=strand, minutes=minutes, **details)
    receipt = sessions.record_session(
        viewer=viewer(patient, by),
        client_id=uuid.uuid4(),
        bout=bout,
        recorded=Recorded(at),
        source=source,
    )
    return receipt.session


def goal(patient: Patient, by: User, text: str = "Walk to school", **fields: Any) -> FunctionGoal:
    return FunctionGoal.objects.create(
        **{"patient": patient, "text": text, "set_on": patient.today(), "added_by": by} | fields
    )


def step(goal: FunctionGoal, by: User, text: str = "Walk half the way", **fields: Any) -> GoalStep:
    patient = goal.patient
    return GoalStep.objects.create(
        **{"patient": patient, "goal": goal, "text": text, "set_on": patient.today(), "added_by": by} | fields
    )


def measure(
    patient: Patient, by: User, kind: str = "walk_6_min", value: str | int = 520, **fields: Any
) -> FunctionMeasure:
    """Taken today by a therapist; of an own measure, give ``name`` too."""
    row = {"patient": patient, "kind": kind, "value": Decimal(value), "taken_on": patient.today()}
    return FunctionMeasure.objects.create(**row | {"added_by": by, "entered_as": "therapist"} | fields)


def cheer(patient: Patient, by: User, text: str = "Glad you came along.", **fields: Any) -> Cheer:
    """Sent today by a parent."""
    row = {"patient": patient, "by": by, "text": text, "day": patient.today(), "entered_as": "parent"}
    return Cheer.objects.create(**row | fields)


def intention(patient: Patient, by: User, text: str = "Eat lunch with Ines", **fields: Any) -> Intention:
    """For the week of today."""
    week = days.week_of(patient.today(), settings.WEEK_STARTS_ON)[0]
    row = {"patient": patient, "week": week, "author": by, "text": text}
    return Intention.objects.create(**row | {"entered_as": "patient"} | fields)


def milestone(patient: Patient, kind: str = "cardio", number: int = 10, **fields: Any) -> Milestone:
    row = {"patient": patient, "kind": kind, "number": number, "day": patient.today()}
    return Milestone.objects.create(**row | fields)
