"""Signing in and out, and a new password: allauth as this app sets it."""

import pytest
from django.urls import reverse

from exercises.models import User
from tests import factories
from tests.factories import PASSWORD

LOGIN, LOGOUT = reverse("account_login"), reverse("account_logout")


@pytest.fixture
def maya(db):
    return factories.user("maya", email="maya@example.org")


def sign_in(client, login, password=PASSWORD, **data):
    return client.post(LOGIN, {"login": login, "password": password} | data)


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["maya", "Maya", "MAYA", " maya ", "maya@example.org", "Maya@Example.org"])
def test_it_opens_by_username_or_email_whatever_the_case(client, maya, login):
    response = sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client)


def test_somebody_without_an_email_signs_in(client, db):
    factories.user("leo")
    sign_in(client, "leo")
    assert signed_in(client)


def test_signing_in_makes_a_new_session(client, maya):
    sign_in(client, "maya")
    first = client.session.session_key
    client.post(LOGOUT)
    sign_in(client, "maya")
    assert client.session.session_key != first


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("maya", "wrong"),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("maya\x00", PASSWORD),
        ("🦶", "اليوم"),
    ],
)
def test_a_wrong_word_says_neither_which_nor_who(client, maya, login, password):
    response = sign_in(client, login, password)
    assert response.status_code == 200
    assert not signed_in(client)
    assert PASSWORD not in response.text


def test_a_wrong_password_and_an_unknown_person_read_the_same(client, maya):
    texts = []
    for login in ("maya", "zoe9"):
        page = sign_in(client, login, "wrong words here").text.replace(login, "…")
        texts.append([line for line in page.splitlines() if "csrfmiddlewaretoken" not in line])
    assert texts[0] == texts[1]


def test_somebody_who_left_cannot_sign_in(client, maya):
    User.objects.update(is_active=False)
    sign_in(client, "maya")
    assert not signed_in(client)


def test_somebody_who_left_is_out_at_once(client, maya):
    sign_in(client, "maya")
    User.objects.update(is_active=False)
    assert client.get("/", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize(
    "path", ["/", "/patients/00000000-0000-0000-0000-000000000000/sessions/new/?day=2026-11-20"]
)
def test_a_page_asks_to_sign_in_and_then_goes_on_there(client, maya, path):
    response = client.get(path, follow=True)
    assert response.redirect_chain[0][0].startswith(f"{LOGIN}?next=")
    assert sign_in(client, "maya", next=path)["Location"] == path


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_host(client, maya, path):
    assert sign_in(client, "maya", next=path)["Location"] == "/"


def test_signing_out_needs_a_post(client, maya):
    sign_in(client, "maya")
    assert client.get(LOGOUT).status_code == 200
    assert signed_in(client)
    assert client.post(LOGOUT)["Location"] == LOGIN
    assert not signed_in(client)
    assert client.get("/").status_code == 302


def test_an_old_session_is_dead_after_signing_out(client, maya):
    sign_in(client, "maya")
    kept = client.cookies["sessionid"].value
    client.post(LOGOUT)
    client.cookies["sessionid"] = kept
    assert client.get("/", headers={"Accept": "application/json"}).status_code == 401


def test_nobody_signs_up_by_themselves(client, db):
    url = reverse("account_signup")
    data = {
        "username": "eve",
        "email": "e@example.org",
        "password1": "a long password 15",
        "password2": "a long password 15",
    }
    for response in (client.get(url), client.post(url, data)):
        assert response.status_code in (200, 302, 403, 404)
        assert 'name="password1"' not in response.text
    assert not User.objects.exists()


def change_password(client, new, old=PASSWORD):
    return client.post(
        reverse("account_change_password"), {"oldpassword": old, "password1": new, "password2": new}
    )


@pytest.mark.parametrize(
    "new",
    ["fourteen chars", "maya@example.org", "x" * 14, "", "passwordpassword"[:14]],
)
def test_a_weak_password_is_refused(client, maya, new):
    sign_in(client, "maya")
    change_password(client, new)
    maya.refresh_from_db()
    assert maya.check_password(PASSWORD)


@pytest.mark.parametrize(
    "new",
    [
        "fifteen chars ok",
        "exactly15 chars",
        "کلمه عبور خیلی بلند",
        "🦶" * 15,
        "long " * 20,
        " spaces count to ",
    ],
)
def test_fifteen_characters_are_enough_and_any_will_do(client, maya, new):
    sign_in(client, "maya")
    change_password(client, new)
    maya.refresh_from_db()
    assert maya.check_password(new)
    assert signed_in(client)
    client.post(LOGOUT)
    sign_in(client, "maya", new)
    assert signed_in(client)


def test_a_new_password_needs_the_old_one(client, maya):
    sign_in(client, "maya")
    change_password(client, "a password of its own", old="wrong")
    maya.refresh_from_db()
    assert maya.check_password(PASSWORD)


def test_a_new_password_ends_the_other_sessions(client, maya):
    from django.test import Client

    other = Client()
    for browser in (client, other):
        sign_in(browser, "maya")
    change_password(client, "a password of its own")
    assert other.get("/", headers={"Accept": "application/json"}).status_code == 401


def test_passwords_are_kept_as_argon2id(settings, db):
    from amps_tracker.settings import PASSWORD_HASHERS

    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    assert factories.user("zoe").password.startswith("argon2$argon2id$")
