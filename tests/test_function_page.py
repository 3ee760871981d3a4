"""Every figure on the function page, counted a second time from the raw rows."""

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from html import unescape
from random import Random

import pytest
import time_machine
from django.urls import reverse

from exercises.models import (
    DailyLog,
    DayOff,
    FunctionGoal,
    FunctionMeasure,
    GoalStep,
    Program,
    TherapySession,
)
from tests import factories

# A Friday afternoon where the record lives.
NOW = "2026-11-20T22:20:00Z"
TODAY = date(2026, 11, 20)
DAY, LEFT, WIDE = timedelta(days=1), 7, 92
ANSWERS = {"school": ["all", "part", "none", "no_school", ""]} | {
    part: ["yes", "some", "no", ""] for part in ("friends", "activities", "home")
}
STRANDS = ("cardio", "exercises", "desensitization")


@pytest.fixture(autouse=True)
def _afternoon():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(params=[1, 2])
def random_record(request, cast):
    """Sixty days of anything: two programs, days off, gaps, measures, goals and steps."""
    rng, patient = Random(request.param), cast.patient
    patient.programs.all().delete()
    factories.program(patient, TODAY - 58 * DAY, cardio=10, exercises=20, desensitization=3)
    factories.program(patient, TODAY - 25 * DAY)
    for ago in rng.sample(range(60), 30):
        _random_day(patient, cast.maya, TODAY - ago * DAY, rng)
    for first, answer in (
        (TODAY - 20 * DAY, "granted"),
        (TODAY - 30 * DAY, ""),
        (TODAY - 40 * DAY, "declined"),
    ):
        by = {"answered_by": cast.lee, "answered_at": TODAY.isoformat() + "T00:00Z"} if answer else {}
        DayOff.objects.create(
            patient=patient, first=first, last=first + 2 * DAY, asked_by=cast.maya, answer=answer, **by
        )
    for value, ago in ((520, 50), (560, 30), (610, 2)):
        _measure(cast, value=value, taken_on=TODAY - ago * DAY, conditions="30 m course")
    _measure(cast, kind="fdi", value=31, taken_on=TODAY - 44 * DAY)
    goal = _goal(cast, "Sing in the choir", reached_on=TODAY - 9 * DAY)
    _step(goal, "Stay for one song", reached_on=TODAY - 15 * DAY)
    _goal(cast, "A secret", reached_on=TODAY - 3 * DAY, private=True)
    return patient


def _random_day(patient, teen, day, rng):
    for strand in STRANDS:
        for _ in range(rng.choice([0, 1, 3])):
            if rng.random() < 0.6:
                factories.session(patient, teen, strand, rng.choice([2, 5, 8, 15, 30]), day=day)
    marks = {name: rng.choice(answers) for name, answers in ANSWERS.items()}
    DailyLog.objects.update_or_create(patient=patient, day=day, defaults=marks)


def _measure(cast, **fields):
    return FunctionMeasure.objects.create(
        **{"patient": cast.patient, "kind": "walk_6_min", "added_by": cast.lee, "entered_as": "therapist"}
        | fields
    )


def _goal(cast, text, **fields):
    set_on = {"set_on": TODAY - 50 * DAY}
    return FunctionGoal.objects.create(patient=cast.patient, text=text, added_by=cast.maya, **set_on | fields)


def _step(goal, text, **fields):
    return GoalStep.objects.create(
        patient=goal.patient, goal=goal, text=text, set_on=goal.set_on, added_by=goal.added_by, **fields
    )


def page_of(client, patient, query=""):
    response = client.get(reverse("function", args=[patient.code]) + query)
    assert response.status_code == 200
    return response.content.decode()


# --- reading the page ------------------------------------------------------------------------------------


def table(page, label):
    """The cells of the table in a region, without its head."""
    region = page[page.index(f'aria-label="{label}"') :]
    rows = re.findall(r"<tr>(.*?)</tr>", region[: region.index("</table>")], re.DOTALL)[1:]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def chart(page, name):
    """The picture's markup, its words, and what it says."""
    found = re.search(rf'<svg class="plot[^>]*aria-labelledby="chart-{name}-name.*?</desc>.*?</figure>', page)
    whole = found[0]
    words = [
        unescape(re.search(rf'id="chart-{name}-{part}">(.*?)<', whole)[1]) for part in ("name", "values")
    ]
    return whole, *words


