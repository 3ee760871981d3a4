"""Making the demo: at any hour, in any size, in an empty database only."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from exercises import adherence
from exercises.demo_people import DEMO_PASSWORD
from exercises.models import Patient, TherapySession
from exercises.queries import log
from exercises.services import audit, demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def not_production(settings):
    settings.PRODUCTION = False


def caseload():
    return Patient.objects.filter(team__user__username="lee", team__role="therapist")


@pytest.mark.parametrize("hour", [0, 5, 9, 13, 17, 22, 23])
def test_at_any_hour_something_is_left_today_and_nothing_lies_ahead(hour):
    # In Chicago, six hours behind UTC in November.
    now = datetime(2026, 11, 20, hour, 58, tzinfo=UTC) + timedelta(hours=6)
    with time_machine.travel(now, tick=False):
        demo.fill(patients=2, days=8)
    assert not TherapySession.objects.filter(received_at__gt=now).exists()
    maya = Patient.objects.get(name="Maya R.")
    today = maya.day_of(now)
    assert today.isoformat() == "2026-11-20"
    (facts,) = log.days_between(maya, today, today)
    assert not adherence.plan_done(facts)
    assert facts.work.anything or hour < 9


def test_the_same_seed_makes_the_same_demo():
    def made(seed):
        with transaction.atomic():
            demo.fill(patients=2, days=5, seed=seed)
            rows = list(
                TherapySession.objects.order_by("pk").values_list("client_id", "minutes", "recorded_at")
            )
            transaction.set_rollback(True)
        return rows

    with time_machine.travel(datetime(2026, 11, 20, 20, tzinfo=UTC), tick=False):
        assert made(1) == made(1)
        assert made(1) != made(2)


@pytest.mark.parametrize(("patients", "days"), [(1, 1), (1, 60), (3, 10), (30, 2)])
def test_so_many_patients_with_so_many_days(patients, days):
    demo.fill(patients=patients, days=days)
    assert caseload().count() == patients
    assert caseload().filter(name="Maya R.").exists()
    for patient in caseload():
        first = patient.programs.earliest("starts_on").starts_on
        assert (patient.today() - first).days == days - 1
    assert audit.check_totals().differences == ()


def test_the_command_fills_and_says_how_to_sign_in(not_production, capsys):
    call_command("demo", "--patients", "2", "--days", "2")
    out = capsys.readouterr().out
    assert out.startswith("Demo: 7 patients, ")
    assert f"Sign in as maya, dana, lee with the password {DEMO_PASSWORD}" in out


def test_the_command_leaves_people_alone(not_production, cast, capsys):
    before = Patient.objects.count()
    call_command("demo", "--if-empty")
    assert "nothing was changed" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("demo")
    assert Patient.objects.count() == before


def test_there_is_no_demo_in_production():
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo", "--if-empty")
    assert demo.is_empty()


@pytest.mark.parametrize(
    "numbers", [("--patients", "0"), ("--days", "0"), ("--patients", "1001"), ("--days", "4001")]
)
def test_numbers_out_of_range_are_refused(not_production, numbers):
    with pytest.raises(CommandError, match="Give 1 to"):
        call_command("demo", *numbers)
    assert demo.is_empty()
