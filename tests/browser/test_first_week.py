"""The three ways in, each to the end: from the front door to a first week that the whole team sees; and the
codes and open tabs that lead nowhere any more."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from exercises.models import Invitation, Patient, TherapySession
from exercises.queries.invitations import find_open
from exercises.services import invitations
from tests import factories
from tests.browser.conftest import MORNING, Open, Watch, give_code, sign_in
from tests.browser.test_coming_in import be_born, make_account, open_record, start
from tests.worlds import rows

DAYS = 7
WORDS = "The stairs were a mountain."


@contextmanager
def on_day(number: int) -> Iterator[None]:
    """The server's clock on the morning of a later day; the first one is 0."""
    with time_machine.travel(MORNING + timedelta(days=number), tick=True):
        yield


@pytest.fixture
def open_to_all(settings: Any) -> None:
    settings.SIGNUP = "open"


# --- what people do on the way -----------------------------------------------------------------------------


class Card(NamedTuple):
    code: str
    link: str


def card(page: Page, password: str = "") -> Card:
    """What is shown once an invitation was made; with the ``password`` of somebody who came in days ago."""
    page.get_by_role("button", name="Make an invitation").click()
    if password:
        page.get_by_label("Your password").fill(password)
        page.get_by_role("button", name="Go on").click()
    return Card(page.locator(".invitation .code").inner_text(), page.locator("p > .address").inner_text())


def invite(page: Page, role: str, password: str = "") -> Card:
    page.get_by_label(role, exact=True).check()
    return card(page, password)


def type_code(page: Page, code: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="I have a code").click()
    page.get_by_label("Your code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Go on").click()


def join(page: Page, username: str) -> str:
    """From the page of the invitation, with an account made on the way; its password."""
    page.get_by_role("button", name="Make an account").click()
    password = make_account(page, username)
    say_yes(page)
    return password


def say_yes(page: Page, agree: bool = True) -> None:
    if agree:
        page.get_by_label("I have read this page, and I agree.").check()
    page.get_by_role("button", name="Yes, I join").click()


def set_up_code_app(page: Page) -> str:
    """A clinician's second step; the secret of it."""
    page.get_by_role("link", name="Set up a code app").click()
    page.get_by_text("On this phone, or no camera?").click()
    secret: str = page.locator(".secret-key").inner_text()
    give_code(page, secret, "Code from the app", "Turn it on")
    page.get_by_role("link", name="I have kept them").click()
    return secret


def set_program(page: Page) -> None:
    """Nothing typed: the guideline's numbers stay."""
    expect(page.get_by_label("Cardio, minutes a day")).to_have_value("15")
    page.get_by_role("button", name="Save the program").click()


def log_a_week(page: Page, tap: str, behind: str = "") -> None:
    """A tap on the first and on the last morning, ``behind`` what has to be opened for it; between them the
    same request without the page."""
    for number in range(DAYS):
        with on_day(number):
            if 0 < number < DAYS - 1:
                send_bout(page)
                continue
            page.goto("/")
            if behind:
                page.get_by_text(behind).click()
            page.get_by_role("button", name=tap).first.click()
            expect(page.locator("#toast")).to_contain_text("saved")


def send_bout(page: Page) -> None:
    """With the cookie and the token of the page that is open."""
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    day = timezone.now().date().isoformat()
    answer = page.request.post(
        reverse("sessions", args=[Patient.objects.get().code]),
        form={"id": str(uuid4()), "day": day, "strand": "cardio", "minutes": "15"},
        headers={"Accept": "application/json", "X-CSRFToken": token},
    )
    assert answer.status == 201


def week(page: Page) -> dict[str, str]:
    """The days of the first week that a page shows: six with something done, then today."""
    page.locator("main [data-day]").first.wait_for()
    read = "parts => parts.map(part => [part.dataset.day, part.dataset.status])"
    shown = dict(page.locator("main [data-day]").evaluate_all(read))
    days = [(MORNING.date() + timedelta(days=number)).isoformat() for number in range(DAYS)]
    found = {day: shown[day] for day in days if day in shown}
    assert found[days[-1]] == "today"
    assert set(found.values()) == {"partly", "today"}
    return found


