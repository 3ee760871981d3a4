"""The rules of a day and of a period: tables of the edges, and properties against ``tests.oracle``."""

import dataclasses
import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exercises import adherence as rules
from exercises.adherence import DayFacts, Entry, Group, Keeping, StrandDay, Work
from exercises.guideline import GUIDELINE, Targets, WeekTargets

from . import oracle

TODAY = date(2026, 11, 20)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
FEW = settings(max_examples=60, deadline=None)
SOME = settings(max_examples=100, deadline=None)
MANY = settings(max_examples=200, deadline=None)

FULL = Work(cardio=15, exercises=30, desensitization=5)
FULL_AND_CALM = dataclasses.replace(FULL, stress=1)


# --- the same day, told to the oracle and to the rules ---------------------------------------------------


def targets_from(plan, asks):
    return Targets(**asks, desensitization_minutes=plan.least, by_list=plan.listed is not None)


def facts_from(day):
    plan = day.plan or oracle.Plan()
    work = rules.tally(
        [Entry(*session) for session in day.sessions],
        plan.least,
        listed=plan.listed,
        areas=plan.areas,
        times=plan.asks.get("desensitization"),
    )
    if plan.week is not None:
        keeping = Keeping(WeekTargets(**plan.week), targets_from(plan, plan.asks))
        return DayFacts(day.day, None, work, day.off, keeping)
    return DayFacts(day.day, day.plan and targets_from(plan, oracle.asked(day)), work, day.off)


def number(most):
    """Mostly small: days that just miss and just meet are the ones that matter."""
    return st.integers(1, 6) | st.integers(1, most)


minutes = st.integers(1, 12) | st.sampled_from([14, 15, 16, 25, 29, 30, 31]) | st.integers(1, 240)
FEET = ("left_foot", "right_foot", "left_hand")
# Of an own list, of another one, and of none; the activities are the same everywhere.
items = st.tuples(st.integers(1, 3) | st.integers(11, 12) | st.none(), st.integers(1, 3))
sessions = (
    st.tuples(st.just("cardio"), minutes)
    | st.tuples(st.just("exercises"), minutes, st.just(()), st.lists(items, max_size=2))
    | st.tuples(st.just("desensitization"), minutes, st.lists(st.sampled_from(FEET), max_size=2))
    | st.tuples(st.just("stress"), st.none() | minutes)
)
GUIDELINE_PLAN = oracle.Plan({"cardio": 15, "exercises": 30, "desensitization": 5})


def some_of(**numbers):
    return st.fixed_dictionaries({}, optional=numbers)


week_numbers = some_of(**dict.fromkeys(rules.STRANDS, st.integers(1, 7))).filter(bool)


@st.composite
def own_plans(draw):
    asks = draw(some_of(cardio=number(60), exercises=number(90), desensitization=number(9), stress=number(4)))
    plan = oracle.Plan(asks, draw(st.integers(1, 15)))
    if "exercises" in asks and draw(st.booleans()):
        plan.listed = [(item, draw(st.integers(1, 3))) for item in range(1, draw(st.integers(2, 4)))]
        asks["exercises"] = len(plan.listed)
    if draw(st.booleans()):
        plan.areas = list(FEET[: draw(st.integers(1, 2))])
    plan.smaller = draw(st.just({}) | some_of(cardio=number(9), desensitization=number(4), stress=number(2)))
    plan.week = draw(st.none() | st.none() | week_numbers)
    return plan


plans = st.just(GUIDELINE_PLAN) | own_plans()
dates = st.integers(-40, 3).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def day_stories(draw, days=dates):
    """Days of every status: a session list at random would almost never meet a target."""
    plan = draw(st.none() | plans | plans)
    told, off, harder = draw(st.lists(sessions, max_size=6)), draw(st.booleans()), draw(st.booleans())
    day = oracle.Day(draw(days), plan, told, off, harder)
    if plan and draw(st.booleans()):
        for strand, asked in (oracle.asked(day) or plan.asks).items():
            day.sessions = day.sessions + _all_of(
                plan, strand, asked - draw(st.sampled_from([0, 0, 0, 0, 1]))
            )
        day.sessions = list(draw(st.permutations(day.sessions)))
    return day


def _all_of(plan, strand, asked):
    """Sessions that reach the number, and not more."""
    if strand == "exercises" and plan.listed is not None:
        return [(strand, 1, (), plan.listed[:asked])]
    if strand in ("cardio", "exercises"):
        return [(strand, asked)] if asked else []
    if strand == "desensitization" and plan.areas:
        return [(strand, plan.least, [plan.areas[nth % len(plan.areas)]]) for nth in range(asked)]
    return [(strand, plan.least if strand == "desensitization" else None)] * asked


@st.composite
def period_stories(draw):
    """Days in a row, around today."""
    count = draw(st.integers(0, 8))
    first = TODAY - timedelta(days=draw(st.integers(-2, 9)))
    return [draw(day_stories(st.just(first + timedelta(days=n)))) for n in range(count)]


