"""The day page: what was done, cut for the viewer; correcting, removing, putting back; the check-in."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from exercises import days
from exercises.models import DailyLog, TherapySession
from exercises.queries.day import day_page
from exercises.services import daily
from exercises.services import words as words_service
from tests import factories
from tests.conftest import signed_in

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # 17:30 in Chicago, maya's zone
TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def url(patient, day=TODAY, **query):
    return reverse("day", args=[patient.code, str(day)], query=query)


def page(client, patient, day=TODAY, **query):
    return client.get(url(patient, day, **query)).text


def mark(patient, user, day=TODAY, **marks):
    return daily.mark_day(viewer=factories.viewer(patient, user), day=day, **marks)


def fields_of(html, action):
    """The hidden fields and the URL of the first form whose URL holds ``action``."""
    form = next(part for part in html.split("<form")[1:] if action in part.split(">")[0]).split("</form>")[0]
    target = form.split('action="')[1].split('"')[0]
    hidden = [part.split(">")[0] for part in form.split('<input type="hidden" ')[1:]]
    return target, {
        part.split('name="')[1].split('"')[0]: part.split('value="')[1].split('"')[0]
        for part in hidden
        if "csrfmiddlewaretoken" not in part
    }


# --- works -------------------------------------------------------------------------------------------------


def test_the_day_carries_its_status_and_its_strands(cast, teen):
    factories.session(cast.patient, cast.maya, minutes=20)
    html = page(teen, cast.patient)
    assert 'data-day="2026-11-20" data-status="today"' in html
    assert 'data-strand="cardio" data-done="20" data-target="15" data-met="yes"' in html
    assert 'data-strand="exercises" data-done="0" data-target="30" data-met="no"' in html
    assert 'data-strand="stress" data-done="0" data-target="" data-met="no"' in html


def test_a_day_is_judged_by_the_program_in_force_that_day(cast, teen):
    factories.program(cast.patient, starts_on=TODAY, cardio=40)
    assert 'data-target="15"' in page(teen, cast.patient, YESTERDAY)
    assert "Counted by program 1, which started on" in page(teen, cast.patient, YESTERDAY)
    assert 'data-target="40"' in page(teen, cast.patient)


def test_a_day_without_a_program_says_so(cast, teen):
    assert "There was no program on this day." in page(teen, cast.patient, TODAY - timedelta(days=90))


def test_a_paused_program_is_named(cast, teen):
    factories.program(cast.patient, starts_on=YESTERDAY, kind="paused")
    html = page(teen, cast.patient)
    assert "The program was paused on this day." in html
    assert 'data-status="before"' in html


def test_a_day_ahead_has_not_come_yet(cast, teen):
    html = page(teen, cast.patient, TODAY + timedelta(days=1))
    assert "This day has not come yet." in html
    assert 'data-status="ahead"' in html
    assert 'rel="next"' not in html
    assert "session" not in html.split("<main")[1]


def test_today_has_no_next_day_and_the_first_day_none_before(cast, teen):
    today, first = page(teen, cast.patient), page(teen, cast.patient, days.FIRST_DAY)
    assert 'rel="prev"' in today and 'rel="next"' not in today
    assert 'rel="prev"' not in first and 'rel="next"' in first


@pytest.mark.parametrize(
    ("age", "paper", "who", "offered"),
    [
        (0, False, "maya", True),
        (7, False, "maya", True),
        (8, False, "maya", False),
        (35, True, "maya", True),
        (36, True, "maya", False),
        (8, False, "dana", False),
        (400, False, "lee", True),
        (-1, False, "lee", False),
    ],
)
def test_adding_is_offered_where_the_form_would_take_it(cast, age, paper, who, offered):
    cast.patient.paper = paper
    cast.patient.save()
    viewer = factories.viewer(cast.patient, getattr(cast, who))
    assert day_page(viewer, TODAY - timedelta(days=age)).may_add is offered


def test_add_something_opens_the_form_on_that_day(cast, teen):
    assert f"{reverse('session-new', args=[cast.patient.code])}?day=2026-11-19" in page(
        teen, cast.patient, YESTERDAY
    )


# --- correct, remove, undo, put back -----------------------------------------------------------------------


def test_what_was_just_saved_can_be_undone(cast, teen):
    session = factories.session(cast.patient, cast.maya)
    html = page(teen, cast.patient, saved=session.client_id)
    assert "Cardio saved." in html
    toast = html.split('id="toast"')[1]
    target, fields = fields_of(toast, "/void/")
    assert teen.post(target, fields).status_code == 302
    session.refresh_from_db()
    assert session.voided_at is not None


def test_a_short_desensitization_says_what_makes_a_slot(cast, teen):
    session = factories.session(cast.patient, cast.maya, "desensitization", 2)
    assert "2 min saved; 5 makes a slot." in page(teen, cast.patient, saved=session.client_id)


def test_a_removed_session_can_be_put_back_as_it_was(cast, teen):
    first = factories.session(
        cast.patient,
        cast.maya,
        "desensitization",
        5,
        source="timer",
        body_areas=("left_foot",),
        texture="towel",
        activity=factories.activity("Towel rub", "desensitization"),
    )
    before = TherapySession.objects.values().get()
    removed = teen.post(reverse("session-void", args=[cast.patient.code, first.client_id]))
    html = teen.get(removed["Location"]).text
    assert "Desensitization removed." in html
    target, fields = fields_of(html.split('id="toast"')[1], "/restore/")
    assert "Desensitization saved." in teen.post(target, fields, follow=True).text
    assert TherapySession.objects.values().get() == before | {"version": 3}


def test_a_parent_puts_back_only_what_they_entered(cast, teen, parent):
    """And it stays what it was: nothing of it becomes the parent's."""
    theirs, own = factories.session(cast.patient, cast.maya), factories.session(cast.patient, cast.dana)
    for session in (theirs, own):
        teen.post(reverse("session-void", args=[cast.patient.code, session.client_id]))
    assert "/restore/" not in page(parent, cast.patient, removed=theirs.client_id)
    target, fields = fields_of(page(parent, cast.patient, removed=own.client_id), "/restore/")
    assert fields == {}
    assert parent.post(target).status_code == 302
    assert TherapySession.objects.live().get() == own


