"""How a record is left: asked for, undone, decided, and gone."""

import json
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from exercises.models import (
    Activity,
    Change,
    Erasure,
    Notice,
    Patient,
    ProgramTemplate,
    Stopwatch,
    Tombstone,
    User,
)
from exercises.models.choices import KeptBy
from exercises.services import deleting, erasure, tombstones
from exercises.words import NEWS
from tests import factories
from tests.conftest import signed_in
from tests.servers import Site
from tests.worlds import furnish, rows

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
KINDS = {
    "erasure_asked", "erasure_waits", "erasure_decided", "erasure_kept", "erasure_undone", "record_erased",
}  # fmt: skip


@pytest.fixture(autouse=True)
def own_file(settings, tmp_path):
    settings.TOMBSTONES = tmp_path / "tombstones.txt"


@contextmanager
def later(**time):
    with time_machine.travel(timezone.now() + timedelta(**time), tick=False):
        yield


def page(client, patient, name="erase", **data):
    return client.post(reverse(name, args=[patient.code]), data)


def kept_by_clinic(patient, **fields):
    patient.kept_by = KeptBy.CLINIC
    for name, value in fields.items():
        setattr(patient, name, value)
    patient.save()


def news_of(user):
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


# --- asking ---


def test_a_parent_asks_and_everybody_is_told(cast, patient, parent, teen):
    before = timezone.now()
    answer = page(parent, patient, confirm="  maya r. ")
    assert answer.status_code == 302
    asked = Erasure.objects.get()
    assert (asked.asked_by, asked.asked_as) == (cast.dana, "parent")
    assert asked.due_at
    assert before + timedelta(days=7) <= asked.due_at <= timezone.now() + timedelta(days=7)
    patient.refresh_from_db()
    assert (patient.erase_at, patient.locked_at) == (asked.due_at, None)
    assert news_of(cast.maya) == news_of(cast.lee) == ["erasure_asked"]
    assert news_of(cast.dana) == news_of(cast.omar) == []
    assert Change.objects.get(subject="erasure").what == "asked"
    assert "will be erased on" in teen.get(reverse("erase", args=[patient.code])).content.decode()


def test_logging_goes_on_until_then(cast, patient, parent, teen):
    page(parent, patient, confirm=patient.name)
    assert factories.session(patient, cast.maya).pk
    assert "Somebody asked to erase" in teen.get(reverse("today")).content.decode()
    assert "Somebody asked to erase" in parent.get(reverse("family")).content.decode()
    assert "Somebody asked to erase" in teen.get(reverse("patient", args=[patient.code])).content.decode()


def test_without_an_erasure_no_page_speaks_of_one(teen, patient):
    assert "asked to erase" not in teen.get(reverse("today")).content.decode()


@pytest.mark.parametrize(
    "typed", ["", "Maya", "Noor K.", "Maya R.\x00", "=cmd()", "\u202eMaya R.", "x" * 300]
)
def test_something_else_typed_asks_for_nothing(patient, parent, typed):
    before = rows()
    answer = page(parent, patient, confirm=typed)
    assert answer.status_code == 422
    assert 'class="invalid-feedback"' in answer.content.decode()
    assert rows() == before


def test_asking_twice_is_asking_once(cast, patient, parent):
    page(parent, patient, confirm=patient.name)
    first = Erasure.objects.get()
    with later(days=2):
        page(signed_in(cast.dana), patient, confirm=patient.name)
    again = Erasure.objects.get()
    assert (again.pk, again.due_at) == (first.pk, first.due_at)


def test_it_asks_for_the_password_again(cast, patient, parent):
    session = parent.session
    session[AUTHENTICATION_METHODS_SESSION_KEY][0]["at"] -= 3600
    session.save()
    before = rows()
    answer = page(parent, patient, confirm=patient.name)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert rows() == before
    assert parent.get(reverse("erase", args=[patient.code])).status_code == 200
    answer = parent.post(answer.headers["Location"], {"password": factories.PASSWORD})
    assert answer.status_code == 302
    assert Erasure.objects.get().asked_by == cast.dana


