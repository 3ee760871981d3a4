"""Opening a record in the app: a teen's own, a child's, a patient's."""

import re
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from exercises import wording
from exercises.models import CareTeamMember, Change, Consent, Patient, Program
from exercises.services.records import open_own_record
from exercises.session_keys import COMING_AS
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

URL = reverse("record-new")
AS_CLINICIAN = f"{URL}?as=clinician"


def coming(user, role):
    client = signed_in(user)
    session = client.session
    session[COMING_AS] = role
    session.save()
    return client


def form(**data):
    return {"id": str(uuid4()), "name": "Ines V.", "zone": "Europe/Madrid", "agree": "on"} | data


def text(response):
    return response.content.decode()


@pytest.fixture
def teen_to_be(cast):
    return coming(cast.sam, "patient")


@pytest.fixture
def parent_to_be(cast):
    return coming(cast.sam, "parent")


def new_record():
    return Patient.objects.latest("pk")


# --- three ways in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["patient", "parent"])
def test_a_family_opens_a_record_and_is_asked_whether_it_is_amps(cast, role):
    client = coming(cast.sam, role)
    assert client.get(URL).status_code == 200
    response = client.post(URL, form())
    patient = new_record()
    assert (response.status_code, response["Location"]) == (302, reverse("begin", args=[patient.code]))
    assert (patient.name, patient.zone) == ("Ines V.", "Europe/Madrid")
    assert (patient.kept_by, patient.opened_as, patient.told_at) == ("family", role, None)
    link = patient.team.get()
    assert (link.user, link.role, link.consented_to) == (cast.sam, role, wording.WORDING)
    assert link.of_age is (role == "patient")
    agreed = Consent.objects.get(patient=patient)
    assert (agreed.user, agreed.role, agreed.wording) == (cast.sam, role, wording.WORDING)
    assert client.get(response["Location"]).status_code == 200


def test_a_clinician_opens_a_record_and_sets_the_program_next(cast, therapist):
    page = text(therapist.get(AS_CLINICIAN))
    assert 'name="agree"' not in page
    assert re.search(r'<option value="pt" selected>', page), "the discipline they had last"
    response = therapist.post(AS_CLINICIAN, form(discipline="ot", agree=""), follow=True)
    patient = new_record()
    assert response.redirect_chain[0][0] == reverse("program-edit", args=[patient.code])
    assert "then invite the family" in text(response)
    assert (patient.kept_by, patient.opened_as, patient.told_at) == ("clinic", "therapist", None)
    link = patient.team.get()
    assert (link.user, link.role, link.discipline) == (cast.lee, "therapist", "ot")
    assert not link.of_age
    assert not Consent.objects.filter(patient=patient).exists()
    assert AS_CLINICIAN in text(therapist.get(reverse("caseload")))


def test_there_is_no_box_for_a_birth_date_or_a_record_number(therapist, parent_to_be):
    for page in (text(therapist.get(AS_CLINICIAN)), text(parent_to_be.get(URL))):
        names = set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page))
        assert {"id", "name", "zone"} <= names
        assert names <= {"csrfmiddlewaretoken", "id", "name", "zone", "discipline", "agree"}


def test_a_clinician_who_comes_as_a_parent_opens_a_childs_record(cast):
    client = coming(cast.lee, "parent")
    client.post(URL, form())
    assert new_record().team.get().role == "parent"
    client.post(AS_CLINICIAN, form(discipline="pt"))
    assert new_record().team.get().role == "therapist"


@pytest.mark.parametrize("who", ["maya", "dana", "sam"])
def test_nobody_else_opens_a_record_as_a_clinician(cast, who):
    before = rows()
    response = signed_in(getattr(cast, who)).post(AS_CLINICIAN, form(discipline="pt"))
    assert (response.status_code, response["Location"]) == (302, reverse("start"))
    assert rows() == before


def test_somebody_who_did_not_say_who_they_are_is_asked(cast):
    before = rows()
    for response in (signed_in(cast.sam).get(URL), signed_in(cast.sam).post(URL, form())):
        assert (response.status_code, response["Location"]) == (302, reverse("start"))
    assert rows() == before


def test_somebody_signed_out_signs_in_first(client, cast):
    before = rows()
    assert client.post(URL, form())["Location"].startswith(reverse("account_login"))
    assert rows() == before


def test_other_methods_do_not_exist(parent_to_be):
    for method in ("put", "patch", "delete"):
        assert getattr(parent_to_be, method)(URL).status_code == 405


def test_a_parent_opens_a_second_childs(cast):
    client = coming(cast.dana, "parent")
    client.post(URL, form(name="Leo"))
    page = text(client.get(reverse("family")))
    assert "Leo" in page and "Maya R." in page


