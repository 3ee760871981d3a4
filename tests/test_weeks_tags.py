"""How a week of keeping up is drawn."""

from datetime import date

import pytest

from exercises.keeping_up import KeptWeek, StrandWeek, WeeksMet
from exercises.templatetags import weeks
from tests.test_marks import shown_words


@pytest.mark.parametrize(
    ("done", "asked", "met", "said"),
    [
        (0, 3, "no", "0 of 3 days"),
        (2, 3, "no", "2 of 3 days"),
        (1, 1, "yes", "1 of 1 day"),
        (5, 3, "yes", "3 of 3 days + 2"),
    ],
)
def test_a_week_says_on_how_many_days(done, asked, met, said):
    html = weeks.week_mark(StrandWeek("cardio", done, asked))
    assert shown_words(html) == f"Cardio {said}"
    assert f'data-week="cardio" data-done="{done}" data-target="{asked}" data-met="{met}"' in html
    assert shown_words(weeks.week_text(StrandWeek("stress", done, asked))) == f"Calm {said}"


def test_a_week_in_a_table():
    week = KeptWeek(date(2026, 11, 16), date(2026, 11, 22), (StrandWeek("cardio", 4, 3),), over=True)
    assert shown_words(weeks.week_cell(week, "cardio")) == "3 of 3"
    assert "nothing to count" in weeks.week_cell(week, "stress")


def test_weeks_say_in_how_many():
    assert shown_words(weeks.weeks_text(WeeksMet("cardio", 3, 8))) == "Cardio 3 of 8 weeks"
    assert shown_words(weeks.weeks_text(WeeksMet("", 1, 1))) == "All together 1 of 1 week"
