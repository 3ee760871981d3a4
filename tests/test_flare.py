from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exercises.models import Notice, Program
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

DAY = timedelta(days=1)


@pytest.fixture
def keeping(patient):
    """A full program of 60 days ago with an exercise; since 10 days it is about keeping up."""
    full = patient.programs.get()
    factories.item(full, factories.activity("Wall sit"), sets=3, hold_seconds=30)
    Program.objects.update(accepted_at=timezone.now())
    return factories.program(
        patient,
        patient.today() - 10 * DAY,
        kind="keeping_up",
        week_cardio=3,
        flare_plan=full,
        accepted_at=timezone.now(),
    )


def start(client, patient, version=2, **data):
    return client.post(
        reverse("program-flare", args=[patient.code]),
        {"version": version, "next": "today", **data},
        follow=True,
    )


def latest(patient):
    return patient.programs.latest("starts_on", "version")


def test_one_tap_goes_back_to_the_saved_program(teen, patient, cast, keeping):
    page = teen.get(reverse("today")).text
    assert "You are keeping up" in page
    assert "Start my flare plan" in page
    page = start(teen, patient).text
    program = latest(patient)
    assert (program.version, program.kind, program.cardio) == (3, "full", 15)
    assert program.starts_on == patient.today()
    assert [(item.activity.name, item.sets) for item in program.items.all()] == [("Wall sit", 3)]
    assert "The full program is on from today." in page
    assert "Start my flare plan" not in page


def test_it_starts_tomorrow_when_something_was_logged_today(teen, patient, cast, keeping):
    factories.session(patient, cast.maya)
    page = start(teen, patient).text
    assert latest(patient).starts_on == patient.today() + DAY
    assert "The full program starts on" in page
    assert "The next program starts on" in page
    assert "Start my flare plan" not in page


def test_who_starts_it_is_in_and_therapists_are_told(teen, patient, cast, keeping):
    start(teen, patient)
    program = latest(patient)
    assert (program.accepted_by, bool(program.accepted_at)) == (cast.maya, True)
    assert [notice.user for notice in Notice.objects.filter(kind="flare_started")] == [cast.lee]
    text = signed_in(cast.lee).get(reverse("news")).text
    assert "maya went back to the saved full program of Maya R.: it is program 3 now." in text


def test_a_therapist_starts_it_and_the_teen_is_asked(therapist, teen, patient, cast, keeping):
    start(therapist, patient)
    assert latest(patient).accepted_at is None
    assert not Notice.objects.filter(kind="flare_started").exists()
    assert "Your program changed" in teen.get(reverse("today")).text


def test_a_second_tap_changes_nothing(teen, patient, keeping):
    start(teen, patient)
    before = rows()
    response = start(teen, patient)
    assert "Already started" in response.text
    assert rows() == before


def test_a_page_that_is_out_of_date_is_told(teen, patient, keeping):
    factories.program(patient, patient.today() + DAY, kind="paused")
    before = rows()
    response = start(teen, patient)
    assert response.status_code == 409
    assert "The program changed after this page was opened." in response.text
    assert rows() == before


def test_without_a_saved_program_there_is_nothing_to_start(teen, patient, keeping):
    Program.objects.filter(pk=keeping.pk).update(flare_plan=None)
    assert "Start my flare plan" not in teen.get(reverse("today")).text
    before = rows()
    assert start(teen, patient).status_code == 409
    assert rows() == before


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 30])
def test_a_version_that_is_none(teen, patient, keeping, version):
    before = rows()
    assert start(teen, patient, version).status_code == 422
    assert rows() == before


def test_an_unknown_version(teen, patient, keeping):
    assert start(teen, patient, 99).status_code == 404


def test_who_may(parent, stranger, client, cast, patient, keeping):
    before = rows()
    for other, status in ((parent, 403), (stranger, 404), (signed_in(cast.noor), 404)):
        assert start(other, patient).status_code == status
    url = reverse("program-flare", args=[patient.code])
    assert client.post(url).status_code == 302
    assert signed_in(cast.maya).get(url).status_code == 405
    assert rows() == before
    assert "flare" not in parent.get(reverse("patient-today", args=[patient.code])).text.lower()


def test_the_day_is_judged_by_the_full_program_again(teen, patient, keeping):
    assert teen.get(reverse("today")).context["page"].status == "before"
    start(teen, patient)
    assert teen.get(reverse("today")).context["page"].status == "today"


def test_the_program_page_offers_it_too(teen, therapist, parent, patient, keeping):
    url = reverse("program", args=[patient.code])
    assert "Start my flare plan" in teen.get(url).text
    assert "Start the flare plan" in therapist.get(url).text
    assert "tart the flare plan" not in parent.get(url).text
    assert start(teen, patient, next="program").redirect_chain == [(url, 302)]
    assert "tart the flare plan" not in therapist.get(url).text
