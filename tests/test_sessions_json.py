"""Logging by JSON: what devices rely on, status by status."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises.models import Change, TherapySession
from exercises.models.choices import Source
from exercises.services import sessions as services
from exercises.services import totals
from tests import factories
from tests.conftest import signed_in

JSON = {"Accept": "application/json"}
NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)  # noon in Chicago, maya's zone
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def days_ago(count):
    return (TODAY - timedelta(days=count)).isoformat()


def bout(**data):
    return {"id": str(uuid.uuid4()), "day": TODAY.isoformat(), "strand": "cardio", "minutes": "15"} | data


def send(client, patient, data):
    return client.post(reverse("sessions", args=[patient.code]), data, headers=JSON)


def post(client, patient, **data):
    return send(client, patient, bout(**data))


def correct(client, patient, client_id, **data):
    return client.post(reverse("session", args=[patient.code, client_id]), data, headers=JSON)


def void(client, patient, client_id):
    return client.post(reverse("session-void", args=[patient.code, client_id]), headers=JSON)


def restore(client, patient, client_id):
    return client.post(reverse("session-restore", args=[patient.code, client_id]), headers=JSON)


def mark(client, patient, day=TODAY, **data):
    return client.post(reverse("day", args=[patient.code, str(day)]), data, headers=JSON)


def kept(client_id):
    return TherapySession.objects.get(client_id=client_id)


def facts(client_id):
    """The whole row, to show that a refusal changed nothing."""
    return TherapySession.objects.filter(client_id=client_id).values().get()


def totals_agree(patient):
    rows = list(patient.daily_logs.all())
    return all(totals.expected(row) == {name: getattr(row, name) for name in totals.TOTALS} for row in rows)


def answers(response, status, code):
    """The status, and JSON that says why."""
    assert response["Content-Type"] == "application/json"
    assert (response.status_code, response.json()["code"]) == (status, code)
    return response.json()


def refused(response, *fields):
    """422 with a text for each of exactly these fields, and nothing kept."""
    body = answers(response, 422, "invalid")
    assert set(body["errors"]) == set(fields)
    assert all(texts and all(texts) for texts in body["errors"].values())
    assert not TherapySession.objects.exists()
    return body


# --- recording, and sending again -------------------------------------------------------------------------


def test_it_records(teen, patient, cast):
    data = bout()
    body = answers(send(teen, patient, data), 201, "recorded")
    assert body == {
        "code": "recorded",
        "id": data["id"],
        "day": "2026-11-20",
        "strand": "cardio",
        "minutes": 15,
        "version": 1,
        "edited": False,
        "voided": False,
    }
    session = kept(data["id"])
    assert (session.entered_by, session.entered_as, session.source) == (cast.maya, "patient", "typed")
    assert (session.zone, session.recorded_at, session.received_at) == ("America/Chicago", NOON, NOON)
    assert patient.daily_logs.get().cardio == 15
    patient.refresh_from_db()
    assert patient.last_logged_on == TODAY


def test_every_detail_is_kept(teen, patient, cast):
    program = patient.programs.get()
    wall_sit = factories.activity()
    first = factories.item(program, wall_sit, sets=3, reps=10)
    second = factories.item(program, factories.activity("Bridge"), hold_seconds=20)
    data = bout(
        strand="exercises",
        activity=wall_sit.pk,
        items=[second.pk, first.pk],
        body_areas=["left_foot", "left_foot"],
        texture="wool",
        started_at="2026-11-20T17:20:00+00:00",
        recorded_at="2026-11-20T17:40:00Z",
        sent_at="2026-11-20T18:00:00Z",
        source="timer",
    )
    answers(send(teen, patient, data), 201, "recorded")
    session = kept(data["id"])
    assert (session.activity, session.body_areas, session.texture) == (wall_sit, ["left_foot"], "wool")
    assert session.started_at == datetime(2026, 11, 20, 17, 20, tzinfo=UTC)
    assert session.recorded_at == datetime(2026, 11, 20, 17, 40, tzinfo=UTC)
    assert (session.source, session.clock_doubt) == ("timer", False)
    assert list(session.items.order_by("pk").values_list("sets", "reps", "hold_seconds")) in (
        [(3, 10, None), (None, None, 20)],
        [(None, None, 20), (3, 10, None)],
    )


def test_the_same_again_is_harmless_and_other_content_is_a_conflict(teen, patient):
    data = bout()
    send(teen, patient, data)
    assert answers(send(teen, patient, data), 200, "again")["id"] == data["id"]
    body = answers(send(teen, patient, data | {"minutes": "16"}), 409, "conflict")
    assert (body["id"], body["minutes"]) == (data["id"], 15)
    assert TherapySession.objects.count() == 1
    assert patient.daily_logs.get().cardio == 15


@pytest.mark.parametrize(
    "change",
    [
        {"day": days_ago(1)},
        {"strand": "desensitization"},
        {"minutes": "16"},
        {"body_areas": "left_foot"},
        {"started_at": "2026-11-20T17:00:00Z"},
    ],
)
def test_what_makes_the_content_another_one(teen, patient, change):
    data = bout()
    send(teen, patient, data)
    answers(send(teen, patient, data | change), 409, "conflict")


@pytest.mark.parametrize(
    "change",
    [
        {"source": "tap"},
        {"recorded_at": "2026-11-20T17:00:00Z"},
        {"sent_at": "2026-11-20T18:00:00Z"},
        {"texture": "silk"},
        {"minutes": "015"},
    ],
)
def test_what_leaves_the_content_the_same(teen, patient, change):
    data = bout()
    send(teen, patient, data)
    answers(send(teen, patient, data | change), 200, "again")


def test_items_and_areas_have_no_order(teen, patient):
    patient.body_areas = ["left_foot", "back"]
    patient.save()
    program = patient.programs.get()
    pair = [factories.item(program, factories.activity(name)).pk for name in ("Bridge", "Wall sit")]
    data = bout(strand="exercises", items=pair, body_areas=["left_foot", "back"])
    send(teen, patient, data)
    turned = data | {"items": pair[::-1], "body_areas": ["back", "left_foot"]}
    answers(send(teen, patient, turned), 200, "again")


def test_whoever_sends_it_again_it_stays_the_first_ones(teen, parent, therapist, patient, cast):
    data = bout()
    send(teen, patient, data)
    for client in (parent, therapist):
        answers(send(client, patient, data), 200, "again")
    assert (kept(data["id"]).entered_by, kept(data["id"]).entered_as) == (cast.maya, "patient")
    assert patient.daily_logs.get().by_parents == 0


def test_a_resend_after_a_correction_tells_how_it_stands(teen, patient):
    data = bout()
    send(teen, patient, data)
    correct(teen, patient, data["id"], version=1, minutes=20)
    body = answers(send(teen, patient, data), 200, "again")
    assert (body["edited"], body["voided"], body["minutes"], body["version"]) == (True, False, 20, 2)
    assert patient.daily_logs.get().cardio == 20


def test_a_resend_after_a_removal_brings_nothing_back(teen, patient):
    data = bout()
    send(teen, patient, data)
    void(teen, patient, data["id"])
    body = answers(send(teen, patient, data), 200, "again")
    assert (body["edited"], body["voided"]) == (False, True)
    assert patient.daily_logs.get().cardio == 0


def test_a_resend_that_comes_weeks_later_is_still_the_same(teen, patient, cast, clock):
    data = bout(day=days_ago(1), source="tap")
    send(teen, patient, data)
    clock.move_to(NOON + timedelta(days=40), tick=False)
    teen = signed_in(cast.maya)
    answers(send(teen, patient, data), 200, "again")
    answers(send(teen, patient, data | {"minutes": "16"}), 409, "conflict")


def test_a_parent_may_resend_what_only_a_therapist_could_log(therapist, parent, patient):
    data = bout(day=days_ago(200))
    answers(send(therapist, patient, data), 201, "recorded")
    answers(send(parent, patient, data), 200, "again")


def test_a_resend_outlives_what_became_of_its_details(teen, patient, cast):
    own = factories.activity("Stairs", strand="cardio", owner=cast.lee)
    data = bout(activity=own.pk, body_areas="left_foot")
    send(teen, patient, data)
    patient.team.filter(user=cast.lee).update(until=timezone.now())
    patient.body_areas = []
    patient.save()
    answers(send(teen, patient, data), 200, "again")


# --- other people's records -------------------------------------------------------------------------------


def test_one_id_for_two_patients_is_two_sessions(teen, patient, cast):
    data = bout()
    answers(send(teen, patient, data), 201, "recorded")
    theirs = data | {"minutes": "33"}
    answers(send(signed_in(cast.noor), cast.other, theirs), 201, "recorded")
    assert sorted(TherapySession.objects.values_list("minutes", flat=True)) == [15, 33]


@pytest.mark.parametrize("verb", ["edit", "void", "read"])
def test_an_id_of_somebody_else_is_nowhere(teen, patient, cast, verb):
    session = factories.session(cast.other, cast.noor)
    before = facts(session.client_id)
    if verb == "edit":
        response = correct(teen, patient, session.client_id, version=1, minutes=99)
    elif verb == "void":
        response = void(teen, patient, session.client_id)
    else:
        response = teen.get(reverse("session", args=[patient.code, session.client_id]), headers=JSON)
    assert answers(response, 404, "not_found") == {"code": "not_found"}
    assert facts(session.client_id) == before


@pytest.mark.parametrize("verb", ["log", "edit", "void", "mark"])
def test_a_stranger_finds_nothing(stranger, patient, cast, verb):
    session = factories.session(patient, cast.maya)
    before = facts(session.client_id)
    response = {
        "log": lambda: post(stranger, patient),
        "edit": lambda: correct(stranger, patient, session.client_id, version=1, minutes=99),
        "void": lambda: void(stranger, patient, session.client_id),
        "mark": lambda: mark(stranger, patient, harder="yes"),
    }[verb]()
    answers(response, 404, "not_found")
    assert facts(session.client_id) == before
    assert TherapySession.objects.count() == 1
    assert not patient.daily_logs.filter(harder=True).exists()


@pytest.mark.parametrize("code", ["0", "maya", str(uuid.UUID(int=0)), "%00", "..%2f"])
def test_a_code_that_is_none_is_nowhere(teen, code):
    answers(teen.post(f"/patients/{code}/sessions/", bout(), headers=JSON), 404, "not_found")


def test_details_of_another_patient_are_refused(teen, patient, cast):
    theirs = cast.other.programs.get()
    item = factories.item(theirs, factories.activity())
    slot = cast.other.slots.create(name="after tea", at="16:00")
    refused(post(teen, patient, strand="exercises", items=item.pk), "items")
    refused(post(teen, patient, strand="desensitization", slot=slot.pk), "slot")


def test_an_activity_must_be_the_patients_and_of_the_strand(teen, patient, cast):
    squats = factories.activity("Squats", strand="exercises")
    theirs = factories.activity("Stairs", strand="cardio", owner=cast.kim)
    refused(post(teen, patient, activity=squats.pk), "activity")
    refused(post(teen, patient, activity=theirs.pk), "activity")
    ours = factories.activity("Stairs", strand="cardio", owner=cast.lee)
    answers(post(teen, patient, activity=ours.pk), 201, "recorded")


def test_items_must_be_of_the_strand(teen, patient):
    item = factories.item(patient.programs.get(), factories.activity("Brushing", strand="desensitization"))
    refused(post(teen, patient, strand="exercises", items=item.pk), "items")


def test_a_body_area_must_be_the_patients(teen, patient):
    refused(post(teen, patient, body_areas="right_hand"), "body_areas")
    refused(post(teen, patient, body_areas=["left_foot", "right_hand"]), "body_areas")


# --- bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "minutes", ["0", "-1", "241", "999", "x", "", "1.5", "15\x00", str(2**63), "9" * 5000]
)
def test_minutes_are_whole_and_1_to_240(teen, patient, minutes):
    data = bout(minutes=minutes)
    assert refused(send(teen, patient, data), "minutes")["id"] == data["id"]


def test_minutes_may_be_left_out_for_stress_only(teen, patient):
    refused(post(teen, patient, strand="exercises", minutes=""), "minutes")
    assert answers(post(teen, patient, strand="stress", minutes=""), 201, "recorded")["minutes"] is None
    assert patient.daily_logs.get().stress == 1


@pytest.mark.parametrize("minutes", ["1", "240", "١٥"])
def test_minutes_at_the_bounds_and_in_any_digits(teen, patient, minutes):
    answers(post(teen, patient, minutes=minutes), 201, "recorded")


@pytest.mark.parametrize(
    "text",
    ["\x00", "\ud800", "a\x00b", "🦶", "اليوم", "=cmd()", "x" * 10_000, str(2**63), str(-(2**63)), "null"],
)
@pytest.mark.parametrize(
    "field",
    [
        "id", "day", "strand", "minutes", "activity", "items", "body_areas", "slot", "texture",
        "started_at", "recorded_at", "sent_at", "source",
    ],
)  # fmt: skip
def test_nonsense_in_any_field_is_refused_beside_it(teen, patient, field, text):
    text = text.encode("utf-8", "surrogatepass")
    data = {name: value.encode() for name, value in bout().items()} | {field: text}
    body = "&".join(f"{name}={''.join(f'%{byte:02X}' for byte in value)}" for name, value in data.items())
    url = reverse("sessions", args=[patient.code])
    response = teen.post(url, body, content_type="application/x-www-form-urlencoded", headers=JSON)
    refused(response, field)


def test_a_submission_without_anything_names_what_is_needed(teen, patient):
    assert "id" not in refused(send(teen, patient, {}), "id", "day", "strand")


def test_several_reasons_come_together(teen, patient):
    refused(post(teen, patient, minutes="0", day="tomorrow", strand="yoga"), "minutes", "day", "strand")


@pytest.mark.parametrize(
    "day",
    ["0001-01-01", "9999-12-31", "1968-12-31", "2100-01-01", "2026-02-30", "20261120", "2026-W47-5", "0"],
)
def test_a_day_is_a_real_one_of_our_time(therapist, patient, day):
    refused(post(therapist, patient, day=day), "day")


def test_a_body_that_is_no_form_is_refused(teen, patient):
    url = reverse("sessions", args=[patient.code])
    response = teen.post(url, {"id": "1"}, content_type="application/json", headers=JSON)
    refused(response, "id", "day", "strand")
    broken = teen.post(url, b"--x\r\nnot", content_type="multipart/form-data; boundary=", headers=JSON)
    answers(broken, 400, "bad_request")


def test_too_much_is_413(teen, patient):
    response = post(teen, patient, source="x" * (settings.MOST_BODY_BYTES + 1))
    answers(response, 413, "too_large")
    assert not TherapySession.objects.exists()


def test_too_many_fields_are_refused(teen, patient):
    response = post(teen, patient, items=["1"] * 2000)
    answers(response, 400, "bad_request")


# --- refusals that have nothing to do with the content ----------------------------------------------------


def test_signed_out_is_401_and_never_a_redirect(patient):
    answers(post(Client(), patient), 401, "signed_out")
    answers(post(Client(enforce_csrf_checks=True), patient), 401, "signed_out")


def test_an_ended_link_ends_now(teen, patient, cast):
    patient.team.filter(user=cast.maya).update(until=timezone.now())
    answers(post(teen, patient), 404, "not_found")


@pytest.mark.parametrize("token", [None, "x" * 32])
def test_a_csrf_refusal_says_so(cast, patient, token):
    client = signed_in(cast.maya, enforce_csrf_checks=True)
    url = reverse("sessions", args=[patient.code])
    headers = JSON | ({"X-CSRFToken": token} if token else {})
    answers(client.post(url, bout(), headers=headers), 403, "csrf")
    assert not TherapySession.objects.exists()


def test_the_csrf_cookie_and_header_open(cast, patient):
    client = signed_in(cast.maya, enforce_csrf_checks=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = token = "a" * 32
    url = reverse("sessions", args=[patient.code])
    answers(client.post(url, bout(), headers=JSON | {"X-CSRFToken": token}), 201, "recorded")


@pytest.mark.parametrize("verb", ["get", "put", "patch", "delete"])
def test_wrong_methods_say_which_are_right(teen, patient, cast, verb):
    session = factories.session(patient, cast.maya)
    response = getattr(teen, verb)(
        reverse("session-void", args=[patient.code, session.client_id]), headers=JSON
    )
    answers(response, 405, "wrong_method")
    assert response["Allow"] == "POST"
    answers(getattr(teen, verb)(reverse("sessions", args=[patient.code]), headers=JSON), 405, "wrong_method")


def test_a_database_that_is_away_asks_to_come_again(teen, patient, monkeypatch):
    def away(**kwargs):
        raise OperationalError("the server closed the connection unexpectedly")

    teen.raise_request_exception = False
    monkeypatch.setattr(services, "record_session", away)
    response = post(teen, patient)
    answers(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0


def test_a_page_gets_a_page(teen, patient):
    data = bout()
    response = teen.post(reverse("sessions", args=[patient.code]), data)
    assert response.status_code == 302
    assert response["Location"] == f"/patients/{patient.code}/days/2026-11-20/?saved={data['id']}"


# --- when an entry came -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "source", "paper", "reach"),
    [
        ("maya", "tap", False, 1),
        ("maya", "timer", False, 1),
        ("maya", "guided", False, 1),
        ("maya", "typed", False, 7),
        ("maya", "", False, 7),
        ("maya", "grid", False, 7),
        ("maya", "sheet", False, 7),
        ("maya", "sheet", True, 35),
        ("maya", "tap", True, 35),
        ("dana", "tap", False, 1),
        ("dana", "typed", False, 7),
        ("dana", "typed", True, 35),
    ],
)
def test_how_far_back_each_may_log(cast, patient, who, source, paper, reach):
    patient.paper = paper
    patient.save()
    client = signed_in(getattr(cast, who))
    refused(post(client, patient, source=source, day=days_ago(reach + 1)), "day")
    answers(post(client, patient, source=source, day=days_ago(reach)), 201, "recorded")


def test_a_therapist_may_log_any_past_day(therapist, patient):
    answers(post(therapist, patient, source="tap", day="2000-01-01"), 201, "recorded")
    answers(post(therapist, patient, day=days_ago(-1)), 422, "invalid")


@pytest.mark.parametrize("who", ["maya", "dana", "lee"])
def test_a_typed_day_ahead_is_refused(cast, patient, who):
    refused(post(signed_in(getattr(cast, who)), patient, day=days_ago(-1)), "day")


def test_a_queued_day_ahead_is_kept_with_doubt(teen, patient):
    data = bout(day=days_ago(-1), recorded_at="2026-11-21T17:00:00Z", source="tap")
    answers(send(teen, patient, data), 201, "recorded")
    assert kept(data["id"]).clock_doubt
    assert kept(data["id"]).daily_log.day == TODAY + timedelta(days=1)


@pytest.mark.parametrize("sent_at", ["", "1970-01-01T00:10:00Z"])
@pytest.mark.parametrize("day", ["1970-01-01", "1969-12-31"])
def test_a_phone_that_lost_its_clock_is_not_refused(teen, patient, day, sent_at):
    """1970 in Greenwich is the last evening of 1969 in Chicago."""
    data = bout(day=day, recorded_at="1970-01-01T00:00:05Z", sent_at=sent_at, source="tap")
    answers(send(teen, patient, data), 201, "recorded")
    assert (kept(data["id"]).clock_doubt, str(kept(data["id"]).daily_log.day)) == (True, day)
    assert teen.get(reverse("day", args=[patient.code, day])).status_code == 200
    answers(send(teen, patient, data), 200, "again")


def test_a_phone_that_runs_ahead_leaves_the_last_entry_alone(teen, patient):
    ahead = bout(day="2099-12-30", recorded_at="2099-12-30T17:00:00Z", source="tap")
    answers(send(teen, patient, ahead), 201, "recorded")
    patient.refresh_from_db()
    assert patient.last_logged_on is None
    data = bout(day=days_ago(1))
    send(teen, patient, data)
    void(teen, patient, ahead["id"])
    patient.refresh_from_db()
    assert patient.last_logged_on == TODAY - timedelta(days=1)


@pytest.mark.parametrize("recorded_at", ["2026-11-20T17:50:00Z", "2016-11-20T17:00:00Z"])
def test_a_queued_day_far_ahead_is_kept_with_doubt(teen, patient, recorded_at):
    data = bout(day=days_ago(-3650), recorded_at=recorded_at, source="tap")
    answers(send(teen, patient, data), 201, "recorded")
    assert kept(data["id"]).clock_doubt


@pytest.mark.parametrize(
    ("recorded_at", "sent_at"),
    [
        ("2016-11-20T17:00:00Z", "2016-11-20T18:00:00Z"),
        ("2036-11-20T17:00:00Z", "2036-11-20T18:00:00Z"),
        ("2016-11-20T17:00:00Z", ""),
        ("2036-11-20T17:00:00Z", ""),
        ("1970-01-01T00:00:05Z", "1970-01-01T01:00:00Z"),
        ("1970-01-01T00:00:05Z", ""),
        ("0001-01-01T00:00:00+14:00", ""),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:10:00Z"),
        ("9999-12-31T23:59:59-12:00", ""),
        ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_a_clock_years_off_moves_no_day(teen, patient, recorded_at, sent_at):
    data = bout(recorded_at=recorded_at, sent_at=sent_at, source="tap")
    answers(send(teen, patient, data), 201, "recorded")
    session = kept(data["id"])
    assert (session.clock_doubt, session.daily_log.day, session.added_later) == (True, TODAY, False)


def test_the_devices_clock_is_corrected_by_what_it_showed_when_it_sent(teen, patient):
    data = bout(recorded_at="2026-11-20T18:30:00Z", sent_at="2026-11-20T20:00:00Z", source="tap")
    send(teen, patient, data)
    assert kept(data["id"]).recorded_at == NOON - timedelta(minutes=90)
    assert kept(data["id"]).clock_doubt


def test_a_small_offset_is_corrected_without_doubt(teen, patient):
    data = bout(recorded_at="2026-11-20T17:05:00Z", sent_at="2026-11-20T18:05:00Z", source="tap")
    send(teen, patient, data)
    assert (kept(data["id"]).recorded_at, kept(data["id"]).clock_doubt) == (NOON - timedelta(hours=1), False)


def test_the_window_is_judged_when_it_was_recorded(cast, patient, clock):
    """A month without signal: what was one tap then is one tap now."""
    queued = {"source": "tap", "recorded_at": "2026-11-20T17:00:00Z"}
    clock.move_to(NOON + timedelta(days=30), tick=False)
    teen = signed_in(cast.maya)
    refused(post(teen, patient, **queued, day=days_ago(2)), "day")
    data = bout(**queued, day=days_ago(1))
    answers(send(teen, patient, data), 201, "recorded")
    assert not kept(data["id"]).clock_doubt


@pytest.mark.parametrize("zone_less", ["2026-11-20T17:00:00", "2026-11-20", "yesterday", "1795197600"])
def test_an_instant_needs_its_offset(teen, patient, zone_less):
    refused(post(teen, patient, recorded_at=zone_less, started_at=zone_less), "recorded_at", "started_at")


@pytest.mark.parametrize("started_at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_start_in_another_age_is_refused(teen, patient, started_at):
    refused(post(teen, patient, started_at=started_at), "started_at")


def test_the_repeated_hour_is_two_instants(teen, patient, clock):
    """Chicago's clock shows 1:30 twice on 2026-11-01."""
    clock.move_to(datetime(2026, 11, 1, 18, tzinfo=UTC), tick=False)
    for instant in ("2026-11-01T01:30:00-05:00", "2026-11-01T01:30:00-06:00"):
        post(teen, patient, day="2026-11-01", started_at=instant)
    starts = TherapySession.objects.order_by("started_at").values_list("started_at", flat=True)
    assert list(starts) == [datetime(2026, 11, 1, hour, 30, tzinfo=UTC) for hour in (6, 7)]


