"""A copy of a record: what is in whose, that it is one moment, that it is asked for by the right person."""

import json
import re
from datetime import time, timedelta
from io import BytesIO
from pathlib import Path

import jsonschema
import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises import access
from exercises.days import ONE_DAY
from exercises.exports.record import record_file
from exercises.exports.schema import schema
from exercises.models import AccessRecord, CareTeamMember, DailyLog, RoutineSlot, TherapySession
from exercises.queries.record_table import RECORD, SECTIONS
from exercises.services import goals, sessions
from exercises.services.sessions import Bout
from exercises.session_keys import SHARED_DEVICE
from tests import factories
from tests.conftest import signed_in
from tests.worlds import furnish, rows

DOCS = Path(__file__).resolve().parent.parent / "docs"


@pytest.fixture
def worlds(cast):
    own = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    other = furnish(cast.other, cast.noor, cast.omar, cast.kim, "noor")
    return own, other


def copy_for(cast, user):
    with record_file(factories.viewer(cast.patient, user)) as file:
        return json.loads(file.read())


def download(client, patient):
    response = client.post(reverse("export", args=[patient.code]))
    assert response.status_code == 200
    return json.loads(b"".join(response.streaming_content))


# --- what is in it ----------------------------------------------------------------------------------------


def test_the_teen_gets_everything(cast, worlds):
    own, _other = worlds
    copy = copy_for(cast, cast.maya)
    text = json.dumps(copy)
    for word in (
        "Name", "Own", "Technique", "Words", "Load", "Slot", "Note", "Question", "Goal", "Private", "Reason",
        "Sign", "Private sign", "Step", "Private step", "Course", "Intention", "Parents cheer",
        "Therapists cheer",
    ):  # fmt: skip
        assert f"{word} {own.word}" in text
    assert (copy["schema"], copy["version"], copy["complete"]) == ("amps-tracker/record", 1, True)
    assert copy["record"]["code"] == str(cast.patient.code)
    assert [one["strand"] for one in copy["sessions"]] == ["exercises", "stress", "desensitization", "cardio"]
    assert copy["days"][0]["harder"] is True
    assert copy["changes"][0]["before"] == {"paper": True}
    for section in SECTIONS:
        assert copy[section.name], section.name


def test_a_therapist_gets_what_they_may_read(cast, worlds):
    own, _other = worlds
    own.note.to = "psychology"
    own.note.save()
    psychologist = factories.user("psy", is_clinician=True)
    factories.link(cast.patient, psychologist, "therapist", discipline="psychology")
    assert copy_for(cast, cast.lee)["notes"] == []
    assert copy_for(cast, psychologist)["notes"][0]["text"] == f"Note {own.word}"
    assert copy_for(cast, cast.lee)["complete"] is True


# What is kept from parents, by the section it would stand in.
KEPT_FROM_PARENTS = {
    "sessions": {
        "started_at", "recorded_at", "received_at", "zone", "slot", "added_later", "clock_doubt", "source",
        "entered_by", "entered_as", "corrected", "voided_at", "voided_by", "version",
    },
    "record": {
        "paper", "timer_hidden", "chime", "school_from", "school_until", "night_from", "plain_look",
        "sleep_on", "parents_from_asked", "parents_from_asked_as",
    },
    "team": {"of_age", "muted_at"},
    "programs": {"accepted_at", "accepted_by", "talk_at", "talk_by"},
    "ladder_moves": {"at", "by", "entered_as"},
    "routine_periods": {"ended_at"},
    "days": {"harder", "friends", "bed_at", "up_at", "added_later", "by_parents", "last_entry_at"},
    "looks": {"hour"},
    "broken_glass": {"at", "until"},
    "slots": {"at"},
    "goals": {"private", "created_at"},
    "goal_steps": {"added_by", "created_at"},
    "measures": {"added_by", "entered_as", "added_at", "voided_at", "voided_by"},
    "days_off": {"asked_at", "answered_at", "answered_by", "withdrawn_at", "withdrawn_by"},
}  # fmt: skip


