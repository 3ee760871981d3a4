"""The nightly job: true counts, once for each thing, and one thing's trouble stops no other."""

import io
import uuid
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from exercises import checks
from exercises.models import (
    AccessRecord,
    BreakGlass,
    CareTeamMember,
    Device,
    DevicePerson,
    Erasure,
    Invitation,
    Notice,
    Patient,
    SignInCard,
    Tombstone,
)
from exercises.services import erasure, tick, tombstones, vacuum
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows


@pytest.fixture(autouse=True)
def own_file(settings, tmp_path):
    settings.TOMBSTONES = tmp_path / "tombstones.txt"


@pytest.fixture(autouse=True)
def nothing_cached(db):
    """A test that commits leaves what it cached: no model, so no flush, takes it away."""
    cache.clear()


def run(**options):
    """What the command says: name to number."""
    out = io.StringIO()
    call_command("tick", stdout=out, **options)
    return {name: int(count) for name, count in (line.split(": ") for line in out.getvalue().splitlines())}


def counted(found):
    return {name: count for name, count in found.items() if count}


def ago(**time):
    return timezone.now() - timedelta(**time)


def due(patient, by, **time):
    return Erasure.objects.create(patient=patient, asked_by=by, asked_as="parent", due_at=ago(**time))


def test_on_an_ordinary_night_there_is_nothing_to_do(cast):
    before = rows()
    assert counted(run()) == {}
    assert rows() == before


def test_every_job_has_a_name_of_its_own():
    names = [job.name for job in tick.JOBS]
    assert len(names) == len(set(names))


# --- records ---


def test_what_is_due_is_erased_and_counted_once(cast, patient):
    due(patient, cast.dana, seconds=1)
    assert run()["records erased"] == 1
    assert list(Patient.objects.all()) == [cast.other]
    assert Tombstone.objects.get().asked_as == "parent"
    assert run()["records erased"] == 0


def test_the_stone_is_in_the_file_the_same_night(cast, patient):
    due(patient, cast.dana, seconds=1)
    assert run()["tombstones added to the file"] == 1
    assert run()["tombstones added to the file"] == 0


@pytest.mark.parametrize("why", ["not yet", "undone", "waits for the clinic"])
def test_what_is_not_due_stays(cast, patient, why):
    asked = due(patient, cast.dana, seconds=1)
    if why == "not yet":
        asked.due_at = timezone.now() + timedelta(hours=1)
    elif why == "undone":
        asked.undone_at, asked.undone_by = timezone.now(), cast.lee
    else:
        asked.due_at = None
    asked.save()
    before = rows()
    assert counted(run()) == {}
    assert rows() == before


def test_a_no_that_comes_in_between_counts(cast, patient):
    asked = due(patient, cast.dana, seconds=1)
    Erasure.objects.update(undone_at=timezone.now(), undone_by=cast.lee)
    assert erasure.erase_if_due(erasure=asked, now=timezone.now()) is False
    assert Patient.objects.filter(pk=patient.pk).exists()


def test_an_empty_record_that_was_merged_goes_after_a_month(cast, patient):
    patient.team.update(until=ago(days=29), end_reason="merged")
    assert counted(run()) == {}
    patient.team.update(until=ago(days=31))
    cast.other.team.update(until=ago(days=31), end_reason="ended")
    assert run()["closed records erased"] == 1
    assert list(Patient.objects.all()) == [cast.other]


def test_no_account_goes_with_a_merged_record(cast, patient):
    """maya left before, and has no record now: nobody asked to close her account."""
    patient.team.filter(user=cast.maya).update(until=ago(days=40), end_reason="own")
    patient.team.exclude(user=cast.maya).update(until=ago(days=31), end_reason="merged")
    assert run()["closed records erased"] == 1
    cast.maya.refresh_from_db()
    assert cast.maya.is_active and cast.maya.closed_at is None


def test_a_merged_record_that_has_a_team_again_stays(cast, patient):
    patient.team.update(until=ago(days=31), end_reason="merged")
    factories.link(patient, cast.sam, "parent")
    assert counted(run()) == {}


# --- what is kept for a time ---


def code(model, **fields):
    return model.objects.create(code_digest=uuid.uuid4().hex, **fields)


