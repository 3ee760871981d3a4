"""Plain factories: every one gives a valid row, and takes what a test cares about."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from exercises.access import Viewer, get_viewer
from exercises.days import Recorded
from exercises.guideline import GUIDELINE
from exercises.models import Activity, CareTeamMember, Patient, Program, ProgramItem, TherapySession, User
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
