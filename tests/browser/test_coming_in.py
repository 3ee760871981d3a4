"""A teen, a parent and a clinician come in, from the front door to the first log; each page on the way looked
at by axe and for its layout."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from exercises.models import Patient, TherapySession, User
from tests.browser.conftest import Open, Watch, session_cookie
from tests.browser.test_axe import in_every_look
from tests.browser.test_layout import sideways, small_targets


@pytest.fixture(autouse=True)
def open_to_all(settings: Any, watch: Watch) -> None:
    settings.SIGNUP = "open"
    watch.expected.add(422)


def start(page: Page, who: str) -> None:
    page.goto(reverse("start"))
    page.get_by_role("button", name=who).click()


def be_born(page: Page, month: str, year: str) -> None:
    page.get_by_label("Month").select_option(month)
    page.get_by_label("Year").fill(year)
    page.get_by_role("button", name="Go on").click()


def make_account(page: Page, username: str) -> str:
    page.get_by_label("A name to sign in with").fill(username)
    words: str = page.get_by_label("Password").input_value()
    page.get_by_role("button", name="Make the account").click()
    return words


def open_record(page: Page, name_box: str, name: str, agree: bool = True) -> None:
    page.get_by_label(name_box).fill(name)
    page.get_by_label("Time zone").select_option("America/Chicago")
    if agree:
        page.get_by_label("I have read this, and I agree").check()
    page.get_by_role("button", name="Open the record").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_teen_comes_alone_and_logs(db, open_page: Open, size, script):
    page = open_page(size, script=script)
    start(page, "I do the program")
    be_born(page, "10", "2012")
    words = make_account(page, "ines")
    assert User.objects.get(username="ines").check_password(words)
    open_record(page, "What should we call you?", "Ines")
    expect(page.get_by_role("heading", name="tell you that it is AMPS?")).to_be_visible()
    page.goto(reverse("today"))
    expect(page.get_by_role("button", name="Done")).to_have_count(0)
    page.get_by_role("link", name="Not yet").click()
    expect(page.get_by_role("heading", name="First, see a doctor")).to_be_visible()
    page.get_by_role("link", name="Back to the question").click()
    page.get_by_role("button", name="Yes, and they gave us a program").click()
    expect(page.get_by_label("Cardio, minutes a day")).to_have_value("15")
    page.get_by_role("button", name="Save the program").click()
    page.get_by_role("button", name="Done").first.click()
    expect(page.locator(".entries > li")).to_have_count(1)
    assert TherapySession.objects.get().patient.name == "Ines"


def test_a_child_is_led_to_a_parent_who_opens_the_record(db, open_page: Open):
    page = open_page()
    start(page, "I do the program")
    be_born(page, "10", "2016")
    expect(page.get_by_role("heading", name="Start this with a parent")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_label("Year")).to_have_count(0)
    page.goto(reverse("start-age"))
    page.get_by_role("button", name="I am the parent: start").click()
    make_account(page, "rosa")
    open_record(page, "What should we call your child?", "Bo")
    page.goto("/")
    page.get_by_role("link", name="Begin").click()
    page.get_by_role("button", name="Yes, and they gave us a program").click()
    page.get_by_role("button", name="Save the program").click()
    expect(page.get_by_text("Log for Bo")).to_be_visible()


def test_a_clinician_opens_a_record_from_the_caseload(cast, open_page: Open):
    page = open_page("desktop", user=cast.lee)
    page.goto("/")
    page.get_by_role("link", name="Open a record").click()
    open_record(page, "Name shown", "Kai T.", agree=False)
    expect(page.get_by_label("Exercises, minutes a day")).to_have_value("30")
    page.get_by_role("button", name="Save the program").click()
    page.goto("/")
    expect(page.get_by_role("link", name="Kai T.")).to_be_visible()


def test_the_zone_is_the_devices(cast, new_context: Any, live_server: Any, watch: Watch):
    context = new_context(base_url=live_server.url, timezone_id="Europe/Madrid")
    watch.follow(context)
    context.add_cookies([session_cookie(cast.lee, live_server.url)])
    page = context.new_page()
    page.goto(reverse("record-new"))
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Madrid")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_label("Name shown").evaluate("box => { box.required = false }")
    page.get_by_role("button", name="Open the record").click()
    page.locator(".is-invalid").first.wait_for()
    expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")


def test_each_page_on_the_way_can_be_read_and_pressed(cast, open_page: Open):
    page, found = open_page(), []

    def look(name: str) -> None:
        found.extend(in_every_look(page, name))
        found.extend(sideways(page, name))
        found.extend(small_targets(page, name))

    page.goto(reverse("start"))
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    look("start")
    start(page, "I do the program")
    look("age")
    be_born(page, "1", "10")
    page.locator(".is-invalid").first.wait_for()
    look("age refused")
    be_born(page, "1", "2010")
    look("sign-up")
    page.get_by_label("Password").fill("short")
    make_account(page, "ines")
    page.locator(".is-invalid").first.wait_for()
    look("sign-up refused")
    page.get_by_label("Password").fill("umbrella canyon tuba")
    make_account(page, "ines")
    look("record")
    page.evaluate("document.querySelectorAll('[required]').forEach(e => { e.required = false })")
    page.get_by_role("button", name="Open the record").click()
    page.locator(".is-invalid").first.wait_for()
    look("record refused")
    open_record(page, "What should we call you?", "Ines")
    look("begin")
    patient = Patient.objects.get(name="Ines")
    for name, url in (
        ("find care", reverse("begin", args=[patient.code]) + "?answer=not-yet"),
        ("waiting", reverse("today")),
        ("agreed", reverse("consent", args=[patient.code])),
        ("record taken", reverse("record-new")),
    ):
        page.goto(url)
        look(name)
    patient.team.update(consented_to="")
    page.goto(reverse("consent", args=[patient.code]))
    look("consent")
    child = open_page()
    child.goto(reverse("start-age"))
    be_born(child, "1", "2019")
    found.extend(in_every_look(child, "a child"))
    page = open_page(user=cast.sam)
    page.goto("/")
    look("nobody yet")
    assert found == []
