"""A sign-in ends by itself: after a while without use, and after a while in any case."""

import json
import uuid
from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises import gates
from exercises.services import sign_ins
from exercises.services.sign_ins import CLINIC, FAMILY, SHARED
from exercises.session_keys import SEEN_AT, SHARED_DEVICE, SIGNED_IN_AT
from tests import factories
from tests.conftest import signed_in
from tests.factories import PASSWORD

JSON = {"Accept": "application/json"}
MORE, STILL_HERE, LOGIN = reverse("more"), reverse("still-here"), reverse("account_login")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock():
    """Stands still, and is moved by hand."""
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as traveller:
        yield traveller


def shared(user):
    client = signed_in(user)
    session = client.session
    session[SHARED_DEVICE] = True
    session.save()
    return client


def somebody(cast, who):
    match who:
        case "therapist":
            return signed_in(cast.lee)
        case "administrator":
            return signed_in(factories.user("ada", is_staff=True))
        case "shared":
            return shared(cast.maya)
        case "therapist, shared":
            return shared(cast.lee)
    return signed_in({"teen": cast.maya, "parent": cast.dana}[who])


def is_in(client):
    return client.get(MORE, headers=JSON).status_code == 200


IDLE = {
    "therapist": 30 * MINUTE,
    "administrator": 30 * MINUTE,
    "teen": 30 * DAY,
    "parent": 30 * DAY,
    "shared": 10 * MINUTE,
    "therapist, shared": 10 * MINUTE,
}


@pytest.mark.parametrize("who", IDLE)
def test_row_11_a_sign_in_without_use_ends(cast, clock, who):
    client = somebody(cast, who)
    clock.shift(IDLE[who] - timedelta(seconds=1))
    assert is_in(client)
    clock.shift(IDLE[who])
    assert not is_in(client)


@pytest.mark.parametrize("who", IDLE)
def test_row_11_to_the_second(cast, clock, who):
    client = somebody(cast, who)
    clock.shift(IDLE[who])
    assert not is_in(client)


@pytest.mark.parametrize(
    ("who", "step", "last"),
    [
        ("therapist", 20 * MINUTE, 12 * HOUR),
        ("administrator", 20 * MINUTE, 12 * HOUR),
        ("shared", 9 * MINUTE, 12 * HOUR),
        ("teen", 20 * DAY, 180 * DAY),
        ("parent", 20 * DAY, 180 * DAY),
    ],
)
def test_row_11_a_sign_in_in_use_ends_too(cast, clock, who, step, last):
    client, used = somebody(cast, who), timedelta()
    while used + step < last:
        clock.shift(step)
        used += step
        assert is_in(client), used
    clock.shift(last - used)
    assert not is_in(client)


def test_row_11_an_old_cookie_is_worth_nothing_after_that(cast, clock, therapist):
    kept = therapist.cookies["sessionid"].value
    clock.shift(31 * MINUTE)
    assert not is_in(therapist)
    other = Client()
    other.cookies["sessionid"] = kept
    assert not is_in(other)
    assert not Session.objects.filter(session_key=kept).exists()


