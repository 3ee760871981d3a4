"""What a parent can say tonight: one sentence, about function."""

import re
import uuid
from datetime import date, timedelta

import pytest

from exercises import tonight
from exercises.adherence import DayFacts, Keeping, Work
from exercises.guideline import GUIDELINE, Targets, WeekTargets
from exercises.tonight import QUIET_DAYS, is_quiet

FRIDAY = date(2026, 11, 20)
DAY = timedelta(days=1)
KEY = "6e1f6a52-3c9f-4c5e-9a5c-1f0a6f1f0a6f"
ALL = [
    *tonight.ANY_DAY,
    *tonight.BEFORE_SCHOOL,
    *tonight.WEEKEND,
    *(line for lines in tonight.DONE.values() for line in lines),
    *tonight.GOAL,
    *tonight.QUIET,
]
FORBIDDEN = re.compile(
    r"\b(pain\w*|hurt\w*|ache\w*|sore|symptom\w*|feel\w*|sick|missed|miss|fail\w*|compl\w*|should have|"
    r"enough|why (didn|haven|not)|still not|streak|faster|better than|more than|others?|every day|must|"
    r"if you|lazy|reward|prize|harder day|forgot|finally|at last|proud of you)\b",
    re.I,
)


def say(day=FRIDAY, key=KEY, **facts):
    return tonight.tonight(key, day, **{"name": "Maya"} | facts)


def test_there_are_enough_for_a_month():
    assert len(tonight.ANY_DAY) >= 30
    assert len(set(ALL)) == len(ALL)


@pytest.mark.parametrize("line", ALL)
def test_none_asks_about_pain_nags_or_compares(line):
    assert not FORBIDDEN.search(line)


def test_the_search_can_find_something():
    assert FORBIDDEN.search("How is your pain?")
    assert FORBIDDEN.search("Why didn’t you do your cardio?")


@pytest.mark.parametrize("name", ["Maya", "M" * 80])
def test_they_are_short_whatever_the_words(name):
    said = {
        say(FRIDAY + n * DAY, name=name, goals=["g" * 200], done=[*tonight.DONE], quiet=quiet).text
        for n in range(400)
        for quiet in (False, True)
    }
    assert max(map(len, said)) <= 140
    assert len(said) == len(ALL)
    assert not any("%(" in line for line in said)


def test_the_same_day_says_the_same_and_the_next_something_else():
    for n in range(60):
        day = FRIDAY + n * DAY
        assert say(day) == say(day)
        assert say(day) != say(day + DAY)


def test_children_of_one_family_do_not_get_the_same_every_day():
    other = str(uuid.UUID(int=7))
    assert any(say(FRIDAY + n * DAY) != say(FRIDAY + n * DAY, key=other) for n in range(10))


def texts(days=120, **facts):
    return {say(FRIDAY + n * DAY, **facts).text for n in range(days)}


def test_without_anything_known_it_speaks_of_nothing_done_and_of_no_goal():
    said = texts()
    assert not any(word in line for line in said for word in ("You did", "You made time", "You worked"))
    assert not any(line.startswith("Ask") for line in said)
    assert "“What was the best part of your day?”" in said


def test_what_was_done_and_a_goal_may_be_spoken_of():
    said = texts(done=["cardio"], goals=["Sing in the choir"])
    assert "“You did cardio today. What was the music?”" in said
    assert "Ask Maya what the next step to “Sing in the choir” could be." in said
    assert "“You did exercises today. Which one do you like best?”" not in said


def test_calm_is_nobodys_question():
    assert texts(done=["stress"]) == texts()


def test_tomorrow_is_a_school_day_or_it_is_not():
    weekend, before_school = set(tonight.WEEKEND), set(tonight.BEFORE_SCHOOL)
    for n in range(60):
        day = FRIDAY + n * DAY
        free_tomorrow = (day + DAY).weekday() >= 5
        assert say(day).text not in (before_school if free_tomorrow else weekend)


def test_a_percent_sign_in_a_goal_is_only_a_percent_sign():
    assert any("100 % me" in line for line in texts(goals=["100 % me"]))


def test_after_quiet_days_it_is_something_to_do():
    line = say(quiet=True)
    assert line.quiet
    assert line.text in {text % {"name": "Maya"} for text in tonight.QUIET}
    assert "Ask Maya whether company for cardio would help." in texts(quiet=True)


# --- quiet days --------------------------------------------------------------------------------------------


def days(count=QUIET_DAYS + 1, **fields):
    """The last of them is today."""
    fields = {"targets": GUIDELINE} | fields
    return [DayFacts(FRIDAY - ago * DAY, **fields) for ago in range(count)]


def with_one(ago, **fields):
    rows = days(9)
    rows[ago] = DayFacts(FRIDAY - ago * DAY, **{"targets": GUIDELINE} | fields)
    return is_quiet(rows, today=FRIDAY)


def test_five_closed_days_without_an_entry_are_quiet():
    assert is_quiet(days(), today=FRIDAY)
    assert is_quiet(days(12), today=FRIDAY)
    assert not is_quiet(days(QUIET_DAYS), today=FRIDAY)


@pytest.mark.parametrize(("ago", "quiet"), [(0, False), (1, False), (5, False), (6, True), (8, True)])
def test_any_entry_breaks_the_quiet(ago, quiet):
    assert with_one(ago, work=Work(stress=1)) is quiet


def test_a_day_off_or_no_program_is_no_quiet_day():
    assert not with_one(3, day_off=True)
    assert not with_one(3, targets=None)
    assert not with_one(3, targets=Targets(None, None, None))
    assert with_one(3)


def test_keeping_up_can_be_quiet():
    keeping = Keeping(WeekTargets(cardio=3), GUIDELINE)
    assert is_quiet(days(targets=None, keeping=keeping), today=FRIDAY)
    assert not is_quiet(days(targets=None, keeping=keeping, work=Work(cardio=5)), today=FRIDAY)