def test_added_later_is_stored_and_never_counted_again(teen, patient):
    late, on_time = bout(day=days_ago(1)), bout()
    queued = bout(day=days_ago(2), recorded_at="2026-11-19T03:00:00Z", source="tap")  # 9 in the evening
    for data in (late, on_time, queued):
        answers(send(teen, patient, data), 201, "recorded")
    assert [kept(data["id"]).added_later for data in (late, on_time, queued)] == [True, False, False]
    assert patient.daily_logs.get(day=TODAY - timedelta(days=1)).added_later == 1
    patient.zone, patient.day_start = "Pacific/Kiritimati", 4
    patient.save()
    correct(teen, patient, late["id"], version=1, minutes=20)
    correct(teen, patient, on_time["id"], version=1, day=days_ago(3))
    assert [kept(data["id"]).added_later for data in (late, on_time)] == [True, False]
    assert kept(on_time["id"]).zone == "America/Chicago"


def test_a_day_start_keeps_the_small_hours_on_their_day(teen, patient, clock):
    patient.day_start = 4
    patient.save()
    clock.move_to(datetime(2026, 11, 20, 8, 59, tzinfo=UTC), tick=False)  # 2:59 in Chicago
    refused(post(teen, patient), "day")
    data = bout(day=days_ago(1))
    answers(send(teen, patient, data), 201, "recorded")
    assert not kept(data["id"]).added_later