# --- bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "nul\x00"}, "name"),
        ({"zone": ""}, "zone"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"agree": ""}, "agree"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_kept(parent_to_be, data, field):
    before = rows()
    response = parent_to_be.post(URL, form(**data))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    if field != "name":
        assert 'value="Ines V."' in text(response)
    if field != "zone":
        assert '<option value="Europe/Madrid" selected>' in text(response)
    assert rows() == before


@pytest.mark.parametrize("discipline", ["", "wizardry"])
def test_a_clinician_says_their_discipline(therapist, discipline):
    before = rows()
    response = therapist.post(AS_CLINICIAN, form(discipline=discipline))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"discipline"}
    assert rows() == before


@pytest.mark.parametrize("name", ["=cmd()", "🦶 Ines", "عائشة", "<b>I</b>"])
def test_a_name_is_kept_as_it_was_typed(parent_to_be, name):
    page = text(parent_to_be.post(URL, form(name=name), follow=True))
    assert new_record().name == name
    assert "<b>I</b>" not in page


# --- once ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["patient", "parent"])
def test_a_form_sent_twice_opens_one_record(cast, role):
    client, data = coming(cast.sam, role), form()
    first, second = client.post(URL, data), client.post(URL, data)
    assert first["Location"] == second["Location"]
    assert CareTeamMember.objects.filter(user=cast.sam).count() == 1
    assert Consent.objects.filter(user=cast.sam).count() == 1


def test_another_name_from_the_same_page_is_another_child(parent_to_be, cast):
    data = form()
    parent_to_be.post(URL, data)
    parent_to_be.post(URL, data | {"name": "Bo"})
    names = Patient.objects.filter(team__user=cast.sam).values_list("name", flat=True)
    assert set(names) == {"Ines V.", "Bo"}


def test_another_persons_form_is_never_taken_for_ones_own(cast, parent_to_be):
    data = form()
    parent_to_be.post(URL, data)
    coming(cast.dana, "parent").post(URL, data)
    assert Patient.objects.filter(name="Ines V.").count() == 2


@pytest.mark.parametrize("form_id", ["", "no-uuid"])
def test_without_an_id_each_sending_is_one_record(parent_to_be, form_id):
    parent_to_be.post(URL, form(id=form_id))
    parent_to_be.post(URL, form(id=form_id))
    assert Patient.objects.filter(name="Ines V.").count() == 2


def test_a_teen_with_a_record_is_told_so(cast):
    client, before = coming(cast.maya, "patient"), rows()
    page = text(client.get(URL))
    assert "You have a record already" in page and 'name="zone"' not in page
    response = client.post(URL, form())
    assert response.status_code == 422
    assert "You have a record already" in text(response)
    assert rows() == before


def test_the_database_has_the_last_word_about_a_second_record(cast, monkeypatch):
    """As when two forms of one teen arrive at once: nothing that looks first can see the other."""
    monkeypatch.setattr(CareTeamMember, "full_clean", lambda *args, **kwargs: None)
    before = rows()
    with pytest.raises(ValidationError, match="already"):
        open_own_record(user=cast.maya, role="patient", name="Two", zone="UTC", form_id=uuid4(), of_age=True)
    assert not connection.needs_rollback
    assert rows() == before


def test_a_record_that_cannot_be_leaves_nothing_behind(cast):
    before = rows()
    with pytest.raises(ValidationError):
        open_own_record(user=cast.sam, role="parent", name="x" * 61, zone="UTC", form_id=None)
    assert rows() == before


def test_a_therapists_first_program_begins_a_record(cast, therapist):
    therapist.post(AS_CLINICIAN, form(discipline="pt"))
    patient = new_record()
    url = reverse("program-edit", args=[patient.code])
    page = text(therapist.get(url))
    assert "Set up the program" in page and 'name="cardio" value="15"' in page
    data = {
        "kind": "full", "start": "today", "cardio": "15", "exercises": "30", "desensitization": "5",
        "desensitization_minutes": "5", "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert therapist.post(url, data).status_code == 302
    assert Program.objects.filter(patient=patient).exists()
    patient.refresh_from_db()
    assert patient.told_at is not None
    # The therapist leaves: the family goes on, and is asked nothing.
    parent = factories.user("rosa")
    factories.link(patient, parent, "parent")
    patient.team.filter(role="therapist").update(until=patient.told_at)
    assert not factories.viewer(patient, parent).is_waiting
    assert not Change.objects.filter(patient=patient, subject="record").exists()


def test_a_teen_finds_the_name_they_gave(cast):
    cast.sam.first_name = "Sammy"
    cast.sam.save()
    assert 'name="name" value="Sammy"' in text(coming(cast.sam, "patient").get(URL))
    assert "Sammy" not in text(coming(cast.sam, "parent").get(URL)).split("<main")[1]
