"""The three people do their jobs: on a phone and on a desktop, with and without JavaScript."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from exercises.models import DailyLog, User
from tests import factories
from tests.browser.conftest import Open, give_code, sign_in
from tests.second_factor import enrol


@pytest.fixture(params=["phone", "desktop"])
def size(request):
    return request.param


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request):
    return request.param


@pytest.fixture
def visit(open_page: Open, size: str, script: bool):
    """A page of somebody signed in, in the size and with or without JavaScript as the test runs."""

    def visited(user: User, url: str) -> Page:
        page = open_page(size, user=user, script=script)
        page.goto(url)
        if script:
            page.evaluate("window.sameDocument = true")
        return page

    return visited


def did_not_reload(page: Page, script: bool) -> bool:
    """With JavaScript the document is still the one that was opened; without, every step is a page."""
    return not script or page.evaluate("window.sameDocument === true")


def strand(page: Page, name: str):
    return page.locator(f"[data-strand={name}]").first


def toast(page: Page):
    return page.locator("#toast")


# --- the teen ---


def test_a_teen_signs_in_and_logs_with_one_tap(cast, open_page, size, script):
    page = open_page(size, script=script)
    sign_in(page, "maya")
    expect(page).to_have_url(page.url.split("/today/")[0] + "/today/")
    if script:
        page.evaluate("window.sameDocument = true")
    expect(page.get_by_role("heading", name="Desensitization, 1 of 5")).to_be_visible()
    page.get_by_role("button", name="Done · 5 min").click()
    expect(toast(page)).to_contain_text("Desensitization saved. 5 min")
    expect(strand(page, "desensitization")).to_have_attribute("data-done", "1")
    assert did_not_reload(page, script)
    toast(page).get_by_role("button", name="Undo").click()
    expect(toast(page)).to_contain_text("Desensitization removed.")
    expect(strand(page, "desensitization")).to_have_attribute("data-done", "0")
    assert did_not_reload(page, script)
    toast(page).get_by_role("button", name="Put it back").click()
    expect(strand(page, "desensitization")).to_have_attribute("data-done", "1")
    assert did_not_reload(page, script)
    session = cast.patient.sessions.get()
    assert (session.voided_at, session.minutes, session.entered_as, session.source) == (
        None,
        5,
        "patient",
        "tap",
    )


def test_a_second_tap_is_asked_about(cast, visit, script):
    page = visit(cast.maya, reverse("today"))
    plus = page.get_by_role("button", name="Log Cardio, 15 min")
    plus.click()
    expect(toast(page)).to_contain_text("Cardio saved.")
    plus.click()
    expect(page.get_by_role("heading", name="Same again?")).to_be_visible()
    page.get_by_role("link", name="No, once was right").click()
    expect(strand(page, "cardio")).to_have_attribute("data-done", "15")
    page.get_by_role("button", name="Log Cardio, 15 min").click()
    page.get_by_role("button", name="Yes, log it too").click()
    expect(strand(page, "cardio")).to_have_attribute("data-done", "30")
    assert did_not_reload(page, script)
    assert cast.patient.sessions.live().count() == 2


def test_an_entry_is_corrected_and_removed(cast, visit):
    factories.session(cast.patient, cast.maya, "cardio", 15)
    page = visit(cast.maya, reverse("today"))
    page.locator("summary", has_text="Change this entry: Cardio").click()
    page.get_by_role("link", name="Correct").click()
    page.get_by_label("Minutes").fill("12")
    page.get_by_role("button", name="Save the change").click()
    expect(strand(page, "cardio")).to_have_attribute("data-done", "12")
    page.locator("summary", has_text="Change this entry: Cardio").click()
    page.get_by_role("button", name="Remove").click()
    expect(strand(page, "cardio")).to_have_attribute("data-done", "0")
    session = cast.patient.sessions.get()
    assert (session.minutes, session.version, bool(session.voided_at)) == (12, 3, True)


def test_something_else_is_logged_by_the_form(cast, visit, watch):
    watch.expected.add(422)
    page = visit(cast.maya, reverse("today"))
    page.get_by_role("link", name="Log something else").click()
    page.get_by_label("Exercises", exact=True).check()
    page.get_by_label("a paper sheet").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("How many minutes was it?")).to_be_visible()
    expect(page.get_by_label("Exercises", exact=True)).to_be_checked()
    expect(page.get_by_label("a paper sheet")).to_be_checked()
    page.get_by_label("Minutes").fill("22")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    expect(strand(page, "exercises")).to_have_attribute("data-done", "22")
    assert cast.patient.sessions.get().source == "sheet"


def test_yesterday_takes_one_tap(cast, visit, script):
    page = visit(cast.maya, reverse("today"))
    asked = page.get_by_role("region", name="Anything from yesterday?")
    asked.get_by_role("button", name="Cardio · 15 min").click()
    expect(toast(page)).to_contain_text("Cardio saved.")
    expect(asked.get_by_role("button", name="Cardio · 15 min")).to_have_count(0)
    asked.get_by_role("button", name="No, that's all").click()
    expect(asked).to_have_count(0)
    expect(page.get_by_text("Add something from yesterday")).to_be_visible()
    assert did_not_reload(page, script)
    session = cast.patient.sessions.get()
    assert (session.daily_log.day, session.added_later) == (cast.patient.today() - timedelta(days=1), True)


def test_daily_life_is_checked_in(cast, visit, script):
    page = visit(cast.maya, reverse("today"))
    page.locator("summary", has_text="Check in").click()
    for name, value in (("school", "part"), ("friends", "yes")):
        page.locator(f"button[name={name}][value={value}]").click()
        expect(page.locator(f"[data-life={name}]")).to_have_attribute("data-value", value)
        # Four answers in ten seconds: the next one stands where it stood.
        expect(page.locator(f"button[name={name}]").first).to_be_in_viewport()
    assert did_not_reload(page, script)
    assert DailyLog.objects.filter(patient=cast.patient, school="part", friends="yes").exists()


def test_a_harder_day_of_the_usual_kind(cast, visit):
    page = visit(cast.maya, reverse("today"))
    page.get_by_role("link", name="Harder day").click()
    page.get_by_role("button", name="The usual kind").click()
    expect(page.get_by_text("You noticed, and you are still here.")).to_be_visible()
    expect(page.get_by_role("button", name="Log Cardio, 5 min")).to_be_visible()
    assert DailyLog.objects.get(patient=cast.patient).harder
    page.get_by_role("button", name="Not a harder day after all").click()
    expect(page.get_by_role("link", name="Harder day")).to_be_visible()


def test_a_harder_day_of_a_new_kind(cast, visit):
    page = visit(cast.maya, reverse("today"))
    page.get_by_role("link", name="Harder day").click()
    page.get_by_role("link", name="Something new, ill or hurt").click()
    expect(page.get_by_role("heading", name="When to call your care team")).to_be_visible()
    assert " min" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Ask for a day off").click()
    page.locator("main").get_by_label("ill").first.check()
    page.get_by_role("button", name="Ask").click()
    day_off = cast.patient.days_off.get()
    assert (day_off.first, day_off.asked_by, day_off.answer) == (cast.patient.today(), cast.maya, "")
    assert not DailyLog.objects.filter(patient=cast.patient, harder=True).exists()


def test_the_weeks_the_year_and_a_day(cast, visit):
    for days_ago in (1, 25, 40):
        factories.session(cast.patient, cast.maya, at=timezone.now() - timedelta(days=days_ago))
    page = visit(cast.maya, reverse("today"))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Weeks").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("November 2026")
    page.get_by_role("link", name="October").click()
    expect(page.locator("[data-day='2026-10-25']").first).to_have_attribute("data-status", "partly")
    page.get_by_role("link", name="Year", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2026")
    page.get_by_role("rowheader", name="November").get_by_role("link").click()
    page.locator("a[data-day='2026-11-18']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("November 18, 2026")
    expect(strand(page, "cardio")).to_have_attribute("data-met", "yes")


# --- the parent ---


def test_a_parent_sees_the_family_and_logs_in_two_taps(cast, open_page, size, script):
    factories.session(cast.patient, cast.maya, "desensitization", 5)
    page = open_page(size, script=script)
    sign_in(page, "dana")
    card = page.get_by_role("region", name="Maya R.")
    expect(card.locator("[data-strand=desensitization]")).to_have_attribute("data-done", "1")
    card.get_by_text("Log for Maya R.").click()
    card.get_by_role("button", name="Cardio · 15 min").click()
    expect(toast(page)).to_contain_text("Cardio saved.")
    expect(card.locator("[data-strand=cardio]")).to_have_attribute("data-done", "15")
    session = cast.patient.sessions.latest("pk")
    assert (session.entered_as, session.entered_by, session.source) == ("parent", cast.dana, "tap")
    toast(page).get_by_role("button", name="Undo").click()
    expect(card.locator("[data-strand=cardio]")).to_have_attribute("data-done", "0")
    card.get_by_role("link", name="Week", exact=True).click()
    page.get_by_role("link", name="Month", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("November 2026")
    expect(page.locator("[data-day='2026-11-19']").first).to_have_attribute("data-status", "today")


# --- the therapist ---


def test_a_therapist_finds_a_patient_and_changes_the_program(cast, open_page, size, script):
    for name in ("Ada B.", "Zoe Q."):
        record = factories.patient(name)
        factories.link(record, cast.lee, "therapist", discipline="pt")
        factories.program(record)
    factories.session(cast.patient, cast.maya)
    page = open_page(size, script=script)
    secret = enrol(cast.lee)
    sign_in(page, "lee")
    give_code(page, secret)
    names = page.locator("tbody th a")
    expect(names).to_have_count(3)
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(names).to_have_text(["Ada B.", "Maya R.", "Zoe Q."])
    page.get_by_role("columnheader", name="Name").get_by_role("link").click()
    expect(names).to_have_text(["Zoe Q.", "Maya R.", "Ada B."])
    page.get_by_label("Find").fill("maya")
    page.get_by_role("button", name="Search").click()
    expect(names).to_have_text(["Maya R."])
    names.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Maya R.")
    page.get_by_role("link", name="Change the program").click()
    page.locator("input[name=cardio]").fill("20")
    page.get_by_label("Tomorrow, Nov. 20, 2026").check()
    page.get_by_role("button", name="Save the program").click()
    expect(page.get_by_text("Saved. Program 2 starts on Nov. 20, 2026.")).to_be_visible()
    expect(page.get_by_role("region", name="Every day")).to_contain_text("15 min")
    expect(page.locator("section[aria-labelledby=next]")).to_contain_text("20 min")
    first, second = cast.patient.programs.order_by("version")
    assert (first.cardio, second.cardio, second.starts_on) == (
        15,
        20,
        cast.patient.today() + timedelta(days=1),
    )
