import re
from datetime import timedelta

import pytest
from django.urls import reverse

from exercises.models import AccessRecord, CareTeamMember, Program, ProgramTemplate
from exercises.queries import plans
from exercises.services import plans as services
from tests import factories
from tests.conftest import signed_in
from tests.test_program_edit import names, page, post, row
from tests.worlds import rows

INDEX = reverse("plan-templates")
LADDER = {"ladder_texture": ["silk", "towel"], "ladder_pressure": ["firm", "light"], "ladder_starts_at": "2"}


def url(template):
    return reverse("plan-template", args=[template.pk])


@pytest.fixture
def squat(patient):
    return factories.item(
        patient.programs.get(), factories.activity("Squat", reps=8), reps=10, load="red band", words="Slowly."
    )


@pytest.fixture
def template(cast, patient, therapist, squat):
    """Kept from the editor, with every kind of thing that a template does and does not keep."""
    touch = factories.item(
        patient.programs.get(), factories.activity("Towel", "desensitization"), body_area="left_foot"
    )
    patient.body_areas = ["left_foot", "back"]
    patient.save()
    sent = {
        "areas_rule": "each", "touch_areas": ["left_foot", "back"], "harder_rule": "smaller",
        "smaller_desensitization": "2", "exercises_by": "list", **LADDER,
    }  # fmt: skip
    items = [
        row(squat, load="red band", words="Slowly."),
        {"activity": touch.activity_id, "body_area": "left_foot"},
    ]
    response = post(therapist, patient, rows=items, do="keep", plan_name="Feet", **sent)
    assert response.status_code == 200
    assert "Kept as a template: Feet." in response.text and "not saved yet" in response.text
    return ProgramTemplate.objects.get()


@pytest.fixture
def other(cast):
    """Another patient of lee, without a program."""
    record = factories.patient("Other P.")
    factories.link(record, cast.lee, "therapist", discipline="pt")
    return record


# --- keeping one -------------------------------------------------------------------------------------------


def test_a_template_keeps_the_plan_and_nothing_of_the_patient(cast, patient, template):
    assert patient.programs.count() == 1
    assert (template.owner, template.name) == (cast.lee, "Feet")
    kept = template.plan
    assert (kept["desensitization"], kept["smaller_desensitization"], kept["exercises_by"]) == (5, 2, "list")
    assert [step["texture"] for step in kept["ladder"]] == ["silk", "towel"]
    for word in ("Slowly.", "red band", "left_foot", "back", "Maya"):
        assert word not in str(kept)


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "Feet"])
def test_a_wrong_name_keeps_what_was_typed(patient, therapist, template, squat, name):
    before = rows()
    response = post(therapist, patient, rows=[row(squat)], do="keep", plan_name=name)
    assert response.status_code == 422
    assert names(response.text) == ["Squat"] and "plan_name_error" in response.text
    assert rows() == before


def test_a_wrong_plan_is_not_kept(patient, therapist):
    response = post(therapist, patient, do="keep", plan_name="Wrong", cardio="0")
    assert response.status_code == 422
    assert 'id="plan_name"' in response.text
    assert not ProgramTemplate.objects.exists()


def test_there_is_an_end_to_how_many(monkeypatch, patient, therapist, template):
    monkeypatch.setattr(services, "MOST_TEMPLATES", 1)
    response = post(therapist, patient, do="keep", plan_name="Second")
    assert response.status_code == 422
    assert ProgramTemplate.objects.count() == 1


# --- starting from one -------------------------------------------------------------------------------------


def test_a_program_starts_from_a_template(other, therapist, template):
    html = therapist.get(page(other, "program-from")).text
    assert f"?template={template.pk}" in html and "2 activities" in html
    before = rows()
    html = therapist.get(page(other), {"template": template.pk}).text
    assert "This is the plan “Feet”" in html and names(html) == ["Squat", "Towel"]
    for shown in ('name="desensitization" value="5"', 'name="items-0-reps" value="12"'):
        assert shown in html
    assert re.search(r'name="exercises_by" value="list" checked', html)
    assert 'name="ladder_starts_at" value="1"' in html and '<option value="silk" selected>' in html
    assert rows() == before


def test_one_that_replaces_a_version_says_which_was_shown(patient, therapist, template):
    html = therapist.get(page(patient), {"template": template.pk}).text
    assert 'name="version" value="1"' in html and 'name="cardio" value="20"' in html


def test_activities_that_are_not_on_offer_are_left_out(cast, other, therapist, template, squat):
    squat.activity.owner = cast.kim
    squat.activity.save()
    html = therapist.get(page(other), {"template": template.pk}).text
    assert names(html) == ["Towel"] and "1 activity is not on offer here" in html