def boxes(svg, kind):
    """Each box of a kind as (x, upper edge, height)."""
    form = rf'<rect class="{kind}" x="([\d.]+)%" y="([\d.]+)em" width="[\d.]+%" height="([\d.]+)em"'
    return [tuple(map(float, found)) for found in re.findall(form, svg)]


def by_week(found, weeks):
    """Heights by the week in whose column they stand."""
    return {int((x - LEFT) / (WIDE / weeks)): height for x, _y, height in found}


# --- counting a second time ------------------------------------------------------------------------------


def monday(day):
    return day - day.weekday() * DAY


def weeks_of_the_record(patient):
    first = min(DailyLog.objects.filter(patient=patient).earliest("day").day, TODAY - 50 * DAY)
    count = (monday(TODAY) - monday(first)).days // 7 + 1
    return [monday(first) + 7 * n * DAY for n in range(count)]


def answers_of(patient, week, part):
    rows = DailyLog.objects.filter(patient=patient, day__gte=week, day__lt=week + 7 * DAY, day__lte=TODAY)
    return [getattr(row, part) for row in rows]


def is_off(patient, day):
    ranges = DayOff.objects.filter(patient=patient).exclude(answer="declined")
    return any(one.first <= day <= one.last for one in ranges)


def work_of(patient, day):
    done = dict.fromkeys(STRANDS, 0)
    for session in TherapySession.objects.filter(patient=patient, daily_log__day=day, voided_at=None):
        counts = session.minutes >= 5 if session.strand == "desensitization" else session.minutes
        done[session.strand] += int(counts)
    return done


def mean_of_week(patient, week, strand):
    """Done and asked on a day that counts, each day up to what it asked; ``None`` without one."""
    done = asked = count = 0
    for day in (week + n * DAY for n in range(7)):
        program = Program.objects.filter(patient=patient, starts_on__lte=day).order_by("starts_on").last()
        if program is None or day > TODAY:
            continue
        work = work_of(patient, day)
        met = all(work[name] >= getattr(program, name) for name in STRANDS)
        if met or (day < TODAY and not is_off(patient, day)):
            count, asked = count + 1, asked + getattr(program, strand)
            done += min(work[strand], getattr(program, strand))
    return (Fraction(done, count), Fraction(asked, count)) if count else None


def said(number):
    text = str((Decimal(number.numerator) / number.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP))
    return text.removesuffix(".0")


SCHOOL = (("all", "whole"), ("part", "in part"), ("none", "not"), ("no_school", "without school"))
OTHERS = (("yes", "yes"), ("some", "some"), ("no", "not"))


def in_words(given, words):
    found = [f"{given.count(answer)} {word}" for answer, word in words if given.count(answer)]
    return ", ".join(found) or "not marked"


# --- the figures -----------------------------------------------------------------------------------------


def test_the_tables_hold_what_was_logged(random_record, teen):
    page, weeks = page_of(teen, random_record), weeks_of_the_record(random_record)
    expected = []
    for week in weeks:
        life = [in_words(answers_of(random_record, week, "school"), SCHOOL)]
        life += [
            in_words(answers_of(random_record, week, p), OTHERS) for p in ("friends", "activities", "home")
        ]
        off = sum(is_off(random_record, week + n * DAY) for n in range(7))
        expected.append([f"{week:%b} {week.day}", *life, str(off or "")])
    assert table(page, "Daily life by week") == expected


def test_the_training_is_counted_up_to_the_program(random_record, teen):
    page, weeks = page_of(teen, random_record), weeks_of_the_record(random_record)
    expected = []
    for week in weeks:
        means = [mean_of_week(random_record, week, strand) for strand in STRANDS]
        expected.append([f"{said(mean[0])} of {said(mean[1])}" if mean else "" for mean in means])
    assert [row[1:-1] for row in table(page, "Training by week")] == expected