@pytest.mark.parametrize("source", Source.values)
def test_every_source_is_kept(teen, patient, source):
    data = bout(source=source)
    send(teen, patient, data)
    assert kept(data["id"]).source == source


@pytest.mark.parametrize(("who", "role"), [("maya", "patient"), ("dana", "parent"), ("lee", "therapist")])
def test_the_role_of_the_moment_is_kept(cast, patient, who, role):
    data = bout()
    send(signed_in(getattr(cast, who)), patient, data)
    assert kept(data["id"]).entered_as == role
    assert patient.daily_logs.get().by_parents == (role == "parent")


# --- corrections ------------------------------------------------------------------------------------------


def test_a_correction_changes_what_was_sent_and_nothing_else(teen, patient, cast):
    stairs = factories.activity("Stairs", strand="cardio")
    data = bout(activity=stairs.pk, body_areas="left_foot", started_at="2026-11-20T17:00:00Z", texture="silk")
    send(teen, patient, data)
    before = facts(data["id"])
    body = answers(correct(teen, patient, data["id"], version=1, minutes=25), 200, "corrected")
    assert (body["id"], body["minutes"], body["version"], body["edited"]) == (data["id"], 25, 2, True)
    assert facts(data["id"]) == before | {"minutes": 25, "version": 2, "corrected": True}
    assert patient.daily_logs.get().cardio == 25


