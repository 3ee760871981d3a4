"""The timer: what runs is on the server, and becomes one session, however often it is stopped."""

import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from exercises import days
from exercises.days import Recorded
from exercises.models import RoutineSlot, Stopwatch, TherapySession
from exercises.queries import stopwatch as queries
from exercises.services import sessions, stopwatch
from exercises.services.stopwatch import Answer
from exercises.templatetags.clocks import digits, hold_words
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

# A Friday, noon in Chicago.
NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def at(time_machine):
    def moved(**later):
        time_machine.move_to(NOON + timedelta(**later), tick=False)

    return moved


@pytest.fixture
def maya(cast, patient):
    return factories.viewer(patient, cast.maya)


@pytest.fixture
def watch(maya):
    return stopwatch.start(viewer=maya, strand="cardio")[0]


def url(patient, name="timer", query=""):
    return reverse(name, args=[patient.code]) + query


def do(client, watch, what, **fields):
    return client.post(url(watch.patient, "timer-act"), {"id": str(watch.client_id), "do": what} | fields)


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)][-1:]


# --- the service ---


def test_minutes_are_what_ran_without_the_pauses(maya, watch, at):
    at(minutes=4)
    stopwatch.pause(viewer=maya, client_id=watch.client_id)
    at(minutes=10)
    stopwatch.resume(viewer=maya, client_id=watch.client_id)
    at(minutes=16, seconds=29)
    ended = stopwatch.stop(viewer=maya, client_id=watch.client_id)
    assert ended.now
    session = ended.session
    assert (session.minutes, session.source, session.strand, session.entered_as) == (
        10,
        "timer",
        "cardio",
        "patient",
    )
    assert (session.started_at, session.recorded_at) == (NOON, NOON + timedelta(minutes=16, seconds=29))
    assert session.client_id == watch.client_id
    assert session.daily_log.day == TODAY
    assert session.daily_log.cardio == 10


@pytest.mark.parametrize(("seconds", "minutes"), [(1, 1), (89, 1), (90, 2), (240 * 60, 240)])
def test_seconds_round_half_up_and_are_one_minute_at_least(maya, watch, at, seconds, minutes):
    at(seconds=seconds)
    assert stopwatch.stop(viewer=maya, client_id=watch.client_id).session.minutes == minutes


def test_a_stop_while_it_pauses_counts_up_to_the_pause(maya, watch, at):
    at(minutes=7)
    stopwatch.pause(viewer=maya, client_id=watch.client_id)
    at(minutes=30)
    assert stopwatch.stop(viewer=maya, client_id=watch.client_id).session.minutes == 7


def test_stopped_twice_is_one_session(cast, patient, maya, watch, at):
    at(minutes=5)
    first = stopwatch.stop(viewer=maya, client_id=watch.client_id)
    at(minutes=9)
    dana = factories.viewer(patient, cast.dana)
    second = stopwatch.stop(viewer=dana, client_id=watch.client_id)
    assert (first.now, second.now) == (True, False)
    assert second.session == first.session
    assert TherapySession.objects.get().minutes == 5
    third = stopwatch.leave(viewer=maya, client_id=watch.client_id)
    assert (third.now, third.session) == (False, first.session)


def test_pausing_and_going_on_twice_change_nothing_more(maya, watch, at):
    at(minutes=2)
    stopwatch.pause(viewer=maya, client_id=watch.client_id)
    at(minutes=3)
    stopwatch.pause(viewer=maya, client_id=watch.client_id)
    at(minutes=6)
    stopwatch.resume(viewer=maya, client_id=watch.client_id)
    at(minutes=8)
    stopwatch.resume(viewer=maya, client_id=watch.client_id)
    watch.refresh_from_db()
    assert (watch.paused_at, watch.paused_seconds) == (None, 240)


