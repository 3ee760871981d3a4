from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from exercises.models import Change, RoutinePeriod, RoutineSlot
from exercises.queries import routine as queries
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

# 10 a.m. on a Friday in Chicago, maya's zone.
MORNING = datetime(2026, 11, 20, 16, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING, tick=False):
        yield


def url(patient):
    return reverse("routine", args=[patient.code])


def do(client, patient, what, **data):
    return client.post(url(patient), {"do": what, **data})


def slot(patient, name="after school", at=time(15, 30), **fields):
    return RoutineSlot.objects.create(patient=patient, name=name, at=at, **fields)


def names(patient, day=None):
    return [slot.name for slot in queries.slots_on(patient, day or patient.today())]


NEW = {"set": "", "name": "after school", "at": "15:30", "weekdays": ["0", "4"]}


def test_a_time_of_ones_own(teen, patient):
    assert do(teen, patient, "add", **NEW)["Location"] == url(patient)
    kept = RoutineSlot.objects.get()
    assert (kept.set, kept.name, kept.at, kept.weekdays) == ("", "after school", time(15, 30), 0b0010001)
    page = teen.get(url(patient)).text
    assert "after school" in page and "Mon Fri" in page
    assert names(patient) == ["after school"]
    assert names(patient, patient.today() + DAY) == []


@pytest.mark.parametrize(
    ("set", "mask"), [("", 127), ("school", 31), ("weekend", 96), ("holiday", 127), ("other_home", 127)]
)
def test_without_days_the_set_says_which(teen, patient, set, mask):
    do(teen, patient, "add", set=set, name="x", at="9:00")
    assert RoutineSlot.objects.get().weekdays == mask


def test_the_same_form_sent_twice_is_one_slot(teen, patient):
    for _ in range(2):
        assert do(teen, patient, "add", **NEW).status_code == 302
    assert RoutineSlot.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"name": "x" * 41},
        {"name": "a\x00"},
        {"at": ""},
        {"at": "25:00"},
        {"at": "soon"},
        {"set": "party"},
        {"weekdays": ["7"]},
        {"weekdays": ["x"]},
    ],
)
def test_bad_input(teen, patient, bad):
    before = rows()
    response = do(teen, patient, "add", **NEW | bad)
    assert response.status_code == 422
    assert "invalid-feedback" in response.text
    assert 'value="15:30"' in response.text or "at" in bad
    assert rows() == before


@pytest.mark.parametrize("what", ["", "x", "\x00"])
def test_something_else_to_do(teen, patient, what):
    before = rows()
    assert do(teen, patient, what).status_code == 422
    assert rows() == before


def test_ten_a_set_are_enough(teen, patient):
    for n in range(10):
        slot(patient, f"n{n}", set="school")
    response = do(teen, patient, "add", **NEW | {"set": "school"})
    assert response.status_code == 422
    assert "There are 10 already. Take one out first." in response.text
    assert do(teen, patient, "add", **NEW | {"set": "weekend"}).status_code == 302
    ninth = RoutineSlot.objects.filter(set="school").first()
    assert do(teen, patient, "change", row=ninth.pk, **NEW | {"set": "school"}).status_code == 302


def test_a_slot_is_changed_and_what_was_logged_in_it_stays(teen, patient, cast):
    kept = slot(patient)
    session = factories.session(patient, cast.maya, "desensitization", 5, slot=kept)
    page = teen.get(url(patient), {"change": kept.pk}).text
    assert "Change this time" in page and 'value="15:30"' in page
    do(teen, patient, "change", row=kept.pk, **NEW | {"name": "tea time", "at": "16:00"})
    kept.refresh_from_db()
    session.refresh_from_db()
    assert (kept.name, kept.at, session.slot) == ("tea time", time(16), kept)
    change = Change.objects.get(subject="routine")
    assert (change.before["name"], change.after["at"]) == ("after school", "16:00:00")