def test_a_correction_can_empty_what_was_optional(teen, patient):
    item = factories.item(patient.programs.get(), factories.activity())
    data = bout(strand="exercises", items=item.pk, activity=item.activity_id, body_areas="left_foot")
    send(teen, patient, data)
    correct(teen, patient, data["id"], version=1, items="", activity="", body_areas="")
    session = kept(data["id"])
    assert (session.activity, session.body_areas, list(session.items.all())) == (None, [], [])


def test_a_correction_that_leaves_a_detail_keeps_it_whatever_became_of_it(teen, patient, cast):
    own = factories.activity("Stairs", strand="cardio", owner=cast.lee)
    data = bout(activity=own.pk, body_areas="left_foot")
    send(teen, patient, data)
    patient.team.filter(user=cast.lee).update(until=timezone.now())
    patient.body_areas = []
    patient.save()
    answers(correct(teen, patient, data["id"], version=1, minutes=20), 200, "corrected")
    assert (kept(data["id"]).activity, kept(data["id"]).body_areas) == (own, ["left_foot"])


def test_moving_a_day_counts_both_days_again(teen, patient):
    data = bout()
    send(teen, patient, data)
    post(teen, patient, minutes="10")
    answers(correct(teen, patient, data["id"], version=1, day=days_ago(3)), 200, "corrected")
    assert list(patient.daily_logs.order_by("day").values_list("cardio", "sessions")) == [(15, 1), (10, 1)]
    assert totals_agree(patient)


