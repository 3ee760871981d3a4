"""A copy comes back as it was; and what is not a copy leaves nothing behind."""

import copy as copies
import json
import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercises.days import Recorded
from exercises.exports.record import record_file
from exercises.models import (
    Activity,
    CareTeamMember,
    Change,
    Erasure,
    Patient,
    ProgramTemplate,
    TherapySession,
    User,
)
from exercises.queries.record_table import SECTIONS, SUBJECTS
from exercises.services import audit, demo, goals, sessions, tombstones
from exercises.services.erasure import ORDER
from exercises.services.imports import import_record
from exercises.services.imports.parsing import Unreadable
from exercises.services.sessions import Bout
from tests import factories
from tests.conftest import signed_in
from tests.worlds import furnish, rows


def copy_of(patient, user):
    with record_file(factories.viewer(patient, user)) as file:
        return json.loads(file.read())


def empty():
    """As a new installation: accounts are there, a record is not."""
    for model in ORDER:
        rows = model._base_manager.all()
        rows._raw_delete(rows.db)
    ProgramTemplate.objects.all().delete()
    Activity.objects.filter(key=None).update(easier=None, harder=None, copy_of=None)
    Activity.objects.filter(key=None).delete()


@pytest.fixture
def world(cast):
    """One furnished record with corrections of all kinds, on a team where all have left but the family."""
    own = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    cast.maya.first_name, cast.lee.first_name = "Maya", "Lee"
    cast.maya.save()
    cast.lee.save()
    viewer = factories.viewer(cast.patient, cast.maya)
    bout = Bout(day=cast.patient.today(), strand="exercises", minutes=20)
    sessions.correct_session(viewer=viewer, client_id=own.session.client_id, version=1, bout=bout)
    sessions.void_session(viewer=viewer, client_id=own.by_parent.client_id)
    goals.reach_goal(viewer=viewer, goal=own.goal)
    factories.session(cast.patient, cast.maya, "exercises", 12, rough=True)
    _plan_to_keep_up(cast)
    _what_came_back(cast, own)
    Activity.objects.filter(pk=own.session.activity_id).update(easier=own.technique, goal_sets=3)
    return own


def _what_came_back(cast, own):
    """A step that is reached, a measure that was removed; and something set aside, muted and timed."""
    patient, now = cast.patient, timezone.now()
    goals.reach_step(viewer=factories.viewer(patient, cast.maya), step=own.step)
    factories.goal(patient, cast.maya, "Fly", set_aside_on=patient.today())
    factories.measure(
        patient,
        cast.lee,
        "own",
        "12.50",
        name="Hops",
        unit="hops",
        better="higher",
        side="left",
        voided_at=now,
        voided_by=cast.lee,
    )
    factories.measure(patient, cast.lee, "school", 4, out_of=5)
    patient.team.filter(user=cast.dana).update(muted_at=now)
    patient.daily_logs.update(bed_at=time(22, 30), up_at=time(7))
    patient.questions.update(may_be_said=True)
    own.question.refresh_from_db()
    Patient.objects.filter(pk=patient.pk).update(
        sleep_on=True,
        plain_look=True,
        parents_from=time(17),
        parents_from_asked=time(18),
        parents_from_asked_as="patient",
    )


def _plan_to_keep_up(cast):
    factories.program(
        cast.patient,
        cast.patient.today() + timedelta(days=3),
        kind="keeping_up",
        week_cardio=3,
        flare_plan=cast.patient.programs.get(version=1),
        accepted_at=timezone.now(),
        accepted_by=cast.maya,
        areas_rule="each",
        touch_areas=["left_foot"],
        harder_rule="smaller",
        smaller_cardio=5,
    )


@pytest.fixture
def whole(cast, world):
    """The teen's copy, and nothing else left."""
    copy = copy_of(cast.patient, cast.maya)
    empty()
    return copy


def take_in(cast, copy, **people):
    people = people or {"teen": cast.maya, "parents": [cast.dana], "therapists": [cast.lee]}
    return import_record(copy=copy, **people)


def without_what_stays_behind(copy):
    """A copy of a copy differs in when it was made, and in what opens or ends something elsewhere."""
    copy = copies.deepcopy(copy)
    del copy["made_at"]
    for row in copy["invitations"] + copy["sign_in_cards"]:
        row.pop("revoked_at")
        row.pop("revoked_by", None)
    return copy