def test_who_opened_the_record_or_manages_it_may_ask(cast, patient, teen):
    assert page(teen, patient, confirm=patient.name).status_code == 403
    for field in ({"opened_as": "patient"}, {"self_managed": True}):
        Patient.objects.filter(pk=patient.pk).update(opened_as="", self_managed=False)
        Patient.objects.filter(pk=patient.pk).update(**field)
        assert page(teen, patient, confirm=patient.name).status_code == 302
        page(teen, patient, "erase-undo")


def test_a_therapist_does_not_ask_for_a_familys_record(patient, therapist):
    assert page(therapist, patient, confirm=patient.name).status_code == 403
    text = therapist.get(reverse("erase", args=[patient.code])).content.decode()
    assert "The family keeps this record" in text
    assert 'name="confirm"' not in text


# --- saying no ---


@pytest.mark.parametrize("who", ["maya", "dana", "lee"])
def test_anybody_on_the_team_says_no(cast, patient, parent, who):
    page(parent, patient, confirm=patient.name)
    assert page(signed_in(getattr(cast, who)), patient, "erase-undo").status_code == 302
    undone = Erasure.objects.get()
    assert undone.undone_by == getattr(cast, who)
    patient.refresh_from_db()
    assert patient.erase_at is None
    others = {"maya", "dana", "lee"} - {who}
    assert all(news_of(getattr(cast, name))[-1] == "erasure_undone" for name in others)
    with later(days=30):
        assert erasure.due(timezone.now()).count() == 0


def test_saying_no_to_nothing_changes_nothing(patient, teen):
    before = rows()
    assert page(teen, patient, "erase-undo").status_code == 302
    assert rows() == before


def test_after_a_no_it_can_be_asked_for_again(patient, parent):
    for _time in range(2):
        page(parent, patient, confirm=patient.name)
        page(parent, patient, "erase-undo")
    assert Erasure.objects.filter(undone_at=None).count() == 0
    assert Erasure.objects.count() == 2


# --- a record that the clinic keeps ---


def test_a_therapist_asks_with_a_day(cast, patient, therapist):
    kept_by_clinic(patient)
    with time_machine.travel(NOW, tick=False):
        assert page(signed_in(cast.lee), patient, confirm=patient.name, on="2027-03-01").status_code == 302
    # Midnight in Chicago.
    assert Erasure.objects.get().due_at == datetime(2027, 3, 1, 6, tzinfo=UTC)
    patient.refresh_from_db()
    assert patient.locked_at is None


def test_the_first_day_on_offer_is_a_whole_week_away(cast, patient):
    kept_by_clinic(patient)
    with time_machine.travel(NOW, tick=False):
        page(signed_in(cast.lee), patient, confirm=patient.name, on="2026-11-27")
    assert Erasure.objects.get().due_at == NOW + timedelta(days=7)


@pytest.mark.parametrize("day", ["", "2026-11-26", "2026-11-20", "1999-01-01", "9999-12-31", "soon"])
def test_no_other_day_is_taken(cast, patient, day):
    kept_by_clinic(patient)
    with time_machine.travel(NOW, tick=False):
        client, before = signed_in(cast.lee), rows()
        answer = page(client, patient, confirm=patient.name, on=day)
        assert answer.status_code == 422
        assert rows() == before


def test_a_self_managed_teen_of_a_clinic_locks_the_record(cast, patient, teen):
    kept_by_clinic(patient, self_managed=True)
    assert page(teen, patient, confirm=patient.name).status_code == 302
    patient.refresh_from_db()
    assert patient.locked_at
    assert patient.erase_at is None
    assert news_of(cast.lee) == ["erasure_waits"]
    home = teen.get(reverse("today"), follow=True)
    assert home.redirect_chain == [(reverse("patient", args=[patient.code]), 302)]
    assert "waits for the clinic" in home.content.decode()
    family = signed_in(cast.dana).get(reverse("family")).content.decode()
    assert "waits for the clinic" in family
    assert reverse("session-new", args=[patient.code]) not in family
    assert teen.get(reverse("session-new", args=[patient.code])).status_code == 403
    with later(days=30):
        assert erasure.due(timezone.now()).count() == 0


