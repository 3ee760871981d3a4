"""A teen says yes to a program, sets a routine, and logs two with one tap: as a person does it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from exercises.models import RoutineSlot, TherapySession
from tests.browser.conftest import Open


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_teen_accepts_sets_a_routine_and_logs_two(
    open_page: Open, people: dict[str, Any], script: bool
) -> None:
    """It is 10:05 on a Thursday."""
    page = open_page("phone", user=people["teen"], script=script)
    page.goto("/today/")
    expect(page.get_by_role("heading", name="Your program is here")).to_be_visible()
    page.get_by_role("button", name="I'm in").click()
    expect(page.get_by_text("You're in. Good.")).to_be_visible()
    expect(page.get_by_role("heading", name="Your program is here")).to_have_count(0)

    page.goto("/more/")
    page.get_by_role("link", name="My routine").click()
    page.get_by_role("button", name="School day").click()
    expect(page.get_by_text("before school", exact=True)).to_be_visible()
    page.get_by_text("Add a time of your own").click()
    add = page.locator("form", has=page.get_by_role("button", name="Add it"))
    add.get_by_label("When? For example: after school").fill("at break")
    add.get_by_label("Time").fill("09:45")
    add.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("at break", exact=True)).to_be_visible()
    assert RoutineSlot.objects.count() == 6

    page.goto("/today/")
    expect(page.get_by_text("next: at break")).to_be_visible()
    page.get_by_role("button", name="Log 2").click()
    expect(page.get_by_text("Both are saved.")).to_be_visible()
    expect(page.get_by_text("2 done · next: after school")).to_be_visible()
    assert sorted(TherapySession.objects.values_list("slot__name", flat=True)) == [
        "at break",
        "before school",
    ]
    expect(page.get_by_role("button", name="Log 2")).to_have_count(0)