# --- there and back ---------------------------------------------------------------------------------------


def test_a_copy_of_a_copy_is_the_copy(cast, whole):
    done = take_in(cast, whole)
    again = copy_of(done.patient, cast.maya)
    assert without_what_stays_behind(again) == without_what_stays_behind(whole)
    assert audit.check_totals().differences == ()
    assert (done.days, done.sessions, done.strangers) == (1, 6, 0)
    for section in SECTIONS:
        assert whole[section.name], section.name


def test_a_therapists_copy_comes_back_too(cast, world):
    copy = copy_of(cast.patient, cast.lee)
    empty()
    done = take_in(cast, copy)
    assert without_what_stays_behind(copy_of(done.patient, cast.lee)) == without_what_stays_behind(copy)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_history_comes_back(db, seed):
    """Weeks of a made-up teen, with the built-in activities, slots, corrections, days off."""
    demo.fill(patients=1, days=45, seed=seed)
    maya = User.objects.get(username="maya")
    patient = CareTeamMember.objects.get(user=maya).patient
    parents, therapists = (
        [link.user for link in patient.team.filter(role=role, until=None).order_by("pk")]
        for role in ("parent", "therapist")
    )
    last_logged_on = patient.last_logged_on
    copy = copy_of(patient, maya)
    assert len(copy["sessions"]) > 150
    empty()
    done = import_record(copy=copy, teen=maya, parents=parents, therapists=therapists)
    assert without_what_stays_behind(copy_of(done.patient, maya)) == without_what_stays_behind(copy)
    assert audit.check_totals().differences == ()
    done.patient.refresh_from_db()
    assert done.patient.last_logged_on == last_logged_on


def test_those_without_an_account_come_as_a_role_and_a_name(cast, whole):
    User.objects.all().delete()
    mum = factories.user("mum", first_name="Dana")
    done = take_in(cast, whole, parents=[mum])
    assert done.strangers == 2
    teen = User.objects.get(first_name="Maya")
    therapist = User.objects.get(first_name="Lee")
    for stranger in (teen, therapist):
        assert not stranger.is_active
        assert not stranger.has_usable_password()
        assert authenticate(None, username=stranger.username, password="") is None
    again = copy_of(done.patient, mum)
    assert [(one["role"], one["discipline"]) for one in again["people"]] == [
        (one["role"], one["discipline"]) for one in whole["people"]
    ]
    assert done.patient.sessions.first().entered_by == teen
    # What the teen wrote does not open to parents because the teen has no account here yet.
    assert again["complete"] is False


def test_the_place_of_a_teen_without_an_account_is_free(cast, whole):
    done = take_in(cast, whole, parents=[cast.dana])
    factories.link(done.patient, cast.maya, "patient")
    assert signed_in(cast.maya).get(reverse("patient-today", args=[done.patient.code])).status_code == 200


def test_the_team_uses_it_at_once(cast, whole):
    done = take_in(cast, whole)
    for user in (cast.maya, cast.dana, cast.lee):
        client = signed_in(user)
        for name in ("patient", "history", "program", "function", "team", "looked", "words"):
            assert client.get(reverse(name, args=[done.patient.code])).status_code == 200, name
    factories.session(done.patient, cast.maya, "cardio", 20)
    assert done.patient.daily_logs.get(day=done.patient.today()).cardio == 20


def test_codes_and_a_standing_erasure_stay_behind(cast, world):
    Erasure.objects.create(patient=cast.patient, asked_by=cast.dana, asked_as="parent", due_at=timezone.now())
    Patient.objects.update(locked_at=timezone.now(), erase_at=timezone.now())
    kept = {world.invitation.code_digest, world.sign_in_card.code_digest}
    copy = copy_of(cast.patient, cast.maya)
    empty()
    patient = take_in(cast, copy).patient
    assert [erasure.undone_at is None for erasure in patient.erasures.all()] == [False]
    assert (patient.locked_at, patient.erase_at) == (None, None)
    codes = [*patient.invitations.all(), *patient.sign_in_cards.all()]
    assert len(codes) == 2
    for code in codes:
        assert not code.is_open
        assert code.code_digest not in kept