def test_a_parent_gets_what_their_pages_show(cast, worlds):
    own, _other = worlds
    copy = copy_for(cast, cast.dana)
    text = json.dumps(copy)
    for word in (
        "Technique", "Note", "Question", "Private", "Private sign", "Private step", "Intention",
        "Therapists cheer",
    ):  # fmt: skip
        assert f"{word} {own.word}" not in text
    for word in (
        "Name", "Own", "Words", "Load", "Goal", "Reason", "Sign", "Step", "Course", "Parents cheer",
    ):  # fmt: skip
        assert f"{word} {own.word}" in text
    assert copy["complete"] is False
    assert str(own.private_goal.client_id) not in text
    for name in ("notes", "changes", "sign_in_cards", "intentions"):
        assert name not in copy
    for name, hidden in KEPT_FROM_PARENTS.items():
        first = copy[name] if name == "record" else copy[name][0]
        assert first and not hidden & set(first), name
    stress = next(one for one in copy["sessions"] if one["strand"] == "stress")
    assert (stress["activity"], stress["items"]) == (None, [])


def test_a_parent_gets_their_own_questions_only(cast, worlds):
    own, _other = worlds
    own.question.pk, own.question._state.adding = None, True
    own.question.author, own.question.text = cast.dana, "How long?"
    own.question.client_id = own.note.client_id
    own.question.save()
    assert [one["text"] for one in copy_for(cast, cast.dana)["questions"]] == ["How long?"]


def test_a_parent_learns_of_no_removed_entry_and_no_mark(cast, patient):
    """Not even from a day that would stand there with nothing on it."""
    removed = factories.session(patient, cast.maya, day=patient.today() - timedelta(days=2))
    viewer = factories.viewer(patient, cast.maya)
    sessions.void_session(viewer=viewer, client_id=removed.client_id)
    DailyLog.objects.create(patient=patient, day=patient.today(), harder=True, friends="yes")
    copy = copy_for(cast, cast.dana)
    assert (copy["sessions"], copy["days"]) == ([], [])
    assert len(copy_for(cast, cast.maya)["days"]) == 2
    assert copy_for(cast, cast.maya)["sessions"][0]["voided_by"]


def test_a_parents_copy_counts_no_private_goals_and_has_no_removed_measure(cast, worlds):
    own, _other = worlds
    assert {one["kind"] for one in copy_for(cast, cast.maya)["milestones"]} >= {"cardio", "steps"}
    assert {one["kind"] for one in copy_for(cast, cast.dana)["milestones"]} & {"steps", "goals"} == set()
    own.measure.voided_at, own.measure.voided_by = timezone.now(), cast.lee
    own.measure.save()
    assert copy_for(cast, cast.dana)["measures"] == []
    assert copy_for(cast, cast.maya)["measures"][0]["voided_at"]


def test_cheers_are_the_teens_and_each_senders(cast, worlds):
    def senders(user):
        copy = copy_for(cast, user)
        roles = {person["ref"]: person["role"] for person in copy["people"]}
        return {roles[one["by"]] for one in copy["cheers"]}

    assert senders(cast.maya) == {"parent", "therapist"}
    assert (senders(cast.dana), senders(cast.lee)) == ({"parent"}, {"therapist"})


def test_nobody_learns_that_they_are_muted(cast, worlds):
    """The teen's copy says so; nobody else's has even a place for it."""
    cast.patient.team.filter(user__in=(cast.dana, cast.lee)).update(muted_at=timezone.now())
    team = {row["role"]: row for row in copy_for(cast, cast.maya)["team"]}
    assert team["parent"]["muted_at"] and team["therapist"]["muted_at"]
    assert team["patient"]["muted_at"] is None
    for user in (cast.dana, cast.lee):
        copy = copy_for(cast, user)
        assert "muted" not in json.dumps(copy)
        assert len(copy["cheers"]) == 1
    cast.patient.team.filter(user=cast.maya).delete()
    assert "muted" not in json.dumps(copy_for(cast, cast.dana))


def test_sleep_times_are_for_teen_and_therapist(cast, patient):
    """A day with nothing else on it is in no parent's copy."""
    DailyLog.objects.create(patient=patient, day=patient.today(), bed_at=time(22, 30), up_at=time(7))
    for user in (cast.maya, cast.lee):
        (day,) = copy_for(cast, user)["days"]
        assert (day["bed_at"], day["up_at"]) == ("22:30:00", "07:00:00")
    assert copy_for(cast, cast.dana)["days"] == []