@pytest.mark.parametrize(
    ("part", "high"), [("school", 7.0), ("friends", 2.8), ("activities", 2.8), ("home", 2.8)]
)
def test_bars_of_daily_life_are_as_high_as_their_days(random_record, teen, part, high):
    svg, _name, values = chart(page_of(teen, random_record), part)
    weeks, most = weeks_of_the_record(random_record), 5 if part == "school" else 7
    given = [answers_of(random_record, week, part) for week in weeks]
    told = [[answer for answer in week if answer not in ("", "no_school")] for week in given]
    most = max([most, *map(len, told)])
    for kind, answers in (("full", {"all", "yes"}), ("part", {"part", "some"})):
        counts = {n: sum(answer in answers for answer in week) for n, week in enumerate(told)}
        drawn = by_week(boxes(svg, kind), len(weeks))
        assert drawn == pytest.approx(
            {n: high * count / most for n, count in counts.items() if count}, abs=0.011
        )
    assert by_week(boxes(svg, "asked"), len(weeks)) == pytest.approx(
        {n: high * len(week) / most for n, week in enumerate(told) if week}, abs=0.011
    )
    words = SCHOOL if part == "school" else OTHERS
    for week, one in zip(weeks, given, strict=True):
        heading, text = f"{week:%b} {week.day}", in_words(one, words)
        assert (f"{heading}: {text}" in values) is (text != "not marked")


@pytest.mark.parametrize("strand", STRANDS)
def test_bars_of_training_are_as_high_as_what_was_done(random_record, teen, strand):
    svg, _name, values = chart(page_of(teen, random_record), strand)
    weeks = weeks_of_the_record(random_record)
    means = {n: mean_of_week(random_record, week, strand) for n, week in enumerate(weeks)}
    most = max(mean[1] for mean in means.values() if mean)
    for kind, which in (("full", 0), ("asked", 1)):
        expected = {n: 2.8 * float(mean[which] / most) for n, mean in means.items() if mean and mean[which]}
        assert by_week(boxes(svg, kind), len(weeks)) == pytest.approx(expected, abs=0.011)
    assert all(f"{said(mean[0])} of {said(mean[1])}" in values for mean in means.values() if mean)


def test_measures_stand_on_their_days(random_record, teen):
    page, weeks = page_of(teen, random_record), weeks_of_the_record(random_record)
    svg, name, values = chart(page, "measure-2")
    assert name == "6-minute walk"
    assert values == "Thu, Oct 1: 520 m; Wed, Oct 21: 560 m; Wed, Nov 18: 610 m."
    places = re.findall(r'<circle class="dot" cx="([\d.]+)%" cy="([\d.]+)em"', svg)
    xs = [LEFT + WIDE * ((TODAY - ago * DAY - weeks[0]).days + 0.5) / (7 * len(weeks)) for ago in (50, 30, 2)]
    assert [float(x) for x, _y in places] == pytest.approx(xs, abs=0.006)
    ys = [float(y) for _x, y in places]
    assert (ys[0] - ys[1]) / (ys[0] - ys[2]) == pytest.approx(40 / 90, abs=0.01)
    assert len(re.findall('class="trend"', svg)) == 2
    assert re.findall(r'class="value"[^>]*>([\d.]+)<', svg) == ["520", "610"]
    assert ["6-minute walk", "Wed, Oct 21", "560 m", "30 m course"] in table(page, "Measured at visits")


def test_one_point_is_no_trend(random_record, teen):
    svg, name, _values = chart(page_of(teen, random_record), "measure-1")
    assert name.startswith("Functional Disability")
    assert 'class="trend"' not in svg
    assert re.findall(r'class="value"[^>]*>([\d.]+)<', svg) == ["31"]


def test_what_was_measured_another_way_is_not_joined(cast, teen):
    for ago, how in ((30, "30 m course"), (20, "30 M  course"), (10, "track")):
        _measure(cast, value=500 + ago, taken_on=TODAY - ago * DAY, conditions=how)
    svg, _name, _values = chart(page_of(teen, cast.patient), "measure-1")
    assert len(re.findall('class="trend"', svg)) == 1


