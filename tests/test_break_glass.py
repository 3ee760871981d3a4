"""An administrator opens one record: with a reason, for an hour, and the family knows."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises import access
from exercises.models import AccessRecord, BreakGlass, Notice
from exercises.words import NEWS, news_sentence
from tests import factories
from tests.conftest import signed_in
from tests.pages import PAGES, url_of
from tests.worlds import furnish, rows

REASON = "The family called: somebody logged in their name."
URL = "/break-glass/"


@pytest.fixture
def alex(cast):
    return factories.user("alex", first_name="Alex", is_staff=True)


@pytest.fixture
def administrator(alex):
    return signed_in(alex)


def asked(cast, **typed):
    return {"code": str(cast.patient.code), "reason": REASON} | typed


def test_it_opens_the_record_for_an_hour(cast, alex, administrator):
    page = reverse("patient", args=[cast.patient.code])
    assert administrator.get(page).status_code == 404
    with time_machine.travel(timezone.now(), tick=False) as clock:
        answer = administrator.post(URL, asked(cast))
        assert (answer.status_code, answer["Location"]) == (302, page)
        answer = administrator.get(page)
        assert answer.status_code == 200
        assert "You look as an administrator" in answer.text
        clock.shift(timedelta(minutes=59, seconds=59))
        assert signed_in(alex).get(page).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert signed_in(alex).get(page).status_code == 404


def test_everybody_on_the_team_is_told_the_reason(cast, alex, administrator):
    administrator.post(URL, asked(cast))
    told = Notice.objects.filter(kind="broken_glass", patient=cast.patient)
    assert {notice.user for notice in told} == {cast.maya, cast.dana, cast.lee}
    sentence = news_sentence("broken_glass", told[0].params)
    assert "Alex" in sentence and REASON in sentence and cast.patient.name in sentence
    assert "broken_glass" in NEWS
    cast.maya.refresh_from_db()
    assert cast.maya.has_news


def test_row_20_it_is_kept_and_in_the_trail(cast, alex, administrator):
    administrator.post(URL, asked(cast))
    entry = BreakGlass.objects.get()
    assert (entry.patient, entry.user, entry.reason) == (cast.patient, alex, REASON)
    assert entry.until - entry.at == timedelta(hours=1)
    change = cast.patient.changes.get()
    assert (change.subject, change.subject_id, change.what, change.by) == ("glass", entry.pk, "broken", alex)
    assert REASON not in str(change.after)


def test_row_19_the_event_has_no_words(cast, alex, administrator, events, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(URL, asked(cast))
    assert f"event=break_glass user={alex.pk} patient={cast.patient.pk}" in events
    assert "logged" not in str(events)


def test_what_they_open_is_recorded(cast, alex, administrator):
    administrator.post(URL, asked(cast))
    administrator.get(reverse("patient", args=[cast.patient.code]))
    administrator.get(reverse("history", args=[cast.patient.code]))
    looks = AccessRecord.objects.filter(user=alex, patient=cast.patient)
    assert set(looks.values_list("seen_as", "kind")) == {
        ("administrator", "record"),
        ("administrator", "history"),
    }


READ_BEHIND_GLASS = {"patient", "day", "history", "program", "function", "days-off", "team", "looked"}


@pytest.mark.parametrize("name", PAGES)
def test_behind_the_glass_everything_is_read_only(cast, administrator, name):
    """Every page of the record: what can be read, without what was written; and nothing can be sent."""
    world = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    administrator.post(URL, asked(cast))
    before = rows()
    get, post = (administrator.generic(method, url_of(cast, world, name)) for method in ("GET", "POST"))
    assert get.status_code in (200, 403, 405)
    if name in READ_BEHIND_GLASS:
        assert get.status_code == 200
    elif get.status_code == 200:
        assert get_right(name) in access.RIGHTS_BEHIND_GLASS
    assert post.status_code in (403, 405)
    for hidden in ("Note", "Question", "Private"):
        assert f"{hidden} {world.word}" not in get.text
    assert rows() == before


def test_what_stays_closed_says_so_and_not_that_there_is_nothing(cast, administrator):
    furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    administrator.post(URL, asked(cast))
    page = administrator.get(reverse("words", args=[cast.patient.code])).text
    assert "stay closed for an administrator" in page
    assert "No questions" not in page


def get_right(name):
    from tests.test_architecture import patterns

    return next(entry.callback.patient_rights["GET"] for _route, entry in patterns() if entry.name == name)


def test_the_glass_of_one_is_nobody_elses(cast, administrator):
    administrator.post(URL, asked(cast))
    second = factories.user("alix", is_staff=True)
    assert signed_in(second).get(reverse("patient", args=[cast.patient.code])).status_code == 404
    assert administrator.get(reverse("patient", args=[cast.other.code])).status_code == 404


@pytest.mark.parametrize("how", [{"is_staff": False}, {"is_active": False}])
def test_who_administers_no_more_looks_no_more(cast, alex, administrator, how):
    administrator.post(URL, asked(cast))
    type(alex).objects.filter(pk=alex.pk).update(**how)
    assert administrator.get(reverse("patient", args=[cast.patient.code])).status_code in (302, 404)


def test_a_link_counts_more_than_the_glass(cast, alex, administrator):
    factories.link(cast.patient, alex, "therapist")
    administrator.post(URL, asked(cast))
    answer = administrator.get(reverse("patient", args=[cast.patient.code]))
    assert answer.context["viewer"].is_therapist


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"code": "00000000-0000-4000-8000-000000000000"}, "code", "No record has this code."),
        ({"code": "Maya R."}, "code", "No record has this code."),
        ({"code": "\x00"}, "code", ""),
        ({"code": ""}, "code", ""),
        ({"reason": "19 letters are few."}, "reason", "Say it in a sentence"),
        ({"reason": " " * 40}, "reason", ""),
        ({"reason": ""}, "reason", ""),
        ({"reason": "x" * 501}, "reason", ""),
        ({"reason": f"{REASON}\x00"}, "reason", ""),
    ],
)
def test_row_04_bad_input_is_told_and_kept(cast, administrator, typed, field, words):
    before = rows()
    answer = administrator.post(URL, asked(cast, **typed))
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[field])
    if field == "code":
        assert REASON in answer.text
    assert rows() == before


@pytest.mark.parametrize("who", ["maya", "dana", "lee", "sam"])
def test_it_is_the_administrators_alone(cast, who):
    client, before = signed_in(getattr(cast, who)), rows()
    assert client.get(URL).status_code == 403
    assert client.post(URL, asked(cast)).status_code == 403
    assert rows() == before
    assert URL not in client.get(reverse("more")).text


def test_an_administrator_finds_it(administrator):
    assert URL in administrator.get(reverse("more")).text
    assert administrator.get(URL).status_code == 200


def test_signed_out_and_wrong_methods(cast, administrator):
    assert Client().post(URL, asked(cast)).status_code == 302
    assert administrator.put(URL).status_code == 405
    assert not BreakGlass.objects.exists()


def test_row_12_it_asks_for_the_password_again(cast, alex):
    client = Client()
    client.force_login(alex)
    session = client.session
    session["second_factor"] = True
    session.save()
    answer = client.post(URL, asked(cast))
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not BreakGlass.objects.exists()