def made(cast: SimpleNamespace, role: str = "parent") -> tuple[Invitation, str]:
    """lee's invitation to maya's record."""
    return invitations.invite(viewer=factories.viewer(cast.patient, cast.lee), role=role)


# --- the three ways ----------------------------------------------------------------------------------------


def test_the_clinics_way(db, open_page: Open):
    """Nobody comes without a code here, and the teen gives no address."""
    admin = open_page("desktop", user=factories.user("ada", is_staff=True))
    admin.goto(reverse("more"))
    admin.get_by_role("link", name="Invite a clinician").click()
    clinician = open_page("desktop")
    type_code(clinician, card(admin).code)
    clinician.get_by_role("button", name="Make an account").click()
    password = make_account(clinician, "tess")
    say_yes(clinician, agree=False)
    secret = set_up_code_app(clinician)
    clinician.get_by_role("link", name="Open a record").click()
    clinician.get_by_label("You work in").select_option("pt")
    open_record(clinician, "Name shown", "Kai T.", agree=False)
    set_program(clinician)
    clinician.get_by_role("link", name="Invite somebody").click()
    teens = invite(clinician, "teen")
    clinician.get_by_role("link", name="All open invitations").click()
    parents = invite(clinician, "parent")

    teen = open_page()
    teen.goto(teens.link)
    join(teen, "kai")
    log_a_week(teen, "Done")

    with on_day(DAYS - 1):
        parent = open_page()
        type_code(parent, parents.code)
        join(parent, "bo")
        parent.goto("/")
        at_home = week(parent)
        sign_in(clinician, "tess", password)
        give_code(clinician, secret)
        expect(clinician.get_by_role("row", name="Kai T.")).to_contain_text("today")
        clinician.get_by_role("link", name="Kai T.").click()
        at_the_clinic = week(clinician)
    assert len(at_the_clinic) == DAYS
    assert at_home.items() <= at_the_clinic.items()


def test_a_parents_way_without_script(db, open_to_all, open_page: Open):
    """First "not yet", later yes; then a therapist comes to what is there."""
    parent = open_page(script=False)
    start(parent, "I am a parent")
    password = make_account(parent, "rosa")
    open_record(parent, "What should we call your child?", "Bo")
    parent.get_by_role("link", name="Not yet").click()
    expect(parent.get_by_role("heading", name="First, see a doctor")).to_be_visible()
    parent.goto("/")
    expect(parent.get_by_text("Log for Bo")).to_have_count(0)
    parent.get_by_role("link", name="Begin").click()
    parent.get_by_role("button", name="Yes, and they gave us a program").click()
    set_program(parent)
    log_a_week(parent, "Cardio · 15 min", behind="Log for Bo")

    with on_day(DAYS - 1):
        at_home = week(parent)
        parent.get_by_role("link", name="Care team").click()
        parent.get_by_role("link", name="Invite somebody").click()
        made = invite(parent, "therapist", password)
        therapist = open_page("desktop", user=factories.user("lee", is_clinician=True))
        therapist.goto(made.link)
        say_yes(therapist, agree=False)
        therapist.goto("/")
        therapist.get_by_role("link", name="Bo").click()
        at_the_clinic = week(therapist)
    assert len(at_the_clinic) == DAYS
    assert at_home.items() <= at_the_clinic.items()