def test_flags_stand_on_the_day_a_goal_was_reached(random_record, teen, parent):
    weeks = weeks_of_the_record(random_record)
    svg, _name, values = chart(page_of(teen, random_record), "reached")
    assert values == "Thu, Nov 5: Stay for one song; Wed, Nov 11: Sing in the choir; Tue, Nov 17: A secret."
    flags = re.findall(r'<line class="pole" x1="([\d.]+)%"', svg)
    xs = [LEFT + WIDE * ((TODAY - ago * DAY - weeks[0]).days + 0.5) / (7 * len(weeks)) for ago in (9, 3, 15)]
    steps = re.findall(r'<circle class="step" cx="([\d.]+)%"', svg)
    assert [float(x) for x in flags + steps] == pytest.approx(xs, abs=0.006)
    theirs = page_of(parent, random_record)
    assert "A secret" not in theirs
    assert len(re.findall(r'class="pole"', theirs)) == 1


def test_the_row_of_friends_is_not_for_parents(random_record, teen, parent, therapist):
    for client, seen in ((teen, True), (therapist, True), (parent, False)):
        page = page_of(client, random_record)
        assert ("Friends" in page) is seen
        assert ("chart-friends" in page) is seen


# --- the headline ----------------------------------------------------------------------------------------


def school_weeks(patient, *weeks):
    """Weeks up to the last one that is over: each as the whole days of five."""
    for back, whole in enumerate(reversed(weeks), 1):
        for n in range(5):
            DailyLog.objects.create(
                patient=patient,
                day=monday(TODAY) - (7 * back - n) * DAY,
                school="all" if n < whole else "part",
            )


def headline(page):
    part = page[page.index('id="came-back"') : page.index("</section>", page.index('id="came-back"'))]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", part[part.index(">") + 1 :]))).strip()


def test_the_headline_tells_what_came_back(cast, teen):
    school_weeks(cast.patient, 1, 1, 2, 3, 4, 4)
    for value, ago in ((520, 40), (610, 2)):
        _measure(cast, value=value, taken_on=TODAY - ago * DAY)
    _goal(cast, "Choir", reached_on=TODAY - 9 * DAY)
    words = headline(page_of(teen, cast.patient))
    assert words.startswith("Since October from 1 → to 4 full school days a week")
    assert "from 520 → to 610 m 6-minute walk" in words
    assert "Back: Choir" in words
    assert "activity" not in words


def test_the_headline_says_what_holds_and_leaves_a_decline_to_the_charts(cast, teen):
    school_weeks(cast.patient, 4, 4, 4, 4)
    _measure(cast, value=610, taken_on=TODAY - 20 * DAY)
    _measure(cast, value=560, taken_on=TODAY - 2 * DAY)
    words = headline(page_of(teen, cast.patient))
    assert words == "Since October 4 full school days a week, as before"


def test_a_step_is_told_until_a_goal_is_reached(cast, teen):
    goal = _goal(cast, "Choir")
    _step(goal, "One song", reached_on=TODAY - 2 * DAY)
    assert "A step: One song" in headline(page_of(teen, cast.patient))


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (None, "A fresh page School, friends, fun and home: mark them on Today, and they show here."),
        (4, "The first week This page fills as you go."),
        (20, "The first weeks This page fills as you go."),
        (60, "What was marked School, friends, fun and home, week by week."),
    ],
)
def test_with_little_to_tell_a_kind_sentence(cast, teen, ago, words):
    if ago is not None:
        DailyLog.objects.create(patient=cast.patient, day=TODAY - ago * DAY, school="part")
    assert headline(page_of(teen, cast.patient)) == words


def test_a_plain_look_has_no_figures(cast, teen, therapist):
    school_weeks(cast.patient, 1, 1, 2, 3, 4, 4)
    for value, ago in ((520, 40), (610, 2)):
        _measure(cast, value=value, taken_on=TODAY - ago * DAY)
    cast.patient.plain_look = True
    cast.patient.save()
    page = page_of(teen, cast.patient)
    assert headline(page) == (
        "Since October More full school days than at first 6-minute walk: better than the first time"
    )
    assert page.index("Show the charts") < page.index("chart-school")
    theirs = page_of(therapist, cast.patient)
    assert "Show the charts" not in theirs
    assert "520" in headline(theirs)


# --- gaps, days off, weeks -------------------------------------------------------------------------------