# --- one strand ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("strand", "told", "done", "met"),
    [
        ("cardio", [14], 14, False),
        ("cardio", [15], 15, True),
        ("cardio", [7, 7], 14, False),
        ("cardio", [7, 8], 15, True),
        ("exercises", [29], 29, False),
        ("exercises", [30], 30, True),
        ("exercises", [10, 10, 10], 30, True),
        ("desensitization", [5] * 4, 4, False),
        ("desensitization", [5] * 5, 5, True),
        ("desensitization", [5, 5, 5, 5, 4], 4, False),
        ("desensitization", [25], 1, False),
        ("desensitization", [4] * 20, 0, False),
        ("stress", [None], 1, True),
        ("stress", [1], 1, True),
        ("stress", [240, None], 2, True),
        ("stress", [], 0, False),
    ],
)
def test_when_a_strand_is_met(strand, told, done, met):
    work = rules.tally([Entry(strand, n) for n in told], GUIDELINE.desensitization_minutes)
    shown = rules.strand_day(DayFacts(TODAY, GUIDELINE, work), strand)
    assert (shown.strand, shown.done, shown.met) == (strand, done, met)


@pytest.mark.parametrize(
    ("told", "least", "counted", "short"),
    [
        ([4], 5, 0, 1),
        ([5], 5, 1, 0),
        ([25], 5, 1, 0),
        ([9, 10, 11], 10, 2, 1),
        ([5] * 5, 10, 0, 5),
        ([rules.timer_minutes(4 * 60 + 29)], 5, 0, 1),
        ([rules.timer_minutes(4 * 60 + 30)], 5, 1, 0),
    ],
)
def test_which_desensitization_sessions_count(told, least, counted, short):
    work = rules.tally([Entry("desensitization", n) for n in told], least)
    assert work == Work(desensitization=counted, desensitization_short=short)
    assert work.anything


def test_a_program_may_ask_for_ten_minutes():
    asks_ten = dataclasses.replace(GUIDELINE, desensitization_minutes=10)
    fives = rules.tally([Entry("cardio", 15), Entry("exercises", 30), *[Entry("desensitization", 5)] * 5], 10)
    tens = rules.tally([Entry("cardio", 15), Entry("exercises", 30), *[Entry("desensitization", 10)] * 5], 10)
    assert rules.status(DayFacts(YESTERDAY, asks_ten, fives), today=TODAY) == "partly"
    assert rules.status(DayFacts(YESTERDAY, asks_ten, tens), today=TODAY) == "met"
    assert rules.strand_day(DayFacts(YESTERDAY, asks_ten, fives), "desensitization").short == 5


@pytest.mark.parametrize(
    ("seconds", "whole"),
    [
        (0, 1),
        (1, 1),
        (29, 1),
        (30, 1),
        (89, 1),
        (90, 2),
        (4 * 60 + 29, 4),
        (4 * 60 + 29.9, 4),
        (4 * 60 + 30, 5),
        (14 * 60 + 29, 14),
        (14 * 60 + 30, 15),
        (240 * 60, 240),
    ],
)
def test_minutes_from_a_timer(seconds, whole):
    assert rules.timer_minutes(seconds) == whole
    assert isinstance(rules.timer_minutes(seconds), int)


@MANY
@given(st.integers(0, 4 * 3_600_000))
def test_minutes_from_any_timer(milliseconds):
    """A browser's timer counts in thousandths; whole seconds come from the server."""
    seconds = milliseconds // 1000
    assert rules.timer_minutes(seconds) == oracle.timed(seconds)
    assert rules.timer_minutes(milliseconds / 1000) == oracle.timed(milliseconds / 1000)


@MANY
@given(day_stories())
def test_a_tally_is_what_was_told(day):
    work = facts_from(day).work
    assert {strand: work.done(strand) for strand in rules.STRANDS} == {
        strand: oracle.done(day, strand) for strand in rules.STRANDS
    }
    assert work.desensitization_short == oracle.short(day)
    assert work.exercise_minutes == oracle.minutes_of(day, "exercises")
    assert work.anything is bool(day.sessions)


LISTED = [(1, 101), (2, 102), (3, 102)]


@pytest.mark.parametrize(
    ("done", "of_list"),
    [
        ([], set()),
        ([(1, 101)], {1}),
        ([(1, 101), (1, 101)], {1}),
        ([(2, 102)], {2}),
        # of another version, or of none: the same activity
        ([(9, 101)], {1}),
        ([(None, 102)], {2, 3}),
        ([(9, 109)], set()),
        ([(1, 101), (2, 102), (3, 102)], {1, 2, 3}),
    ],
)
def test_which_exercises_of_a_list_were_done(done, of_list):
    entries = [Entry("exercises", 7, (), [pair]) for pair in done]
    assert rules.done_of_list(entries, LISTED) == of_list
    work = rules.tally(entries, 5, listed=LISTED)
    assert (work.exercises, work.exercise_minutes) == (len(of_list), 7 * len(done))


def test_a_list_that_nobody_ticked_keeps_the_minutes():
    work = rules.tally([Entry("exercises", 30)], 5, listed=LISTED)
    assert work == Work(exercises=0, exercise_minutes=30)
    assert work.anything