def test_a_bad_change_comes_back_with_what_was_typed(teen, patient):
    kept = slot(patient)
    response = do(teen, patient, "change", row=kept.pk, **NEW | {"name": "tea time", "at": "99"})
    assert response.status_code == 422
    assert 'value="tea time"' in response.text
    kept.refresh_from_db()
    assert kept.name == "after school"


def test_a_slot_is_ended_and_never_deleted(teen, patient, cast):
    kept = slot(patient)
    factories.session(patient, cast.maya, "desensitization", 5, slot=kept)
    for _ in range(2):
        response = do(teen, patient, "end", row=kept.pk)
    assert response.status_code == 404
    kept.refresh_from_db()
    assert kept.ended_at == MORNING
    assert names(patient) == []
    assert patient.sessions.get().slot == kept


@pytest.mark.parametrize("name", ["change", "end", "period-end"])
@pytest.mark.parametrize("row", ["", "x", "-1", "0", "99999", "9" * 30])
def test_unknown_rows(teen, patient, name, row):
    before = rows()
    assert do(teen, patient, name, row=row).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("asked", ["x", "9" * 30, "99999", "-1", "٣" * 19])
def test_an_odd_address_shows_the_page(teen, patient, asked):
    assert "Change this time" not in teen.get(url(patient), {"change": asked}).text


def test_rows_of_another_record_are_unknown(teen, cast, patient):
    theirs = slot(cast.other)
    period = RoutinePeriod.objects.create(
        patient=cast.other, set="holiday", first=patient.today(), last=patient.today(), set_by=cast.noor
    )
    before = rows()
    for what, row in (("end", theirs.pk), ("change", theirs.pk), ("period-end", period.pk)):
        assert do(teen, patient, what, row=row, **NEW).status_code == 404
    assert "Change this time" not in teen.get(url(patient), {"change": theirs.pk}).text
    assert rows() == before


def test_a_school_day_starts_with_none_during_school(teen, patient):
    do(teen, patient, "start", set="school")
    found = list(RoutineSlot.objects.order_by("at"))
    assert len(found) == 5
    assert not [one for one in found if time(8) <= one.at < time(15)]
    assert {one.weekdays for one in found} == {0b0011111}
    page = teen.get(url(patient)).text
    assert "School day" in page
    assert 'name="set" value="school"' not in page


def test_a_long_school_day_moves_what_would_lie_in_it(teen, patient):
    patient.school_until = time(18)
    patient.save()
    do(teen, patient, "start", set="school")
    at = list(RoutineSlot.objects.order_by("at").values_list("at", flat=True))
    assert at == [time(7), time(18, 15), time(18, 45), time(19), time(20, 30)]


@pytest.mark.parametrize("set", ["weekend", "holiday", "other_home"])
def test_the_other_sets_have_a_start_too(teen, patient, set):
    for _ in range(2):
        do(teen, patient, "start", set=set)
    assert set_of(patient) == {set}
    assert RoutineSlot.objects.count() == 5


def set_of(patient):
    return set(RoutineSlot.objects.filter(patient=patient).values_list("set", flat=True))


@pytest.mark.parametrize("bad", ["", "party"])
def test_a_start_that_is_none(teen, patient, bad):
    assert do(teen, patient, "start", set=bad).status_code == 422
    assert not RoutineSlot.objects.exists()


def test_a_holiday_has_its_own_routine(teen, patient):
    slot(patient, "always")
    slot(patient, "school", set="school", weekdays=0b0011111)
    slot(patient, "beach", set="holiday")
    slot(patient, "dad's", set="other_home")
    today = patient.today()
    assert names(patient) == ["always", "school"]
    response = do(teen, patient, "period", set="holiday", first=today, last=today + 2 * DAY)
    assert response.status_code == 302
    assert [names(patient, today + n * DAY) for n in (-1, 0, 2)] == [
        ["always", "school"],
        ["beach"],
        ["beach"],
    ]
    assert names(patient, today + 3 * DAY) == ["always", "school"]
    period = RoutinePeriod.objects.get()
    assert "Holiday" in teen.get(url(patient)).text
    do(teen, patient, "period-end", row=period.pk)
    assert names(patient) == ["always", "school"]


