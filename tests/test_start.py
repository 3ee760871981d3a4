"""Who are you, and how old: what comes before an account that somebody makes alone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from exercises.models import User
from exercises.session_keys import COMING_AS
from tests.conftest import signed_in
from tests.worlds import rows

COOKIE = settings.AGE_COOKIE_NAME
START, AGE, SIGN_UP, NEW = map(reverse, ("start", "start-age", "account_signup", "record-new"))
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
OLD_ENOUGH, TOO_YOUNG = {"month": "10", "year": "2013"}, {"month": "11", "year": "2013"}


@pytest.fixture(autouse=True)
def november(db, settings):
    settings.SIGNUP = "open"
    with time_machine.travel(NOW, tick=False):
        yield


def answer(client, born):
    return client.post(AGE, born)


def text(response):
    return response.content.decode()


def test_the_page_asks_who_somebody_is(client):
    response = client.get(START)
    assert response.status_code == 200
    assert 'value="parent"' in text(response) and 'value="self"' in text(response)
    assert reverse("join") in text(response)
    assert "Clinicians are invited" in text(response)


def test_a_parent_goes_on_to_make_an_account(client):
    response = client.post(START, {"who": "parent"})
    assert (response.status_code, response["Location"]) == (302, SIGN_UP)
    assert client.get(SIGN_UP).context["form"]


def test_a_teen_is_asked_how_old_first(client):
    response = client.post(START, {"who": "self"})
    assert (response.status_code, response["Location"]) == (302, AGE)
    assert COMING_AS not in client.session


@pytest.mark.parametrize("who", [None, "", "therapist", "clinician", "patient\x00"])
def test_nobody_comes_in_as_anything_else(client, who):
    assert client.post(START, {"who": who} if who is not None else {}).status_code == 422
    assert COMING_AS not in client.session


@pytest.mark.parametrize("url", [START, AGE])
def test_other_methods_do_not_exist(client, url):
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(url).status_code == 405


def test_somebody_with_an_account_goes_on_to_a_record(cast):
    client = signed_in(cast.sam)
    assert client.get(START).status_code == 200
    assert client.post(START, {"who": "parent"})["Location"] == NEW
    assert answer(client, OLD_ENOUGH)["Location"] == NEW


# --- only with a code ---------------------------------------------------------------------------------------


def test_where_people_come_by_invitation_the_page_says_how(client, settings):
    settings.SIGNUP = "invite"
    response = client.get(START)
    assert response.status_code == 200
    assert 'name="who"' not in text(response)
    assert "print a card with a code for you" in text(response)


def test_where_people_come_by_invitation_nobody_starts_alone(client, settings):
    settings.SIGNUP = "invite"
    before = rows()
    assert client.post(START, {"who": "parent"}).status_code == 403
    assert client.get(AGE)["Location"] == START
    assert answer(client, OLD_ENOUGH)["Location"] == START
    assert rows() == before
    assert COMING_AS not in client.session


def test_where_people_come_by_invitation_an_account_may_open_a_record(cast, settings):
    settings.SIGNUP = "invite"
    assert signed_in(cast.sam).post(START, {"who": "parent"})["Location"] == NEW


# --- how old ------------------------------------------------------------------------------------------------


def test_the_question_gives_no_hint_and_has_no_default(client):
    page = text(client.get(AGE))
    main = page[page.index("<main") : page.index("</main")]
    words = strip_tags(main).lower()
    assert str(settings.SELF_SIGNUP_AGE) not in words
    assert not {"old", "age", "younger", "must", "parent"} & set(re.findall("[a-z]+", words))
    assert re.findall(r'<option value="([^"]*)" selected>', main) == [""]
    year = re.search(r'<input type="text" name="year"[^>]*>', main)
    assert year and "value=" not in year[0]


def test_row_22_an_old_enough_teen_goes_on_and_nothing_of_the_birthday_is_kept(client):
    response = answer(client, OLD_ENOUGH)
    assert (response.status_code, response["Location"]) == (302, SIGN_UP)
    assert dict(client.session) == {COMING_AS: "patient"}
    assert COOKIE not in client.cookies


@pytest.mark.parametrize(
    ("born", "enough"),
    [
        ({"month": "10", "year": "2013"}, True),
        ({"month": "11", "year": "2013"}, False),
        ({"month": "12", "year": "2012"}, True),
        ({"month": "1", "year": "2026"}, False),
        ({"month": "1", "year": "1960"}, True),
    ],
)
def test_row_22_the_birthday_has_to_be_over(client, born, enough):
    assert answer(client, born)["Location"] == (SIGN_UP if enough else AGE)


def test_the_age_is_the_installations_to_set(client, settings):
    settings.SELF_SIGNUP_AGE = 16
    assert answer(client, OLD_ENOUGH)["Location"] == AGE
    assert answer(Client(), {"month": "10", "year": "2010"})["Location"] == SIGN_UP


def test_row_22_a_child_is_sent_to_a_parent_and_back_does_not_ask_again(client):
    response = answer(client, TOO_YOUNG)
    assert (response.status_code, response["Location"]) == (302, AGE)
    for again in (client.get(AGE), answer(client, OLD_ENOUGH)):
        assert again.status_code == 200
        assert "Start this with a parent" in text(again)
        assert 'name="year"' not in text(again)
    assert COMING_AS not in client.session
    assert "form" not in (client.get(SIGN_UP).context or {})


def test_row_22_a_child_who_said_otherwise_before_is_a_child(client):
    answer(client, OLD_ENOUGH)
    answer(client, TOO_YOUNG)
    assert COMING_AS not in client.session
    before = User.objects.count()
    client.post(SIGN_UP, {"username": "ada", "password1": "umbrella canyon tuba"})
    assert User.objects.count() == before


def test_row_22_the_flag_says_nothing_else_and_cannot_be_made_up(client):
    cookie = answer(client, TOO_YOUNG).cookies[COOKIE]
    assert bool(cookie["secure"]) is settings.SESSION_COOKIE_SECURE
    assert "2013" not in cookie.value and cookie["httponly"] and cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 24 * 3600
    other = Client()
    other.cookies[COOKIE] = "yes"
    assert 'name="year"' in text(other.get(AGE))


def test_after_a_day_the_question_can_be_asked_again(client):
    answer(client, TOO_YOUNG)
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert 'name="year"' in text(client.get(AGE))


def test_a_parent_goes_on_from_the_page_of_a_child(client):
    answer(client, TOO_YOUNG)
    assert client.post(START, {"who": "parent"})["Location"] == SIGN_UP
    assert client.get(SIGN_UP).context["form"]


@pytest.mark.parametrize(
    "born",
    [
        {},
        {"month": "", "year": ""},
        {"month": "13", "year": "2010"},
        {"month": "x", "year": "2010"},
        {"month": "5", "year": "10"},
        {"month": "5", "year": "1899"},
        {"month": "5", "year": "2027"},
        {"month": "12", "year": "2026"},
        {"month": "5", "year": "٢٠١٠x"},
        {"month": "5", "year": "20\x0010"},
    ],
)
def test_what_is_no_birthday_is_asked_again(client, born):
    response = answer(client, born)
    assert response.status_code == 422
    assert "invalid-feedback" in text(response)
    assert COMING_AS not in client.session and COOKIE not in client.cookies