def test_a_program_starts_from_that_of_another_patient(cast, patient, other, squat, therapist):
    assert f"?patient={patient.code}" in therapist.get(page(other, "program-from")).text
    before = rows()
    html = therapist.get(page(other), {"patient": patient.code}).text
    assert names(html) == ["Squat"] and 'name="items-0-reps" value="10"' in html
    assert "Slowly." not in html and "red band" not in html
    assert rows() == before
    # It was looked at, and the family can see that.
    assert AccessRecord.objects.filter(patient=patient, user=cast.lee, kind="program").exists()


def test_the_list_is_found_by_name_and_has_no_record_of_others(cast, patient, other, squat, therapist):
    def listed(**data):
        return re.findall(r"\?patient=([0-9a-f-]+)", therapist.get(page(other, "program-from"), data).text)

    without_program = factories.patient("No program")
    factories.link(without_program, cast.lee, "therapist", discipline="pt")
    assert listed() == [str(patient.code)]
    assert listed(q="maya") == [str(patient.code)]
    assert listed(q="zzz") == listed(q="%") == []
    assert str(cast.other.code) not in therapist.get(page(other, "program-from")).text


@pytest.mark.parametrize("locked", [False, True])
def test_only_where_one_may_prescribe(cast, patient, other, squat, therapist, locked):
    if locked:
        patient.locked_at = patient.created_at
        patient.save()
    else:
        CareTeamMember.objects.filter(patient=patient, user=cast.lee).update(until=patient.created_at)
    assert str(patient.code) not in therapist.get(page(other, "program-from")).text
    assert therapist.get(page(other), {"patient": patient.code}).status_code == 404
    assert not AccessRecord.objects.filter(patient=patient, user=cast.lee).exists()


def test_what_is_not_there_cannot_be_started_from(cast, patient, other, therapist, template):
    theirs = ProgramTemplate.objects.create(owner=cast.kim, name="Kim's", plan=template.plan)
    for start in (
        {"template": theirs.pk}, {"template": "999"}, {"template": "x"}, {"template": "9" * 40},
        {"patient": cast.other.code}, {"patient": "x"}, {"patient": other.code},
    ):  # fmt: skip
        assert therapist.get(page(patient), start).status_code == 404, start
    assert "Kim" not in therapist.get(page(patient, "program-from")).text


def test_a_copy_of_a_paused_program_is_a_full_one(cast, patient, other, squat):
    Program.objects.filter(patient=patient).update(kind="keeping_up", week_cardio=3)
    _source, start = plans.from_patient(factories.viewer(other, cast.lee), patient.code)
    assert (start.plan.kind, start.plan.flare_plan, start.left_out) == ("full", None, 0)


# --- their page --------------------------------------------------------------------------------------------


def test_who_sees_the_page(cast, template):
    for who, status in {"lee": 200, "kim": 200, "maya": 403, "dana": 403, "sam": 403}.items():
        client, before = signed_in(getattr(cast, who)), rows()
        response = client.get(INDEX)
        assert response.status_code == status, who
        assert ("Feet" in response.text) is (who == "lee")
        if who != "lee":
            wrong = 404 if who == "kim" else 403
            assert client.post(url(template), {"plan_name": "Mine"}).status_code == wrong
            client.post(url(template), {"do": "delete"})
            assert rows() == before


def test_a_template_gets_another_name(therapist, template):
    assert therapist.post(url(template), {"plan_name": "Hands"}).status_code == 302
    template.refresh_from_db()
    assert template.name == "Hands"


@pytest.mark.parametrize("name", ["", "x" * 61, "Taken", "a\x00b"])
def test_a_wrong_new_name_is_shown_at_its_box(cast, therapist, template, name):
    ProgramTemplate.objects.create(owner=cast.lee, name="Taken", plan=template.plan)
    before = rows()
    response = therapist.post(url(template), {"plan_name": name})
    assert response.status_code == 422
    assert f'id="wrong-{template.pk}"' in response.text
    assert rows() == before


def test_a_template_is_deleted_and_programs_stay(patient, therapist, template):
    for _again in range(2):
        assert therapist.post(url(template), {"do": "delete"}).status_code == 302
    assert not ProgramTemplate.objects.exists()
    assert patient.programs.count() == 1
    assert therapist.post(url(template), {"plan_name": "x"}).status_code == 404
    assert therapist.post(url(template), {"plan_name": ""}).status_code == 404


def test_wrong_methods(therapist, template):
    assert therapist.post(INDEX).status_code == 405
    assert therapist.get(url(template)).status_code == 405


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_cost_the_same_with_many(
    cast, patient, therapist, template, django_assert_num_queries, count
):
    for n in range(count):
        ProgramTemplate.objects.create(owner=cast.lee, name=f"T{n}", plan=template.plan)
        record = factories.patient(f"P{n}")
        factories.link(record, cast.lee, "therapist", discipline="pt")
        factories.program(record, record.today() - timedelta(days=3))
    with django_assert_num_queries(3):
        therapist.get(INDEX)
    with django_assert_num_queries(5):
        therapist.get(page(patient, "program-from"))