@pytest.mark.parametrize("corrected", [False, True])
def test_what_is_sent_again_is_known_again(cast, patient, corrected):
    """A phone that did not hear the answer of the old installation sends the same entry to the new one."""
    viewer, day = factories.viewer(patient, cast.maya), patient.today()
    client_id, at = uuid.uuid4(), datetime.now(UTC)
    bout = Bout(day=day, strand="cardio", minutes=15, body_areas=("left_foot",), started_at=at)

    def send(viewer, bout):
        recorded = Recorded(at)
        return sessions.record_session(
            viewer=viewer, client_id=client_id, bout=bout, recorded=recorded, source="tap"
        )

    assert send(viewer, bout).created
    if corrected:
        for version, minutes in ((1, 20), (2, 25)):
            other = Bout(day=day, strand="cardio", minutes=minutes)
            sessions.correct_session(viewer=viewer, client_id=client_id, version=version, bout=other)
    copy = copy_of(patient, cast.maya)
    empty()
    viewer = factories.viewer(take_in(cast, copy).patient, cast.maya)
    assert not send(viewer, bout).created
    with pytest.raises(sessions.Conflict):
        send(viewer, Bout(day=day, strand="cardio", minutes=16))


def test_the_digest_counts_activities_slots_and_items_by_their_keys_here(cast, whole):
    factories.activity("Takes a key of its own")
    patient = take_in(cast, whole).patient
    untouched = patient.sessions.filter(corrected=False)
    assert untouched
    rough = patient.sessions.get(together__isnull=False)
    for session in untouched:
        bout = Bout(
            day=session.daily_log.day,
            strand=session.strand,
            minutes=session.minutes,
            activity=session.activity,
            slot=session.slot,
            items=tuple(item.program_item for item in session.items.all()),
            rough=session == rough,
        )
        assert session.digest == bout.digest()
    corrected = patient.sessions.get(corrected=True)
    first = Change.objects.filter(subject="session", what="corrected").get()
    assert first.subject_id == corrected.pk
    assert first.before["activity"] == Activity.objects.get(name__startswith="Own").pk
    item = patient.programs.get(version=1).items.get(activity__strand="exercises")
    assert first.before["items"] == [item.pk]
    day, activity = corrected.daily_log.day, item.activity
    sent = Bout(day=day, strand="exercises", minutes=30, activity=activity, items=(item,))
    assert corrected.digest == sent.digest()


def test_what_came_back_comes_along(cast, whole):
    patient = take_in(cast, whole).patient
    patient.refresh_from_db()
    assert [(step.goal.private, bool(step.reached_on)) for step in patient.goal_steps.order_by("pk")] == [
        (False, True),
        (True, False),
    ]
    assert [(one.kind, str(one.value)) for one in patient.measures.live().order_by("kind")] == [
        ("school", "4.00"),
        ("walk_6_min", "520.00"),
    ]
    assert str(patient.measures.get(kind="own").value) == "12.50"
    assert patient.last_cheer_on == patient.cheers.first().day
    assert patient.team.get(user=cast.dana).muted_at and not patient.team.get(user=cast.lee).muted_at
    assert (patient.sleep_on, patient.parents_from, patient.parents_from_asked) == (True, time(17), time(18))
    changed = patient.changes.get(subject="step")
    assert changed.subject_id == patient.goal_steps.get(goal__private=False).pk


def test_what_rows_name_of_their_own_kind_comes_along(cast, whole):
    patient = take_in(cast, whole).patient
    later = patient.programs.get(version=2)
    assert later.flare_plan == patient.programs.get(version=1)
    assert (later.accepted_by, later.touch_areas, later.smaller_cardio) == (cast.maya, ["left_foot"], 5)
    touch = patient.sessions.get(together_with__isnull=False)
    assert (touch.strand, touch.together_with.strand, touch.minutes) == ("desensitization", "exercises", 12)
    own = Activity.objects.get(name__startswith="Own")
    assert own.easier == Activity.objects.get(name__startswith="Prescribed")
    assert (own.harder, own.goal_sets) == (None, 3)
    assert [move.program.version for move in patient.ladder_moves.all()] == [1]


def test_what_stands_further_down_the_file_is_found_too(cast, whole):
    """No row of a copy has to stand behind what it names."""
    copy = copies.deepcopy(whole)
    for name in ("sessions", "programs", "activities"):
        copy[name].reverse()
    patient = take_in(cast, copy).patient
    assert patient.programs.get(version=2).flare_plan.version == 1
    assert patient.sessions.get(together_with__isnull=False).together_with.minutes == 12
    assert Activity.objects.get(name__startswith="Own").easier.name.startswith("Prescribed")


