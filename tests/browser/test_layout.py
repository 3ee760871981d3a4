"""How pages lie on a screen: nothing runs over its edge, a thumb hits its aim, the keyboard gets around."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.conftest import LONG_NAME, stops
from tests.pages import SIGNED_OUT, TEAM

NARROW: ViewportSize = {"width": 320, "height": 640}
# (screen, text size): the narrowest screen, and text twice as large.
SCREENS = ((NARROW, "100%"), (PHONE, "200%"), (DESKTOP, "200%"))
LEAST_TARGET = 48

# The innermost parts that stick out at the right, unless they lie in one that scrolls by itself.
STICKS_OUT = """size => {
  document.documentElement.style.fontSize = size;
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = e => e.getBoundingClientRect().right > width + 1 && !e.closest(".scroll");
  return [...document.querySelectorAll("body *")]
    .filter(e => out(e) && ![...e.children].some(out))
    .slice(0, 4).map(e => Math.round(e.getBoundingClientRect().right) + " " + e.outerHTML.slice(0, 120));
}"""

TARGETS = ".btn, .chip, .nav a, .tabs a, summary, a.day, .form-control, .form-select, .form-check"
# Every target that can be seen, smaller than `least` in one direction. Seven days share the width of a phone.
SMALL_TARGETS = """([targets, least]) => [...document.querySelectorAll(targets)]
  .filter(e => e.checkVisibility())
  .map(e => [e, e.getBoundingClientRect(), e.matches(".day") ? 44 : least])
  .filter(([_e, box, width]) => box.height < least - 0.5 || box.width < width - 0.5)
  .map(([e, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${e.outerHTML.slice(0, 120)}`)"""

FOCUS = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  return {
    what: e.outerHTML.slice(0, 120),
    seen: e.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inMain: e !== document.body && !!e.closest("main, #toast"),
  };
}"""

MOVING = """() => [...document.querySelectorAll("*")].filter(e => {
  const style = getComputedStyle(e);
  return style.animationName !== "none" || style.transitionDuration.split(",").some(t => parseFloat(t) > 0);
}).map(e => e.outerHTML.slice(0, 120))"""


def sideways(page: Page, name: str) -> list[str]:
    found = []
    for size, text in SCREENS:
        page.set_viewport_size(size)
        found += [f"{name} ({size['width']} px, {text}): {html}" for html in page.evaluate(STICKS_OUT, text)]
    return found


def small_targets(page: Page, name: str) -> list[str]:
    page.evaluate("document.documentElement.style.fontSize = ''")
    found = []
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        small = page.evaluate(SMALL_TARGETS, [TARGETS, LEAST_TARGET])
        found += [f"{name} ({size['width']} px): {what}" for what in small]
    return found


@pytest.mark.parametrize("who", sorted(TEAM))
def test_nothing_scrolls_sideways_and_a_thumb_hits_what_it_aims_at(
    cast, people, world, open_page, watch, who
):
    watch.expected |= {403, 404, 405}
    cast.patient.name = LONG_NAME
    cast.patient.save()
    page, outside, small = open_page(user=people[who]), [], []
    for name, url in stops(cast, world, who):
        page.goto(url)
        page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(e => { e.open = true })")
        outside += sideways(page, name)
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        small += small_targets(page, name)
    assert outside == []
    assert small == []


def test_nothing_scrolls_sideways_signed_out(cast, open_page, watch):
    watch.expected |= {401, 403, 404}
    page, found = open_page(), []
    for name, args in SIGNED_OUT.items():
        page.goto(reverse(name, args=args))
        found += sideways(page, name)
    assert found == []


def test_the_keyboard_logs_and_keeps_its_place(cast, open_page):
    page = open_page(user=cast.maya)
    page.goto(reverse("today"))
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["what"].startswith('<a class="skip"')
    done = page.get_by_role("button", name="Done")
    for _ in range(30):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["seen"], focus
        if done.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#toast")).to_contain_text("saved")
    expect(page.locator("main:focus, main :focus, #toast :focus")).to_have_count(1)
    assert cast.patient.sessions.get().source == "tap"
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["inMain"], page.evaluate(FOCUS)


def test_the_skip_link_leads_into_the_page(cast, open_page):
    page = open_page("desktop", user=cast.maya)
    page.goto(reverse("today"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["inMain"]


def test_escape_closes_a_menu_and_gives_the_focus_back(cast, world, open_page):
    page = open_page(user=cast.maya)
    page.goto(reverse("today"))
    menu = page.locator("details.menu").first
    menu.locator("summary").press("Enter")
    expect(menu.get_by_role("link", name="Correct")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Correct")).to_be_hidden()
    assert "<summary" in page.evaluate(FOCUS)["what"]


def test_nothing_moves_for_whoever_asked_for_that(cast, world, open_page):
    page = open_page(user=cast.maya)
    page.goto(reverse("today") + f"?saved={world.session.client_id}")
    expect(page.locator(".toast")).to_be_visible()
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING) != []


@pytest.mark.parametrize(
    ("who", "name"), [("teen", "history"), ("therapist", "patient"), ("parent", "program")]
)
def test_paper_shows_the_page_and_nothing_to_press(cast, people, world, open_page, who, name):
    page = open_page(user=people[who])
    page.goto(dict(stops(cast, world, who))[name])
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    for control in ("nav.nav", ".demo-banner", ".btn", "form"):
        assert page.locator(control).filter(visible=True).count() == 0, control