def test_moving_the_latest_entry_moves_the_last_entry(teen, patient):
    data = bout()
    send(teen, patient, data)
    correct(teen, patient, data["id"], version=1, day=days_ago(3))
    patient.refresh_from_db()
    assert patient.last_logged_on == TODAY - timedelta(days=3)


def test_a_correction_leaves_its_trail(teen, parent, patient, cast):
    data = bout()
    send(parent, patient, data)
    correct(teen, patient, data["id"], version=1, minutes=25, day=days_ago(1))
    change = Change.objects.get()
    assert (change.patient, change.by, change.entered_as) == (patient, cast.maya, "patient")
    assert (change.subject, change.subject_id, change.what) == ("session", kept(data["id"]).pk, "corrected")
    differing = {name for name in change.before if change.before[name] != change.after[name]}
    assert differing == {"minutes", "day", "version"}
    assert (change.before["minutes"], change.after["minutes"]) == (15, 25)
    assert (change.before["day"], change.after["day"]) == ("2026-11-20", "2026-11-19")
    assert kept(data["id"]).entered_by == cast.dana


@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "0"}, {"version": "x"}])
def test_a_correction_needs_the_version_it_was_made_from(teen, patient, version):
    data = bout()
    send(teen, patient, data)
    before = facts(data["id"])
    body = answers(correct(teen, patient, data["id"], minutes=20, **version), 422, "invalid")
    assert (set(body["errors"]), body["id"]) == ({"version"}, data["id"])
    assert facts(data["id"]) == before