def test_rough_surface_that_is_sent_again_is_known_again(cast, patient):
    client_id, at = uuid.uuid4(), datetime.now(UTC)
    bout = Bout(day=patient.today(), strand="exercises", minutes=12, rough=True)
    sent: dict[str, Any] = {"client_id": client_id, "bout": bout, "recorded": Recorded(at), "source": "typed"}
    sessions.record_session(viewer=factories.viewer(patient, cast.maya), **sent)
    copy = copy_of(patient, cast.maya)
    empty()
    done = take_in(cast, copy)
    assert not sessions.record_session(viewer=factories.viewer(done.patient, cast.maya), **sent).created
    assert done.patient.sessions.count() == 2


# --- what is refused --------------------------------------------------------------------------------------


def refused(cast, copy, match, **people):
    before = rows()
    with pytest.raises(Unreadable, match=match):
        take_in(cast, copy, **people)
    assert rows() == before


def test_only_into_an_installation_without_records(cast, world):
    refused(cast, copy_of(cast.patient, cast.maya), "there is a record here already")


def test_only_a_complete_copy(cast, world):
    copy = copy_of(cast.patient, cast.dana)
    empty()
    refused(cast, copy, "leaves out too much")


def test_not_what_was_erased_here(cast, whole):
    stone = tombstones.new_stone(uuid.UUID(whole["record"]["code"]), day=timezone.now().date(), asked_as="")
    tombstones.keep(stone)
    refused(cast, whole, "it was erased here")


def put(copy, place, value):
    """The part of a copy at this place becomes ``value``; ``...`` takes it away."""
    part = copy
    for key in place[:-1]:
        part = part[key]
    if value is ...:
        del part[place[-1]]
    else:
        part[place[-1]] = value


