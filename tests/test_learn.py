"""The pages to read: open to everybody, each with its sources and the way to when to call."""

import re

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from exercises import learn
from exercises.guideline import SOURCE
from exercises.services import invitations
from tests import factories
from tests.conftest import signed_in
from tests.pages import url_of
from tests.test_no_pain_score import SCORES, SHAMING
from tests.test_reading_level import SLUGS, main_of, plain
from tests.worlds import rows

PAGES = settings.BASE_DIR / "templates" / "learn" / "pages"
WHEN = "when-to-call"


def url(slug):
    return reverse("learn-page", args=[slug])


def link(slug):
    return f'href="{url(slug)}"'


def test_every_page_has_its_words_and_every_text_its_page():
    assert SLUGS == [
        "what-amps-is",
        "why-moving-helps",
        "the-parts",
        "no-pain-score",
        "for-parents",
        "school",
        "sleep",
        "stress",
        "the-team",
        WHEN,
    ]
    assert {path.stem for path in PAGES.iterdir()} == set(SLUGS)


@pytest.mark.parametrize("who", ["maya", "dana", "lee", "sam", None])
def test_everybody_reads_them_and_nothing_is_kept(cast, who):
    client = signed_in(getattr(cast, who)) if who else Client()
    before = rows()
    index = client.get(reverse("learn"))
    assert index.status_code == 200
    for page in learn.PAGES:
        assert link(page.slug) in index.text
        answer = client.get(url(page.slug))
        assert answer.status_code == 200
        assert f"<h1>{page.title}</h1>" in answer.text
    assert rows() == before


@pytest.mark.parametrize("slug", ["nothing", "learn", "WHEN-TO-CALL", "page", "..%2Flearn"])
def test_an_unknown_page(db, slug):
    assert Client().get(f"/learn/{slug}/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_they_are_only_read(db, method):
    for address in (reverse("learn"), url(WHEN)):
        assert getattr(Client(), method)(address).status_code == 405


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_says_where_it_comes_from_and_when_to_call(db, slug):
    html = main_of(Client(), url(slug))
    sources = plain(html[html.index('id="sources"') - 20 : html.index("<details")])
    page = learn.BY_SLUG[slug]
    assert page.sources
    for source in page.sources:
        assert str(source).rstrip(".") in sources
    assert set(page.sources) <= {SOURCE, learn.OVERVIEW, learn.PRACTICE}
    words = html.partition('id="sources"')[0]
    assert (link(WHEN) in words) == (slug != WHEN)


@pytest.mark.parametrize("slug", SLUGS)
def test_each_link_leads_to_a_page(db, slug):
    links = set(re.findall(r'href="([^"]+)"', main_of(Client(), url(slug))))
    assert len(links) >= len(SLUGS) - 1
    assert url(slug) not in links
    for address in links:
        assert Client().get(address).status_code == 200, address


@pytest.mark.parametrize("slug", SLUGS)
def test_no_page_shames_rates_or_pushes(db, slug):
    words = plain(main_of(Client(), url(slug)))
    assert not SHAMING.search(words)
    assert not SCORES.search(words)
    for pushing in (
        "do it anyway",
        "push through",
        "work through the pain",
        "no matter how",
        "cure",
        "minutes",
    ):
        assert pushing not in words.lower(), pushing


@pytest.mark.parametrize("slug", SLUGS)
def test_the_tab_names_no_diagnosis(db, slug):
    title = re.search(r"<title>(.*?)</title>", Client().get(url(slug)).text)[1]
    assert title == str(learn.BY_SLUG[slug].title)
    assert not re.search(r"amps|amplified", title, re.I)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_word_can_be_translated(slug):
    said = re.sub(
        r"{% blocktranslate %}.*?{% endblocktranslate %}",
        "",
        (PAGES / f"{slug}.html").read_text(),
        flags=re.S,
    )
    assert re.sub(r"{%.*?%}|<[^>]+>|\s", "", said) == ""


def test_when_to_call_is_the_same_list_as_in_a_record(cast, teen, settings):
    settings.CRISIS_LINE = "116 123"
    words = render_to_string("harder/_when.html", {"crisis_line": "116 123"})
    call = url_of(cast, None, "call")
    assert words in Client().get(url(WHEN)).text
    assert words in teen.get(call).text
    assert link(WHEN) in teen.get(call).text


def test_parents_read_what_to_ask_about_always(db, settings):
    settings.CRISIS_LINE = "116 123"
    words = plain(main_of(Client(), url("for-parents"))).lower()
    for sign in (
        "fever",
        "injury",
        "newly swollen",
        "new weakness",
        "does not eat",
        "great sadness",
        "116 123",
    ):
        assert sign in words, sign


def test_the_pages_name_who_can_help_with_stress(db, settings):
    settings.CRISIS_LINE = "116 123"
    words = plain(main_of(Client(), url("stress")))
    for name in ("not your fault", "counselor", "psychologist", "doctor", "116 123"):
        assert name in words, name


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("calm", ["stress"]),
        ("program", ["why-moving-helps", "the-parts"]),
        ("routine", ["school", "sleep"]),
        ("call", [WHEN]),
    ],
)
def test_they_are_linked_where_they_matter(cast, teen, name, slugs):
    page = teen.get(url_of(cast, None, name)).text
    for slug in slugs:
        assert link(slug) in page, slug


def test_they_are_linked_before_and_beside_a_record(cast, teen, parent):
    start = f'href="{reverse("learn")}"'
    assert start in teen.get(reverse("more")).text
    assert start in Client().get(reverse("account_login")).text
    assert link("for-parents") in parent.get(reverse("family")).text
    assert link("what-amps-is") in Client().get(reverse("join")).text


def test_a_family_that_waits_for_a_diagnosis_can_read(cast):
    child = factories.patient("Ines", told_at=None, opened_as="parent")
    factories.link(child, cast.sam, "parent")
    family = signed_in(cast.sam)
    not_yet = family.get(reverse("begin", args=[child.code]) + "?answer=not-yet").text
    assert link("what-amps-is") in not_yet
    assert link("the-team") in not_yet
    assert f'href="{reverse("learn")}"' in family.get(reverse("program", args=[child.code])).text


def test_who_is_invited_can_read_first(cast):
    viewer = factories.viewer(cast.patient, cast.lee)
    _kept, code = invitations.invite(viewer=viewer, role="parent")
    assert link("what-amps-is") in Client().get(reverse("join-code", args=[code])).text


def test_queries(teen, django_assert_num_queries):
    with django_assert_num_queries(0):
        Client().get(url("stress"))
    teen.get(url("stress"))
    with django_assert_num_queries(3):
        teen.get(url("stress"))