@pytest.mark.parametrize("version", [1, 3, 2**63])
def test_a_stale_correction_is_refused_with_what_stands(teen, parent, patient, version):
    data = bout()
    send(parent, patient, data)
    correct(teen, patient, data["id"], version=1, minutes=20)
    before = facts(data["id"])
    body = answers(correct(parent, patient, data["id"], version=version, minutes=30), 409, "stale")
    assert (body["id"], body["version"], body["minutes"], body["edited"]) == (data["id"], 2, 20, True)
    assert facts(data["id"]) == before
    assert Change.objects.count() == 1


def test_a_removed_session_cannot_be_corrected(teen, patient):
    data = bout()
    send(teen, patient, data)
    void(teen, patient, data["id"])
    before = facts(data["id"])
    body = answers(correct(teen, patient, data["id"], version=2, minutes=30), 409, "stale")
    assert body["voided"]
    assert facts(data["id"]) == before


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"minutes": "0"}, "minutes"),
        ({"minutes": ""}, "minutes"),
        ({"strand": "stress"}, "strand"),
        ({"day": "2026-11-21"}, "day"),
        ({"day": "2026-11-21", "recorded_at": "2026-11-21T17:00:00Z"}, "day"),
        ({"day": "2026-11-01"}, "day"),
        ({"day": "2026-11-01", "recorded_at": "2026-11-01T17:00:00Z"}, "day"),
        ({"body_areas": "right_hand"}, "body_areas"),
        ({"items": str(2**63)}, "items"),
        ({"slot": str(2**63)}, "slot"),
        ({"activity": str(2**63)}, "activity"),
    ],
)
def test_a_bad_correction_changes_nothing(teen, patient, data, field):
    sent = bout()
    send(teen, patient, sent)
    before = facts(sent["id"])
    body = answers(correct(teen, patient, sent["id"], version=1, **data), 422, "invalid")
    assert (set(body["errors"]), body["id"]) == ({field}, sent["id"])
    assert facts(sent["id"]) == before


