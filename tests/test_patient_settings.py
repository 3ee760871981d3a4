from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from exercises import days
from exercises.models import Change, Patient
from exercises.services import people
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

CHICAGO, AUCKLAND, HONOLULU = "America/Chicago", "Pacific/Auckland", "Pacific/Honolulu"
NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)  # Friday noon in Chicago


def url(patient):
    return reverse("patient-settings", args=[patient.code])


def save(client, patient, **data):
    values = {"zone": patient.zone, "day_start": str(patient.day_start), "body_areas": patient.body_areas}
    return client.post(url(patient), values | data)


def change(patient, user, **values):
    viewer = factories.viewer(patient, user)
    zone, day_start = values.pop("zone", None), values.pop("day_start", None)
    return people.change_settings(
        viewer=viewer,
        zone=zone or viewer.patient.zone,
        day_start=viewer.patient.day_start if day_start is None else day_start,
        **values,
    )


@pytest.mark.parametrize("zone", [AUCKLAND, HONOLULU, "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
@pytest.mark.parametrize("day_start", [0, 4])
@pytest.mark.parametrize("start", [CHICAGO, AUCKLAND])
def test_no_logged_day_moves_and_today_stays(cast, patient, zone, day_start, start):
    """Hour by hour over three days: today skips no day, and never goes back where the two clocks are less
    than a day apart."""
    with time_machine.travel(NOON, tick=False) as clock:
        Patient.objects.update(zone=start)
        patient.refresh_from_db()
        session = factories.session(patient, cast.maya)
        before, seen = session.daily_log.day, [patient.today()]
        changed = change(patient, cast.maya, zone=zone, day_start=day_start)
        assert changed.today() == before
        for _hour in range(72):
            clock.shift(timedelta(hours=1))
            seen.append(changed.today())
    steps = {later - sooner for sooner, later in pairwise(seen)}
    assert max(steps) == days.ONE_DAY
    apart = days.day_begins(before, zone, day_start) - days.day_begins(before, start)
    assert min(steps) == timedelta() or apart > days.ONE_DAY
    session.refresh_from_db()
    assert session.daily_log.day == before
    assert session.zone == start
    assert changed.clock_at(NOON + timedelta(days=3)) == days.Clock(zone, day_start)


def test_it_counts_from_the_next_boundary_of_both(teen, patient, cast):
    with time_machine.travel(NOON, tick=False) as clock:
        teen.force_login(cast.maya)
        assert save(teen, patient, zone=AUCKLAND)["Location"] == url(patient)
        patient.refresh_from_db()
        # Saturday begins in Auckland at 11:00 UTC on Friday, in Chicago at 06:00 UTC on Saturday.
        assert patient.clock_since == datetime(2026, 11, 21, 6, tzinfo=UTC)
        assert patient.today().isoformat() == "2026-11-20"
        page = teen.get(url(patient)).content.decode()
        assert "A change is on its way" in page
        assert "Sat, Nov 21" in page
        assert "7 p.m." in page
        clock.move_to(datetime(2026, 11, 21, 5, 59, 59, tzinfo=UTC))
        assert patient.today().isoformat() == "2026-11-20"
        clock.move_to(datetime(2026, 11, 21, 6, tzinfo=UTC))
        assert patient.today().isoformat() == "2026-11-21"
        assert "on its way" not in teen.get(url(patient)).content.decode()


@time_machine.travel(NOON, tick=False)
def test_a_second_change_replaces_the_one_that_waits(patient, cast):
    change(patient, cast.maya, zone=AUCKLAND)
    changed = change(patient, cast.maya, zone=HONOLULU, day_start=3)
    assert (changed.previous_zone, changed.previous_day_start) == (CHICAGO, 0)
    assert (changed.zone, changed.day_start) == (HONOLULU, 3)
    expected = days.change_takes_effect(days.Clock(CHICAGO), days.Clock(HONOLULU, 3), now=NOON)
    assert changed.clock_since == expected


@time_machine.travel(NOON, tick=False)
def test_going_back_takes_the_waiting_change_away(patient, cast):
    change(patient, cast.maya, zone=AUCKLAND)
    changed = change(patient, cast.maya, zone=CHICAGO)
    assert (changed.zone, changed.clock_since) == (CHICAGO, None)
    assert changed.today().isoformat() == "2026-11-20"


@time_machine.travel(NOON, tick=False)
def test_a_change_of_something_else_leaves_the_clock_alone(patient, cast):
    change(patient, cast.maya, zone=AUCKLAND)
    since = Patient.objects.get(pk=patient.pk).clock_since
    changed = change(patient, cast.maya, body_areas=["back"])
    assert (changed.clock_since, changed.previous_zone) == (since, CHICAGO)


def test_a_change_that_waits_is_not_put_off_by_saving_again(patient, cast):
    with time_machine.travel(NOON, tick=False) as clock:
        since = change(patient, cast.maya, zone=HONOLULU).clock_since
        assert since == datetime(2026, 11, 21, 10, tzinfo=UTC)
        clock.move_to(datetime(2026, 11, 21, 8, tzinfo=UTC))  # Saturday in Chicago already
        assert change(patient, cast.maya, zone=HONOLULU, body_areas=["back"]).clock_since == since
        clock.move_to(datetime(2026, 11, 25, 8, tzinfo=UTC))
        changed = change(patient, cast.maya, zone=HONOLULU, body_areas=["hips"])
    assert (changed.clock_since, changed.previous_zone) == (since, CHICAGO)


def test_changes_are_noted_once(patient, cast):
    change(patient, cast.maya, day_start=2, body_areas=["back"])
    change(patient, cast.maya)
    noted = Change.objects.get()
    assert (noted.subject, noted.before["day_start"], noted.after["day_start"]) == ("settings", 0, 2)
    assert (noted.before["body_areas"], noted.after["body_areas"]) == (["left_foot"], ["back"])


def test_the_teen_sets_day_start_and_body_areas(teen, patient):
    save(teen, patient, day_start="4", body_areas=["back", "hips"])
    patient.refresh_from_db()
    assert (patient.day_start, patient.body_areas) == (4, ["back", "hips"])
    save(teen, patient, body_areas=[])
    patient.refresh_from_db()
    assert patient.body_areas == []


def test_paper_is_the_therapists_to_set(teen, therapist, patient):
    assert 'name="paper"' not in teen.get(url(patient)).content.decode()
    save(teen, patient, paper="on")
    patient.refresh_from_db()
    assert not patient.paper
    assert save(therapist, patient, paper="on").status_code == 302
    patient.refresh_from_db()
    assert patient.paper
    save(teen, patient, day_start="1")
    patient.refresh_from_db()
    assert patient.paper


@pytest.mark.parametrize(
    "bad",
    [
        {"zone": "Mars/Base"},
        {"zone": ""},
        {"zone": "../etc/passwd"},
        {"day_start": "5"},
        {"day_start": "-1"},
        {"day_start": "noon"},
        {"body_areas": ["tail"]},
        {"zone": "\x00"},
    ],
)
def test_bad_input(teen, patient, bad):
    before = Patient.objects.values().get(pk=patient.pk)
    assert save(teen, patient, **{"day_start": "2"} | bad).status_code == 422
    assert Patient.objects.values().get(pk=patient.pk) == before
    assert not Change.objects.exists()


def test_what_was_chosen_is_kept_in_a_refused_form(teen, patient):
    page = save(teen, patient, zone=AUCKLAND, day_start="9").content.decode()
    assert f'<option value="{AUCKLAND}" selected>' in page


def test_it_saves_nothing_else(teen, patient, cast):
    save(teen, patient, name="Other", kept_by="clinic", self_managed="on", code=str(cast.other.code))
    patient.refresh_from_db()
    assert (patient.name, patient.kept_by, patient.self_managed) == ("Maya R.", "family", False)


def test_a_zone_of_an_unusual_name_can_be_kept(teen, patient):
    Patient.objects.filter(pk=patient.pk).update(zone="Etc/GMT+6")
    assert '<option value="Etc/GMT+6" selected>' in teen.get(url(patient)).content.decode()


def test_who_may(parent, therapist, stranger, client, cast, patient):
    for other, status in ((parent, 403), (stranger, 404), (signed_in(cast.omar), 404)):
        assert other.get(url(patient)).status_code == status
        assert save(other, patient, day_start="3").status_code == status
    assert client.get(url(patient)).status_code == 302
    assert therapist.get(url(patient)).status_code == 200
    assert therapist.put(url(patient)).status_code == 405
    patient.refresh_from_db()
    assert patient.day_start == 0


def test_a_younger_childs_parent_may(cast, parent):
    child = factories.patient("Leo")
    factories.link(child, cast.dana, "parent")
    save(parent, child, day_start="1")
    child.refresh_from_db()
    assert child.day_start == 1


def test_queries(teen, patient, django_assert_num_queries):
    with django_assert_num_queries(3):
        teen.get(url(patient))


ZONES = st.sampled_from(
    [CHICAGO, AUCKLAND, HONOLULU, "UTC", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kolkata"]
)
CLOCKS = st.builds(days.Clock, ZONES, st.integers(0, 4))


@given(old=CLOCKS, new=CLOCKS, hours=st.integers(0, 24 * 365), later=st.integers(0, 72))
def test_until_then_the_old_clock_counts(old, new, hours, later):
    now = NOON + timedelta(hours=hours)
    patient = Patient(zone=old.zone, day_start=old.day_start)
    with time_machine.travel(now, tick=False):
        people._set_clock(patient, new)
    assert patient.day_of(now) == old.day_of(now)
    instant = now + timedelta(hours=later)
    counts = old if patient.clock_since and instant < patient.clock_since else new
    assert patient.day_of(instant) == counts.day_of(instant)


def test_timers_and_school_hours(teen, patient):
    save(teen, patient, timer_hidden="on", school_from="7:30", school_until="14:10")
    patient.refresh_from_db()
    assert (patient.timer_hidden, patient.chime) == (True, False)
    assert (patient.school_from, patient.school_until) == (time(7, 30), time(14, 10))
    assert Change.objects.get().after["school_until"] == "14:10:00"
    page = teen.get(url(patient)).text
    assert 'value="07:30"' in page


@pytest.mark.parametrize(
    "bad",
    [{"school_from": "8:00"}, {"school_until": "8:00"}, {"school_from": "9:00", "school_until": "8:00"}],
)
def test_school_hours_are_both_or_neither(teen, patient, bad):
    before = rows()
    response = save(teen, patient, **bad)
    assert response.status_code == 422
    assert "invalid-feedback" in response.text
    assert rows() == before


@pytest.mark.parametrize("who", ["teen", "therapist"])
def test_sleep_times_and_the_plain_look(request, patient, who):
    client = request.getfixturevalue(who)
    assert (patient.sleep_on, patient.plain_look) == (False, False)
    save(client, patient, sleep_on="on", plain_look="on")
    patient.refresh_from_db()
    assert (patient.sleep_on, patient.plain_look) == (True, True)
    after = Change.objects.get().after
    assert (after["sleep_on"], after["plain_look"]) == (True, True)
    page = client.get(url(patient)).text
    assert page.count("checked") >= 2
    save(client, patient)
    patient.refresh_from_db()
    assert (patient.sleep_on, patient.plain_look) == (False, False)


def test_more_leads_to_the_look(teen, patient):
    assert f"{url(patient)}#id_plain_look" in teen.get(reverse("more")).text
    assert 'id="id_plain_look"' in teen.get(url(patient)).text
