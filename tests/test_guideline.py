"""The published numbers are what they are, and every strand is named the same in all three modules."""

import dataclasses

import pytest

from exercises.adherence import PRONG_OF, PRONGS, STRANDS, Work, judged_strands
from exercises.guideline import GUIDELINE, SOURCE, Targets, WeekTargets


def test_the_guideline_asks_what_was_published():
    assert dataclasses.asdict(GUIDELINE) == {
        "cardio": 15,
        "exercises": 30,
        "desensitization": 5,
        "desensitization_minutes": 5,
        "stress": None,
        "by_list": False,
    }


def test_the_source_is_named_with_its_year():
    assert "Children's Mercy" in SOURCE
    assert SOURCE.endswith("2018")


def test_an_empty_plan_asks_nothing_and_keeps_the_least_minutes():
    assert Targets() == Targets(None, None, None, 5, None)
    assert judged_strands(Targets()) == ()


def test_targets_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        GUIDELINE.cardio = 1  # type: ignore[misc]


def test_every_strand_has_one_target_one_total_and_one_prong():
    targets = {f.name for f in dataclasses.fields(Targets)} - {"desensitization_minutes", "by_list"}
    totals = {f.name for f in dataclasses.fields(Work)} - {"desensitization_short", "exercise_minutes"}
    week = {f.name for f in dataclasses.fields(WeekTargets)}
    assert set(STRANDS) == targets == totals == week == set(PRONG_OF)
    assert PRONGS == {
        "move": ("cardio", "exercises"),
        "touch": ("desensitization",),
        "calm": ("stress",),
        "life": (),
    }
    assert PRONG_OF["cardio"] == PRONG_OF["exercises"] == "move"
    assert (PRONG_OF["desensitization"], PRONG_OF["stress"]) == ("touch", "calm")
