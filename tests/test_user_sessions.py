"""The list of signed-in devices, and signing out there."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from exercises.templatetags.agents import device_words
from tests.factories import PASSWORD

LIST = reverse("usersessions_list")
KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KIT} Chrome/131.0.0.0 Safari/537.36"
ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {KIT} Chrome/131.0.0.0 Mobile Safari/537.36"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {KIT} Version/17.5 Mobile/15E Safari/604.1"


def device(username, agent=WINDOWS):
    client = Client(headers={"User-Agent": agent})
    client.post(reverse("account_login"), {"login": username, "password": PASSWORD})
    return client


def is_in(client):
    return client.get("/more/", headers={"Accept": "application/json"}).status_code == 200


def end(client, session):
    return client.post(reverse("sign-out-there", args=[session.pk]))


def session_of(client):
    return UserSession.objects.get(session_key=client.session.session_key)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (WINDOWS, "Chrome on Windows"),
        (ANDROID, "Chrome on Android"),
        (IPHONE, "Safari on iPhone"),
        (WINDOWS + " Edg/131.0.0.0", "Edge on Windows"),
        (WINDOWS + " OPR/116.0.0.0", "Opera on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"),
        (IPHONE.replace("Version/17.5", "CriOS/131.0.6778.73"), "Chrome on iPhone"),
        (IPHONE.replace("Version/17.5", "FxiOS/133.0"), "Firefox on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15", "Safari on Mac"),
        (ANDROID.replace("Chrome", "SamsungBrowser/27.0 Chrome"), "Samsung Internet on Android"),
        (
            WINDOWS.replace("Windows NT 10.0; Win64; x64", "X11; CrOS x86_64 14541.0.0"),
            "Chrome on Chromebook",
        ),
        ("curl/8.5.0", "A device we do not know"),
        ("", "A device we do not know"),
        ("Firefox/1", "Firefox"),
        ("<b>Android</b>", "Android"),
    ],
)
def test_a_device_is_told_in_plain_words(said, words):
    assert device_words(said) == words


def test_row_11_every_sign_in_is_listed_and_this_one_marked(cast):
    here, there = device("maya"), device("maya", IPHONE)
    device("dana", ANDROID)
    page = here.get(LIST).text
    assert page.count("Sign out there") == 1
    assert page.index("this one") > page.index("Chrome on Windows")
    assert "Safari on iPhone" in page
    assert "Android" not in page
    assert is_in(there)


def test_row_11_signing_out_there_ends_that_one_at_once(cast):
    here, there, third = device("maya"), device("maya", IPHONE), device("maya", ANDROID)
    answer = end(here, session_of(there))
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert "Signed out there." in here.get(LIST).text
    assert (is_in(here), is_in(there), is_in(third)) == (True, False, True)
    page = here.get(LIST).text
    assert "iPhone" not in page


def test_row_11_one_button_ends_all_others(cast):
    here, there, third, dana = device("maya"), device("maya"), device("maya"), device("dana")
    assert here.post(LIST)["Location"] == LIST
    assert (is_in(here), is_in(there), is_in(third), is_in(dana)) == (True, False, False, True)


def test_somebody_elses_is_not_there(cast):
    dana = device("dana")
    theirs = session_of(dana)
    assert end(device("maya"), theirs).status_code == 404
    assert end(Client(), theirs).status_code == 302
    assert is_in(dana)


def test_this_one_is_left_by_signing_out(cast):
    here = device("maya")
    assert end(here, session_of(here)).status_code == 404
    assert is_in(here)


@pytest.mark.parametrize("key", ["0", "999999", "9" * 30])
def test_an_unknown_one_is_not_there(cast, key):
    assert device("maya").post(f"/signed-in/{key}/end/").status_code == 404


def test_ending_needs_a_post(cast):
    here, there = device("maya"), device("maya")
    assert here.get(reverse("sign-out-there", args=[session_of(there).pk])).status_code == 405
    assert is_in(there)


def test_row_11_a_new_password_empties_the_list(cast):
    here, there = device("maya"), device("maya", IPHONE)
    new = "a password of its own"
    here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert (is_in(here), is_in(there)) == (True, False)
    assert "iPhone" not in here.get(LIST).text


def test_the_way_there_is_under_more(cast):
    page = device("maya").get("/more/").text
    for name in ("usersessions_list", "mfa_index", "account_change_password", "account_email"):
        assert f'href="{reverse(name)}"' in page
