from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import came_back
from exercises.came_back import Compared, Marked, compare, marked

MONDAY = date(2026, 11, 16)
ANSWERS = ["", "all", "part", "none", "no_school", "yes", "some", "no"]


def week(full, half=0, none=0):
    return Marked(full, half, none)


def in_a_row(*weeks, last=MONDAY - timedelta(weeks=1)):
    """Weeks that end with the one before this."""
    first = last - timedelta(weeks=len(weeks) - 1)
    return [(first + timedelta(weeks=n), one) for n, one in enumerate(weeks)]


def test_a_blank_is_in_no_count():
    assert marked(["all", "", "part", "none", "", "no_school"]) == Marked(1, 1, 1, 1)
    assert marked(["yes", "some", "no", "no"]) == Marked(1, 1, 2)
    assert marked(["", ""]).gap
    assert not marked(["no_school"]).gap
    assert marked(["no_school"]).told == 0
    assert marked(["none"]).told == 1


def test_school_days_that_came_back():
    found = compare(in_a_row(week(1, 4), week(1, 4), week(3, 2), week(4, 1), week(4, 1)), MONDAY)
    assert found == Compared(Fraction(1), Fraction(4))
    assert found.rose
    assert compare(in_a_row(week(0, 5), week(1, 4), week(2, 3), week(3, 2)), MONDAY) == Compared(
        Fraction(1, 2), Fraction(5, 2)
    )


def test_what_holds_is_told_and_a_decline_is_not():
    assert compare(in_a_row(*[week(4, 1)] * 4), MONDAY) == Compared(Fraction(4), Fraction(4))
    assert not compare(in_a_row(*[week(4, 1)] * 4), MONDAY).rose
    assert compare(in_a_row(week(4, 1), week(4, 1), week(3, 2), week(4, 1)), MONDAY) is None
    assert compare(in_a_row(*[week(0, 5)] * 4), MONDAY) is None


def test_more_marks_alone_are_no_progress():
    assert compare(in_a_row(week(3), week(3), week(5), week(5)), MONDAY) is None
    assert compare(in_a_row(week(3), week(3), week(3, 2), week(3, 2)), MONDAY) is None
    assert compare(in_a_row(week(3, 2), week(3, 2), week(3), week(3)), MONDAY)


@pytest.mark.parametrize(
    "weeks",
    [
        pytest.param(in_a_row(week(1, 4), week(1, 4), week(4, 1)), id="three weeks"),
        pytest.param(in_a_row(week(1, 4), week(1, 4), week(2), week(4, 1)), id="one with two days"),
        pytest.param(in_a_row(week(1, 4), week(1, 4), week(4, 1), week(4, 1), last=MONDAY), id="this week"),
        pytest.param([], id="nothing"),
    ],
)
def test_too_little_to_compare(weeks):
    assert compare(weeks, MONDAY) is None


def test_what_is_long_ago_is_not_now():
    weeks = [week(1, 4), week(1, 4), week(4, 1), week(4, 1)]
    assert compare(in_a_row(*weeks, last=MONDAY - timedelta(weeks=3)), MONDAY)
    assert compare(in_a_row(*weeks, last=MONDAY - timedelta(weeks=4)), MONDAY) is None


@given(st.lists(st.lists(st.sampled_from(ANSWERS), max_size=7), max_size=12), st.integers(0, 5))
def test_the_headline_against_a_plain_recount(weeks, ago):
    rows = [(MONDAY - timedelta(weeks=ago + len(weeks) - 1 - n), week) for n, week in enumerate(weeks)]
    found = compare([(first, marked(answers)) for first, answers in rows], MONDAY)
    assert found == recount(rows)


def recount(rows):
    """The rule told a second time: lists of answers, one by one."""
    whole, others = {"all", "yes"}, {"part", "some", "none", "no"}
    enough = []
    for first, answers in rows:
        known = [answer in whole for answer in answers if answer in whole | others]
        if len(known) >= 3 and first + timedelta(days=6) < MONDAY:
            enough.append((first, known))
    if len(enough) < 4 or (MONDAY - enough[-2][0]).days > 28:
        return None
    at_first, lately = (a[1] + b[1] for a, b in (enough[:2], enough[-2:]))
    more = Fraction(sum(lately), 2), Fraction(sum(at_first), 2)
    share = Fraction(sum(lately), len(lately)), Fraction(sum(at_first), len(at_first))
    rose = more[0] > more[1] and share[0] > share[1]
    holds = more[0] == more[1] and more[0] > 0 and share[0] >= share[1]
    return Compared(before=more[1], now=more[0]) if rose or holds else None


def test_weeks_of_a_record():
    assert came_back.weeks_since(MONDAY, MONDAY) == 1
    assert came_back.weeks_since(MONDAY - timedelta(days=1), MONDAY) == 2
    assert came_back.weeks_since(MONDAY - timedelta(days=1), MONDAY, 6) == 1
    assert came_back.weeks_since(MONDAY + timedelta(days=9), MONDAY) == 1


def test_columns_end_with_this_week_and_begin_with_the_record():
    assert came_back.columns(MONDAY - timedelta(weeks=5), MONDAY, 12) == tuple(
        MONDAY - timedelta(weeks=n) for n in range(5, -1, -1)
    )
    long_ago = MONDAY - timedelta(weeks=500)
    assert len(came_back.columns(long_ago, MONDAY, 12)) == 12
    assert len(came_back.columns(long_ago, MONDAY, came_back.ALL)) == came_back.MOST_WEEKS
    assert came_back.columns(long_ago, MONDAY, 52)[-1] == MONDAY


def test_a_first_week_has_room_beside_it():
    assert came_back.columns(MONDAY, MONDAY + timedelta(days=4), 12) == tuple(
        MONDAY + timedelta(weeks=n) for n in range(4)
    )


@pytest.mark.parametrize(
    ("length", "offered", "usual"),
    [(1, (), 0), (16, (), 0), (17, (12, 0), 12), (40, (12, 26, 0), 12), (80, (12, 26, 52, 0), 12)],
)
def test_periods_to_choose_from(length, offered, usual):
    assert came_back.periods(length) == offered
    assert came_back.usual_period(length) == usual


def test_a_period_is_one_of_four_words():
    asked = ["12", "26", "52", "all", "0", "13", "", "ALL", "12 "]
    assert [came_back.parse_period(text) for text in asked] == [12, 26, 52, 0, *[None] * 5]
