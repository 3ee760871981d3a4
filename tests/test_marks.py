"""The marks: names that outside scripts read, words for those who hear the page, and speed."""

import re
import time
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from exercises import adherence as a
from exercises import days, words
from exercises.templatetags import marks

FRIDAY = date(2026, 11, 20)
TOUCH = "Desensitization"


def shown_words(html: str) -> str:
    """What is left without tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def strand(name: str, done: int, target: int | None, aim: int | None = None, short: int = 0) -> str:
    aim = (target or 0) if aim is None else aim
    return marks.strand_mark(a.StrandDay(name, done, target, aim, short))


def render(source: str, **context: object) -> str:
    return Template("{% load marks %}" + source).render(Context(context))


# --- words -----------------------------------------------------------------------------------------------


def test_every_status_strand_and_prong_has_words():
    assert set(words.STATUS_WORDS) == set(a.STATUSES)
    assert set(words.STRAND_WORDS) == set(words.STRAND_SHORT) == set(a.STRANDS)
    assert set(words.PRONG_WORDS) == set(a.PRONGS)


def test_no_word_blames():
    said = " ".join(str(v) for t in (words.STATUS_WORDS, words.LIFE_ANSWERS) for v in t.values())
    assert not re.search(r"miss|fail|complian|not enough", said, re.IGNORECASE)


# --- days ------------------------------------------------------------------------------------------------


def test_a_day_carries_its_date_its_status_and_its_words():
    html = marks.day_mark(FRIDAY, a.MET)
    assert html.startswith("<span ")
    assert 'data-day="2026-11-20" data-status="met"' in html
    assert shown_words(html) == "Fri, Nov 20: Targets met"


@pytest.mark.parametrize("status", a.STATUSES)
def test_every_status_is_drawn_in_every_size(status):
    for size in ("m", "s", "xs"):
        html = marks.day_mark(FRIDAY, status, size=size)
        assert f'data-status="{status}"' in html
        assert str(words.STATUS_WORDS[status]) in html


def test_a_day_with_an_address_is_a_link_and_everything_is_escaped():
    html = marks.day_mark(FRIDAY, a.NOTHING, label="<b>", href='/x?a=1&b="')
    assert html.startswith("<a ")
    assert 'href="/x?a=1&amp;b=&quot;"' in html
    assert "<b>" not in html


def test_the_label_is_for_the_eye_and_zero_is_a_label():
    assert '<span class="day-label" aria-hidden="true">0</span>' in marks.day_mark(FRIDAY, a.MET, label=0)
    assert "day-label" not in marks.day_mark(FRIDAY, a.MET)


def test_today_is_marked_for_a_screen_reader():
    assert 'aria-current="date"' in marks.day_mark(FRIDAY, a.TODAY, current=True)
    assert "aria-current" not in marks.day_mark(FRIDAY, a.TODAY)


def test_an_unknown_status_is_an_error():
    with pytest.raises(KeyError):
        marks.day_mark(FRIDAY, "late")


def test_cells_are_one_picture_with_a_count():
    html = marks.day_cells([(FRIDAY, a.MET), (FRIDAY + timedelta(days=1), a.MET), (FRIDAY, a.EXCUSED)])
    assert 'role="img" aria-label="3 days: Targets met 2, Day off 1"' in html
    assert html.count("<i data-day=") == 3
    assert 'title="Fri, Nov 20: Targets met"' in html


def test_cells_take_a_name_of_their_own_and_may_be_empty():
    assert 'aria-label="a &lt; b"' in marks.day_cells([], "a < b")
    assert 'aria-label="0 days"' in marks.day_cells([])


def test_a_year_shows_the_days_it_is_given_and_its_months():
    weeks = days.year_weeks(2026)
    html = marks.year_cells(weeks, {date(2026, 1, 1): a.MET, FRIDAY: a.PARTLY}, "The year")
    assert html.count("data-day=") == 2
    assert html.count("<i") == 7 * len(weeks)
    assert re.findall(r"<b>(\w+)</b>", html)[::11] == ["Jan", "Dec"]
    assert 'aria-label="The year"' in html


def test_1400_cells_take_a_few_milliseconds():
    rows = [[(FRIDAY - timedelta(days=n), a.STATUSES[n % 7]) for n in range(28)] for _ in range(50)]
    for row in rows:
        marks.day_cells(row)
    fastest = min(_seconds(rows) for _ in range(5))
    assert fastest < 0.02  # about 2 ms on a quiet machine


def _seconds(rows: list) -> float:
    start = time.perf_counter()
    for row in rows:
        marks.day_cells(row)
    return time.perf_counter() - start


def test_cached_cells_keep_to_the_language_of_the_page():
    with translation.override("de"):
        german = marks.day_cells([(FRIDAY, a.MET)])
    assert german != marks.day_cells([(FRIDAY, a.MET)])


# --- strands ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "data", "said"),
    [
        (strand(a.CARDIO, 15, 15), ("15", "15", "yes"), "Cardio 15 of 15 min"),
        (strand(a.CARDIO, 21, 15), ("21", "15", "yes"), "Cardio 15 of 15 min + 6 min"),
        (strand(a.EXERCISES, 18, 30), ("18", "30", "no"), "Exercises 18 of 30 min"),
        (strand(a.EXERCISES, 12, None), ("12", "", "yes"), "Exercises 12 min"),
        (strand(a.CARDIO, 0, None), ("0", "", "no"), "Cardio not in the program"),
        (strand(a.CARDIO, 0, 1), ("0", "1", "no"), "Cardio 0 of 1 min"),
        (strand(a.DESENSITIZATION, 3, 5), ("3", "5", "no"), "Desensitization 3 of 5"),
        (strand(a.DESENSITIZATION, 6, 5), ("6", "5", "yes"), "Desensitization 5 of 5 + 1"),
        (
            strand(a.DESENSITIZATION, 2, 5, short=1),
            ("2", "5", "no"),
            f"{TOUCH} 2 of 5 · 1 short one kept",
        ),
        (
            strand(a.DESENSITIZATION, 2, 5, short=2),
            ("2", "5", "no"),
            f"{TOUCH} 2 of 5 · 2 short ones kept",
        ),
        (strand(a.DESENSITIZATION, 2, None), ("2", "", "yes"), "Desensitization 2 done"),
        (strand(a.STRESS, 0, None, aim=1), ("0", "", "no"), "Stress management not yet"),
        (strand(a.STRESS, 1, None, aim=1), ("1", "", "yes"), "Stress management done"),
        (strand(a.STRESS, 1, 2), ("1", "2", "no"), "Stress management 1 of 2"),
    ],
)
def test_a_strand_says_what_was_done(html, data, said):
    done, target, met = data
    assert f'data-done="{done}" data-target="{target}" data-met="{met}"' in html
    assert shown_words(html) == said


@pytest.mark.parametrize(
    ("done", "aim", "minutes", "said"),
    [
        (6, 8, 24, "6 of 8 exercises · 24 min"),
        (1, 1, 0, "1 of 1 exercise"),
        (3, 2, 9, "2 of 2 exercises + 1 · 9 min"),
        (0, 8, 30, "0 of 8 exercises · 30 min"),
        (2, 0, 9, "2 exercises · 9 min"),
    ],
)
def test_exercises_of_a_list_are_counted(done, aim, minutes, said):
    html = marks.strand_mark(a.StrandDay(a.EXERCISES, done, aim, aim, by_list=True, minutes=minutes))
    assert shown_words(html) == f"Exercises {said}"
    assert f'data-done="{done}" data-target="{aim}"' in html


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (a.StrandDay(a.CARDIO, 0, None, 15, weekly=True), "Cardio no entry"),
        (a.StrandDay(a.CARDIO, 10, None, 15, weekly=True), "Cardio 10 of 15 min"),
        (a.StrandDay(a.CARDIO, 10, None, 0, weekly=True), "Cardio 10 min"),
        (a.StrandDay(a.STRESS, 0, None, 1, weekly=True), "Stress management no entry"),
        (a.StrandDay(a.DESENSITIZATION, 0, None, 5, 1, weekly=True), f"{TOUCH} 0 of 5 · 1 short one kept"),
        (
            a.StrandDay(a.EXERCISES, 0, None, 8, by_list=True, minutes=5, weekly=True),
            "Exercises 0 of 8 exercises · 5 min",
        ),
    ],
)
def test_a_day_of_keeping_up_shows_what_was_done_and_asks_for_nothing(day, said):
    html = marks.strand_mark(day)
    assert shown_words(html) == said
    assert 'data-target=""' in html


@pytest.mark.parametrize(
    ("drawn", "kept", "said"),
    [(a.KEPT, True, "Fri, Nov 20: Keeping up, some done"), (a.KEEPING, False, "Fri, Nov 20: Keeping up")],
)
def test_a_day_of_keeping_up_is_not_judged(drawn, kept, said):
    cell = SimpleNamespace(day=FRIDAY, status=drawn, inside=True, current=False, asked=False)
    for html in (
        marks.day_mark(FRIDAY, drawn),
        marks.day_cells([(FRIDAY, drawn)]),
        marks.week_marks([cell], uuid4()),
        marks.year_cells([[FRIDAY]], {FRIDAY: drawn}),
    ):
        assert 'data-day="2026-11-20" data-status="before"' in html
        assert ('data-kept="yes"' in html) is kept
        assert said in html


def test_the_key_names_days_of_keeping_up_where_there_are_any():
    assert "data-kept" in render("{% status_key True %}")
    assert "data-kept" not in render("{% status_key %}")


def test_touch_is_drawn_as_slots_and_a_huge_count_stays_small():
    assert strand(a.DESENSITIZATION, 3, 5).count('class="shape on"') == 3
    assert strand(a.DESENSITIZATION, 3, 5).count('class="shape') == 5
    assert strand(a.DESENSITIZATION, 40, None).count('class="shape') == marks.MOST_SHAPES


def test_move_is_drawn_as_a_bar_that_never_overflows():
    assert 'width="60%"' in strand(a.EXERCISES, 18, 30)
    assert 'width="100%"' in strand(a.EXERCISES, 90, 30)
    assert "<svg" not in strand(a.EXERCISES, 0, None)
    assert 'width="0%"' in marks.bar(None)


def test_a_hidden_name_is_still_spoken():
    html = render("{% strand_mark s named=False %}", s=a.StrandDay(a.STRESS, 0, None, 1))
    assert '<span class="visually-hidden">Stress management</span>' in html


def test_a_sum_leads_with_the_share():
    total = a.StrandSum(a.CARDIO, done=92, asked=105, days=7, met=5, share=Fraction(92, 105))
    assert shown_words(marks.sum_mark(total)) == "Cardio 88% 92 of 105 min"
    touch = a.StrandSum(a.DESENSITIZATION, done=3, asked=5, days=1, met=0, share=Fraction(3, 5))
    assert shown_words(marks.sum_mark(touch)) == "Desensitization 60% 3 of 5"
    lists = a.StrandSum(a.EXERCISES, done=40, asked=56, days=7, met=2, share=Fraction(5, 7), by_list=True)
    assert shown_words(marks.sum_mark(lists)) == "Exercises 71% 40 of 56 exercises"
    assert shown_words(marks.sum_cell(replace(lists, mixed=True))) == "71%"
    assert shown_words(marks.sum_mark(a.StrandSum(a.CARDIO))) == "Cardio – nothing to count"


# --- daily life ------------------------------------------------------------------------------------------


class CheckIn:
    school, friends, activities, home = "no_school", "", "some", "yes"


def test_daily_life_says_each_part():
    html = marks.life_mark(CheckIn())
    assert (
        shown_words(html) == "School : no school today. Friends : not marked. Activities : some. Home : yes."
    )
    assert re.findall(r'class="mark (\w+)"', html) == ["dash", "open", "half", "full"]


def test_a_part_that_is_not_given_is_not_shown():
    assert "Friends" not in marks.life_mark({"school": "all", "activities": "", "home": None})


def test_nothing_marked_yet():
    assert marks.life_mark(None).count("not marked") == 4


# --- numbers, icons, errors ------------------------------------------------------------------------------


def test_numbers_as_tags_and_as_filters():
    assert (
        render("{% percent x %} {{ x|percent }} {{ n|minutes }}", x=Fraction(1, 3), n=18) == "33% 33% 18 min"
    )
    assert render("[{% minutes n %}]", n=None) == "[]"
    assert "nothing to count" in render("{% percent x %}", x=None)


def test_names_for_templates():
    html = render("{{ d|day_name }} {{ s|strand_word }} {{ s|prong_of|prong_word }} {{ 'met'|status_word }}",
                  d=FRIDAY, s="stress")  # fmt: skip
    assert html == "Fri, Nov 20 Stress management Calm Targets met"


def test_icons_are_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in render('{% icon "home" %}')
    for prong in a.PRONGS:
        assert f'class="prong-icon {prong}"' in marks.prong_icon(prong)


@pytest.mark.parametrize("away", [True, False])
def test_the_page_for_a_fault_needs_neither_request_nor_database(away):
    html = render_to_string("500.html", {"away": away})
    assert ("A short break" if away else "Something broke") in html
    assert html.count("<h1>") == 1


def test_the_page_for_a_refusal_prints_what_it_is_given():
    html = render_to_string("error.html", {"title": "Nothing <here>", "text": "Go back."})
    assert "<h1>Nothing &lt;here&gt;</h1>" in html
    assert "<p>Go back.</p>" in html
