"""Who looked: by the hour for the teen and therapists, by the day for parents."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from exercises.models import AccessRecord, BreakGlass
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

# Friday, 2 in the afternoon in Chicago.
LOOKED = datetime(2026, 11, 20, 20, tzinfo=UTC)
NOW = LOOKED + timedelta(hours=3)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def afternoon():
    with time_machine.travel(NOW, tick=False):
        yield


def url(patient):
    return reverse("looked", args=[patient.code])


def look(patient, user, kind="record", hour=LOOKED, seen_as="therapist"):
    return AccessRecord.objects.create(patient=patient, user=user, seen_as=seen_as, kind=kind, hour=hour)


def text_of(response):
    html = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


@pytest.fixture
def looked(cast):
    look(cast.patient, cast.lee)
    look(cast.patient, cast.lee, "days")
    look(cast.patient, cast.lee, "program", LOOKED + HOUR)
    look(cast.patient, cast.dana, "history", LOOKED - HOUR, "parent")
    look(cast.other, cast.kim, "export")


@pytest.mark.parametrize("who", ["teen", "therapist"])
def test_teen_and_therapists_see_the_hour_where_the_patient_lives(request, looked, patient, who):
    page = text_of(request.getfixturevalue(who).get(url(patient)))
    assert "Fri, Nov 20" in page
    assert re.search(r"2 p\.m\. lee .*?therapist the overview, days and entries", page)
    assert re.search(r"3 p\.m\. lee .*?the program", page)
    assert re.search(r"1 p\.m\. dana .*?weeks and months", page)
    assert page.index("3 p.m.") < page.index("2 p.m.") < page.index("1 p.m.")
    assert "a copy of the record" not in page


def test_parents_see_the_day_and_no_hour(looked, parent, patient):
    response = parent.get(url(patient))
    page = text_of(response)
    # One line for the whole day.
    assert "lee · therapist the overview, days and entries, the program" in page
    assert "p.m." not in page
    assert "<time" not in response.content.decode()
    assert "the hour that began" not in page


def test_the_order_of_a_day_tells_parents_no_hours(cast, parent, patient):
    amy = factories.user("amy", is_clinician=True)
    for first, second in ((amy, cast.lee), (cast.lee, amy)):
        AccessRecord.objects.all()._raw_delete(AccessRecord.objects.db)
        look(patient, first, hour=LOOKED - HOUR)
        look(patient, second, hour=LOOKED)
        page = text_of(parent.get(url(patient)))
        assert page.index("amy · therapist") < page.index("lee · therapist")


def test_a_parents_own_line_is_marked(looked, parent, patient):
    assert re.search(r"dana you · parent", text_of(parent.get(url(patient))))


def test_the_teens_own_rows_are_never_there(cast, parent, teen, therapist):
    look(cast.patient, cast.maya, seen_as="patient")
    for client in (parent, teen, therapist):
        page = text_of(client.get(url(cast.patient)))
        assert "the overview" not in page
        assert "maya" not in page
    assert "Nobody has looked in this month." in text_of(teen.get(url(cast.patient) + "?month=2026-10"))
    # Nor those of a teen whose link has ended.
    cast.patient.team.filter(user=cast.maya).update(until=LOOKED)
    assert "the overview" not in text_of(parent.get(url(cast.patient)))


def test_an_administrators_look_is_marked_with_its_reason(cast, teen, parent):
    admin = factories.user("ada", is_staff=True)
    reason = "The family asked us on the phone <to look>."
    BreakGlass.objects.create(patient=cast.patient, user=admin, reason=reason, at=LOOKED, until=LOOKED + HOUR)
    look(cast.patient, admin, seen_as="administrator")
    for client, at in ((teen, "2 p.m."), (parent, "")):
        html = client.get(url(cast.patient)).content.decode()
        assert "The family asked us on the phone &lt;to look&gt;." in html
        page = text_of(client.get(url(cast.patient)))
        assert re.search(r"ada · administrator gave a reason", page)
        assert re.search(r"ada · administrator the overview", page)
        assert (at in page) if at else "p.m." not in page


def test_a_month_at_a_time(cast, teen):
    look(cast.patient, cast.lee, hour=datetime(2026, 8, 3, 15, tzinfo=UTC))
    look(cast.patient, cast.lee, "days", hour=datetime(2026, 10, 31, 15, tzinfo=UTC))
    page = teen.get(url(cast.patient)).content.decode()
    assert "Nobody has looked in this month." in page
    assert "?month=2026-10" in page
    october = teen.get(url(cast.patient) + "?month=2026-10").content.decode()
    assert "Sat, Oct 31" in october
    assert "?month=2026-08" in october
    assert "?month=2026-11" not in october
    assert "?month=2026-10" in teen.get(url(cast.patient) + "?month=2026-08").content.decode()


def test_a_month_ends_where_the_patient_lives(cast, teen):
    """Eleven at night on October 31 in Chicago is November in UTC."""
    look(cast.patient, cast.lee, hour=datetime(2026, 11, 1, 4, tzinfo=UTC))
    assert "Sat, Oct 31" in text_of(teen.get(url(cast.patient) + "?month=2026-10"))
    assert "Nobody has looked in this month." in text_of(teen.get(url(cast.patient)))


def test_a_month_with_a_reason_only_is_found(cast, teen):
    admin = factories.user("ada", is_staff=True)
    at = datetime(2026, 9, 3, 15, tzinfo=UTC)
    BreakGlass.objects.create(patient=cast.patient, user=admin, reason="Asked.", at=at, until=at + HOUR)
    assert "?month=2026-09" in teen.get(url(cast.patient)).content.decode()
    assert "Asked." in text_of(teen.get(url(cast.patient) + "?month=2026-09"))


@pytest.mark.parametrize("month", ["2026-13", "x", "2026", "2026-1", "99999-01", "%00"])
def test_a_bad_month_is_unknown(teen, patient, month):
    assert teen.get(f"{url(patient)}?month={month}").status_code == 404


@pytest.mark.parametrize("month", ["1970-01", "2099-12"])
def test_the_edges_of_the_calendar(teen, patient, month):
    assert teen.get(f"{url(patient)}?month={month}").status_code == 200


def test_both_hours_of_the_night_the_clocks_go_back(cast, teen):
    for hour in (6, 7):  # 1 o'clock, twice
        look(cast.patient, cast.lee, hour=datetime(2026, 11, 1, hour, tzinfo=UTC))
    assert text_of(teen.get(url(cast.patient))).count("the overview") == 1


@pytest.mark.parametrize("count", [1, 40])
def test_queries(cast, teen, django_assert_num_queries, count):
    for number in range(count):
        look(cast.patient, cast.lee, hour=LOOKED - number * HOUR)
    with django_assert_num_queries(7):  # session, user, viewer; looks and reasons, before and after
        teen.get(url(cast.patient))


def test_who_may(looked, stranger, client, cast, patient):
    before = rows()
    for outsider in (stranger, signed_in(cast.omar), signed_in(cast.kim)):
        assert outsider.get(url(patient)).status_code == 404
    assert client.get(url(patient)).status_code == 302
    assert signed_in(cast.maya).post(url(patient)).status_code == 405
    assert rows() == before