@pytest.mark.parametrize(
    ("named", "times", "counted"),
    [
        ([], 10, 0),
        ([["left_foot"]] * 5, 10, 5),
        # one area does not make up for the other
        ([["left_foot"]] * 9, 10, 5),
        ([["left_foot"]] * 5 + [["right_foot"]] * 5, 10, 10),
        # one session for both
        ([["left_foot", "right_foot"]] * 5, 10, 10),
        # none of them named: fills what is open, and no more
        ([[]] * 4, 10, 4),
        ([["left_foot"]] * 9 + [["left_hand"]] * 9, 10, 10),
        # a number that cannot be shared evenly is reached all the same
        ([["left_foot"]] * 3 + [["right_foot"]] * 2, 5, 5),
        ([["left_foot"]] * 9, 5, 3),
    ],
)
def test_each_area_has_its_share(named, times, counted):
    entries = [Entry("desensitization", 5, areas) for areas in named]
    work = rules.tally(entries, 5, areas=("left_foot", "right_foot"), times=times)
    assert work == Work(desensitization=counted)


def test_short_sessions_fill_no_area():
    entries = [Entry("desensitization", 4, ["left_foot"]), Entry("desensitization", 5, ["left_foot"])]
    work = rules.tally(entries, 5, areas=("left_foot",), times=5)
    assert work == Work(desensitization=1, desensitization_short=1)


def test_areas_without_a_number_are_counted_together():
    entries = [Entry("desensitization", 5, ["left_foot"])] * 3
    assert rules.tally(entries, 5, areas=("left_foot",), times=None) == Work(desensitization=3)


def test_a_tally_counts_a_session_without_minutes_as_none():
    """Only stress moments come without minutes; a row that slipped through fills no target."""
    entries = [Entry("cardio", None), Entry("exercises", None), Entry("desensitization", None)]
    assert rules.tally(entries, 5) == Work(desensitization_short=1)


@SOME
@given(st.lists(sessions, max_size=8), st.lists(sessions, max_size=8), st.integers(1, 15))
def test_a_tally_does_not_mind_the_order(some, others, least):
    entries = [Entry(*session) for session in some + others]
    assert rules.tally(entries, least) == rules.tally(list(reversed(entries)), least)


@pytest.mark.parametrize("name", [f.name for f in dataclasses.fields(Work)])
def test_any_work_is_something(name):
    assert Work(**{name: 1}).anything is True
    of = {"exercise_minutes": "exercises", "desensitization_short": "desensitization"}
    assert Work(**{name: 1}).strands == (of.get(name, name),)
    assert rules.NO_WORK.anything is False
    assert rules.NO_WORK.strands == ()


@pytest.mark.parametrize(
    ("shown", "met", "left", "extra", "drawn", "share"),
    [
        (StrandDay("cardio", 0, 15, 15), False, 15, 0, 0, Fraction(0)),
        (StrandDay("cardio", 14, 15, 15), False, 1, 0, 14, Fraction(14, 15)),
        (StrandDay("cardio", 15, 15, 15), True, 0, 0, 15, Fraction(1)),
        (StrandDay("cardio", 40, 15, 15), True, 0, 25, 15, Fraction(1)),
        # not prescribed: what was done is shown, nothing is left and nothing is extra
        (StrandDay("cardio", 0, None, 0), False, 0, 0, 0, Fraction(0)),
        (StrandDay("cardio", 40, None, 0), True, 0, 0, 40, Fraction(0)),
        # Calm without a number: one moment is the whole of it
        (StrandDay("stress", 0, None, 1), False, 1, 0, 0, Fraction(0)),
        (StrandDay("stress", 3, None, 1), True, 0, 2, 1, Fraction(1)),
    ],
)
def test_what_a_page_draws_of_a_strand(shown, met, left, extra, drawn, share):
    assert (shown.met, shown.left, shown.extra, shown.shown, shown.share) == (met, left, extra, drawn, share)


@pytest.mark.parametrize(
    ("targets", "strand", "target", "aim"),
    [
        (GUIDELINE, "cardio", 15, 15),
        (GUIDELINE, "exercises", 30, 30),
        (GUIDELINE, "desensitization", 5, 5),
        (GUIDELINE, "stress", None, 1),
        (Targets(stress=3), "stress", 3, 3),
        (Targets(), "cardio", None, 0),
        (Targets(), "stress", None, 1),
        (None, "cardio", None, 0),
        (None, "stress", None, 0),
    ],
)
def test_target_and_aim(targets, strand, target, aim):
    assert rules.target_of(targets, strand) == target
    assert rules.aim_of(targets, strand) == aim
    shown = rules.strand_day(DayFacts(TODAY, targets), strand)
    assert (shown.target, shown.aim, shown.done, shown.short) == (target, aim, 0, 0)