def test_only_who_asked_or_the_clinic_opens_it_again(cast, patient, teen, parent, therapist):
    kept_by_clinic(patient, self_managed=True)
    page(teen, patient, confirm=patient.name)
    before = rows()
    for client in (parent, therapist):
        assert page(client, patient, "erase-undo").status_code == 403
    assert rows() == before
    assert page(teen, patient, "erase-undo").status_code == 302
    patient.refresh_from_db()
    assert patient.locked_at is None


def test_the_clinic_keeps_the_record(cast, patient, teen, therapist):
    kept_by_clinic(patient, self_managed=True)
    page(teen, patient, confirm=patient.name)
    assert 'name="answer"' in therapist.get(reverse("erase", args=[patient.code])).content.decode()
    assert page(therapist, patient, "erase-decide", answer="keep", on="nonsense").status_code == 302
    patient.refresh_from_db()
    assert (patient.locked_at, patient.erase_at) == (None, None)
    assert news_of(cast.maya) == ["erasure_kept"]
    assert factories.session(patient, cast.maya).pk


def test_the_clinic_names_a_day(cast, patient, teen, therapist):
    kept_by_clinic(patient, self_managed=True)
    page(teen, patient, confirm=patient.name)
    day = patient.today() + timedelta(days=10)
    assert page(therapist, patient, "erase-decide", answer="erase", on=day).status_code == 302
    patient.refresh_from_db()
    assert patient.day_of(patient.erase_at) == day
    assert patient.locked_at
    assert news_of(cast.maya) == ["erasure_decided"]
    assert page(therapist, patient, "erase-decide", answer="keep").status_code == 302
    assert Erasure.objects.get().undone_at is None, "decided is decided: now there is saying no"
    assert page(teen, patient, "erase-undo").status_code == 302


@pytest.mark.parametrize(
    "data", [{}, {"answer": "maybe"}, {"answer": "erase"}, {"answer": "erase", "on": "2020-01-01"}]
)
def test_half_a_decision_is_none(patient, teen, therapist, data):
    kept_by_clinic(patient, self_managed=True)
    page(teen, patient, confirm=patient.name)
    before = rows()
    assert page(therapist, patient, "erase-decide", **data).status_code == 422
    assert rows() == before


# --- erased ---


@pytest.fixture
def world(cast):
    return furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")


def rows_of(patient, model):
    return model._base_manager.filter(**{erasure.ORDER[model]: patient.pk})


def erase(patient):
    stone = tombstones.new_stone(patient.code, day=patient.today(), asked_as="parent")
    return erasure.erase_now(patient=patient, stone=stone)


def test_everything_goes_and_nothing_else(cast, patient, world):
    other = furnish(cast.other, cast.noor, cast.omar, cast.kim, "noor")
    before = {name: len(found) for name, found in rows().items()}
    kept = {model: rows_of(cast.other, model).count() for model in erasure.ORDER}
    assert erase(patient) is True
    for model in erasure.ORDER:
        assert not rows_of(patient, model).exists(), model
        assert rows_of(cast.other, model).count() == kept[model], model
    assert before["Patient"] == 2 and Patient.objects.get() == cast.other
    assert other.note.text == type(other.note).objects.get().text
    assert Activity.objects.filter(owner=cast.lee).count() == 3, "a therapist's own stay"
    assert ProgramTemplate.objects.filter(owner=cast.lee).exists()


def test_the_order_names_every_model_that_reaches_a_patient():
    reach: set[type[Model]] = {Patient}
    while more := {
        model
        for model in apps.get_app_config("exercises").get_models()
        for field in model._meta.concrete_fields
        if model not in reach and field.related_model in reach
    }:
        reach |= more
    assert reach == set(erasure.ORDER)


def test_what_points_at_a_row_goes_before_it():
    order = list(erasure.ORDER)
    for model in order:
        for field in model._meta.concrete_fields:
            if field.related_model in order and field.related_model is not model:
                assert order.index(model) < order.index(field.related_model), (model, field.name)


