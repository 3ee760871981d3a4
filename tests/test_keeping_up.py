"""Weeks of keeping up: tables of the edges, and a property against ``tests.oracle``."""

import dataclasses
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises import keeping_up
from exercises.adherence import STRANDS, DayFacts, Keeping, Work
from exercises.guideline import GUIDELINE, Targets, WeekTargets
from exercises.keeping_up import StrandWeek, WeeksMet
from tests import oracle
from tests.test_adherence import day_stories, facts_from

MONDAY, FRIDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 20), date(2026, 11, 22)
NEXT = SUNDAY + timedelta(days=1)
CARDIO_ON_3 = Keeping(WeekTargets(cardio=3), Targets(cardio=15))


def a_week(*minutes, keeping=CARDIO_ON_3, off=()):
    """Monday to Sunday, with minutes of cardio; ``None`` for a day of another program."""
    return [
        DayFacts(
            MONDAY + timedelta(days=n),
            GUIDELINE if cardio is None else None,
            Work(cardio=cardio or 0),
            n in off,
            None if cardio is None else keeping,
        )
        for n, cardio in enumerate([*minutes, *[0] * (7 - len(minutes))])
    ]


def cardio(rows, today=NEXT):
    (found,) = keeping_up.week(rows, today=today).strands
    assert found.strand == "cardio"
    return found.done, found.asked


@pytest.mark.parametrize(
    ("rows", "done", "asked"),
    [
        (a_week(), 0, 3),
        (a_week(15, 0, 15), 2, 3),
        (a_week(15, 15, 15), 3, 3),
        (a_week(15, 15, 15, 15), 4, 3),
        # less than the number for a day is kept, and makes no day of the week
        (a_week(14, 20, 15), 2, 3),
        # days off: the week has fewer days, and a day off that was used counts
        (a_week(15, off=(1, 2, 3)), 1, 3),
        (a_week(15, off=(2, 3, 4, 5, 6)), 1, 2),
        (a_week(15, off=(0, 2, 3, 4, 5, 6)), 1, 2),
        # another program in the week, before or after: the days there were
        (a_week(None, None, None, None, None, 15), 1, 2),
        (a_week(15, None, None, None, None, None, None), 1, 1),
    ],
)
def test_how_many_days_of_how_many(rows, done, asked):
    assert cardio(rows) == (done, asked)


def test_a_running_week_says_what_was_done_up_to_today():
    rows = a_week(15, 0, 15, 0, 15, 15, 15)
    assert cardio(rows, today=FRIDAY) == (3, 3)
    assert cardio(rows, today=MONDAY) == (1, 3)


@pytest.mark.parametrize(
    ("rows", "today"),
    [
        (a_week(*[None] * 7), NEXT),
        # it begins on Saturday, and today is Friday
        (a_week(None, None, None, None, None), FRIDAY),
        ([], NEXT),
    ],
)
def test_a_week_in_which_nothing_was_kept_up_with(rows, today):
    assert keeping_up.week(rows, today=today) is None


def test_the_number_of_the_latest_version_counts_for_the_week_once_it_has_begun():
    five = Keeping(WeekTargets(cardio=5, stress=1), Targets(cardio=10))
    rows = a_week(15, 10)
    rows[4:] = [dataclasses.replace(facts, keeping=five) for facts in rows[4:]]
    before = keeping_up.week(rows, today=MONDAY + timedelta(days=3))
    after = keeping_up.week(rows, today=FRIDAY)
    # Tuesday's ten minutes are no day of the version in force on Tuesday.
    assert before.strands == (StrandWeek("cardio", 1, 3),)
    assert after.strands == (StrandWeek("cardio", 1, 5), StrandWeek("stress", 0, 1))


@pytest.mark.parametrize(
    ("strand", "work", "counts"),
    [
        ("cardio", Work(cardio=1), True),
        ("exercises", Work(exercise_minutes=1), True),
        ("desensitization", Work(desensitization_short=1), True),
        ("desensitization", Work(desensitization=1), True),
        ("stress", Work(stress=1), True),
        ("cardio", Work(stress=1), False),
        ("stress", Work(cardio=1), False),
    ],
)
def test_without_a_number_for_a_day_anything_makes_it_one(strand, work, counts):
    keeping = Keeping(WeekTargets(**{strand: 1}), Targets())
    assert keeping_up.counts_for(DayFacts(MONDAY, None, work, keeping=keeping), strand) is counts


