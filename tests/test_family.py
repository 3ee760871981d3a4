import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exercises.models import CareTeamMember, Patient, TherapySession
from exercises.queries.family import children
from tests import factories
from tests.conftest import signed_in

URL = reverse("family")
DAY = timedelta(days=1)


@pytest.fixture
def leo(cast):
    """Dana's second child, who has no account."""
    leo = factories.patient("Leo", zone="Pacific/Auckland")
    factories.link(leo, cast.dana, "parent")
    factories.program(leo, usual_cardio=10)
    return leo


def forms(html, patient):
    """The fields of each one-tap form of a child, by strand."""
    action = reverse("sessions", args=[patient.code])
    found = re.findall(rf'<form method="post" action="{action}".*?</form>', html, re.S)
    fields = [dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form)) for form in found]
    return {form["strand"]: form for form in fields}


def test_one_card_a_child_with_today_and_the_week(cast, leo, parent):
    factories.session(leo, cast.dana, "cardio", 10)
    response = parent.get(URL)
    assert response.status_code == 200
    html = response.content.decode()
    assert re.findall(r'<h2 id="child-[^>]+><a[^>]+>([^<]+)', html) == ["Leo", "Maya R."]
    assert html.count("data-strand=") == 8
    assert 'data-strand="cardio" data-done="10" data-target="15" data-met="no"' in html
    assert len(re.findall(r'data-day="[\d-]+" data-status=', html)) == 14
    assert "Last: Cardio, today" in html


def test_only_ones_own_children_are_shown(cast, parent, stranger):
    assert "Noor" not in parent.get(URL).content.decode()
    response = stranger.get(URL)
    assert response.status_code == 200
    assert "No child is linked to you yet" in response.content.decode()


@pytest.mark.parametrize("who", ["maya", "lee"])
def test_other_roles_make_nobody_a_parent(cast, who):
    assert "Maya R." not in signed_in(getattr(cast, who)).get(URL).content.decode()


def test_an_ended_link_is_off_the_page(cast, parent):
    CareTeamMember.objects.filter(user=cast.dana).update(until=cast.patient.created_at)
    assert "Maya R." not in parent.get(URL).content.decode()


def test_signed_out_goes_to_the_sign_in(client, db):
    assert client.get(URL).status_code == 302


def test_writing_is_not_allowed(parent):
    assert parent.post(URL).status_code == 405


def test_a_tap_logs_the_usual_dose_as_the_parents_and_comes_back(cast, leo, parent):
    tap = forms(parent.get(URL).content.decode(), leo)["cardio"]
    assert tap["minutes"] == "10" and tap["day"] == leo.today().isoformat()
    response = parent.post(reverse("sessions", args=[leo.code]), tap)
    assert response.status_code == 302 and response["Location"] == f"{URL}?saved={tap['id']}"
    session = TherapySession.objects.get(patient=leo)
    assert (session.minutes, session.entered_as, session.source) == (10, "parent", "tap")
    html = parent.get(response["Location"]).content.decode()
    undo = reverse("session-void", args=[leo.code, tap["id"]])
    assert undo in html
    response = parent.post(undo, {"next": "family"})
    assert response["Location"] == f"{URL}?removed={tap['id']}"
    assert "removed" in parent.get(response["Location"]).content.decode()


def test_a_page_left_open_overnight_asks_which_day_was_meant(leo, parent, cast, time_machine):
    html = parent.get(URL).content.decode()
    assert html.count("data-day-ends=") == 2
    tap = forms(html, leo)["cardio"]
    time_machine.move_to(timezone.now() + DAY)
    client = signed_in(cast.dana)
    asked = client.post(reverse("sessions", args=[leo.code]), tap)
    assert "Was this yesterday or today?" in asked.content.decode()
    fields = dict(asked.context["hidden"]) | {"day": leo.today().isoformat()}
    response = client.post(reverse("sessions", args=[leo.code]), fields)
    assert response["Location"] == f"{URL}?saved={tap['id']}"


def test_a_stress_moment_needs_no_minutes(leo, parent):
    assert "minutes" not in forms(parent.get(URL).content.decode(), leo)["stress"]


@pytest.mark.parametrize("name", ["saved", "removed"])
def test_ids_of_others_say_nothing(cast, parent, name):
    theirs = factories.session(cast.other, cast.noor)
    for value in (str(theirs.client_id), "x", ""):
        response = parent.get(URL, {name: value})
        assert response.status_code == 200
        assert "Undo" not in response.content.decode()
        assert "Put it back" not in response.content.decode()


def test_no_clock_times_techniques_or_ways_of_entry(cast, parent):
    breathing = factories.activity("Box breathing", "stress")
    factories.session(cast.patient, cast.maya, "stress", None, activity=breathing)
    html = parent.get(URL).content.decode()
    assert "Last: Stress management, today" in html
    assert "Box breathing" not in html
    assert not re.search(r"\b\d{1,2}:\d{2}\b", html)
    assert "later" not in html


def test_the_last_entry_is_the_one_recorded_last_on_the_latest_day(cast, parent):
    today = cast.patient.today()
    factories.session(cast.patient, cast.maya, "cardio", 15, day=today - 3 * DAY)
    factories.session(cast.patient, cast.maya, "desensitization", 5, day=today - 3 * DAY)
    factories.session(cast.patient, cast.maya, "exercises", 30, day=today - 5 * DAY)
    assert children(cast.dana)[0].last == ("desensitization", today - 3 * DAY)
    assert "Last: Desensitization, 3 days ago" in parent.get(URL).content.decode()


def test_today_is_the_childs_own(cast, leo):
    cards = {card.patient.name: card for card in children(cast.dana)}
    assert cards["Leo"].today == leo.today()
    assert cards["Leo"].week[0].day.weekday() == 0
    assert sum(cell.current for cell in cards["Leo"].week) == 1


def test_today_page_is_linked_only_for_a_child_without_an_account(cast, leo, parent):
    html = parent.get(URL).content.decode()
    assert reverse("patient-today", args=[leo.code]) in html
    assert reverse("patient-today", args=[cast.patient.code]) not in html


def test_without_a_running_program_nothing_is_asked_for(cast, parent):
    cast.patient.programs.update(kind="paused")
    factories.session(cast.patient, cast.maya, "cardio", 15)
    html = parent.get(URL).content.decode()
    assert "No program is running today." in html
    assert html.count("data-strand=") == 1


def test_the_whole_plan_done_is_said(cast, parent):
    for strand, minutes, times in (("cardio", 15, 1), ("exercises", 30, 1), ("desensitization", 5, 5)):
        for _time in range(times):
            factories.session(cast.patient, cast.maya, strand, minutes)
    assert "Enough." not in parent.get(URL).content.decode()
    factories.session(cast.patient, cast.maya, "stress", None)
    assert "Enough." in parent.get(URL).content.decode()


def test_a_name_is_escaped(cast, parent):
    Patient.objects.filter(pk=cast.patient.pk).update(name="<b>M</b>")
    assert "<b>M</b>" not in parent.get(URL).content.decode()


def test_the_number_of_children_does_not_change_the_number_of_queries(
    cast, parent, django_assert_num_queries
):
    factories.session(cast.patient, cast.maya)
    with django_assert_num_queries(9):
        parent.get(URL)
    for name in ("Ada", "Ben"):
        child = factories.patient(name)
        factories.link(child, cast.dana, "parent")
        factories.program(child)
        factories.session(child, cast.dana)
    with django_assert_num_queries(9):
        parent.get(URL)
