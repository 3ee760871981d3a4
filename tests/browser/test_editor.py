"""Prescribing: a whole program in few steps with a script; each step without one; by keyboard alone."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from exercises.models import Patient, Program
from exercises.services.catalogue import load_catalogue
from tests import factories
from tests.browser.conftest import Open
from tests.browser.test_axe import in_every_look

# Typed as somebody in a hurry would, and what the editor makes of it.
EXERCISES = {
    "squat": "Squat to a chair", "wall sit": "Wall sit", "bridge": "Bridge", "plank": "Plank",
    "heel r": "Heel raise", "bird": "Bird-dog", "single": "Single-leg stand", "step-up": "Step-ups",
}  # fmt: skip
TECHNIQUES = {"belly": "Belly breathing", "music": "Music"}


class Hand:
    """Counts what somebody does: a click, a word that is typed, a key that is pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def click(self, button: str) -> None:
        self.count += 1
        self.page.get_by_role("button", name=button, exact=True).click()

    def open(self, heading: str) -> None:
        self.count += 1
        self.page.locator("summary", has_text=heading).click()

    def type(self, text: str) -> None:
        """Where the focus is."""
        self.count += 1
        self.page.keyboard.type(text)

    def press(self, key: str) -> None:
        self.count += 1
        self.page.keyboard.press(key)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def fresh(cast: SimpleNamespace) -> Patient:
    """Maya's record before its first program."""
    load_catalogue()
    Program.objects.filter(patient=cast.patient).delete()
    record: Patient = cast.patient
    return record


def search_box(page: Page):
    return page.get_by_role("searchbox", name="Find an activity")


def names(page: Page) -> list[str]:
    return page.locator("#rows .row-body:not([hidden]) .row-head b").all_inner_texts()


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_a_program_is_prescribed_in_few_steps_and_the_teen_agrees(cast, fresh, open_page: Open, size):
    page = open_page(size, user=cast.lee)
    page.goto(reverse("program-edit", args=[fresh.code]))
    hand = Hand(page)
    hand.count += 1
    search_box(page).click()
    wanted = EXERCISES | TECHNIQUES
    for text, name in wanted.items():
        hand.type(text)
        hand.press("Enter")
        expect(page.locator("#rows .row-head b").last).to_have_text(name)
    expect(search_box(page)).to_be_focused()
    hand.open("Texture ladder")
    hand.click("Start with all nine, soft to rough")
    hand.click("Save the program")
    expect(page).to_have_url(page.url.split("/patients/")[0] + reverse("team", args=[fresh.code]))
    assert hand.count == 24 < 40

    program = Program.objects.get(patient=fresh)
    assert [item.activity.name for item in program.items.all()] == list(wanted.values())
    assert len(program.ladder) == 9 and program.targets.cardio == 15
    first = program.items.first()
    assert first is not None and (first.sets, first.reps) == (first.activity.sets, first.activity.reps)

    teen = open_page(user=cast.maya)
    teen.goto(reverse("today"))
    teen.get_by_role("button", name="I'm in").first.click()
    expect(teen.get_by_role("button", name="I'm in")).to_have_count(0)
    program.refresh_from_db()
    assert program.accepted_by == cast.maya

    # And does what was prescribed.
    teen.goto(reverse("guided", args=[fresh.code]))
    press(teen, "Start")
    expect(teen.locator("section[data-step]:visible")).to_contain_text("Squat to a chair")
    press(teen, "Set 1 of 2 · done")
    press(teen, "Set 2 of 2 · done")
    expect(teen.locator("section[data-step]:visible")).to_contain_text("Wall sit")
    press(teen, "Stop here and save")
    expect(teen.locator("#toast")).to_contain_text("Exercises saved.")
    session = fresh.sessions.get()
    assert (session.source, session.daily_log.program) == ("guided", program)
    assert list(session.items.values_list("activity__name", "sets")) == [("Squat to a chair", 2)]


