from datetime import time
from types import SimpleNamespace

import pytest

from exercises.adherence import STRANDS, StrandDay
from exercises.queries import next_up


def strands(**done):
    aims = {"cardio": 15, "exercises": 30, "desensitization": 5, "stress": 1}
    return {name: StrandDay(name, done.get(name, 0), aims[name], aims[name]) for name in STRANDS}


def slot(pk, hour):
    return SimpleNamespace(pk=pk, at=time(hour))


@pytest.mark.parametrize(
    ("done", "at", "due", "first"),
    [
        ({}, time(8), 1, "desensitization"),
        ({"desensitization": 1}, time(8), 1, "cardio"),
        ({"desensitization": 1, "cardio": 15}, time(8), 1, "exercises"),
        ({"desensitization": 1, "cardio": 15, "exercises": 30}, time(8), 1, "desensitization"),
        ({"desensitization": 5}, time(20), 5, "stress"),
        ({"desensitization": 5, "stress": 1}, time(20), 5, "cardio"),
        ({"desensitization": 5, "cardio": 15, "exercises": 30}, time(9), 1, "stress"),
    ],
)
def test_the_strand_that_fits_comes_first(done, at, due, first):
    assert next_up.order_of_strands(strands(**done), at, due)[0] == first


def test_every_open_strand_is_offered_once_and_nothing_that_is_done():
    offered = next_up.order_of_strands(strands(cardio=15), time(12), 3)
    assert sorted(offered) == ["desensitization", "exercises", "stress"]
    assert (
        next_up.order_of_strands(strands(cardio=15, exercises=30, desensitization=5, stress=1), time(12), 5)
        == []
    )


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (time(6, 59), 0),
        (time(7), 1),
        (time(9, 48), 1),
        (time(11), 2),
        (time(14), 3),
        (time(21), 5),
        (time(23), 5),
    ],
)
def test_without_slots_desensitization_spreads_over_the_day(at, due):
    assert next_up.slots_due([], 5, at) == due


def test_slots_are_due_once_their_time_has_come():
    slots = [slot(1, 7), slot(2, 15), slot(3, 21)]
    assert [next_up.slots_due(slots, 5, time(hour)) for hour in (6, 7, 16, 22)] == [0, 1, 2, 3]


@pytest.mark.parametrize(("used", "slot_taken"), [(set(), 2), ({2}, 1), ({1, 2}, 3), ({1, 2, 3}, None)])
def test_a_session_goes_to_the_latest_slot_begun_and_else_to_the_next(used, slot_taken):
    free = next_up.free_slot([slot(1, 7), slot(2, 15), slot(3, 21)], frozenset(used), time(16))
    assert (free and free.pk) == slot_taken


def test_without_slots_a_session_belongs_to_none():
    assert next_up.free_slot([], frozenset(), time(16)) is None


@pytest.mark.parametrize(("minutes", "piece"), [(15, 5), (30, 10), (10, 4), (1, 1)])
def test_a_piece_is_a_third(minutes, piece):
    assert next_up.in_pieces(minutes) == piece