def test_one_runs_at_a_time(cast, patient, maya, watch):
    again, started = stopwatch.start(viewer=factories.viewer(patient, cast.dana), strand="exercises")
    assert (again, started) == (watch, False)
    assert Stopwatch.objects.get().strand == "cardio"
    other, started = stopwatch.start(viewer=factories.viewer(cast.other, cast.noor), strand="cardio")
    assert started
    assert other.patient == cast.other


def test_what_is_over_stays_as_it_is(maya, watch, at):
    at(minutes=5)
    stopwatch.leave(viewer=maya, client_id=watch.client_id)
    before = rows()
    at(minutes=9)
    stopwatch.pause(viewer=maya, client_id=watch.client_id)
    stopwatch.resume(viewer=maya, client_id=watch.client_id)
    stopwatch.set_earlier(viewer=maya, client_id=watch.client_id, minutes_ago=60)
    assert not stopwatch.stop(viewer=maya, client_id=watch.client_id).now
    assert rows() == before
    assert not TherapySession.objects.exists()


def test_a_forgotten_start_makes_it_longer_and_never_shorter(maya, watch, at):
    at(minutes=3)
    watch, changed = stopwatch.set_earlier(viewer=maya, client_id=watch.client_id, minutes_ago=12)
    assert (changed, watch.started_at) == (True, NOON - timedelta(minutes=9))
    watch, changed = stopwatch.set_earlier(viewer=maya, client_id=watch.client_id, minutes_ago=10)
    assert (changed, watch.started_at) == (False, NOON - timedelta(minutes=9))
    assert stopwatch.stop(viewer=maya, client_id=watch.client_id).session.minutes == 12


def test_what_was_chosen_at_the_start_is_in_the_session(cast, patient, maya, at):
    slot = RoutineSlot.objects.create(patient=patient, name="after school", at="15:00")
    towel = factories.activity("Towel rub", "desensitization")
    watch, _started = stopwatch.start(
        viewer=maya,
        strand="desensitization",
        activity=towel,
        slot=slot,
        body_areas=("left_foot",),
        texture="towel",
    )
    at(minutes=5)
    session = stopwatch.stop(viewer=maya, client_id=watch.client_id).session
    assert (session.activity, session.slot, session.body_areas, session.texture) == (
        towel,
        slot,
        ["left_foot"],
        "towel",
    )


def test_exercises_on_a_rough_surface_become_two_in_the_same_minutes(maya, at):
    watch, _started = stopwatch.start(viewer=maya, strand="exercises", rough=True)
    at(minutes=11)
    session = stopwatch.stop(viewer=maya, client_id=watch.client_id).session
    assert (session.together.strand, session.together.minutes, session.together.source) == (
        "desensitization",
        11,
        "timer",
    )


def test_a_session_sent_under_its_id_stands(cast, patient, maya, watch, at):
    at(minutes=5)
    viewer = factories.viewer(patient, cast.dana)
    sessions.record_session(
        viewer=viewer,
        client_id=watch.client_id,
        bout=sessions.Bout(TODAY, "stress"),
        recorded=Recorded(NOON),
        source="tap",
    )
    ended = stopwatch.stop(viewer=maya, client_id=watch.client_id)
    assert (ended.session.strand, TherapySession.objects.count()) == ("stress", 1)


# --- days, zones, clocks that change ---

NIGHTS = [
    # Forward: from 1:50 to 3:20 are thirty minutes. Back: from 1:50 to 1:20 are thirty, too.
    ("America/New_York", datetime(2026, 3, 8, 6, 50, tzinfo=UTC), date(2026, 3, 8)),
    ("America/New_York", datetime(2026, 11, 1, 5, 50, tzinfo=UTC), date(2026, 11, 1)),
    ("Europe/Berlin", datetime(2026, 10, 25, 0, 50, tzinfo=UTC), date(2026, 10, 25)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 50, tzinfo=UTC), date(2026, 4, 5)),
]


