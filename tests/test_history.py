"""Weeks: a month and a year, their sums, and who sees what."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from exercises import adherence, days
from exercises.models import DailyLog, DayOff
from exercises.queries import log
from exercises.queries.history import month_page, year_page
from exercises.services import daily
from tests import factories
from tests.conftest import signed_in

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # Friday, 17:30 in Chicago, maya's zone
TODAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def url(patient, **query):
    return reverse("history", args=[patient.code], query=query)


def statuses(html):
    return dict(re.findall(r'data-day="([^"]+)" data-status="([^"]+)"', html))


def log_day(patient, day, **work):
    """A day's totals, straight into its row: sums read these."""
    program = patient.programs.order_by("starts_on").filter(starts_on__lte=day).last()
    return DailyLog.objects.create(patient=patient, day=day, program=program, **work)


def done(patient, day):
    return log_day(patient, day, cardio=15, exercises=30, desensitization=5)


def day_off(patient, first, last, by):
    return DayOff.objects.create(patient=patient, first=first, last=last, asked_by=by)


def viewer(cast):
    return factories.viewer(cast.patient, cast.maya)


# --- a month -----------------------------------------------------------------------------------------------


def test_the_current_month_shows_every_day_with_its_status(cast, teen):
    done(cast.patient, MONDAY)
    log_day(cast.patient, MONDAY + timedelta(days=1), cardio=5)
    day_off(cast.patient, date(2026, 11, 18), date(2026, 11, 18), cast.maya)
    html = teen.get(url(cast.patient)).text
    shown = statuses(html)
    assert list(shown) == [str(date(2026, 10, 26) + timedelta(days=n)) for n in range(42)]
    assert [shown[f"2026-11-{n}"] for n in range(16, 22)] == [
        "met",
        "partly",
        "excused",
        "nothing",
        "today",
        "ahead",
    ]
    assert f'href="{reverse("day", args=[cast.patient.code, "2026-11-16"])}"' in html
    assert "November 2026" in html


def test_months_open_by_name_and_lead_to_their_neighbours(cast, teen):
    html = teen.get(url(cast.patient, month="2026-10")).text
    assert "October 2026" in html
    assert '?month=2026-09"' in html and '?month=2026-11"' in html
    assert 'rel="next"' not in teen.get(url(cast.patient)).text
    assert 'rel="prev"' not in teen.get(url(cast.patient, month=f"{days.FIRST_DAY:%Y-%m}")).text
    assert teen.get(url(cast.patient, month="2099-12")).status_code == 200


@pytest.mark.parametrize("edge", [days.FIRST_DAY, days.LAST_DAY])
def test_no_day_without_a_page_is_a_link(cast, teen, edge):
    html = teen.get(url(cast.patient, month=f"{edge:%Y-%m}")).text
    linked = re.findall(r'/days/([\d-]+)/"', html)
    assert str(edge) in linked
    assert all(days.parse_day(day) for day in linked)
    assert set(statuses(html)) > set(linked)


@pytest.mark.parametrize(("starts", "first"), [(0, "2026-10-26"), (6, "2026-11-01")])
def test_weeks_start_as_the_setting_says(cast, teen, settings, starts, first):
    settings.WEEK_STARTS_ON = starts
    assert next(iter(statuses(teen.get(url(cast.patient)).text))) == first


def test_a_week_sums_closed_days_and_today_only_once_it_is_met(cast):
    done(cast.patient, MONDAY)
    log_day(cast.patient, TODAY, cardio=15)
    week = next(w for w in month_page(viewer(cast), 2026, 11).weeks if w.cells[0].day == MONDAY)
    assert (week.summary.judged, week.summary.strand("cardio").done) == (4, 15)
    DailyLog.objects.filter(day=TODAY).update(exercises=30, desensitization=5)
    week = next(w for w in month_page(viewer(cast), 2026, 11).weeks if w.cells[0].day == MONDAY)
    assert (week.summary.judged, week.summary.strand("cardio").done) == (5, 30)


def test_the_month_sums_only_its_own_days(cast):
    done(cast.patient, date(2026, 10, 31))
    done(cast.patient, date(2026, 11, 1))
    page = month_page(viewer(cast), 2026, 11)
    assert (page.summary.met, page.summary.judged) == (1, 19)
    assert page.weeks[0].summary.met == 2


def test_strands_lead_and_days_met_follow(cast, teen):
    done(cast.patient, MONDAY)
    html = teen.get(url(cast.patient)).text
    assert html.index("15 of 285 min") < html.index("All targets met on 1 day.")


def test_sums_are_those_of_adherence(cast):
    for offset in range(45):
        log_day(cast.patient, TODAY - timedelta(days=offset), cardio=offset, exercises=offset % 35)
    facts = log.days_between(cast.patient, date(2026, 11, 1), date(2026, 11, 30))
    assert month_page(viewer(cast), 2026, 11).summary == adherence.summarise(facts, today=TODAY)


