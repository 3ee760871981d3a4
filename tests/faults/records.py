"""Run inside an installation: `python -m tests.faults.records people|count|…`, answers JSON."""

import json
import sys
from collections import Counter
from types import SimpleNamespace

import django

from tests.faults import clock  # noqa: F401  before any model takes the time

django.setup()

from allauth.account.internal.flows.login import record_authentication  # noqa: E402
from django.conf import settings  # noqa: E402  needs the apps loaded above
from django.db import connection  # noqa: E402
from django.db.models import Sum  # noqa: E402
from django.test import Client  # noqa: E402

from exercises.models import (  # noqa: E402
    AccessRecord,
    CareTeamMember,
    Change,
    Cheer,
    Consent,
    DailyLog,
    Invitation,
    Stopwatch,
    TherapySession,
    User,
)
from exercises.services import invitations, totals  # noqa: E402
from exercises.session_keys import SECOND_FACTOR  # noqa: E402
from tests import factories  # noqa: E402

TEENS = 4


def people() -> dict:
    """A few teens with a record each, signed in."""
    return {"today": str(factories.patient(zone="UTC").today()), "teens": [teen(n) for n in range(TEENS)]}


def teen(number: int) -> dict:
    user, patient = factories.user(f"teen{number}"), factories.patient(f"Teen {number}", zone="UTC")
    factories.link(patient, user, "patient")
    factories.program(patient)
    return {"path": f"/patients/{patient.code}/sessions/"} | signed_in(user)


def looker() -> dict:
    """A therapist of two records, signed in."""
    user, patients = factories.user("lee", is_clinician=True), [factories.patient() for _two in range(2)]
    for patient in patients:
        factories.link(patient, user, "therapist")
        factories.program(patient)
    return {"pages": [f"/patients/{patient.code}/" for patient in patients]} | signed_in(user)


def looks() -> dict:
    return {"looks": AccessRecord.objects.count()}


def invited() -> dict:
    """Eight people who have just signed in, and four invitations of parents to one record."""
    patient, therapist = factories.patient(), factories.user("lee", is_clinician=True)
    factories.link(patient, therapist, "therapist")
    viewer = factories.viewer(patient, therapist)
    made = [invitations.invite(viewer=viewer, role="parent")[1] for _four in range(4)]
    people = [signed_in(factories.user(f"person{number}")) for number in range(8)]
    return {"paths": [f"/join/{code}/" for code in made], "people": people}


def joined() -> dict:
    """How many parents are linked, invitations used, agreements kept, and changes told."""
    return {
        "links": CareTeamMember.objects.filter(role="parent", until=None).count(),
        "used": Invitation.objects.exclude(used_by=None).count(),
        "agreed": Consent.objects.count(),
        "told": Change.objects.filter(what="joined").count(),
    }


def cheerers() -> dict:
    """A record with two parents, signed in."""
    patient, parents = factories.patient(), [factories.user(f"parent{number}") for number in range(2)]
    for user in parents:
        factories.link(patient, user, "parent")
    return {"path": f"/patients/{patient.code}/cheers/", "parents": [signed_in(user) for user in parents]}


def cheers() -> dict:
    return {"by": Counter(Cheer.objects.values_list("by__username", flat=True))}


def timed() -> dict:
    """A teen in New York with one exercise of two sets, signed in."""
    user, patient = factories.user("teen"), factories.patient("Teen", zone="America/New_York")
    factories.link(patient, user, "patient")
    factories.item(factories.program(patient), factories.activity(), sets=2, reps=10)
    return {"record": f"/patients/{patient.code}/"} | signed_in(user)


def ran() -> dict:
    """What is being timed, and what became of what was."""
    running = Stopwatch.objects.filter(ended_at=None)
    kept = TherapySession.objects.select_related("daily_log").order_by("pk")
    return {
        "id": next((str(watch.client_id) for watch in running), None),
        "running": running.count(),
        "sessions": [
            [one.strand, one.minutes, str(one.daily_log.day), one.source, one.items.count()] for one in kept
        ],
        "wrong_days": count()["wrong_days"],
    }


def signed_in(user: User) -> dict:
    client = Client()
    client.force_login(user)
    session = client.session
    session[SECOND_FACTOR] = True
    record_authentication(SimpleNamespace(session=session), user, "password", reauthenticated=True)
    session.save()
    cookies = {settings.SESSION_COOKIE_NAME: client.session.session_key, settings.CSRF_COOKIE_NAME: "a" * 32}
    return {
        "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "token": "a" * 32,
    }


def count() -> dict:
    """How often each id is there, the minutes of all days, the days whose totals are not their sessions'."""
    ids = Counter(str(client_id) for client_id in TherapySession.objects.values_list("client_id", flat=True))
    wrong = [row.pk for row in DailyLog.objects.select_related("program") if differs(row)]
    minutes = DailyLog.objects.aggregate(sum=Sum("cardio"))["sum"] or 0
    return {"ids": ids, "wrong_days": wrong, "minutes": minutes}


def differs(row: DailyLog) -> bool:
    return totals.expected(row) != {name: getattr(row, name) for name in totals.TOTALS}


def unguard() -> dict:
    """Takes the unique constraint away, for the control that looks before it inserts."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exercises_therapysession DROP CONSTRAINT session_id_once_per_patient")
    return {}


ANSWERS = {
    answer.__name__: answer
    for answer in (
        people, count, unguard, looker, looks, invited, joined, cheerers, cheers, timed, ran,
    )
}  # fmt: skip

if __name__ == "__main__":
    print(json.dumps(ANSWERS[sys.argv[1]]()))  # noqa: T201
