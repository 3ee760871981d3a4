"""Run inside an installation: `python -m tests.erased fill|due N|sign-ins`, answers JSON."""

import json
import sys
from datetime import timedelta
from uuid import UUID

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402  needs the apps loaded above
from allauth.mfa.models import Authenticator  # noqa: E402
from allauth.usersessions.models import UserSession  # noqa: E402
from django.contrib.admin.models import CHANGE, LogEntry  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.contrib.sessions.models import Session  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from exercises.models import (  # noqa: E402
    AccessRecord,
    Activity,
    BreakGlass,
    Change,
    Consent,
    Device,
    DevicePerson,
    Erasure,
    Invitation,
    Notice,
    Patient,
    ProgramTemplate,
    SignInCard,
    User,
)
from tests import factories  # noqa: E402
from tests.worlds import furnish  # noqa: E402


def family(mark: str) -> Patient:
    """A record with something in every room, every trace and every account; texts end in ``mark``."""
    teen = factories.user(f"teen-kanarie-{mark}", first_name=f"First kanarie-{mark}")
    parent, therapist = factories.user(f"parent-{mark}"), factories.user(f"lee-{mark}", is_clinician=True)
    patient = factories.patient("to be named")
    for user, role in ((teen, "patient"), (parent, "parent"), (therapist, "therapist")):
        factories.link(patient, user, role)
    factories.program(patient)
    furnish(patient, teen, parent, therapist, mark)
    # A therapist's own activities and templates are the therapist's: they stay, and name nobody.
    Activity.objects.filter(owner=therapist).update(name="Wall sit")
    ProgramTemplate.objects.filter(owner=therapist).update(name="First weeks")
    Activity.objects.create(owner=parent, strand="exercises", name=f"Our kanarie-{mark}")
    leave_traces(patient, teen, parent, therapist, f"kanarie-{mark}")
    return patient


def leave_traces(patient: Patient, teen: User, parent: User, therapist: User, word: str) -> None:
    now = timezone.now()
    administrator = factories.user(f"admin-{teen.username[-4:]}", is_staff=True)
    Change.objects.create(
        patient=patient, subject="note", subject_id=1, what="x", before={"text": f"Before {word}"}, by=teen
    )
    AccessRecord.objects.create(
        patient=patient, user=parent, seen_as="parent", kind="days", hour=now.replace(minute=0)
    )
    BreakGlass.objects.create(
        patient=patient, user=administrator, reason=f"Reason {word}", until=now + timedelta(hours=1)
    )
    Consent.objects.create(patient=patient, user=teen, role="patient", wording="2026-11")
    soon = {"expires_at": now + timedelta(days=14), "made_by": parent}
    Invitation.objects.create(patient=patient, role="therapist", code_digest=f"a{teen.pk}", **soon)
    SignInCard.objects.create(patient=patient, user=teen, code_digest=f"b{teen.pk}", **soon)
    Notice.objects.create(user=parent, patient=patient, kind="x", params={"record": f"News {word}"})
    Notice.objects.create(user=teen, kind="x", params={"record": f"More {word}"})
    device = Device.objects.create(code=patient.code, shared=True)
    DevicePerson.objects.create(device=device, user=teen, pin="hashed")
    Device.objects.filter(pk=device.pk).update(code=UUID(int=teen.pk))
    EmailAddress.objects.create(user=teen, email=f"{word}@example.org", verified=True, primary=True)
    Authenticator.objects.create(user=teen, type="totp", data={"secret": f"Secret {word}"})
    link = patient.team.get(user=therapist)
    for row in (link, teen):
        LogEntry.objects.create(
            user=administrator,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=f"Entry {word}",
            action_flag=CHANGE,
        )
    cache.set(f"export:{patient.code}", f"Cached {word}", 3600)
    sign_in(teen, parent, therapist)


def sign_in(*people: User) -> None:
    for user in people:
        client = Client()
        client.force_login(user)
        UserSession.objects.create(user=user, ip="192.0.2.1", session_key=client.session.session_key)


def fill() -> dict:
    """Two records; one of them is due to be erased."""
    gone, stays = family("gone"), family("stays")
    now = timezone.now()
    Erasure.objects.create(
        patient=gone, asked_by=gone.team.get(role="parent").user, asked_as="parent", due_at=now
    )
    return {"gone": str(gone.code), "stays": str(stays.code)}


def due(records: str = "1") -> dict:
    """Records that are due to be erased, and a piece of old news for each."""
    therapist, now = factories.user("lee", is_clinician=True), timezone.now()
    for number in range(int(records)):
        patient = factories.patient(f"Child {number}")
        factories.link(patient, therapist, "therapist")
        factories.program(patient)
        Erasure.objects.create(patient=patient, asked_by=therapist, asked_as="therapist", due_at=now)
        Notice.objects.create(user=therapist, kind="x", at=now - timedelta(days=500))
    return {}


def sign_ins() -> dict:
    """Usernames with a sign-in, and how many rows the two lists of them have."""
    keys = [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()]
    names = sorted(User.objects.filter(pk__in=keys).values_list("username", flat=True))
    return {"names": names, "listed": UserSession.objects.count()}


if __name__ == "__main__":
    print(json.dumps({"fill": fill, "due": due, "sign-ins": sign_ins}[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
