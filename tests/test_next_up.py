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


def routine(at, *slots, **clock):
    return next_up.Routine(at=at, slots=slots, **clock)


THREE = (slot(1, 7), slot(2, 15), slot(3, 21))


@pytest.mark.parametrize(
    ("done", "at", "first"),
    [
        ({}, time(8), "desensitization"),
        ({"desensitization": 1}, time(8), "cardio"),
        ({"desensitization": 1, "cardio": 15}, time(8), "exercises"),
        ({"desensitization": 1, "cardio": 15, "exercises": 30}, time(8), "desensitization"),
        ({"desensitization": 5}, time(20), "stress"),
        ({"desensitization": 5, "stress": 1}, time(20), "cardio"),
        ({"desensitization": 5, "cardio": 15, "exercises": 30}, time(9), "stress"),
    ],
)
def test_the_strand_that_fits_comes_first(done, at, first):
    assert next_up.order_of_strands(strands(**done), routine(at))[0] == first


def test_before_the_time_of_a_slot_something_else_comes_first():
    assert next_up.order_of_strands(strands(), routine(time(6), *THREE))[0] == "cardio"
    assert next_up.order_of_strands(strands(), routine(time(7), *THREE))[0] == "desensitization"


def test_every_open_strand_is_offered_once_and_nothing_that_is_done():
    offered = next_up.order_of_strands(strands(cardio=15), routine(time(12)))
    assert sorted(offered) == ["desensitization", "exercises", "stress"]
    done = strands(cardio=15, exercises=30, desensitization=5, stress=1)
    assert next_up.order_of_strands(done, routine(time(12))) == []


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
    assert routine(at).due(5) == due


def test_slots_are_due_once_their_time_has_come():
    assert [routine(time(hour), *THREE).due(5) for hour in (6, 7, 16, 22)] == [0, 1, 2, 3]


@pytest.mark.parametrize(("used", "slot_taken"), [(set(), 2), ({2}, 1), ({1, 2}, 3), ({1, 2, 3}, None)])
def test_a_session_goes_to_the_latest_slot_begun_and_else_to_the_next(used, slot_taken):
    free = routine(time(16), *THREE).free(frozenset(used))
    assert (free and free.pk) == slot_taken


def test_without_slots_a_session_belongs_to_none():
    assert routine(time(16)).free(frozenset()) is None


def test_after_midnight_a_day_that_has_not_ended_is_late():
    """One that starts at 4: at 1 in the morning all its slots have come, that of midnight too."""
    slots, clock = (slot(1, 7), slot(2, 21), slot(3, 0)), {"day_start": 4}
    late = routine(time(1), *slots, **clock)
    assert (late.due(5), late.free(frozenset({3})).pk, late.has_come(time(19))) == (3, 2, True)
    early = routine(time(8), *slots, **clock)
    assert (early.due(5), early.free(frozenset({1})).pk) == (1, 2)
    assert (routine(time(1), **clock).due(5), routine(time(5), **clock).due(5)) == (5, 0)


@pytest.mark.parametrize(
    ("at", "night"),
    [(time(21, 29), False), (time(21, 30), True), (time(23), True), (time(1), True), (time(4), False)],
)
def test_the_night_lasts_until_the_day_ends(at, night):
    assert routine(at, day_start=4, night_from=time(21, 30)).is_night is night
    assert not routine(at, day_start=4).is_night


def test_a_night_that_begins_after_midnight():
    night = {"day_start": 3, "night_from": time(0, 30)}
    assert [routine(at, **night).is_night for at in (time(20), time(0, 29), time(0, 30))] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("hour", "used", "done", "passed"),
    [
        (6, set(), 0, []),
        (8, set(), 0, [1]),
        (16, set(), 0, [1, 2]),
        (22, set(), 0, [1, 2, 3]),
        (22, {1}, 1, [2, 3]),
        (22, set(), 1, [2, 3]),
        (22, set(), 3, []),
        (22, set(), 5, []),
        (16, {3}, 1, [2]),
        (22, {1, 2, 3}, 0, []),
    ],
)
def test_slots_whose_time_passed_without_a_session(hour, used, done, passed):
    """One that was logged without its slot has filled one of them too."""
    found = routine(time(hour), *THREE).passed(frozenset(used), done)
    assert [slot.pk for slot in found] == passed


@pytest.mark.parametrize(("minutes", "piece"), [(15, 5), (30, 10), (10, 4), (1, 1)])
def test_a_piece_is_a_third(minutes, piece):
    assert next_up.in_pieces(minutes) == piece
