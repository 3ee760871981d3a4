"""What is published of each measure, and how two values are set against each other: against an oracle."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exercises import measure_words, measures
from exercises.models.choices import MeasureKind

MANY = settings(max_examples=200, deadline=None)
COURSE, LONGER = "30 m course", "50 m course"


@dataclass(frozen=True)
class Value:
    value: Decimal
    out_of: int | None = None
    conditions: str = ""


def values(*numbers, **how):
    return [Value(Decimal(str(number)), **how) for number in numbers]


# --- the facts ---------------------------------------------------------------------------------------------


def test_every_kind_has_its_facts_and_a_hint():
    assert list(measures.FACTS) == MeasureKind.values
    assert set(measure_words.HINTS) == set(MeasureKind.values)
    for kind, fact in measures.FACTS.items():
        assert fact.unit in measure_words.UNITS or kind == measures.OWN
        assert fact.better in ("higher", "lower") or kind == measures.OWN
        assert (fact.meaningful is None) == (kind not in measure_words.MEANINGFUL)


@pytest.mark.parametrize(
    ("kind", "number", "source"),
    [
        ("fdi", "7.8", "Sil 2014"),
        ("promis_mobility", "3", "Thissen 2016"),
        ("walk_6_min", "80", "del Corral 2022"),
    ],
)
def test_published_changes_and_their_sources(kind, number, source):
    fact, said = measures.FACTS[kind], str(measure_words.MEANINGFUL[kind])
    assert (fact.meaningful, fact.source) == (Decimal(number), source)
    assert number in said and source in said


@pytest.mark.parametrize(
    ("total", "grade"),
    [(0, "mild"), (12, "mild"), (13, "moderate"), (29, "moderate"), (30, "severe"), (60, "severe")],
)
def test_grades_of_the_fdi(total, grade):
    assert measures.fdi_grade(Decimal(total))[1] == grade


@pytest.mark.parametrize(
    ("kind", "value", "possible", "asked"),
    [
        ("fdi", "0", True, False),
        ("fdi", "60", True, False),
        ("fdi", "61", False, False),
        ("promis_mobility", "9.9", False, True),
        ("promis_mobility", "10", True, True),
        ("promis_mobility", "20", True, False),
        ("promis_mobility", "80.1", True, True),
        ("walk_6_min", "99", True, True),
        ("walk_6_min", "100", True, False),
        ("walk_6_min", "900", True, False),
        ("walk_6_min", "900.1", True, True),
        ("sit_to_stand", "0", True, False),
        ("sit_to_stand", "600", True, True),
        ("single_leg", "45", True, False),
        ("single_leg", "60", True, True),
        ("stairs", "2", True, True),
        ("own", "99999.99", True, False),
        ("own", "-1", False, False),
    ],
)
def test_what_cannot_be_and_what_is_asked_about(kind, value, possible, asked):
    fact = measures.FACTS[kind]
    assert measures.is_possible(fact, Decimal(value)) is possible
    assert measures.is_asked_about(fact, Decimal(value)) is asked


def test_no_more_days_of_school_than_were_planned():
    school = measures.FACTS["school"]
    assert measures.is_possible(school, Decimal("4.5"), 5)
    assert measures.is_possible(school, Decimal(5), 5)
    assert not measures.is_possible(school, Decimal("5.5"), 5)


# --- one against the first like it -------------------------------------------------------------------------


def compared(kind, given_values):
    return measures.compare(given_values, kind, measures.FACTS[kind].better)


@pytest.mark.parametrize(
    ("kind", "before", "after", "direction", "meaningful"),
    [
        ("walk_6_min", 520, 600, "better", True),
        ("walk_6_min", 520, "599.9", "better", False),
        ("walk_6_min", 600, 520, "worse", True),
        ("walk_6_min", 520, 520, "same", False),
        ("promis_mobility", 40, 43, "better", True),
        ("promis_mobility", 40, "37.1", "worse", False),
        # A drop of 7.8 or more, and a lower grade.
        ("fdi", 30, 22, "better", True),
        ("fdi", 30, 23, "better", False),
        ("fdi", 29, 13, "better", False),
        ("fdi", 20, 12, "better", True),
        ("fdi", 60, 30, "better", False),
        ("fdi", 13, 12, "better", False),
        ("fdi", 24, 28, "worse", None),
        ("fdi", 24, 24, "same", False),
        ("stairs", 14, 11, "better", None),
        ("stairs", 11, 14, "worse", None),
        ("sit_to_stand", 12, 15, "better", None),
        ("own", 3, 5, "", None),
        ("own", 3, 3, "same", None),
    ],
)
def test_a_change(kind, before, after, direction, meaningful):
    found = compared(kind, values(before, after))
    assert found.change == Decimal(str(after)) - Decimal(str(before))
    assert (found.direction, found.meaningful) == (direction, meaningful)


def test_one_point_is_not_a_trend():
    found = compared("walk_6_min", values(520))
    assert (found.baseline, found.change, found.direction, found.meaningful) == (None, None, "", None)


def test_measured_another_way_is_not_compared():
    found = compared("walk_6_min", [*values(520, 560, conditions=COURSE), *values(640, conditions=LONGER)])
    assert (found.baseline, found.change, found.direction) == (None, None, "")
    assert len(found.alike) == 1


def test_the_first_one_measured_the_same_way_counts():
    first, longer, latest = (
        Value(Decimal(520), None, COURSE),
        Value(Decimal(900), None, LONGER),
        Value(Decimal(610), None, " 30M  Course"),
    )
    found = compared("walk_6_min", [longer, first, longer, latest])
    assert (found.baseline, found.change) == (first, Decimal(90))
    assert found.alike == (first, latest)


@pytest.mark.parametrize(
    ("before", "after", "change", "direction"),
    [
        ((2, 5), (4, 5), 2, "better"),
        ((4, 5), (8, 10), None, "same"),
        ((4, 5), (5, 10), None, "worse"),
        ((1, 3), (2, 6), None, "same"),
        ((3, 20), (2, 5), None, "better"),
    ],
)
def test_days_of_school_go_by_their_share(before, after, change, direction):
    pair = [Value(Decimal(value), out_of) for value, out_of in (before, after)]
    found = compared("school", pair)
    assert (found.change, found.direction) == (change, direction)


def test_a_therapists_own_word_says_which_way_is_better():
    pair = values(5, 3)
    assert measures.compare(pair, "own", "higher").direction == "worse"
    assert measures.compare(pair, "own", "lower").direction == "better"
    assert measures.compare(pair, "own", "").direction == ""


GRADE_OF = [0] * 13 + [1] * 17 + [2] * 31


def oracle(kind, rows, better):
    """The same, told the long way round: in hundredths, by loops."""
    clean = [how.lower().replace(" ", "") for _value, how in rows]
    first = next(place for place, how in enumerate(clean) if how == clean[-1])
    if first == len(rows) - 1:
        return None, None, "", None
    before, after = rows[first][0], rows[-1][0]
    direction = "same"
    if after != before:
        went_up = after > before
        direction = "" if not better else "better" if went_up == (better == "higher") else "worse"
    meaningful = None
    if kind == "walk_6_min":
        meaningful = after >= before + 8000 or after <= before - 8000
    if kind == "promis_mobility":
        meaningful = after >= before + 300 or after <= before - 300
    if kind == "fdi" and after <= before:
        meaningful = before - after >= 780 and GRADE_OF[after // 100] < GRADE_OF[before // 100]
    return first, after - before, direction, meaningful


hows = st.sampled_from(["", "a b", "A b", "ab ", "c", "C"])
amounts = st.integers(0, 60).map(lambda whole: whole * 100) | st.integers(1000, 6000)


@MANY
@given(
    st.sampled_from(["fdi", "walk_6_min", "promis_mobility", "stairs", "own"]),
    st.sampled_from(["higher", "lower", ""]),
    st.lists(st.tuples(amounts, hows), min_size=1, max_size=6),
)
@example("fdi", "", [(3000, ""), (2220, "")])
@example("walk_6_min", "", [(1000, "a b"), (9000, "AB")])
def test_it_agrees_with_the_oracle(kind, own, rows):
    if kind == "fdi":
        rows = [(amount // 100 * 100, how) for amount, how in rows]
    better = measures.FACTS[kind].better or own
    given_values = [Value(Decimal(amount) / 100, None, how) for amount, how in rows]
    first, change, direction, meaningful = oracle(kind, rows, better)
    found = measures.compare(given_values, kind, better)
    assert found.baseline == (None if first is None else given_values[first])
    assert found.change == (None if change is None else Decimal(change) / 100)
    assert (found.direction, found.meaningful) == (direction, meaningful)


# --- in words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("24.00", "24"),
        ("4.50", "4.5"),
        ("600", "600"),
        ("6E+2", "600"),
        ("0.00", "0"),
        ("-0", "0"),
        ("0.05", "0.05"),
    ],
)
def test_a_number_as_people_write_it(value, said):
    assert measure_words.number(Decimal(value)) == said


@pytest.mark.parametrize(
    ("value", "unit", "how", "said"),
    [
        ("520.00", "m", {}, "520 m"),
        ("11.5", "s", {}, "11.5 s"),
        ("1", "points", {}, "1 point"),
        ("0", "points", {}, "0 points"),
        ("36.5", "points", {}, "36.5 points"),
        ("1", "times", {}, "1 time"),
        ("3.5", "days", {"out_of": 5}, "3.5 of 5 days"),
        ("2", "days", {}, "2 days"),
        ("1", "days", {}, "1 day"),
        ("3", "", {"own_unit": "cm"}, "3 cm"),
        ("3", "", {}, "3"),
    ],
)
def test_an_amount(value, unit, how, said):
    assert measure_words.amount(Decimal(value), unit, **how) == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, ""),
        (0, "That is the same."),
        (90, "That is 90 m more."),
        (-90, "That is 90 m less."),
    ],
)
def test_a_change_in_words(change, said):
    assert measure_words.change_words(None if change is None else Decimal(change), "90 m") == said


@pytest.mark.parametrize(
    ("kind", "meaningful", "end"),
    [
        ("walk_6_min", None, "(del Corral 2022)."),
        ("walk_6_min", True, "This is one."),
        ("walk_6_min", False, "This one is smaller."),
        ("fdi", False, "This one is smaller, or stays in its range."),
    ],
)
def test_what_is_published_in_words(kind, meaningful, end):
    assert measure_words.meaningful_words(kind, meaningful).endswith(end)
    assert measure_words.meaningful_words("stairs", None) == ""


def test_what_was_taken_starts_empty():
    taken = measures.Taken("fdi", Decimal(24), date(2026, 11, 20))
    assert (taken.conditions, taken.side, taken.out_of, taken.name) == ("", "", None, "")