def test_ids_say_nothing_to_those_who_may_not_correct_and_nothing_when_stale(cast, teen, parent):
    own = factories.session(cast.patient, cast.maya, "stress", None)
    foreign = factories.session(cast.other, cast.noor)
    for client, query in (
        (parent, {"removed": own.client_id}),
        (teen, {"removed": own.client_id}),
        (teen, {"removed": foreign.client_id}),
        (teen, {"saved": foreign.client_id}),
        (teen, {"saved": uuid.uuid4()}),
        (teen, {"saved": "no id", "removed": "\x00"}),
    ):
        response = client.get(url(cast.patient, YESTERDAY, **query))
        assert response.status_code == 200
        assert 'class="toast"' not in response.text
    teen.post(reverse("session-void", args=[cast.patient.code, own.client_id]))
    assert 'class="toast"' not in page(parent, cast.patient, removed=own.client_id)
    assert 'class="toast"' not in page(teen, cast.patient, saved=own.client_id)


def test_a_parent_corrects_only_what_they_entered(cast, parent):
    theirs, own = factories.session(cast.patient, cast.maya), factories.session(cast.patient, cast.dana)
    html = page(parent, cast.patient)
    assert str(own.client_id) in html
    assert str(theirs.client_id) not in html


# --- marks -------------------------------------------------------------------------------------------------


def test_the_teen_answers_and_takes_back(cast, teen):
    assert teen.post(url(cast.patient), {"school": "part"}).status_code == 302
    assert DailyLog.objects.get().school == "part"
    html = page(teen, cast.patient)
    assert 'id="school-part" name="school" value="" aria-pressed="true">' in html
    teen.post(url(cast.patient), {"school": ""})
    assert DailyLog.objects.get().school == ""


def test_the_check_in_closes_after_seven_days(cast, teen):
    assert 'name="school"' in page(teen, cast.patient, TODAY - timedelta(days=7))
    assert 'name="school"' not in page(teen, cast.patient, TODAY - timedelta(days=8))


def test_a_harder_day_can_be_taken_back_today_and_yesterday(cast, teen):
    mark(cast.patient, cast.maya, YESTERDAY, harder=True)
    assert 'name="harder" value="no"' in page(teen, cast.patient, YESTERDAY)
    teen.post(url(cast.patient, YESTERDAY), {"harder": "no"})
    assert DailyLog.objects.get().harder is False
    harder = reverse("harder", args=[cast.patient.code, str(YESTERDAY)])
    assert harder in page(teen, cast.patient, YESTERDAY)
    assert "harder" not in page(teen, cast.patient, TODAY - timedelta(days=2))


@pytest.mark.parametrize(
    ("day", "marks"),
    [
        (TODAY + timedelta(days=1), {"school": "all"}),
        (TODAY - timedelta(days=8), {"school": "all"}),
        (TODAY - timedelta(days=2), {"harder": "yes"}),
        (TODAY, {"school": "sometimes"}),
        (TODAY, {"harder": "10"}),
    ],
)
def test_a_mark_that_cannot_be_is_refused_with_its_reason(cast, teen, day, marks):
    response = teen.post(url(cast.patient, day), marks)
    assert response.status_code == 422
    assert 'class="notice error" role="alert"' in response.text
    assert not DailyLog.objects.exists()


@pytest.mark.parametrize(("who", "offered"), [("maya", True), ("dana", False), ("lee", False)])
def test_a_note_is_offered_to_those_who_may_write_one(cast, who, offered):
    html = page(signed_in(getattr(cast, who)), cast.patient)
    assert (reverse("note-new", args=[cast.patient.code]) in html) is offered