@MANY
@given(day_stories())
def test_strands_of_a_day_are_the_oracles(day):
    shown = rules.strand_days(facts_from(day))
    assert tuple(s.strand for s in shown) == rules.STRANDS
    for strand in shown:
        asked = oracle.asked(day).get(strand.strand)
        done = oracle.done(day, strand.strand)
        assert (strand.done, strand.target) == (done, asked)
        assert strand.short == (oracle.short(day) if strand.strand == "desensitization" else 0)
        if asked:
            assert strand.met is (done >= asked)
            assert strand.left == max(0, asked - done)
            assert strand.shown + strand.extra == done
            assert strand.share == Fraction(strand.shown, asked)


def test_exercises_by_list_are_counted_one_by_one():
    facts = DayFacts(TODAY, Targets(exercises=8, by_list=True), Work(exercises=6, exercise_minutes=24))
    shown = rules.strand_day(facts, "exercises")
    assert shown == StrandDay("exercises", 6, 8, 8, by_list=True, minutes=24)
    assert not rules.strand_day(facts, "cardio").by_list


KEEPS = Keeping(WeekTargets(cardio=3, desensitization=2, stress=1), Targets(cardio=15, exercises=30))


@pytest.mark.parametrize(
    ("strand", "aim", "weekly"),
    [("cardio", 15, True), ("exercises", 0, False), ("desensitization", 0, True), ("stress", 1, True)],
)
def test_a_day_of_keeping_up_is_drawn_by_the_numbers_of_the_plan_and_not_judged(strand, aim, weekly):
    facts = DayFacts(TODAY, None, Work(20, 20, 20, 0, 20, 20), keeping=KEEPS)
    shown = rules.strand_day(facts, strand)
    assert (shown.target, shown.aim, shown.weekly, shown.done) == (None, aim, weekly, 20)
    assert rules.status(facts, today=TODAY) == "before"
    assert not rules.plan_done(facts)


def test_a_list_is_a_list_while_keeping_up():
    keeps = Keeping(WeekTargets(exercises=3), Targets(exercises=8, by_list=True))
    shown = rules.strand_day(
        DayFacts(TODAY, None, Work(exercises=2, exercise_minutes=9), keeping=keeps), "exercises"
    )
    assert shown == StrandDay("exercises", 2, None, 8, by_list=True, minutes=9, weekly=True)


@pytest.mark.parametrize(
    ("word", "facts"),
    [
        ("kept", DayFacts(TODAY, None, Work(cardio=1), keeping=KEEPS)),
        ("keeping", DayFacts(TODAY, None, keeping=KEEPS)),
        ("keeping", DayFacts(TODAY, None, day_off=True, keeping=KEEPS)),
        ("before", DayFacts(TODAY, None, Work(cardio=1))),
        ("today", DayFacts(TODAY, GUIDELINE, Work(cardio=1))),
        ("excused", DayFacts(TODAY, GUIDELINE, day_off=True)),
    ],
)
def test_how_a_calendar_draws_a_day(word, facts):
    assert rules.drawn(facts, today=TODAY) == word


# --- a day -----------------------------------------------------------------------------------------------

NO_NUMBERS = Targets()
STATUS_TABLE = [
    # closed days under the guideline
    ("nothing", YESTERDAY, GUIDELINE, Work(), False),
    ("met", YESTERDAY, GUIDELINE, FULL, False),
    ("partly", YESTERDAY, GUIDELINE, dataclasses.replace(FULL, cardio=14), False),
    ("partly", YESTERDAY, GUIDELINE, dataclasses.replace(FULL, exercises=29), False),
    ("partly", YESTERDAY, GUIDELINE, dataclasses.replace(FULL, desensitization=4), False),
    ("partly", YESTERDAY, GUIDELINE, Work(cardio=1), False),
    # one strand never makes up for another
    ("partly", YESTERDAY, GUIDELINE, Work(cardio=240, exercises=29, desensitization=5), False),
    ("partly", YESTERDAY, GUIDELINE, Work(cardio=14, exercises=240, desensitization=50), False),
    # a short session, or a moment of calm, is something
    ("partly", YESTERDAY, GUIDELINE, Work(desensitization_short=1), False),
    ("partly", YESTERDAY, GUIDELINE, Work(stress=1), False),
    # short sessions never add up to one
    ("partly", YESTERDAY, GUIDELINE, Work(15, 30, 4, 9), False),
    # stress: in the status only when a number is asked for
    ("met", YESTERDAY, GUIDELINE, FULL_AND_CALM, False),
    ("partly", YESTERDAY, dataclasses.replace(GUIDELINE, stress=1), FULL, False),
    ("met", YESTERDAY, dataclasses.replace(GUIDELINE, stress=1), FULL_AND_CALM, False),
    ("partly", YESTERDAY, dataclasses.replace(GUIDELINE, stress=2), FULL_AND_CALM, False),
    ("met", YESTERDAY, Targets(stress=1), Work(stress=1), False),
    ("partly", YESTERDAY, Targets(stress=2), Work(stress=1), False),
    # empty targets: not prescribed, not judged
    ("met", YESTERDAY, Targets(cardio=15), Work(cardio=15), False),
    ("met", YESTERDAY, Targets(exercises=20), Work(exercises=20), False),
    ("met", YESTERDAY, Targets(desensitization=3), Work(desensitization=3), False),
    ("before", YESTERDAY, NO_NUMBERS, FULL_AND_CALM, False),
    ("before", TODAY, NO_NUMBERS, FULL_AND_CALM, True),
    # no active program: not judged, whatever else is true of the day
    ("before", YESTERDAY, None, FULL_AND_CALM, False),
    ("before", YESTERDAY, None, Work(), True),
    ("before", TODAY, None, Work(), False),
    ("before", TOMORROW, None, Work(), False),
    # after today
    ("ahead", TOMORROW, GUIDELINE, Work(), False),
    ("ahead", TOMORROW, GUIDELINE, Work(), True),
    ("ahead", TOMORROW, GUIDELINE, FULL_AND_CALM, False),
    # a day off, judged only in the teen's favour
    ("excused", YESTERDAY, GUIDELINE, Work(), True),
    ("excused", YESTERDAY, GUIDELINE, dataclasses.replace(FULL, cardio=14), True),
    ("met", YESTERDAY, GUIDELINE, FULL, True),
    ("excused", TODAY, GUIDELINE, Work(), True),
    ("excused", TODAY, GUIDELINE, Work(cardio=1), True),
    ("met", TODAY, GUIDELINE, FULL, True),
    # today is not over
    ("today", TODAY, GUIDELINE, Work(), False),
    ("today", TODAY, GUIDELINE, dataclasses.replace(FULL, exercises=29), False),
    ("met", TODAY, GUIDELINE, FULL, False),
    # long ago is like yesterday
    ("nothing", TODAY - timedelta(days=400), GUIDELINE, Work(), False),
]