@pytest.mark.parametrize(("zone", "start", "day"), NIGHTS)
def test_a_night_that_changes_the_clock_changes_no_minutes(cast, time_machine, zone, start, day):
    patient = factories.patient(zone=zone)
    factories.link(patient, cast.sam, "patient")
    viewer = factories.viewer(patient, cast.sam)
    time_machine.move_to(start, tick=False)
    watch, _started = stopwatch.start(viewer=viewer, strand="cardio")
    wall = datetime.astimezone
    offsets = {wall(start + timedelta(minutes=n), days._zone(zone)).utcoffset() for n in (0, 30)}
    assert len(offsets) == 2  # the clock did change in between
    time_machine.move_to(start + timedelta(minutes=30), tick=False)
    session = stopwatch.stop(viewer=viewer, client_id=watch.client_id).session
    assert (session.minutes, session.daily_log.day, session.zone) == (30, day, zone)


def test_over_four_hours_somebody_is_asked(maya, watch, at):
    at(hours=4, minutes=1)
    ended = stopwatch.stop(viewer=maya, client_id=watch.client_id)
    assert (ended.asks, ended.session, ended.watch.paused_at) == (True, None, NOON + timedelta(minutes=241))
    assert not TherapySession.objects.exists()
    at(hours=5)
    assert queries.guess(maya, ended.watch, NOON + timedelta(hours=5)) == queries.Guess(240, TODAY)
    session = stopwatch.stop(viewer=maya, client_id=watch.client_id, answer=Answer(35, TODAY)).session
    # Said from memory, so it says so.
    assert (session.minutes, session.source, session.started_at) == (35, "typed", NOON)


def test_a_start_on_the_day_before_is_asked_about(maya, cast, patient, time_machine):
    late = datetime(2026, 11, 21, 5, 50, tzinfo=UTC)  # 23:50 in Chicago
    time_machine.move_to(late, tick=False)
    watch, _started = stopwatch.start(viewer=maya, strand="cardio")
    time_machine.move_to(late + timedelta(minutes=20), tick=False)
    ended = stopwatch.stop(viewer=maya, client_id=watch.client_id)
    assert ended.asks
    guess = queries.guess(maya, ended.watch, late + timedelta(minutes=20))
    assert guess == queries.Guess(20, TODAY)
    answer = Answer(guess.minutes, guess.day)
    session = stopwatch.stop(viewer=maya, client_id=watch.client_id, answer=answer).session
    # What the clock says is the clock's.
    assert (session.minutes, session.source, session.added_later) == (20, "timer", True)
    assert (session.daily_log.day, session.started_at) == (TODAY, late)


def test_a_day_start_after_midnight_keeps_it_in_one_day(cast, patient, time_machine):
    patient.day_start = 3
    patient.save()
    maya = factories.viewer(patient, cast.maya)
    late = datetime(2026, 11, 21, 5, 50, tzinfo=UTC)
    time_machine.move_to(late, tick=False)
    watch, _started = stopwatch.start(viewer=maya, strand="cardio")
    time_machine.move_to(late + timedelta(minutes=20), tick=False)
    session = stopwatch.stop(viewer=maya, client_id=watch.client_id).session
    assert (session.minutes, session.daily_log.day) == (20, TODAY)


def test_a_start_too_far_back_is_kept_on_a_day_that_can_be_logged(maya, patient, watch, at):
    at(days=9)
    ended = stopwatch.stop(viewer=maya, client_id=watch.client_id)
    assert ended.asks
    today = patient.today()
    assert queries.guess(maya, ended.watch, NOON + timedelta(days=9)).day == today
    session = stopwatch.stop(viewer=maya, client_id=watch.client_id, answer=Answer(15, today)).session
    # Its start was on another day: the session says nothing of it.
    assert (session.daily_log.day, session.started_at) == (today, None)


# --- the pages ---


