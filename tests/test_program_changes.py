from dataclasses import replace
from datetime import timedelta

import pytest

from exercises.guideline import Targets
from exercises.models import LadderMove
from exercises.queries.program import DOSE, USUAL, Item, Plan, latest_version, plan_of, standing_plan
from exercises.queries.program_changes import changes_between, what_changed
from exercises.services import programs
from tests import factories

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LADDER = ({"texture": "silk", "pressure": "light"}, {"texture": "towel", "pressure": "firm"})


def plan(items=(), **fields):
    targets = {name: fields.pop(name) for name in Targets.__dataclass_fields__ if name in fields}
    return Plan(
        Targets(**{"cardio": 15, "exercises": 30, "desensitization": 5} | targets),
        fields.pop("usual", dict.fromkeys(USUAL)),
        tuple(items),
        **fields,
    )


def item(name, **dose):
    return Item(factories.activity(name), {"side": "", "load": "", "body_area": "", "words": ""} | dose)


def other(of, **dose):
    return Item(of.activity, of.dose | dose)


def test_nothing_changed_says_nothing():
    squat = item("Squat", sets=2, reps=8)
    assert changes_between(plan([squat], ladder=LADDER), plan([squat], ladder=LADDER)) == ()


def test_a_first_plan_says_what_there_is():
    assert changes_between(None, plan([item("Wall sit", sets=3, hold_seconds=20)])) == (
        "Cardio: 15 minutes a day.",
        "Exercises: 30 minutes a day.",
        "Desensitization: 5 times a day, at least 5 minutes.",
        "Stress management: every day, any length.",
        "New: Wall sit, 3 × 20 seconds.",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({}, {"cardio": 20}, "Cardio: 20 minutes a day (was 15)."),
        ({"cardio": None}, {}, "New: Cardio, 15 minutes a day."),
        ({}, {"cardio": None}, "Cardio is not part of the program any more."),
        (
            {},
            {"desensitization": 3},
            "Desensitization: 3 times a day, at least 5 minutes (was 5).",
        ),
        (
            {},
            {"desensitization_minutes": 10},
            "Desensitization: 5 times a day, at least 10 minutes (was 5 times a day, at least 5 minutes).",
        ),
        (
            {},
            {"desensitization": 10, "areas_rule": "each", "touch_areas": ("left_foot", "back")},
            "Desensitization: 5 times a day for each of: left foot, back, at least 5 minutes"
            " (was 5 times a day, at least 5 minutes).",
        ),
        ({}, {"stress": 1}, "Stress management: 1 time a day (was every day, any length)."),
        ({"stress": 1}, {"stress": 2}, "Stress management: 2 times a day (was 1)."),
        ({"stress": 2}, {}, "Stress management: every day, any length (was 2 times a day)."),
        ({}, {"usual": {"usual_cardio": 20}}, "One tap logs 20 minutes of cardio."),
        ({"usual": {"usual_cardio": 20}}, {}, "One tap logs 15 minutes of cardio."),
        ({}, {"kind": "paused"}, "The program pauses."),
        ({}, {"kind": "done"}, "The program is finished."),
        ({"kind": "paused"}, {}, "The program is on again, every day."),
        ({}, {"ladder": LADDER}, "The texture ladder: silk, towel (firm)."),
        ({"ladder": LADDER}, {}, "Taken out: the texture ladder."),
        (
            {"ladder": LADDER},
            {"ladder": LADDER, "ladder_starts_at": 2},
            "The ladder starts at step 2: towel (firm).",
        ),
        (
            {"ladder": LADDER},
            {"ladder": LADDER, "ladder_by_teen": True},
            "A step up the ladder: whenever you are ready for it.",
        ),
        (
            {"ladder": LADDER, "ladder_by_teen": True},
            {"ladder": LADDER},
            "A step up the ladder: together with your therapist.",
        ),
        ({}, {"harder_rule": "call"}, "On a harder day: first read when to call your care team."),
        (
            {},
            {
                "harder_rule": "smaller",
                "smaller": {"smaller_cardio": 5, "smaller_desensitization": 2, "smaller_stress": 1},
            },
            "On a harder day: a smaller plan: Cardio 5 minutes, Desensitization 2 times,"
            " Stress management 1 time.",
        ),
        ({"harder_rule": "call"}, {}, "On a harder day: the same plan in small pieces."),
    ],
)
def test_what_one_change_says(old, new, said):
    assert changes_between(plan(**old), plan(**new)) == (said,)


def test_the_rule_of_a_harder_day_is_left_out_for_who_may_not_see_it():
    assert changes_between(plan(), plan(harder_rule="call"), harder=False) == ()


def test_exercises_by_the_list_are_counted():
    three = [item(name) for name in ("A", "B", "C")]
    by_list = plan(three, by_list=True)
    assert changes_between(plan(three), by_list) == (
        "Exercises: all 3 on the list, every day (was 30 minutes a day).",
    )
    assert changes_between(by_list, replace(by_list, items=tuple(three[:2]))) == (
        "Exercises: all 2 on the list, every day (was 3).",
        "Taken out: C.",
    )
    smaller = replace(by_list, harder_rule="smaller", smaller={"smaller_exercises": 2})
    assert changes_between(by_list, smaller) == ("On a harder day: a smaller plan: Exercises 2 of the list.",)