def test_a_week_that_nobody_marked_is_a_gap(cast, teen):
    for ago in (0, 1, 21, 22):
        DailyLog.objects.create(patient=cast.patient, day=TODAY - ago * DAY, school="all")
    page = page_of(teen, cast.patient)
    svg, _name, values = chart(page, "school")
    assert by_week(boxes(svg, "full"), 4) == {0: 2.8, 3: 2.8}
    assert len(re.findall('class="gap"', svg)) == 1
    assert "2 weeks without a mark" in values
    assert [row[1] for row in table(page, "Daily life by week")] == [
        "2 whole",
        "not marked",
        "not marked",
        "2 whole",
    ]
    assert "nobody marked anything" in page


def test_days_off_are_marked(cast, teen):
    DailyLog.objects.create(patient=cast.patient, day=TODAY - 25 * DAY, school="all")
    DayOff.objects.create(
        patient=cast.patient, first=TODAY - 8 * DAY, last=TODAY - 7 * DAY, reason="ill", asked_by=cast.maya
    )
    svg, _name, _values = chart(page_of(teen, cast.patient), "school")
    assert len(re.findall('class="off"', svg)) == 1
    assert [row[-1] for row in table(page_of(teen, cast.patient), "Daily life by week")] == ["", "", "2", ""]


def test_a_week_off_has_nothing_to_count_in_the_training(cast, teen, patient):
    factories.session(patient, cast.maya, "cardio", 15, day=TODAY - 14 * DAY)
    DayOff.objects.create(
        patient=patient, first=TODAY - 11 * DAY, last=TODAY - 5 * DAY, reason="ill", asked_by=cast.maya
    )
    _svg, _name, values = chart(page_of(teen, patient), "cardio")
    assert "1 week with nothing to count" in values
    assert "without a mark" not in values


def test_weeks_without_school_are_no_gap(cast, teen):
    DailyLog.objects.create(patient=cast.patient, day=TODAY - 7 * DAY, school="all")
    DailyLog.objects.create(patient=cast.patient, day=TODAY, school="no_school")
    svg, _name, _values = chart(page_of(teen, cast.patient), "school")
    assert 'class="gap"' not in svg
    assert len(re.findall('class="off"', svg)) == 1


def test_what_is_beyond_the_plan_enters_no_bar(cast, teen, patient):
    factories.session(patient, cast.maya, "cardio", 200, day=TODAY - DAY)
    row = table(page_of(teen, patient), "Training by week")[-1]
    # Monday to Thursday count; 15 of them, on one day.
    assert row[1] == "3.8 of 15"


def test_today_counts_once_it_is_met(cast, teen, patient):
    for strand, minutes in (("cardio", 15), ("exercises", 30), *[("desensitization", 5)] * 4):
        factories.session(patient, cast.maya, strand, minutes)
    assert table(page_of(teen, patient), "Training by week")[-1][1] == "0 of 15"
    factories.session(patient, cast.maya, "desensitization", 5)
    assert table(page_of(teen, patient), "Training by week")[-1][1] == "3 of 15"


def test_exercises_of_a_list_are_no_minutes(cast, teen, patient):
    program = patient.programs.get()
    item = factories.item(program, factories.activity())
    program.exercises_by = "list"
    program.save()
    factories.session(
        patient, cast.maya, "exercises", 30, day=TODAY - DAY, activity=item.activity, items=(item,)
    )
    page = page_of(teen, patient)
    assert "chart-listed" in page
    assert "Exercises: minutes a day" not in page


def test_weeks_of_keeping_up_are_marked_and_not_judged(cast, teen, patient):
    factories.program(
        patient, TODAY - 12 * DAY, kind="keeping_up", week_cardio=3, desensitization=None, exercises=None
    )
    for ago in (1, 2):
        factories.session(patient, cast.maya, "cardio", 15, day=TODAY - ago * DAY)
    page = page_of(teen, patient)
    assert table(page, "Training by week")[-1][1] == "on 2 days"
    assert "keeping up, some done" in page
    svg, _name, _values = chart(page, "cardio")
    assert 'class="kept"' in svg