def test_an_empty_month_is_a_fresh_week_and_an_old_one_has_nothing(cast, teen):
    cast.patient.programs.update(starts_on=TODAY)
    html = teen.get(url(cast.patient)).text
    assert "A fresh week." in html
    assert "Nothing was logged in this month." in teen.get(url(cast.patient, month="2026-01")).text
    assert "No data" not in html


def test_the_patients_own_today_is_marked(cast, teen, clock):
    clock.move_to(datetime(2026, 12, 1, 3, tzinfo=UTC), tick=False)  # still November in Chicago
    html = teen.get(url(cast.patient)).text
    assert "November 2026" in html
    assert re.search(r'data-day="2026-11-30"[^>]*aria-current="date"', html)


# --- a year ------------------------------------------------------------------------------------------------


def test_the_year_holds_every_day_of_it(cast, teen):
    done(cast.patient, MONDAY)
    shown = statuses(teen.get(url(cast.patient, year="2026")).text)
    assert len(shown) == 365
    assert (shown["2026-11-16"], shown["2026-11-20"], shown["2026-12-31"]) == ("met", "today", "ahead")
    assert shown["2026-01-01"] == "before"


def test_the_year_says_how_many_days_were_met_and_names_the_best_month(cast, teen):
    for day in (date(2026, 10, 1), date(2026, 10, 2), MONDAY, TODAY):
        done(cast.patient, day)
    html = teen.get(url(cast.patient, year="2026")).text
    assert "4 days met since September; best month November, 2 of 20." in html
    assert html.index("60 of") < html.index("4 days met since")
    assert '?month=2026-10"' in html


def test_a_year_without_a_met_day_names_no_best_month(cast, teen):
    log_day(cast.patient, MONDAY, cardio=5)
    page = year_page(viewer(cast), 2026)
    assert (page.best, page.since) == (None, date(2026, 9, 21))
    assert "best month" not in teen.get(url(cast.patient, year="2026")).text


def test_years_lead_to_their_neighbours(cast, teen):
    now, before = teen.get(url(cast.patient, year="2026")).text, teen.get(url(cast.patient, year="2025")).text
    assert '?year=2025"' in now and 'rel="next"' not in now
    assert '?year=2026"' in before and '?month=2025-12"' in before
    assert "Nothing was logged in this year." in before
    assert 'rel="prev"' not in teen.get(url(cast.patient, year=str(days.FIRST_DAY.year))).text


def test_a_new_year_is_fresh(cast, teen):
    cast.patient.programs.all().delete()
    assert "A fresh year." in teen.get(url(cast.patient, year="2026")).text


# --- who, what not -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["maya", "dana", "lee"])
@pytest.mark.parametrize("query", [{}, {"year": "2026"}])
def test_everyone_on_the_team_sees_the_same_days_and_nobody_a_harder_one(cast, who, query):
    teen = viewer(cast)
    plain = signed_in(getattr(cast, who)).get(url(cast.patient, **query)).text
    daily.mark_day(viewer=teen, day=TODAY, harder=True, friends="yes", school="none")
    marked = signed_in(getattr(cast, who)).get(url(cast.patient, **query)).text
    token = re.compile(r'csrf[^>]*value="[^"]*"')
    assert token.sub("", marked) == token.sub("", plain)
    assert "harder" not in marked.lower()


@pytest.mark.parametrize("who", ["sam", "noor", "omar", "kim"])
def test_a_stranger_finds_nothing(cast, who):
    client = signed_in(getattr(cast, who))
    assert client.get(url(cast.patient)).status_code == 404
    assert client.get(url(cast.patient, year="2026")).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"month": "2026-13"},
        {"month": "2026-1"},
        {"month": ""},
        {"month": "2026-11-20"},
        {"month": "1968-12"},
        {"month": "9999-12"},
        {"month": "\x00"},
        {"year": "20266"},
        {"year": ""},
        {"year": "0001"},
        {"year": "nineteen"},
    ],
)
def test_what_is_no_month_and_no_year_is_not_found(cast, teen, query):
    assert teen.get(url(cast.patient, **query)).status_code == 404


def test_it_is_only_read(cast, teen):
    assert teen.post(url(cast.patient)).status_code == 405
    assert teen.delete(url(cast.patient)).status_code == 405


# Five of them keep that somebody other than the teen looked, once an hour.
@pytest.mark.parametrize("days", [1, 400])
@pytest.mark.parametrize("query", [{}, {"year": "2026"}])
@pytest.mark.parametrize(("who", "queries"), [("maya", 6), ("dana", 12), ("lee", 11)])
def test_queries_do_not_grow_with_days(cast, django_assert_num_queries, who, queries, query, days):
    DailyLog.objects.bulk_create(
        DailyLog(patient=cast.patient, day=TODAY - timedelta(days=n), cardio=15) for n in range(days)
    )
    client = signed_in(getattr(cast, who))
    with django_assert_num_queries(queries):
        client.get(url(cast.patient, **query))
