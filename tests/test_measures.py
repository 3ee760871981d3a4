"""The page of measures: what each reads, what a therapist adds, what is asked about, removed and put back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from exercises.measures import Taken
from exercises.models import Change, FunctionMeasure, Patient
from exercises.queries import measures as queries
from exercises.services import measures as services
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows


def url(patient, name="measures", *args):
    return reverse(name, args=[patient.code, *args])


def ago(patient, days):
    return patient.today() - timedelta(days=days)


def send(client, patient, kind="walk_6_min", value="610", **typed):
    data = {"kind": kind, "value": value, "taken_on": patient.today().isoformat()} | typed
    return client.post(url(patient), data)


@pytest.fixture
def measure(cast):
    """A factory: of maya, by lee, some days ago."""

    def make(kind="walk_6_min", value=520, days=0, **fields):
        return factories.measure(
            cast.patient, cast.lee, kind, value, taken_on=ago(cast.patient, days), **fields
        )

    return make


@pytest.fixture
def seen(cast):
    """The series as somebody reads them."""
    return lambda user: queries.series(factories.viewer(cast.patient, user))


# --- what is read ------------------------------------------------------------------------------------------


def test_the_latest_against_the_first_measured_the_same_way(cast, measure, seen):
    measure(value=900, days=90, conditions="50 m course")
    first = measure(value=520, days=70, conditions="30 m course")
    latest = measure(value="610.50", days=7, conditions="30M course")
    [series] = seen(cast.maya)
    assert (series.kind, series.name, series.unit, series.better) == (
        "walk_6_min",
        "6-minute walk",
        "m",
        "higher",
    )
    assert (series.baseline.id, series.latest.id) == (first.pk, latest.pk)
    assert (series.change, series.direction, series.meaningful) == (Decimal("90.5"), "better", True)
    assert [point.text for point in series.points] == ["900 m", "520 m", "610.5 m"]
    assert [point.id for point in series.alike] == [first.pk, latest.pk]
    assert series.fact.source == "del Corral 2022"


def test_one_value_shows_no_change(cast, measure, seen):
    measure()
    [series] = seen(cast.maya)
    assert (series.baseline, series.change, series.direction, series.change_text) == (None, None, "", "")
    assert not series.measured_another_way


def test_the_order_is_that_of_the_kinds_with_left_before_right_and_own_ones_by_name(cast, measure, seen):
    measure("own", 3, name="Zumba", unit="songs")
    measure("single_leg", 20, side="right")
    measure("own", 3, name="Arm hang", unit="s")
    measure("single_leg", 12, side="left")
    measure("fdi", 24)
    assert [series.name for series in seen(cast.lee)] == [
        "Functional Disability Inventory, total",
        "Single-leg stance, left",
        "Single-leg stance, right",
        "Arm hang",
        "Zumba",
    ]


def test_an_own_measure_is_one_by_its_name_and_unit(cast, measure, seen):
    measure("own", 3, days=9, name="Arm hang", unit="s", better="lower")
    measure("own", 5, days=2, name="arm  hang", unit="S", better="higher")
    measure("own", 2, days=1, name="Arm hang", unit="tries")
    hang, tries = seen(cast.maya)
    assert (hang.change, hang.direction, hang.unit) == (2, "better", "S")
    assert (tries.change, tries.better_text) == (None, "")


def test_days_of_school(cast, measure, seen):
    measure("school", 2, days=40, out_of=5)
    measure("school", "4.50", out_of=5)
    [series] = seen(cast.dana)
    assert (series.baseline.text, series.latest.text) == ("2 of 5 days", "4.5 of 5 days")
    assert (series.change_text, series.direction) == ("That is 2.5 days more.", "better")


def test_two_of_one_day_stand_in_the_order_they_came(cast, measure, seen):
    measure(value=500)
    measure(value=510)
    assert seen(cast.maya)[0].latest.value == 510


def test_a_removed_one_is_left_out(cast, measure, seen):
    kept, gone = measure(value=520, days=3), measure(value=999)
    services.void_measure(viewer=factories.viewer(cast.patient, cast.lee), measure=gone)
    [series] = seen(cast.maya)
    assert [point.id for point in series.points] == [kept.pk]


@pytest.mark.parametrize(
    ("who", "by", "may"), [("maya", "lee", False), ("lee", "lee", True), ("dana", "therapist", False)]
)
def test_who_took_it_by_name_or_by_role(cast, measure, seen, who, by, may):
    measure()
    [point] = seen(getattr(cast, who))[0].points
    assert (point.by, point.may_remove) == (by, may)


def test_a_younger_childs_parents_read_the_name(cast, measure, seen):
    measure()
    cast.patient.team.filter(role="patient").delete()
    assert seen(cast.dana)[0].points[0].by == "lee"


def test_the_grade_and_what_helps_to_read_it_are_for_therapists(cast, measure, seen):
    measure("fdi", 31)
    assert seen(cast.lee)[0].grade == "severe"
    assert "Kashikar-Zuck 2011" in seen(cast.lee)[0].about
    for user in (cast.maya, cast.dana):
        assert (seen(user)[0].grade, seen(user)[0].about) == ("", "")


def test_only_of_one_record(cast, measure):
    measure()
    assert queries.series(factories.viewer(cast.other, cast.kim)) == ()


@pytest.mark.parametrize("count", [1, 30])
def test_one_query_however_many(cast, measure, django_assert_num_queries, count):
    for number in range(count):
        measure("walk_6_min" if number % 2 else "fdi", 20, days=number)
    viewer = factories.viewer(cast.patient, cast.lee)
    with django_assert_num_queries(1):
        queries.series(viewer)
    with django_assert_num_queries(1):
        queries.measures_page(viewer)


# --- the page ----------------------------------------------------------------------------------------------


def test_what_the_page_says(teen, parent, therapist, patient, measure):
    measure(value=520, days=70)
    measure(value=610)
    measure("fdi", 24, days=70)
    measure("fdi", 28)
    for client in (teen, parent, therapist):
        page = " ".join(client.get(url(patient)).text.split())
        assert "610 m" in page and "That is 90 m more. More is better." in page
        assert "First 24 points" in page and "now 28 points. That is 4 points more. Less is better." in page
        assert "80 m or more are a clear change, beyond chance (del Corral 2022). This is one." in page
        assert ("moderate" in page) is (client is therapist)
        assert ("Healthy teens" in page) is (client is therapist)


def test_one_point_and_another_way_are_said(teen, patient, measure):
    measure("stairs", 14)
    assert "The first value. The next one will show a change." in teen.get(url(patient)).text
    measure("stairs", 11, conditions="20 steps")
    page = teen.get(url(patient)).text
    assert "Measured in another way than before." in page
    assert "3 s less" not in page


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (610, "Better than the first time."),
        (520, "The same as the first time."),
        (510, "The first one was better."),
    ],
)
def test_a_plain_look_has_its_figures_in_the_table_only(teen, therapist, patient, measure, now, said):
    measure(value=520, days=9)
    measure(value=now)
    Patient.objects.update(plain_look=True)
    page = teen.get(url(patient)).text
    before, table = page.split("<table")
    assert said in before and f"{now} m" not in before and "more." not in before
    assert f"{now} m" in table
    assert f'<b class="big">{now} m</b>' in therapist.get(url(patient)).text


def test_only_a_therapist_finds_the_form(teen, parent, therapist, patient, measure):
    row = measure()
    target = url(patient) + "?kind=walk_6_min"
    for client in (teen, parent):
        page = client.get(target).text
        assert 'name="value"' not in page and "?kind=" not in page
        assert url(patient, "measure-void", row.pk) not in page
    page = therapist.get(target).text
    assert 'name="value"' in page and page.count("?kind=") == 13
    assert url(patient, "measure-void", row.pk) in page


def test_an_empty_page_says_what_comes(teen, therapist, patient):
    assert "Nothing measured yet" in teen.get(url(patient)).text
    assert "Choose above what you measured." in therapist.get(url(patient)).text


def test_the_patients_page_leads_a_therapist_there(therapist, teen, patient):
    assert url(patient) in therapist.get(reverse("patient", args=[patient.code])).text
    assert url(patient) not in teen.get(reverse("patient", args=[patient.code])).text


@pytest.mark.parametrize("count", [1, 30])
def test_the_page_costs_the_same_with_many(
    cast, therapist, patient, measure, django_assert_num_queries, count
):
    for number in range(count):
        measure("walk_6_min" if number % 2 else "fdi", 20, days=number)
    therapist.get(url(patient))
    with django_assert_num_queries(4):
        therapist.get(url(patient))


# --- a new value -------------------------------------------------------------------------------------------


def test_a_value_is_kept_with_who_when_and_how(therapist, patient, cast):
    answer = send(therapist, patient, value="610,5", conditions=" 30 m course ", taken_on="2026-01-02")
    assert answer["Location"] == url(patient)
    row = FunctionMeasure.objects.get()
    assert (row.kind, row.value, row.conditions, row.taken_on) == (
        "walk_6_min",
        Decimal("610.5"),
        "30 m course",
        date(2026, 1, 2),
    )
    assert (row.patient, row.added_by, row.entered_as, row.voided_at) == (
        patient,
        cast.lee,
        "therapist",
        None,
    )
    assert "Saved." in therapist.get(url(patient)).text


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("fdi", {"value": "24"}, {"value": 24}),
        ("fdi", {"value": "24.0"}, {"value": 24}),
        ("fdi", {"value": "0"}, {"value": 0}),
        ("stairs", {"value": " 11,25 "}, {"value": Decimal("11.25")}),
        ("single_leg", {"value": "31.5", "side": "left"}, {"side": "left"}),
        ("school", {"value": "4.5", "out_of": "5"}, {"out_of": 5}),
        (
            "own",
            {"value": "3", "name": "Arm hang", "unit": "tries", "better": "higher"},
            {"name": "Arm hang", "unit": "tries", "better": "higher"},
        ),
        ("own", {"value": "99999.99", "name": "=cmd() 🎉"}, {"name": "=cmd() 🎉", "unit": "", "better": ""}),
    ],
)
def test_each_kind_has_the_boxes_that_fit(therapist, patient, kind, typed, kept):
    assert send(therapist, patient, kind, **typed).status_code == 302
    row = FunctionMeasure.objects.get()
    assert {name: getattr(row, name) for name in kept} == kept


def test_what_does_not_fit_the_kind_is_not_kept(therapist, patient):
    send(therapist, patient, side="left", out_of="5", name="Mine", unit="km", better="lower")
    row = FunctionMeasure.objects.get()
    assert (row.side, row.out_of, row.name, row.unit, row.better) == ("", None, "", "", "")


@pytest.mark.parametrize(
    ("kind", "bad", "said"),
    [
        ("fdi", {"value": "61"}, "This goes from 0 to 60."),
        ("fdi", {"value": "24.5"}, "Type a whole number."),
        ("fdi", {"value": "-1"}, "Type 0 or more."),
        ("promis_mobility", {"value": "9"}, "This goes from 10 to 90."),
        ("walk_6_min", {"value": "610.55"}, "At most 1 digit after the point."),
        ("walk_6_min", {"value": ""}, "This field is required."),
        ("walk_6_min", {"value": "far"}, "Type a number, for example 4.5."),
        ("walk_6_min", {"value": "1.234,5"}, "Type a number, for example 4.5."),
        ("walk_6_min", {"value": "NaN"}, "Type a number, for example 4.5."),
        ("walk_6_min", {"value": "sNaN"}, "Type a number, for example 4.5."),
        ("walk_6_min", {"value": "Infinity"}, "Type a number, for example 4.5."),
        ("walk_6_min", {"value": "6\x0010"}, "Type a number, for example 4.5."),
        ("walk_6_min", {"value": "1e400"}, "This number is too large."),
        ("walk_6_min", {"value": "100000", "sure": "100000"}, "This number is too large."),
        ("sit_to_stand", {"value": "100000", "sure": "100000"}, "This number is too large."),
        ("walk_6_min", {"value": "1e1000000000"}, "This number is too large."),
        ("own", {"value": "100000", "name": "Steps"}, "This number is too large."),
        ("own", {"value": "3", "name": " "}, "This field is required."),
        ("own", {"value": "3", "name": "x" * 61}, "at most 60 characters"),
        ("own", {"value": "3", "name": "Hang", "unit": "x" * 21}, "at most 20 characters"),
        ("own", {"value": "3", "name": "Hang", "better": "red"}, "Select a valid choice."),
        ("single_leg", {"value": "30"}, "This field is required."),
        ("single_leg", {"value": "30", "side": "each"}, "Select a valid choice."),
        ("school", {"value": "5.5", "out_of": "5"}, "More days than were planned."),
        ("school", {"value": "4", "out_of": "0"}, "greater than or equal to 1"),
        ("school", {"value": "4", "out_of": "100"}, "less than or equal to 99"),
        ("school", {"value": "4"}, "This field is required."),
        ("walk_6_min", {"conditions": "x" * 121}, "at most 120 characters"),
        ("walk_6_min", {"conditions": "a\x00b"}, "Null characters are not allowed."),
        ("walk_6_min", {"taken_on": "1999-12-31"}, "That day is too far back."),
        ("walk_6_min", {"taken_on": "soon"}, "Type the day like 2026-11-20."),
    ],
)
def test_bad_input(therapist, patient, kind, bad, said):
    before = rows()
    answer = send(therapist, patient, kind, **{"value": "610", "conditions": "on grass"} | bad)
    assert answer.status_code == 422
    assert said in answer.text and "is-invalid" in answer.text
    assert 'value="on grass"' in answer.text or "conditions" in bad
    assert rows() == before


def test_not_after_the_patients_today(therapist, patient):
    """In Chicago it is still Friday when it is Saturday in UTC."""
    with time_machine.travel(datetime(2026, 11, 21, 3, tzinfo=UTC), tick=False):
        assert send(therapist, patient, taken_on="2026-11-21").status_code == 422
        assert send(therapist, patient, taken_on="2026-11-20").status_code == 302


@pytest.mark.parametrize("kind", ["", "pulse", "\x00"])
def test_a_kind_that_is_none(therapist, patient, kind):
    before = rows()
    answer = send(therapist, patient, kind)
    assert answer.status_code == 422
    assert "Choose first what was measured." in answer.text
    assert rows() == before
    assert 'name="value"' not in therapist.get(url(patient), {"kind": kind}).text


def test_a_far_out_value_is_asked_about_and_then_kept(therapist, patient):
    typed = {"value": "600", "conditions": "low chair", "id": str(uuid4())}
    asked = send(therapist, patient, "sit_to_stand", **typed)
    assert asked.status_code == 422
    assert "600 times: is that right? We ask above 40." in asked.text
    assert 'name="sure"' in asked.text and 'value="600"' in asked.text and 'value="low chair"' in asked.text
    assert not FunctionMeasure.objects.exists()
    # A yes to another number is none to this one.
    again = send(therapist, patient, "sit_to_stand", **typed | {"value": "700", "sure": "600"})
    assert again.status_code == 422 and "700 times: is that right?" in again.text
    assert send(therapist, patient, "sit_to_stand", **typed, sure="600").status_code == 302
    assert FunctionMeasure.objects.get().value == 600


def test_below_is_asked_about_too(therapist, patient):
    assert "90 m: is that right? We ask below 100." in send(therapist, patient, value="90").text


def test_a_usual_value_is_not_asked_about(therapist, patient):
    assert 'name="sure"' not in send(therapist, patient, value="610", taken_on="").text


def test_one_sent_twice_is_kept_once(therapist, patient):
    form_id = str(uuid4())
    for value in ("610", "610", "610.0", "620"):
        assert send(therapist, patient, value=value, id=form_id).status_code == 302
    assert [row.value for row in FunctionMeasure.objects.order_by("pk")] == [610, 620]


def test_the_form_starts_with_how_it_was_measured_last(therapist, patient, measure):
    measure("walk_6_min", 520, days=9, conditions="30 m course")
    measure("walk_6_min", 610, days=3, conditions="50 m course")
    page = therapist.get(url(patient), {"kind": "walk_6_min"}).text
    assert 'value="50 m course"' in page
    assert f'value="{patient.today().isoformat()}"' in page
    assert 'value="50 m course"' not in therapist.get(url(patient), {"kind": "fdi"}).text


def test_another_value_of_an_own_measure(therapist, patient, measure):
    row = measure("own", 3, name="Arm hang", unit="tries", better="lower", conditions="bar at the gym")
    target = f"{url(patient)}?kind=own&amp;like={row.pk}"
    assert target in therapist.get(url(patient)).text
    page = therapist.get(url(patient), {"kind": "own", "like": row.pk}).text
    for word in ("Arm hang", "tries", "bar at the gym"):
        assert f'value="{word}"' in page
    assert 'value="Arm hang"' not in therapist.get(url(patient), {"kind": "own"}).text


@pytest.mark.parametrize("like", ["", "x", "0", "9" * 30, "\x00"])
def test_like_nothing(therapist, patient, measure, like):
    measure("own", 3, name="Arm hang")
    assert therapist.get(url(patient), {"kind": "own", "like": like}).status_code == 200


# --- removed, put back -------------------------------------------------------------------------------------


def test_a_value_is_removed_and_put_back(therapist, teen, patient, cast, measure):
    row = measure(value=777)
    for _ in range(2):
        assert therapist.post(url(patient, "measure-void", row.pk))["Location"] == url(patient)
    row.refresh_from_db()
    assert row.voided_by == cast.lee and row.voided_at is not None
    assert "777 m" not in teen.get(url(patient)).text
    page = therapist.get(url(patient)).text
    assert "777 m" in page and url(patient, "measure-restore", row.pk) in page
    for _ in range(2):
        assert therapist.post(url(patient, "measure-restore", row.pk))["Location"] == url(patient)
    row.refresh_from_db()
    assert (row.voided_by, row.voided_at) == (None, None)
    assert "777 m" in teen.get(url(patient)).text
    changes = Change.objects.order_by("pk")
    assert [(c.subject, c.subject_id, c.what, c.by) for c in changes] == [
        ("measure", row.pk, "removed", cast.lee),
        ("measure", row.pk, "restored", cast.lee),
    ]


def test_one_of_another_day_is_no_longer_offered(therapist, patient, measure):
    row = measure(value=777)
    therapist.post(url(patient, "measure-void", row.pk))
    FunctionMeasure.objects.update(voided_at=row.added_at - timedelta(days=2))
    assert "777 m" not in therapist.get(url(patient)).text


def test_a_removed_value_does_not_come_back_with_the_page_that_saved_it(therapist, patient):
    form_id = str(uuid4())
    send(therapist, patient, id=form_id)
    therapist.post(url(patient, "measure-void", FunctionMeasure.objects.get().pk))
    before = rows()
    again = send(therapist, patient, id=form_id)
    assert again.status_code == 422
    assert "You can put it back below" in again.text
    assert rows() == before


def test_a_removed_value_can_be_typed_anew(therapist, patient):
    send(therapist, patient, id=str(uuid4()))
    therapist.post(url(patient, "measure-void", FunctionMeasure.objects.get().pk))
    assert send(therapist, patient, id=str(uuid4())).status_code == 302
    assert FunctionMeasure.objects.live().count() == 1


@pytest.mark.parametrize("name", ["measure-void", "measure-restore"])
def test_of_one_record_and_by_post(therapist, teen, parent, stranger, cast, measure, name):
    row = measure()
    before = rows()
    assert therapist.get(url(cast.patient, name, row.pk)).status_code == 405
    for client in (teen, parent):
        assert client.post(url(cast.patient, name, row.pk)).status_code == 403
    for client, record in (
        (stranger, cast.patient),
        (therapist, cast.other),
        (signed_in(cast.kim), cast.other),
        (signed_in(cast.kim), cast.patient),
    ):
        assert client.post(url(record, name, row.pk)).status_code == 404
    assert therapist.post(url(cast.patient, name, 10**30)).status_code == 404
    assert rows() == before


def test_who_may_not_add_one(teen, parent, stranger, patient):
    before = rows()
    for client, status in ((teen, 403), (parent, 403), (stranger, 404)):
        assert send(client, patient).status_code == status
    assert rows() == before
    assert stranger.get(url(patient)).status_code == 404


def test_a_therapist_who_left_adds_none(therapist, patient):
    patient.team.filter(role="therapist").delete()
    assert send(therapist, patient).status_code == 404
    assert not FunctionMeasure.objects.exists()


def test_the_service_keeps_nothing_that_the_instrument_cannot_say(cast):
    viewer = factories.viewer(cast.patient, cast.lee)
    taken = Taken("fdi", Decimal(61), cast.patient.today())
    for bad in (taken, replace(taken, value=Decimal(-1)), replace(taken, kind="school", out_of=60)):
        with pytest.raises(ValidationError):
            services.record_measure(viewer=viewer, taken=bad)
    assert not FunctionMeasure.objects.exists()
