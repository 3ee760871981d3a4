"""No violation of WCAG 2.2, levels A and AA, that axe can find: every page, each role, light and dark."""

import json
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import OperationalError
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize

from exercises.views import home
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import stops
from tests.pages import SIGNED_OUT, TEAM, url_of

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPTIONS = {"runOnly": TAGS, "resultTypes": ["violations"]}
LOOKS: tuple[tuple[Any, ViewportSize], ...] = (
    ("light", PHONE),
    ("dark", DESKTOP),
    ("dark", PHONE),
    ("light", DESKTOP),
)
# Past the homes, the sizes differ in where the same colours stand: one size for each scheme covers a page.
EACH_SCHEME = LOOKS[:2]
axe = Axe()


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands: each rule with the elements that break it."""
    found = page.evaluate(f"axe.run(document, {json.dumps(OPTIONS)})")["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def in_every_look(page: Page, name: str) -> list[str]:
    """The same page, light and dark, on a phone and on a desktop."""
    page.evaluate(axe.axe_script)
    found = []
    for scheme, size in LOOKS if name == "home" else EACH_SCHEME:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        found += [f"{name} ({scheme}, {size['width']}): {text}" for text in violations(page)]
    return found


def test_axe_finds_what_is_wrong(open_page):
    """The control: without it, an empty list could mean that nothing was looked at."""
    page = open_page()
    page.goto(reverse("account_login"))
    page.evaluate("document.querySelector('h1').style.color = '#aaa'")
    page.evaluate("document.querySelector('label').remove()")
    found = in_every_look(page, "spoiled")
    assert {rule for rule in ("color-contrast", "label") if any(f": {rule}:" in text for text in found)} == {
        "color-contrast",
        "label",
    }


@pytest.mark.parametrize("who", sorted(TEAM))
def test_every_page_of_a_role(cast, people, world, open_page, watch, who):
    watch.expected |= {403, 404, 405}
    page, found = open_page(user=people[who]), []
    for name, url in stops(cast, world, who):
        page.goto(url)
        found += in_every_look(page, name)
    assert found == []


def test_the_pages_of_somebody_signed_out(cast, open_page, watch):
    watch.expected |= {401, 403, 404}
    page, found = open_page(), []
    for name, args in SIGNED_OUT.items():
        page.goto(reverse(name, args=args))
        found += in_every_look(page, name)
    page.goto(reverse("account_login"))
    page.get_by_label("Username or e-mail").fill("maya")
    page.get_by_label("Password").fill("not it")
    page.get_by_role("button", name="Sign in").click()
    found += in_every_look(page, "a wrong password")
    assert found == []


def test_what_stands_between_the_pages(cast, world, open_page, watch):
    """What opens on a page, the question before a second tap, and forms with their errors."""
    watch.expected.add(422)
    page, found = open_page(user=cast.maya), []
    page.goto(reverse("today"))
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(e => { e.open = true })")
    page.locator("details.menu > summary").last.click()
    found += in_every_look(page, "opened")
    page.get_by_role("button", name="Log Desensitization, 5 min").click()
    page.get_by_role("heading", name="Same again?").wait_for()
    found += in_every_look(page, "same again")
    for name, button in (("session-new", "Save"), ("note-new", "Save"), ("grid", "Save")):
        page.goto(url_of(cast, world, name))
        page.evaluate("document.querySelectorAll('[required]').forEach(e => { e.required = false })")
        page.get_by_role("button", name=button).click()
        page.locator(".is-invalid, .alert-danger").first.wait_for()
        found += in_every_look(page, f"{name} refused")
    assert found == []


def test_a_first_day_and_an_empty_caseload(cast, open_page):
    cast.patient.programs.all().delete()
    cast.patient.team.filter(user=cast.lee).delete()
    found = []
    for user in (cast.maya, cast.lee, cast.sam):
        page = open_page(user=user)
        page.goto("/")
        found += in_every_look(page, "home")
    assert found == []


@pytest.mark.parametrize(("error", "status"), [(ValueError, 500), (OperationalError, 503)])
def test_when_something_breaks(open_page, watch, monkeypatch, error, status):
    def fails(**_kwargs: Any) -> None:
        raise error

    watch.expected = {200, status}
    monkeypatch.setattr(home, "connection", type("Broken", (), {"cursor": fails}))
    page = open_page()
    answer = page.goto(reverse("healthz"))
    assert answer is not None
    assert answer.status == status
    assert in_every_look(page, str(status)) == []
