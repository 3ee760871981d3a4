"""Whatever is recorded, corrected and removed, and in whatever order: totals are the sum of the sessions."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exercises.adherence import STRANDS
from exercises.days import Recorded
from exercises.models import Change, TherapySession
from exercises.services import sessions, totals
from exercises.services.sessions import Bout, Conflict, Stale
from tests import factories

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)

bouts = st.builds(
    lambda back, strand, minutes: Bout(NOON.date() - timedelta(days=back), strand, minutes),
    st.integers(0, 3),
    st.sampled_from(STRANDS),
    st.integers(1, 240),
) | st.builds(lambda back: Bout(NOON.date() - timedelta(days=back), "stress"), st.integers(0, 3))
deeds = st.one_of(
    st.tuples(st.just("record"), st.integers(0, 5), bouts),
    st.tuples(st.just("correct"), st.integers(0, 5), bouts),
    st.tuples(st.just("void"), st.integers(0, 5), bouts),
    st.tuples(st.just("restore"), st.integers(0, 5), bouts),
)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOON, tick=False)


def record(viewer, client_id, bout):
    return sessions.record_session(
        viewer=viewer, client_id=client_id, bout=bout, recorded=Recorded(NOON), source="tap"
    )


def do(viewer, what, client_id, bout):
    """One deed; the refusals that a re-send or a stale page gets are fine."""
    found = TherapySession.objects.filter(client_id=client_id).first()
    try:
        if what == "record":
            record(viewer, client_id, bout)
        elif found and what == "correct":
            bout = Bout(bout.day, found.strand, bout.minutes or found.minutes)
            sessions.correct_session(viewer=viewer, client_id=client_id, version=found.version, bout=bout)
        elif found and what == "restore":
            sessions.restore_session(viewer=viewer, client_id=client_id)
        elif found:
            sessions.void_session(viewer=viewer, client_id=client_id)
    except (Conflict, Stale):
        pass


def by_hand(patient):
    """Minutes and counts by day, added up the long way."""
    sums: dict[date, dict[str, int]] = {}
    for session in TherapySession.objects.filter(patient=patient, voided_at=None).select_related("daily_log"):
        day = sums.setdefault(session.daily_log.day, dict.fromkeys((*STRANDS, "desensitization_short"), 0))
        if session.strand in ("cardio", "exercises"):
            day[session.strand] += session.minutes
        elif session.strand == "desensitization" and session.minutes < 5:
            day["desensitization_short"] += 1
        else:
            day[session.strand] += 1
    return sums


# The cast is made once and kept: each example works on patients of its own.
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["maya", "dana", "lee"]), deeds), max_size=14))
def test_totals_are_the_sum_of_the_sessions(cast, todo):
    patient = factories.patient()
    factories.program(patient)
    for role, person in (("parent", cast.dana), ("therapist", cast.lee)):
        factories.link(patient, person, role)
    ids = [uuid.uuid4() for _ in range(6)]
    for who, (what, which, bout) in todo:
        person = cast.lee if who == "maya" else getattr(cast, who)
        do(factories.viewer(patient, person), what, ids[which], bout)
    sums = by_hand(patient)
    for row in patient.daily_logs.all():
        wanted = totals.expected(row)
        assert {name: getattr(row, name) for name in totals.TOTALS} == wanted
        empty = dict.fromkeys((*STRANDS, "desensitization_short"), 0)
        assert {name: wanted[name] for name in empty} == sums.pop(row.day, empty)
    assert not sums
    patient.refresh_from_db()
    live = TherapySession.objects.live().filter(patient=patient)
    assert patient.last_logged_on == max(
        (s.daily_log.day for s in live.select_related("daily_log")), default=None
    )


def test_a_digest_knows_content_and_nothing_else():
    plain = Bout(NOON.date(), "desensitization", 5, body_areas=("back", "left_foot"), texture="silk")
    same = Bout(NOON.date(), "desensitization", 5, body_areas=("left_foot", "back"), texture="wool")
    assert plain.digest() == same.digest()
    assert len(plain.digest()) == 64
    others = [
        Bout(NOON.date(), "desensitization", 6, body_areas=("back", "left_foot")),
        Bout(NOON.date(), "cardio", 5, body_areas=("back", "left_foot")),
        Bout(NOON.date(), "desensitization", 5, body_areas=("back",)),
        Bout(NOON.date() - timedelta(days=1), "desensitization", 5, body_areas=("back", "left_foot")),
        Bout(NOON.date(), "desensitization", 5, body_areas=("back", "left_foot"), started_at=NOON),
    ]
    assert len({bout.digest() for bout in (plain, *others)}) == 6


def test_a_refused_insert_leaves_nothing_half_written(cast, patient, monkeypatch):
    def broken(row):
        raise RuntimeError("the recount broke")

    monkeypatch.setattr(totals, "recount", broken)
    with pytest.raises(RuntimeError):
        record(factories.viewer(patient, cast.maya), uuid.uuid4(), Bout(NOON.date(), "cardio", 15))
    assert not TherapySession.objects.exists()
    assert not patient.daily_logs.exists()


def test_a_refused_correction_leaves_nothing_half_written(cast, patient, monkeypatch):
    session = factories.session(patient, cast.maya)

    def broken(patient):
        raise RuntimeError("the last step broke")

    monkeypatch.setattr(totals, "refresh_last_logged", broken)
    with pytest.raises(RuntimeError):
        sessions.correct_session(
            viewer=factories.viewer(patient, cast.maya),
            client_id=session.client_id,
            version=1,
            bout=Bout(NOON.date() - timedelta(days=1), "cardio", 99),
        )
    session.refresh_from_db()
    assert (session.minutes, session.version) == (15, 1)
    assert not Change.objects.exists()
    assert patient.daily_logs.get().cardio == 15


def test_what_somebody_else_wrote_meanwhile_is_seen_under_the_lock(cast, patient):
    """The patient was read before the lock; another request moved its last entry since."""
    yesterday = NOON.date() - timedelta(days=1)
    session = factories.session(patient, cast.maya, day=NOON.date())
    late = factories.viewer(patient, cast.maya)
    sessions.void_session(viewer=factories.viewer(patient, cast.maya), client_id=session.client_id)
    record(late, uuid.uuid4(), Bout(yesterday, "cardio", 15))
    patient.refresh_from_db()
    assert patient.last_logged_on == yesterday


def test_recording_asks_a_constant_number_of_queries(cast, patient, django_assert_num_queries):
    viewer = factories.viewer(patient, cast.maya)
    record(viewer, uuid.uuid4(), Bout(NOON.date(), "cardio", 1))
    for earlier in (0, 12):
        for _ in range(earlier):
            record(viewer, uuid.uuid4(), Bout(NOON.date(), "cardio", 1))
        # the lock, the day, the session, its day's sessions, the totals; savepoints on top
        with django_assert_num_queries(5 + 4, connection=connection):
            record(viewer, uuid.uuid4(), Bout(NOON.date(), "cardio", 1))
