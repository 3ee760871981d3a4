""" "What my parent sees": a teen borrows the eyes of a member of the team, for reading only."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exercises import access
from exercises.models import DailyLog, Question, TherapySession
from exercises.session_keys import SEEING_AS, SHARED_DEVICE
from tests import factories
from tests.conftest import signed_in
from tests.pages import readable, url_of
from tests.worlds import furnish, rows

WORDS = [
    "Name",
    "Own",
    "Technique",
    "Words",
    "Load",
    "Slot",
    "Note",
    "Question",
    "Goal",
    "Step",
    "Private",
    "Private step",
    "Parents",
]
HIDDEN_FROM_PARENTS = ["Technique", "Slot", "Note", "Question", "Private", "Private step", "Parents"]


@pytest.fixture
def world(cast):
    world = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    Question.objects.create(
        patient=cast.patient,
        day=cast.patient.today(),
        author=cast.dana,
        entered_as="parent",
        text=f"Parents {world.word}",
    )
    return world


def look_as(client, patient, user):
    link = patient.team.active().get(user=user)
    return client.post(reverse("team-preview", args=[patient.code]), {"member": link.pk})


def pages(cast, world, client, role):
    """Each page that somebody in a role may open, as it answers this client."""
    for name in readable(role):
        yield name, client.get(url_of(cast, world, name))


def shown(world, html):
    return {word for word in WORDS if f"{word} {world.word}" in html}


def main_of(html):
    return html[html.index("<main") : html.index("</main>")]


def forms_of_the_record(html):
    return re.findall(r'<form[^>]*method="post"[^>]*action="(/patients/[^"]*)"', html) + re.findall(
        r'<form[^>]*action="(/patients/[^"]*)"[^>]*method="post"', html
    )


def test_it_begins_on_the_patients_page_and_says_whose_eyes(cast, teen, world):
    response = look_as(teen, cast.patient, cast.dana)
    assert response.headers["Location"] == reverse("patient", args=[cast.patient.code])
    html = teen.get(response.headers["Location"]).content.decode()
    assert "You see what dana sees." in html
    assert "Back to my own view" in html


@pytest.mark.parametrize(("who", "role"), [("dana", "parent"), ("lee", "therapist")])
def test_every_page_is_the_members_without_anything_to_send(cast, teen, world, who, role):
    member = getattr(cast, who)
    theirs = {name: page.content.decode() for name, page in pages(cast, world, signed_in(member), role)}
    look_as(teen, cast.patient, member)
    opened = set()
    for name, page in pages(cast, world, teen, role):
        html = page.content.decode()
        assert page.status_code in (200, 403), name
        assert f"You see what {who} sees." in html, name
        if page.status_code == 403:
            continue
        opened.add(name)
        assert set(forms_of_the_record(html)) == {reverse("team-preview", args=[cast.patient.code])}, name
        # What a member wrote for themself is theirs: it is not the teen's to read.
        assert shown(world, main_of(html)) == shown(world, main_of(theirs[name])) - {"Parents"}, name
    assert {"patient", "day", "history", "program", "function", "words", "team", "days-off"} <= opened


def test_nothing_that_is_hidden_from_parents_is_shown(cast, teen, world):
    DailyLog.objects.filter(patient=cast.patient).update(added_later=1)
    look_as(teen, cast.patient, cast.dana)
    for name, page in pages(cast, world, teen, "teen"):
        html = page.content.decode()
        assert not shown(world, html) & set(HIDDEN_FROM_PARENTS), name
        if page.status_code == 200 and name not in ("looked", "team"):
            assert "added later" not in html.lower(), name
            assert not re.search(r"<time[^>]*>\s*\d", html), name


def test_the_own_pages_do_show_it(cast, teen, world):
    """The same walk without borrowed eyes: else the test above could not fail."""
    text = "".join(page.content.decode() for _name, page in pages(cast, world, teen, "teen"))
    assert shown(world, text) >= {"Technique", "Note", "Question", "Private"}


def test_a_question_for_another_discipline_is_not_the_therapists(cast, teen, world):
    psychologist = factories.user("psy", is_clinician=True)
    factories.link(cast.patient, psychologist, "therapist", discipline="psychology")
    world.question.to = "psychology"
    world.question.save()
    address = reverse("words", args=[cast.patient.code])
    for member, reads in ((cast.lee, False), (psychologist, True)):
        look_as(teen, cast.patient, member)
        assert ("Question" in shown(world, teen.get(address).content.decode())) is reads


def test_what_is_sent_is_sent_as_the_teen(cast, teen, world):
    look_as(teen, cast.patient, cast.dana)
    sent = {
        "id": "6f1f4d3e-6c0f-4f43-8c52-8a6b3f6d1a11",
        "day": cast.patient.today().isoformat(),
        "strand": "cardio",
        "minutes": "15",
    }
    teen.post(reverse("sessions", args=[cast.patient.code]), sent)
    session = TherapySession.objects.get(client_id=sent["id"])
    assert (session.entered_by, session.entered_as) == (cast.maya, "patient")
    address = reverse("day", args=[cast.patient.code, sent["day"]])
    teen.post(address, {"harder": "yes", "school": "all"})
    assert DailyLog.objects.get(patient=cast.patient, day=sent["day"]).school == "all"


def test_looking_with_borrowed_eyes_writes_nothing(cast, teen, world):
    before = rows()
    look_as(teen, cast.patient, cast.lee)
    for _name, _page in pages(cast, world, teen, "therapist"):
        pass
    assert rows() == before


def test_it_ends_when_asked_to(cast, teen, world):
    look_as(teen, cast.patient, cast.dana)
    address = reverse("team-preview", args=[cast.patient.code])
    assert teen.post(address).headers["Location"] == reverse("team", args=[cast.patient.code])
    html = teen.get(reverse("words", args=[cast.patient.code])).content.decode()
    assert "You see what" not in html
    assert {"Note", "Question"} <= shown(world, html)


def test_today_is_always_ones_own_and_ends_it(cast, teen, world):
    look_as(teen, cast.patient, cast.dana)
    html = teen.get(reverse("today")).content.decode()
    assert "You see what" not in html
    assert SEEING_AS not in teen.session
    assert "You see what" not in teen.get(reverse("patient", args=[cast.patient.code])).content.decode()


def test_it_ends_with_the_members_link(cast, teen, world):
    look_as(teen, cast.patient, cast.dana)
    cast.patient.team.filter(user=cast.dana).update(until=timezone.now())
    html = teen.get(reverse("patient", args=[cast.patient.code])).content.decode()
    assert "You see what" not in html


def test_a_refusal_says_why(cast, teen, world):
    look_as(teen, cast.patient, cast.dana)
    page = teen.get(reverse("note-new", args=[cast.patient.code]))
    assert page.status_code == 403
    assert "Back to my own view" in page.content.decode()
    assert "you can look, not do" in page.content.decode()


def test_no_link_leads_to_a_refusal(cast, teen, world):
    for member, role in ((cast.dana, "parent"), (cast.lee, "therapist")):
        look_as(teen, cast.patient, member)
        for name, page in pages(cast, world, teen, role):
            if page.status_code != 200:
                continue
            for address in set(re.findall(r'<a[^>]*href="(/patients/[^"#]*)', page.content.decode())):
                assert teen.get(address.replace("&amp;", "&")).status_code == 200, (name, address)


@pytest.mark.parametrize("whose", ["own", "ended", "deactivated", "foreign", "unknown", "x", "0", "-1"])
def test_whose_eyes_cannot_be_borrowed(cast, teen, whose):
    someone = factories.user("someone", is_active=whose != "deactivated")
    ended = timezone.now() - timedelta(days=1) if whose == "ended" else None
    link = factories.link(cast.patient, someone, "parent", until=ended)
    known = {
        "own": cast.patient.team.get(user=cast.maya),
        "ended": link,
        "deactivated": link,
        "foreign": cast.other.team.get(user=cast.omar),
    }
    member = known[whose].pk if whose in known else {"unknown": 999_999}.get(whose, whose)
    response = teen.post(reverse("team-preview", args=[cast.patient.code]), {"member": member})
    assert response.status_code == 404
    assert SEEING_AS not in teen.session


def test_a_forged_session_value_borrows_nothing_of_another_record(cast, teen, world):
    session = teen.session
    session[SEEING_AS] = [str(cast.patient.code), cast.other.team.get(user=cast.omar).pk]
    session.save()
    html = teen.get(reverse("words", args=[cast.patient.code])).content.decode()
    assert "You see what" not in html


@pytest.mark.parametrize("who", ["parent", "therapist"])
def test_others_do_not_borrow_eyes(request, cast, who):
    client = request.getfixturevalue(who)
    assert look_as(client, cast.patient, cast.maya).status_code == 403
    html = client.get(reverse("team", args=[cast.patient.code])).content.decode()
    assert "See what" not in html


def test_a_younger_childs_parent_may_look_as_the_therapist(cast, parent):
    cast.patient.team.filter(user=cast.maya).delete()
    assert look_as(parent, cast.patient, cast.lee).status_code == 302
    html = parent.get(reverse("patient", args=[cast.patient.code])).content.decode()
    assert "You see what lee sees." in html


def test_a_shared_device_stays_closed_under_borrowed_eyes(cast, teen, world):
    session = teen.session
    session[SHARED_DEVICE] = True
    session.save()
    look_as(teen, cast.patient, cast.lee)
    text = "".join(page.content.decode() for _name, page in pages(cast, world, teen, "therapist"))
    assert not shown(world, text) & {"Note", "Question", "Private"}


def test_two_queries_more_than_ones_own_page(cast, teen, world, django_assert_num_queries):
    """The link whose eyes they are; the roles for the navigation."""
    address = reverse("program", args=[cast.patient.code])
    with django_assert_num_queries(5):
        teen.get(address)
    look_as(teen, cast.patient, cast.dana)
    with django_assert_num_queries(7):
        teen.get(address)


def test_what_borrowed_eyes_may_do_is_only_reading(cast):
    viewer = factories.viewer(cast.patient, cast.maya)
    for user in (cast.dana, cast.lee):
        borrowed = access.with_eyes_of(viewer, cast.patient.team.get(user=user))
        assert borrowed.rights <= access.READING
        assert borrowed.rights <= factories.viewer(cast.patient, user).rights
        assert borrowed.user == cast.maya
