"""The pacer on a phone: it shows, says and times a moment, and keeps it once."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from exercises.models import Activity, TherapySession
from exercises.services.catalogue import load_catalogue
from tests import factories
from tests.browser.test_axe import in_every_look


@pytest.fixture(autouse=True)
def catalogue(cast):
    load_catalogue()


def moments():
    kept = TherapySession.objects.order_by("pk")
    return list(kept.values_list("activity__key", "minutes", "source"))


def opened(open_page, cast, key, user=None, **options) -> Page:
    page: Page = open_page(user=user or cast.maya, **options)
    page.clock.install()
    page.goto(reverse("calm-technique", args=[cast.patient.code, Activity.objects.get(key=key).pk]))
    return page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def radius(page):
    return float(page.locator("[data-part=breath]").get_attribute("r"))


def word(page):
    return page.locator("[data-part=word]")


def spoken(page):
    return page.locator("[data-part=spoken]")


def test_it_breathes_along_and_keeps_the_moment_at_its_end(cast, open_page):
    page = opened(open_page, cast, "belly-breathing")
    page.emulate_media(reduced_motion="no-preference")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    expect(page.get_by_text("Count along")).to_be_hidden()
    press(page, "Start")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()
    expect(page.get_by_role("button", name="I did this · save it")).to_be_hidden()
    expect(word(page)).to_have_text("Breathe in")
    page.clock.run_for(50)
    small = radius(page)
    page.clock.run_for(2850)
    assert radius(page) > small + 40
    page.clock.run_for(350)
    expect(word(page)).to_have_text("Breathe out")
    expect(spoken(page)).to_have_text("Breathe out")
    expect(page.locator("[data-part=count]")).to_have_text("1")
    expect(page.get_by_text("Minute 1 of 3")).to_be_visible()
    page.clock.run_for(3900)
    expect(word(page)).to_have_text("Breathe in")
    assert radius(page) < small + 20
    page.clock.run_for(60_000)
    expect(page.get_by_text("Minute 2 of 3")).to_be_visible()
    assert moments() == []
    page.clock.run_for(120_000)
    page.clock.resume()
    expect(page.locator("#toast")).to_contain_text("One calm moment saved. 3 min")
    expect(page.locator("[data-strand=stress]")).to_have_attribute("data-done", "1")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert moments() == [("belly-breathing", 3, "timer")]


def test_nothing_moves_for_whoever_asked_for_that(cast, open_page):
    page = opened(open_page, cast, "box-breathing")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    press(page, "Start")
    seen = set()
    for _ in range(16):
        seen.add((word(page).inner_text(), page.locator("[data-part=count]").inner_text(), radius(page)))
        page.clock.run_for(1000)
    assert {size for _word, _count, size in seen} == {70}
    assert {(said, count) for said, count, _size in seen} == {
        (said, str(count)) for said in ("Breathe in", "Hold", "Breathe out") for count in (1, 2, 3, 4)
    }


def test_the_length_and_the_pattern_are_chosen(cast, open_page):
    page = opened(open_page, cast, "box-breathing")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.get_by_label("without holding").check()
    page.get_by_label("1", exact=True).check()
    press(page, "Start")
    page.clock.run_for(4100)
    expect(word(page)).to_have_text("Breathe out")
    page.clock.run_for(60_000)
    page.clock.resume()
    expect(page.locator("#toast")).to_contain_text("One calm moment saved. 1 min")
    assert moments() == [("box-breathing", 1, "timer")]


def test_a_pause_is_not_counted_and_ending_early_keeps_what_was_done(cast, open_page):
    page = opened(open_page, cast, "belly-breathing")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    press(page, "Start")
    page.clock.run_for(80_000)
    press(page, "Pause")
    expect(page.get_by_role("button", name="Go on")).to_be_focused()
    expect(word(page)).to_have_text("Paused")
    page.clock.run_for(600_000)
    press(page, "Go on")
    page.clock.run_for(20_000)
    press(page, "Stop")
    expect(page.get_by_text("You took about 2 min.").first).to_be_visible()
    expect(page.get_by_role("link", name="Leave")).to_be_visible()
    assert moments() == []
    page.clock.resume()
    press(page, "Save what I did")
    expect(page.locator("#toast")).to_contain_text("One calm moment saved. 2 min")
    assert moments() == [("belly-breathing", 2, "timer")]


def test_after_a_device_slept_it_waits(cast, open_page):
    page = opened(open_page, cast, "belly-breathing")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    press(page, "Start")
    page.clock.run_for(30_000)
    page.clock.fast_forward(3_600_000)
    expect(word(page)).to_have_text("Paused")
    press(page, "Stop")
    expect(page.get_by_text("You took about 1 min.").first).to_be_visible()
    assert moments() == []


def test_a_screen_reader_hears_each_step_or_nothing(cast, open_page):
    page = opened(open_page, cast, "muscle-relaxation")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    press(page, "Start")
    expect(spoken(page)).to_contain_text("Lie down or sit back.")
    page.clock.run_for(12_250)
    expect(spoken(page)).to_have_text("Tense. Hands: make two fists.")
    expect(page.locator("[data-part=count]")).to_have_text("1")
    page.clock.run_for(5000)
    expect(spoken(page)).to_contain_text("Let go. Let your fingers fall open.")
    page.reload()
    page.get_by_text("Sound", exact=True).click()
    page.get_by_label("My screen reader says each step").uncheck()
    press(page, "Start")
    page.clock.run_for(20_000)
    expect(page.locator("[data-part=line]")).to_contain_text("Let your fingers fall open.")
    expect(spoken(page)).to_be_empty()


@pytest.mark.parametrize(("key", "minutes"), [("muscle-relaxation", 3), ("guided-imagery", 5)])
def test_a_paced_text_goes_to_its_end_with_a_chime(cast, open_page, key, minutes):
    page = opened(open_page, cast, key)
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.get_by_text("Sound", exact=True).click()
    page.get_by_label("A soft chime").check()
    page.evaluate(
        "window.played = []; for (const name of ['count', 'start', 'end']) {"
        "const own = ampsChime[name]; ampsChime[name] = () => { played.push(name); own(); } }"
    )
    press(page, "Start")
    page.clock.run_for(minutes * 60_000 + 10_000)
    page.clock.resume()
    expect(page.locator("#toast")).to_contain_text(f"One calm moment saved. {minutes} min")
    assert moments() == [(key, minutes, "timer")]
    played = page.evaluate("played")
    assert played[-1] == "end"
    assert played.count("start") == (7 if key == "muscle-relaxation" else 0)


def test_without_a_signal_it_waits_for_the_button_and_is_kept_once(cast, open_page, watch):
    page = opened(open_page, cast, "equal-breathing")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.get_by_label("1", exact=True).check()
    press(page, "Start")
    page.context.set_offline(True)
    page.clock.run_for(70_000)
    page.clock.resume()
    expect(page.locator("#live")).to_contain_text("Check the signal")
    expect(page.get_by_text("Done. That was your moment.").first).to_be_visible()
    page.context.set_offline(False)
    press(page, "Save it")
    expect(page.locator("#toast")).to_contain_text("One calm moment saved. 1 min")
    assert moments() == [("equal-breathing", 1, "timer")]
    watch.faults.clear()  # the lost request, waited for above


def test_a_covered_page_sends_nothing_before_the_sign_in_is_back(cast, open_page):
    page = opened(open_page, cast, "equal-breathing")
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.get_by_label("1", exact=True).check()
    press(page, "Start")
    page.evaluate("document.body.classList.add('covered')")
    page.clock.run_for(70_000)
    page.clock.resume()
    page.wait_for_timeout(300)
    assert moments() == []
    page.evaluate("document.body.classList.remove('covered')")
    press(page, "Save it")
    expect(page.locator("#toast")).to_contain_text("One calm moment saved. 1 min")


def test_pressing_start_says_that_somebody_is_there(cast, open_page):
    """A sign-in that ends by itself would otherwise end in the middle of it."""
    page = opened(open_page, cast, "belly-breathing", user=cast.lee)
    still_here = reverse("still-here")
    with page.expect_response(
        lambda answer: answer.url.endswith(still_here) and answer.request.method == "POST"
    ) as answer:
        press(page, "Start")
    assert answer.value.status == 200
    expect(word(page)).to_have_text("Breathe in")


def test_without_a_script_the_pattern_is_told_and_the_button_keeps_it(cast, open_page):
    page: Page = open_page(user=cast.maya, script=False)
    page.goto(reverse("today"))
    page.get_by_role("link", name="Breathe").click()
    page.get_by_role("link", name="Equal breathing").click()
    expect(page.get_by_text("In 4, out 4. About 22 times in 3 minutes.")).to_be_visible()
    expect(page.get_by_role("button", name="Start")).to_be_hidden()
    press(page, "I did this · save it")
    expect(page.locator("#toast")).to_contain_text("One calm moment saved.")
    assert moments() == [("equal-breathing", None, "tap")]
    page.locator("#toast").get_by_role("button", name="Undo").click()
    expect(page.locator("[data-strand=stress]")).to_have_attribute("data-done", "0")


def test_every_state_of_the_pacer_is_accessible(cast, open_page):
    factories.item(cast.patient.programs.get(), Activity.objects.get(key="belly-breathing"), words="Slowly.")
    page = opened(open_page, cast, "belly-breathing")
    page.evaluate("document.querySelector('#pacer details').open = true")
    found = in_every_look(page, "ready")
    press(page, "Start")
    found += in_every_look(page, "running")
    press(page, "Pause")
    found += in_every_look(page, "paused")
    press(page, "Stop")
    found += in_every_look(page, "stopped")
    assert found == []
