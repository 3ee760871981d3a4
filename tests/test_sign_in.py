"""Signing in and out, and a new password: allauth as this app sets it."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from exercises.models import User
from tests import factories
from tests.factories import PASSWORD
from tests.second_factor import INSIDE, code, enrol

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


def test_row_11_signing_in_makes_a_new_session(client, maya):
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
def test_row_10_a_wrong_word_says_neither_which_nor_who(client, maya, login, password):
    response = sign_in(client, login, password)
    assert response.status_code == 200
    assert not signed_in(client)
    assert PASSWORD not in response.text


def test_row_10_a_wrong_password_and_an_unknown_person_read_the_same(client, maya):
    texts = []
    for login in ("maya", "zoe9"):
        page = sign_in(client, login, "wrong words here").text.replace(login, "…")
        texts.append([line for line in page.splitlines() if "csrfmiddlewaretoken" not in line])
    assert texts[0] == texts[1]


def test_somebody_who_left_cannot_sign_in(client, maya):
    User.objects.update(is_active=False)
    sign_in(client, "maya")
    assert not signed_in(client)


def test_row_11_somebody_who_left_is_out_at_once(client, maya):
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


def test_row_11_an_old_session_is_dead_after_signing_out(client, maya):
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
        "🦶🙂🌙🍋🚜🦋🌊🎈🐢🍀🎵🌵🐝🍇🧦",
        "long and longer " * 4 + "yet",
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


def test_row_12_a_new_password_needs_the_old_one(client, maya):
    sign_in(client, "maya")
    change_password(client, "a password of its own", old="wrong")
    maya.refresh_from_db()
    assert maya.check_password(PASSWORD)


def test_row_11_a_new_password_ends_the_other_sessions(client, maya):
    from django.test import Client

    other = Client()
    for browser in (client, other):
        sign_in(browser, "maya")
    change_password(client, "a password of its own")
    assert other.get("/", headers={"Accept": "application/json"}).status_code == 401


RESET = reverse("account_reset_password")


def bare(response):
    """The page without what every answer has anew."""
    return [line for line in response.text.splitlines() if "csrfmiddlewaretoken" not in line]


def test_row_10_a_reset_says_nothing_about_who_is_known(client, maya):
    answers = [client.post(RESET, {"email": email}) for email in ("maya@example.org", "zoe9@example.org")]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, reverse("account_reset_password_done"))
    }
    # One mail each, so that the time it takes tells nothing either.
    assert [mail.to for mail in mail.outbox] == [["maya@example.org"], ["zoe9@example.org"]]
    known, unknown = (
        bare(client.post(RESET, {"email": email}, follow=True))
        for email in ("maya@example.org", "zoe8@example.org")
    )
    assert known == unknown


def link_in_mail():
    return next(line for line in mail.outbox[-1].body.splitlines() if line.startswith("http"))


def reset(client, new="a password of its own"):
    client.post(RESET, {"email": "maya@example.org"})
    form = client.get(link_in_mail(), follow=True)
    return client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new}, follow=True)


def test_a_forgotten_password_is_chosen_anew_by_mail(client, maya):
    assert "Your new password is saved" in reset(client).text
    assert not signed_in(client)
    sign_in(client, "maya", "a password of its own")
    assert signed_in(client)


def test_the_link_works_once_and_for_one_hour(client, maya):
    client.post(RESET, {"email": "maya@example.org"})
    link = link_in_mail()
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=5)):
        assert "too old" in client.get(link, follow=True).text
    reset(client)
    assert "too old" in client.get(link, follow=True).text


@time_machine.travel(INSIDE, tick=False)
def test_row_12_a_reset_does_not_skip_the_second_factor(client, maya):
    maya.is_clinician = True
    maya.save()
    secret = enrol(maya)
    reset(client)
    response = sign_in(client, "maya", "a password of its own")
    assert response["Location"] == reverse("mfa_authenticate")
    assert not signed_in(client)
    assert client.get("/caseload/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert signed_in(client)


@pytest.fixture
def without_mail(settings):
    settings.MAIL = False


def test_without_mail_nobody_is_asked_for_an_address(client, maya, without_mail):
    page = client.get(RESET)
    assert 'type="email"' not in page.text
    assert "sign-in card" in page.text
    client.post(RESET, {"email": "maya@example.org"})
    assert mail.outbox == []
    sign_in(client, "maya")
    page = client.get(reverse("account_email"))
    assert 'type="email"' not in page.text
    client.post(reverse("account_email"), {"action_add": "1", "email": "new@example.org"})
    assert not EmailAddress.objects.filter(email="new@example.org").exists()
    assert reverse("account_email") not in client.get(reverse("more")).text


def test_a_mail_that_cannot_leave_is_no_error(client, maya, settings, monkeypatch, caplog):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert client.post(RESET, {"email": "maya@example.org"}).status_code == 302
    assert "ConnectionRefusedError" in caplog.text
    assert "maya@example.org" not in caplog.text


def confirm(client, email):
    client.post(reverse("account_email"), {"action_add": "1", "email": email})
    client.post(link_in_mail())


def test_an_address_is_confirmed_by_its_link(client, maya):
    sign_in(client, "maya")
    confirm(client, "new@example.org")
    assert EmailAddress.objects.filter(user=maya, email="new@example.org", verified=True).exists()


def test_row_10_two_accounts_share_no_confirmed_address(client, maya):
    zoe = factories.user("zoe")
    EmailAddress.objects.create(user=zoe, email="zoe@example.org", verified=True, primary=True)
    sign_in(client, "maya")
    confirm(client, "zoe@example.org")
    assert EmailAddress.objects.get(email="zoe@example.org", verified=True).user == zoe


def test_row_12_an_address_needs_the_password_again(client, maya):
    sign_in(client, "maya")
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        response = client.post(reverse("account_email"), {"action_add": "1", "email": "new@example.org"})
        assert response["Location"].startswith(reverse("account_reauthenticate"))
        assert not EmailAddress.objects.filter(email="new@example.org").exists()
        again = client.get(response["Location"])
        assert "Is it you?" in again.text
        client.post(response["Location"], {"password": "wrong", "next": reverse("account_email")})
        assert not EmailAddress.objects.filter(email="new@example.org").exists()
        client.post(response["Location"], {"password": PASSWORD, "next": reverse("account_email")})
        assert EmailAddress.objects.filter(email="new@example.org").exists()


def test_the_page_shows_every_door(client, db):
    page = client.get(LOGIN).text
    for name in ("account_reset_password", "join", "card", "start", "mfa_login_webauthn"):
        assert f'"{reverse(name)}"' in page


def test_a_shared_device_offers_no_passkey(client, maya, monkeypatch):
    monkeypatch.setattr("exercises.devices.is_shared", lambda request: True)
    assert reverse("mfa_login_webauthn") not in client.get(LOGIN).text
    sign_in(client, "maya")
    assert "no passkey is set up" in client.get(reverse("mfa_index")).text
    assert 'name="credential"' not in client.get(reverse("mfa_add_webauthn")).text
