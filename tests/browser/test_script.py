"""The small script on top of the pages: a page that grew old is loaded anew, and refusals say what helps."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

SHOW_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def today(cast, open_page) -> Page:
    page: Page = open_page("phone", user=cast.maya)
    page.goto(f"{reverse('today')}?offer=cardio")
    page.evaluate("window.sameDocument = true")
    # The server's clock stands still, the browser's does not: the day is over when the test says so.
    page.evaluate("document.querySelector('[data-day-ends]').dataset.dayEnds = Date.now() + 60000")
    return page


def test_a_page_is_loaded_anew_when_its_day_is_over(today: Page):
    today.evaluate(SHOW_AGAIN)
    today.wait_for_timeout(200)
    assert today.evaluate("window.sameDocument")
    today.evaluate("document.querySelector('[data-day-ends]').dataset.dayEnds = Date.now() - 1000")
    with today.expect_navigation():
        today.evaluate(SHOW_AGAIN)
    assert today.evaluate("window.sameDocument === undefined")
    assert today.url.endswith(reverse("today"))


def test_a_page_without_a_day_stays(cast, open_page):
    page: Page = open_page("phone", user=cast.maya)
    page.goto(reverse("more"))
    page.evaluate("window.sameDocument = true")
    page.evaluate(SHOW_AGAIN)
    page.wait_for_timeout(200)
    assert page.evaluate("window.sameDocument")


def test_which_day_is_answered_without_leaving_the_page(cast, today: Page):
    """The button that was pressed goes along, with JavaScript too."""
    for name in ("day", "shown_on"):
        today.evaluate(f"document.querySelectorAll('[name={name}]').forEach((f) => f.value = '2026-11-18')")
    today.locator(".next form button").first.click()
    expect(today.get_by_role("heading", name="Was this yesterday or today?")).to_be_visible()
    today.get_by_role("button", name="Yesterday").click()
    expect(today.locator("#toast")).to_contain_text("Wed, Nov 18")
    assert today.evaluate("window.sameDocument")
    assert str(cast.patient.daily_logs.get().day) == "2026-11-18"


def test_a_refusal_and_a_lost_signal_say_different_things(today: Page, watch):
    live = today.locator("#live")
    today.route("**/sessions/", lambda route: route.fulfill(status=403, body="no"))
    today.locator(".next form button").first.click()
    expect(live).to_contain_text("Load the page again")
    today.unroute("**/sessions/")
    today.context.set_offline(True)
    today.locator(".next form button").first.click()
    expect(live).to_contain_text("Check the signal")
    today.context.set_offline(False)
    watch.faults.clear()  # all of them provoked: each is the one that a line above waited for
