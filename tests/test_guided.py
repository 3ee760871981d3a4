"""A guided session: one exercise at a time, where one is on the server, and one session at the end."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from exercises.models import DailyLog, Stopwatch, TherapySession
from exercises.queries import guided as queries
from exercises.services import guided, stopwatch
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
TODAY = date(2026, 11, 20)
JSON = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def at(time_machine):
    def moved(**later):
        time_machine.move_to(NOON + timedelta(**later), tick=False)

    return moved


@pytest.fixture
def items(patient):
    """A set of eight, three holds, one without a dose."""
    program = patient.programs.get()
    squat = factories.activity("Squat", how_to="Stand.\nBend your knees.", safety="Heels down.")
    squat.video = "https://example.org/squat"
    squat.save()
    return [
        factories.item(program, squat, order=1, sets=2, reps=8, words="Slowly"),
        factories.item(
            program, factories.activity("Wall sit"), order=2, sets=3, hold_seconds=20, side="each"
        ),
        factories.item(program, factories.activity("Walk the line"), order=3),
    ]


@pytest.fixture
def maya(cast, patient):
    return factories.viewer(patient, cast.maya)


@pytest.fixture
def watch(maya, items):
    page = queries.start_page(maya, NOON)
    return stopwatch.start(
        viewer=maya, strand="exercises", source="guided", program=page.program, step=page.first
    )[0]


def url(patient, name="guided", query=""):
    return reverse(name, args=[patient.code]) + query


def do(client, watch, what, headers=None, **fields):
    data = {"id": str(watch.client_id), "do": what} | {name: str(value) for name, value in fields.items()}
    return client.post(url(watch.patient, "guided-act"), data, headers=headers)


def through(client, watch, *sets):
    """So many sets of each exercise, one after the other; None goes on without one."""
    for step, done in enumerate(sets):
        for number in range(1, (done or 0) + 1):
            answer = do(client, watch, "set", step=step, sets=number)
        if not done:
            answer = do(client, watch, "next", step=step)
    return answer


# --- what it becomes ---


def test_it_ends_as_one_session_with_what_was_done(cast, patient, teen, items, watch, at):
    at(minutes=9, seconds=40)
    answer = through(teen, watch, 2, 3, 1)
    session = TherapySession.objects.get()
    assert answer["Location"] == f"{reverse('today')}?saved={session.client_id}"
    assert (session.strand, session.minutes, session.source, session.started_at) == (
        "exercises",
        10,
        "guided",
        NOON,
    )
    done = session.items.order_by("pk").values_list("program_item_id", "sets", "reps", "hold_seconds")
    assert list(done) == [
        (items[0].pk, 2, 8, None),
        (items[1].pk, 3, None, 20),
        (items[2].pk, None, None, None),
    ]
    watch.refresh_from_db()
    assert (watch.session, watch.ended_at) == (session, NOON + timedelta(minutes=9, seconds=40))


def test_rests_count_and_pauses_do_not(teen, watch, at):
    do(teen, watch, "set", step=0, sets=1)
    at(minutes=5)
    do(teen, watch, "pause")
    at(minutes=25)
    do(teen, watch, "resume")
    at(minutes=30)
    do(teen, watch, "stop")
    assert TherapySession.objects.get().minutes == 10


def test_buttons_without_a_signal_count_from_when_they_were_pressed(teen, watch, at):
    """A phone kept them for 36 minutes: paused after 4, on after 9, stopped after 14."""
    at(minutes=40)
    do(teen, watch, "set", step=0, sets=1, waited=39 * 60)
    do(teen, watch, "pause", waited=36 * 60)
    do(teen, watch, "resume", waited=31 * 60)
    do(teen, watch, "stop", waited=26 * 60)
    session = TherapySession.objects.get()
    assert (session.minutes, session.source) == (9, "guided")
    assert session.recorded_at == NOON + timedelta(minutes=14)


def test_the_last_set_without_a_signal_ends_it_when_it_was_done(teen, watch, at):
    at(minutes=40)
    through(teen, watch, 2, None)
    do(teen, watch, "set", step=2, sets=1, waited=30 * 60)
    assert TherapySession.objects.get().minutes == 10


@pytest.mark.parametrize(("waited", "minutes"), [("x", 40), ("-5", 40), ("9" * 30, 40), (3600, 1)])
def test_a_wait_that_cannot_be_never_reaches_before_the_start(teen, watch, at, waited, minutes):
    at(minutes=40)
    do(teen, watch, "stop", waited=waited)
    assert TherapySession.objects.get().minutes == minutes


def test_what_was_skipped_is_no_item_and_a_part_is_one(patient, teen, items, watch, at):
    at(minutes=6)
    do(teen, watch, "set", step=0, sets=1)
    do(teen, watch, "next", step=0)
    do(teen, watch, "next", step=1)
    do(teen, watch, "set", step=2, sets=1)
    session = TherapySession.objects.get()
    assert list(session.items.values_list("activity__name", "sets")) == [
        ("Squat", 1),
        ("Walk the line", None),
    ]
    watch.refresh_from_db()
    assert [(entry["item"], entry["sets"], entry["skipped"]) for entry in watch.done] == [
        (items[0].pk, 1, False),
        (items[1].pk, 0, True),
        (items[2].pk, 1, False),
    ]


def test_stopping_any_time_keeps_what_was_done(teen, watch, at):
    do(teen, watch, "set", step=0, sets=1)
    at(minutes=2)
    assert "?saved=" in do(teen, watch, "stop")["Location"]
    session = TherapySession.objects.get()
    assert (session.minutes, session.items.get().sets) == (2, 1)
    again = do(teen, watch, "stop")
    assert "It was stopped already. 2 min are saved." in teen.get(again["Location"]).text
    assert TherapySession.objects.count() == 1


def test_with_nothing_done_the_end_asks_and_keeps_nothing_by_itself(patient, teen, watch, at):
    at(minutes=1)
    answer = through(teen, watch, None, None, None)
    assert answer["Location"].startswith(url(patient))
    text = teen.get(answer["Location"]).text
    assert "That was the last one" in text
    assert "No set was marked as done." in text
    assert not TherapySession.objects.exists()
    do(teen, watch, "back", step=3)
    do(teen, watch, "set", step=2, sets=1)
    assert TherapySession.objects.get().items.get().activity.name == "Walk the line"


def test_back_and_forth_keeps_the_sets(teen, watch):
    do(teen, watch, "set", step=0, sets=2)
    do(teen, watch, "back", step=1)
    watch.refresh_from_db()
    assert watch.step == 0
    text = teen.get(url(watch.patient)).text
    assert "All sets are done." in text
    assert ">Next exercise<" in text
    do(teen, watch, "next", step=0)
    watch.refresh_from_db()
    assert (watch.step, watch.done[0]["sets"]) == (1, 2)


def test_a_rough_surface_counts_for_both(patient, teen, items, at):
    teen.post(url(patient), {"rough": "on"})
    watch = Stopwatch.objects.get()
    assert watch.rough
    at(minutes=8)
    assert "on a rough surface" in teen.get(url(patient)).text
    through(teen, watch, 2, 3, 1)
    row = DailyLog.objects.get()
    assert (row.exercise_minutes, row.desensitization, row.sessions) == (8, 1, 2)


def test_a_program_without_desensitization_has_no_rough_surface(patient, teen, items):
    assert 'name="rough"' in teen.get(url(patient)).text
    patient.programs.update(desensitization=None)
    assert 'name="rough"' not in teen.get(url(patient)).text
    teen.post(url(patient), {"rough": "on"})
    assert not Stopwatch.objects.get().rough


def test_over_night_somebody_is_asked_how_long_it_was(patient, teen, watch, at):
    through(teen, watch, 2, 3)
    at(hours=13)
    answer = do(teen, watch, "set", step=2, sets=1)
    assert answer["Location"] == url(patient, "timer", "?ask=1")
    assert "How long was it really?" in teen.get(answer["Location"]).text
    assert not TherapySession.objects.exists()
    data = {"id": str(watch.client_id), "do": "stop", "minutes": "20", "day": "2026-11-20"}
    teen.post(url(patient, "timer-act"), data)
    session = TherapySession.objects.get()
    assert (session.minutes, session.items.count(), session.daily_log.day) == (20, 3, TODAY)


# --- where one is ---


def test_the_end_says_that_nothing_was_done_only_where_nothing_was(teen, watch):
    words = "No set was marked as done."
    assert words in teen.get(url(watch.patient)).text
    do(teen, watch, "set", step=0, sets=1)
    assert words not in teen.get(url(watch.patient)).text


def test_it_goes_on_where_it_was_on_another_device(cast, patient, teen, watch):
    do(teen, watch, "set", step=0, sets=2)
    do(teen, watch, "set", step=1, sets=1)
    text = signed_in(cast.maya).get(url(patient)).text
    assert 'data-at="1"' in text
    assert "Set 2 of 3 · done" in text
    shown = [
        part for part in text.split("<section")[1:] if "data-step" in part and " hidden>" not in part[:400]
    ]
    assert len(shown) == 1
    assert "Wall sit" in shown[0]


def test_a_move_sent_twice_counts_once(teen, watch):
    for _twice in range(2):
        do(teen, watch, "set", step=0, sets=1)
    watch.refresh_from_db()
    assert (watch.step, watch.done[0]["sets"]) == (0, 1)
    for _twice in range(2):
        do(teen, watch, "next", step=0)
    watch.refresh_from_db()
    assert watch.step == 1
    for _twice in range(2):
        do(teen, watch, "back", step=1)
    watch.refresh_from_db()
    assert watch.step == 0


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("set", {"step": 1, "sets": 1}),
        ("set", {"step": 99, "sets": 1}),
        ("next", {"step": 2}),
        ("back", {"step": 0}),
        ("back", {"step": 1}),
    ],
)
def test_a_move_about_another_step_changes_nothing(teen, watch, what, fields):
    before = rows()
    assert do(teen, watch, what, **fields).status_code == 302
    assert rows() == before


def test_more_sets_than_there_are_count_as_all(teen, watch):
    do(teen, watch, "set", step=0, sets=20)
    watch.refresh_from_db()
    assert (watch.step, watch.done[0]["sets"]) == (1, 2)


def test_a_move_after_the_end_changes_nothing(patient, teen, watch, at):
    at(minutes=3)
    through(teen, watch, 2, 3, 1)
    before = rows()
    for what, fields in (("set", {"step": 2, "sets": 1}), ("next", {"step": 0}), ("back", {"step": 3})):
        assert do(teen, watch, what, **fields)["Location"] == reverse("today")
    assert rows() == before
    assert TherapySession.objects.count() == 1


def test_a_second_start_goes_on_with_what_runs(patient, teen, watch):
    do(teen, watch, "set", step=0, sets=2)
    before = rows()
    assert teen.post(url(patient))["Location"] == url(patient, query=f"?id={watch.client_id}")
    assert rows() == before


def test_a_plain_timer_that_runs_is_gone_on_with(patient, teen, items, maya):
    stopwatch.start(viewer=maya, strand="cardio")
    assert teen.get(url(patient))["Location"] == url(patient, "timer")
    assert teen.post(url(patient))["Location"].startswith(url(patient, "timer"))
    assert Stopwatch.objects.get().strand == "cardio"


def test_the_timer_page_leads_to_the_guided_session(patient, teen, watch):
    assert teen.get(url(patient, "timer"))["Location"] == url(patient)
    assert "Leave without saving?" in teen.get(url(patient, "timer", "?leave=1")).text


def test_it_begins_with_what_today_has_not_seen(patient, teen, maya, items, watch, at):
    do(teen, watch, "set", step=0, sets=2)
    at(minutes=5)
    do(teen, watch, "stop")
    text = teen.get(url(patient)).text
    assert text.index("Squat") < text.index("go on here")
    teen.post(url(patient))
    assert Stopwatch.objects.get(ended_at=None).step == 1
    # Taken back, it is not done.
    session = TherapySession.objects.get()
    teen.post(reverse("session-void", args=[patient.code, session.client_id]))
    assert queries.start_page(maya, NOON).first == 0


def test_a_revised_program_knows_what_was_done_by_the_activity(cast, patient, maya, items):
    factories.session(patient, cast.maya, "exercises", 5, items=(items[0],))
    version = factories.program(patient, starts_on=TODAY)
    for item in items:
        factories.item(version, item.activity, order=item.order)
    assert queries.start_page(maya, NOON).first == 1


def test_all_done_begins_at_the_start_again(cast, patient, maya, items):
    factories.session(patient, cast.maya, "exercises", 5, items=tuple(items))
    assert queries.start_page(maya, NOON).first == 0


def test_a_program_without_exercises_offers_the_timer(patient, teen):
    text = teen.get(url(patient)).text
    assert "No exercises in the program yet" in text
    assert url(patient, "timer", "?strand=exercises") in text
    before = rows()
    assert teen.post(url(patient)).status_code == 422
    assert rows() == before


def test_a_harder_day_in_pieces_says_that_a_few_are_fine(patient, teen, parent, items):
    words = "Just a few is fine today."
    assert words not in teen.get(url(patient)).text
    DailyLog.objects.create(patient=patient, day=TODAY, harder=True, program=patient.programs.get())
    assert words in teen.get(url(patient)).text
    assert words not in parent.get(url(patient)).text
    patient.programs.update(harder_rule="call")
    assert words not in teen.get(url(patient)).text


# --- the page ---


def test_an_exercise_has_its_dose_words_steps_safety_and_video(patient, teen, watch):
    text = teen.get(url(patient)).text
    for words in (
        "2 × 8",
        "Slowly",
        "<li>Bend your knees.</li>",
        "Heels down.",
        'href="https://example.org/squat"',
        "Set 1 of 2 · done",
        'data-hold="20" data-reps="1" data-sides="2"',
    ):
        assert words in text, words


def test_the_chime_is_off_at_school_and_for_who_wants_none(patient, teen, watch, at):
    assert 'data-chime="off"' in teen.get(url(patient)).text  # a Friday at noon
    at(hours=4)
    assert "data-chime" not in teen.get(url(patient)).text
    patient.chime = False
    patient.save()
    assert 'data-chime="off"' in teen.get(url(patient)).text


def test_the_clock_can_be_hidden(patient, teen, watch):
    assert teen.get(url(patient)).text.count('<details class="more clock" open>') == 1
    patient.timer_hidden = True
    patient.save()
    text = teen.get(url(patient)).text
    assert '<details class="more clock">' in text
    assert "data-seconds" not in text


def test_a_parent_sees_minutes_and_no_clock(patient, parent, watch, at):
    at(minutes=6, seconds=12)
    text = parent.get(url(patient)).text
    assert "6 min" in text
    for hidden in ("6:12", "372", "data-seconds"):
        assert hidden not in text.split('id="main"')[1]


def test_a_script_is_told_where_it_stands(cast, patient, teen, watch):
    looked = teen.get(url(patient), headers=JSON).json()
    assert looked["state"] == f"{watch.client_id}/0/0/on"
    assert f'data-state="{looked["state"]}"' in teen.get(url(patient)).text
    moved = do(teen, watch, "set", step=0, sets=1, headers=JSON)
    assert (moved.status_code, moved.json()) == (
        200,
        {
            "code": "ok",
            "state": f"{watch.client_id}/0/1/on",
            "url": url(patient, query=f"?id={watch.client_id}"),
        },
    )
    assert do(teen, watch, "pause", headers=JSON).json()["state"].endswith("/0/1/paused")
    ended = do(teen, watch, "stop", headers=JSON).json()
    session = TherapySession.objects.get()
    assert (ended["state"], ended["url"]) == ("", f"{reverse('today')}?saved={session.client_id}")
    assert do(teen, watch, "stop", headers=JSON).json()["url"] == reverse("today")
    assert teen.get(url(patient), headers=JSON).json()["state"] == ""


def test_an_old_page_of_an_ended_session_leads_to_today(cast, patient, teen, watch):
    do(teen, watch, "stop")
    assert teen.get(url(patient, query=f"?id={watch.client_id}"))["Location"] == reverse("today")


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "set", "step": "0"},
        {"do": "set", "step": "x", "sets": "1"},
        {"do": "set", "step": "0", "sets": "0"},
        {"do": "set", "step": "-1", "sets": "1"},
        {"do": "next"},
        {"do": "win"},
        {},
    ],
)
def test_a_move_that_says_too_little_is_refused(patient, teen, watch, fields):
    before = rows()
    answer = teen.post(url(patient, "guided-act"), {"id": str(watch.client_id)} | fields)
    assert answer.status_code == 422
    assert rows() == before


def test_ids_of_others_are_unknown(cast, patient, teen, watch):
    before = rows()
    data = {"do": "stop", "id": str(uuid.uuid4())}
    assert teen.post(url(patient, "guided-act"), data).status_code == 404
    noor = signed_in(cast.noor)
    assert noor.post(url(cast.other, "guided-act"), data | {"id": str(watch.client_id)}).status_code == 404
    assert noor.get(url(patient)).status_code == 404
    assert rows() == before


def test_without_anything_running_a_move_shows_the_start(patient, teen, items):
    assert teen.post(url(patient, "guided-act"), {"do": "stop"}).status_code == 422


def test_a_parent_and_a_therapist_go_through_it_with_the_child(cast, patient, parent, therapist, items, at):
    for client, role in ((parent, "parent"), (therapist, "therapist")):
        client.post(url(patient))
        watch = Stopwatch.objects.get(ended_at=None)
        at(minutes=2)
        through(client, watch, None, 3, 1)
        assert TherapySession.objects.get(client_id=watch.client_id).entered_as == role


@pytest.mark.parametrize("more", [0, 12])
def test_the_page_asks_the_database_a_fixed_number_of_questions(
    patient, teen, items, watch, django_assert_num_queries, more
):
    for number in range(more):
        factories.item(patient.programs.get(), factories.activity(f"More {number}"), order=9, sets=3)
    teen.get(url(patient))
    with django_assert_num_queries(5):
        teen.get(url(patient))


@pytest.mark.parametrize("more", [0, 12])
def test_the_start_asks_the_database_a_fixed_number_of_questions(
    patient, teen, items, django_assert_num_queries, more
):
    for number in range(more):
        factories.item(patient.programs.get(), factories.activity(f"More {number}"), order=9, sets=3)
    teen.get(url(patient))
    with django_assert_num_queries(8):
        teen.get(url(patient))


def test_steps_of_a_plain_timer_are_none(maya):
    watch, _started = stopwatch.start(viewer=maya, strand="exercises")
    assert queries.steps_of(watch) == ()
    ended = guided.set_done(viewer=maya, client_id=watch.client_id, step=0, sets=1)
    assert ended.session is None
