"""A clinician's sign-in ends by itself: asked first, then the page is covered, and what was typed stays."""

from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from exercises.services import sign_ins
from exercises.services.sign_ins import Limit
from tests.browser.conftest import session_cookie

ASKED, COVERED = "Still there?", "Signed out to keep this safe"
STORED = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
COME_BACK = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def limits(monkeypatch):
    """Half an hour takes nine seconds here; the page asks six seconds before (see ``open_with``)."""
    monkeypatch.setattr(sign_ins, "CLINIC", Limit(idle=9, absolute=3600))


@pytest.fixture
def patient_page(cast: SimpleNamespace, world: SimpleNamespace, watch) -> str:
    watch.expected |= {401}
    return reverse("program-edit", args=[cast.patient.code])


def open_with(open_page, user, url, warn=6) -> Page:
    page: Page = open_page("desktop", user=user)

    def sooner(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace('data-warn="120"', f'data-warn="{warn}"'))

    page.route(f"**{url}", sooner)
    page.goto(url)
    return page


def signed_out(page: Page) -> None:
    """The page is covered and the server has said that the sign-in is over: that answer takes the cookie
    away, and would take away one that came before it."""

    def over(response):
        return response.url.endswith(reverse("still-here")) and response.status == 401

    with page.expect_response(over, timeout=20000):
        expect(page.get_by_role("dialog", name=COVERED)).to_be_visible(timeout=15000)


def box(page: Page):
    return page.locator("main textarea, main input[type=text], main input[type=number]").first


def test_it_asks_and_stays_when_somebody_is_there(cast, limits, patient_page, open_page):
    page = open_with(open_page, cast.lee, patient_page)
    ask = page.get_by_role("dialog", name=ASKED)
    expect(ask).to_be_visible(timeout=15000)
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(ask).to_be_hidden()
    page.wait_for_timeout(6500)  # past the first end
    expect(page.get_by_role("dialog", name=COVERED)).to_be_hidden()
    assert page.request.get(reverse("still-here")).status == 200


def test_escape_means_that_somebody_is_there(cast, limits, patient_page, open_page):
    page = open_with(open_page, cast.lee, patient_page)
    ask = page.get_by_role("dialog", name=ASKED)
    expect(ask).to_be_visible(timeout=15000)
    with page.expect_response(lambda answer: answer.url.endswith(reverse("still-here"))) as answer:
        page.keyboard.press("Escape")
    assert answer.value.request.method == "POST"
    expect(ask).to_be_hidden()


def test_then_the_page_is_covered_and_what_was_typed_comes_back(
    cast, limits, patient_page, open_page, live_server
):
    page = open_with(open_page, cast.lee, patient_page)
    page.evaluate("window.sameDocument = true")
    kept = page.evaluate(STORED)
    box(page).fill("12")
    old_token = page.locator("main input[name=csrfmiddlewaretoken]").first.input_value()
    cover = page.get_by_role("dialog", name=COVERED)
    signed_out(page)
    # Nothing of the record can be read: neither on the page, nor in the name of the tab.
    assert page.evaluate("getComputedStyle(document.querySelector('main')).visibility") == "hidden"
    assert cast.patient.name not in page.title()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again").click()
    opened.value.wait_for_url("**/accounts/login/**")
    assert Session.objects.count() == 0
    page.context.add_cookies([session_cookie(cast.lee, live_server.url)])
    page.evaluate(COME_BACK)
    expect(cover).to_be_hidden()
    assert box(page).input_value() == "12"
    assert page.evaluate("window.sameDocument")
    assert page.locator("main input[name=csrfmiddlewaretoken]").first.input_value() != old_token
    assert page.evaluate(STORED) == kept


def test_what_was_typed_can_be_sent_after_the_new_sign_in(cast, limits, patient_page, open_page, live_server):
    """With the token that belongs to it: the one of before would be refused."""
    url = reverse("session-new", args=[cast.patient.code])
    page = open_with(open_page, cast.lee, url)
    page.get_by_label("Minutes").fill("17")
    signed_out(page)
    page.context.clear_cookies()
    page.context.add_cookies([session_cookie(cast.lee, live_server.url)])
    page.evaluate(COME_BACK)
    expect(page.get_by_role("dialog", name=COVERED)).to_be_hidden()
    page.get_by_label("Cardio").first.check()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/days/**")
    assert cast.patient.sessions.filter(minutes=17, entered_by=cast.lee).exists()


def test_somebody_else_who_signs_in_sees_nothing_of_it(cast, limits, patient_page, open_page, live_server):
    page = open_with(open_page, cast.lee, patient_page)
    box(page).fill("12")
    signed_out(page)
    page.context.add_cookies([session_cookie(cast.kim, live_server.url)])
    with page.expect_navigation():
        page.evaluate(COME_BACK)
    page.wait_for_url("**/caseload/")
    assert cast.patient.name not in page.content()


def test_a_tab_that_is_used_keeps_the_others_open(cast, limits, patient_page, open_page):
    page = open_with(open_page, cast.lee, patient_page)
    other = page.context.new_page()
    for _time in range(5):
        other.goto(reverse("caseload"))
        other.wait_for_timeout(2000)
    expect(page.get_by_role("dialog", name=COVERED)).to_be_hidden()
    assert not page.evaluate("document.body.classList.contains('covered')")


def test_without_a_signal_the_page_is_covered_all_the_same(cast, limits, patient_page, open_page, watch):
    page = open_with(open_page, cast.lee, patient_page)
    page.context.set_offline(True)
    expect(page.get_by_role("dialog", name=COVERED)).to_be_visible(timeout=15000)
    page.context.set_offline(False)
    watch.faults.clear()  # the lost signal was the point
