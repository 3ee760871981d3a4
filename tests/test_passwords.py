"""Passwords: long, free in their signs, and not the first that somebody would guess."""

import secrets

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from exercises.forms.three_words import three_words
from exercises.models import User
from tests import factories
from tests.conftest import signed_in

PASSPHRASES = [
    "fifteen chars ok",
    "exactly15 chars",
    "tractor lemon quiet moon",
    "my amps tracker lives in a green house",
    "کلمه عبور خیلی بلند",
    "🦶🙂🌙🍋🚜🦋🌊🎈🐢🍀🎵🌵🐝🍇🧦",
    " spaces count to ",
    "ALL CAPITALS NO NUMBERS",
]
FIRST_GUESSES = [
    "aaaaaaaaaaaaaaa",
    "🦶" * 15,
    "abababababababab",
    "abcabcabcabcabcab",
    "passwordpassword",
    "Password Password!",
    "longlonglonglong",
    "123456789012345",
    "987654321098765",
    "abcdefghijklmnop",
    "qwertyuiopasdfgh",
    "password1234567",
    "20262026sunshine!!",
    "amps tracker 2026",
    "AmpsTracker12345",
    "amps-tracker-pain",
    "my amps tracker",
    "mayarosenbaum19",
    "maya maya rosenbaum",
    "rosenbaum password",
]


def refused(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


@pytest.fixture
def maya():
    return User(username="maya", first_name="Maya", last_name="Rosenbaum", email="mayaros@example.org")


@pytest.mark.parametrize("password", PASSPHRASES)
def test_row_06_any_signs_make_a_password(password, maya):
    assert not refused(password, maya)


@pytest.mark.parametrize("password", FIRST_GUESSES)
def test_row_06_the_first_guesses_are_refused_however_long(password, maya):
    assert len(password) >= 15
    assert refused(password, maya)


def test_row_06_fifteen_is_enough_and_fourteen_is_not():
    words = "tractor lemon quiet moon"
    assert not refused(words[:15])
    assert refused(words[:14]) == {"password_too_short"}


@pytest.mark.parametrize(("length", "code"), [(64, set()), (128, set()), (129, {"password_too_long"})])
def test_row_06_long_ones_are_welcome_up_to_a_bound(length, code):
    password = secrets.token_urlsafe(length)[:length]
    assert refused(password) == code


def test_row_06_no_common_password_passes():
    common = CommonPasswordValidator().passwords
    assert len(common) > 19_000
    assert [word for word in common if not refused(word)] == []


def test_row_06_a_common_password_passes_neither_twice_nor_with_numbers_behind():
    common = sorted(word for word in CommonPasswordValidator().passwords if len(word) >= 8 and word.isalpha())
    assert len(common) > 2500
    assert [word for word in common if not refused(word * 2)] == []
    assert [word for word in common if not refused(f"{word}!20261121")] == []


def test_the_words_that_the_sign_up_offers_pass():
    assert not [words for words in (three_words() for _ in range(200)) if refused(words)]


def test_the_reason_is_told_without_the_password(maya):
    with pytest.raises(ValidationError) as told:
        validate_password("amps tracker 2026", maya)
    assert "three or four words" in str(told.value)
    assert "2026" not in str(told.value)


def change(client, new):
    old = factories.PASSWORD
    url = reverse("account_change_password")
    return client.post(url, {"oldpassword": old, "password1": new, "password2": new})


def test_the_form_says_why_and_keeps_the_old_one(db):
    maya = factories.user("maya")
    page = change(signed_in(maya), "maya maya maya maya")
    assert page.status_code == 200
    assert "Many people would guess this first." in page.text
    maya.refresh_from_db()
    assert maya.check_password(factories.PASSWORD)


def test_row_07_passwords_are_kept_as_argon2id(settings, db):
    from amps_tracker.settings import PASSWORD_HASHERS

    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    assert factories.user("zoe").password.startswith("argon2$argon2id$")


def test_row_07_an_old_hash_is_renewed_at_sign_in(settings, client, db):
    from amps_tracker.settings import PASSWORD_HASHERS

    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    zoe = factories.user("zoe")
    User.objects.filter(pk=zoe.pk).update(password=make_password(factories.PASSWORD, hasher="pbkdf2_sha256"))
    client.post(reverse("account_login"), {"login": "zoe", "password": factories.PASSWORD})
    zoe.refresh_from_db()
    assert zoe.password.startswith("argon2$argon2id$")
    assert zoe.check_password(factories.PASSWORD)
