import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exercises.models import CareTeamMember, DailyLog, DayOff, Patient, Question
from exercises.queries.caseload import caseload
from tests import factories
from tests.conftest import signed_in

URL = reverse("caseload")
DAY = timedelta(days=1)
LONG_AGO = timezone.now() - timedelta(days=200)


def add(cast, name, *, since=LONG_AGO, zone="America/Chicago", last=0, program=True, **fields) -> Patient:
    """A patient of lee's, who last logged ``last`` days ago (``None``: never)."""
    patient = factories.patient(name, zone=zone)
    factories.link(patient, cast.lee, "therapist", discipline="pt", since=since)
    version = factories.program(patient, **fields) if program else None
    if last is not None:
        day = patient.today() - last * DAY
        DailyLog.objects.create(
            patient=patient, day=day, program=version, sessions=1, cardio=15, exercises=30, desensitization=5
        )
        Patient.objects.filter(pk=patient.pk).update(last_logged_on=day)
    return patient


@pytest.fixture
def lees(cast):
    """Maya logged today and has been a patient for long, so nothing calls for a look."""
    CareTeamMember.objects.filter(user=cast.lee).update(since=LONG_AGO)
    Patient.objects.filter(pk=cast.patient.pk).update(last_logged_on=cast.patient.today())
    return cast


def names(page):
    return [row.person.name for row in page.rows]


def shown(response):
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)<', response.content.decode())


def test_a_row_shows_strands_days_cells_and_the_last_entry(lees, therapist):
    today = lees.patient.today()
    for back in (1, 2, 3, 10):
        factories.session(lees.patient, lees.lee, "cardio", 15, day=today - back * DAY)
    response = therapist.get(URL)
    assert response.status_code == 200
    html = response.content.decode()
    cells = re.findall(r'data-day="([\d-]+)" data-status="(\w+)"', html)
    assert len(cells) == 28
    assert (cells[-1], cells[0][0]) == ((str(today - DAY), "partly"), str(today - 28 * DAY))
    assert "14% <small" in html and "43%</small>" in html
    assert "0/28" in html and "0/7" in html
    assert reverse("patient", args=[lees.patient.code]) in html
    assert "<td>today</td>" in html
    assert "1 patient" in html


def test_only_the_users_own_patients_are_shown(lees, therapist):
    response = therapist.get(URL)
    assert shown(response) == ["Maya R."]
    assert "Noor" not in response.content.decode()


@pytest.mark.parametrize("who", ["maya", "dana", "sam"])
def test_it_is_for_clinicians(cast, who):
    assert signed_in(getattr(cast, who)).get(URL).status_code == 403


def test_an_ended_link_is_off_the_list(lees, therapist):
    CareTeamMember.objects.filter(user=lees.lee).update(until=timezone.now())
    response = therapist.get(URL)
    assert response.status_code == 200
    assert "Nobody is on your caseload yet" in response.content.decode()


def test_a_clinician_without_patients_is_told_kindly(db):
    page = signed_in(factories.user("new", is_clinician=True)).get(URL).content.decode()
    assert "Nobody is on your caseload yet" in page
    assert f'href="{reverse("join")}"' in page


def test_signed_out_goes_to_the_sign_in(client, db):
    assert client.get(URL).status_code == 302


def test_writing_is_not_allowed(therapist):
    assert therapist.post(URL).status_code == 405


def test_who_needs_a_look_comes_first_and_says_why(lees):
    add(lees, "Quiet", last=6)
    add(lees, "Quieter", last=9)
    add(lees, "New", since=timezone.now())
    add(lees, "Planless", program=False, last=None)
    asking = add(lees, "Asking")
    off = add(lees, "Off")
    Question.objects.create(
        patient=asking, day=asking.today(), text="?", author=lees.lee, entered_as="parent"
    )
    DayOff.objects.create(patient=off, first=off.today(), last=off.today(), asked_by=lees.lee)
    page = caseload(lees.lee)
    assert [(row.person.name, row.person.why) for row in page.rows] == [
        ("Asking", "question waiting"),
        ("Off", "day off asked"),
        ("Planless", "no program yet"),
        ("Quieter", "no entry for 8 days"),
        ("Quiet", "no entry for 5 days"),
        ("New", "new"),
        ("Maya R.", ""),
    ]


@pytest.mark.parametrize(
    ("to", "waits"), [("", True), ("pt", True), ("psychology", False), ("nursing", True)]
)
def test_a_question_to_another_discipline_does_not_wait_here(lees, to, waits):
    """Unless nobody of that discipline is on the team by now."""
    factories.link(lees.patient, factories.user("pia"), "therapist", discipline="psychology")
    factories.link(
        lees.patient, factories.user("nina"), "therapist", discipline="nursing", until=timezone.now()
    )
    Question.objects.create(
        patient=lees.patient,
        day=lees.patient.today(),
        text="?",
        to=to,
        author=lees.maya,
        entered_as="patient",
    )
    assert caseload(lees.lee).rows[0].person.question is waits


def test_an_answered_question_does_not_wait(lees):
    Question.objects.create(
        patient=lees.patient, day=lees.patient.today(), text="?", author=lees.maya, entered_as="patient",
        answered_at=timezone.now(), answered_by=lees.lee,
    )  # fmt: skip
    assert not caseload(lees.lee).rows[0].person.question


def test_days_off_are_not_quiet_days(lees):
    away = add(lees, "Away", last=6)
    today = away.today()
    DayOff.objects.create(
        patient=away, first=today - 5 * DAY, last=today - 2 * DAY, asked_by=lees.lee,
        answer="granted", answered_by=lees.lee, answered_at=timezone.now(),
    )  # fmt: skip
    person = caseload(lees.lee, find="Away").rows[0].person
    assert (person.quiet, person.why) == (1, "")


