"""A second step at sign-in: asked of clinicians and administrators, offered to everybody."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from exercises.adapter import SecondFactorAdapter
from exercises.models import User
from exercises.session_keys import SECOND_FACTOR
from tests.conftest import signed_in
from tests.factories import PASSWORD
from tests.pages import ADMINISTRATION, PAGES, SIGNED_IN, url_of
from tests.second_factor import INSIDE, PERIOD, code, enrol
from tests.worlds import furnish, rows

LOGIN, GATE = reverse("account_login"), reverse("second-factor")
TOTP, STEP = reverse("mfa_activate_totp"), reverse("mfa_authenticate")
CASELOAD = reverse("caseload")
OPEN = {
    "account_logout",
    "account_reauthenticate",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "second-factor",
}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(INSIDE, tick=False):
        yield


@pytest.fixture
def lee(cast):
    return cast.lee


def sign_in(client, username):
    return client.post(LOGIN, {"login": username, "password": PASSWORD})


@pytest.fixture
def by_password(lee, client):
    """lee, signed in as somebody is who has no second factor yet."""
    sign_in(client, "lee")
    return client


def give(client, digits):
    return client.post(STEP, {"code": digits})


def set_up_a_code_app(client):
    page = client.get(TOTP)
    (secret,) = re.findall(r'secret-key">([A-Z2-7]+)<', page.text)
    return secret, client.post(TOTP, {"code": code(secret)})


# --- the gate ---


@pytest.mark.parametrize("name", PAGES)
def test_row_08_without_it_no_page_of_a_patient_opens(cast, by_password, name):
    world = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    before = rows()
    for method in ("GET", "POST"):
        answer = by_password.generic(method, url_of(cast, world, name))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, GATE)
    assert rows() == before


def test_row_08_without_it_only_enrolment_is_reachable(by_password):
    for name in SIGNED_IN:
        answer = by_password.get(reverse(name))
        if name not in OPEN:
            assert (answer.status_code, answer["Location"].split("?")[0]) == (302, GATE), name
    for name, args in ADMINISTRATION.items():
        assert by_password.get(reverse(name, args=args))["Location"].startswith(GATE)


def test_row_08_an_administrator_meets_it_too(db):
    User.objects.create_superuser("root", password=PASSWORD)
    client = Client()
    sign_in(client, "root")
    for page in (reverse("admin:index"), reverse("admin:exercises_user_changelist"), "/more/"):
        assert client.get(page)["Location"].startswith(GATE)


@pytest.mark.parametrize("who", ["maya", "dana", "sam"])
def test_families_are_asked_nothing(cast, client, who):
    sign_in(client, who)
    assert client.get(reverse("more")).status_code == 200


def test_row_08_who_is_made_a_clinician_meets_it_on_the_next_request(cast, client):
    sign_in(client, "sam")
    assert client.get(reverse("more")).status_code == 200
    User.objects.filter(username="sam").update(is_clinician=True)
    assert client.get(reverse("more"))["Location"].startswith(GATE)


def test_a_script_is_told_by_code(by_password, cast):
    answer = by_password.get(CASELOAD, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (403, {"code": "second_factor"})
    answer = by_password.get(CASELOAD, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (403, GATE)


def test_the_page_explains_and_offers_both_ways(by_password):
    page = by_password.get(CASELOAD, follow=True)
    assert page.redirect_chain[-1][0].startswith(GATE)
    for name in ("mfa_add_webauthn", "mfa_activate_totp", "account_logout"):
        assert reverse(name) in page.text
    assert '<nav class="nav"' not in page.text


def test_one_can_always_sign_out_and_the_monitor_is_answered(by_password):
    assert by_password.get("/healthz").status_code == 200
    by_password.post(reverse("account_logout"))
    assert "_auth_user_id" not in by_password.session


def test_the_demos_people_are_exempt_in_the_demo_only(cast, client, settings):
    sign_in(client, "lee")
    settings.DEMO = True
    assert client.get(CASELOAD).status_code == 200
    settings.DEMO = False
    assert client.get(CASELOAD)["Location"].startswith(GATE)
    kim = Client()
    settings.DEMO = True
    sign_in(kim, "kim")
    assert kim.get(CASELOAD)["Location"].startswith(GATE)


def test_the_gate_asks_the_database_nothing_once_it_is_passed(lee, client, django_assert_num_queries):
    session_and_person = 2
    passed = signed_in(lee)
    with django_assert_num_queries(session_and_person):
        passed.get("/no-such-place/still-here/")
    answer = passed.get(GATE)
    assert answer["Location"] == reverse("mfa_index")


# --- the code app ---


@pytest.mark.django_db(transaction=True)
def test_row_08_a_clinician_sets_up_a_code_app_and_is_in(by_password, lee):
    secret, answer = set_up_a_code_app(by_password)
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    codes = by_password.get(answer["Location"])
    assert len(re.findall(r"<li><code>\d{8}</code></li>", codes.text)) == 10
    assert by_password.get(CASELOAD).status_code == 200
    by_password.post(reverse("account_logout"))
    assert sign_in(by_password, "lee")["Location"] == STEP
    assert by_password.get(CASELOAD).status_code == 302
    with time_machine.travel(time.time() + PERIOD):
        assert give(by_password, code(secret))["Location"] == "/"
        assert by_password.get(CASELOAD).status_code == 200


def test_the_picture_is_drawn_in_the_page(by_password):
    page = by_password.get(TOTP).text
    assert '<svg class="qr"' in page
    assert "data:image" not in page
    assert re.search(r'href="otpauth://totp/lee\?secret=[A-Z2-7]+&amp;issuer=AMPS%20Tracker"', page)


@pytest.mark.parametrize("typed", ["000000", "", "abcdef", "١٢٣٤٥٦", "1" * 500, "\x00"])
def test_a_wrong_code_lets_nobody_in(lee, client, typed):
    enrol(lee)
    sign_in(client, "lee")
    assert give(client, typed).status_code == 200
    assert client.get(CASELOAD)["Location"].startswith(LOGIN)


def test_row_08_a_code_works_once(lee):
    secret = enrol(lee)
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client, "lee")
    now = code(secret)
    assert give(first, now)["Location"] == "/"
    assert give(second, now).status_code == 200
    spaced = f"{now[:3]} {now[3:]}"
    assert give(second, spaced).status_code == 200
    assert second.get(CASELOAD)["Location"].startswith(LOGIN)


def test_a_code_of_another_half_minute_is_refused(lee, client):
    secret = enrol(lee)
    sign_in(client, "lee")
    for later in (-2, -1, 1, 2):
        assert give(client, code(secret, later)).status_code == 200


def test_row_09_the_sixth_wrong_code_answers_429(lee, client):
    secret = enrol(lee)
    sign_in(client, "lee")
    for _try in range(5):
        assert give(client, "000000").status_code == 200
    for digits in ("000000", code(secret)):
        assert give(client, digits).status_code == 429
    with time_machine.travel(time.time() + 301):
        assert give(client, code(secret)).status_code == 302


def test_a_recovery_code_works_once(lee, client):
    enrol(lee)
    codes = Authenticator.objects.get(user=lee, type="recovery_codes").wrap().get_unused_codes()
    sign_in(client, "lee")
    assert give(client, codes[3])["Location"] == "/"
    assert client.get(CASELOAD).status_code == 200
    again = Client()
    sign_in(again, "lee")
    assert give(again, codes[3]).status_code == 200


def test_row_08_what_is_stored_is_encrypted(lee, settings):
    secret = enrol(lee)
    stored = " ".join(str(row.data) for row in Authenticator.objects.filter(user=lee))
    assert secret not in stored
    codes = Authenticator.objects.get(user=lee, type="recovery_codes")
    assert not re.search(r"'seed': '[0-9a-f]{80}'", str(codes.data))
    assert Authenticator.objects.get(user=lee, type="totp").wrap().validate_code(code(secret))


def test_an_older_key_still_opens_and_a_foreign_one_does_not(settings):
    settings.FIELD_KEY = ["the first"]
    kept = SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.FIELD_KEY = ["the second", "the first"]
    assert SecondFactorAdapter().decrypt(kept) == "JBSWY3DPEHPK3PXP"
    renewed = SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.FIELD_KEY = ["the second"]
    assert SecondFactorAdapter().decrypt(renewed) == "JBSWY3DPEHPK3PXP"
    with pytest.raises(ImproperlyConfigured):
        SecondFactorAdapter().decrypt(kept)


# --- a sign-in that lacks it ---


def test_row_08_a_sign_in_of_before_gives_the_one_there_is(lee, client):
    """Signed in with a password alone, then set up elsewhere: no other one can be set up from here."""
    sign_in(client, "lee")
    secret = enrol(lee)
    for name in ("mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "mfa_index"):
        assert client.get(reverse(name))["Location"].startswith(GATE), name
    page = client.get(f"{GATE}?next={CASELOAD}")
    again = reverse("mfa_reauthenticate")
    assert f"{again}?next={CASELOAD}" in page.text
    assert reverse("mfa_activate_totp") not in page.text
    answer = client.post(again, {"code": code(secret), "next": CASELOAD})
    assert answer["Location"] == CASELOAD
    assert client.get(CASELOAD).status_code == 200
    assert client.session[SECOND_FACTOR] is True


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_page_leads_to_no_other_host(lee, client, wanted):
    sign_in(client, "lee")
    enrol(lee)
    assert "evil" not in client.get(GATE, {"next": wanted}).text
    assert "alert" not in client.get(GATE, {"next": wanted}).text


def test_what_a_session_says_of_a_factor_that_is_gone_counts_no_more(lee, client):
    secret = enrol(lee)
    sign_in(client, "lee")
    give(client, code(secret))
    assert client.get(CASELOAD).status_code == 200
    Authenticator.objects.filter(user=lee).delete()
    session = client.session
    del session[SECOND_FACTOR]
    session.save()
    assert client.get(CASELOAD)["Location"].startswith(GATE)


# --- taking it away ---

OFF = reverse("mfa_deactivate_totp")


def test_row_08_a_clinician_keeps_the_last_one(lee):
    enrol(lee)
    client = signed_in(lee)
    assert "Set up another one first" in client.get(OFF).text
    assert client.post(OFF).status_code == 200
    assert Authenticator.objects.filter(user=lee, type="totp").exists()
    assert client.get(CASELOAD).status_code == 200


def passkey(user, name="My phone"):
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": name, "credential": {}})


def test_row_08_a_clinician_keeps_the_last_passkey(lee):
    one = passkey(lee)
    client = signed_in(lee)
    url = reverse("mfa_remove_webauthn", args=[one.pk])
    assert "“My phone”" in client.get(url).text
    page = client.post(url, follow=True)
    assert "Set up another one first" in page.text
    assert Authenticator.objects.filter(pk=one.pk).exists()
    other = passkey(lee, "My laptop")
    client.post(url)
    assert set(Authenticator.objects.filter(user=lee)) == {other}


def test_a_family_may_turn_it_off_and_its_recovery_codes_go_too(cast):
    enrol(cast.dana)
    client = signed_in(cast.dana)
    assert client.post(OFF)["Location"] == reverse("mfa_index")
    assert not Authenticator.objects.filter(user=cast.dana).exists()
    assert SECOND_FACTOR not in client.session
    assert client.get(reverse("more")).status_code == 200


def test_somebody_elses_passkey_is_not_there(cast, lee):
    one = passkey(cast.kim)
    before = list(Authenticator.objects.values())
    for client in (signed_in(lee), signed_in(cast.dana)):
        for name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
            url = reverse(name, args=[one.pk])
            assert client.get(url).status_code == 404
            assert client.post(url, {"name": "mine"}).status_code == 404
    assert list(Authenticator.objects.values()) == before


def test_a_passkey_can_be_renamed(cast):
    one = passkey(cast.dana)
    client = signed_in(cast.dana)
    url = reverse("mfa_edit_webauthn", args=[one.pk])
    assert client.post(url, {"name": "x" * 61}).status_code == 200
    client.post(url, {"name": "The blue tablet"})
    assert "The blue tablet" in client.get(reverse("mfa_index")).text
    assert "The blue tablet" in client.get(reverse("mfa_list_webauthn")).text


NAMES = (
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_deactivate_totp",
)


@pytest.mark.parametrize("name", NAMES)
def test_row_12_each_change_asks_once_more_who_it_is(cast, client, name):
    if "activate_totp" not in name or "deactivate" in name:
        enrol(cast.dana)
    client.force_login(cast.dana)
    before = list(Authenticator.objects.values())
    for method in ("GET", "POST"):
        answer = client.generic(method, reverse(name))
        if method == "POST" and name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes"):
            assert answer.status_code in (302, 405)
        else:
            assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert list(Authenticator.objects.values()) == before


def test_row_12_a_sign_in_counts_as_showing_it_for_five_minutes(cast, client):
    sign_in(client, "dana")
    assert client.get(TOTP).status_code == 200
    with time_machine.travel(time.time() + 301):
        assert client.get(TOTP)["Location"].startswith(reverse("account_reauthenticate"))


def test_new_recovery_codes_end_the_old_ones(cast):
    enrol(cast.dana)
    client = signed_in(cast.dana)
    shown = set(re.findall(r"\d{8}", client.get(reverse("mfa_view_recovery_codes")).text))
    client.post(reverse("mfa_generate_recovery_codes"))
    page = client.get(reverse("mfa_view_recovery_codes")).text
    assert "<b>" not in page
    renewed = set(re.findall(r"\d{8}", page))
    assert len(renewed) == 10
    assert not shown & renewed
    kept = client.get(reverse("mfa_download_recovery_codes"))
    assert set(kept.text.split()) == renewed


def test_nothing_of_it_is_there_before_it_is_set_up(stranger):
    for name in ("mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_deactivate_totp"):
        assert stranger.get(reverse(name)).status_code == 404
    page = stranger.post(reverse("mfa_generate_recovery_codes"))
    assert page.status_code == 200
    assert not Authenticator.objects.exists()


NONSENSE = [
    "",
    "{",
    "{}",
    "[]",
    "null",
    '"x"',
    "1",
    '{"id": "a"}',
    '{"response": []}',
    '{"id": "a", "rawId": "a", "response": {}, "type": "public-key"}',
    '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "e30", '
    '"authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "AA", "attestationObject": "AAAA"}}',
]


@pytest.mark.parametrize("credential", NONSENSE)
def test_no_made_up_passkey_opens_anything(db, client, credential):
    door = reverse("mfa_login_webauthn")
    client.get(door, headers={"Accept": "application/json"})
    answer = client.post(door, {"credential": credential})
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", NONSENSE)
def test_a_made_up_passkey_is_not_added_and_passes_for_none(cast, credential):
    add, again, step = (
        reverse(name) for name in ("mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_authenticate")
    )
    client = signed_in(cast.dana)
    client.get(add)
    assert client.post(add, {"name": "x", "credential": credential}).status_code == 200
    assert not Authenticator.objects.exists()
    client.get(again)
    assert client.post(again, {"credential": credential}).status_code == 302
    enrol(cast.dana)
    halfway = Client()
    sign_in(halfway, "dana")
    halfway.get(step)
    assert halfway.post(step, {"credential": credential}).status_code == 200
    assert "_auth_user_id" not in halfway.session
