"""What the rules say, on every page that says it: lists, areas, harder days, weeks of keeping up."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exercises.models import DailyLog, DayOff
from tests import factories
from tests.conftest import signed_in

FRIDAY = datetime(2026, 11, 20, 20, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def program(patient):
    program = patient.programs.get()
    program.exercises = program.desensitization = None
    return program


def keep_up(program, **week):
    program.kind = "keeping_up"
    for name, number in (week or {"week_cardio": 3}).items():
        setattr(program, name, number)
    program.save()


def page(client, name, patient, **query):
    args = {"family": [], "day": [patient.code, patient.today().isoformat()]}.get(name, [patient.code])
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, name
    return response.content.decode()


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def did_cardio(cast, *days_back, minutes=15):
    for back in days_back:
        factories.session(cast.patient, cast.lee, "cardio", minutes, day=cast.patient.today() - back * DAY)


def test_a_smaller_plan_asks_less_of_each_area(cast, program, teen, patient):
    """Four on the hand alone are two of four, before and after the mark."""
    program.desensitization, program.areas_rule = 10, "each"
    program.touch_areas, program.cardio = ["left_hand", "left_foot"], None
    program.harder_rule, program.smaller_desensitization = "smaller", 4
    program.save()
    for _ in range(4):
        factories.session(patient, cast.maya, "desensitization", 5, body_areas=("left_hand",))
    day = reverse("day", args=[patient.code, patient.today().isoformat()])
    touch = 'data-strand="desensitization" data-done="{}" data-target="{}" data-met="no"'
    for harder, numbers in (("yes", (2, 4)), ("no", (4, 10)), ("yes", (2, 4))):
        teen.post(day, {"harder": harder})
        assert touch.format(*numbers) in page(teen, "day", patient)
        assert DailyLog.objects.get().desensitization == numbers[0]
    call_command("check_totals")


# --- by the list -----------------------------------------------------------------------------------------


@pytest.fixture
def a_list(cast, program):
    program.exercises_by, program.exercises, program.cardio = "list", 2, None
    program.save()
    items = [factories.item(program, factories.activity(name)) for name in ("Squat", "Plank")]
    factories.session(cast.patient, cast.maya, "exercises", 4, items=(items[0],))


@pytest.mark.parametrize("name", ["patient-today", "day"])
def test_the_list_is_counted_in_exercises(a_list, teen, patient, name):
    html = page(teen, name, patient)
    assert 'data-strand="exercises" data-done="1" data-target="2" data-met="no"' in html
    assert "1 of 2 exercises · 4 min" in words(html)


def test_the_family_sees_the_same(a_list, parent, patient):
    assert "1 of 2 exercises · 4 min" in words(page(parent, "family", patient))


def test_sums_count_exercises_too(cast, program, therapist, patient):
    program.exercises_by, program.exercises, program.cardio = "list", 2, None
    program.save()
    item = factories.item(program, factories.activity("Squat"))
    day = patient.today() - DAY
    factories.session(patient, cast.lee, "exercises", 4, day=day, items=(item,))
    assert "1 of 56 exercises" in words(page(therapist, "patient", patient))
    # The nineteen days of November that are over.
    assert "1 of 38 exercises" in words(page(therapist, "history", patient))


# --- areas -----------------------------------------------------------------------------------------------


@pytest.fixture
def two_feet(cast, program):
    program.areas_rule, program.touch_areas, program.desensitization = "each", ["left_foot", "right_foot"], 10
    program.save()
    for _time in range(6):
        factories.session(cast.patient, cast.maya, "desensitization", 5, body_areas=("left_foot",))


@pytest.mark.parametrize("name", ["patient-today", "day"])
def test_each_area_says_how_often(two_feet, teen, patient, name):
    html = page(teen, name, patient)
    assert 'data-strand="desensitization" data-done="5" data-target="10"' in html
    assert "left foot 5 of 5 · right foot not yet" in words(html)


def test_a_number_for_all_areas_names_none(cast, teen, patient):
    factories.session(patient, cast.maya, "desensitization", 5, body_areas=("left_foot",))
    assert "left foot 1 of" not in words(page(teen, "day", patient))


# --- harder days -----------------------------------------------------------------------------------------


@pytest.fixture
def smaller(cast, program):
    program.harder_rule, program.smaller_cardio = "smaller", 5
    program.save()
    did_cardio(cast, 0, minutes=5)
    DailyLog.objects.update(harder=True)


@pytest.mark.parametrize(
    ("who", "name"),
    [("maya", "patient-today"), ("dana", "family")]
    + [(who, name) for who in ("maya", "dana", "lee") for name in ("history", "day")],
)
def test_a_smaller_day_is_met_on_every_page_and_for_everybody(smaller, cast, patient, who, name):
    html = page(signed_in(getattr(cast, who)), name, patient)
    assert re.search(r'data-day="2026-11-20" data-status="met"', html)
    if name != "history":
        assert 'data-strand="cardio" data-done="5" data-target="5" data-met="yes"' in html


@pytest.mark.parametrize(("who", "told"), [("maya", True), ("lee", True), ("dana", False)])
def test_parents_are_not_told_why_the_numbers_are_smaller(smaller, cast, patient, who, told):
    html = page(signed_in(getattr(cast, who)), "day", patient)
    assert ("smaller numbers" in html) is ("harder day" in html) is told


# --- keeping up ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "name"),
    [("maya", "patient-today"), ("dana", "family")] + [(who, "history") for who in ("maya", "dana", "lee")],
)
def test_the_week_stands_on_every_page(cast, program, patient, who, name):
    keep_up(program)
    did_cardio(cast, 0, 2)
    html = page(signed_in(getattr(cast, who)), name, patient)
    assert "Cardio 2 of 3 days" in words(html)
    assert 'data-day="2026-11-20" data-status="before" data-kept="yes"' in html
    assert 'data-day="2026-11-19" data-status="before"' in html
    assert "No program" not in words(html)


def test_the_day_shows_what_was_done_and_judges_nothing(cast, program, teen, patient):
    keep_up(program)
    did_cardio(cast, 0, minutes=10)
    html = page(teen, "day", patient)
    assert 'data-strand="cardio" data-done="10" data-target="" data-met="no"' in html
    assert "Cardio 10 of 15 min" in words(html)
    assert "the week counts, not the day" in words(html)


def test_a_week_that_is_done_says_so(cast, program, teen, patient):
    keep_up(program)
    did_cardio(cast, 0, 1)
    assert "All of this week is done." not in page(teen, "patient-today", patient)
    did_cardio(cast, 2)
    assert "All of this week is done." in page(teen, "patient-today", patient)


def test_a_week_of_days_off(cast, program, parent, patient):
    keep_up(program)
    week = {"first": patient.today() - 4 * DAY, "last": patient.today() + 2 * DAY}
    DayOff.objects.create(patient=patient, asked_by=cast.maya, **week)
    assert "Days off this week." in page(parent, "family", patient)


def test_the_patients_page_has_the_last_weeks(cast, program, therapist, patient):
    keep_up(program)
    did_cardio(cast, 0, 4, 7, 8, 9)
    said = words(page(therapist, "patient", patient))
    assert "Mon, Nov 16 this week 2 of 3 Mon, Nov 9 3 of 3 Mon, Nov 2 0 of 3 Mon, Oct 26 0 of 3" in said
    assert "on 3 days a week" in said


def test_the_year_counts_weeks(cast, program, teen, patient):
    keep_up(program)
    did_cardio(cast, 7, 8, 9, 14)
    said = words(page(teen, "history", patient, year=2026))
    # Since sixty days ago: eight weeks, and the one that runs.
    assert "Weeks kept up Cardio 1 of 8 weeks All together 1 of 8 weeks" in said
    assert "0 of 0 days" not in said


def test_the_caseload_says_what_the_week_was_kept_up_with(cast, program, therapist, patient):
    keep_up(program, week_cardio=3, week_stress=1)
    did_cardio(cast, 0, 2)
    said = words(page_of_caseload(therapist))
    assert "keeping up, days this week: Cardio 2/3, Calm 0/1" in said


def page_of_caseload(client):
    return client.get(reverse("caseload")).content.decode()


@pytest.mark.parametrize(("back", "quiet"), [(0, False), (9, False), (10, False), (11, True)])
def test_keeping_up_is_quiet_after_ten_days(cast, program, therapist, patient, back, quiet):
    keep_up(program)
    did_cardio(cast, back)
    assert (f"no entry for {back - 1} days" in words(page_of_caseload(therapist))) is quiet


def test_weeks_of_many_take_two_queries_more(cast, program, therapist):
    page_of_caseload(therapist)  # what the first page of all reads once
    numbers = [queries_of_caseload(therapist)]
    keep_up(program)
    numbers.append(queries_of_caseload(therapist))
    for n in range(6):
        other = factories.patient(f"Patient {n}")
        factories.link(other, cast.lee, "therapist", discipline="pt")
        keep_up(factories.program(other))
    numbers.append(queries_of_caseload(therapist))
    assert numbers == [numbers[0], numbers[0] + 2, numbers[0] + 2]


def queries_of_caseload(client):
    with CaptureQueriesContext(connection) as counted:
        page_of_caseload(client)
    return len(counted)
