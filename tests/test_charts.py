from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import charts
from exercises.charts import APART, LEFT, RIGHT, Axis, Box

MONDAY = date(2026, 11, 16)
lengths = st.integers(4, 104)
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


def axis(weeks, last=MONDAY):
    return Axis(tuple(last - timedelta(weeks=n) for n in range(weeks - 1, -1, -1)))


def test_a_week_has_its_column_and_a_day_its_place_in_it():
    four = axis(4)
    assert four.column(0).x == pytest.approx(7 + 23 * 0.14)
    assert four.column(3).x + four.column(3).width == pytest.approx(99 - 23 * 0.14)
    assert four.at(MONDAY) == pytest.approx(7 + 3 * 23 + 23 / 14)
    assert four.at(MONDAY + timedelta(days=3)) == pytest.approx(four.column(3).middle)


@given(lengths, days)
def test_nothing_stands_outside_and_columns_do_not_touch(weeks, last):
    one = axis(weeks, last)
    columns = [one.column(n) for n in range(weeks)]
    assert columns[0].x > LEFT
    assert columns[-1].x + columns[-1].width < 100 - RIGHT
    assert all(a.x + a.width < b.x for a, b in pairwise(columns))
    for n in (0, weeks * 7 - 1):
        day = one.weeks[0] + timedelta(days=n)
        assert LEFT < one.at(day) < 100 - RIGHT


@given(lengths, days)
def test_names_below_the_axis_never_run_into_each_other(weeks, last):
    one = axis(weeks, last)
    ticks = one.ticks()
    assert ticks
    assert all(b.x - a.x >= APART - 1 for a, b in pairwise(ticks))
    assert all(LEFT <= tick.x < 100 for tick in ticks)
    for tick in ticks[1:]:
        assert tick.x == pytest.approx(one.at(tick.day) - one.step / 14)


def test_few_weeks_are_named_by_their_first_day():
    assert [(tick.day, tick.kind) for tick in axis(4).ticks()] == [(day, "week") for day in axis(4).weeks]


def test_a_january_bears_the_year_however_long_the_axis():
    for weeks in (20, 52, 104):
        found = {tick.day: tick.kind for tick in axis(weeks, date(2026, 3, 2)).ticks()}
        assert found[date(2026, 1, 1)] == "year"
    assert {tick.kind for tick in axis(12).ticks()} == {"month"}


def test_boxes_stand_on_each_other():
    bottom, upper = charts.stack(Box(10, 5, 0, 0), (3, 1), 5, 10)
    assert (bottom.y, bottom.height, bottom.x, bottom.width) == (4, 6, 10, 5)
    assert (upper.y, upper.height) == pytest.approx((2, 2))
    assert bottom.middle == 12.5
    (fine,) = charts.stack(Box(0, 1, 0, 0), (Fraction(1, 3),), Fraction(2, 3), 3)
    assert fine.height == pytest.approx(1.5)


def test_points_between_the_smallest_and_the_largest():
    assert charts.heights([Decimal(520), Decimal(560), Decimal(610)], 9) == pytest.approx((9, 5, 0))
    assert charts.heights([Decimal(4)], 2) == (1,)
    assert charts.heights([3, 3], 2) == (1, 1)


@given(st.lists(st.floats(0, 100), max_size=12).map(sorted))
def test_flags_share_a_lane_only_where_there_is_room(places):
    found = charts.lanes(places, 7, 20)
    for n, (place, lane) in enumerate(zip(places, found, strict=True)):
        before = [p for p, other in zip(places[:n], found[:n], strict=True) if other == lane]
        assert all(place - other >= 7 for other in before)


def test_flags_beyond_the_last_lane_take_the_one_that_has_most_room():
    assert charts.lanes([0, 1, 2, 3], 10, 3) == (0, 1, 2, 0)
    assert charts.lanes([], 10, 3) == ()


def test_which_days_are_on_the_axis():
    four = axis(4)
    assert four.last == MONDAY + timedelta(days=6)
    assert axis(16).numbered
    assert not axis(17).numbered