def test_row_11_a_log_that_comes_too_late_gets_401_and_is_taken_afterwards(cast, clock, patient):
    """The queue keeps what is answered with 401, and sends it again after the next sign-in."""
    client = shared(cast.maya)
    url = reverse("sessions", args=[patient.code])
    log = {"id": uuid.uuid4(), "day": patient.today().isoformat(), "strand": "cardio", "minutes": 15}
    clock.shift(11 * MINUTE)
    refused = client.post(url, log, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (401, "signed_out")
    assert not patient.sessions.exists()
    assert signed_in(cast.maya).post(url, log, headers=JSON).status_code == 201


def test_a_person_learns_why_and_goes_on_where_they_were(cast, clock, patient, therapist):
    url = reverse("patient", args=[patient.code])
    clock.shift(31 * MINUTE)
    response = therapist.get(url)
    assert response["Location"].startswith(LOGIN)
    page = therapist.get(response["Location"])
    assert "You were signed out after a quiet time" in page.text
    assert "was not saved" not in page.text
    assert f'value="{url}"' in page.text


def test_a_form_that_comes_too_late_is_not_saved_and_says_so(cast, clock, patient, therapist):
    clock.shift(31 * MINUTE)
    came_from = f"http://testserver{reverse('words', args=[patient.code])}?week=1"
    response = therapist.post(
        reverse("sessions", args=[patient.code]), {"minutes": 15}, headers={"Referer": came_from}
    )
    page = therapist.get(response["Location"])
    assert "What you sent was not saved" in page.text
    assert f'value="{reverse("words", args=[patient.code])}"' in page.text
    assert not patient.sessions.exists()


@pytest.mark.parametrize("came_from", ["", "https://evil.example/patients/", "javascript:alert(1)"])
def test_a_form_from_anywhere_else_leads_home(clock, patient, therapist, came_from):
    clock.shift(31 * MINUTE)
    response = therapist.post(
        reverse("sessions", args=[patient.code]), {}, headers={"Referer": came_from} if came_from else {}
    )
    assert response["Location"].endswith("next=/")


def test_a_part_of_a_page_is_told_to_sign_in(clock, therapist):
    clock.shift(31 * MINUTE)
    response = therapist.get(
        MORE, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/more/"}
    )
    assert response.status_code == 401
    assert response["HX-Redirect"].startswith(f"{LOGIN}?ended=quiet")


def test_somebody_signed_in_is_not_told_that_they_are_not(teen):
    assert "quiet time" not in teen.get(MORE, {"ended": "quiet"}).text


def test_a_family_that_becomes_a_clinician_takes_the_shorter_limit(cast, clock, parent):
    clock.shift(19 * MINUTE)
    assert is_in(parent)
    cast.dana.is_clinician = True
    cast.dana.save()
    assert is_in(parent)
    clock.shift(31 * MINUTE)
    assert not is_in(parent)


@pytest.mark.parametrize(
    ("who", "coarse"), [("therapist", MINUTE), ("teen", 20 * MINUTE), ("shared", timedelta(seconds=20))]
)
def test_use_is_written_coarsely(cast, clock, who, coarse):
    client = somebody(cast, who)
    first = client.session[SEEN_AT]
    clock.shift(coarse - timedelta(seconds=1))
    assert is_in(client)
    assert client.session[SEEN_AT] == first
    clock.shift(timedelta(seconds=1))
    assert is_in(client)
    assert client.session[SEEN_AT] == first + coarse.total_seconds()


def test_most_requests_write_nothing(cast, clock, therapist, django_assert_num_queries):
    """The session and the user are asked for anyway."""
    with django_assert_num_queries(2):
        therapist.get(STILL_HERE)
    clock.shift(59 * timedelta(seconds=1))
    with django_assert_num_queries(2):
        therapist.get(STILL_HERE)


def test_the_list_of_devices_knows_the_last_use(db, clock):
    factories.user("maya")
    client = Client()
    client.post(LOGIN, {"login": "maya", "password": PASSWORD})
    before = UserSession.objects.get()
    clock.shift(2 * DAY)
    assert is_in(client)
    assert UserSession.objects.get().last_seen_at == before.last_seen_at + 2 * DAY


def test_a_sign_in_of_before_begins_now(cast, clock, teen):
    session = teen.session
    del session[SIGNED_IN_AT], session[SEEN_AT]
    session.save()
    assert is_in(teen)
    now = int(timezone.now().timestamp())
    assert (teen.session[SIGNED_IN_AT], teen.session[SEEN_AT]) == (now, now)


def test_noting_the_use_keeps_what_another_request_wrote(cast, clock, therapist):
    session = therapist.session
    stale = Client()
    stale.cookies["sessionid"] = session.session_key
    clock.shift(2 * MINUTE)
    session["beside"] = "kept"
    session.save()
    sign_ins.note_use(session_key=session.session_key, now=timezone.now())
    assert therapist.session["beside"] == "kept"
    assert therapist.session[SEEN_AT] == int(timezone.now().timestamp())


def test_a_full_disk_closes_no_page(cast, clock, therapist, monkeypatch, caplog):
    def full(**_values):
        raise DatabaseError("disk full")

    monkeypatch.setattr(gates, "note_use", full)
    clock.shift(2 * MINUTE)
    assert is_in(therapist)
    assert "was not written" in caplog.text


def test_a_session_that_was_ended_meanwhile_is_out(cast, clock, therapist, monkeypatch):
    monkeypatch.setattr(gates, "note_use", lambda **_values: False)
    clock.shift(2 * MINUTE)
    assert not is_in(therapist)


def test_note_use_of_an_ended_session_says_so(db):
    assert sign_ins.note_use(session_key="gone", now=timezone.now()) is False


def test_a_clock_that_was_wrong_signs_nobody_out(cast, clock, therapist):
    clock.shift(-2 * DAY)
    assert is_in(therapist)


def test_a_monitor_asks_for_no_session(client, db, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert client.get("/healthz").status_code == 200


def test_the_cookie_lives_as_long_as_the_longest_sign_in(settings):
    assert FAMILY.absolute == settings.SESSION_COOKIE_AGE


def test_the_figures():
    assert (CLINIC.idle, CLINIC.absolute) == (30 * 60, 12 * 3600)
    assert (SHARED.idle, SHARED.absolute) == (10 * 60, 12 * 3600)
    assert (FAMILY.idle, FAMILY.absolute) == (30 * 86400, 180 * 86400)


# --- still here? ---------------------------------------------------------------------------------------


def ask(client):
    return json.loads(client.get(STILL_HERE).text)


def test_asking_does_not_keep_a_sign_in_alive(clock, therapist):
    for left in (30, 20, 10):
        assert ask(therapist)["seconds"] == left * 60
        clock.shift(10 * MINUTE)
    refused = therapist.get(STILL_HERE, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (401, "signed_out")


def test_saying_so_does(clock, therapist):
    clock.shift(29 * MINUTE)
    answer = therapist.post(STILL_HERE).json()
    assert (answer["code"], answer["seconds"]) == ("ok", 30 * 60)
    clock.shift(29 * MINUTE)
    assert is_in(therapist)


def test_the_end_of_the_day_cannot_be_put_off(clock, therapist):
    for _half_hour in range(23):
        clock.shift(30 * MINUTE - timedelta(seconds=1))
        therapist.post(STILL_HERE)
    assert ask(therapist)["seconds"] < 31 * 60
    clock.shift(29 * MINUTE)
    assert therapist.post(STILL_HERE).json()["seconds"] < 3 * 60


def test_who_is_told_without_telling_who(cast, teen, therapist):
    answers = [ask(client)["who"] for client in (therapist, signed_in(cast.lee), teen)]
    assert answers[0] == answers[1] != answers[2]
    assert str(cast.lee.pk) != answers[0]


def test_it_needs_a_token_and_knows_two_methods(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.maya)
    assert client.post(STILL_HERE).status_code == 403
    token = client.get(STILL_HERE).json()["csrf"]
    assert client.post(STILL_HERE, headers={"X-CSRFToken": token}).status_code == 200
    assert client.put(STILL_HERE, headers={"X-CSRFToken": token}).status_code == 405


@pytest.mark.parametrize("who", ["therapist", "administrator", "shared"])
def test_whoever_is_signed_out_soon_is_asked_first(cast, clock, who):
    client = somebody(cast, who)
    clock.shift(timedelta(seconds=10))
    page = client.get(reverse("news")).text
    seconds = 590 if who == "shared" else 1790
    assert f'data-seconds="{seconds}"' in page
    assert ask(client)["who"] in page


@pytest.mark.parametrize("who", ["teen", "parent"])
def test_families_are_not(cast, who):
    assert "idle.js" not in somebody(cast, who).get(MORE).text


def test_nobody_is_asked_who_is_signed_out(client, db):
    assert "idle.js" not in client.get(LOGIN).text