def test_the_editor_works_by_keyboard_alone(cast, open_page: Open):
    load_catalogue()
    page = open_page("desktop", user=cast.lee)
    page.goto(reverse("program-edit", args=[cast.patient.code]))
    search_box(page).focus()
    # With the arrows: the second of what was found.
    page.keyboard.type("stand")
    expect(page.locator("#found button").nth(1)).to_be_visible()
    second = page.locator("#found button b").nth(1).inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#rows .row-head b").last).to_have_text(second)
    for text in ("plank", "bridge"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    expect(page.locator("#rows .row-head b").last).to_have_text("Bridge")
    assert names(page) == [second, "Plank", "Bridge"]

    # Ordered, and the focus stays on the button.
    up = page.get_by_role("button", name="Move up: Bridge")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_be_focused()
    page.keyboard.press("Enter")
    assert names(page) == ["Bridge", second, "Plank"]

    # Taken out, put back.
    page.get_by_role("button", name="Take out: Plank").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Put back: Plank")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take out: Plank")).to_be_focused()
    page.get_by_role("button", name=f"Take out: {second}").press("Enter")
    page.get_by_role("button", name="Save the program").press("Enter")
    expect(page.get_by_text("Saved. Program 2")).to_be_visible()
    saved = cast.patient.programs.get(version=2)
    assert [item.activity.name for item in saved.items.all()] == ["Bridge", "Plank"]