def test_smaller_numbers_of_several_areas_are_said_for_each():
    areas = {"areas_rule": "each", "touch_areas": ("left_foot", "back"), "desensitization": 10}
    smaller = {"harder_rule": "smaller", "smaller": {"smaller_desensitization": 4}}
    assert changes_between(plan(**areas), plan(**areas, **smaller)) == (
        "On a harder day: a smaller plan: Desensitization 2 times each area.",
    )


def test_keeping_up_is_said_by_the_week():
    kept = plan(kind="keeping_up", week={"week_cardio": 3, "week_stress": 1}, flare_plan=1)
    assert changes_between(plan(), kept) == (
        "Now it is about keeping up, week by week.",
        "If things flare up, one tap goes back to the full program.",
        "Cardio: on 3 days a week.",
        "Stress management: on 1 day a week.",
    )
    assert changes_between(kept, replace(kept, week={"week_cardio": 2})) == (
        "Cardio: on 2 days a week (was 3).",
        "Stress management has no number for the week any more.",
    )


def test_items_that_changed_came_and_went():
    squat, plank = item("Squat to chair", sets=2, reps=8), item("Plank")
    new = [other(squat, sets=3, reps=10), item("Wall sit", sets=3, hold_seconds=20), item("March")]
    assert changes_between(plan([squat, plank]), plan(new)) == (
        "Squat to chair: 3 × 10 (was 2 × 8).",
        "New: Wall sit, 3 × 20 seconds.",
        "New: March.",
        "Taken out: Plank.",
    )


def test_a_dose_that_was_not_there_before():
    plank = item("Plank")
    assert changes_between(plan([plank]), plan([other(plank, minutes=2)])) == (
        "Plank: 2 min (was any amount).",
    )


def test_words_are_pointed_at_and_not_repeated():
    plank = item("Plank")
    assert changes_between(plan([plank]), plan([other(plank, words="Breathe.")])) == (
        "Plank: the words beside it are new.",
    )
    assert changes_between(plan([other(plank, words="Breathe.")]), plan([plank])) == (
        "Plank: the words beside it are taken out.",
    )


def test_a_new_order_is_said_once():
    a, b, c = (item(name) for name in "ABC")
    assert changes_between(plan([a, b, c]), plan([c, a, b])) == ("The order is new.",)


def test_one_activity_for_two_areas_is_two_items():
    foot = item("Towel rub", body_area="left_foot", minutes=5)
    hand = other(foot, body_area="right_hand")
    assert changes_between(plan([foot, hand]), plan([hand])) == ("Taken out: Towel rub.",)
    assert changes_between(plan([foot, hand]), plan([foot, other(hand, minutes=7)])) == (
        "Towel rub: 7 min, right hand (was 5 min, right hand).",
    )


# --- of versions in the database ---------------------------------------------------------------------------


@pytest.fixture
def lee(cast):
    return factories.viewer(cast.patient, cast.lee)


def revise(lee, number, **columns):
    latest = latest_version(lee.patient)
    assert latest
    new = replace(standing_plan(latest), **columns)
    start = lee.patient.today() + number * DAY
    return programs.revise_program(viewer=lee, plan=new, basis=latest.version, starts_on=start)


def test_a_version_is_told_against_the_one_in_force_before_it(lee, patient, django_assert_num_queries):
    first = patient.programs.get()
    factories.item(first, factories.activity("Plank"), sets=2)
    replaced = revise(lee, 0, kind="paused")
    new = revise(lee, 0, kind="full", targets=replace(first.asked, cardio=20))
    with django_assert_num_queries(3):
        assert what_changed(new) == ("Cardio: 20 minutes a day (was 15).",)
    assert what_changed(replaced) == ("The program pauses.",)
    assert "New: Plank, 2 sets." in what_changed(first)


def test_where_the_teen_stands_on_the_ladder_is_no_change(lee, patient, cast):
    new = revise(lee, 0, ladder=LADDER)
    LadderMove.objects.create(patient=patient, program=new, step=2, by=cast.maya, entered_as="patient")
    latest = latest_version(patient)
    assert latest
    assert standing_plan(latest).ladder_starts_at == 2
    later = revise(lee, 1, harder_rule="call")
    assert later.ladder_starts_at == 2
    assert what_changed(later) == ("On a harder day: first read when to call your care team.",)
    assert what_changed(later, harder=False) == ()


def test_a_plan_comes_back_as_it_was_kept(lee, patient):
    full = patient.programs.get()
    wanted = {
        "kind": "keeping_up",
        "areas_rule": "each",
        "touch_areas": ("left_foot",),
        "harder_rule": "smaller",
        "smaller": {"smaller_cardio": 5, "smaller_exercises": None, "smaller_desensitization": 2,
                    "smaller_stress": None},
        "week": {"week_cardio": 3, "week_exercises": None, "week_desensitization": None, "week_stress": 1},
        "ladder": LADDER,
        "ladder_starts_at": 2,
        "ladder_by_teen": True,
        "flare_plan": full.pk,
    }  # fmt: skip
    saved = plan_of(revise(lee, 0, **wanted))
    assert {name: getattr(saved, name) for name in wanted} == wanted
    assert set(DOSE) >= {"sets", "words"}
