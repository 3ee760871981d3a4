"""The second step as a clinician meets it: a code app with real codes, a passkey on a made-up device."""

import time
from urllib.parse import urlsplit

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, give_code, sign_in
from tests.second_factor import PERIOD, enrol


@pytest.fixture(params=["phone", "desktop"])
def size(request):
    return request.param


def landed(page: Page, path: str) -> None:
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def sign_out(page: Page) -> None:
    page.goto("/more/")
    page.get_by_role("button", name="Sign out").click()
    landed(page, "/accounts/login/")


def add_device(page: Page):
    """A device that can keep passkeys, and whose owner shows a finger whenever it asks."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    key = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return devtools, key


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_row_08_a_clinician_sets_up_a_code_app(cast, open_page: Open, size, script):
    page = open_page(size, script=script)
    sign_in(page, "lee")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.goto(f"/patients/{cast.patient.code}/")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("link", name="Set up a code app").click()
    page.get_by_text("On this phone, or no camera?").click()
    secret = page.locator(".secret-key").inner_text()
    give_code(page, secret, "Code from the app", "Turn it on")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    landed(page, "/caseload/")
    sign_out(page)
    with time_machine.travel(time.time() + PERIOD, tick=True):
        sign_in(page, "lee")
        give_code(page, secret)
        landed(page, "/caseload/")


def test_row_08_a_clinician_sets_up_a_passkey_and_needs_no_password(cast, open_page: Open, size):
    page = open_page(size)
    add_device(page)
    sign_in(page, "lee")
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("A name for it").fill("My work phone")
    page.get_by_role("button", name="Set up the passkey").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    sign_out(page)
    page.get_by_role("button", name="Use my passkey").click()
    landed(page, "/caseload/")
    page.goto("/accounts/2fa/")
    expect(page.get_by_role("link", name="Rename My work phone")).to_be_visible()


def test_a_teen_signs_in_with_a_passkey_alone(cast, open_page: Open, size):
    page = open_page(size)
    add_device(page)
    sign_in(page, "maya")
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Set up the passkey").click()
    landed(page, "/accounts/2fa/recovery-codes/")
    sign_out(page)
    page.get_by_role("button", name="Use my passkey").click()
    landed(page, "/today/")


def test_a_passkey_is_the_second_step_after_a_password_too(cast, open_page: Open):
    page = open_page("phone")
    add_device(page)
    sign_in(page, "dana")
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Set up the passkey").click()
    landed(page, "/accounts/2fa/recovery-codes/")
    sign_out(page)
    sign_in(page, "dana")
    page.get_by_role("button", name="Use my passkey").click()
    landed(page, "/family/")


def test_a_device_that_does_not_know_the_person_says_so(cast, open_page: Open):
    page = open_page("phone")
    devtools, key = add_device(page)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_text("The passkey did not open.")).to_be_visible()
    sign_in(page, "maya")
    landed(page, "/today/")


def test_without_script_no_passkey_is_offered(cast, open_page: Open):
    page = open_page("phone", script=False)
    page.goto("/accounts/login/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_text("Use my passkey")).to_be_hidden()


def test_who_is_asked_again_gives_a_code(cast, open_page: Open, size):
    """A sign-in with a password alone, from before the person had a second step."""
    page = open_page(size)
    sign_in(page, "lee")
    secret = enrol(cast.lee)
    page.goto("/caseload/")
    page.get_by_role("link", name="Type a code").click()
    give_code(page, secret, "Code", "Go on")
    landed(page, "/caseload/")
