"""What one record holds stands in nobody else's page; what is kept from some of a team, in none of theirs."""

import pytest
from django.urls import reverse

from tests import factories
from tests.conftest import signed_in
from tests.pages import PAGES, SIGNED_IN, url_of
from tests.worlds import furnish

READABLE = [name for name, (get, _post) in PAGES.items() if get]


@pytest.fixture
def worlds(cast):
    own = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    other = furnish(cast.other, cast.noor, cast.omar, cast.kim, "noor")
    return own, other


def bodies(cast, world, user):
    """Every page that a person can open, as text with headers."""
    client = signed_in(user)
    for url in [reverse(name) for name in SIGNED_IN] + [url_of(cast, world, name) for name in READABLE]:
        response = client.get(url, follow=True)
        yield url, response.content.decode() + str(response.headers)


@pytest.mark.parametrize("who", ["maya", "dana", "lee"])
def test_nothing_of_another_record_is_anywhere(cast, worlds, who):
    own, other = worlds
    for url, body in bodies(cast, own, getattr(cast, who)):
        assert other.word not in body, url
        assert str(cast.other.code) not in body, url


def test_the_canaries_are_alive(cast, worlds):
    """The same pages do show them to those they belong to; else the test above could not fail."""
    own, _other = worlds
    for who, words in {
        "maya": ["Name", "Own", "Technique", "Words", "Load", "Note", "Question", "Goal", "Private"],
        "dana": ["Name", "Own", "Words", "Load", "Goal"],
        "lee": ["Name", "Own", "Technique", "Words", "Load", "Note", "Question", "Goal", "Private"],
    }.items():
        text = "".join(body for _url, body in bodies(cast, own, getattr(cast, who)))
        for word in words:
            assert f"{word} {own.word}" in text, f"{who} should see {word}"


def test_a_parent_sees_nothing_that_is_kept_from_parents(cast, worlds):
    own, _other = worlds
    for url, body in bodies(cast, own, cast.dana):
        for hidden in ("Technique", "Note", "Question", "Private"):
            assert f"{hidden} {own.word}" not in body, f"{hidden} on {url}"


def test_a_parent_of_a_child_without_an_account_sees_all(cast, worlds):
    own, _other = worlds
    cast.patient.team.filter(user=cast.maya).delete()
    text = "".join(body for _url, body in bodies(cast, own, cast.dana))
    for word in ("Technique", "Note", "Question", "Private"):
        assert f"{word} {own.word}" in text


def test_a_therapist_does_not_read_what_is_addressed_to_another_discipline(cast, worlds):
    own, _other = worlds
    own.note.to = "psychology"
    own.note.save()
    own.question.to = "psychology"
    own.question.save()
    psychologist = factories.user("psy", is_clinician=True)
    factories.link(cast.patient, psychologist, "therapist", discipline="psychology")
    for user, reads in ((cast.lee, False), (psychologist, True)):
        text = "".join(body for _url, body in bodies(cast, own, user))
        assert (f"Note {own.word}" in text) is reads
        assert (f"Question {own.word}" in text) is reads