@pytest.mark.parametrize(("word", "day", "targets", "work", "off"), STATUS_TABLE)
def test_the_status_of_a_day(word, day, targets, work, off):
    assert rules.status(DayFacts(day, targets, work, off), today=TODAY) == word


def test_every_status_is_in_the_table():
    assert {row[0] for row in STATUS_TABLE} == set(rules.STATUSES)
    assert set(rules.STATUSES) == {"before", "ahead", "excused", "met", "today", "partly", "nothing"}
    assert len(rules.STATUSES) == 7


@settings(max_examples=400, deadline=None)
@given(day_stories())
def test_the_status_of_any_day_is_the_oracles(day):
    facts = facts_from(day)
    assert rules.status(facts, today=TODAY) == oracle.status(day, TODAY)
    assert rules.targets_met(facts.targets, facts.work) is oracle.is_met(day)
    assert rules.plan_done(facts) is (oracle.is_everything_done(day) and _calm_is_closed(day))
    assert rules.judged_strands(facts.targets) == tuple(
        strand for strand in rules.STRANDS if strand in oracle.asked(day)
    )


def _calm_is_closed(day):
    return oracle.done(day, "stress") >= oracle.asked(day).get("stress", 1)


@MANY
@given(day_stories())
def test_nothing_is_all_done_while_calm_is_open(day):
    facts = facts_from(day)
    without_calm = dataclasses.replace(facts, work=dataclasses.replace(facts.work, stress=0))
    assert rules.plan_done(without_calm) is False
    if rules.plan_done(facts):
        assert all(shown.met for shown in rules.strand_days(facts) if shown.aim)
        assert rules.strand_day(facts, "stress").left == 0


@pytest.mark.parametrize(
    ("targets", "work", "done"),
    [
        (GUIDELINE, FULL, False),
        (GUIDELINE, FULL_AND_CALM, True),
        (GUIDELINE, dataclasses.replace(FULL_AND_CALM, exercises=29), False),
        (dataclasses.replace(GUIDELINE, stress=2), FULL_AND_CALM, False),
        (dataclasses.replace(GUIDELINE, stress=2), dataclasses.replace(FULL, stress=2), True),
        (Targets(stress=1), Work(stress=1), True),
        (NO_NUMBERS, FULL_AND_CALM, False),
        (None, FULL_AND_CALM, False),
    ],
)
def test_when_the_plan_is_done(targets, work, done):
    assert rules.plan_done(DayFacts(TODAY, targets, work)) is done


@MANY
@given(day_stories(), st.lists(sessions, min_size=1, max_size=4))
def test_more_work_never_makes_a_day_less(day, more):
    rank = {"nothing": 0, "partly": 1, "today": 1, "excused": 1, "met": 2}
    richer = dataclasses.replace(day, sessions=day.sessions + more)
    before, after = (rules.status(facts_from(d), today=TODAY) for d in (day, richer))
    if before in ("before", "ahead"):
        assert after == before
    else:
        assert rank[after] >= rank[before]


@MANY
@given(day_stories())
def test_a_day_off_only_ever_helps(day):
    at_work = rules.status(facts_from(dataclasses.replace(day, off=False)), today=TODAY)
    off = rules.status(facts_from(dataclasses.replace(day, off=True)), today=TODAY)
    assert off == at_work if at_work in ("before", "ahead", "met") else off == "excused"


