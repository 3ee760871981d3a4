"""What one record holds stands in nobody else's page; what is kept from some of a team, in none of theirs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exercises.models import BreakGlass
from exercises.session_keys import SEEING_AS, SHARED_DEVICE
from tests import factories
from tests.conftest import signed_in
from tests.pages import PAGES, SIGNED_IN, url_of
from tests.worlds import furnish

CLOSED = "Closed on a shared device. Open it on your own phone."
# Of a goal that parents may read, and of one that they may not.
GOAL, PRIVATE = ("Goal", "Sign", "Step"), ("Private", "Private sign", "Private step")
# What the teen writes for a therapist.
WORDS = ("Note", "Question", "Intention")
READABLE = [name for name, (get, _post) in PAGES.items() if get]


@pytest.fixture
def worlds(cast):
    own = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    other = furnish(cast.other, cast.noor, cast.omar, cast.kim, "noor")
    return own, other


def bodies(cast, world, user, **session):
    """Every page that a person can open, as text with headers. ``session``: what else the sign-in keeps."""
    client = signed_in(user)
    kept = client.session
    kept.update(session)
    kept.save()
    for url in [reverse(name) for name in SIGNED_IN] + [url_of(cast, world, name) for name in READABLE]:
        response = client.get(url, follow=True)
        yield url, response.content.decode() + str(response.headers)


@pytest.mark.parametrize("who", ["maya", "dana", "lee"])
def test_row_03_nothing_of_another_record_is_anywhere(cast, worlds, who):
    own, other = worlds
    for url, body in bodies(cast, own, getattr(cast, who)):
        assert other.word not in body, url
        assert str(cast.other.code) not in body, url


def test_the_canaries_are_alive(cast, worlds):
    """The same pages do show them to those they belong to; else the test above could not fail."""
    own, _other = worlds
    for who, words in {
        "maya": [
            "Name",
            "Own",
            "Technique",
            "Words",
            "Load",
            "Note",
            "Question",
            "Intention",
            *GOAL,
            *PRIVATE,
        ],
        "dana": ["Name", "Own", "Words", "Load", *GOAL],
        "lee": [
            "Name",
            "Own",
            "Technique",
            "Words",
            "Load",
            "Note",
            "Question",
            "Intention",
            *GOAL,
            *PRIVATE,
        ],
    }.items():
        text = "".join(body for _url, body in bodies(cast, own, getattr(cast, who)))
        for word in words:
            assert f"{word} {own.word}" in text, f"{who} should see {word}"


def test_a_parent_sees_nothing_that_is_kept_from_parents(cast, worlds):
    own, _other = worlds
    for url, body in bodies(cast, own, cast.dana):
        for hidden in ("Technique", *WORDS, *PRIVATE):
            assert f"{hidden} {own.word}" not in body, f"{hidden} on {url}"


def test_a_parent_of_a_child_without_an_account_sees_all(cast, worlds):
    own, _other = worlds
    cast.patient.team.filter(user=cast.maya).delete()
    text = "".join(body for _url, body in bodies(cast, own, cast.dana))
    for word in ("Technique", *WORDS, *PRIVATE):
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


def test_on_a_shared_device_what_is_for_the_teens_eyes_is_closed(cast, worlds):
    own, _other = worlds
    text = ""
    for url, body in bodies(cast, own, cast.maya, **{SHARED_DEVICE: True}):
        text += body
        for hidden in (*WORDS, *PRIVATE):
            assert f"{hidden} {own.word}" not in body, f"{hidden} on {url}"
    for word in (*GOAL, "Technique", "Words"):
        assert f"{word} {own.word}" in text


@pytest.mark.parametrize("name", ["day", "words", "function", "goals", "patient", "export"])
def test_a_closed_box_says_so(cast, worlds, name):
    own, _other = worlds
    url = url_of(cast, own, name)
    shared = dict(bodies(cast, own, cast.maya, **{SHARED_DEVICE: True}))
    assert CLOSED in shared[url]
    for user in (cast.maya, cast.dana, cast.lee):
        assert CLOSED not in dict(bodies(cast, own, user))[url]


def test_a_box_is_closed_even_when_it_is_empty(cast, teen):
    """Else an open box would tell that there is nothing in it, and a closed one that there is."""
    kept = teen.session
    kept[SHARED_DEVICE] = True
    kept.save()
    day = cast.patient.today() - timedelta(days=30)
    for name, *more in (("day", day.isoformat()), ("words",), ("function",), ("goals",), ("patient",)):
        assert CLOSED in teen.get(reverse(name, args=[cast.patient.code, *more])).text, name


@pytest.mark.parametrize(
    ("of", "hidden", "shown"),
    [
        ("dana", ("Technique", *WORDS, *PRIVATE, "Parents own"), (*GOAL, "Words")),
        ("lee", ("Parents own",), ("Technique", *WORDS, *PRIVATE, *GOAL)),
    ],
)
def test_borrowed_eyes_see_no_more_than_their_owner_and_no_words_of_others(cast, worlds, of, hidden, shown):
    own, _other = worlds
    ask = reverse("question-new", args=[cast.patient.code])
    asked = signed_in(cast.dana).post(ask, {"text": f"Parents own {own.word}", "to": ""})
    assert asked.status_code == 302
    link = cast.patient.team.get(user=getattr(cast, of))
    client = signed_in(cast.maya)
    kept = client.session
    kept[SEEING_AS] = [str(cast.patient.code), link.pk]
    kept.save()
    text = "".join(client.get(url_of(cast, own, name)).text for name in READABLE if name != "export")
    for word in hidden:
        assert f"{word} {own.word}" not in text, word
    for word in shown:
        assert f"{word} {own.word}" in text, word


CHEERS = ("Parents cheer", "Therapists cheer")


def cheers_in(cast, world, user, **session):
    """Which of the two are on any page of somebody."""
    pages = list(bodies(cast, world, user, **session))
    return [cheer for cheer in CHEERS if any(f"{cheer} {world.word}" in body for _url, body in pages)]


def test_a_cheer_is_the_teens_and_its_senders(cast, worlds):
    own, _other = worlds
    assert cheers_in(cast, own, cast.maya) == [*CHEERS]
    assert cheers_in(cast, own, cast.dana) == ["Parents cheer"]
    assert cheers_in(cast, own, cast.lee) == ["Therapists cheer"]
    factories.link(cast.patient, cast.sam, "parent")
    assert cheers_in(cast, own, cast.sam) == []
    cast.patient.team.filter(user=cast.maya).delete()
    assert cheers_in(cast, own, cast.dana) == [*CHEERS]


def test_behind_glass_and_through_borrowed_eyes_there_is_no_cheer(cast, worlds):
    own, _other = worlds
    glass = factories.user("glass", is_staff=True)
    until = timezone.now() + timedelta(hours=1)
    BreakGlass.objects.create(patient=cast.patient, user=glass, reason="The family called.", until=until)
    page = signed_in(glass).get(url_of(cast, own, "cheers")).text
    assert "Cheers stay closed for an administrator." in page
    eyes = [
        signed_in_with_eyes(cast, user).get(url_of(cast, own, "cheers")).text
        for user in (cast.dana, cast.lee)
    ]
    assert not [cheer for cheer in CHEERS for text in (page, *eyes) if f"{cheer} {own.word}" in text]


def signed_in_with_eyes(cast, user):
    client = signed_in(cast.maya)
    kept = client.session
    kept[SEEING_AS] = [str(cast.patient.code), cast.patient.team.get(user=user).pk]
    kept.save()
    return client