def test_a_teen_starts_and_stops_it(patient, teen, at):
    assert "Start a timer" in teen.get(url(patient, query="?strand=cardio")).text
    started = teen.post(url(patient), {"strand": "cardio"})
    assert started["Location"] == url(patient)
    at(minutes=6, seconds=12)
    text = teen.get(url(patient)).text
    for words in ("It runs", "Cardio", "6:12", "Started at noon · 6 min"):
        assert words in text, words
    assert 'data-seconds="372" data-runs="yes"' in text
    watch = Stopwatch.objects.get()
    stopped = do(teen, watch, "stop")
    session = TherapySession.objects.get()
    assert stopped["Location"] == f"{reverse('today')}?saved={session.client_id}"
    assert "Cardio saved." in teen.get(stopped["Location"]).text
    again = do(teen, watch, "stop")
    assert again["Location"] == reverse("today")
    assert "It was stopped already. 6 min are saved." in teen.get(again["Location"]).text
    assert TherapySession.objects.count() == 1


def test_a_pause_stands_still_on_the_page(teen, watch, at):
    at(minutes=2)
    assert do(teen, watch, "pause")["Location"] == url(watch.patient, query=f"?id={watch.client_id}")
    at(minutes=60)
    text = teen.get(url(watch.patient)).text
    assert 'data-seconds="120" data-runs="no"' in text
    assert "Paused" in text
    assert 'value="resume"' in text
    do(teen, watch, "resume")
    at(minutes=61)
    assert 'data-seconds="180" data-runs="yes"' in teen.get(url(watch.patient)).text


def test_the_page_of_one_that_another_device_stopped_says_so(cast, teen, watch, at):
    at(minutes=5)
    assert do(signed_in(cast.maya), watch, "stop").status_code == 302
    text = teen.get(url(watch.patient, query=f"?id={watch.client_id}")).text
    assert "Stopped" in text
    assert "5 min are saved." in text
    assert 'data-live="no"' in text
    assert "Start a timer" in teen.get(url(watch.patient)).text


def test_leaving_is_asked_about_once_and_keeps_the_row(teen, watch, at):
    at(minutes=5)
    asked = do(teen, watch, "leave")
    assert asked["Location"] == url(watch.patient, query="?leave=1")
    assert "nothing of it would be kept" in teen.get(asked["Location"]).text
    watch.refresh_from_db()
    assert watch.ended_at is None
    left = do(teen, watch, "leave", sure="yes")
    assert said(left) == ["Left. Nothing was saved."]
    watch.refresh_from_db()
    assert watch.ended_at == NOON + timedelta(minutes=5)
    assert watch.session is None
    assert not TherapySession.objects.exists()
    assert said(do(teen, watch, "leave")) == ["It was left already. Nothing was saved."]


def test_a_forgotten_start_is_typed_in_minutes(teen, watch):
    assert do(teen, watch, "earlier", ago="10").status_code == 302
    watch.refresh_from_db()
    assert watch.started_at == NOON - timedelta(minutes=10)
    assert said(do(teen, watch, "earlier", ago="5")) == ["It has been running for as long as that already."]


@pytest.mark.parametrize(
    ("ago", "reason"),
    [
        ("", "This field is required."),
        ("0", "greater than or equal to 1"),
        ("-5", "greater than or equal to 1"),
        ("2500", "further back than can be added here"),
        ("99999", "less than or equal to"),
        ("ten", "Enter a whole number."),
    ],
)
def test_a_start_that_cannot_be_is_refused_at_the_field(teen, watch, ago, reason):
    before = rows()
    answer = do(teen, watch, "earlier", ago=ago)
    assert answer.status_code == 422
    assert reason in answer.text
    assert f'value="{ago}"' in answer.text or not ago
    assert rows() == before