@pytest.mark.parametrize(
    ("days", "stays"),
    [
        ({"expires_at": 29}, True),
        ({"expires_at": 31}, False),
        ({"expires_at": -5}, True),
        ({"expires_at": -5, "used_at": 29}, True),
        ({"expires_at": -5, "used_at": 31}, False),
        ({"expires_at": -5, "revoked_at": 31}, False),
    ],
)
def test_codes_go_a_month_after_they_ended(cast, patient, days, stays):
    times = {name: ago(days=count) for name, count in days.items()}
    used = {"used_by": cast.sam} if "used_at" in days else {}
    revoked = {"revoked_by": cast.dana} if "revoked_at" in days else {}
    code(Invitation, patient=patient, role="therapist", made_by=cast.dana, **times, **used, **revoked)
    code(SignInCard, patient=patient, user=cast.maya, made_by=cast.lee, **times)
    gone = {} if stays else {"ended invitations deleted": 1, "ended sign-in cards deleted": 1}
    assert counted(run()) == gone
    assert Invitation.objects.exists() is SignInCard.objects.exists() is stays


def test_expired_sign_ins_go_and_others_stay(cast):
    old, new = signed_in(cast.maya), signed_in(cast.dana)
    Session.objects.filter(session_key=old.session.session_key).update(expire_date=ago(seconds=1))
    for client, seen in ((old, 40), (new, 40)):
        UserSession.objects.update_or_create(
            session_key=client.session.session_key,
            defaults={"user": cast.maya, "ip": "192.0.2.1", "last_seen_at": ago(days=seen)},
        )
    UserSession.objects.create(session_key="being made", user=cast.maya, ip="192.0.2.1")
    found = counted(run())
    assert found == {"expired sign-ins deleted": 1, "sign-ins taken off the list of devices": 1}
    assert new.get("/more/").status_code == 200
    assert UserSession.objects.count() == 2


def test_expired_cache_rows_go(db):
    with time_machine.travel(ago(hours=2), tick=False):
        cache.set("old", 1, 3600)
    cache.set("new", 1, 3600)
    assert run(dry_run=True)["expired cache rows deleted"] == 1
    assert counted(run()) == {"expired cache rows deleted": 1}
    assert cache.get("new") == 1


def test_news_go_half_a_year_after_they_were_read(cast):
    for kind, at, read in (("a", 300, 181), ("b", 300, 179), ("c", 401, None), ("d", 399, None)):
        Notice.objects.create(
            user=cast.maya, kind=kind, at=ago(days=at), read_at=ago(days=read) if read else None
        )
    assert counted(run()) == {"old news deleted": 2}
    assert set(Notice.objects.values_list("kind", flat=True)) == {"b", "d"}


def test_looks_and_glass_go_after_six_years(cast, patient, settings):
    for days in (6 * 366, 6 * 365):
        AccessRecord.objects.create(
            patient=patient, user=cast.dana, seen_as="parent", kind="days", hour=ago(days=days)
        )
        BreakGlass.objects.create(patient=patient, user=cast.sam, reason="x", until=ago(days=days))
    found = run()
    assert (found["old looks deleted"], found["old break-glass entries deleted"]) == (1, 1)
    settings.ACCESS_RECORD_YEARS = 1
    assert run()["old looks deleted"] == 1
    assert not AccessRecord.objects.exists() and not BreakGlass.objects.exists()


def test_devices_that_nobody_used_for_a_year_go_with_their_tiles(cast):
    for seen, made in ((401, 500), (399, 500), (None, 401), (None, 399)):
        device = Device.objects.create(
            code=uuid.uuid4(), made_at=ago(days=made), seen_on=ago(days=seen).date() if seen else None
        )
        DevicePerson.objects.create(device=device, user=cast.maya, pin="x")
    found = counted(run())
    assert found == {"name tiles of unused devices deleted": 2, "unused devices deleted": 2}
    assert Device.objects.count() == DevicePerson.objects.count() == 2


# --- the command ---


def test_a_dry_run_counts_and_changes_nothing(cast, patient):
    due(patient, cast.dana, seconds=1)
    Notice.objects.create(user=cast.maya, kind="x", at=ago(days=500))
    tombstones.keep(tombstones.new_stone(cast.other.code, day=patient.today(), asked_as=""))
    before = rows()
    found = run(dry_run=True)
    assert rows() == before
    assert counted(found) == {
        "records erased": 1,
        "records forgotten again": 1,
        "tombstones added to the file": 1,
        "old news deleted": 1,
        "database files rewritten": 1,
    }