def test_somebody_who_never_logged_is_quiet_since_the_program_began(lees):
    add(lees, "Never", last=None, starts_on=lees.patient.today() - 4 * DAY)
    assert caseload(lees.lee, find="never").rows[0].person.quiet == 4


@pytest.mark.parametrize(("last", "quiet"), [(0, 0), (1, 0), (2, 1), (4, 3)])
def test_only_days_that_ended_are_quiet(lees, last, quiet):
    add(lees, "Away", last=last)
    assert caseload(lees.lee, find="Away").rows[0].person.quiet == quiet


@pytest.mark.parametrize("kind", ["paused", "done"])
def test_paused_and_finished_programs_are_left_out_until_asked_for(lees, therapist, kind):
    add(lees, "Resting", last=20, kind=kind)
    response = therapist.get(URL)
    assert shown(response) == ["Maya R."]
    assert "1 patient" in response.content.decode()
    assert "1 more has a paused or finished program" in response.content.decode()
    response = therapist.get(URL, {"all": "1"})
    assert shown(response) == ["Maya R.", "Resting"]
    assert "no entry for" not in response.content.decode()


def test_each_patients_own_today_counts(lees):
    """It is never the same day in Kiritimati and Pago Pago (25 hours apart)."""
    east, west = (add(lees, z, zone=f"Pacific/{z}") for z in ("Kiritimati", "Pago_Pago"))
    rows = {row.person.name: row for row in caseload(lees.lee).rows}
    assert rows["Kiritimati"].figures.cells[-1][0] == east.today() - DAY
    assert rows["Pago_Pago"].figures.cells[-1][0] == west.today() - DAY
    assert east.today() > west.today()


def test_a_change_of_zone_takes_effect_later_here_too(lees):
    patient = add(lees, "Mover", zone="Pacific/Kiritimati")
    Patient.objects.filter(pk=patient.pk).update(
        previous_zone="Pacific/Pago_Pago", clock_since=timezone.now() + timedelta(hours=1)
    )
    patient.refresh_from_db()
    assert caseload(lees.lee, find="Mover").rows[0].person.today == patient.today()


def test_it_finds_by_name_whatever_the_case(lees):
    add(lees, "Élodie")
    assert names(caseload(lees.lee, find="éLO")) == ["Élodie"]
    assert names(caseload(lees.lee, find="%")) == []


def test_an_empty_search_says_so(lees, therapist):
    response = therapist.get(URL, {"q": "<zzz>"})
    html = response.content.decode()
    assert "No patient here fits this search." in html
    assert "&lt;zzz&gt;" in html and "<zzz>" not in html


@pytest.mark.parametrize(
    ("show", "found"), [("quiet", ["Quiet"]), ("new", ["New"]), ("question", ["Asking"])]
)
def test_filters(lees, therapist, show, found):
    add(lees, "Quiet", last=4)
    add(lees, "Less quiet", last=3)
    add(lees, "New", since=timezone.now())
    asking = add(lees, "Asking")
    Question.objects.create(
        patient=asking, day=asking.today(), text="?", author=lees.lee, entered_as="parent"
    )
    assert shown(therapist.get(URL, {"show": show})) == found


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["Ann", "Bob", "Cy", "Maya R."]),
        ("-name", ["Maya R.", "Cy", "Bob", "Ann"]),
        ("cardio", ["Maya R.", "Cy", "Ann", "Bob"]),
        ("-cardio", ["Ann", "Cy", "Maya R.", "Bob"]),
        ("days", ["Cy", "Maya R.", "Ann", "Bob"]),
        ("-days", ["Ann", "Cy", "Maya R.", "Bob"]),
        ("last", ["Cy", "Ann", "Maya R.", "Bob"]),
        ("-last", ["Maya R.", "Ann", "Cy", "Bob"]),
        ("stress", ["Ann", "Cy", "Maya R.", "Bob"]),
    ],
)
def test_it_sorts_both_ways_and_unknown_comes_last(lees, sort, order):
    add(lees, "Ann", last=1)
    add(lees, "Cy", last=2, cardio=30)
    add(lees, "Bob", last=None, program=False)
    assert names(caseload(lees.lee, sort=sort)) == order


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "pain"},
        {"sort": "-"},
        {"show": "x"},
        {"page": "x"},
        {"page": "٣"},
        {"page": "0"},
        {"page": "9" * 40},
        {"all": "2"},
    ],
)
def test_odd_addresses_show_the_list(lees, therapist, query):
    response = therapist.get(URL, query)
    assert response.status_code == 200
    assert shown(response) == ["Maya R."]


def test_fifty_a_page(lees, therapist):
    for n in range(52):
        add(lees, f"P{n:02}", last=None)
    first, second = (therapist.get(URL, {"page": page, "sort": "name"}) for page in (1, 2))
    assert (len(shown(first)), len(shown(second))) == (50, 3)
    assert "53 patients" in second.content.decode()
    assert 'rel="next" href="?page=2&amp;sort=name"' in first.content.decode()
    assert not set(shown(first)) & set(shown(second))


@pytest.mark.parametrize("sort", ["look", "cardio"])
def test_the_number_of_patients_does_not_change_the_number_of_queries(
    lees, therapist, django_assert_num_queries, sort
):
    for count in (1, 12):
        for n in range(count):
            add(lees, f"P{count}-{n}")
        with django_assert_num_queries(8):
            therapist.get(URL, {"sort": sort})


def test_the_head_says_how_it_is_sorted(lees, therapist):
    html = therapist.get(URL, {"sort": "cardio", "q": "ma"}).content.decode()
    assert 'aria-sort="ascending"><a href="?sort=-cardio&amp;q=ma"' in html
    assert html.count("aria-sort") == 1
