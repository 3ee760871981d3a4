"""Numbers that are reached are kept, with their day, once and for good."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercises.days import Recorded
from exercises.models import Milestone, TherapySession
from exercises.models.choices import MilestoneKind
from exercises.services import daily, goals, milestones, sessions
from tests import factories

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def kept(patient, kind=None):
    rows = Milestone.objects.filter(patient=patient).order_by("kind", "number")
    found = [(row.kind, row.number, row.day) for row in rows]
    return [(number, day) for name, number, day in found if name == kind] if kind else found


def log_days(cast, count, strand="cardio", minutes=15):
    """One session a day, on the last ``count`` days up to today; nobody is told of any before."""
    for ago in reversed(range(count)):
        with time_machine.travel(NOON - ago * DAY, tick=False):
            factories.session(cast.patient, cast.maya, strand, minutes)


def test_the_first_day_with_a_strand_is_one(cast):
    factories.session(cast.patient, cast.maya, "desensitization", 5)
    assert kept(cast.patient) == [("desensitization", 1, NOON.date())]
    factories.session(cast.patient, cast.maya, "desensitization", 5)
    assert kept(cast.patient) == [("desensitization", 1, NOON.date())]


def test_days_are_counted_not_minutes_and_not_in_a_row(cast):
    for ago in (40, 33, 21, 20, 12, 9, 7, 4, 1):
        with time_machine.travel(NOON - ago * DAY, tick=False):
            factories.session(cast.patient, cast.maya, "cardio", 240)
    assert [number for number, _day in kept(cast.patient, "cardio")] == [1]
    factories.session(cast.patient, cast.maya, "cardio", 1)
    assert kept(cast.patient, "cardio") == [(1, NOON.date() - 40 * DAY), (10, NOON.date())]


def test_a_day_that_is_added_later_reaches_it_today(cast):
    log_days(cast, 9)
    factories.session(cast.patient, cast.maya, day=NOON.date() - 20 * DAY, source="sheet")
    assert kept(cast.patient, "cardio")[-1] == (10, NOON.date())


def test_short_desensitization_is_no_day_of_it(cast):
    factories.session(cast.patient, cast.maya, "desensitization", 4)
    assert kept(cast.patient) == []


def test_minutes_count_where_the_list_is_what_is_asked(cast):
    cast.patient.programs.update(exercises_by="list")
    factories.session(cast.patient, cast.maya, "exercises", 12)
    assert kept(cast.patient) == [("exercises", 1, NOON.date())]


def test_one_that_is_reached_stays_when_a_day_is_removed_and_comes_once(cast):
    log_days(cast, 10)
    before = kept(cast.patient)
    viewer = factories.viewer(cast.patient, cast.maya)
    latest = TherapySession.objects.latest("recorded_at")
    sessions.void_session(viewer=viewer, client_id=latest.client_id)
    assert kept(cast.patient) == before
    with time_machine.travel(NOON + DAY, tick=False):
        factories.session(cast.patient, cast.maya)
        sessions.restore_session(viewer=viewer, client_id=latest.client_id)
    assert kept(cast.patient) == before


def test_a_session_that_moves_to_another_day_is_still_one_day(cast):
    log_days(cast, 9)
    viewer, latest = factories.viewer(cast.patient, cast.maya), TherapySession.objects.latest("recorded_at")
    bout = sessions.Bout(day=NOON.date() - 12 * DAY, strand="cardio", minutes=15)
    sessions.correct_session(viewer=viewer, client_id=latest.client_id, version=latest.version, bout=bout)
    assert [number for number, _day in kept(cast.patient, "cardio")] == [1]


def test_the_table_is_append_only(cast):
    factories.session(cast.patient, cast.maya)
    with pytest.raises(PermissionDenied):
        Milestone.objects.all().delete()
    with pytest.raises(PermissionDenied):
        Milestone.objects.update(number=2)


def test_whole_days_of_school(cast):
    viewer = factories.viewer(cast.patient, cast.maya)
    daily.mark_day(viewer=viewer, day=NOON.date() - DAY, school="part", friends="yes")
    assert kept(cast.patient) == []
    for school in ("all", "part", "all"):
        daily.mark_day(viewer=viewer, day=NOON.date(), school=school)
    assert kept(cast.patient) == [("school", 1, NOON.date())]


def test_only_a_day_that_becomes_a_whole_one_asks_one_query_more(cast, django_assert_num_queries):
    viewer = factories.viewer(cast.patient, cast.maya)
    daily.mark_day(viewer=viewer, day=NOON.date() - DAY, school="all")
    daily.mark_day(viewer=viewer, day=NOON.date(), home="yes")
    for school, queries in (("part", 6), ("all", 7), ("all", 6)):
        with django_assert_num_queries(queries):
            daily.mark_day(viewer=viewer, day=NOON.date(), school=school, home="no", friends="")
        daily.mark_day(viewer=viewer, day=NOON.date(), home="yes")


def test_only_the_first_of_a_day_asks_one_query_more(cast, django_assert_num_queries):
    log_days(cast, 2)
    with time_machine.travel(NOON + DAY, tick=False):
        daily.mark_day(viewer=factories.viewer(cast.patient, cast.maya), day=NOON.date() + DAY, home="yes")
        viewer = factories.viewer(cast.patient, cast.maya)
        record(viewer, "stress", None)
        # The first exercises of all: the number, and that it is worth a line.
        for strand, queries in (("cardio", 10), ("cardio", 9), ("exercises", 11), ("exercises", 9)):
            with django_assert_num_queries(queries):
                record(viewer, strand, 15)


def record(viewer, strand, minutes):
    sessions.record_session(
        viewer=viewer,
        client_id=uuid.uuid4(),
        bout=sessions.Bout(day=viewer.patient.today(), strand=strand, minutes=minutes),
        recorded=Recorded(timezone.now()),
        source="tap",
    )


def test_one_that_somebody_else_just_kept_stops_no_session(cast):
    """The same moment told twice: the constraint decides, and the session is there all the same."""
    Milestone.objects.create(patient=cast.patient, kind="cardio", number=1, day=NOON.date() - DAY)
    factories.session(cast.patient, cast.maya)
    assert kept(cast.patient) == [("cardio", 1, NOON.date() - DAY)]
    assert TherapySession.objects.live().count() == 1


def test_goals_and_steps(cast):
    viewer = factories.viewer(cast.patient, cast.maya)
    goal = goals.add_goal(viewer=viewer, text="choir")
    step = goals.add_step(viewer=viewer, goal=goal, text="call them")
    goals.reach_step(viewer=viewer, step=step)
    assert kept(cast.patient) == [("steps", 1, NOON.date())]
    goals.reach_goal(viewer=viewer, goal=goal, reached=False)
    assert kept(cast.patient, "goals") == []
    for reached in (True, False, True, True):
        goals.reach_goal(viewer=viewer, goal=goal, reached=reached)
    assert kept(cast.patient) == [("goals", 1, NOON.date()), ("steps", 1, NOON.date())]


def test_rebuild_keeps_those_that_are_there(cast):
    log_days(cast, 10)
    before = kept(cast.patient)
    milestones.rebuild(cast.patient)
    milestones.rebuild(cast.patient)
    assert kept(cast.patient) == before


def test_rebuild_is_of_one_record(cast):
    factories.session(cast.other, cast.noor)
    milestones.rebuild(cast.patient)
    assert kept(cast.patient) == []
    assert kept(cast.other) != []


STRANDS = ("cardio", "exercises", "desensitization", "stress")
deeds = st.lists(
    st.tuples(st.integers(0, 35), st.sampled_from(STRANDS), st.integers(1, 12)), min_size=1, max_size=45
)


def oracle(done):
    """Counted again, another way: the day on which each number of days was there."""
    seen: dict[str, set[date]] = {}
    found: dict[tuple[str, int], date] = {}
    for now, day, strand, minutes in done:
        if strand == "desensitization" and minutes < 5:
            continue
        days = seen.setdefault(strand, set())
        days.add(day)
        for number in (1, 10, 25, 50):
            if len(days) == number:
                found.setdefault((strand, number), now)
    return sorted((strand, number, when) for (strand, number), when in found.items())


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds, st.booleans())
def test_they_equal_an_independent_count(cast, deeds, in_order):
    sid = transaction.savepoint()
    try:
        told = []
        for back, strand, minutes in sorted(deeds, reverse=True) if in_order else deeds:
            day = NOON.date() - back * DAY
            at = NOON - back * DAY if in_order else NOON
            with time_machine.travel(at, tick=False):
                spent = None if strand == "stress" else minutes
                factories.session(cast.patient, cast.lee, strand, spent, day=day)
            told.append((at.date(), day, strand, minutes))
        assert kept(cast.patient) == oracle(told)
        milestones.rebuild(cast.patient)
        assert kept(cast.patient) == oracle(told)
    finally:
        transaction.savepoint_rollback(sid)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds)
def test_rebuilt_from_nothing_they_are_as_if_written_day_by_day(cast, deeds):
    sid = transaction.savepoint()
    try:
        for back, strand, minutes in sorted(deeds, reverse=True):
            with time_machine.travel(NOON - back * DAY, tick=False):
                factories.session(cast.patient, cast.lee, strand, None if strand == "stress" else minutes)
        written = kept(cast.patient)
        Milestone.objects.filter(patient=cast.patient)._raw_delete("default")
        assert kept(cast.patient) == []
        milestones.rebuild(cast.patient)
        assert kept(cast.patient) == written
    finally:
        transaction.savepoint_rollback(sid)


def test_every_kind_is_counted():
    assert {*milestones.TOTALS, "school", "steps", "goals"} == set(MilestoneKind.values)
