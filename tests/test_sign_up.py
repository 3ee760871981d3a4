"""Making an account: who may, and the three words that are offered as its password."""

import re
from datetime import timedelta

import pytest
import time_machine
from dicewarepy.diceware import wordlist
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from exercises.forms.three_words import three_words
from exercises.models import User
from exercises.session_keys import COMING_AS, PENDING_CODE
from tests import factories
from tests.worlds import rows

URL, START = reverse("account_signup"), reverse("start")
PASSWORD = "umbrella canyon tuba"


@pytest.fixture(autouse=True)
def open_to_all(settings):
    settings.SIGNUP = "open"


@pytest.fixture
def parent_to_be(client, db):
    client.post(START, {"who": "parent"})
    return client


def send(client, **data):
    return client.post(URL, {"username": "ines", "password1": PASSWORD} | data)


def text(response):
    return response.content.decode()


def test_an_account_is_made_and_signed_in(parent_to_be):
    response = send(parent_to_be, first_name="Ines V.")
    assert (response.status_code, response["Location"]) == (302, reverse("record-new"))
    user = User.objects.get()
    assert (user.username, user.shown_name, user.email) == ("ines", "Ines V.", "")
    assert user.check_password(PASSWORD)
    assert not (user.is_clinician or user.is_staff or user.is_superuser)
    assert parent_to_be.session["_auth_user_id"] == str(user.pk)
    assert parent_to_be.session[COMING_AS] == "parent"


def test_nobody_makes_themselves_a_clinician(parent_to_be):
    send(parent_to_be, is_clinician="on", is_staff="on", is_superuser="on", has_news="on")
    user = User.objects.get()
    assert not (user.is_clinician or user.is_staff or user.is_superuser)


def test_somebody_who_did_not_say_who_they_are_is_sent_to_the_start(client, db):
    assert START in text(client.get(URL))
    before = rows()
    send(client)
    assert rows() == before


def test_where_people_come_by_invitation_nobody_signs_up_alone(client, db, settings):
    client.post(START, {"who": "parent"})
    settings.SIGNUP = "invite"
    send(client)
    assert not User.objects.exists()


def test_a_code_that_does_not_stand_opens_nothing(client, db, settings):
    settings.SIGNUP = "invite"
    session = client.session
    session[PENDING_CODE] = "ABCDEFGHJKLM"
    session.save()
    send(client)
    assert not User.objects.exists()


def test_with_an_invitation_the_account_is_made_and_the_invitation_comes_next(cast, settings):
    from exercises.services.invitations import invite

    settings.SIGNUP = "invite"
    _invitation, code = invite(viewer=factories.viewer(cast.patient, cast.maya), role="parent")
    client = Client()
    assert client.post(reverse("join-code", args=[code]), {"way": "sign-up"})["Location"].startswith(URL)
    assert client.get(URL).context["form"]
    response = send(client)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("join"))
    assert User.objects.filter(username="ines").exists()


@pytest.mark.parametrize(("minutes", "asked"), [(1, False), (6, True)])
def test_row_12_who_chose_a_password_is_asked_for_it_again_after_five_minutes(cast, settings, minutes, asked):
    from exercises.services.invitations import invite

    _invitation, code = invite(viewer=factories.viewer(cast.patient, cast.maya), role="parent")
    client, join = Client(), reverse("join-code", args=[code])
    client.post(join, {"way": "sign-up"})
    send(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        response = client.post(join, {"answer": "yes", "agree": "on"})
    assert response["Location"].startswith(reverse("account_reauthenticate")) is asked
    assert cast.patient.team.filter(user__username="ines").exists() is not asked


# --- what is typed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "with space"}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"username": "nul\x00"}, "username"),
        ({"password1": ""}, "password1"),
        ({"password1": "too short"}, "password1"),
        ({"password1": "passwordpassword"}, "password1"),
        ({"password1": "nul\x00 umbrella canyon"}, "password1"),
        ({"first_name": "x" * 61}, "first_name"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(parent_to_be, data, field):
    response = send(parent_to_be, **data)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {field}
    if data.get(field) and "\x00" not in data[field]:
        assert data[field] in text(response)
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["ines", "INES", " Ines "])
def test_a_name_that_is_taken_is_said(parent_to_be, name):
    factories.user("Ines")
    response = send(parent_to_be, username=name)
    assert "That username is taken." in text(response)
    assert User.objects.count() == 1


def test_an_address_is_taken_and_not_needed(parent_to_be):
    send(parent_to_be, email="ines@example.org")
    assert User.objects.get().email == "ines@example.org"


def test_the_address_is_not_asked_for_where_no_mail_can_leave(parent_to_be, settings):
    settings.ACCOUNT_SIGNUP_FIELDS = [one for one in settings.ACCOUNT_SIGNUP_FIELDS if one != "email"]
    assert 'name="email"' not in text(parent_to_be.get(URL))
    send(parent_to_be, email="ines@example.org")
    assert User.objects.get().email == ""


def test_the_password_is_typed_once_and_shown(parent_to_be):
    page = text(parent_to_be.get(URL))
    assert page.count('autocomplete="new-password"') == 1
    assert 'name="password2"' not in page
    box = re.search(r'<input type="text" name="password1"[^>]*>', page)
    assert box and 'autocapitalize="none"' in box[0]


# --- three words --------------------------------------------------------------------------------------------


def offered(response):
    box = re.search(r'name="password1" value="([^"]+)"', text(response))
    assert box
    return box[1]


def test_three_words_are_offered_anew_each_time_and_open_the_account(parent_to_be):
    first, second = offered(parent_to_be.get(URL)), offered(parent_to_be.get(URL))
    assert first != second
    send(parent_to_be, password1=second)
    assert User.objects.get().check_password(second)


def test_the_words_are_three_of_the_list_and_long_enough():
    words = set(wordlist("en").values())
    for _try in range(200):
        offer = three_words()
        assert len(offer) >= 15
        assert len(offer.split(" ")) == 3 and set(offer.split(" ")) <= words


@pytest.mark.parametrize(("language", "list_of"), [("de", "de"), ("es-mx", "es"), ("fr", "fr"), ("pt", "en")])
def test_the_words_are_in_the_language_of_the_page(language, list_of):
    words = set(wordlist(list_of).values())
    with translation.override(language):
        assert all(set(three_words().split(" ")) <= words for _try in range(20))