def test_a_correction_changes_neither_sender_nor_clocks(teen, patient, cast):
    data = bout(source="tap")
    send(teen, patient, data)
    before = facts(data["id"])
    extra = {
        "source": "sheet", "recorded_at": "2020-01-01T00:00:00Z", "entered_as": "parent", "zone": "UTC",
        "added_later": "1", "digest": "x", "voided_at": "2020-01-01", "patient_id": cast.other.pk,
        "id": str(uuid.uuid4()),
    }  # fmt: skip
    answers(correct(teen, patient, data["id"], version=1, minutes=16, **extra), 200, "corrected")
    assert facts(data["id"]) == before | {"minutes": 16, "version": 2, "corrected": True}


def test_an_entry_with_a_day_ahead_can_be_put_right(teen, patient):
    data = bout(day=days_ago(-1), recorded_at="2026-11-21T17:00:00Z")
    send(teen, patient, data)
    answers(correct(teen, patient, data["id"], version=1, minutes=20), 200, "corrected")
    answers(correct(teen, patient, data["id"], version=2, day=days_ago(0)), 200, "corrected")
    assert kept(data["id"]).daily_log.day == TODAY


def test_a_parent_corrects_and_removes_only_their_own(teen, parent, patient):
    hers, mine = bout(), bout()
    send(teen, patient, hers)
    send(parent, patient, mine)
    before = facts(hers["id"])
    answers(correct(parent, patient, hers["id"], version=1, minutes=20), 403, "forbidden")
    answers(void(parent, patient, hers["id"]), 403, "forbidden")
    assert facts(hers["id"]) == before
    answers(correct(parent, patient, mine["id"], version=1, minutes=20), 200, "corrected")
    answers(void(parent, patient, mine["id"]), 200, "removed")


def test_a_teen_and_a_therapist_correct_anything(teen, parent, therapist, patient):
    data = bout()
    send(parent, patient, data)
    answers(correct(teen, patient, data["id"], version=1, minutes=20), 200, "corrected")
    answers(correct(therapist, patient, data["id"], version=2, minutes=25), 200, "corrected")


@pytest.mark.parametrize("who", ["maya", "dana"])
def test_an_entry_is_open_for_seven_days(cast, patient, therapist, clock, who):
    client, data = signed_in(getattr(cast, who)), bout()
    send(client, patient, data)
    clock.move_to(NOON + timedelta(days=7), tick=False)
    answers(correct(client, patient, data["id"], version=1, minutes=20), 200, "corrected")
    clock.move_to(NOON + timedelta(days=8), tick=False)
    client, before = signed_in(getattr(cast, who)), facts(data["id"])
    answers(correct(client, patient, data["id"], version=2, minutes=30), 403, "forbidden")
    answers(void(client, patient, data["id"]), 403, "forbidden")
    assert facts(data["id"]) == before
    answers(correct(signed_in(cast.lee), patient, data["id"], version=2, minutes=30), 200, "corrected")


# --- removing ---------------------------------------------------------------------------------------------


def test_removing_keeps_the_row_and_takes_it_out_of_every_count(teen, patient, cast):
    data = bout()
    send(teen, patient, data)
    body = answers(void(teen, patient, data["id"]), 200, "removed")
    assert (body["id"], body["voided"], body["version"]) == (data["id"], True, 2)
    session = kept(data["id"])
    assert (session.voided_at, session.voided_by) == (NOON, cast.maya)
    row = patient.daily_logs.get()
    assert (row.cardio, row.sessions, row.last_entry_at) == (0, 0, None)
    patient.refresh_from_db()
    assert patient.last_logged_on is None
    change = Change.objects.get()
    assert (change.what, change.before["voided"], change.after["voided"]) == ("removed", False, True)