def test_erasing_twice_is_erasing_once(patient, world):
    assert erase(patient) is True
    assert erase(patient) is False
    assert Tombstone.objects.count() == 1


@pytest.mark.parametrize("at", ["first", "last", "account"])
def test_all_of_it_or_nothing(cast, patient, world, monkeypatch, at):
    def broken(*args, **kwargs):
        if at == "account" or args[0].model is {"first": next(iter(erasure.ORDER)), "last": Patient}[at]:
            raise RuntimeError("the lights went out")
        return real(*args, **kwargs)

    real = deleting.delete_rows
    monkeypatch.setattr(erasure, "scrub" if at == "account" else "delete_rows", broken)
    before, sign_ins = rows(), Session.objects.count()
    with pytest.raises(RuntimeError, match="lights"):
        erase(patient)
    assert rows() == before
    assert Session.objects.count() == sign_ins


def test_the_teens_account_goes_with_the_record(cast, patient, teen, parent, therapist):
    assert Session.objects.count() == 3
    erase(patient)
    cast.maya.refresh_from_db()
    assert not cast.maya.is_active
    assert cast.maya.username.startswith("closed-")
    for name in ("dana", "lee"):
        user = getattr(cast, name)
        user.refresh_from_db()
        assert (user.username, user.is_active) == (name, True)
        assert news_of(user) == ["record_erased"]
    assert Session.objects.count() == 0, "everybody of the team signs in anew"


@pytest.mark.parametrize("other", ["clinician", "parent"])
def test_an_account_that_is_for_other_things_stays(cast, patient, other):
    if other == "clinician":
        User.objects.filter(pk=cast.maya.pk).update(is_clinician=True)
    else:
        factories.link(cast.other, cast.maya, "parent")
    erase(patient)
    cast.maya.refresh_from_db()
    assert (cast.maya.is_active, cast.maya.username) == (True, "maya")


def test_a_familys_own_activities_go_unless_another_record_needs_them(cast, patient):
    mine = factories.activity("Stairs at home", owner=cast.dana)
    shared = factories.activity("Stairs at school", owner=cast.dana)
    factories.item(patient.programs.get(), mine)
    factories.item(patient.programs.get(), shared)
    factories.item(cast.other.programs.get(), shared)
    erase(patient)
    assert list(Activity.objects.filter(owner=cast.dana)) == [shared]


def test_everything_that_names_an_activity_keeps_it():
    models = apps.get_app_config("exercises").get_models()
    naming = {
        model
        for model in models
        if any(field.related_model is Activity for field in model._meta.concrete_fields)
    }
    assert naming == {Activity, *erasure.USES_ACTIVITIES}


@pytest.mark.parametrize("name", ["easier", "harder", "copy_of"])
def test_another_activity_forgets_the_one_that_went(cast, patient, name):
    mine = factories.activity("Stairs at home", owner=cast.dana)
    copy = factories.activity("Stairs at the clinic", owner=cast.lee)
    setattr(copy, name, mine)
    copy.save()
    erase(patient)
    assert not Activity.objects.filter(pk=mine.pk).exists()
    copy.refresh_from_db()
    assert getattr(copy, name) is None


def test_activities_that_name_each_other_go_together(cast, patient):
    first = factories.activity("Stairs", owner=cast.dana)
    second = factories.activity("Stairs, slowly", owner=cast.dana, harder=first, copy_of=first)
    Activity.objects.filter(pk=first.pk).update(easier=second)
    erase(patient)
    assert not Activity.objects.exists()


def test_what_runs_in_another_record_keeps_its_activity(cast, patient):
    mine = factories.activity("Stairs at home", "cardio", owner=cast.dana)
    Stopwatch.objects.create(
        patient=cast.other, strand="cardio", activity=mine, started_by=cast.noor, entered_as="patient"
    )
    erase(patient)
    assert Activity.objects.filter(pk=mine.pk).exists()


def test_what_runs_goes_too(cast, patient):
    Stopwatch.objects.create(patient=patient, strand="cardio", started_by=cast.maya, entered_as="patient")
    erase(patient)
    assert not Stopwatch.objects.exists()