def test_one_things_trouble_stops_no_other(cast, patient, monkeypatch):
    due(patient, cast.dana, seconds=1)
    Notice.objects.create(user=cast.maya, kind="x", at=ago(days=500))
    real = erasure.erase_if_due

    def broken(**options):
        raise OSError("the disk is full\nand more")

    monkeypatch.setattr(erasure, "erase_if_due", broken)
    out = io.StringIO()
    with pytest.raises(CommandError, match="Went wrong, the rest was done: records erased"):
        call_command("tick", stdout=out)
    assert "records erased: 0; OSError: the disk is full\n" in out.getvalue()
    assert "old news deleted: 1\n" in out.getvalue()
    monkeypatch.setattr(erasure, "erase_if_due", real)
    assert run()["records erased"] == 1


def test_one_records_trouble_stops_no_other(cast, patient, monkeypatch):
    due(patient, cast.dana, days=2)
    due(cast.other, cast.omar, days=1)
    real = erasure.erase_now

    def broken(*, patient, stone):
        if patient.pk == cast.patient.pk:
            raise OSError("this one")
        return real(patient=patient, stone=stone)

    monkeypatch.setattr(erasure, "erase_now", broken)
    out = io.StringIO()
    with pytest.raises(CommandError, match="records erased"):
        call_command("tick", stdout=out)
    assert list(Patient.objects.all()) == [cast.patient]
    assert "records erased: 1; OSError: this one\n" in out.getvalue()


def test_a_file_that_cannot_be_written_is_told(cast, patient, settings, tmp_path):
    settings.TOMBSTONES = tmp_path / "no such folder" / "tombstones.txt"
    due(patient, cast.dana, seconds=1)
    with pytest.raises(CommandError, match="tombstones added to the file"):
        call_command("tick", stdout=io.StringIO())
    assert not Patient.objects.filter(pk=patient.pk).exists(), "the promise to erase is kept all the same"
    settings.TOMBSTONES = tmp_path / "tombstones.txt"
    assert run()["tombstones added to the file"] == 1


def test_files_are_rewritten_for_some_nights_after_an_erasure(cast, patient):
    assert not vacuum.is_due(timezone.now().date())
    due(patient, cast.dana, seconds=1)
    run()
    today = timezone.now().date()
    assert [vacuum.is_due(today + timedelta(days=n)) for n in range(5)] == [True, True, True, False, False]


@pytest.mark.django_db(transaction=True)
def test_the_files_are_rewritten(cast):
    assert vacuum.rewrite_files() == 1
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone()[0] == "0"


def test_a_busy_log_is_told():
    cursor = mock.MagicMock()
    cursor.execute.return_value.fetchone.return_value = (1, 5, 3)
    with pytest.raises(OperationalError, match="was not emptied"):
        vacuum._sqlite(cursor)


def test_a_cover_whose_day_passed_needs_no_job(cast, patient):
    factories.link(patient, cast.kim, "therapist", covers=cast.lee, until=ago(days=1))
    assert counted(run()) == {}
    assert CareTeamMember.objects.filter(user=cast.kim, patient=patient).exists()


# --- forgotten ---


def warned():
    return [found.id for found in checks.the_nightly_job_runs(databases=["default"])]


def test_a_forgotten_night_is_noticed(cast, patient):
    assert warned() == []
    due(patient, cast.dana, days=2)
    assert warned() == []
    Erasure.objects.update(due_at=ago(days=4))
    assert warned() == ["exercises.W001"]
    assert checks.the_nightly_job_runs(databases=None) == []
    text = signed_in(cast.lee).get(reverse("erase", args=[patient.code])).content.decode()
    assert "the nightly job has not run" in text
    run()
    assert warned() == []


def test_old_sign_ins_tell_it_too(cast, teen):
    Session.objects.update(expire_date=ago(days=4))
    assert warned() == ["exercises.W001"]
    run()
    assert warned() == []


def test_a_new_database_has_no_nights(monkeypatch, db):
    without_a_table = mock.Mock(side_effect=DatabaseError)
    monkeypatch.setattr(Session.objects, "filter", without_a_table)
    assert warned() == []
    assert without_a_table.called