# --- over a period ---------------------------------------------------------------------------------------


def summed(days, today=TODAY):
    return rules.summarise([facts_from(day) for day in days], today=today)


def assert_is_the_oracles(summary, days, today):
    whole = oracle.over(days, today)
    assert {name: getattr(summary, name) for name in whole} == whole
    for strand in rules.STRANDS:
        found, expected = summary.strand(strand), oracle.strand_over(days, strand, today)
        assert found.strand == strand
        assert {name: getattr(found, name) for name in expected} == expected
    words = [oracle.status(day, today) for day in days]
    assert dict(summary.by_status) == {word: words.count(word) for word in rules.STATUSES}


@FEW
@given(period_stories())
def test_a_period_is_the_oracles(days):
    assert_is_the_oracles(summed(days), days, TODAY)


@FEW
@given(st.lists(day_stories(), max_size=8), st.randoms(use_true_random=False))
def test_a_period_does_not_mind_the_order(days, shuffler: random.Random):
    shuffled = list(days)
    shuffler.shuffle(shuffled)
    assert summed(days) == summed(shuffled)


@FEW
@given(period_stories())
def test_the_numbers_of_a_period_fit_each_other(days):
    summary = summed(days)
    assert 0 <= summary.met <= summary.active <= summary.judged
    assert summary.judged + summary.excused <= len(days)
    for strand in summary.strands:
        assert 0 <= strand.done <= strand.asked
        assert 0 <= strand.met <= strand.days <= summary.judged
        assert (strand.share is None) is (strand.days == 0) is (strand.asked == 0)
        assert strand.share is None or 0 <= strand.share <= 1
        assert (strand.share == 1) is (strand.days > 0 and strand.met == strand.days)


@FEW
@given(period_stories(), st.lists(sessions, min_size=1, max_size=3))
def test_what_goes_beyond_a_met_strand_enters_no_total(days, more):
    """More of what is met already changes no number of the period."""
    richer = []
    for day in days:
        asks = oracle.asked(day)
        extra = [s for s in more if s[0] in asks and oracle.done(day, s[0]) >= asks[s[0]]]
        if oracle.short(dataclasses.replace(day, sessions=extra)):
            extra = []
        richer.append(dataclasses.replace(day, sessions=day.sessions + extra))
    assert summed(richer) == summed(days)


@FEW
@given(period_stories())
def test_today_enters_every_count_only_while_it_is_met(days):
    without = [day for day in days if day.day != TODAY]
    met_today = any(day.day == TODAY and oracle.status(day, TODAY) == "met" for day in days)
    whole, closed = summed(days), summed(without)
    assert whole.judged - closed.judged == whole.met - closed.met == met_today
    if not met_today:
        assert whole.strands == closed.strands
        assert whole.active == closed.active


def test_today_unfinished_waits():
    days = [DayFacts(YESTERDAY, GUIDELINE, FULL), DayFacts(TODAY, GUIDELINE, Work(cardio=15))]
    summary = rules.summarise(days, today=TODAY)
    assert (summary.judged, summary.met, summary.active) == (1, 1, 1)
    assert summary.strand("cardio").asked == 15
    assert summary.by_status["today"] == 1
    tomorrow = rules.summarise(days, today=TOMORROW)
    assert (tomorrow.judged, tomorrow.met, tomorrow.active) == (2, 1, 2)


def test_a_big_day_cannot_hide_an_empty_one():
    week = [DayFacts(TODAY - timedelta(days=n), GUIDELINE) for n in range(1, 8)]
    week[3] = dataclasses.replace(week[3], work=Work(cardio=105, exercises=210, desensitization=35))
    summary = rules.summarise(week, today=TODAY)
    for strand, asked in (("cardio", 15), ("exercises", 30), ("desensitization", 5)):
        found = summary.strand(strand)
        assert (found.done, found.asked, found.met, found.days) == (asked, 7 * asked, 1, 7)
        assert found.share == Fraction(1, 7)
        assert found.percent == 14
    assert (summary.met, summary.judged, summary.active) == (1, 7, 1)


def test_most_of_everything_meets_few_days():
    """Why strands lead: about 85 % of everything, and all targets on 2 days of 7."""
    worked = [FULL, FULL]
    worked += [dataclasses.replace(FULL, cardio=8)] * 2
    worked += [dataclasses.replace(FULL, exercises=14)] * 2
    worked += [dataclasses.replace(FULL, desensitization=0)]
    week = [DayFacts(TODAY - timedelta(days=n), GUIDELINE, work) for n, work in enumerate(worked, start=1)]
    summary = rules.summarise(week, today=TODAY)
    assert (summary.met, summary.judged, summary.active) == (2, 7, 7)
    assert [s.percent for s in summary.strands] == [87, 85, 86, 0]