def test_who_saves_at_once_saves_what_is_on_its_way(cast, open_page: Open):
    load_catalogue()
    page = open_page(user=cast.lee)
    page.goto(reverse("program-edit", args=[cast.patient.code]))
    search_box(page).focus()
    for text in ("plank", "bridge"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Save the program").click()
    expect(page.get_by_text("Saved. Program 2")).to_be_visible()
    saved = cast.patient.programs.get(version=2)
    assert [item.activity.name for item in saved.items.all()] == ["Plank", "Bridge"]


def test_what_goes_by_no_name_comes_back_into_the_box(cast, open_page: Open):
    page = open_page(user=cast.lee)
    page.goto(reverse("program-edit", args=[cast.patient.code]))
    search_box(page).fill("zzz")
    search_box(page).press("Enter")
    expect(page.get_by_text("Nothing by that name. Try another word")).to_be_visible()
    expect(search_box(page)).to_have_value("zzz")


def test_an_easier_one_keeps_the_words_beside_it(cast, open_page: Open):
    load_catalogue()
    page = open_page(user=cast.lee)
    page.goto(reverse("program-edit", args=[cast.patient.code]))
    search_box(page).fill("lunge")
    search_box(page).press("Enter")
    expect(page.locator("#rows .row-head b").last).to_have_text("Lunge")
    page.get_by_label("In your own words").fill("Slowly.")
    page.get_by_role("button", name="Easier: Step-ups").click()
    expect(page.locator("#rows .row-head b")).to_have_text("Step-ups")
    expect(page.get_by_label("In your own words")).to_have_value("Slowly.")


def test_boxes_of_a_rule_are_there_when_it_is_chosen(cast, open_page: Open):
    page = open_page(user=cast.lee)
    page.goto(reverse("program-edit", args=[cast.patient.code]))
    smaller = page.locator("[name=smaller_cardio]")
    page.locator("summary", has_text="Harder days").click()
    expect(smaller).to_be_hidden()
    page.get_by_label("a smaller plan").check()
    expect(smaller).to_be_visible()
    page.get_by_label("the list done").check()
    expect(page.get_by_label("Exercises, minutes a day")).to_be_hidden()


def test_the_ladder_in_any_order(cast, open_page: Open):
    page = open_page(user=cast.lee)
    page.goto(reverse("program-edit", args=[cast.patient.code]))
    page.locator("summary", has_text="Texture ladder").click()
    for texture in ("towel", "silk", "wool"):
        page.get_by_role("button", name="Add a step").click()
        page.get_by_label("Texture", exact=True).last.select_option(texture)
    page.get_by_role("button", name="Step up").last.click()
    page.get_by_role("button", name="Take the step out").first.click()
    page.get_by_label("How firmly").first.select_option("firm")
    page.get_by_role("button", name="Save the program").click()
    expect(page.get_by_text("Saved. Program 2")).to_be_visible()
    assert cast.patient.programs.get(version=2).ladder == [
        {"texture": "wool", "pressure": "firm"},
        {"texture": "silk", "pressure": "light"},
    ]


def test_where_no_answer_comes_the_button_sends_the_page(cast, open_page: Open, watch):
    """The signal is gone for what a script asks for; the page itself still goes through."""
    load_catalogue()
    page = open_page(user=cast.lee)
    page.goto(reverse("program-edit", args=[cast.patient.code]))
    page.get_by_label("Cardio, minutes a day").fill("33")
    search_box(page).fill("plank")
    expect(page.locator("#found button").first).to_be_visible()
    page.route("**/edit/?part=*", lambda route: route.abort())
    page.locator("#found button").first.click()
    expect(page.locator("#rows .row-head b").last).to_have_text("Plank")
    expect(page.get_by_label("Cardio, minutes a day")).to_have_value("33")
    watch.faults[:] = [fault for fault in watch.faults if "part=row" not in fault]


def test_every_step_works_without_a_script(cast, fresh, open_page: Open):
    page = open_page("desktop", user=cast.lee, script=False)
    page.goto(reverse("program-edit", args=[fresh.code]))
    page.get_by_label("Cardio, minutes a day").fill("12")
    for text, name in (("plank", "Plank"), ("belly", "Belly breathing"), ("bridge", "Bridge")):
        search_box(page).fill(text)
        search_box(page).press("Enter")
        page.locator("#found button", has=page.get_by_text(name, exact=True)).click()
        expect(page.locator("#rows .row-head b").last).to_have_text(name)
    page.get_by_role("button", name="Move up: Bridge").click()
    page.get_by_role("button", name="Move up: Bridge").click()
    page.get_by_role("button", name="Take out: Belly breathing").click()
    assert names(page) == ["Bridge", "Plank"]
    page.get_by_role("button", name="Put back: Belly breathing").click()
    page.locator("summary", has_text="Texture ladder").click()
    page.get_by_role("button", name="Start with all nine, soft to rough").click()
    page.get_by_role("button", name="See it as the teen does").click()
    expect(page.get_by_role("heading", name="As the teen sees it")).to_be_visible()
    page.get_by_role("button", name="Back to editing").click()
    expect(page.get_by_label("Cardio, minutes a day")).to_have_value("12")
    page.get_by_role("button", name="Save the program").click()
    saved = Program.objects.get(patient=fresh)
    assert [item.activity.name for item in saved.items.all()] == ["Bridge", "Plank", "Belly breathing"]
    assert (saved.cardio, len(saved.ladder)) == (12, 9)


def test_a_plan_is_kept_and_started_from(cast, fresh, open_page: Open):
    page = open_page("desktop", user=cast.lee)
    page.goto(reverse("program-edit", args=[fresh.code]))
    search_box(page).fill("plank")
    search_box(page).press("Enter")
    expect(page.locator("#rows .row-head b").last).to_have_text("Plank")
    page.locator("summary", has_text="Keep it as a template").click()
    page.get_by_label("Name", exact=True).fill("Core")
    page.get_by_role("button", name="Keep as a template").click()
    expect(page.get_by_text("Kept as a template: Core.")).to_be_visible()
    other = factories.patient("Other P.")
    factories.link(other, cast.lee, "therapist", discipline="pt")
    page.goto(reverse("program-edit", args=[other.code]))
    page.get_by_role("link", name="Start from another plan").click()
    page.get_by_role("link", name="Core").click()
    assert names(page) == ["Plank"]


def test_axe_finds_nothing_in_what_opens(cast, open_page: Open, watch):
    load_catalogue()
    watch.expected.add(422)
    cast.patient.body_areas = ["left_foot", "back"]
    cast.patient.save()
    page, found = open_page(user=cast.lee), []
    page.goto(reverse("program-edit", args=[cast.patient.code]))
    for text in ("squat", "towel rub"):
        search_box(page).fill(text)
        search_box(page).press("Enter")
        expect(page.locator("#rows li")).to_have_count(1 if text == "squat" else 2)
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
    page.get_by_role("button", name="Start with all nine, soft to rough").click()
    for choice in ("each area", "a smaller plan", "keeping up", "On another day"):
        page.get_by_label(choice).check()
    page.get_by_role("button", name="Take out: Towel rub").click()
    search_box(page).fill("plank")
    expect(page.locator("#found button").first).to_be_visible()
    found += in_every_look(page, "opened")
    page.get_by_role("button", name="Save the program").click()
    expect(page.get_by_text("Please look at the marked boxes.")).to_be_visible()
    found += in_every_look(page, "with errors")
    for choice in ("all areas together", "the same plan in small pieces", "active", "Today,"):
        page.get_by_label(choice).check()
    page.get_by_role("button", name="See it as the teen does").click()
    expect(page.get_by_role("heading", name="As the teen sees it")).to_be_visible()
    found += in_every_look(page, "preview")
    assert found == []
