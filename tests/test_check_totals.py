from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from exercises.models import DailyLog, Patient
from exercises.services import audit, totals
from tests import factories


@pytest.fixture
def logged(cast):
    """Three days of two patients."""
    for days_ago in range(3):
        at = timezone.now() - timedelta(days=days_ago)
        for strand, minutes in (("cardio", 15), ("desensitization", 4), ("stress", None)):
            factories.session(cast.patient, cast.maya, strand, minutes, at=at)
        factories.session(cast.other, cast.omar, "exercises", 30, at=at)
    return cast


def test_what_the_services_wrote_agrees(logged, capsys):
    call_command("check_totals")
    assert capsys.readouterr().out == "6 days checked, 0 different.\n"


def test_an_empty_database_agrees(db, capsys):
    call_command("check_totals")
    assert capsys.readouterr().out == "0 days checked, 0 different.\n"


@pytest.mark.parametrize("name", totals.TOTALS)
def test_it_finds_and_repairs_each_total(logged, name, capsys):
    row = logged.patient.daily_logs.latest("day")
    right = getattr(row, name)
    wrong = right + (timedelta(days=1) if name == "last_entry_at" else 7)
    DailyLog.objects.filter(pk=row.pk).update(**{name: wrong})
    with pytest.raises(CommandError, match="6 days checked, 1 different"):
        call_command("check_totals")
    assert f"{row.day}: {name} {wrong}, sessions say {right}" in capsys.readouterr().out
    row.refresh_from_db()
    assert getattr(row, name) == wrong
    call_command("check_totals", "--repair")
    assert capsys.readouterr().out.endswith("6 days checked, 1 different, all repaired.\n")
    row.refresh_from_db()
    assert getattr(row, name) == right
    assert audit.check_totals().differences == ()


@pytest.mark.parametrize("count", [1, 4])
def test_days_of_a_list_take_two_queries_more_however_many(cast, count, django_assert_num_queries):
    program = cast.patient.programs.get()
    program.exercises_by, program.exercises = "list", 2
    program.save()
    items = [factories.item(program, factories.activity(name)) for name in ("Squat", "Plank")]
    for days_ago in range(count):
        at = timezone.now() - timedelta(days=days_ago)
        factories.session(cast.patient, cast.maya, "exercises", 5, at=at, items=(items[0],))
        factories.session(cast.patient, cast.maya, "exercises", 5, at=at, items=tuple(items))
    rows = list(DailyLog.objects.select_related("program"))
    with django_assert_num_queries(3):
        wanted = totals.expected_of(rows)
    assert [(one["exercises"], one["exercise_minutes"]) for one in wanted.values()] == [(2, 10)] * count
    assert audit.check_totals().differences == ()
    rows[0].entries.update(voided_at=timezone.now(), voided_by=cast.maya)
    assert totals.expected(rows[0])["exercises"] == 0


def test_days_of_minutes_take_one_query(logged, django_assert_num_queries):
    rows = list(DailyLog.objects.select_related("program"))
    with django_assert_num_queries(1):
        totals.expected_of(rows)


def test_it_finds_and_repairs_a_patients_last_day(logged, capsys):
    right = logged.patient.today()
    Patient.objects.filter(pk=logged.patient.pk).update(last_logged_on=None)
    with pytest.raises(CommandError):
        call_command("check_totals")
    call_command("check_totals", "--repair")
    logged.patient.refresh_from_db()
    assert logged.patient.last_logged_on == right
    assert f"{logged.patient.code}: last entry None, days say {right}" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["later", None])
def test_it_finds_and_repairs_a_day_judged_by_another_program(logged, wrong, capsys):
    row = logged.patient.daily_logs.latest("day")
    right, later = row.program, factories.program(logged.patient, row.day + timedelta(days=1))
    later.desensitization_minutes = 4
    later.save()
    DailyLog.objects.filter(pk=row.pk).update(program=later if wrong else None)
    with pytest.raises(CommandError, match="6 days checked, 1 different"):
        call_command("check_totals")
    shown = "program version 2" if wrong else "no program"
    assert f"{row.day}: {shown}, in force is program version 1" in capsys.readouterr().out
    call_command("check_totals", "--repair")
    row.refresh_from_db()
    assert (row.program, row.desensitization, row.desensitization_short) == (right, 0, 1)
    assert audit.check_totals().differences == ()


def test_a_day_ahead_is_no_last_entry(logged):
    today = logged.patient.today()
    factories.session(logged.patient, logged.maya, day=today + timedelta(days=300))
    assert audit.check_totals() == audit.Found(7, ())
    Patient.objects.filter(pk=logged.patient.pk).update(last_logged_on=today + timedelta(days=300))
    assert len(audit.check_totals(repair=True).differences) == 1
    logged.patient.refresh_from_db()
    assert logged.patient.last_logged_on == today


def test_a_removed_session_is_in_no_total(logged):
    logged.patient.sessions.update(voided_at=timezone.now(), voided_by=logged.maya)
    found = audit.check_totals(repair=True)
    assert len(found.differences) == 4
    assert not logged.patient.daily_logs.filter(sessions__gt=0).exists()
    logged.patient.refresh_from_db()
    assert logged.patient.last_logged_on is None


def test_it_names_no_patient(logged):
    DailyLog.objects.update(cardio=F("cardio") + 1)
    found = audit.check_totals()
    assert len(found.differences) == 6
    assert not any("Maya" in line or "Noor" in line for line in found.differences)


def test_what_another_mended_meanwhile_is_no_difference(logged, monkeypatch):
    """The first look was old by the time of the second, under the lock."""
    row = DailyLog.objects.select_related("program", "patient").earliest("pk")
    row.cardio += 7
    monkeypatch.setattr(audit, "_chunks", lambda: iter([[row]]))
    monkeypatch.setattr(audit, "_patients_that_differ", lambda: [row.patient])
    assert audit.check_totals() == audit.Found(1, ())


def test_many_days_take_few_queries(logged, monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(5):
        audit.check_totals()
    monkeypatch.setattr(audit, "CHUNK", 2)
    with django_assert_num_queries(11):
        assert audit.check_totals().days == 6