def test_a_day_of_another_program_is_no_day_of_the_week():
    assert not keeping_up.counts_for(DayFacts(MONDAY, GUIDELINE, Work(cardio=99)), "cardio")


def test_what_goes_beyond_is_said_apart():
    more, less = StrandWeek("cardio", 4, 3), StrandWeek("cardio", 1, 3)
    assert (more.met, more.shown, more.extra, more.share) == (True, 3, 1, Fraction(1))
    assert (less.met, less.shown, less.extra, less.share) == (False, 1, 0, Fraction(1, 3))


@pytest.mark.parametrize(
    ("rows", "today", "over", "met", "counts"),
    [
        (a_week(15, 15, 15), NEXT, True, True, True),
        (a_week(15, 15), NEXT, True, False, True),
        # not over: it counts once it is met
        (a_week(15, 15), FRIDAY, False, False, False),
        (a_week(15, 15, 15), FRIDAY, False, True, True),
        # nothing was asked
        (a_week(off=range(7)), NEXT, True, False, False),
    ],
)
def test_when_a_week_counts(rows, today, over, met, counts):
    found = keeping_up.week(rows, today=today)
    assert (found.first, found.last) == (MONDAY, SUNDAY)
    assert (found.over, found.met, found.counts) == (over, met, counts)


def test_all_of_a_week_is_every_strand_of_it():
    both = Keeping(WeekTargets(cardio=1, stress=1), Targets(cardio=15))
    rows = a_week(15, keeping=both)
    assert not keeping_up.week(rows, today=NEXT).met
    rows[1] = dataclasses.replace(rows[1], work=Work(stress=1))
    assert keeping_up.week(rows, today=NEXT).met


@pytest.mark.parametrize(("first_weekday", "firsts"), [(0, [MONDAY, NEXT]), (6, [MONDAY, SUNDAY])])
def test_weeks_in_a_row(first_weekday, firsts):
    rows = a_week(15, 15, 15)
    rows += [dataclasses.replace(facts, day=facts.day + timedelta(days=7)) for facts in a_week(15)]
    found = keeping_up.weeks(rows[:10], today=NEXT + timedelta(days=7), first_weekday=first_weekday)
    assert [week.first for week in found] == firsts
    assert keeping_up.weeks(a_week(*[None] * 7), today=NEXT) == ()


def weeks_of(*weeks):
    found = [keeping_up.week(rows, today=NEXT) for rows in weeks]
    assert None not in found
    return found


def test_weeks_met_of_weeks():
    weeks = weeks_of(a_week(15, 15, 15), a_week(15), a_week(off=range(7)))
    assert keeping_up.weeks_met(weeks) == (WeeksMet("cardio", 1, 2), WeeksMet("", 1, 2))
    assert keeping_up.weeks_met(weeks[2:]) == keeping_up.weeks_met([]) == ()


def test_weeks_are_counted_for_each_strand_that_they_ask_for():
    both = Keeping(WeekTargets(cardio=1, stress=1), Targets(cardio=15))
    weeks = weeks_of(a_week(15, 15, 15), a_week(15, keeping=both))
    assert weeks[1].strand("stress") == StrandWeek("stress", 0, 1)
    assert weeks[0].strand("stress") is None
    assert keeping_up.weeks_met(weeks) == (
        WeeksMet("cardio", 2, 2), WeeksMet("stress", 0, 1), WeeksMet("", 1, 2),
    )  # fmt: skip


@st.composite
def week_stories(draw):
    return [draw(day_stories(st.just(MONDAY + timedelta(days=n)))) for n in range(7)]


@settings(max_examples=60, deadline=None)
@given(week_stories(), st.integers(-1, 8))
def test_a_week_is_the_oracles(days, n):
    today = MONDAY + timedelta(days=n)
    found = keeping_up.week([facts_from(day) for day in days], today=today)
    expected = oracle.week(days, today)
    if expected is None:
        assert found is None
    else:
        assert {one.strand: (one.done, one.asked) for one in found.strands} == expected
        assert [one.strand for one in found.strands] == [s for s in STRANDS if s in expected]