@pytest.mark.parametrize(("back", "offered"), [(0, True), (7, True), (8, False)])
def test_a_note_is_offered_where_it_is_taken(cast, teen, back, offered):
    html = page(teen, cast.patient, TODAY - timedelta(days=back))
    assert (reverse("note-new", args=[cast.patient.code]) in html) is offered


# --- who sees what -----------------------------------------------------------------------------------------


@pytest.fixture
def told(cast):
    """A day with something in it that a parent must not see."""
    technique = factories.activity("CANARY-TECHNIQUE", "stress")
    factories.session(cast.patient, cast.maya, "stress", None, activity=technique, source="guided")
    factories.session(cast.patient, cast.maya, at=NOW - timedelta(hours=2), source="timer")
    factories.session(cast.patient, cast.maya, "exercises", 10, day=YESTERDAY)
    mark(cast.patient, cast.maya, harder=True, school="all", friends="yes", home="some")
    mark(cast.patient, cast.maya, YESTERDAY, harder=True)
    teen = factories.viewer(cast.patient, cast.maya)
    factories.link(cast.patient, factories.user("pia"), "therapist", discipline="psychology")
    words_service.write_note(viewer=teen, day=TODAY, text="CANARY-NOTE", to="")
    words_service.write_note(viewer=teen, day=TODAY, text="CANARY-PSYCHOLOGY", to="psychology")
    return cast


SECRETS = ("CANARY", "harder", "Friends", "3:30", "timer", "guided", "added later", 'name="school"')


def test_a_parent_sees_the_work_and_the_check_in_without_friends(told, parent):
    for day in (TODAY, YESTERDAY):
        html = page(parent, told.patient, day).split("<main")[1]
        assert [secret for secret in SECRETS if secret.lower() in html.lower()] == []
    html = page(parent, told.patient)
    assert "Stress management" in html
    assert 'data-life="school" data-value="all"' in html
    assert 'data-life="home"' in html and 'data-life="friends"' not in html


def test_the_teen_sees_everything_of_their_own(told, teen):
    html = page(teen, told.patient)
    for shown in ("CANARY-TECHNIQUE", "CANARY-NOTE", "CANARY-PSYCHOLOGY", "harder day", "Friends", "3:30"):
        assert shown in html
    assert "added later" in page(teen, told.patient, YESTERDAY)


def test_a_therapist_sees_what_is_addressed_to_them_and_marks_nothing(told, therapist):
    html = page(therapist, told.patient)
    for shown in ("CANARY-TECHNIQUE", "CANARY-NOTE", "harder day", "Friends", "3:30"):
        assert shown in html
    assert "CANARY-PSYCHOLOGY" not in html
    assert 'name="school"' not in html and 'name="harder"' not in html


def test_a_parent_of_a_younger_child_sees_and_marks_everything(told, parent):
    told.patient.team.filter(role="patient").delete()
    html = page(parent, told.patient)
    for shown in ("CANARY-TECHNIQUE", "CANARY-NOTE", "harder day", "Friends", 'name="school"'):
        assert shown in html


@pytest.mark.parametrize("who", ["dana", "lee"])
def test_only_the_teen_marks(told, who):
    before = DailyLog.objects.filter(day=TODAY).values().get()
    client = signed_in(getattr(told, who))
    assert client.post(url(told.patient), {"harder": "no", "school": "none"}).status_code == 403
    assert DailyLog.objects.filter(day=TODAY).values().get() == before


@pytest.mark.parametrize("who", ["sam", "noor", "omar", "kim"])
def test_a_stranger_finds_nothing_and_changes_nothing(told, who):
    before = list(DailyLog.objects.order_by("pk").values())
    client = signed_in(getattr(told, who))
    assert client.get(url(told.patient)).status_code == 404
    assert client.post(url(told.patient), {"harder": "no"}).status_code == 404
    assert list(DailyLog.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    "day", ["2026-02-30", "20261120", "2026-W47-5", "today", "0001-01-01", "9999-12-31", "2026-11-2\x00"]
)
def test_what_is_no_day_is_not_found(cast, teen, day):
    assert teen.get(reverse("day", args=[cast.patient.code, day])).status_code == 404


def test_other_methods_are_refused(cast, teen):
    assert teen.put(url(cast.patient)).status_code == 405
    assert teen.delete(url(cast.patient)).status_code == 405


# --- cost --------------------------------------------------------------------------------------------------


# Five of them keep that somebody other than the teen looked, once an hour.
@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize(("who", "queries"), [("maya", 9), ("dana", 14), ("lee", 14)])
def test_queries_do_not_grow_with_entries(cast, django_assert_num_queries, who, queries, count):
    item = factories.item(cast.patient.programs.get(), factories.activity())
    for _ in range(count):
        factories.session(cast.patient, cast.maya, "exercises", 5, items=(item,))
    client = signed_in(getattr(cast, who))
    with django_assert_num_queries(queries):
        client.get(url(cast.patient))
