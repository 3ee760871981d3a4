"""Which day it is for a patient, and how days make weeks, months and years."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exercises import days
from exercises.days import Clock

from . import oracle

ZONES = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "America/Santiago",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Pago_Pago",  # UTC-11
    "Pacific/Kiritimati",  # UTC+14
)
# Nights on which a clock somewhere in ZONES was or will be changed.
NIGHTS = (
    "2011-12-30",
    "2026-02-15",
    "2026-03-08",
    "2026-03-29",
    "2026-04-05",
    "2026-04-24",
    "2026-09-06",
    "2026-10-04",
    "2026-10-25",
    "2026-10-30",
    "2026-11-01",
)
SOME = settings(max_examples=60, deadline=None)
MANY = settings(max_examples=200, deadline=None)

starts = st.integers(0, days.LATEST_DAY_START)
clocks = st.builds(Clock, st.sampled_from(ZONES), starts)
first_weekdays = st.sampled_from([0, 6, 5])  # Monday, Sunday, Saturday
any_day = st.dates(days.FIRST_DAY, days.LAST_DAY)
nights = st.sampled_from(NIGHTS).map(date.fromisoformat)
near_a_night = st.builds(lambda night, n: night + timedelta(days=n), nights, st.integers(-2, 2))
modern_day = near_a_night | st.dates(date(2012, 1, 1), date(2099, 12, 31))
# ``fold`` belongs to wall times that are read twice; an instant in UTC has none.
instants = st.builds(
    lambda day, seconds: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds),
    modern_day,
    st.integers(0, 86_399),
)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# --- which day an instant belongs to ---------------------------------------------------------------------

NEW_YORK, BERLIN, HOWE = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"
DAY_TABLE = [
    # at midnight, in the farthest zones there are
    ("2026-11-20 10:59:59", "Pacific/Pago_Pago", 0, "2026-11-19"),
    ("2026-11-20 11:00:00", "Pacific/Pago_Pago", 0, "2026-11-20"),
    ("2026-11-19 09:59:59", "Pacific/Kiritimati", 0, "2026-11-19"),
    ("2026-11-19 10:00:00", "Pacific/Kiritimati", 0, "2026-11-20"),
    # one instant, three dates
    ("2026-11-20 10:30:00", "Pacific/Pago_Pago", 0, "2026-11-19"),
    ("2026-11-20 10:30:00", "UTC", 0, "2026-11-20"),
    ("2026-11-20 10:30:00", "Pacific/Kiritimati", 0, "2026-11-21"),
    # every day start, a second before and at it
    *[(f"2026-01-10 0{h - 1}:59:59", "UTC", h, "2026-01-09") for h in range(1, 5)],
    *[(f"2026-01-10 0{h}:00:00", "UTC", h, "2026-01-10") for h in range(5)],
    ("2026-01-09 23:59:59", "UTC", 0, "2026-01-09"),
    ("2026-01-01 00:30:00", "UTC", 1, "2025-12-31"),
    # New York springs forward: 1:59:59, then 3:00. A day that starts at 2 or at 3 starts there
    ("2026-03-08 04:59:59", NEW_YORK, 0, "2026-03-07"),
    ("2026-03-08 05:00:00", NEW_YORK, 0, "2026-03-08"),
    ("2026-03-08 06:59:59", NEW_YORK, 2, "2026-03-07"),
    ("2026-03-08 07:00:00", NEW_YORK, 2, "2026-03-08"),
    ("2026-03-08 06:59:59", NEW_YORK, 3, "2026-03-07"),
    ("2026-03-08 07:00:00", NEW_YORK, 3, "2026-03-08"),
    ("2026-03-08 07:59:59", NEW_YORK, 4, "2026-03-07"),
    ("2026-03-08 08:00:00", NEW_YORK, 4, "2026-03-08"),
    ("2026-03-09 03:59:59", NEW_YORK, 0, "2026-03-08"),
    # and falls back: 1:00 to 1:59 twice, both in the same day
    ("2026-11-01 03:59:59", NEW_YORK, 0, "2026-10-31"),
    ("2026-11-01 04:00:00", NEW_YORK, 0, "2026-11-01"),
    ("2026-11-01 05:30:00", NEW_YORK, 1, "2026-11-01"),
    ("2026-11-01 06:30:00", NEW_YORK, 1, "2026-11-01"),
    ("2026-11-01 05:30:00", NEW_YORK, 2, "2026-10-31"),
    ("2026-11-01 06:59:59", NEW_YORK, 2, "2026-10-31"),
    ("2026-11-01 07:00:00", NEW_YORK, 2, "2026-11-01"),
    ("2026-11-01 08:59:59", NEW_YORK, 4, "2026-10-31"),
    ("2026-11-01 09:00:00", NEW_YORK, 4, "2026-11-01"),
    ("2026-11-02 04:59:59", NEW_YORK, 0, "2026-11-01"),
    # Berlin falls back from 3 to 2
    ("2026-10-24 21:59:59", BERLIN, 0, "2026-10-24"),
    ("2026-10-24 22:00:00", BERLIN, 0, "2026-10-25"),
    ("2026-10-25 00:30:00", BERLIN, 2, "2026-10-25"),
    ("2026-10-25 01:30:00", BERLIN, 2, "2026-10-25"),
    ("2026-10-25 01:59:59", BERLIN, 3, "2026-10-24"),
    ("2026-10-25 02:00:00", BERLIN, 3, "2026-10-25"),
    ("2026-10-25 22:59:59", BERLIN, 0, "2026-10-25"),
    # Lord Howe moves half an hour, both ways
    ("2026-10-03 15:29:59", HOWE, 2, "2026-10-03"),
    ("2026-10-03 15:30:00", HOWE, 2, "2026-10-04"),
    ("2026-04-04 14:59:59", HOWE, 2, "2026-04-04"),
    ("2026-04-04 15:29:59", HOWE, 2, "2026-04-04"),
    ("2026-04-04 15:30:00", HOWE, 2, "2026-04-05"),
    # Apia went from the 29th to the 31st
    ("2011-12-30 09:59:59", "Pacific/Apia", 0, "2011-12-29"),
    ("2011-12-30 10:00:00", "Pacific/Apia", 0, "2011-12-31"),
    ("2011-12-30 13:59:59", "Pacific/Apia", 4, "2011-12-30"),
    ("2011-12-30 14:00:00", "Pacific/Apia", 4, "2011-12-31"),
]


@pytest.mark.parametrize(("instant", "zone", "day_start", "day"), DAY_TABLE)
def test_the_day_of_an_instant(instant, zone, day_start, day):
    assert days.local_today(zone, day_start, now=utc(instant)).isoformat() == day


@MANY
@given(instants, clocks)
def test_the_day_of_any_instant_is_the_oracles(instant, clock):
    expected = oracle.day_of(instant, clock.zone, clock.day_start)
    assert clock.day_of(instant) == days.local_today(clock.zone, clock.day_start, now=instant) == expected


@SOME
@given(instants, clocks, st.integers(-14 * 60, 14 * 60))
def test_an_instant_may_come_in_any_zone(instant, clock, minutes):
    elsewhere = instant.astimezone(ZoneInfo("Asia/Kathmandu")) + timedelta(minutes=minutes)
    assert clock.day_of(elsewhere) == clock.day_of(instant + timedelta(minutes=minutes))


def test_a_day_starts_at_midnight_unless_told():
    assert days.LATEST_DAY_START == 4
    just_past = utc("2026-11-20 00:00:01")
    assert Clock("UTC").day_of(just_past) == days.local_today("UTC", now=just_past) == date(2026, 11, 20)
    assert days.day_begins(date(2026, 11, 20), "UTC") == utc("2026-11-20 00:00:00")


def test_wall_time_is_the_clock_on_their_wall():
    clock = Clock("Asia/Kathmandu", 4)
    assert clock.wall_time(utc("2026-11-20 20:00:00")).isoformat() == "2026-11-21T01:45:00+05:45"
    assert clock.day_of(utc("2026-11-20 20:00:00")) == date(2026, 11, 20)


# --- when a day begins -----------------------------------------------------------------------------------

BEGIN_TABLE = [
    ("2026-11-20", "Pacific/Pago_Pago", 0, "2026-11-20 11:00:00"),
    ("2026-11-20", "Pacific/Pago_Pago", 4, "2026-11-20 15:00:00"),
    ("2026-11-20", "Pacific/Kiritimati", 0, "2026-11-19 10:00:00"),
    ("2026-11-20", "Pacific/Kiritimati", 4, "2026-11-19 14:00:00"),
    # clocks that skip midnight: the day begins at one o'clock, whether it starts at 0 or at 1
    ("2026-04-24", "Africa/Cairo", 0, "2026-04-23 22:00:00"),
    ("2026-04-24", "Africa/Cairo", 1, "2026-04-23 22:00:00"),
    ("2026-04-24", "Africa/Cairo", 2, "2026-04-23 23:00:00"),
    ("2026-03-29", "Asia/Beirut", 0, "2026-03-28 22:00:00"),
    ("2026-03-29", "Asia/Beirut", 1, "2026-03-28 22:00:00"),
    ("2026-09-06", "America/Santiago", 0, "2026-09-06 04:00:00"),
    ("2026-09-06", "America/Santiago", 4, "2026-09-06 07:00:00"),
    # and that have it twice: the day begins after the second 23:59
    ("2026-10-30", "Africa/Cairo", 0, "2026-10-29 22:00:00"),
    ("2026-04-05", "America/Santiago", 0, "2026-04-05 04:00:00"),
    ("2026-03-08", NEW_YORK, 2, "2026-03-08 07:00:00"),
    ("2026-03-08", NEW_YORK, 3, "2026-03-08 07:00:00"),
    ("2026-03-08", NEW_YORK, 4, "2026-03-08 08:00:00"),
    ("2026-11-01", NEW_YORK, 1, "2026-11-01 05:00:00"),
    ("2026-11-01", NEW_YORK, 2, "2026-11-01 07:00:00"),
    ("2026-10-25", BERLIN, 2, "2026-10-25 00:00:00"),
    ("2026-10-25", BERLIN, 3, "2026-10-25 02:00:00"),
    ("2026-10-04", HOWE, 2, "2026-10-03 15:30:00"),
    ("2026-04-05", HOWE, 2, "2026-04-04 15:30:00"),
    # the day that Apia never had begins, and ends, with the next
    ("2011-12-29", "Pacific/Apia", 0, "2011-12-29 10:00:00"),
    ("2011-12-30", "Pacific/Apia", 0, "2011-12-30 10:00:00"),
    ("2011-12-31", "Pacific/Apia", 0, "2011-12-30 10:00:00"),
    ("2012-01-01", "Pacific/Apia", 0, "2011-12-31 10:00:00"),
    # the ends of the calendar
    ("2000-01-01", "Pacific/Kiritimati", 0, "1999-12-31 10:00:00"),
    ("2099-12-31", "Pacific/Pago_Pago", 4, "2099-12-31 15:00:00"),
]


@pytest.mark.parametrize(("day", "zone", "day_start", "instant"), BEGIN_TABLE)
def test_when_a_day_begins(day, zone, day_start, instant):
    assert days.day_begins(date.fromisoformat(day), zone, day_start) == utc(instant)


@SOME
@given(modern_day, clocks)
def test_a_day_begins_where_a_walk_over_the_minutes_finds_it(day, clock):
    where = (clock.zone, clock.day_start)
    assert days.day_begins(day, *where) == oracle.begins(day, *where)


@MANY
@given(modern_day, clocks)
def test_the_second_before_a_day_begins_is_another_day(day, clock):
    begins = days.day_begins(day, clock.zone, clock.day_start)
    assert begins.utcoffset() == timedelta(0)
    assert begins.microsecond == 0
    assert clock.day_of(begins) >= day > clock.day_of(begins - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-03-08", NEW_YORK, 23),
        ("2026-11-01", NEW_YORK, 25),
        ("2026-10-25", BERLIN, 25),
        ("2026-04-24", "Africa/Cairo", 23),
        ("2026-03-29", "Asia/Beirut", 23),
        ("2026-09-06", "America/Santiago", 23),
        ("2026-10-04", HOWE, 23.5),
        ("2026-04-05", HOWE, 24.5),
        ("2011-12-30", "Pacific/Apia", 0),
        ("2026-11-20", NEW_YORK, 24),
    ],
)
def test_how_long_a_day_is(day, zone, hours):
    day = date.fromisoformat(day)
    length = days.day_begins(day + days.ONE_DAY, zone) - days.day_begins(day, zone)
    assert length == timedelta(hours=hours)


# --- a change of zone or day start -----------------------------------------------------------------------

CHANGE_TABLE = [
    # the day start moves: yesterday's late evening stays yesterday's
    (Clock(NEW_YORK, 0), Clock(NEW_YORK, 4), "2026-11-20 15:00:00", "2026-11-21 09:00:00"),
    (Clock(NEW_YORK, 4), Clock(NEW_YORK, 0), "2026-11-20 15:00:00", "2026-11-21 09:00:00"),
    # at 2 in the morning with a day that starts at 4, today is still yesterday
    (Clock(NEW_YORK, 4), Clock(NEW_YORK, 0), "2026-11-20 07:00:00", "2026-11-20 09:00:00"),
    # east, and back west
    (Clock(NEW_YORK), Clock(BERLIN), "2026-11-20 15:00:00", "2026-11-21 05:00:00"),
    (Clock(BERLIN), Clock(NEW_YORK), "2026-11-20 15:00:00", "2026-11-21 05:00:00"),
    # nothing changes: still only tomorrow
    (Clock("UTC"), Clock("UTC"), "2026-11-20 00:00:00", "2026-11-21 00:00:00"),
    # across the date line, both ways
    (Clock("Pacific/Pago_Pago"), Clock("Pacific/Kiritimati"), "2026-11-20 12:00:00", "2026-11-21 11:00:00"),
    (Clock("Pacific/Kiritimati"), Clock("Pacific/Pago_Pago"), "2026-11-20 12:00:00", "2026-11-22 11:00:00"),
    # into a zone whose clock skips the midnight in between
    (Clock("UTC"), Clock("America/Santiago"), "2026-09-05 12:00:00", "2026-09-06 04:00:00"),
]


@pytest.mark.parametrize(("old", "new", "now", "takes_effect"), CHANGE_TABLE)
def test_when_a_change_takes_effect(old, new, now, takes_effect):
    assert days.change_takes_effect(old, new, now=utc(now)) == utc(takes_effect)


@SOME
@given(clocks, clocks, instants)
@example(Clock("Pacific/Pago_Pago", 0), Clock("Pacific/Kiritimati", 4), utc("2026-11-20 10:59:00"))
@example(Clock("Pacific/Kiritimati", 4), Clock("Pacific/Pago_Pago", 0), utc("2026-11-20 10:00:00"))
@example(Clock("Pacific/Apia", 0), Clock("Pacific/Pago_Pago", 0), utc("2011-12-30 09:59:00"))
def test_a_change_takes_effect_where_a_walk_over_the_minutes_finds_it(old, new, now):
    expected = oracle.change_from((old.zone, old.day_start), (new.zone, new.day_start), now)
    assert days.change_takes_effect(old, new, now=now) == expected


@MANY
@given(clocks, clocks, instants)
def test_a_change_never_brings_a_day_back(old, new, now):
    """Today keeps its date until the change, and is over once the new clock counts."""
    today, change = old.day_of(now), days.change_takes_effect(old, new, now=now)
    assert change > now
    assert old.day_of(change - timedelta(seconds=1)) >= today
    assert new.day_of(change) > today
    assert old.day_of(change) > today


# --- weeks, months, years --------------------------------------------------------------------------------


@MANY
@given(any_day.filter(lambda d: d.year < 2099), first_weekdays)
def test_a_week_is_the_seven_days_around(day, first_weekday):
    assert list(days.week_of(day, first_weekday)) == oracle.week_from(day, first_weekday)


def test_weeks_start_on_monday_unless_told():
    friday = date(2026, 11, 20)
    assert days.week_of(friday)[0] == date(2026, 11, 16)
    assert days.week_of(friday, 6)[0] == date(2026, 11, 15)
    assert days.week_of(date(2026, 11, 15))[0] == date(2026, 11, 9)
    assert days.week_of(date(2026, 11, 15), 6)[0] == date(2026, 11, 15)
    assert days.month_weeks(2026, 11)[0][0] == date(2026, 10, 26)
    assert days.year_weeks(2026)[0] == (None, None, None, *days.span(date(2026, 1, 1), date(2026, 1, 4)))


@MANY
@given(any_day, st.integers(-5, 400))
def test_a_span_has_every_day_once(first, count):
    found = days.span(first, first + timedelta(days=count))
    assert list(found) == [first + timedelta(days=n) for n in range(count + 1)]


def test_a_span_that_ends_before_it_starts_is_empty():
    assert days.span(date(2026, 11, 20), date(2026, 11, 19)) == ()
    assert days.span(date(2026, 11, 20), date(2026, 11, 20)) == (date(2026, 11, 20),)


@pytest.mark.parametrize("count", [1, 7, 28])
def test_closed_days_end_yesterday(count):
    today = date(2026, 3, 2)
    closed = days.span(*days.last_closed(today, count))
    assert len(closed) == count
    assert closed[-1] == date(2026, 3, 1)


def test_no_closed_days():
    assert days.span(*days.last_closed(date(2026, 3, 2), 0)) == ()


# Leap years, the four-hundredth year, and each way a year can start.
YEARS = (2000, 2024, 2028, 2032, 2048, 2099, *range(2020, 2034))


@pytest.mark.parametrize("year", sorted(set(YEARS)))
@pytest.mark.parametrize("first_weekday", [0, 6, 5])
def test_a_year_has_every_day_exactly_once(year, first_weekday):
    columns = days.year_weeks(year, first_weekday)
    assert [day for column in columns for day in column if day] == oracle.every_day_of(year)
    assert len(columns) in (53, 54)
    assert any(columns[0])
    assert any(columns[-1])
    for column in columns:
        assert len(column) == 7
        weekdays = [(day.weekday() - first_weekday) % 7 if day else n for n, day in enumerate(column)]
        assert weekdays == list(range(7))


@pytest.mark.parametrize(("year", "first_weekday", "columns"), [(2028, 0, 53), (2028, 6, 54), (2012, 0, 54)])
def test_a_leap_year_may_need_a_54th_column(year, first_weekday, columns):
    assert len(days.year_weeks(year, first_weekday)) == columns


@pytest.mark.parametrize("year", [2000, 2024, 2026, 2027, 2099])
@pytest.mark.parametrize("first_weekday", [0, 6, 5])
def test_a_month_is_whole_weeks_and_no_more(year, first_weekday):
    every_day = []
    for month in range(1, 13):
        weeks = days.month_weeks(year, month, first_weekday)
        own = [day for day in oracle.every_day_of(year) if day.month == month]
        shown = [day for week in weeks for day in week]
        assert days.month_bounds(year, month) == (own[0], own[-1])
        assert [day for day in shown if (day.year, day.month) == (year, month)] == own
        assert shown == list(days.span(shown[0], shown[-1]))
        for week in weeks:
            assert list(week) == oracle.week_from(week[0], first_weekday)
            assert any((day.year, day.month) == (year, month) for day in week)
        every_day += own
    assert every_day == oracle.every_day_of(year)


def test_the_shortest_month_can_be_four_weeks():
    assert len(days.month_weeks(2027, 2)) == 4
    assert len(days.month_weeks(2027, 2, 6)) == 5
    assert len(days.month_weeks(2026, 8)) == 6


# --- what people and URLs type ---------------------------------------------------------------------------

EVERY_DAY = {day.isoformat(): day for year in range(1969, 2100) for day in oracle.every_day_of(year)}
EVERY_MONTH = {text[:7]: (day.year, day.month) for text, day in EVERY_DAY.items()}
EVERY_YEAR = {text[:4]: day.year for text, day in EVERY_DAY.items()}

ODD = (
    "", " ", "2026", "2026-11", "2026-11-2", "2026-1-20", "20261120", "2026-W47-5", "2026W475", "2026-W47",
    "2026-324", "2026-02-29", "2024-02-30", "2026-00-10", "2026-13-01", "2026-11-00", "2026-11-31",
    "1968-12-31", "2100-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-026-11-20", "+2026-11-2",
    " 2026-11-20", "2026-11-20 ", "2026-11-20\n", "2026-11-20T00:00", "2026/11/20", "20-11-2026",
    "2026–11–20", "２０２６-１１-２０", "٢٠٢٦-١١-٢٠", "2026-11-2\0", "\ud800", "2026-11-2\ud800", "today",
    "2026-11-20" * 9, "202611", "2026-1", "2026-W4", "2026W47", "2026-11-01",
    "02026", "2_26", "1e3", "²026", "2026.",
)  # fmt: skip
near_miss = st.from_regex(r"\A[0-9W]{3,5}-?[0-9W]{1,3}-?[0-9]{0,3}\Z")
mistyped = st.builds(
    lambda text, at, char: text[:at] + char + text[at + 1 :],
    st.sampled_from(sorted(EVERY_DAY)),
    st.integers(0, 9),
    st.characters(),
)
typed = st.text(max_size=12) | near_miss | mistyped | st.sampled_from(ODD)


def reads_like_the_calendar(text):
    assert days.parse_day(text) == EVERY_DAY.get(text)
    assert days.parse_month(text) == EVERY_MONTH.get(text)
    assert days.parse_year(text) == EVERY_YEAR.get(text)


@settings(max_examples=300, deadline=None)
@given(typed)
def test_what_is_typed_is_read_or_refused(text):
    reads_like_the_calendar(text)
    reads_like_the_calendar(text[:7])
    reads_like_the_calendar(text[:4])


@pytest.mark.parametrize("text", ODD)
def test_odd_spellings(text):
    reads_like_the_calendar(text)


def test_every_day_month_and_year_is_read():
    for texts, parse in (
        (EVERY_DAY, days.parse_day),
        (EVERY_MONTH, days.parse_month),
        (EVERY_YEAR, days.parse_year),
    ):
        assert {text: parse(text) for text in texts} == texts
    ends = min(EVERY_DAY.values()), max(EVERY_DAY.values())
    assert ends == (days.FIRST_DAY, days.LAST_DAY)


# --- when somebody tapped --------------------------------------------------------------------------------

RECEIVED = utc("2026-11-20 18:00:00")
MINUTES = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("recorded_at", "sent_at", "at", "doubt"),
    [
        # typed: received is all there is
        (None, None, RECEIVED, False),
        (None, RECEIVED - 300 * MINUTES, RECEIVED, False),
        # the device says only when
        (RECEIVED, None, RECEIVED, False),
        (RECEIVED - 90 * MINUTES, None, RECEIVED - 90 * MINUTES, False),
        (RECEIVED + 10 * MINUTES, None, RECEIVED + 10 * MINUTES, False),
        (RECEIVED + 11 * MINUTES, None, RECEIVED + 11 * MINUTES, True),
        (RECEIVED - timedelta(days=60), None, RECEIVED - timedelta(days=60), False),
        (RECEIVED - timedelta(days=60, minutes=1), None, RECEIVED - timedelta(days=60, minutes=1), True),
        # and what its clock showed when it sent: an hour and a half before it sent is known for certain
        (RECEIVED - 100 * MINUTES, RECEIVED - 10 * MINUTES, RECEIVED - 90 * MINUTES, False),
        (RECEIVED - 101 * MINUTES, RECEIVED - 11 * MINUTES, RECEIVED - 90 * MINUTES, True),
        (RECEIVED - 80 * MINUTES, RECEIVED + 10 * MINUTES, RECEIVED - 90 * MINUTES, False),
        (RECEIVED - 79 * MINUTES, RECEIVED + 11 * MINUTES, RECEIVED - 90 * MINUTES, True),
        # tapped after it was sent: no clock does that
        (RECEIVED + 11 * MINUTES, RECEIVED, RECEIVED + 11 * MINUTES, True),
        # ten years off, either way
        (utc("2016-11-20 17:00:00"), utc("2016-11-20 18:00:00"), RECEIVED - 60 * MINUTES, True),
        (utc("2036-11-20 17:00:00"), utc("2036-11-20 18:00:00"), RECEIVED - 60 * MINUTES, True),
    ],
)
def test_when_somebody_tapped(recorded_at, sent_at, at, doubt):
    assert days.recorded(RECEIVED, recorded_at, sent_at) == days.Recorded(at, doubt)


@MANY
@given(
    st.timedeltas(timedelta(0), timedelta(days=70)),
    st.timedeltas(-timedelta(days=4000), timedelta(days=4000)),
)
def test_a_wrong_clock_moves_no_tap(age, off):
    """However far off the device's clock is, the tap was as long ago as it says; far off, it is marked."""
    found = days.recorded(RECEIVED, RECEIVED + off - age, RECEIVED + off)
    assert found.at == RECEIVED - age
    assert found.doubt is (abs(off) > timedelta(minutes=10) or age > timedelta(days=60))