def test_before_the_agreed_hour_a_parents_copy_ends_yesterday(cast, patient, time_machine):
    """But for what the parent entered; the teen's and the therapist's have it all."""
    time_machine.move_to("2026-11-20T20:00:00+00:00", tick=False)
    patient.parents_from = time(17)
    patient.save()
    factories.session(patient, cast.maya, "cardio", 37, day=patient.today() - ONE_DAY)
    factories.session(patient, cast.maya, "exercises", 41)
    factories.session(patient, cast.dana, "cardio", 43)
    patient.daily_logs.update(school="all")
    factories.milestone(patient, "exercises", 25)

    def seen(user):
        copy = copy_for(cast, user)
        minutes = {one["minutes"] for one in copy["sessions"]}
        marks = {(one["kind"], one["number"]) for one in copy["milestones"]}
        days = [one["day"] for one in copy["days"]]
        return minutes, days, ("exercises", 25) in marks, copy["record"]["last_logged_on"]

    whole = ({37, 41, 43}, ["2026-11-19", "2026-11-20"], True, "2026-11-20")
    assert seen(cast.dana) == ({37, 43}, ["2026-11-19"], False, "2026-11-19")
    assert seen(cast.maya) == seen(cast.lee) == whole
    time_machine.move_to("2026-11-20T23:00:00+00:00", tick=False)
    assert seen(cast.dana) == whole


def test_a_value_is_the_number_that_was_measured(cast, patient):
    for number, value in enumerate(("0", "12.5", "99999.99", "610")):
        factories.measure(patient, cast.lee, "box_lift", value, taken_on=patient.today() - ONE_DAY * number)
    assert [one["value"] for one in copy_for(cast, cast.maya)["measures"]] == [610, 99999.99, 12.5, 0]


def test_a_parents_copy_names_no_entry_that_was_removed(cast, patient):
    exercises = factories.session(patient, cast.maya, "exercises", 12, rough=True)
    (one,) = (row for row in copy_for(cast, cast.dana)["sessions"] if row["together_with"])
    assert one["together_with"] == str(exercises.client_id)
    TherapySession.objects.filter(pk=exercises.pk).update(voided_at=timezone.now(), voided_by=cast.maya)
    assert [row["together_with"] for row in copy_for(cast, cast.dana)["sessions"]] == [None]
    assert str(exercises.client_id) in [row["together_with"] for row in copy_for(cast, cast.lee)["sessions"]]


def test_an_activity_names_others_only_where_they_are_in_the_copy_too(cast, worlds):
    own, _other = worlds
    activity = own.session.activity
    activity.easier, activity.harder = own.technique, factories.activity("Hidden", owner=cast.lee)
    activity.copy_of = activity.harder
    activity.save()
    copy = copy_for(cast, cast.maya)
    named = {row["name"]: row for row in copy["activities"]}
    assert "Hidden" not in named
    row = named[f"Own {own.word}"]
    assert row["easier"] == named[f"Prescribed {own.word}"]["ref"]
    assert (row["harder"], row["copy_of"]) == (None, None)


