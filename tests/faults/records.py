"""Run inside an installation: `python -m tests.faults.records people|count|unguard`, answers JSON."""

import json
import sys
from collections import Counter

import django

django.setup()

from django.conf import settings  # noqa: E402  needs the apps loaded above
from django.db import connection  # noqa: E402
from django.db.models import Sum  # noqa: E402
from django.test import Client  # noqa: E402

from exercises.models import DailyLog, TherapySession  # noqa: E402
from exercises.services import totals  # noqa: E402
from tests import factories  # noqa: E402

TEENS = 4


def people() -> dict:
    """A few teens with a record each, signed in."""
    return {"today": str(factories.patient(zone="UTC").today()), "teens": [teen(n) for n in range(TEENS)]}


def teen(number: int) -> dict:
    user, patient = factories.user(f"teen{number}"), factories.patient(f"Teen {number}", zone="UTC")
    factories.link(patient, user, "patient")
    factories.program(patient)
    client = Client()
    client.force_login(user)
    cookies = {settings.SESSION_COOKIE_NAME: client.session.session_key, settings.CSRF_COOKIE_NAME: "a" * 32}
    return {
        "path": f"/patients/{patient.code}/sessions/",
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


if __name__ == "__main__":
    print(json.dumps({"people": people, "count": count, "unguard": unguard}[sys.argv[1]]()))  # noqa: T201