@pytest.mark.parametrize(
    ("place", "value", "match"),
    [
        (("schema",), "something/else", "not a copy"),
        (("version",), 2, "only version 1"),
        (("version",), True, "only version 1"),
        (("pain",), [], "does not know"),
        (("sessions",), ..., "“sessions” is missing"),
        (("sessions",), {}, "“sessions” is missing or not"),
        (("sessions", 0), "x", r"sessions\[0\]: not an object"),
        (("sessions", 0, "pain"), 7, r"sessions\[0\]: .* does not know"),
        (("sessions", 0, "minutes"), ..., "“minutes” is missing"),
        (("sessions", 0, "minutes"), "15", r"sessions\[0\]\.minutes"),
        (("sessions", 0, "minutes"), 241, r"sessions\[0\]\.minutes"),
        (("sessions", 0, "minutes"), 2**70, r"sessions\[0\]\.minutes"),
        (("sessions", 0, "minutes"), None, r"sessions\[0\]\.minutes"),
        (("sessions", 0, "minutes"), 29, "exercises, exercise_minutes: the sessions say something else"),
        (("sessions", 0, "strand"), "yoga", r"sessions\[0\]\.strand"),
        (("sessions", 0, "day"), "2026-01-01", r"sessions\[0\]\.day: names something"),
        (("sessions", 0, "day"), ["2026"], r"sessions\[0\]\.day: names something"),
        (("sessions", 0, "zone"), "Mars/Olympus", r"sessions\[0\]\.zone"),
        (("sessions", 0, "recorded_at"), "2026-11-20T10:00:00", r"sessions\[0\]\.recorded_at"),
        (("sessions", 0, "recorded_at"), "0001-01-01T00:00:00+14:00", r"sessions\[0\]\.recorded_at"),
        (("sessions", 0, "entered_by"), 99, r"sessions\[0\]\.entered_by: names something"),
        (("sessions", 0, "id"), "x", r"sessions\[0\]\.id"),
        (("sessions", 1, "voided_at"), "2026-11-20T10:00:00+00:00", "contradict each other|say something"),
        (("sessions", 0, "items"), None, "“items” is missing or not"),
        (("days", 0, "program"), 2, "another program"),
        (("days", 0, "cardio"), 600, "cardio: the sessions say"),
        (("days", 0, "day"), "2026-02-30", r"days\[0\]\.day"),
        (("notes", 0, "text"), "a\0b", "cannot be kept"),
        (("notes", 0, "text"), "\ud800", "cannot be kept"),
        (("notes", 0, "text"), "x" * 2001, r"notes\[0\]\.text"),
        (("changes", 0, "before"), [], r"changes\[0\]"),
        (("changes", 1, "of"), "05f2144f-1c30-44e5-8f28-c0aa10cc7eff", r"changes\[1\]\.of"),
        (("changes", 1, "of"), ..., "“of” is missing"),
        (("changes", 0, "after"), 3.5, r"changes\[0\]\.after"),
        (("changes", 1, "before", "activity"), 99, r"changes\[1\]\.before"),
        (("changes", 1, "before", "day"), "soon", r"changes\[1\]\.before"),
        (("record", "zone"), "Mars/Olympus", r"record\.zone"),
        (("record", "name"), "", r"record\.name"),
        (("record", "body_areas"), ["tail"], r"record\.body_areas"),
        (("people", 0, "name"), "x" * 301, r"people\[0\]"),
        (("people", 0, "role"), "friend", r"people\[0\]\.role"),
        (("people", 1, "ref"), 1, "is there twice"),
        (("activities", 0, "ref"), 2, "is there twice"),
        (("programs", 1, "version"), 1, "is there twice"),
        (("programs", 0, "cardio"), 0, r"programs\[0\]\.cardio"),
        (("programs", 1, "flare_plan"), 2, "names a later version"),
        (("programs", 0, "flare_plan"), 2, "names a later version"),
        (("programs", 1, "flare_plan"), 7, r"programs\[1\]\.flare_plan: names something"),
        (("programs", 1, "flare_plan"), ..., "“flare_plan” is missing"),
        (("programs", 1, "kind"), "half", r"programs\[1\]\.kind"),
        (("programs", 1, "week_cardio"), None, "contradict each other"),
        (("programs", 1, "week_cardio"), 8, r"programs\[1\]\.week_cardio"),
        (("programs", 1, "smaller_cardio"), None, "contradict each other"),
        (("programs", 1, "touch_areas"), ["tail"], r"programs\[1\]\.touch_areas"),
        (("programs", 1, "touch_areas"), {}, r"programs\[1\]\.touch_areas"),
        (("programs", 0, "ladder"), "", r"programs\[0\]\.ladder"),
        (("programs", 0, "ladder"), [{"texture": "silk"}], r"programs\[0\]\.ladder"),
        (("programs", 0, "ladder", 0, "pressure"), 3, r"programs\[0\]\.ladder"),
        (("programs", 0, "exercises_by"), "list", "the sessions say something else"),
        (("ladder_moves", 0, "step"), 0, r"ladder_moves\[0\]\.step"),
        (("ladder_moves", 0, "step"), 4, r"ladder_moves\[0\]\.step: is not on the ladder"),
        (("ladder_moves", 0, "program"), 2, "is not on the ladder"),
        (("routine_periods", 0, "set"), "school", "contradict each other"),
        (("routine_periods", 0, "last"), "2020-01-01", "contradict each other"),
        (("slots", 0, "set"), "moon", r"slots\[0\]\.set"),
        (("sessions", 4, "together_with"), ..., "“together_with” is missing"),
        (("sessions", 4, "together_with"), "x", r"sessions\[4\]\.together_with: names something"),
        (("sessions", 4, "together_with"), [], r"sessions\[4\]\.together_with: names something"),
        (("activities", 1, "easier"), 99, r"activities\[1\]\.easier: names something"),
        (("activities", 1, "video"), "javascript:alert(1)", r"activities\[1\]\.video"),
        (("goal_steps", 0, "goal"), "05f2144f-1c30-44e5-8f28-c0aa10cc7eff", r"goal_steps\[0\]\.goal: names"),
        (("goal_steps", 0, "goal"), None, r"goal_steps\[0\]\.goal: is empty"),
        (("goal_steps", 0, "set_aside_on"), "2026-11-20", "contradict each other"),
        (("measures", 0, "value"), "520", r"measures\[0\]\.value"),
        (("measures", 0, "value"), True, r"measures\[0\]\.value"),
        (("measures", 0, "value"), 12.345, r"measures\[0\]\.value"),
        (("measures", 0, "value"), 1e300, r"measures\[0\]\.value"),
        (("measures", 0, "value"), float("inf"), r"measures\[0\]\.value"),
        (("measures", 0, "value"), -1, r"measures\[0\]\.value"),
        (("measures", 0, "kind"), "pain", r"measures\[0\]\.kind"),
        (("measures", 0, "name"), "Hops", "contradict each other"),
        (("milestones", 0, "number"), 0, r"milestones\[0\]\.number|contradict each other"),
        (("intentions", 0, "week"), "soon", r"intentions\[0\]\.week"),
        (("cheers", 0, "text"), "x" * 201, r"cheers\[0\]\.text"),
        (("team", 0, "muted_at"), "yes", r"team\[0\]\.muted_at"),
        (("days", 0, "bed_at"), "25:00", r"days\[0\]\.bed_at"),
        (("record", "school_from"), "25:00", r"record\.school_from"),
        (("team", 1, "role"), "patient", "contradict each other|it has"),
        (("team",), [], "it has 0 now"),
    ],
)
def test_what_is_not_a_copy_is_refused(cast, whole, place, value, match):
    copy = copies.deepcopy(whole)
    put(copy, place, value)
    people = {"parents": [cast.dana]} if place[0] == "people" else {}
    refused(cast, copy, match, **people)