def test_a_parent_gets_looks_by_the_day_once(cast, patient):
    noon = timezone.now().replace(hour=18, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for hour in (noon, noon + timedelta(hours=1)):
        AccessRecord.objects.create(
            patient=patient, user=cast.lee, seen_as="therapist", kind="days", hour=hour
        )
    AccessRecord.objects.create(patient=patient, user=cast.maya, seen_as="patient", kind="days", hour=noon)
    (look,) = copy_for(cast, cast.dana)["looks"]
    assert (look["day"], look["seen_as"], look["kind"]) == (noon.date().isoformat(), "therapist", "days")
    assert len(copy_for(cast, cast.maya)["looks"]) == 2


def test_a_parents_copy_tells_no_hours_by_its_order(cast, patient):
    """The same looks, the hours turned round: the same lines."""
    noon = timezone.now().replace(hour=18, minute=0, second=0, microsecond=0) - timedelta(days=3)
    looks = [
        (cast.lee, "therapist", "record"),
        (cast.dana, "parent", "days"),
        (cast.lee, "therapist", "days"),
    ]
    copies = []
    for day, turn in enumerate((looks, looks[::-1])):
        AccessRecord.objects.bulk_create(
            AccessRecord(
                patient=patient,
                user=user,
                seen_as=role,
                kind=kind,
                hour=noon + timedelta(days=day, hours=hour),
            )
            for hour, (user, role, kind) in enumerate(turn)
        )
    lines = copy_for(cast, cast.dana)["looks"]
    for at in (noon, noon + timedelta(days=1)):
        there = [look for look in lines if look["day"] == at.date().isoformat()]
        copies.append([(look["user"], look["kind"]) for look in there])
    assert len(lines) == 6
    assert copies[0] == copies[1]


def test_a_parent_of_a_child_without_an_account_gets_everything(cast, worlds):
    cast.patient.team.filter(user=cast.maya).delete()
    copy = copy_for(cast, cast.dana)
    assert copy["complete"] is True
    assert copy["notes"] and copy["changes"]


def test_nothing_of_another_family_is_in_it(cast, worlds):
    _own, other = worlds
    for user in (cast.maya, cast.dana, cast.lee):
        text = json.dumps(copy_for(cast, user))
        assert other.word not in text
        assert str(cast.other.code) not in text


def test_people_are_a_role_and_a_name(cast, worlds):
    for user, first, last in ((cast.maya, "Maya", "R."), (cast.lee, "", "")):
        user.first_name, user.last_name, user.email = first, last, f"{user.username}@example.org"
        user.save()
    copy = copy_for(cast, cast.maya)
    people = {person["role"]: person for person in copy["people"]}
    assert people["patient"] == {"ref": 1, "role": "patient", "name": "Maya R.", "discipline": ""}
    assert people["therapist"] == {"ref": 3, "role": "therapist", "name": "", "discipline": "pt"}
    text = json.dumps(copy).replace(f"kanarie-{cast.maya.username}", "")
    assert "example.org" not in text
    assert '"maya"' not in text and '"lee"' not in text


def test_no_code_and_no_digest_is_in_it(cast, worlds):
    text = json.dumps(copy_for(cast, cast.maya))
    for row in (*cast.patient.invitations.all(), *cast.patient.sign_in_cards.all()):
        assert row.code_digest not in text
    assert cast.patient.sessions.first().digest not in text


def test_what_a_change_is_about_is_named_as_the_file_names_it(cast, worlds):
    own, _other = worlds
    viewer = factories.viewer(cast.patient, cast.maya)
    bout = Bout(day=cast.patient.today(), strand="exercises", minutes=20, activity=own.session.activity)
    sessions.correct_session(viewer=viewer, client_id=own.session.client_id, version=1, bout=bout)
    goals.reach_goal(viewer=viewer, goal=own.goal)
    *_old, session, goal = copy_for(cast, cast.maya)["changes"]
    assert (session["subject"], session["of"]) == ("session", str(own.session.client_id))
    assert (session["before"]["minutes"], session["after"]["minutes"]) == (30, 20)
    assert (session["before"]["activity"], session["before"]["items"]) == (2, [2])
    assert (goal["subject"], goal["of"]) == ("goal", str(own.goal.client_id))


def test_items_stand_inside_their_own_session(cast, patient):
    """However many there are: sessions and items are read side by side."""
    activity = factories.activity()
    items = [factories.item(patient.programs.get(), activity, order=n) for n in range(3)]
    for number in range(12):
        day = patient.today() - timedelta(days=number // 4)
        factories.session(patient, cast.maya, "exercises", 10 + number, day=day, items=items[: number % 4])
    copied = copy_for(cast, cast.maya)["sessions"]
    assert len(copied) == 12
    for one in copied:
        count = (one["minutes"] - 10) % 4
        assert [item["program_item"] for item in one["items"]] == list(range(1, count + 1))


def test_instants_are_in_utc_to_the_microsecond(cast, patient):
    session = factories.session(patient, cast.maya)
    (one,) = copy_for(cast, cast.maya)["sessions"]
    assert one["recorded_at"] == session.recorded_at.isoformat()
    assert one["recorded_at"].endswith("+00:00")
    assert one["day"] == patient.today().isoformat()


# --- how it is made ---------------------------------------------------------------------------------------


def test_a_constant_number_of_queries(cast, worlds, django_assert_num_queries):
    viewer = factories.viewer(cast.patient, cast.maya)
    with django_assert_num_queries(32):
        record_file(viewer).close()
    log = cast.patient.daily_logs.get()
    add_sessions(log, 2500, cast.maya)
    with django_assert_num_queries(32), record_file(viewer) as file:
        copy = json.loads(file.read())
    assert len(copy["sessions"]) == 2504


def add_sessions(log, count, user):
    now = timezone.now()
    TherapySession.objects.bulk_create(
        TherapySession(
            patient=log.patient,
            client_id=f"00000000-0000-4000-8000-{number:012}",
            digest=f"{number:064}",
            daily_log=log,
            strand="cardio",
            minutes=15,
            recorded_at=now,
            received_at=now,
            zone="UTC",
            entered_by=user,
            entered_as="patient",
        )
        for number in range(count)
    )


def test_a_large_copy_waits_on_the_disk(cast, patient, monkeypatch):
    monkeypatch.setattr("exercises.exports.record.SMALL", 100)
    with record_file(factories.viewer(patient, cast.maya)) as file:
        assert not isinstance(file, BytesIO)
        assert json.loads(file.read())["record"]["name"] == "Maya R."


# --- its description --------------------------------------------------------------------------------------


def test_the_description_is_the_one_in_the_docs(capsys):
    call_command("record_schema")
    made = json.loads(capsys.readouterr().out)
    assert json.loads((DOCS / "record.schema.json").read_text()) == made == schema()


def test_every_copy_is_as_described(cast, worlds):
    jsonschema.Draft202012Validator.check_schema(schema())
    for user in (cast.maya, cast.dana, cast.lee):
        jsonschema.validate(copy_for(cast, user), schema(), format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("version",), 2),
        (("record", "zone"), 7),
        (("sessions", 0, "minutes"), "15"),
        (("sessions", 0, "strand"), "yoga"),
        (("sessions", 0, "pain"), 3),
        (("team", 0, "user"), None),
    ],
)
def test_the_description_refuses_what_is_not_a_copy(cast, worlds, place, value):
    copy = copy_for(cast, cast.maya)
    part = copy
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(copy, schema())


