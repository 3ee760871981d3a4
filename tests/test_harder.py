import re
from datetime import timedelta

import pytest
from django.urls import reverse

from exercises.models import DayOff, Program
from exercises.queries.harder import is_harder
from tests import factories
from tests.conftest import signed_in


def url(name, patient, days_back=0):
    return reverse(name, args=[patient.code, (patient.today() - timedelta(days=days_back)).isoformat()])


def mark(client, patient, answer, days_back=0, **data):
    return client.post(url("day", patient, days_back), {"harder": answer, **data})


@pytest.mark.parametrize(("days_back", "status"), [(-1, 404), (0, 200), (1, 200), (2, 404), (400, 404)])
def test_only_today_or_yesterday_was_harder(teen, patient, days_back, status):
    assert teen.get(url("harder", patient, days_back)).status_code == status


@pytest.mark.parametrize(("days_back", "about"), [(0, 0), (1, 1), (2, 0), (400, 0)])
def test_an_old_page_still_leads_to_when_to_call(teen, patient, days_back, about):
    page = teen.get(url("call", patient, days_back))
    assert page.status_code == 200
    assert page.context["day"] == patient.today() - timedelta(days=about)


def test_no_call_about_a_day_ahead(teen, patient):
    assert teen.get(url("call", patient, -1)).status_code == 404


@pytest.mark.parametrize("day", ["today", "2026-13-01", "20261120", "9999-12-31"])
def test_a_day_that_is_none(teen, patient, day):
    for name in ("harder", "call"):
        assert teen.get(reverse(name, args=[patient.code, day])).status_code == 404


def test_it_asks_first(teen, patient):
    page = teen.get(url("harder", patient)).content.decode()
    assert "the usual kind, or something new?" in page
    assert 'name="harder" value="yes"' in page
    assert f'action="{url("day", patient)}"' in page
    assert f'href="{url("call", patient)}"' in page
    assert not patient.daily_logs.exists()


def test_the_usual_goes_on_to_today_and_can_be_taken_back(teen, patient):
    assert mark(teen, patient, "yes", next="today")["Location"] == reverse("today")
    assert patient.daily_logs.get().harder
    page = teen.get(url("harder", patient)).content.decode()
    assert 'name="harder" value="no"' in page
    assert 'value="yes"' not in page
    mark(teen, patient, "no", next="today")
    assert not patient.daily_logs.get().harder


def test_yesterday_goes_on_to_its_own_day(teen, patient):
    assert 'name="next"' not in teen.get(url("harder", patient, 1)).content.decode()
    assert mark(teen, patient, "yes", 1)["Location"] == url("day", patient, 1)


def test_when_to_call_shows_no_dose_and_offers_a_day_off(teen, patient):
    page = teen.get(url("call", patient)).content.decode()
    words = page[page.index("<main") : page.index("</main>")]
    assert "988" in words
    assert "do it anyway" not in words.lower()
    assert "min" not in words.split()
    assert "data-target" not in words
    assert f"{reverse('days-off', args=[patient.code])}?day={patient.today().isoformat()}" in words


def test_when_to_call_is_the_same_whether_or_not_the_day_was_marked(teen, parent, patient):
    before = parent.get(url("call", patient))
    mark(teen, patient, "yes")
    after = parent.get(url("call", patient))
    assert (before.status_code, after.status_code) == (200, 200)
    main = [page.content.decode().partition("<main")[2] for page in (before, after)]
    assert main[0] == main[1]


def test_the_crisis_line_is_a_setting(teen, patient, settings):
    settings.CRISIS_LINE = "116 123"
    assert "116 123" in teen.get(url("call", patient)).content.decode()


def test_who_may_open_what(parent, therapist, stranger, client, cast, patient):
    for other, harder, call in ((parent, 403, 200), (therapist, 403, 200), (stranger, 404, 404)):
        assert other.get(url("harder", patient)).status_code == harder
        assert other.get(url("call", patient)).status_code == call
    assert signed_in(cast.omar).get(url("call", patient)).status_code == 404
    assert client.get(url("harder", patient)).status_code == 302


def test_who_may_know(cast, teen, patient):
    mark(teen, patient, "yes")
    for person, knows in ((cast.maya, True), (cast.lee, True), (cast.dana, False)):
        assert is_harder(factories.viewer(patient, person), patient.today()) is knows
    assert not is_harder(factories.viewer(cast.other, cast.noor), patient.today())
    assert not is_harder(factories.viewer(patient, cast.maya), patient.today() - timedelta(days=1))


def test_a_younger_childs_parent_may(cast, parent):
    child = factories.patient("Leo")
    factories.link(child, cast.dana, "parent")
    assert parent.get(url("harder", child)).status_code == 200
    mark(parent, child, "yes")
    assert 'value="no"' in parent.get(url("harder", child)).content.decode()


@pytest.mark.parametrize("name", ["harder", "call"])
def test_they_only_show(teen, patient, name):
    assert teen.post(url(name, patient)).status_code == 405


@pytest.mark.parametrize(("name", "queries"), [("harder", 5), ("call", 3)])
def test_queries(teen, patient, django_assert_num_queries, name, queries):
    with django_assert_num_queries(queries):
        teen.get(url(name, patient))


def test_a_smaller_plan_tells_its_numbers_before(teen, patient):
    Program.objects.update(harder_rule="smaller", smaller_cardio=8, smaller_desensitization=2)
    page = teen.get(url("harder", patient)).text
    words = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert "Today's plan becomes:" in words
    assert "Cardio: 8 min" in words
    assert "Exercises: 30 min" in words
    assert "Desensitization: 2 times" in words
    assert "Your parents see these smaller numbers, and not why." in words
    mark(teen, patient, "yes")
    assert teen.get(url("day", patient)).text.count('data-target="8"') == 1


def test_a_smaller_list_is_told_in_exercises(teen, patient):
    Program.objects.update(
        harder_rule="smaller", exercises_by="list", exercises=8, smaller_exercises=3, smaller_cardio=8
    )
    assert "3 exercises of the list" in teen.get(url("harder", patient)).text


@pytest.mark.parametrize("kind", ["paused", "done", "keeping_up"])
def test_only_a_program_in_full_force_has_a_rule(teen, patient, kind):
    Program.objects.update(harder_rule="smaller", smaller_cardio=8, week_cardio=3, kind=kind)
    assert "comes in small pieces" in teen.get(url("harder", patient)).text


def test_call_first_leads_to_when_to_call_and_then_to_the_mark(teen, therapist, patient):
    Program.objects.update(harder_rule="call")
    page = teen.get(url("harder", patient)).text
    assert page.index("988") < page.index("I read it. Mark the day")
    assert "The usual kind" not in page
    mark(teen, patient, "yes")
    assert "Not a harder day after all" in teen.get(url("harder", patient)).text
    assert "A harder day" in therapist.get(url("day", patient)).text


def test_one_tap_asks_for_today_off(teen, patient):
    page = teen.get(url("harder", patient)).text
    form = re.search(r'<form[^>]*action="[^"]*/days-off/".*?</form>', page, re.S)[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    for _ in range(2):
        assert teen.post(reverse("days-off", args=[patient.code]), fields).status_code == 302
    kept = DayOff.objects.get()
    assert (kept.first, kept.last, kept.reason, kept.answer) == (patient.today(), patient.today(), "ill", "")