def test_the_news_names_nobody(cast, patient, world):
    erase(patient)
    assert Notice.objects.filter(kind="record_erased").values_list("params", flat=True)[0].keys() == {"day"}


def test_there_is_a_sentence_for_each_news():
    assert set(NEWS) >= KINDS


def test_an_erased_record_is_unknown(cast, patient, parent):
    erase(patient)
    assert signed_in(cast.dana).get(reverse("patient", args=[patient.code])).status_code == 404


# --- tombstones ---


def test_a_tombstone_knows_the_code_and_nothing_else(patient):
    erase(patient)
    stone = Tombstone.objects.get()
    assert tombstones.stone_of(patient.code, tombstones.stones())
    assert tombstones.stone_of(UUID(int=1), tombstones.stones()) is None
    assert len(stone.salt) == 32 and stone.asked_as == "parent"
    assert str(patient.code) not in f"{stone.salt}{stone.digest}"


def test_the_file_takes_each_stone_once(patient, settings):
    erase(patient)
    assert (tombstones.write_to_file(), tombstones.write_to_file()) == (1, 0)
    assert settings.TOMBSTONES.read_text().count("amps-tombstone") == 1
    assert settings.TOMBSTONES.stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_cut_off_spoils_no_other(cast, patient, settings):
    settings.TOMBSTONES.write_bytes(b"amps-tombstone 1 0123\xff")
    erase(patient)
    tombstones.write_to_file()
    Tombstone.objects.all()._raw_delete("default")
    assert {stone.asked_as for stone in tombstones.stones()} == {"parent"}


def test_row_22_a_restored_backup_forgets_again(cast, patient, world):
    """The database is put back to before the erasure; the file beside it is not."""
    stone = tombstones.new_stone(patient.code, day=patient.today(), asked_as="parent")
    tombstones.keep(stone)
    tombstones.write_to_file()
    Tombstone.objects.all()._raw_delete("default")
    assert Patient.objects.filter(pk=patient.pk).exists()
    call_command("tick", verbosity=0)
    assert list(Patient.objects.all()) == [cast.other]
    assert Tombstone.objects.get().digest == stone.digest


# --- as bytes ---


def found_in(folder, words):
    """Which of ``words`` (bytes) stand in any file of the installation."""
    data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return {word for word in words if word in data}


def forms_of(code):
    plain = UUID(code)
    return {code.encode(), plain.hex.encode(), plain.bytes, code.upper().encode(), plain.hex.upper().encode()}


@pytest.mark.parametrize("journal", ["as it is", "wal"])
def test_row_22_an_erased_record_is_nowhere_in_the_file(tmp_path, journal):
    folder = tmp_path / "data"
    folder.mkdir()
    site = Site(tmp_path, f"sqlite:///{folder / 'amps.sqlite3'}")
    migrated = site.manage("migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr
    if journal == "wal":
        with sqlite3.connect(folder / "amps.sqlite3") as file:
            file.execute("PRAGMA journal_mode=wal")
        file.close()
    filled = site.python("-m", "tests.erased", "fill")
    assert filled.returncode == 0, filled.stderr
    codes = json.loads(filled.stdout.splitlines()[-1])
    words, code = {b"kanarie-gone"}, UUID(codes["gone"])
    assert found_in(folder, words | {code.hex.encode()}) == words | {code.hex.encode()}, "the control"

    ticked = site.manage("tick")
    assert ticked.returncode == 0, ticked.stderr
    assert "records erased: 1\n" in ticked.stdout
    assert "database files rewritten: 1\n" in ticked.stdout
    assert found_in(folder, words | forms_of(codes["gone"])) == set()
    other = {b"kanarie-stays", UUID(codes["stays"]).hex.encode()}
    assert found_in(folder, other) == other
    assert "amps-tombstone" in (folder / "tombstones.txt").read_text()
    left = json.loads(site.python("-m", "tests.erased", "sign-ins").stdout.splitlines()[-1])
    assert left == {"names": ["lee-stays", "parent-stays", "teen-kanarie-stays"], "listed": 3}
    assert "records erased: 0\n" in site.manage("tick").stdout
