"""The charts of the function page as a screen reader, a printer and forced colours have them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from exercises.models import DailyLog, FunctionMeasure
from tests import factories
from tests.browser.test_layout import NARROW, STICKS_OUT

DAY = timedelta(days=1)
PAINT = """() => [...document.querySelectorAll(".plot .full, .plot .part, .plot .dot, .plot text.value")]
  .map(e => getComputedStyle(e).fill)"""
# Each chart's words as they lie on the screen: how tall a letter is, and whether one is cut off.
WORDS = """() => [...document.querySelectorAll(".plot text")].filter(e => e.checkVisibility()).map(e => {
  const box = e.getBoundingClientRect(), page = document.documentElement.clientWidth;
  return [parseFloat(getComputedStyle(e).fontSize), box.left >= 0 && box.right <= page, e.textContent];
})"""


@pytest.fixture
def story(cast):
    """Eight weeks of school, some training, a walk measured twice, a goal reached."""
    patient, today = cast.patient, cast.patient.today()
    monday = today - today.weekday() * DAY
    for back, whole in enumerate([4, 4, 3, 2, 0, 1, 1, 0], 1):
        for n in range(5 if whole else 0):
            DailyLog.objects.create(
                patient=patient,
                day=monday - (7 * back - n) * DAY,
                school="all" if n < whole else "part",
                activities="yes" if whole > 2 else "no",
            )
    factories.session(patient, cast.maya, "cardio", 15, day=today - DAY)
    for value, ago in ((520, 40), (610, 2)):
        FunctionMeasure.objects.create(
            patient=patient, kind="walk_6_min", value=value, taken_on=today - ago * DAY,
            added_by=cast.lee, entered_as="therapist",
        )  # fmt: skip
    goal = factories.goal(patient, cast.maya, "Sing in the choir")
    type(goal).objects.update(reached_on=today - DAY)
    return patient


@pytest.fixture
def page(story, cast, open_page):
    page = open_page(user=cast.maya)
    page.goto(reverse("function", args=[story.code]))
    return page


def test_a_screen_reader_has_each_chart_with_its_values(page):
    # 2026-11-19 is a Thursday: the weeks begin on Mondays from September 28.
    for name, values in (
        ("School: whole days a week", "Sep 28: 1 whole, 4 in part"),
        ("School: whole days a week", "Nov 9: 4 whole, 1 in part"),
        ("School: whole days a week", "2 weeks without a mark"),
        ("Activities: days a week", "Nov 9: 5 yes"),
        ("6-minute walk", "Sat, Oct 10: 520 m; Tue, Nov 17: 610 m."),
        ("Reached goals and steps", "Wed, Nov 18: Sing in the choir"),
        ("Cardio: minutes a day", "Nov 16: 5 of 15"),
    ):
        chart = page.get_by_role("img", name=name)
        expect(chart).to_have_count(1)
        assert values in chart.evaluate("e => e.querySelector('desc').textContent")
        assert values in chart.aria_snapshot()


def test_the_charts_are_pictures_and_their_figures_are_in_tables(page):
    """No loose numbers are read out between the tables."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    tree = page.get_by_role("region", name="Week by week").aria_snapshot()
    assert "text: 4\n" not in tree
    table = page.get_by_role("region", name="Daily life by week")
    expect(table.get_by_role("row", name="Nov 9 4 whole, 1 in part 5 yes")).to_be_visible()
    table = page.get_by_role("region", name="Training by week")
    expect(table.get_by_role("row", name="Nov 16 5 of 15 0 of 30 0 of 5")).to_be_visible()


def test_forced_colours_leave_the_bars_to_be_seen(page):
    page.emulate_media(forced_colors="active", color_scheme="dark")
    ground = page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
    found = page.evaluate(PAINT)
    assert len(found) > 20
    assert all(paint != ground and paint != "none" for paint in found), found


def test_paper_shows_the_charts_in_black(page):
    page.emulate_media(media="print")
    expect(page.get_by_role("img", name="School: whole days a week")).to_be_visible()
    full = page.evaluate("getComputedStyle(document.querySelector('.plot .full')).fill")
    assert full == "rgb(0, 0, 0)"
    assert page.locator("nav, .btn, form, summary").filter(visible=True).count() == 0


@pytest.mark.parametrize("asked", ["", "?weeks=all"])
def test_a_narrow_phone_needs_no_scrolling_sideways(page, story, asked):
    DailyLog.objects.create(patient=story, day=story.today() - 500 * DAY, school="part")
    page.set_viewport_size(NARROW)
    page.goto(reverse("function", args=[story.code]) + asked)
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    for size in ("100%", "200%"):
        assert page.evaluate(STICKS_OUT, size) == []


@pytest.mark.parametrize("asked", ["", "?weeks=52", "?weeks=all"])
def test_words_in_charts_can_be_read_on_a_phone(page, story, asked):
    DailyLog.objects.create(patient=story, day=story.today() - 500 * DAY, school="part")
    page.goto(reverse("function", args=[story.code]) + asked)
    found = page.evaluate(WORDS)
    assert len(found) > 20
    assert [words for size, inside, words in found if size < 11 or not inside] == []


def test_without_scripts_it_is_the_same(story, cast, open_page):
    page = open_page(user=cast.maya, script=False)
    page.goto(reverse("function", args=[story.code]))
    expect(page.get_by_role("img", name="School: whole days a week")).to_be_visible()
    page.get_by_text("Show as a table").first.click()
    expect(page.get_by_role("region", name="Daily life by week")).to_be_visible()