# --- the hour from which parents see a day, and the hours of a night ---------------------------------------

BERLIN, AUCKLAND, HONOLULU = "Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu"


def at(zone, text):
    """A wall time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "day_start", "wall", "before"),
    [
        (BERLIN, 0, "2026-11-20T00:00", True),
        (BERLIN, 0, "2026-11-20T16:59:59", True),
        (BERLIN, 0, "2026-11-20T17:00", False),
        (BERLIN, 0, "2026-11-20T23:59", False),
        # After midnight it is still the evening of a day that starts at 3.
        (BERLIN, 3, "2026-11-21T02:59", False),
        (BERLIN, 3, "2026-11-21T03:00", True),
        # Both nights on which the clock is changed, and the afternoons after them.
        (BERLIN, 2, "2026-03-29T01:59", False),
        (BERLIN, 2, "2026-03-29T03:00", True),
        (BERLIN, 0, "2026-03-29T16:59", True),
        (BERLIN, 0, "2026-03-29T17:00", False),
        (BERLIN, 3, "2026-10-25T02:30", False),
        (BERLIN, 0, "2026-10-25T16:59", True),
        (BERLIN, 0, "2026-10-25T17:00", False),
        (AUCKLAND, 0, "2026-11-20T16:59", True),
        (AUCKLAND, 0, "2026-11-20T17:00", False),
        (HONOLULU, 4, "2026-11-20T16:59", True),
        (HONOLULU, 4, "2026-11-21T03:59", False),
    ],
)
def test_a_day_is_closed_from_its_start_to_the_hour(zone, day_start, wall, before):
    assert Clock(zone, day_start).is_before(time(17), at(zone, wall)) is before


@given(clock=clocks, instant=instants, hour=st.integers(12, 22))
def test_once_a_day_is_open_it_stays_open(clock, instant, hour):
    """Quarter by quarter through a whole day: closed, then open, and closed again only on the next one."""
    opens = time(hour)
    steps = [instant + timedelta(minutes=15 * n) for n in range(100)]
    for sooner, later in pairwise(steps):
        if clock.is_before(opens, later) and not clock.is_before(opens, sooner):
            assert clock.day_of(later) > clock.day_of(sooner)


@pytest.mark.parametrize(
    ("bed", "up", "day", "zone", "hours"),
    [
        ("22:30", "06:45", "2026-11-20", BERLIN, 8.25),
        ("00:30", "06:45", "2026-11-20", BERLIN, 6.25),
        ("12:00", "06:00", "2026-11-20", BERLIN, 18),
        ("11:59", "12:29", "2026-11-20", BERLIN, 0.5),
        ("23:00", "23:00", "2026-11-20", BERLIN, 24),
        # One hour is lost in spring, and one is slept twice in autumn.
        ("22:30", "06:30", "2026-03-29", BERLIN, 7),
        ("22:30", "06:30", "2026-10-25", BERLIN, 9),
        ("22:30", "06:30", "2026-09-27", AUCKLAND, 7),
        ("22:30", "06:30", "2026-04-05", AUCKLAND, 9),
        ("22:30", "06:30", "2026-03-29", HONOLULU, 8),
        # Nobody gets up before going to bed, or sleeps for longer than a day.
        ("06:30", "06:00", "2026-11-20", BERLIN, None),
        ("06:30", "06:30", "2026-11-20", BERLIN, None),
        ("12:00", "12:01", "2026-11-20", BERLIN, None),
    ],
)
def test_hours_of_a_night(bed, up, day, zone, hours):
    times = time.fromisoformat(bed), time.fromisoformat(up)
    assert days.hours_between(*times, date.fromisoformat(day), zone) == hours