def test_removing_again_changes_nothing(teen, therapist, patient):
    data = bout()
    send(teen, patient, data)
    void(teen, patient, data["id"])
    before = facts(data["id"])
    assert answers(void(therapist, patient, data["id"]), 200, "removed")["voided"]
    assert facts(data["id"]) == before
    assert Change.objects.count() == 1


def test_putting_back_makes_it_what_it_was(teen, therapist, patient):
    data = bout(recorded_at="2026-11-20T17:00:00Z", source="timer")
    send(teen, patient, data)
    before = facts(data["id"])
    void(therapist, patient, data["id"])
    for _ in range(2):
        body = answers(restore(therapist, patient, data["id"]), 200, "restored")
        assert (body["edited"], body["voided"], body["version"]) == (False, False, 3)
    assert facts(data["id"]) == before | {"version": 3}
    assert totals_agree(patient)
    patient.refresh_from_db()
    assert patient.last_logged_on == TODAY
    assert list(Change.objects.order_by("pk").values_list("what", flat=True)) == ["removed", "restored"]


def test_a_corrected_and_removed_one_is_edited_and_voided(teen, patient):
    data = bout()
    send(teen, patient, data)
    correct(teen, patient, data["id"], version=1, minutes=20)
    body = answers(void(teen, patient, data["id"]), 200, "removed")
    assert (body["edited"], body["voided"], body["version"]) == (True, True, 3)


@pytest.mark.parametrize("client_id", ["0", "maya", str(uuid.UUID(int=0))])
def test_an_unknown_session_is_nowhere(teen, patient, client_id):
    for url in (
        f"/patients/{patient.code}/sessions/{client_id}/",
        f"/patients/{patient.code}/sessions/{client_id}/void/",
        f"/patients/{patient.code}/sessions/{client_id}/restore/",
    ):
        answers(teen.post(url, {"version": 1}, headers=JSON), 404, "not_found")


# --- the marks of a day -----------------------------------------------------------------------------------


def test_a_day_is_marked_and_checked_in(teen, patient):
    body = answers(
        mark(teen, patient, harder="yes", school="part", friends="some", activities="no", home="yes"),
        200,
        "saved",
    )
    assert body == {
        "code": "saved", "day": "2026-11-20", "harder": True,
        "school": "part", "friends": "some", "activities": "no", "home": "yes",
    }  # fmt: skip
    row = patient.daily_logs.get()
    assert (row.harder, row.school, row.sessions) == (True, "part", 0)


def test_a_mark_that_is_left_out_stays(teen, patient):
    mark(teen, patient, harder="yes", school="all")
    mark(teen, patient, friends="yes")
    assert answers(mark(teen, patient, harder="no"), 200, "saved")["school"] == "all"
    row = patient.daily_logs.get()
    assert (row.harder, row.school, row.friends) == (False, "all", "yes")
    assert Change.objects.get().before == {"harder": True}


def test_nothing_sent_changes_nothing(teen, patient):
    mark(teen, patient, harder="yes", school="all")
    assert answers(mark(teen, patient), 200, "saved")["harder"]
    assert not Change.objects.exists()


def test_a_mark_leaves_the_days_totals_alone(teen, patient):
    post(teen, patient)
    mark(teen, patient, harder="yes")
    assert patient.daily_logs.get().cardio == 15
    assert totals_agree(patient)


@pytest.mark.parametrize(
    ("marks", "reach"),
    [({"harder": "yes"}, 1), ({"harder": "no"}, 1), ({"school": "all"}, 7), ({"home": "no"}, 7)],
)
def test_how_far_back_a_day_can_be_marked(teen, patient, marks, reach):
    for day in (days_ago(-1), days_ago(reach + 1)):
        body = answers(mark(teen, patient, day, **marks), 422, "invalid")
        assert set(body["errors"]) == {"day"}
    assert not patient.daily_logs.exists()
    answers(mark(teen, patient, days_ago(reach), **marks), 200, "saved")


@pytest.mark.parametrize(
    "marks",
    [
        {"harder": "7"},
        {"harder": "\x00"},
        {"school": "yes"},
        {"friends": "all"},
        {"home": "🏠"},
        {"activities": "x" * 9999},
    ],
)
def test_an_unknown_mark_is_refused(teen, patient, marks):
    body = answers(mark(teen, patient, **marks), 422, "invalid")
    assert set(body["errors"]) == set(marks)
    assert not patient.daily_logs.exists()


@pytest.mark.parametrize("who", ["dana", "lee"])
@pytest.mark.parametrize("marks", [{"harder": "yes"}, {"school": "all"}])
def test_only_the_teen_marks_a_day(cast, patient, teen, who, marks):
    mark(teen, patient, harder="no", school="none")
    answers(mark(signed_in(getattr(cast, who)), patient, **marks), 403, "forbidden")
    row = patient.daily_logs.get()
    assert (row.harder, row.school) == (False, "none")


@pytest.mark.parametrize(
    "day", ["2026-02-30", "today", "0001-01-01", "9999-12-31", "2026-11-20T00:00", "%00"]
)
def test_a_day_that_is_none_is_nowhere(teen, patient, day):
    answers(
        teen.post(f"/patients/{patient.code}/days/{day}/", {"harder": "no"}, headers=JSON), 404, "not_found"
    )