def test_how_long_it_really_was(teen, watch, at):
    at(hours=30)
    asked = do(teen, watch, "stop")
    assert asked["Location"] == url(watch.patient, query="?ask=1")
    text = teen.get(asked["Location"]).text
    assert 'value="240"' in text
    assert 'value="2026-11-20"' in text
    assert 'data-runs="yes"' not in teen.get(url(watch.patient)).text
    refused = do(teen, watch, "stop", minutes="900", day="2026-11-01")
    assert refused.status_code == 422
    assert "less than or equal to 240" in refused.text
    assert "further back than can be added here" in refused.text
    assert not TherapySession.objects.exists()
    kept = do(teen, watch, "stop", minutes="25", day="2026-11-20")
    assert "?saved=" in kept["Location"]
    session = TherapySession.objects.get()
    assert (session.minutes, session.daily_log.day) == (25, TODAY)
    # Sent once more, from a page that was open still.
    assert said(do(teen, watch, "stop", minutes="90", day="2026-11-20")) == [
        "It was stopped already. 25 min are saved."
    ]
    assert TherapySession.objects.get().minutes == 25


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("strand", ""),
        ("strand", "stress"),
        ("strand", "pain"),
        ("ago", "-1"),
        ("ago", "5000"),
        ("body_areas", "head"),
        ("texture", "sand"),
        ("rough", "on"),
    ],
)
def test_a_start_with_something_wrong_is_refused(patient, teen, field, value):
    before = rows()
    answer = teen.post(url(patient), {"strand": "cardio"} | {field: value})
    assert answer.status_code == 422
    assert "invalid" in answer.text or "alert" in answer.text
    assert rows() == before


def test_rows_of_others_are_no_choice(cast, patient, teen):
    slot = RoutineSlot.objects.create(patient=cast.other, name="theirs", at="07:00")
    own = factories.activity("Own", "desensitization", owner=cast.kim)
    wrong_strand = factories.activity("Run", "cardio")
    before = rows()
    for field, row in (("slot", slot), ("activity", own), ("activity", wrong_strand)):
        data = {"strand": "desensitization", field: row.pk}
        assert teen.post(url(patient), data).status_code == 422
    assert rows() == before


def test_a_second_start_leads_to_the_one_that_runs(teen, watch):
    answer = teen.post(url(watch.patient), {"strand": "desensitization"})
    assert answer.status_code == 302
    assert said(answer) == ["This one runs already. Stop it before you start another."]
    assert Stopwatch.objects.get() == watch


def test_buttons_without_anything_running(patient, teen, cast):
    answer = teen.post(url(patient, "timer-act"), {"do": "stop"})
    assert (answer.status_code, said(answer)) == (302, ["Nothing is running."])
    for foreign in (uuid.uuid4(), "no-id"):
        data = {"do": "stop", "id": str(foreign)}
        assert teen.post(url(patient, "timer-act"), data).status_code == 404
    theirs, _started = stopwatch.start(viewer=factories.viewer(cast.other, cast.noor), strand="cardio")
    before = rows()
    for what in ("stop", "pause", "leave"):
        data = {"do": what, "id": str(theirs.client_id), "sure": "yes"}
        assert teen.post(url(patient, "timer-act"), data).status_code == 404
    assert rows() == before


def test_an_unknown_button_changes_nothing(teen, watch):
    before = rows()
    assert do(teen, watch, "win").status_code == 422
    assert rows() == before


# --- who sees what ---


def test_a_parent_sees_that_it_runs_and_no_clock_time(cast, patient, parent, watch, at):
    at(minutes=6, seconds=12)
    text = parent.get(url(patient)).text
    assert "It runs" in text
    assert "6 min" in text
    for hidden in ("6:12", "372", "Started at", "noon", "data-seconds"):
        assert hidden not in text.split('id="main"')[1], hidden


def test_a_parent_stops_it_as_a_parent(cast, patient, parent, watch, at):
    at(minutes=5)
    answer = do(parent, watch, "stop")
    session = TherapySession.objects.get()
    assert answer["Location"] == reverse("patient-today", args=[patient.code]) + f"?saved={session.client_id}"
    assert (session.entered_by, session.entered_as) == (cast.dana, "parent")


def test_a_therapist_times_it_in_the_room(cast, patient, therapist, at):
    therapist.post(url(patient), {"strand": "exercises"})
    watch = Stopwatch.objects.get()
    at(minutes=8)
    do(therapist, watch, "stop")
    assert TherapySession.objects.get().entered_as == "therapist"