def test_a_teens_way(db, open_to_all, open_page: Open):
    teen = open_page()
    start(teen, "I do the program")
    be_born(teen, "10", "2012")
    password = make_account(teen, "ines")
    open_record(teen, "What should we call you?", "Ines")
    teen.get_by_role("button", name="Yes, and they gave us a program").click()
    set_program(teen)
    log_a_week(teen, "Done")

    with on_day(DAYS - 1):
        at_home = week(teen)
        teen.goto(reverse("more"))
        teen.get_by_role("link", name="Notes and questions").click()
        teen.get_by_role("link", name="Write a note").click()
        teen.locator("textarea").fill(WORDS)
        teen.get_by_role("button", name="Save").click()
        expect(teen.get_by_text(WORDS)).to_be_visible()
        teen.goto(reverse("more"))
        teen.get_by_role("link", name="Care team: who is on it, who looked").click()
        teen.get_by_role("link", name="Invite somebody").click()
        parent = open_page()
        type_code(parent, invite(teen, "parent", password).code)
        join(parent, "ada")
        parent.goto("/")
        assert week(parent) == at_home
        parent.get_by_role("link", name="Ines").click()
        parent.get_by_role("link", name="Notes and questions").click()
        expect(parent.get_by_role("heading", name="Questions for the next visit")).to_be_visible()
        expect(parent.get_by_role("heading", name="Notes of the last weeks")).to_have_count(0)
        assert WORDS not in parent.content()


# --- what leads nowhere ------------------------------------------------------------------------------------


def test_a_teen_who_opens_the_parents_link_is_not_made_a_parent(cast, open_page: Open):
    _invitation, code = made(cast)
    before = rows()
    page = open_page(user=cast.maya)
    page.goto(reverse("join-code", args=[code]))
    expect(page.get_by_text("for somebody else")).to_be_visible()
    expect(page.get_by_role("button", name="Yes, I join")).to_have_count(0)
    page.get_by_role("button", name="No thanks").click()
    expect(page.get_by_text("Nothing was changed, and the code still works.")).to_be_visible()
    assert rows() == before
    assert find_open(code)


@pytest.mark.parametrize("how", ["used", "taken back", "too old"])
def test_a_code_that_died_while_its_page_was_open(cast, open_page: Open, watch: Watch, how):
    """The person who reads it says yes, and then sends the code once more from where it is offered."""
    watch.expected.add(404)
    invitation, code = made(cast)
    page = open_page(user=cast.sam)
    page.goto(reverse("join-code", args=[code]))
    page.get_by_label("I have read this page, and I agree.").check()
    if how == "used":
        invitations.accept(user=factories.user("rosa"), invitation=invitation)
    elif how == "taken back":
        therapist = open_page("desktop", user=cast.lee)
        therapist.goto(reverse("invitations", args=[cast.patient.code]))
        therapist.get_by_role("button", name="Take it back").click()
        expect(therapist.get_by_text("The code does not work any more.")).to_be_visible()
    else:
        Invitation.objects.update(expires_at=timezone.now())
    before = rows()
    page.get_by_role("button", name="Yes, I join").click()
    expect(page.get_by_role("heading", name="This code does not work")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="This code does not work")).to_be_visible()
    assert "Maya" not in page.content()
    assert rows() == before


def test_a_therapist_whose_link_ends_can_do_nothing_in_an_open_tab(cast, open_page: Open, watch: Watch):
    watch.expected.add(404)
    tab = open_page("desktop", user=cast.lee)
    tab.goto(reverse("patient-today", args=[cast.patient.code]))
    other = open_page("desktop", user=cast.lee)
    other.goto(reverse("patient", args=[cast.patient.code]))
    parent = open_page(user=cast.dana)
    parent.goto(reverse("team", args=[cast.patient.code]))
    parent.get_by_role("link", name="Take lee off the team").click()
    parent.get_by_role("button", name="Take off the team").click()
    expect(parent.get_by_role("heading", name="Not on the team any more")).to_be_visible()
    tab.get_by_role("button", name="Done").first.click()
    expect(tab.get_by_text("That did not go through.")).to_be_visible()
    # htmx tells the console of every answer that it does not show.
    assert [fault for fault in watch.faults if "Error Code 404" not in fault] == []
    watch.faults.clear()
    assert not TherapySession.objects.exists()
    other.get_by_role("link", name="Weeks").click()
    expect(other.get_by_role("heading", name="Nothing here")).to_be_visible()
    other.get_by_role("link", name="Back to the start").click()
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    assert "Maya" not in other.content()
