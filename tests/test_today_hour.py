"""From when parents see today: agreed by teen and therapist, and kept on every page, in every copy."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exercises.models import Change, DailyLog, FunctionGoal, GoalStep, Notice, Patient
from exercises.queries.family import children
from exercises.services import goals as services
from exercises.services import looks, stopwatch
from exercises.session_keys import SEEING_AS
from tests import factories
from tests.conftest import signed_in
from tests.pages import PAGES, readable, url_of
from tests.worlds import furnish, rows

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)  # Friday noon in Chicago
EVENING = NOON + timedelta(hours=5)
TODAY = date(2026, 11, 20)
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def url(patient):
    return reverse("today-hour", args=[patient.code])


def send(client, patient, do, hour=""):
    return client.post(url(patient), {"do": do, "hour": hour})


def state(patient):
    patient.refresh_from_db()
    return patient.parents_from, patient.parents_from_asked, patient.parents_from_asked_as


def text_of(response):
    html = response.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


def kinds(user):
    return [notice.kind for notice in Notice.objects.filter(user=user).order_by("pk")]


def agree_on(patient, hour=time(17)):
    Patient.objects.filter(pk=patient.pk).update(parents_from=hour)
    patient.refresh_from_db()


# --- agreeing ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("asks", "agrees"), [("teen", "therapist"), ("therapist", "teen")])
def test_one_asks_and_the_other_agrees(request, cast, patient, asks, agrees):
    asking, agreeing = request.getfixturevalue(asks), request.getfixturevalue(agrees)
    users = {"teen": cast.maya, "therapist": cast.lee}
    role = "patient" if asks == "teen" else asks
    assert send(asking, patient, "ask", "17:30").headers["Location"] == url(patient)
    assert state(patient) == (None, time(17, 30), role)
    assert (kinds(users[agrees]), kinds(users[asks]), kinds(cast.dana)) == (["hour_asked"], [], [])
    assert "I agree" in text_of(agreeing.get(url(patient)))
    assert "I agree" not in text_of(asking.get(url(patient)))
    assert "5:30 p.m." in text_of(agreeing.get(reverse("team", args=[patient.code])))
    assert not Change.objects.exists()
    assert send(agreeing, patient, "agree", "17:30").status_code == 302
    assert state(patient) == (time(17, 30), None, "")
    assert kinds(cast.dana) == ["hour_begins"]
    assert kinds(users[asks]) == ["hour_begins"]
    change = Change.objects.get()
    assert (change.what, change.before, change.after) == (
        "agreed",
        {"parents_from": None},
        {"parents_from": "17:30"},
    )
    assert (change.by, change.subject_id) == (users[agrees], patient.pk)


def test_parents_are_told_in_words(cast, patient, teen, therapist, parent):
    send(teen, patient, "ask", "17:00")
    send(therapist, patient, "agree", "17:00")
    news = text_of(parent.get(reverse("news")))
    assert "Teen and therapist of Maya R. agreed: parents see today from 5 p.m. on." in news
    send(teen, patient, "end")
    ended = "ended the agreed hour: parents see today of Maya R. all day again."
    assert ended in text_of(parent.get(reverse("news")))
    assert kinds(cast.dana) == ["hour_begins", "hour_ended"]


@pytest.mark.parametrize("who", ["teen", "therapist"])
def test_either_ends_it_at_once(request, cast, patient, who):
    agree_on(patient)
    client = request.getfixturevalue(who)
    page = text_of(client.get(url(patient)))
    assert "Parents see today from 5 p.m. on." in page
    assert send(client, patient, "end").status_code == 302
    assert state(patient) == (None, None, "")
    assert Change.objects.get().after == {"parents_from": None}
    assert kinds(cast.dana) == ["hour_ended"]
    before = rows()
    assert send(client, patient, "end").status_code == 422
    assert rows() == before


def test_another_hour_waits_while_the_first_one_holds(patient, teen, therapist):
    agree_on(patient)
    send(teen, patient, "ask", "19:00")
    assert state(patient) == (time(17), time(19), "patient")
    # A hand on the page of before agrees to nothing.
    before = rows()
    assert send(therapist, patient, "agree", "17:00").status_code == 422
    assert rows() == before
    send(therapist, patient, "ask", "18:00")
    assert state(patient) == (time(17), time(18), "therapist")
    # To ask for what the other one asks for is to agree.
    send(teen, patient, "ask", "18:00")
    assert state(patient) == (time(18), None, "")


@pytest.mark.parametrize(
    ("who", "told", "news"), [("teen", "lee", "hour_taken_back"), ("therapist", "maya", "hour_not_now")]
)
def test_a_question_is_taken_back_or_answered_with_not_now(request, cast, patient, who, told, news):
    Patient.objects.update(parents_from_asked=time(17), parents_from_asked_as="patient")
    client = request.getfixturevalue(who)
    assert ("Take it back" if who == "teen" else "Not now") in text_of(client.get(url(patient)))
    assert send(client, patient, "stop").status_code == 302
    assert state(patient) == (None, None, "")
    assert kinds(getattr(cast, told)) == [news]
    assert kinds(cast.dana) == []
    before = rows()
    assert send(client, patient, "stop").status_code == 422
    assert rows() == before


@pytest.mark.parametrize(
    ("do", "hour"),
    [
        ("ask", ""),
        ("ask", "11:30"),
        ("ask", "22:30"),
        ("ask", "17:10"),
        ("ask", "\x00"),
        ("ask", "five"),
        ("ask", "17:00"),  # so it is already
        ("agree", "17:00"),  # nobody asked
        ("agree", ""),
        ("stop", ""),
        ("", "17:00"),
        ("begin", "17:00"),
    ],
)
def test_what_cannot_be_is_refused(patient, teen, do, hour):
    agree_on(patient)
    before = rows()
    response = send(teen, patient, do, hour)
    assert response.status_code == 422
    assert rows() == before
    assert "alert" in response.text or "invalid-feedback" in response.text


def test_who_may(cast, patient, parent, stranger, client):
    agree_on(patient)
    before = rows()
    for other, status in ((parent, 403), (stranger, 404), (signed_in(cast.omar), 404)):
        assert other.get(url(patient)).status_code == status
        for do in ("ask", "agree", "stop", "end"):
            assert send(other, patient, do, "18:00").status_code == status
    assert client.get(url(patient)).status_code == 302
    assert signed_in(cast.maya).put(url(patient)).status_code == 405
    assert rows() == before


def test_when_the_therapist_left_the_teen_ends_it(cast, patient, teen, parent):
    agree_on(patient)
    cast.patient.team.filter(user=cast.lee).update(until=NOON - timedelta(minutes=1))
    page = text_of(teen.get(url(patient)))
    assert "It stays so until you end it" in page and "Ask for" not in page
    assert send(teen, patient, "ask", "18:00").status_code == 422
    assert parent.get(url(patient)).status_code == 403
    assert send(teen, patient, "end").headers["Location"] == reverse("team", args=[patient.code])
    assert state(patient)[0] is None
    assert teen.get(url(patient)).status_code == 403


def test_the_team_page_says_what_parents_see(patient, teen, parent):
    team = reverse("team", args=[patient.code])
    assert "Sees today from" not in text_of(teen.get(team))
    agree_on(patient)
    for client in (teen, parent):
        assert "Sees today from 5 p.m. on. They always see the week." in text_of(client.get(team))
    assert "Sees a day fill in later, too" in text_of(teen.get(team))
    assert url(patient) in teen.get(team).text
    assert url(patient) not in parent.get(team).text


def test_queries(patient, teen, django_assert_num_queries):
    teen.get(url(patient))
    with django_assert_num_queries(3):
        teen.get(url(patient))


# --- what is hidden ----------------------------------------------------------------------------------------


@pytest.fixture
def world(cast):
    """A furnished record whose day is over and done: nothing of today is in it but what follows."""
    with_time = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    DailyLog.objects.filter(patient=cast.patient).update(day=TODAY - timedelta(days=1))
    Patient.objects.filter(pk=cast.patient.pk).update(last_logged_on=TODAY - timedelta(days=1))
    agree_on(cast.patient)
    yesterday = {"set_on": TODAY - timedelta(days=1)}
    factories.goal(cast.patient, cast.maya, "Lunch with friends", **yesterday)
    lake = factories.goal(cast.patient, cast.maya, "Around the lake", **yesterday)
    factories.step(lake, cast.maya, "Halfway around the lake", **yesterday)
    return with_time


def a_full_day(cast):
    """All targets met, a mark in every part of the check-in, and a timer that runs."""
    own, maya = {"patient": cast.patient, "by": cast.maya}, factories.viewer(cast.patient, cast.maya)
    services.reach_goal(viewer=maya, goal=FunctionGoal.objects.get(text="Lunch with friends"))
    services.reach_step(viewer=maya, step=GoalStep.objects.get(text="Halfway around the lake"))
    factories.session(**own, minutes=137)
    factories.session(**own, strand="exercises", minutes=139)
    for _nth in range(5):
        factories.session(**own, strand="desensitization", minutes=7)
    factories.session(**own, strand="stress", minutes=None)
    marks = {"harder": True, "school": "part", "activities": "yes", "home": "some", "friends": "yes"}
    DailyLog.objects.filter(patient=cast.patient, day=TODAY).update(**marks, bed_at="22:10", up_at="06:50")
    stopwatch.start(viewer=factories.viewer(cast.patient, cast.maya), strand="cardio")


def seen(client, cast, world, names):
    """What each page shows, without what chance made."""
    urls = {name: url_of(cast, world, name) for name in names}
    found = {name: client.get(address) for name, address in urls.items()}
    return {name: (one.status_code, plain(one)) for name, one in found.items()}


def plain(response):
    body = b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()
    return TOKEN.sub("", UUID.sub("", body))


def with_and_without(look, work):
    """What ``look`` sees without the work, and with it; neither leaves anything behind."""
    found = []
    for act in (lambda: None, work):
        with transaction.atomic():
            act()
            found.append(look())
            transaction.set_rollback(True)
        looks.forget()
    return found


CLOSED_PAGES = [name for name in readable("parent") if PAGES[name][0]]


def test_before_the_hour_no_page_tells_a_day_of_work_from_none(cast, world, parent):
    Patient.objects.update(sleep_on=True)

    def look():
        client = signed_in(cast.dana)
        found = seen(client, cast, world, CLOSED_PAGES)
        found["family"] = (200, plain(client.get(reverse("family"))))
        found["year"] = (200, plain(client.get(f"{url_of(cast, world, 'history')}?year=2026")))
        found["copy"] = (200, plain(client.post(url_of(cast, world, "export"))))
        state = client.get(url_of(cast, world, "guided"), headers={"Accept": "application/json"})
        found["state"] = (200, plain(state))
        return found

    without, done = with_and_without(look, lambda: a_full_day(cast))
    assert [name for name in done if done[name] != without[name]] == []


def test_after_the_hour_the_same_pages_tell(cast, world, clock):
    """Else the test before could not fail."""
    clock.move_to(EVENING)

    def look():
        client = signed_in(cast.dana)
        found = seen(client, cast, world, CLOSED_PAGES)
        found["family"] = (200, plain(client.get(reverse("family"))))
        found["copy"] = (200, plain(client.post(url_of(cast, world, "export"))))
        return found

    without, done = with_and_without(look, lambda: a_full_day(cast))
    told = {name for name in done if done[name] != without[name]}
    pages = {
        "goals",
        "patient",
        "patient-today",
        "day",
        "history",
        "grid",
        "timer",
        "calm",
        "function",
        "family",
    }
    assert {*pages, "copy"} <= told


def test_a_teen_who_looks_with_a_parents_eyes_sees_as_little(cast, world):
    link = cast.patient.team.get(user=cast.dana)

    def look():
        client = signed_in(cast.maya)
        kept = client.session
        kept[SEEING_AS] = [str(cast.patient.code), link.pk]
        kept.save()
        return seen(client, cast, world, [name for name in CLOSED_PAGES if name != "cheers"])

    without, done = with_and_without(look, lambda: a_full_day(cast))
    assert [name for name in done if done[name] != without[name]] == []


def test_the_teen_and_the_therapist_see_it_all_the_time(cast, world):
    a_full_day(cast)
    for user in (cast.maya, cast.lee):
        html = signed_in(user).get(url_of(cast, world, "day")).text
        assert 'data-strand="cardio" data-done="137"' in html
        assert "Today opens" not in html


OPENS = "Today opens at 5 p.m., and the week is here."


def test_each_page_says_when_it_opens(cast, world, parent):
    for name in ("patient", "patient-today", "day", "calm"):
        assert OPENS in text_of(parent.get(url_of(cast, world, name))), name
    assert OPENS in text_of(parent.get(reverse("family")))


def test_before_the_hour_parents_see_what_they_entered(cast, world, parent):
    a_full_day(cast)
    own = factories.session(cast.patient, cast.dana, minutes=11)
    for name in ("patient", "patient-today", "day", "grid"):
        body = text_of(parent.get(url_of(cast, world, name)))
        assert re.search(r"\b11\b", body), name
        assert not re.search(r"\b13[79]\b", body), name
    toast = parent.get(f"{reverse('family')}?saved={own.client_id}")
    assert str(own.client_id) in toast.text


def test_the_teens_id_says_nothing_to_a_parent(cast, world, parent):
    session = factories.session(cast.patient, cast.maya, minutes=137)
    for address in (reverse("family"), url_of(cast, world, "day")):
        body = parent.get(f"{address}?saved={session.client_id}")
        assert "137" not in text_of(body)


def test_last_falls_back_to_a_day_before(cast, world):
    a_full_day(cast)
    (card,) = children(cast.dana)
    assert card.last[1] == TODAY - timedelta(days=1)
    DailyLog.objects.filter(patient=cast.patient, day__lt=TODAY).update(sessions=0)
    (card,) = children(cast.dana)
    assert card.last is None
    assert "nothing logged" not in text_of(signed_in(cast.dana).get(reverse("family")))


def test_a_parent_who_is_a_therapist_of_the_child_sees_today_on_family_too(cast, world):
    factories.link(cast.patient, cast.dana, "therapist", discipline="ot")
    (card,) = children(cast.dana)
    assert card.opens_at is None


def test_a_parents_twin_of_an_entry_that_they_do_not_see_is_not_asked_about(cast, world, parent):
    factories.session(cast.patient, cast.maya, minutes=15)
    data = {"id": "7b8ee1a4-0a4c-4f5e-9c39-7a9a7f1dbb01", "day": str(TODAY), "strand": "cardio"}
    data |= {"minutes": "15", "ask_again": "1", "next": "family"}
    response = parent.post(reverse("sessions", args=[cast.patient.code]), data)
    assert response.status_code == 302
    twin = parent.post(reverse("sessions", args=[cast.patient.code]), data | {"id": data["id"][:-1] + "2"})
    assert twin.status_code == 200
    assert cast.patient.sessions.filter(daily_log__day=TODAY).count() == 2


# --- the timer ---------------------------------------------------------------------------------------------


def test_a_timer_that_the_teen_started_is_not_there_for_a_parent(cast, world, parent, clock):
    watch, _started = stopwatch.start(viewer=factories.viewer(cast.patient, cast.maya), strand="cardio")
    timer, act = (url_of(cast, world, name) for name in ("timer", "timer-act"))
    before = rows()
    assert "Stop and save" not in parent.get(timer).text
    assert parent.post(act, {"id": watch.client_id, "do": "stop"}).status_code == 404
    assert "Nothing is running." in text_of(parent.post(act, {"do": "stop"}, follow=True))
    for name, data in (("timer", {"strand": "exercises"}), ("guided", {})):
        answer = parent.post(url_of(cast, world, name), data)
        assert answer.headers["Location"] == url_of(cast, world, "session-new"), name
    assert "The timer cannot be used right now." in text_of(parent.get(url_of(cast, world, "session-new")))
    assert rows() == before
    clock.move_to(EVENING)
    assert "Stop and save" in parent.get(timer).text


def test_a_parent_sees_and_stops_the_timer_that_they_started(cast, world, parent):
    stopwatch.start(viewer=factories.viewer(cast.patient, cast.dana), strand="cardio", minutes_ago=9)
    assert "Stop" in parent.get(url_of(cast, world, "timer")).text
    parent.post(url_of(cast, world, "timer-act"), {"do": "stop"})
    assert cast.patient.sessions.get(daily_log__day=TODAY).minutes == 9


# --- cost --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["patient", "day", "history", "grid", "family"])
def test_a_hidden_day_costs_one_query_more_at_most(cast, world, name):
    a_full_day(cast)
    address = reverse("family") if name == "family" else url_of(cast, world, name)
    counts = []
    for parents_from in (None, time(17)):
        agree_on(cast.patient, parents_from)
        client = signed_in(cast.dana)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        counts.append(len(asked))
    assert counts[1] <= counts[0] + 1
