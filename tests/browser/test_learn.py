"""The pages to read, each of them: axe in both schemes, nothing sideways, and what paper shows."""

from django.urls import reverse

from exercises import learn
from tests.browser.test_axe import in_every_look
from tests.browser.test_layout import sideways, small_targets


def test_every_page_to_read(cast, open_page):
    page, found = open_page(), []
    for slug in learn.BY_SLUG:
        page.goto(reverse("learn-page", args=[slug]))
        page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")
        found += in_every_look(page, slug)
        found += sideways(page, slug)
        found += small_targets(page, slug)
    assert found == []


def test_paper_shows_the_words_and_their_sources(cast, open_page):
    page = open_page()
    page.goto(reverse("learn-page", args=["for-parents"]))
    page.emulate_media(media="print")
    assert page.get_by_text("Always ask about these").is_visible()
    assert page.locator("#sources").is_visible()
    assert not page.get_by_text("More to read").is_visible()