def test_each_days_share_weighs_the_same_when_the_program_changes():
    """10 of 10 and 0 of 30: half of what each day asked, though a quarter of the minutes."""
    days = [
        DayFacts(YESTERDAY, Targets(cardio=10), Work(cardio=10)),
        DayFacts(YESTERDAY - timedelta(days=1), Targets(cardio=30)),
    ]
    cardio = rules.summarise(days, today=TODAY).strand("cardio")
    assert (cardio.done, cardio.asked, cardio.share) == (10, 40, Fraction(1, 2))


LISTS = Targets(exercises=8, by_list=True)


@pytest.mark.parametrize(
    ("asked", "by_list", "mixed", "share"),
    [
        ([GUIDELINE, GUIDELINE], False, False, Fraction(4, 30)),
        ([LISTS, LISTS], True, False, Fraction(4, 8)),
        # half of one and a seventh of the other: shares have a mean, minutes and exercises no sum
        ([LISTS, GUIDELINE], True, True, (Fraction(4, 8) + Fraction(4, 30)) / 2),
        # 8 minutes or 8 exercises: the number is the same, the unit is not
        ([LISTS, Targets(exercises=8)], True, True, Fraction(4, 8)),
        ([LISTS, Targets(cardio=5)], True, False, Fraction(4, 8)),
    ],
)
def test_minutes_and_exercises_of_a_list_make_no_sum(asked, by_list, mixed, share):
    work = Work(exercises=4, exercise_minutes=4)
    days = [DayFacts(TODAY - timedelta(days=n), targets, work) for n, targets in enumerate(asked, start=1)]
    summary = rules.summarise(days, today=TODAY)
    found = summary.strand("exercises")
    assert (found.by_list, found.mixed, found.share) == (by_list, mixed, share)
    assert not any(one.by_list or one.mixed for one in summary.strands if one is not found)


def test_days_of_keeping_up_enter_no_sum():
    days = [DayFacts(YESTERDAY, None, FULL_AND_CALM, keeping=KEEPS), DayFacts(TODAY, None, keeping=KEEPS)]
    summary = rules.summarise(days, today=TODAY)
    assert (summary.judged, summary.by_status["before"]) == (0, 2)
    assert all(strand.days == 0 for strand in summary.strands)


def test_a_day_off_leaves_the_count_visibly():
    days = [
        DayFacts(TODAY - timedelta(days=1), GUIDELINE, FULL, day_off=True),
        DayFacts(TODAY - timedelta(days=2), GUIDELINE, Work(cardio=15), day_off=True),
        DayFacts(TODAY - timedelta(days=3), GUIDELINE, Work(), day_off=True),
        DayFacts(TODAY - timedelta(days=4), GUIDELINE, Work()),
    ]
    summary = rules.summarise(days, today=TODAY)
    assert (summary.judged, summary.met, summary.active, summary.excused) == (2, 1, 1, 2)
    assert summary.strand("cardio").days == 2


def test_calm_is_shown_beside_the_others_without_being_judged():
    days = [
        DayFacts(TODAY - timedelta(days=1), GUIDELINE, dataclasses.replace(FULL, stress=4)),
        DayFacts(TODAY - timedelta(days=2), GUIDELINE, FULL),
    ]
    summary = rules.summarise(days, today=TODAY)
    assert summary.met == 2
    calm = summary.strand("stress")
    assert (calm.done, calm.asked, calm.days, calm.met, calm.percent) == (1, 2, 2, 1, 50)


def test_an_empty_period():
    summary = rules.summarise([], today=TODAY)
    assert (summary.judged, summary.met, summary.active, summary.excused) == (0, 0, 0, 0)
    assert all(s.share is None and s.percent is None for s in summary.strands)
    assert summary.by_status == dict.fromkeys(rules.STATUSES, 0)
    assert rules.Summary(strands=()).by_status == {}


@pytest.mark.parametrize(
    ("share", "whole"),
    [
        (None, None),
        (Fraction(0), 0),
        (Fraction(1), 100),
        (Fraction(1, 200), 1),
        (Fraction(1, 201), 0),
        (Fraction(5, 1000), 1),
        (Fraction(15, 1000), 2),
        (Fraction(25, 1000), 3),
        (Fraction(1, 3), 33),
        (Fraction(2, 3), 67),
        (Fraction(1, 8), 13),
        (Fraction(3, 8), 38),
        (Fraction(199, 200), 100),
        (Fraction(994, 1000), 99),
    ],
)
def test_per_cent_is_half_up(share, whole):
    assert rules.percent(share) == whole


@MANY
@given(st.fractions(0, 1, max_denominator=400))
def test_per_cent_of_any_share(share):
    assert rules.percent(share) == oracle.per_cent(share)
    assert rules.StrandSum("cardio", share=share).percent == oracle.per_cent(share)


@MANY
@given(st.integers(0, 300), st.integers(1, 90))
@example(14, 15)
@example(15, 15)
@example(16, 15)
def test_a_share_is_capped(done, target):
    assert rules.capped_share(done, target) == min(Fraction(1), Fraction(done, target))


