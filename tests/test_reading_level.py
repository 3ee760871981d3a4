"""The pages to read are for a sixth-grader. The measure is a library's (Flesch–Kincaid grade, by textstat).

Nothing on a page is left out: no word, no heading, no source, and not the name of the illness. A heading and
an item of a list each end a sentence, as they do for a reader.
"""

import re
from html import unescape

import pytest
import textstat
from django.test import Client
from django.urls import reverse

from exercises import learn

GRADE = 6.9
LONGEST = 25
# What ends where its element ends, full stop or not.
BLOCKS = r"</(?:h1|h2|h3|p|li|dt|dd|summary)>|<small\b"
HARD = (
    "Multimodal rehabilitation necessitates simultaneous physiotherapeutic intervention and psychological "
    "evaluation. Individuals experiencing hypersensitivity should participate in progressive desensitization."
)


def plain(html):
    """The words of an element, each block with its full stop."""
    ended = re.sub(BLOCKS, lambda found: f". {found[0]}", html)
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", ended)).split())
    return re.sub(r"\s+([.,:;!?])", r"\1", re.sub(r"([.:!?”]|…)(\s*\.)+", r"\1", words))


def main_of(client, url):
    page = client.get(url).text
    return page[page.index("<main") : page.index("</main>")]


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?:])[”\s]+", text) if part]


@pytest.fixture
def text(db, request):
    return plain(main_of(Client(), reverse("learn-page", args=[request.param])))


SLUGS = [page.slug for page in learn.PAGES]


@pytest.mark.parametrize("text", SLUGS, indirect=True)
def test_a_page_reads_at_grade_six(text):
    assert textstat.flesch_kincaid_grade(text) <= GRADE, text


@pytest.mark.parametrize("slug", SLUGS)
def test_so_do_its_paragraphs_without_the_short_items_between_them(db, slug):
    """Lists and headings make a page easy on average; the prose has to be easy by itself."""
    html = main_of(Client(), reverse("learn-page", args=[slug])).partition('id="sources"')[0]
    prose = " ".join(plain(part) for part in re.findall(r"<p[ >].*?</p>", html, re.S))
    assert textstat.flesch_kincaid_grade(prose) <= GRADE, prose


@pytest.mark.parametrize("text", SLUGS, indirect=True)
def test_no_sentence_is_long(text):
    assert len(sentences(text)) > 10
    for sentence in sentences(text):
        assert len(sentence.split()) <= LONGEST, sentence


def test_so_does_the_list_of_them(db):
    assert textstat.flesch_kincaid_grade(plain(main_of(Client(), reverse("learn")))) <= GRADE


def test_the_measure_can_fail():
    assert textstat.flesch_kincaid_grade(HARD) > 10
    assert max(len(sentence.split()) for sentence in sentences("one two. " + "word " * 30 + ".")) > LONGEST


def test_every_block_ends_a_sentence():
    html = "<h2>Why</h2><p>It &amp; they: <b>yes</b>.</p><ul><li>One</li><li>“Two?”</li></ul>"
    assert plain(html) == "Why. It & they: yes. One. “Two?”"
