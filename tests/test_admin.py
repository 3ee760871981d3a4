import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from exercises.models import Activity, CareTeamMember, User
from tests import factories
from tests.conftest import signed_in
from tests.factories import PASSWORD

MODELS = {User, CareTeamMember, Activity}


@pytest.fixture
def administrator(cast):
    """Staff with every permission there is, and no superuser."""
    person = factories.user("alex", is_staff=True)
    person.user_permissions.set(Permission.objects.all())
    return signed_in(person)


def url(model, page="changelist", *args):
    return reverse(f"admin:exercises_{model._meta.model_name}_{page}", args=args)


def test_exactly_three_models_are_in_the_admin(administrator):
    assert set(admin.site._registry) == MODELS
    page = administrator.get(reverse("admin:index"))
    assert {row["model"] for app in page.context["app_list"] for row in app["models"]} == MODELS


def test_there_is_one_door(client, administrator):
    """The site's own sign-in, which counts guesses: the admin's would let in whoever that one locked out."""
    for method in (client.get, client.post):
        answer = method(reverse("admin:login"), {"username": "alex", "password": PASSWORD})
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session


def test_no_page_names_a_patient(administrator, cast):
    factories.activity("Wall sit", key="wall-sit")
    link = CareTeamMember.objects.get(user=cast.lee)
    pages = [reverse("admin:index"), url(CareTeamMember, "add"), url(CareTeamMember, "change", link.pk)]
    pages += [url(model) for model in MODELS]
    pages += [url(model) + "?q=Maya+R" for model in MODELS] + [url(User, "change", cast.lee.pk)]
    for page in pages:
        answer = administrator.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode().replace("?q=Maya+R", "").replace('value="Maya R"', "")
        assert "Maya R" not in text, page
        assert "Noor K" not in text, page


def test_only_links_of_therapists_are_listed(administrator, cast):
    page = administrator.get(url(CareTeamMember))
    assert {link.user for link in page.context["cl"].queryset} == {cast.lee, cast.kim}
    parent = CareTeamMember.objects.get(user=cast.dana)
    assert administrator.get(url(CareTeamMember, "change", parent.pk)).status_code == 302


def test_it_adds_a_therapist_by_the_records_code(administrator, cast):
    data = {"patient": str(cast.patient.code), "user": cast.kim.pk, "discipline": "ot"}
    assert administrator.post(url(CareTeamMember, "add"), data).status_code == 302
    link = CareTeamMember.objects.get(patient=cast.patient, user=cast.kim)
    assert (link.role, link.discipline, link.until) == ("therapist", "ot", None)


@pytest.mark.parametrize("code", ["", "Maya R.", "1", "00000000-0000-4000-8000-000000000000"])
def test_it_refuses_what_is_no_code(administrator, cast, code):
    before = CareTeamMember.objects.count()
    page = administrator.post(url(CareTeamMember, "add"), {"patient": code, "user": cast.kim.pk})
    assert page.context["adminform"].form.errors["patient"]
    assert CareTeamMember.objects.count() == before


def test_it_refuses_a_link_twice_and_somebody_who_is_no_clinician(administrator, cast):
    before = CareTeamMember.objects.count()
    for user in (cast.lee, cast.dana):
        data = {"patient": str(cast.patient.code), "user": user.pk, "discipline": "pt"}
        page = administrator.post(url(CareTeamMember, "add"), data)
        assert "user" in page.context["adminform"].form.errors
    assert CareTeamMember.objects.count() == before


def test_it_ends_a_link_and_keeps_it(administrator, cast):
    link = CareTeamMember.objects.get(user=cast.lee)
    parent = CareTeamMember.objects.get(user=cast.dana)
    data = {"action": "end", "_selected_action": [link.pk, parent.pk]}
    assert administrator.post(url(CareTeamMember), data).status_code == 302
    link.refresh_from_db()
    parent.refresh_from_db()
    assert link.until is not None and parent.until is None
    assert signed_in(cast.lee).get(reverse("sessions", args=[cast.patient.code])).status_code == 404


def test_a_link_keeps_its_record_and_its_person(administrator, cast):
    link = CareTeamMember.objects.get(user=cast.lee)
    data = {"patient": str(cast.other.code), "user": cast.kim.pk, "discipline": "ot"}
    administrator.post(url(CareTeamMember, "change", link.pk), data)
    link.refresh_from_db()
    assert (link.patient, link.user, link.discipline) == (cast.patient, cast.lee, "ot")


def test_it_makes_an_account_and_a_clinician(administrator):
    data = {"username": "jo", "password1": "a long enough phrase", "password2": "a long enough phrase"}
    assert administrator.post(url(User, "add"), data | {"usable_password": "true"}).status_code == 302
    jo = User.objects.get(username="jo")
    form = administrator.get(url(User, "change", jo.pk)).context["adminform"].form
    assert "is_clinician" in form.fields
    assert not {"is_staff", "is_superuser", "user_permissions", "groups"} & set(form.fields)


def test_an_administrator_cannot_touch_a_superuser_or_become_one(administrator):
    root = User.objects.create_superuser("root", password="only-for-the-tests")
    assert administrator.post(url(User, "change", root.pk), {"username": "me"}).status_code == 403
    assert administrator.get(reverse("admin:auth_user_password_change", args=[root.pk])).status_code == 403
    alex = User.objects.get(username="alex")
    administrator.post(url(User, "change", alex.pk), {"username": "alex", "is_superuser": "on"})
    root.refresh_from_db()
    alex.refresh_from_db()
    assert root.username == "root" and not alex.is_superuser


def test_a_superuser_says_who_administers(cast):
    root = signed_in(User.objects.create_superuser("root", password="only-for-the-tests"))
    form = root.get(url(User, "change", cast.lee.pk)).context["adminform"].form
    assert {"is_staff", "is_superuser", "user_permissions"} <= set(form.fields)


def test_a_built_in_activity_can_only_be_switched_off(administrator):
    own = factories.activity("A drill for Maya R.", owner=factories.user("pat"))
    built_in = factories.activity("Wall sit", key="wall-sit")
    assert "A drill" not in administrator.get(url(Activity)).content.decode()
    assert administrator.get(url(Activity, "change", own.pk)).status_code == 302
    administrator.post(url(Activity, "change", built_in.pk), {"name": "Other"})
    built_in.refresh_from_db()
    assert (built_in.name, built_in.offered) == ("Wall sit", False)


@pytest.mark.parametrize("model", sorted(MODELS, key=str))
def test_nothing_can_be_deleted(administrator, cast, model):
    row = {User: cast.lee, CareTeamMember: CareTeamMember.objects.get(user=cast.lee)}.get(model)
    row = row or factories.activity("Wall sit", key="wall-sit")
    assert administrator.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_the_care_team_gets_no_admin(teen, therapist):
    for client in (teen, therapist):
        assert client.get(reverse("admin:index")).status_code == 302
