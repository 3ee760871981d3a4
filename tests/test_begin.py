"""Nothing is asked before a family says that somebody told them it is AMPS."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from exercises.models import Change, Patient
from tests import factories
from tests.conftest import signed_in
from tests.test_program_edit import typed
from tests.worlds import rows

AMPS = {"told": "yes"}


@pytest.fixture
def waiting(cast):
    """Opened by a family, with a catalogue there is something to hide from."""
    patient = factories.patient("Ines", told_at=None, opened_as="parent")
    factories.link(patient, cast.sam, "parent")
    factories.activity("Kanarie hop")
    return patient


@pytest.fixture
def family(cast, waiting):
    return signed_in(cast.sam)


@pytest.fixture
def teen_of_it(waiting):
    teen = factories.user("ines")
    factories.link(waiting, teen, "patient")
    return signed_in(teen)


def url(patient, name="begin", *args):
    return reverse(name, args=[patient.code, *args])


def text(response):
    return response.content.decode()


def test_the_question_and_both_answers(family, waiting):
    page = text(family.get(url(waiting)))
    assert "Did a doctor or a therapist say that Ines has AMPS?" in page
    assert 'name="told" value="yes"' in page and "?answer=not-yet" in page


def test_yes_begins_and_leads_to_the_guidelines_numbers(family, waiting, cast):
    response = family.post(url(waiting), AMPS)
    assert (response.status_code, response["Location"]) == (302, url(waiting, "program-edit"))
    waiting.refresh_from_db()
    assert waiting.told_at is not None
    change = Change.objects.get(patient=waiting)
    assert (change.subject, change.what, change.by, change.entered_as) == (
        "record",
        "begun",
        cast.sam,
        "parent",
    )
    assert change.after == {"told_at": waiting.told_at.isoformat()}
    editor = text(family.get(response["Location"]))
    for name, value in (("cardio", 15), ("exercises", 30), ("desensitization", 5)):
        assert f'name="{name}" value="{value}"' in editor
    assert "Type what your own sheet says" in editor


@pytest.mark.parametrize("who", ["parent", "teen"])
def test_the_first_program_leads_to_where_it_is_done(family, teen_of_it, waiting, who):
    client = family if who == "parent" else teen_of_it
    client.post(url(waiting), AMPS)
    editor = url(waiting, "program-edit")
    first = client.post(editor, typed(waiting, version=""))
    assert (first.status_code, first["Location"]) == (302, reverse("home"))
    later = client.post(editor, typed(waiting, version="1", cardio="10"))
    assert (later.status_code, later["Location"]) == (302, url(waiting, "program"))


def test_yes_again_changes_nothing(family, waiting):
    family.post(url(waiting), AMPS)
    before = rows()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert family.post(url(waiting), AMPS).status_code == 302
    assert rows() == before


def test_two_at_once_begin_once(family, teen_of_it, waiting):
    family.post(url(waiting), AMPS)
    teen_of_it.post(url(waiting), AMPS)
    assert Change.objects.filter(patient=waiting, what="begun").count() == 1


@pytest.mark.parametrize("data", [{}, {"told": ""}, {"told": "no"}, {"told": "yes\x00"}])
def test_any_other_answer_keeps_waiting(family, waiting, data):
    before = rows()
    response = family.post(url(waiting), data)
    assert response.status_code == 422
    assert 'name="told"' in text(response)
    assert rows() == before


def test_not_yet_says_how_to_find_care_and_shows_no_exercises(family, waiting):
    before = rows()
    page = text(family.get(url(waiting) + "?answer=not-yet"))
    assert "First, see a doctor" in page and "pediatric rheumatology" in page
    assert url(waiting, "call", waiting.today().isoformat()) in page
    assert "Kanarie" not in page and "data-strand" not in page
    assert not re.search(r"\d", strip_tags(page[page.index("<h1") : page.index("</main")]))
    assert rows() == before


def test_what_has_begun_says_so(teen, patient):
    page = text(teen.get(url(patient)))
    assert "This record has begun" in page and 'name="told"' not in page


# --- while it waits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["patient", "program"])
def test_the_pages_of_the_program_ask_instead(family, teen_of_it, waiting, name):
    for client in (family, teen_of_it):
        response = client.get(url(waiting, name))
        assert response.status_code == 200
        page = text(response)
        assert 'name="told" value="yes"' in page
        assert "data-strand" not in page and "data-status" not in page and "Kanarie" not in page


def test_today_asks_instead(teen_of_it, waiting, django_assert_max_num_queries):
    teen_of_it.get(reverse("today"))
    with django_assert_max_num_queries(6):
        page = text(teen_of_it.get(reverse("today")))
    assert "Did a doctor or a therapist tell you that it is AMPS?" in page
    assert "data-strand" not in page and url(waiting, "sessions") not in page and "Kanarie" not in page


def test_family_asks_instead(family, waiting):
    page = text(family.get(reverse("family")))
    assert url(waiting) in page
    assert "data-strand" not in page and url(waiting, "sessions") not in page


@pytest.mark.parametrize("name", ["history", "function", "days-off", "team", "words"])
def test_the_other_rooms_are_open_and_empty(family, waiting, name):
    response = family.get(url(waiting, name))
    assert response.status_code == 200
    assert "Kanarie" not in text(response)


def test_nothing_can_be_logged_or_set(family, teen_of_it, waiting):
    before = rows()
    session = {"id": uuid4(), "day": waiting.today(), "strand": "cardio", "minutes": 15}
    for client in (family, teen_of_it):
        assert client.get(url(waiting, "session-new")).status_code == 403
        assert client.post(url(waiting, "sessions"), session).status_code == 403
        refused = client.post(url(waiting, "sessions"), session, headers={"Accept": "application/json"})
        assert (refused.status_code, json.loads(refused.content)["code"]) == (403, "forbidden")
        assert client.get(url(waiting, "program-edit")).status_code == 403
        assert client.post(url(waiting, "program-edit"), {}).status_code == 403
        assert client.post(url(waiting, "days-off"), {}).status_code == 403
    assert rows() == before


def test_with_a_therapist_on_the_team_nothing_waits(family, waiting, cast):
    factories.link(waiting, cast.lee, "therapist", discipline="pt")
    assert family.get(url(waiting, "session-new")).status_code == 200
    assert 'name="told"' not in text(family.get(url(waiting, "patient")))
    assert family.post(url(waiting), AMPS)["Location"] == url(waiting, "program")


# --- who ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"), [("lee", 403), ("noor", 404), ("omar", 404), ("kim", 404), ("sam", 404)]
)
def test_nobody_else_begins_a_record(cast, who, status):
    Patient.objects.filter(pk=cast.patient.pk).update(told_at=None)
    client, before = signed_in(getattr(cast, who)), rows()
    assert client.get(url(cast.patient)).status_code == status
    assert client.post(url(cast.patient), AMPS).status_code == status
    assert rows() == before


def test_a_record_that_is_not_there(family):
    before = rows()
    assert family.post(reverse("begin", args=[uuid4()]), AMPS).status_code == 404
    assert rows() == before


def test_other_methods_do_not_exist(family, waiting):
    for method in ("put", "patch", "delete"):
        assert getattr(family, method)(url(waiting)).status_code == 405
