import pytest
from django.urls import reverse

from exercises.models import DailyLog
from exercises.services import daily
from tests import factories, worlds
from tests.conftest import signed_in


def url(patient):
    return reverse("function", args=[patient.code])


def test_wrong_methods(teen, patient):
    before = worlds.rows()
    for method in (teen.post, teen.put, teen.delete):
        assert method(url(patient)).status_code == 405
    assert worlds.rows() == before


def test_who_may(teen, parent, therapist, stranger, client, cast, patient):
    for member in (teen, parent, therapist):
        assert member.get(url(patient)).status_code == 200
    for other in (stranger, signed_in(cast.noor), signed_in(cast.kim)):
        assert other.get(url(patient)).status_code == 404
    assert client.get(url(patient)).status_code == 302


def test_the_check_in_of_friends_is_not_for_parents(cast, patient, parent, therapist, teen):
    viewer = factories.viewer(patient, cast.maya)
    daily.mark_day(viewer=viewer, day=patient.today(), friends="some")
    for client, seen in ((parent, False), (therapist, True), (teen, True)):
        page = client.get(url(patient)).content.decode()
        assert ("Friends" in page) is seen


def test_a_day_that_nobody_marked_is_unknown(teen, patient):
    DailyLog.objects.create(patient=patient, day=patient.today(), home="yes")
    page = teen.get(url(patient)).content.decode()
    assert "chart-home" in page
    assert "chart-school" not in page
    assert "1 not" not in page


def test_another_record_has_nothing_of_this_one(cast, patient):
    DailyLog.objects.create(patient=patient, day=patient.today(), school="all")
    page = signed_in(cast.noor).get(url(cast.other)).content.decode()
    assert "A fresh page" in page
    assert "chart-school" not in page


@pytest.mark.parametrize("who", ["teen", "parent", "therapist"])
def test_no_word_of_pain(request, patient, who):
    page = request.getfixturevalue(who).get(url(patient)).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "pain" not in main.lower().replace("no-pain-score", "")


def test_words_that_look_like_markup_are_only_words(teen, parent, cast, patient):
    goal = factories.goal(patient, cast.maya, "<script>alert(1)</script>")
    type(goal).objects.update(reached_on=patient.today())
    for client in (teen, parent):
        page = client.get(url(patient)).content.decode()
        assert "<script>alert" not in page
        assert page.count("&lt;script&gt;alert") >= 3