def test_the_docs_name_every_field():
    text = (DOCS / "export.md").read_text()
    chapters = dict(re.findall(r"^### `(\w+)`.*?\n(.*?)(?=^##|\Z)", text, re.DOTALL | re.MULTILINE))
    for section in SECTIONS:
        keys = {section.key(name) for name in section.fields()} | set(section.derived)
        inner = section.inner
        keys |= {inner.key(name) for name in inner.fields()} if inner else set()
        for key in keys:
            assert f"`{key}`" in chapters[section.name], f"{section.name}: {key}"
    assert RECORD in SECTIONS


# --- the page ---------------------------------------------------------------------------------------------


def test_the_page_says_what_is_in_it(cast, worlds):
    for user, shown, hidden in (
        (cast.maya, "Your notes, your questions", "what your pages show you"),
        (cast.dana, "what your pages show you", "harder days.</li>"),
        (cast.lee, "Notes and questions that you may read", "what your pages show you"),
    ):
        body = signed_in(user).get(reverse("export", args=[cast.patient.code])).content.decode()
        assert shown in body
        assert hidden not in body


def test_each_of_the_team_downloads_their_own_cut(cast, worlds):
    for user, complete in ((cast.maya, True), (cast.dana, False), (cast.lee, True)):
        assert download(signed_in(user), cast.patient)["complete"] is complete


def test_it_comes_as_a_file_that_no_cache_keeps(teen, patient):
    response = teen.post(reverse("export", args=[patient.code]))
    name = f"amps-{patient.today()}.json"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert int(response.headers["Content-Length"]) == len(b"".join(response.streaming_content))


def test_it_writes_nothing_in_the_record(cast, worlds, teen):
    before = rows()
    download(teen, cast.patient)
    assert rows() == before


