"""Exercises on a rough surface: two sessions in the same minutes, one entry on every page."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exercises.days import Recorded
from exercises.models import Change, DailyLog, TherapySession
from exercises.queries.patient_page import patient_page
from exercises.queries.sessions import entries
from exercises.services import sessions, totals
from exercises.services.sessions import Bout, Conflict
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
JSON = {"Accept": "application/json"}
WORDS = "Exercises on a rough surface · 10 min"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)


def bout(minutes=10, **details):
    return Bout(NOON.date(), "exercises", minutes, rough=True, **details)


@pytest.fixture
def record(cast, patient):
    def recorded(client_id, what=None, by=None, **options):
        return sessions.record_session(
            viewer=factories.viewer(patient, by or cast.maya),
            client_id=client_id,
            bout=what or bout(),
            recorded=Recorded(timezone.now()),
            source="timer",
            **options,
        )

    return recorded


@pytest.fixture
def pair(record):
    """(exercises, desensitization)"""
    one = record(uuid.uuid4()).session
    return one, one.together


def day(patient):
    row = DailyLog.objects.get(patient=patient, day=NOON.date())
    assert totals.differs(row, totals.expected(row)) == []
    return row


def refreshed(pair):
    for one in pair:
        one.refresh_from_db()
    return pair


def test_one_entry_is_kept_in_each_strand(cast, patient, record):
    started = NOON - timedelta(minutes=10)
    what = bout(texture="towel", body_areas=("left_foot",), started_at=started)
    exercises = record(uuid.uuid4(), what).session
    touch = exercises.together
    assert (exercises.strand, touch.strand) == ("exercises", "desensitization")
    for name in ("minutes", "texture", "body_areas", "started_at", "source", "recorded_at", "daily_log_id"):
        assert getattr(touch, name) == getattr(exercises, name), name
    assert touch.client_id == sessions.touch_id(exercises.client_id)
    row = day(patient)
    assert (row.exercise_minutes, row.desensitization, row.sessions) == (10, 1, 2)


def test_sent_again_it_is_the_same_two(cast, patient, record):
    client_id = uuid.uuid4()
    assert record(client_id).created
    assert not record(client_id).created
    assert not record(client_id, by=cast.dana).created
    assert TherapySession.objects.count() == 2
    with pytest.raises(Conflict):
        record(client_id, Bout(NOON.date(), "exercises", 10))
    assert TherapySession.objects.count() == 2


def test_an_id_that_the_second_needs_is_taken_by_nobody_unnoticed(cast, patient, record):
    client_id = uuid.uuid4()
    record(sessions.touch_id(client_id), Bout(NOON.date(), "cardio", 15))
    with pytest.raises(Conflict) as conflict:
        record(client_id)
    assert conflict.value.session.strand == "cardio"
    assert TherapySession.objects.count() == 1


def test_only_a_rough_session_has_another_digest():
    plain = Bout(NOON.date(), "exercises", 10)
    # As it was before there was such a thing: what is kept stays what it was.
    assert plain.digest() == "1b1776fe71f51acd1243189c68129d2b7dc36e87dcf5c3ce6d7bf022474d4733"
    assert plain.digest() != bout().digest()
    assert bout().touch().digest() == Bout(NOON.date(), "desensitization", 10).digest()


@pytest.mark.parametrize("which", [0, 1], ids=["exercises", "desensitization"])
def test_both_are_removed_and_put_back_together(cast, patient, pair, which):
    viewer, client_id = factories.viewer(patient, cast.maya), pair[which].client_id
    for _twice in range(2):
        sessions.void_session(viewer=viewer, client_id=client_id)
        assert all(one.voided_at == NOON for one in refreshed(pair))
    assert day(patient).sessions == 0
    for _twice in range(2):
        sessions.restore_session(viewer=viewer, client_id=client_id)
        assert all(one.voided_at is None for one in refreshed(pair))
    assert (day(patient).exercise_minutes, day(patient).desensitization) == (10, 1)
    assert [one.version for one in pair] == [3, 3]
    changes = Change.objects.filter(subject="session").order_by("pk")
    assert sorted(changes.values_list("what", "subject_id")) == sorted(
        (what, one.pk) for what in ("removed", "restored") for one in pair
    )


@pytest.mark.parametrize("which", [0, 1], ids=["exercises", "desensitization"])
def test_a_correction_of_one_is_one_of_both(cast, patient, pair, which):
    yesterday = NOON.date() - timedelta(days=1)
    changed = sessions.correct_session(
        viewer=factories.viewer(patient, cast.maya),
        client_id=pair[which].client_id,
        version=1,
        bout=Bout(yesterday, pair[which].strand, 12),
    )
    assert changed.corrected
    for one in refreshed(pair):
        assert (one.minutes, one.version, one.daily_log.day) == (12, 2, yesterday)
    assert day(patient).sessions == 0
    row = DailyLog.objects.get(day=yesterday)
    assert (row.exercise_minutes, row.desensitization) == (12, 1)
    assert totals.differs(row, totals.expected(row)) == []
    assert Change.objects.filter(what="corrected").count() == 2


def test_a_correction_leaves_what_was_done_of_each_exercise(cast, patient):
    items = [
        factories.item(patient.programs.get(), factories.activity(name), sets=3, reps=10)
        for name in ("Bridge", "Plank", "Lunge")
    ]
    session = factories.session(patient, cast.maya, "exercises", 20, items=tuple(items[:2]))
    session.items.filter(program_item=items[0]).update(sets=1)
    sessions.correct_session(
        viewer=factories.viewer(patient, cast.maya),
        client_id=session.client_id,
        version=1,
        bout=Bout(NOON.date(), "exercises", 25, items=(items[0], items[2])),
    )
    assert sorted(session.items.values_list("activity__name", "sets")) == [("Bridge", 1), ("Lunge", 3)]


def test_it_is_one_entry_in_the_list_of_a_day(cast, patient, pair):
    viewer = factories.viewer(patient, cast.maya)
    (entry,) = entries(viewer, day(patient), patient.programs.get(), today=NOON.date())
    assert (entry.id, entry.strand, entry.minutes, entry.rough, entry.counts) == (
        pair[0].client_id,
        "exercises",
        10,
        True,
        True,
    )


@pytest.mark.parametrize("name", ["today", "day"])
def test_the_pages_show_one_entry(cast, patient, pair, teen, name):
    url = reverse("today") if name == "today" else reverse("day", args=[patient.code, "2026-11-20"])
    text = teen.get(url).text
    assert text.count(WORDS) == 2  # in the list, and in the name of its menu
    assert "counts for Exercises and for Touch" in text
    assert text.count("Change this entry") == 1


def test_a_short_one_counts_for_exercises_and_says_what_touch_needs(cast, patient, teen, record):
    record(uuid.uuid4(), bout(3))
    assert (day(patient).exercise_minutes, day(patient).desensitization_short) == (3, 1)
    text = teen.get(reverse("today")).text
    assert "counts for Exercises; 5 min makes a slot for Touch" in text


def test_minutes_are_never_summed_twice(cast, patient, record):
    """Each strand has them once, nothing has them twice, and it came as one entry."""
    record(uuid.uuid4())
    page = patient_page(factories.viewer(patient, cast.lee))
    (line,) = page.days
    assert [(part.strand, part.text) for part in line.parts] == [
        ("exercises", "10"),
        ("desensitization", "10"),
    ]
    assert (line.both, line.later) == (10, 0)


def test_how_it_came_counts_it_once(cast, patient, record, time_machine):
    record(uuid.uuid4())
    factories.session(patient, cast.maya, "cardio", 15)
    time_machine.move_to(NOON + timedelta(days=1), tick=False)
    record(uuid.uuid4())  # for the day before
    page = patient_page(factories.viewer(patient, cast.lee))
    # Three rows within ten minutes would be "together"; these are two entries.
    assert (page.arrivals.one_by_one, page.arrivals.together, page.arrivals.later) == (2, 0, 1)
    assert page.days[0].later == 1
    text = signed_in(cast.lee).get(reverse("patient", args=[patient.code])).text
    assert "20 min of both at once, on a rough surface" in text


# --- over HTTP ---


def posted(client, patient, **fields):
    data = {
        "id": str(uuid.uuid4()),
        "day": "2026-11-20",
        "strand": "exercises",
        "minutes": "10",
        "rough": "1",
    }
    return client.post(reverse("sessions", args=[patient.code]), data | fields)


def test_a_device_logs_it_with_one_more_word(cast, patient, teen):
    data = {
        "id": str(uuid.uuid4()),
        "day": "2026-11-20",
        "strand": "exercises",
        "minutes": "10",
        "rough": "1",
    }
    url = reverse("sessions", args=[patient.code])
    answers = [teen.post(url, data, headers=JSON) for _twice in range(2)]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (201, "recorded"),
        (200, "again"),
    ]
    assert TherapySession.objects.count() == 2
    plain = teen.post(url, data | {"rough": ""}, headers=JSON)
    assert (plain.status_code, plain.json()["code"]) == (409, "conflict")


def test_the_toast_names_both_and_takes_both_back(cast, patient, teen):
    answer = posted(teen, patient, next="today")
    page = teen.get(answer["Location"]).text
    assert "Exercises and Touch saved." in page
    session = TherapySession.objects.get(strand="exercises")
    teen.post(reverse("session-void", args=[patient.code, session.client_id]), {"next": "today"})
    assert not TherapySession.objects.live().exists()


@pytest.mark.parametrize("strand", ["cardio", "desensitization", "stress"])
def test_only_exercises_can_be_rough(cast, patient, teen, strand):
    before = rows()
    answer = posted(teen, patient, strand=strand)
    assert answer.status_code == 422
    assert "Only exercises are done on a rough surface." in answer.text
    assert rows() == before


def test_the_form_offers_it_where_the_program_has_desensitization(cast, patient, teen):
    url = reverse("session-new", args=[patient.code])
    assert 'name="rough"' in teen.get(url).text
    patient.programs.update(desensitization=None)
    assert 'name="rough"' not in teen.get(url).text


def test_a_correction_over_http_changes_both(cast, patient, teen, pair):
    url = reverse("session", args=[patient.code, pair[0].client_id])
    assert 'name="rough"' not in teen.get(url).text
    assert teen.post(url, {"version": "1", "minutes": "14"}).status_code == 302
    assert [one.minutes for one in refreshed(pair)] == [14, 14]


def test_a_parent_sees_one_entry_and_neither_times_nor_ways(cast, patient, parent, pair):
    text = parent.get(reverse("day", args=[patient.code, "2026-11-20"])).text
    assert text.count(WORDS) == 1
    assert "timer" not in text.split('id="entries"')[1]
    assert "<time" not in text