def test_a_holiday_without_slots_has_no_times(patient, cast):
    slot(patient, "always")
    day = patient.today()
    RoutinePeriod.objects.create(patient=patient, set="holiday", first=day, last=day, set_by=cast.maya)
    assert names(patient) == []


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [(0, 0, 302), (-3, 0, 302), (-3, -1, 422), (2, 1, 422), (0, 119, 302), (0, 120, 422), (366, 367, 422)],
)
def test_how_far_and_how_long(teen, patient, first, last, status):
    today = patient.today()
    data = {"set": "holiday", "first": today + first * DAY, "last": today + last * DAY}
    assert do(teen, patient, "period", **data).status_code == status
    assert RoutinePeriod.objects.count() == (status == 302)


def test_two_periods_never_share_a_day(teen, patient):
    today = patient.today()
    data = {"set": "holiday", "first": today, "last": today + 2 * DAY}
    for _ in range(2):
        assert do(teen, patient, "period", **data).status_code == 302
    assert RoutinePeriod.objects.count() == 1
    other = {"set": "other_home", "first": today + 2 * DAY, "last": today + 5 * DAY}
    assert do(teen, patient, "period", **other).status_code == 422
    assert RoutinePeriod.objects.count() == 1


def test_school_and_the_end_of_the_day(teen, patient):
    do(teen, patient, "hours", school_from="7:30", school_until="14:10", night_from="21:15")
    patient.refresh_from_db()
    assert (patient.school_from, patient.school_until, patient.night_from) == (
        time(7, 30),
        time(14, 10),
        time(21, 15),
    )
    do(teen, patient, "hours", school_from="", school_until="", night_from="")
    patient.refresh_from_db()
    assert (patient.school_from, patient.school_until, patient.night_from) == (None, None, None)
    assert Change.objects.filter(subject="settings").count() == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"school_from": ""},
        {"school_until": ""},
        {"school_until": "8:00"},
        {"school_from": "x"},
        {"night_from": "25:99"},
        {"night_from": "0:00"},
        {"night_from": "11:59"},
    ],
)
def test_bad_hours(teen, patient, bad):
    before = rows()
    data = {"school_from": "8:00", "school_until": "15:00", "night_from": "21:00"} | bad
    response = do(teen, patient, "hours", **data)
    assert response.status_code == 422
    assert "invalid-feedback" in response.text
    assert rows() == before


def test_an_hour_after_midnight_ends_a_day_that_starts_late(teen, patient):
    patient.day_start = 3
    patient.save()
    assert do(teen, patient, "hours", school_from="", school_until="", night_from="1:30").status_code == 302
    patient.refresh_from_db()
    assert patient.night_from == time(1, 30)
    assert "Good night" not in teen.get(reverse("today")).text


def test_who_may(parent, therapist, stranger, client, cast, patient):
    slot(patient)
    before = rows()
    for other, status in ((parent, 403), (stranger, 404), (signed_in(cast.noor), 404)):
        assert other.get(url(patient)).status_code == status
        assert do(other, patient, "add", **NEW).status_code == status
    assert client.get(url(patient)).status_code == 302
    assert therapist.put(url(patient)).status_code == 405
    assert rows() == before
    assert do(therapist, patient, "add", **NEW | {"name": "tea"}).status_code == 302
    assert "tea" in therapist.get(url(patient)).text


def test_a_name_is_never_markup(teen, patient):
    do(teen, patient, "add", **NEW | {"name": "<b>tea"})
    assert "&lt;b&gt;tea" in teen.get(url(patient)).text


@pytest.mark.parametrize("size", [1, 9])
def test_queries(teen, patient, cast, size, django_assert_num_queries):
    for n in range(size):
        slot(patient, f"n{n}", set="school")
        day = patient.today() + n * DAY
        RoutinePeriod.objects.create(patient=patient, set="holiday", first=day, last=day, set_by=cast.maya)
    with django_assert_num_queries(5):
        teen.get(url(patient))