@pytest.mark.parametrize(
    "strand", ["cardio", "desensitization", "stress"], ids=lambda strand: f"together with {strand}"
)
def test_desensitization_is_together_with_exercises_only(cast, whole, strand):
    copy = copies.deepcopy(whole)
    other = next(row["id"] for row in copy["sessions"] if row["strand"] == strand)
    next(row for row in copy["sessions"] if row["together_with"])["together_with"] = other
    refused(cast, copy, "names something else than exercises|contradict each other")


@pytest.mark.parametrize(
    "name",
    [
        "sessions", "days", "goals", "consents", "slots", "goal_steps", "measures", "milestones",
        "intentions", "cheers",
    ],
)  # fmt: skip
def test_nothing_is_taken_in_twice(cast, whole, name):
    copy = copies.deepcopy(whole)
    copy[name].append(copy[name][0])
    refused(cast, copy, "twice|contradict each other|say something else")


def test_no_two_take_one_place(cast, whole):
    refused(cast, whole, "it has 1 now", teen=cast.maya, parents=[cast.dana, cast.sam])
    refused(cast, whole, "one account can take one", teen=cast.maya, parents=[cast.maya])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)


def places(part, at=()):
    """Every place in a copy."""
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in inside:
        yield (*at, key)
        yield from places(value, (*at, key))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_a_file_it_comes_in_whole_or_not_at_all(cast, whole, data):
    copy = copies.deepcopy(whole)
    for _turn in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(list(places(copy))))
        put(copy, place, data.draw(JSON | st.just(...)))
    before = rows()
    try:
        take_in(cast, copy)
    except Unreadable:
        assert rows() == before
        return
    assert audit.check_totals().differences == ()
    assert copy_of(Patient.objects.get(), cast.maya)
    empty()


# --- the command ------------------------------------------------------------------------------------------


def written(tmp_path, text):
    file = tmp_path / "amps.json"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_the_command_takes_a_file_in(cast, whole, tmp_path, capsys):
    file = written(tmp_path, json.dumps(whole))
    call_command("import_record", file, teen="MAYA", parent=["dana"])
    said = capsys.readouterr().out
    assert "Taken in: 1 days, 6 sessions." in said
    assert "1 people came as a role and a name" in said
    assert f"/patients/{Patient.objects.get().code}/" in said
    assert TherapySession.objects.count() == 6


@pytest.mark.parametrize(
    ("text", "options", "match"),
    [
        ("{", {"teen": "maya"}, "not JSON"),
        ("[NaN]", {"teen": "maya"}, "not JSON"),
        ("[" * 100_000, {"teen": "maya"}, "not JSON"),
        ("[]", {"teen": "maya"}, "not a copy of a record"),
        ("{}", {}, "at least one person"),
        ("{}", {"teen": "nobody-here"}, "no account named nobody-here"),
        ("{}", {"therapist": ["dana"]}, "dana is no clinician"),
    ],
)
def test_the_command_says_why_not(cast, tmp_path, text, options, match):
    before = rows()
    with pytest.raises(CommandError, match=match):
        call_command("import_record", written(tmp_path, text), **options)
    assert rows() == before


def test_the_command_needs_a_file(cast, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_record", str(tmp_path / "none.json"), teen="maya")


def test_every_subject_of_a_change_has_a_section():
    assert {model for model, _column in SUBJECTS.values()} <= {section.model for section in SECTIONS}
