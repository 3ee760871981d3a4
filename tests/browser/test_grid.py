"""A week from the paper log, typed by keyboard only, with every key counted."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from exercises.models import DailyLog, TherapySession
from tests.browser.conftest import Open, Watch

MONDAY = date(2026, 11, 9)  # of the week before: the server's clock shows Thursday the 19th
DAYS = [MONDAY + timedelta(days=n) for n in range(7)]
# A day of the paper log, from top to bottom.
COLUMN = ("15", "30", "5", "5", "5", "5", "5", "1")
KEYS_A_SECOND, TWO_MINUTES = 2, 120
# 132 were counted: 124 for the numbers and the way from box to box, 8 to the first box and to send.
MOST_KEYS = 140

FOCUSED = "() => document.activeElement.name || ''"


class Keyboard:
    """Presses keys, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, text: str) -> None:
        for key in text:
            self.press(key)

    def to_the_first_box(self) -> None:
        """Past the navigation by the link that skips it."""
        self.press("Tab")
        self.press("Enter")
        while ":cardio:" not in self.page.evaluate(FOCUSED):
            self.press("Tab")
            assert self.pressed < 20, "the first box is far away"


@pytest.fixture
def paper(cast):
    cast.patient.paper = True
    cast.patient.save()
    return cast.patient


def url(patient) -> str:
    return reverse("grid", args=[patient.code], query={"week": str(MONDAY)})


def test_a_paper_week_takes_under_two_minutes(cast, paper, open_page: Open):
    page = open_page("desktop", user=cast.dana)
    page.goto(url(paper))
    keys = Keyboard(page)
    keys.to_the_first_box()
    for day in DAYS:
        for number in COLUMN:
            # Down the column of a day, then to the next.
            assert page.evaluate(FOCUSED).startswith(str(day))
            keys.type(number)
            if (day, number) != (DAYS[-1], COLUMN[-1]):
                keys.press("Tab")
    keys.press("Enter")
    expect(page.get_by_role("status").filter(has_text="56 entries saved.")).to_be_visible()
    assert keys.pressed <= MOST_KEYS <= KEYS_A_SECOND * TWO_MINUTES
    assert TherapySession.objects.count() == 56
    assert set(TherapySession.objects.values_list("source", "entered_as", "added_later")) == {
        ("sheet", "parent", True)
    }
    totals = DailyLog.objects.order_by("day").values_list(
        "day", "cardio", "exercises", "desensitization", "stress", "sessions"
    )
    assert list(totals) == [(day, 15, 30, 5, 1, 8) for day in DAYS]
    expect(page.locator("[data-day][data-status=met]")).to_have_count(7)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_one_bad_box(cast, paper, open_page: Open, watch: Watch, size, script):
    watch.expected.add(422)
    page = open_page(size, user=cast.maya, script=script)
    page.goto(url(paper))
    page.get_by_label("from memory").check()
    page.get_by_label("Mon, Nov 9: Cardio, minutes").fill("15")
    page.get_by_label("Tue, Nov 10: Touch 2, minutes").fill("5o")
    page.get_by_label("Tue, Nov 10: Calm, times").fill("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("2 entries saved. 1 box needs a look.")
    # The page opens at the box in question, and what was saved is no box any more.
    bad = page.get_by_label("Tue, Nov 10: Touch 2, minutes")
    expect(bad).to_be_focused()
    expect(bad).to_have_value("5o")
    expect(bad).to_have_accessible_description("A whole number from 1 to 240, or leave it empty.")
    expect(page.get_by_label("Mon, Nov 9: Cardio, minutes")).to_have_count(0)
    expect(page.get_by_label("from memory")).to_be_checked()
    bad.fill("5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="1 entry saved.")).to_be_visible()
    assert sorted(TherapySession.objects.values_list("strand", "minutes", "source")) == [
        ("cardio", 15, "grid"),
        ("desensitization", 5, "grid"),
        ("stress", None, "grid"),
    ]


def test_sending_a_page_again_from_the_browsers_history_logs_nothing_twice(cast, paper, open_page: Open):
    page = open_page("desktop", user=cast.maya)
    page.goto(url(paper))
    page.get_by_label("Mon, Nov 9: Cardio, minutes").fill("15")
    page.get_by_label("Mon, Nov 9: Cardio, minutes").press("Enter")
    expect(page.get_by_text("1 entry saved.")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Mon, Nov 9: Cardio, minutes")).to_have_value("")
    page.get_by_label("Tue, Nov 10: Cardio, minutes").fill("20")
    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_text("entry saved.").first).to_be_visible()
    assert sorted(TherapySession.objects.values_list("minutes", flat=True)) == [15, 20]


def test_a_line_of_the_log_is_one_line_on_a_wide_screen(cast, paper, open_page: Open, watch: Watch):
    """Also where a box says what is wrong, and where some days have more behind them than others."""
    watch.expected.add(422)
    page = open_page("desktop", user=cast.maya)
    page.goto(url(paper))
    page.get_by_label("Mon, Nov 9: Cardio, minutes").fill("15")
    page.get_by_label("Wed, Nov 11: Touch 1, minutes").fill("x")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    tops = page.evaluate(
        """() => [...document.querySelectorAll(".week-log input")].map(e =>
          [e.name.split(":").slice(1).join(":"), Math.round(e.getBoundingClientRect().top)])"""
    )
    assert len({line for line, _top in tops}) == len({(line, top) for line, top in tops}) == 8