def test_a_stranger_knows_of_nothing(stranger, watch):
    before = rows()
    assert stranger.get(url(watch.patient)).status_code == 404
    assert do(stranger, watch, "stop").status_code == 404
    assert rows() == before


def test_the_clock_can_be_hidden(patient, teen, watch):
    assert '<details class="more clock" open>' in teen.get(url(patient)).text
    patient.timer_hidden = True
    patient.save()
    text = teen.get(url(patient)).text
    assert '<details class="more clock">' in text
    assert "It runs" in text


def test_today_has_it_on_top(patient, teen, parent, watch, at):
    at(minutes=6)
    for text in (teen.get(reverse("today")).text, parent.get(url(patient, "patient-today")).text):
        assert 'id="running"' in text
        assert "It runs · 6 min" in text
        # It is the next thing: nothing else is offered beside it.
        assert 'id="next-up"' not in text


def test_the_next_card_starts_it(cast, patient, teen):
    slot = RoutineSlot.objects.create(patient=patient, name="at noon", at="12:00")
    text = teen.get(reverse("today") + "?offer=desensitization").text
    assert "Start timer" in text
    assert f'<input type="hidden" name="slot" value="{slot.pk}">' in text
    assert reverse("guided", args=[patient.code]) in teen.get(reverse("today") + "?offer=exercises").text


@pytest.mark.parametrize("others", [0, 30])
def test_the_page_asks_the_database_a_fixed_number_of_questions(
    cast, patient, teen, watch, django_assert_num_queries, others
):
    for _one in range(others):
        old, _started = stopwatch.start(viewer=factories.viewer(cast.other, cast.noor), strand="cardio")
        stopwatch.leave(viewer=factories.viewer(cast.other, cast.noor), client_id=old.client_id)
    teen.get(url(patient))
    with django_assert_num_queries(4):
        teen.get(url(patient))


# --- quiet hours ---

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "off"),
    [
        (MONDAY, 7, 59, False),
        (MONDAY, 8, 0, True),
        (MONDAY, 14, 59, True),
        (MONDAY, 15, 0, False),
        (TODAY, 12, 0, True),
        (MONDAY - timedelta(days=1), 12, 0, False),
        (MONDAY - timedelta(days=2), 12, 0, False),
    ],
)
def test_the_chime_is_off_at_school(patient, day, hour, minute, off):
    zone = days._zone(patient.zone)
    patient.refresh_from_db()
    assert (
        queries.chime_is_off(patient, datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone))
        is off
    )


def test_the_chime_is_off_for_who_wants_none_and_on_without_school(patient):
    patient.refresh_from_db()
    patient.school_from = None
    assert not queries.chime_is_off(patient, NOON)
    patient.chime = False
    assert queries.chime_is_off(patient, NOON)


def test_a_body_area_that_is_none_is_refused(maya):
    with pytest.raises(ValidationError):
        stopwatch.start(viewer=maya, strand="desensitization", body_areas=("wing",))
    assert not Stopwatch.objects.exists()


def test_a_page_that_looks_by_itself_keeps_nobody_signed_in(patient, teen, watch, at):
    teen.get(url(patient))
    seen = teen.session["seen_at"]
    at(hours=1)
    teen.get(url(patient), headers={"X-By-Itself": "1"})
    assert teen.session["seen_at"] == seen
    teen.post(url(patient), {"strand": "cardio"}, headers={"X-By-Itself": "1"})
    assert teen.session["seen_at"] > seen


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (9, "0:09"), (372, "6:12"), (3600, "1:00:00"), (4000, "1:06:40")]
)
def test_seconds_as_digits(seconds, text):
    assert digits(seconds) == text


@pytest.mark.parametrize(("hold", "text"), [(5, "5 s"), (60, "1 min"), (90, "90 s"), (600, "10 min")])
def test_holds_in_words(hold, text):
    assert hold_words(SimpleNamespace(hold=hold)) == text