def test_hours_in_bed_where_they_are_asked_for(cast, teen, parent, therapist, patient):
    for ago, bed, up in ((1, "22:30", "07:00"), (2, "23:00", "06:30"), (3, None, "07:00")):
        DailyLog.objects.create(patient=patient, day=TODAY - ago * DAY, bed_at=bed, up_at=up, school="all")
    assert "chart-sleep" not in page_of(teen, patient)
    patient.sleep_on = True
    patient.save()
    assert "chart-sleep" not in page_of(parent, patient)
    for client in (teen, therapist):
        _svg, name, values = chart(page_of(client, patient), "sleep")
        assert (name, values) == ("Sleep: hours in bed a night", "Weeks by their first day. Nov 16: 8 hours.")


def test_the_scale_of_sleep_grows_with_long_nights(teen, patient):
    patient.sleep_on = True
    patient.save()
    DailyLog.objects.create(patient=patient, day=TODAY - DAY, bed_at="20:00", up_at="10:00")
    svg, _name, values = chart(page_of(teen, patient), "sleep")
    assert "Nov 16: 14 hours" in values
    assert re.findall(r'<text class="scale"[^>]*>(.*?)</text>', svg) == ["14", "0"]


# --- goals -----------------------------------------------------------------------------------------------


def test_without_an_open_goal_a_sentence_and_no_list(cast, teen, patient):
    goal = _goal(cast, "choir", reached_on=TODAY - DAY)
    page = page_of(teen, patient)
    section = page[page.index('aria-labelledby="goals"') :]
    section = section[: section.index("</section>")]
    assert "No open goal right now. What comes next?" in section
    assert "<ul" not in section
    goal.delete()
    assert "No goals yet." in page_of(teen, patient)


# --- periods ---------------------------------------------------------------------------------------------


def test_a_long_record_shows_twelve_weeks_and_offers_more(cast, teen, patient):
    for weeks in (1, 30):
        DailyLog.objects.create(patient=patient, day=TODAY - 7 * weeks * DAY, school="all")
    assert len(table(page_of(teen, patient), "Daily life by week")) == 12
    page = page_of(teen, patient)
    assert re.findall(r'href="\?weeks=(\w+)"', page) == ["12", "26", "all"]
    for asked, shown in (("26", 26), ("all", 31), ("52", 31)):
        assert len(table(page_of(teen, patient, f"?weeks={asked}"), "Daily life by week")) == shown


def test_a_short_record_is_shown_as_a_whole(cast, teen, patient):
    DailyLog.objects.create(patient=patient, day=TODAY - 15 * 7 * DAY, school="all")
    page = page_of(teen, patient)
    assert len(table(page, "Daily life by week")) == 16
    assert "?weeks=" not in page


@pytest.mark.parametrize("asked", ["", "0", "13", "-1", "all ", "x", "\x00"])
def test_a_period_that_is_none(teen, patient, asked):
    response = teen.get(reverse("function", args=[patient.code]), {"weeks": asked})
    assert response.status_code == 404


@pytest.mark.parametrize("size", [1, 400])
def test_queries(teen, patient, cast, django_assert_num_queries, size):
    DailyLog.objects.bulk_create(
        DailyLog(patient=patient, day=TODAY - n * DAY, school="all", cardio=15) for n in range(size)
    )
    for n in range(min(size, 20)):
        _step(_goal(cast, f"goal {n}", reached_on=TODAY), "step", reached_on=TODAY)
        _measure(cast, value=n, taken_on=TODAY - n * DAY)
    with django_assert_num_queries(9):
        page_of(teen, patient, "?weeks=all")


def test_what_is_hidden_today_is_in_no_figure(cast, parent, teen, patient):
    """Until the hour that teen and therapist agreed on."""
    patient.parents_from = "18:00"
    patient.save()
    DailyLog.objects.create(patient=patient, day=TODAY, school="all", home="yes")
    DailyLog.objects.create(patient=patient, day=TODAY - DAY, school="part")
    assert table(page_of(teen, patient), "Daily life by week")[0][1] == "1 whole, 1 in part"
    assert table(page_of(parent, patient), "Daily life by week")[0][1] == "1 in part"
    with time_machine.travel("2026-11-21T00:30:00Z", tick=False):
        assert table(page_of(parent, patient), "Daily life by week")[0][1] == "1 whole, 1 in part"
