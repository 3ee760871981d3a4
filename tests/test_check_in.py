"""The daily-life check-in: one press an answer, a blank is unknown; sleep times, the plain look."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.urls import reverse

from exercises.models import Change, DailyLog, Patient
from exercises.services import daily
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

NOON = datetime(2026, 11, 21, 18, tzinfo=UTC)  # Saturday noon in Chicago
TODAY = date(2026, 11, 21)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def asked(cast):
    """A record that asks for sleep times."""
    Patient.objects.filter(pk=cast.patient.pk).update(sleep_on=True)
    cast.patient.refresh_from_db()
    return cast


def url(patient, day=TODAY):
    return reverse("day", args=[patient.code, str(day)])


def post(client, patient, day=TODAY, **data):
    return client.post(url(patient, day), data)


def answers(html):
    """The buttons: (name, value, pressed)."""
    return re.findall(
        r'<button class="btn btn-quiet" id="[\w-]+" name="(\w+)" value="(\w*)" aria-pressed="(\w+)"', html
    )


@pytest.mark.parametrize("page", ["today", "day"])
def test_nothing_is_suggested_on_any_day(cast, teen, page):
    """Not even "no school" on a Saturday: a blank is unknown."""
    address = reverse("today") if page == "today" else url(cast.patient)
    html = teen.get(address).text
    found = answers(html)
    assert {name for name, _value, _pressed in found} == {"school", "friends", "activities", "home"}
    assert {pressed for _name, _value, pressed in found} == {"false"}
    assert re.findall(r'data-life="\w+" data-value="(\w*)"', html) == ["", "", "", ""]
    assert html.count("optional") == 1
    assert not DailyLog.objects.exists()


def test_a_pressed_answer_is_taken_back_by_a_second_press(cast, teen):
    post(teen, cast.patient, school="part")
    html = teen.get(url(cast.patient)).text
    assert ("school", "", "true") in answers(html)
    assert 'id="school-part"' in html
    post(teen, cast.patient, school="")
    assert DailyLog.objects.get().school == ""
    assert {pressed for *_rest, pressed in answers(teen.get(url(cast.patient)).text)} == {"false"}


@pytest.mark.parametrize("back", ["today", ""])
def test_it_stays_open_for_the_next_answer(cast, teen, back):
    closed, opened = '<details class="more"><summary class="check-in">', '<details class="more" open><summary'
    home = reverse("today") if back else url(cast.patient)
    assert closed in teen.get(home).text
    answer = post(teen, cast.patient, home="yes", **({"next": back} if back else {}))
    assert answer.headers["Location"] == f"{home}?checking=1#life"
    assert opened in teen.get(answer.headers["Location"]).text
    assert 'id="life"' in teen.get(home).text


def test_a_harder_day_leads_back_without_opening_it(cast, teen):
    assert post(teen, cast.patient, harder="yes", next="today").headers["Location"] == reverse("today")


# --- sleep -------------------------------------------------------------------------------------------------


def test_without_asking_there_are_no_boxes_and_nothing_is_kept(cast, teen):
    assert 'name="bed_at"' not in teen.get(url(cast.patient)).text
    assert post(teen, cast.patient, bed_at="22:30", up_at="99", home="yes").status_code == 302
    row = DailyLog.objects.get()
    assert (row.bed_at, row.up_at, row.home) == (None, None, "yes")


@pytest.mark.parametrize("page", ["today", "day"])
def test_two_boxes_come_first_and_have_a_button_of_their_own(asked, teen, page):
    """The first button of a form is what Enter presses: it answers nothing."""
    html = teen.get(reverse("today") if page == "today" else url(asked.patient)).text
    form = html[html.index('class="stack tight answers"') :]
    first = re.search(r"<button[^>]*>", form).group()
    assert "name=" not in first
    assert form.index('name="bed_at"') < form.index('name="up_at"') < form.index(first)
    assert form.index(first) < form.index('name="school"')


def test_times_are_kept_shown_changed_and_cleared(asked, teen):
    patient = asked.patient
    post(teen, patient, bed_at="22:30", up_at="06:45")
    row = DailyLog.objects.get()
    assert (row.bed_at, row.up_at, row.school) == (time(22, 30), time(6, 45), "")
    html = teen.get(url(patient)).text
    assert 'value="22:30"' in html and 'value="06:45"' in html
    assert "to bed at 10:30 p.m." in html and "up at 6:45 a.m." in html
    # An answer takes along what stands in the boxes; what is left out stays.
    post(teen, patient, bed_at="23:00", up_at="06:45", school="all")
    post(teen, patient, home="yes")
    row.refresh_from_db()
    assert (row.bed_at, row.up_at, row.school, row.home) == (time(23), time(6, 45), "all", "yes")
    post(teen, patient, bed_at="", up_at="06:45")
    row.refresh_from_db()
    assert (row.bed_at, row.up_at) == (None, time(6, 45))
    change = Change.objects.latest("pk")
    assert (change.before["bed_at"], change.after["bed_at"]) == ("23:00", None)


def test_yesterday_has_its_own_night(asked, teen):
    post(teen, asked.patient, YESTERDAY, bed_at="00:30", up_at="08:00")
    assert DailyLog.objects.get().day == YESTERDAY
    assert 'value="00:30"' not in teen.get(url(asked.patient)).text


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"bed_at": "25:00"}, "bed_at"),
        ({"up_at": "early"}, "up_at"),
        ({"bed_at": "\x00"}, "bed_at"),
        ({"bed_at": "07:30", "up_at": "06:30"}, "up_at"),
        ({"bed_at": "<b>", "up_at": "06:30", "school": "all"}, "bed_at"),
    ],
)
def test_what_is_no_night_is_refused_at_its_box(asked, teen, data, field):
    post(teen, asked.patient, bed_at="21:00", up_at="07:00")
    before = rows()
    response = post(teen, asked.patient, **data)
    assert response.status_code == 422
    assert rows() == before
    assert f'id="{field}-wrong"' in response.text
    assert "<details" in response.text and "open" in response.text
    # What was typed stays, and a box that was not sent keeps what is known.
    assert "&lt;b&gt;" in response.text or data.get(field) != "<b>"
    if "up_at" not in data:
        assert 'value="07:00"' in response.text


def test_a_script_gets_the_times_back(asked, teen):
    accept = {"Accept": "application/json"}
    answer = teen.post(url(asked.patient), {"bed_at": "22:30"}, headers=accept)
    assert (answer.json()["bed_at"], answer.json()["up_at"]) == ("22:30:00", None)
    wrong = teen.post(url(asked.patient), {"bed_at": "late"}, headers=accept)
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["bed_at"])
    Patient.objects.update(sleep_on=False)
    assert "bed_at" not in teen.post(url(asked.patient), {"home": "yes"}, headers=accept).json()


def test_therapists_read_them_and_parents_never(asked):
    daily.mark_day(
        viewer=factories.viewer(asked.patient, asked.maya), day=TODAY, bed_at=time(22, 37), up_at=time(6, 43)
    )
    lee, dana = (signed_in(user).get(url(asked.patient)).text for user in (asked.lee, asked.dana))
    assert "10:37 p.m." in lee and 'name="bed_at"' not in lee
    assert "10:37" not in dana and "6:43" not in dana and "22:37" not in dana
    for user in (asked.lee, asked.dana):
        before = rows()
        assert post(signed_in(user), asked.patient, bed_at="20:00").status_code == 403
        assert rows() == before
    Patient.objects.update(sleep_on=False)
    assert "10:37" not in signed_in(asked.lee).get(url(asked.patient)).text


def test_a_younger_childs_parent_fills_them_in(asked, parent):
    asked.patient.team.filter(user=asked.maya).delete()
    assert post(parent, asked.patient, bed_at="20:15", up_at="07:00").status_code == 302
    assert DailyLog.objects.get().bed_at == time(20, 15)


@pytest.mark.parametrize("sleep_on", [True, False])
def test_sleep_costs_no_query(cast, teen, sleep_on, django_assert_num_queries):
    Patient.objects.update(sleep_on=sleep_on)
    with django_assert_num_queries(7):
        teen.get(url(cast.patient))


# --- the plain look ----------------------------------------------------------------------------------------


def worked(cast):
    for back in range(1, 5):
        factories.session(cast.patient, cast.maya, minutes=15, day=TODAY - timedelta(days=back))
    factories.session(cast.patient, cast.maya, minutes=9)


FIGURES = re.compile(r"\d+ ?%| of \d+ days|Something done on|Some done \d|Targets met \d")


@pytest.mark.parametrize("name", ["today", "month", "year"])
def test_the_plain_look_has_shapes_and_words_and_no_figures_of_past_days(cast, teen, name):
    worked(cast)
    history = reverse("history", args=[cast.patient.code])
    address = {"today": reverse("today"), "month": history, "year": f"{history}?year=2026"}[name]

    def main():
        html = teen.get(address).text
        return html[html.index("<main") :]

    def said(html):
        """Words on screen and for a screen reader, not how wide a bar is."""
        return re.sub(r"<[^>]+>", " ", html) + " ".join(re.findall(r'aria-label="([^"]*)"', html))

    assert FIGURES.search(said(main()))
    Patient.objects.update(plain_look=True)
    plain = main()
    assert not FIGURES.search(said(plain)), FIGURES.search(said(plain))
    assert 'data-day="2026-11-20" data-status="partly"' in plain
    if name == "today":
        assert 'data-strand="cardio" data-done="9" data-target="15"' in plain


@pytest.mark.parametrize("who", ["dana", "lee"])
def test_others_keep_their_figures(cast, who):
    worked(cast)
    Patient.objects.update(plain_look=True)
    page = signed_in(getattr(cast, who)).get(reverse("history", args=[cast.patient.code]))
    assert FIGURES.search(page.text)


def test_a_week_of_keeping_up_still_says_what_is_left(cast, teen):
    cast.patient.programs.update(kind="keeping_up", week_cardio=3)
    Patient.objects.update(plain_look=True)
    assert "This week" in teen.get(reverse("today")).text