@MANY
@given(st.lists(st.tuples(number(60), st.integers(0, 120)), max_size=20))
def test_a_sum_made_in_sql_ends_the_same(days):
    """``GROUP BY target`` gives days, met and the capped sum of each group: enough for every number."""
    groups: dict[int, Group] = {}
    for target, done in days:
        groups[target] = groups.get(target, Group()).plus(1, done >= target, min(done, target))
    found = rules.strand_sum("cardio", groups)
    told = [
        oracle.Day(
            TODAY - timedelta(days=n), oracle.Plan({"cardio": target}), [("cardio", done)] if done else []
        )
        for n, (target, done) in enumerate(days, start=1)
    ]
    expected = oracle.strand_over(told, "cardio", TODAY)
    assert {name: getattr(found, name) for name in expected} == expected
    assert found == summed(told).strand("cardio")


# --- programs that change, pause and end -----------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    starts_on: date
    targets: Targets | None  # ``None``: paused, or done


FIRST = Version(TODAY - timedelta(days=20), GUIDELINE)
LESS = Version(TODAY - timedelta(days=10), Targets(cardio=10))
PAUSE = Version(TODAY - timedelta(days=5), None)
AGAIN = Version(TODAY - timedelta(days=2), Targets(cardio=20))
DONE = Version(TODAY + timedelta(days=3), None)
VERSIONS = [FIRST, LESS, PAUSE, AGAIN, DONE]


@pytest.mark.parametrize(
    ("days_from_today", "version"),
    [
        (-21, None),
        (-20, FIRST),
        (-11, FIRST),
        (-10, LESS),
        (-6, LESS),
        (-5, PAUSE),
        (-3, PAUSE),
        (-2, AGAIN),
        (0, AGAIN),
        (2, AGAIN),
        (3, DONE),
        (400, DONE),
    ],
)
def test_a_day_is_judged_by_the_program_in_force_that_day(days_from_today, version):
    day = TODAY + timedelta(days=days_from_today)
    for order in (VERSIONS, VERSIONS[::-1], VERSIONS[2:] + VERSIONS[:2]):
        assert rules.in_force(order, day) is version


def test_no_program_at_all():
    assert rules.in_force([], TODAY) is None


def test_a_program_over_time_changes_what_its_days_are():
    """15 minutes of cardio every day, under a program that eases, pauses, asks more and ends."""
    words = []
    for n in range(-22, 5):
        day = TODAY + timedelta(days=n)
        version = rules.in_force(VERSIONS, day)
        facts = DayFacts(day, version.targets if version else None, Work(cardio=15))
        words.append(rules.status(facts, today=TODAY))
    assert words == (
        ["before"] * 2 + ["partly"] * 10 + ["met"] * 5 + ["before"] * 3 + ["partly"] * 2 + ["today"]
        + ["ahead"] * 2 + ["before"] * 2
    )  # fmt: skip


@MANY
@given(
    st.dictionaries(st.integers(-30, 10), st.none() | own_plans(), max_size=6),
    st.integers(-40, 20),
    st.randoms(use_true_random=False),
)
def test_the_program_in_force_is_the_oracles(timeline, n, shuffler):
    starts = [(TODAY + timedelta(days=offset), plan) for offset, plan in timeline.items()]
    versions = [Version(day, plan) for day, plan in starts]
    shuffler.shuffle(versions)
    day = TODAY + timedelta(days=n)
    found = rules.in_force(versions, day)
    targets: object = found.targets if found else None
    assert targets == oracle.plan_of(starts, day)


@SOME
@given(st.sets(st.integers(-30, 10), min_size=1, max_size=6))
def test_each_version_ends_where_the_next_begins(offsets):
    starts = sorted(TODAY + timedelta(days=n) for n in offsets)
    versions = [Version(day, GUIDELINE) for day in starts]
    assert rules.in_force(versions, starts[0] - timedelta(days=1)) is None
    for version, later in pairwise(versions):
        assert rules.in_force(versions, version.starts_on) is version
        assert rules.in_force(versions, later.starts_on - timedelta(days=1)) is version


@pytest.mark.parametrize(
    ("logged_today", "choose_today", "starts"),
    [
        (False, False, TODAY),
        (False, True, TODAY),
        (True, False, TOMORROW),
        (True, True, TODAY),
    ],
)
def test_when_a_revision_starts(logged_today, choose_today, starts):
    assert rules.revision_starts(TODAY, logged_today=logged_today, choose_today=choose_today) == starts


def test_a_revision_leaves_a_logged_today_alone_unless_told():
    assert rules.revision_starts(TODAY, logged_today=True) == TOMORROW


# --- how far back ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "back"), [("tap", 1), ("timer", 1), ("guided", 1), ("typed", 7), ("grid", 7), ("sheet", 7)]
)
def test_how_far_back_an_entry_may_lie(source, back):
    assert rules.oldest_day(TODAY, source=source, paper=False) == TODAY - timedelta(days=back)
    assert rules.oldest_day(TODAY, source=source, paper=True) == TODAY - timedelta(days=35)


def test_the_windows():
    assert (rules.ONE_TAP_DAYS, rules.FORM_DAYS, rules.PAPER_DAYS) == (1, 7, 35)
    assert rules.CORRECTION_DAYS == 7
