"""Doing it, on a phone: a timer that two devices see, and a guided session, with and without JavaScript."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from exercises.models import Stopwatch, TherapySession
from tests import factories
from tests.browser.conftest import MORNING
from tests.browser.test_axe import in_every_look
from tests.browser.test_layout import sideways, small_targets


def clock_of(page: Page) -> None:
    """A clock of the page's own, which a test can put forward; the server's knows nothing of it."""
    page.clock.install(time=MORNING)


@pytest.fixture
def items(cast):
    program = cast.patient.programs.get()
    cast.patient.school_from = None
    cast.patient.save()
    squat = factories.activity("Squat", how_to="Stand.\nBend your knees.")
    return [
        factories.item(program, squat, order=1, sets=2, reps=8, words="Slowly"),
        factories.item(program, factories.activity("Wall sit"), order=2, sets=2, hold_seconds=20),
        factories.item(program, factories.activity("Heel raise"), order=3, sets=1, reps=10),
    ]


def guided(cast) -> str:
    return reverse("guided", args=[cast.patient.code])


def timer(cast) -> str:
    return reverse("timer", args=[cast.patient.code])


def step(page: Page):
    return page.locator("section[data-step]:visible")


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def ran(minutes: int) -> None:
    """So much time has passed since the start, as the server knows it."""
    for watch in Stopwatch.objects.filter(ended_at=None):
        watch.started_at -= minutes * (MORNING - MORNING.replace(minute=MORNING.minute - 1))
        watch.save(update_fields=["started_at"])


# --- the timer ---


def test_a_timer_runs_on_two_devices_and_is_stopped_once(cast, open_page):
    phone, tablet = open_page("phone", user=cast.maya), open_page("desktop", user=cast.maya)
    for device in (phone, tablet):
        clock_of(device)
    phone.goto(reverse("today") + "?offer=cardio")
    press(phone, "Start timer")
    expect(phone.get_by_role("timer")).to_be_visible()
    ran(6)
    tablet.goto(reverse("today"))
    expect(tablet.get_by_role("region", name="Cardio")).to_contain_text("It runs · 6 min")
    tablet.get_by_role("link", name="See the timer").click()
    expect(tablet.get_by_role("timer")).to_contain_text("6:0")
    tablet.clock.run_for(60_000)
    expect(tablet.get_by_role("timer")).to_contain_text("7:0")

    phone.reload()  # and a closed tab is no more than that
    press(phone, "Pause")
    expect(phone.get_by_text("Paused")).to_be_visible()
    tablet.clock.run_for(31_000)  # it looks by itself
    expect(tablet.get_by_role("button", name="Go on")).to_be_visible()
    press(tablet, "Stop and save")
    expect(tablet.locator("#toast")).to_contain_text("Cardio saved. 6 min")
    press(phone, "Stop and save")  # the phone does not know yet
    expect(phone.get_by_text("It was stopped already. 6 min are saved.")).to_be_visible()
    session = TherapySession.objects.get()
    assert (session.minutes, session.source) == (6, "timer")


def test_the_minutes_of_a_parent_go_on(cast, open_page):
    page = open_page("phone", user=cast.dana)
    clock_of(page)
    page.goto(timer(cast))
    page.get_by_label("Cardio").check()
    press(page, "Start")
    expect(page.locator("#stopwatch")).to_contain_text("1 min")
    ran(6)
    page.clock.run_for(31_000)  # it looks by itself
    expect(page.locator("#stopwatch")).to_contain_text("6 min")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_forgotten_start_and_a_hidden_clock(cast, open_page, script):
    cast.patient.timer_hidden = True
    cast.patient.save()
    page = open_page("phone", user=cast.maya, script=script)
    page.goto(timer(cast))
    page.get_by_label("Cardio").check()
    press(page, "Start")
    expect(page.get_by_text("It runs")).to_be_visible()
    expect(page.get_by_role("timer")).to_be_hidden()
    page.get_by_text("I forgot to start it").click()
    page.get_by_label("How many minutes ago did you begin?").fill("12")
    press(page, "Set it")
    page.locator("summary", has_text="The clock").click()
    expect(page.get_by_role("timer")).to_contain_text("12:0")
    assert page.get_by_role("link", name="Look again").is_visible() is not script
    press(page, "Leave without saving")
    page.get_by_role("link", name="No, go on").click()
    press(page, "Stop and save")
    expect(page.locator("#toast")).to_contain_text("Cardio saved. 12 min")


def test_no_signal_does_not_stop_it(cast, open_page, watch):
    page = open_page("phone", user=cast.maya)
    clock_of(page)
    page.goto(timer(cast))
    page.get_by_label("Cardio").check()
    press(page, "Start")
    expect(page.get_by_role("timer")).to_be_visible()
    page.wait_for_load_state()  # the script counts from when it begins
    page.route("**/timer/*", lambda route: route.abort("internetdisconnected"))
    page.clock.run_for(61_000)
    expect(page.get_by_role("timer")).to_contain_text("1:0")
    page.unroute("**/timer/*")  # it goes on looking
    watch.faults.clear()  # what was cut off here is no fault of the page


# --- a guided session ---


def test_a_guided_session_counts_holds_and_rests(cast, open_page, items):
    page = open_page("phone", user=cast.maya)
    clock_of(page)
    page.goto(guided(cast))
    page.get_by_label(re.compile("On a rough surface")).check()
    press(page, "Start")
    page.evaluate("window.sameDocument = true")
    expect(step(page)).to_contain_text("Squat")
    expect(step(page)).to_contain_text("Slowly")
    press(page, "Set 1 of 2 · done")
    clock = page.locator("#clock")
    expect(clock).to_contain_text("Rest")
    expect(clock.get_by_role("timer")).to_have_text("0:30")
    page.clock.run_for(31_000)
    expect(clock).to_be_hidden()
    press(page, "Set 2 of 2 · done")

    expect(step(page)).to_contain_text("Wall sit")
    press(page, "Skip the rest")
    press(page, "Start · 20 s")
    expect(clock).to_contain_text("Get ready")
    page.clock.run_for(3_500)
    expect(clock).to_contain_text("Hold")
    clock.get_by_role("button", name="Pause").click()
    left = clock.get_by_role("timer").inner_text()
    page.clock.run_for(60_000)
    expect(clock.get_by_role("timer")).to_have_text(left)
    clock.get_by_role("button", name="Go on").click()
    page.clock.run_for(20_000)
    # The set is done by itself, and the next one follows the rest by itself.
    expect(clock).to_contain_text("Rest")
    expect(step(page)).to_contain_text("Set 2 of 2 · done")
    assert page.evaluate("window.sameDocument === true")
    page.clock.run_for(30_000 + 3_000 + 20_500)

    expect(step(page)).to_contain_text("Heel raise")
    expect(step(page)).to_contain_text("3 of 3")
    ran(14)
    press(page, "Set 1 of 1 · done")
    expect(page.locator("#toast")).to_contain_text("Exercises and Touch saved. 14 min")
    expect(page.get_by_text("Exercises on a rough surface · 14 min").first).to_be_visible()
    session = TherapySession.objects.get(strand="exercises")
    assert (session.source, session.together.minutes) == ("guided", 14)
    assert list(session.items.order_by("pk").values_list("activity__name", "sets")) == [
        ("Squat", 2),
        ("Wall sit", 2),
        ("Heel raise", 1),
    ]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_reload_goes_on_where_it_was(cast, open_page, items, script):
    page = open_page("phone", user=cast.maya, script=script)
    page.goto(reverse("today") + "?offer=exercises")
    page.get_by_role("link", name="Start", exact=True).click()
    press(page, "Start")
    press(page, "Set 1 of 2 · done")
    press(page, "Set 2 of 2 · done")
    expect(step(page)).to_contain_text("Wall sit")
    press(page, "Set 1 of 2 · done")
    expect(step(page)).to_contain_text("Set 2 of 2")
    page.wait_for_load_state("networkidle")
    page.close()
    page = open_page("phone", user=cast.maya, script=script)
    page.goto(reverse("today"))
    page.get_by_role("link", name="Continue").click()
    expect(step(page)).to_contain_text("Wall sit")
    expect(step(page)).to_contain_text("Set 2 of 2")
    press(page, "Back")
    expect(step(page)).to_contain_text("All sets are done.")
    press(page, "Next exercise")
    press(page, "Next exercise")
    expect(step(page)).to_contain_text("Heel raise")
    press(page, "Stop here and save")
    expect(page.locator("#toast")).to_contain_text("Exercises saved.")
    done = TherapySession.objects.get().items.order_by("pk").values_list("activity__name", "sets")
    assert list(done) == [("Squat", 2), ("Wall sit", 1)]


def test_without_a_signal_it_goes_on_and_is_sent_later(cast, open_page, items, watch):
    page = open_page("phone", user=cast.maya)
    clock_of(page)
    page.goto(guided(cast))
    press(page, "Start")
    page.route("**/act/", lambda route: route.abort("internetdisconnected"))
    for name in ("Set 1 of 2 · done", "Set 2 of 2 · done", "Skip", "Set 1 of 1 · done"):
        press(page, name)
    expect(page.get_by_text("No signal.")).to_be_visible()
    assert not TherapySession.objects.exists()
    page.unroute("**/act/")
    page.clock.run_for(4_000)
    expect(page.locator("#toast")).to_contain_text("Exercises saved.")
    done = TherapySession.objects.get().items.order_by("pk").values_list("activity__name", "sets")
    assert list(done) == [("Squat", 2), ("Heel raise", 1)]
    watch.faults.clear()  # what was cut off here is no fault of the page


def test_a_set_that_waits_for_a_signal_or_a_sign_in_is_kept_with_its_minutes(cast, open_page, items, watch):
    page = open_page("phone", user=cast.maya)
    clock_of(page)
    page.goto(guided(cast))
    press(page, "Start")
    sent = []

    def signed_out(route):
        sent.append(route.request.post_data)
        route.fulfill(status=401, content_type="application/json", body="{}")

    page.route("**/guided/act/", signed_out)
    press(page, "Set 1 of 2 · done")
    expect(page.get_by_text("No signal.")).to_be_visible()
    expect(step(page)).to_contain_text("Set 2 of 2 · done")
    page.clock.run_for(60_000)
    page.unroute("**/guided/act/")
    with page.expect_request("**/guided/act/") as request:
        page.clock.run_for(4_000)
    assert "waited=0&" in sent[0]
    assert int(re.search(r"waited=(\d+)", request.value.post_data)[1]) >= 60
    expect(page.get_by_text("No signal.")).to_be_hidden()
    assert Stopwatch.objects.get().done[0]["sets"] == 1
    watch.faults.clear()  # what was refused here is no fault of the page


def test_a_double_tap_is_one_set(cast, open_page, items):
    page = open_page("phone", user=cast.maya)
    page.goto(guided(cast))
    press(page, "Start")
    page.locator("main").get_by_role("button", name="Set 1 of 2 · done").dblclick()
    expect(step(page)).to_contain_text("Set 2 of 2 · done")
    press(page, "Set 2 of 2 · done")
    expect(step(page)).to_contain_text("Wall sit")


def test_a_second_device_is_told_where_it_stands(cast, open_page, items):
    phone, tablet = open_page("phone", user=cast.maya), open_page("desktop", user=cast.dana)
    clock_of(tablet)
    phone.goto(guided(cast))
    press(phone, "Start")
    expect(step(phone)).to_contain_text("Squat")
    tablet.goto(guided(cast))
    expect(step(tablet)).to_contain_text("Squat")
    press(phone, "Skip")
    expect(step(phone)).to_contain_text("Wall sit")
    phone.wait_for_load_state("networkidle")
    tablet.clock.run_for(31_000)
    expect(step(tablet)).to_contain_text("Wall sit")
    press(phone, "Stop here and save")
    expect(phone.locator("#toast")).to_contain_text("Exercises saved.")
    tablet.clock.run_for(31_000)
    expect(tablet.get_by_role("heading", level=1)).to_contain_text("Maya R.")
    assert TherapySession.objects.count() == 1


def test_the_mute_button_is_remembered(cast, open_page, items):
    page = open_page("phone", user=cast.maya)
    page.goto(guided(cast))
    press(page, "Start")
    html = page.locator("html")
    press(page, "Mute")
    expect(html).to_have_attribute("data-chime", "off")
    page.reload()
    expect(html).to_have_attribute("data-chime", "off")
    press(page, "Mute")
    expect(html).to_have_attribute("data-chime", "on")


def flaws(page: Page, name: str) -> list[str]:
    """What axe finds, what sticks out, and what a thumb would not hit."""
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(e => { e.open = true })")
    return in_every_look(page, name) + sideways(page, name) + small_targets(page, name)


def test_the_pages_while_something_runs(cast, open_page, items):
    """Those that the walk over all pages does not meet, because nothing is being timed there."""
    page = open_page("phone", user=cast.maya)
    page.goto(guided(cast))
    found = flaws(page, "before")
    press(page, "Start")
    expect(step(page)).to_contain_text("Squat")
    found += flaws(page, "guided")
    press(page, "Set 1 of 2 · done")
    expect(page.locator("#clock")).to_be_visible()
    found += flaws(page, "rest")
    press(page, "Next exercise")
    press(page, "Start · 20 s")
    found += flaws(page, "hold")
    for question in ("ask", "leave"):
        page.goto(f"{timer(cast)}?{question}=1")
        found += flaws(page, question)
    page.goto(reverse("today"))
    found += flaws(page, "today")
    press(page, "Stop and save")
    page.goto(timer(cast))
    page.get_by_label("Cardio").check()
    press(page, "Start")
    expect(page.get_by_role("timer")).to_be_visible()
    found += flaws(page, "timer")
    assert found == []