@pytest.mark.parametrize("who", ["sam", "noor", "omar", "kim"])
def test_a_stranger_finds_nothing(cast, worlds, who):
    client, before = signed_in(getattr(cast, who)), rows()
    url = reverse("export", args=[cast.patient.code])
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    assert rows() == before
    assert not AccessRecord.objects.filter(kind="export").exists()


def test_an_ended_link_gets_no_copy(cast, parent, patient):
    CareTeamMember.objects.filter(user=cast.dana).update(until=timezone.now())
    assert parent.post(reverse("export", args=[patient.code])).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_do_not_exist(teen, patient, method):
    assert getattr(teen, method)(reverse("export", args=[patient.code])).status_code == 405


def test_signed_out_nobody_gets_anything(patient):
    url = reverse("export", args=[patient.code])
    assert Client().post(url).headers["Location"].startswith(reverse("account_login"))


def test_an_old_sign_in_is_asked_for_the_password_first(cast, patient):
    """Both ways; and the download is pressed anew then, on its own page."""
    client = Client()
    client.force_login(cast.maya)
    url = reverse("export", args=[patient.code])
    asked = client.get(url)
    assert asked.status_code == 302 and reverse("account_reauthenticate") in asked.headers["Location"]
    assert client.post(url).headers["Location"] == url
    back = client.post(asked.headers["Location"], {"password": factories.PASSWORD, "next": url})
    assert back.headers["Location"] == url
    assert client.get(url).status_code == 200
    assert download(client, patient)["complete"]


def test_every_copy_is_noted_but_the_teens_own(cast, worlds):
    for user in (cast.maya, cast.dana, cast.lee):
        download(signed_in(user), cast.patient)
    noted = AccessRecord.objects.filter(patient=cast.patient, kind="export").values_list("user", flat=True)
    assert set(noted) == {cast.dana.pk, cast.lee.pk}


def test_row_18_ten_copies_an_hour(cast, patient, time_machine):
    time_machine.move_to("2026-11-20T18:00:00+00:00", tick=False)
    url = reverse("export", args=[patient.code])
    client = signed_in(cast.maya)
    for _turn in range(10):
        assert client.post(url).status_code == 200
    refused = client.post(url)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "3600"
    assert signed_in(cast.dana).post(url).status_code == 200
    time_machine.move_to("2026-11-20T19:00:01+00:00", tick=False)
    assert signed_in(cast.maya).post(url).status_code == 200


def test_on_a_shared_device_private_words_stay_out(cast, worlds):
    own, _other = worlds
    client = signed_in(cast.maya)
    session = client.session
    session[SHARED_DEVICE] = True
    session.save()
    page = client.get(reverse("export", args=[cast.patient.code])).content.decode()
    assert "Closed on a shared device" in page
    copy = download(client, cast.patient)
    text = json.dumps(copy)
    assert copy["complete"] is False
    for word in ("Note", "Question", "Private", "Private step", "Intention"):
        assert f"{word} {own.word}" not in text
    assert f"Goal {own.word}" in text


def test_through_borrowed_eyes_nothing_is_copied(cast, worlds):
    """The page is not there while a teen looks as a parent; a download is always one's own."""
    client = signed_in(cast.maya)
    link = cast.patient.team.get(user=cast.dana)
    client.post(reverse("team-preview", args=[cast.patient.code]), {"member": link.pk})
    assert client.get(reverse("export", args=[cast.patient.code])).status_code == 403
    assert download(client, cast.patient)["complete"] is True


def test_whoever_does_not_agree_to_a_new_wording_may_take_a_copy_along(cast, patient, parent):
    patient.team.filter(user=cast.dana).update(consented_to="2020-01")
    url = reverse("export", args=[patient.code])
    assert parent.get(reverse("patient", args=[patient.code])).status_code == 302
    assert parent.get(url).status_code == 200
    assert parent.post(url).status_code == 200


def test_the_rights_of_the_table_are_all_for_reading():
    from exercises.queries.record_table import RIGHTS

    assert RIGHTS <= access.READING
    assert RoutineSlot in {section.model for section in SECTIONS}
