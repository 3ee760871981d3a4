from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises.models import Activity, CareTeamMember, Notice, User
from exercises.services import invitations
from exercises.session_keys import SECOND_FACTOR
from exercises.words import NEWS
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
    assert cast.patient.changes.get().after == {"role": "therapist", "discipline": "ot"}
    told = Notice.objects.filter(patient=cast.patient, kind="joined_therapist")
    assert {notice.user for notice in told} == {cast.maya, cast.dana, cast.lee}


def test_row_20_another_discipline_is_in_the_trail(administrator, cast):
    """It says whose notes the therapist reads."""
    link = CareTeamMember.objects.get(user=cast.lee)
    for discipline in ("psychology", "psychology"):
        administrator.post(url(CareTeamMember, "change", link.pk), {"discipline": discipline})
    change = cast.patient.changes.get()
    assert (change.before["discipline"], change.after["discipline"]) == ("pt", "psychology")


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
    assert link.ended_by and link.ended_by.username == "alex"
    assert link.end_reason == "administrator"
    assert signed_in(cast.lee).get(reverse("patient", args=[cast.patient.code])).status_code == 404
    change = cast.patient.changes.get()
    assert (change.subject, change.subject_id, change.what, change.by) == (
        "team",
        link.pk,
        "ended",
        link.ended_by,
    )
    told = Notice.objects.filter(patient=cast.patient)
    assert set(told.values_list("user__username", "kind")) == {
        ("maya", "taken_off_by_administrator"),
        ("dana", "taken_off_by_administrator"),
        ("lee", "taken_off_yourself"),
    }


def test_whoever_covers_for_a_therapist_goes_with_them(administrator, cast):
    own = CareTeamMember.objects.get(user=cast.lee)
    later = timezone.now() + timedelta(days=7)
    cover = factories.link(cast.patient, cast.kim, "therapist", covers=cast.lee, until=later)
    data = {"action": "end", "_selected_action": [own.pk, cover.pk]}
    assert administrator.post(url(CareTeamMember), data).status_code == 302
    cover.refresh_from_db()
    assert not cover.is_open
    assert Notice.objects.filter(user=cast.kim, kind="taken_off_yourself").count() == 1
    before = Notice.objects.count()
    administrator.post(url(CareTeamMember), data)
    assert Notice.objects.count() == before


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
    squat = factories.activity("Squat", key="squat")
    built_in = factories.activity("Wall sit", key="wall-sit", easier=squat)
    assert "A drill" not in administrator.get(url(Activity)).content.decode()
    assert administrator.get(url(Activity, "change", own.pk)).status_code == 302
    page = administrator.get(url(Activity, "change", built_in.pk))
    assert "Squat" in page.content.decode()
    sent = {"name": "Other", "easier": own.pk, "copy_of": own.pk, "video": "https://example.org/x"}
    administrator.post(url(Activity, "change", built_in.pk), sent)
    built_in.refresh_from_db()
    assert (built_in.name, built_in.offered) == ("Wall sit", False)
    assert (built_in.easier, built_in.copy_of, built_in.video) == (squat, None, "")


@pytest.mark.parametrize("model", sorted(MODELS, key=str))
def test_nothing_can_be_deleted(administrator, cast, model):
    row = {User: cast.lee, CareTeamMember: CareTeamMember.objects.get(user=cast.lee)}.get(model)
    row = row or factories.activity("Wall sit", key="wall-sit")
    assert administrator.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_the_care_team_gets_no_admin(teen, therapist):
    for client in (teen, therapist):
        assert client.get(reverse("admin:index")).status_code == 302


# --- second factors, passwords, accounts


@pytest.fixture
def factors(cast):
    """lee has an app for codes and recovery codes, kim an app."""
    for user, kind in ((cast.lee, "totp"), (cast.lee, "recovery_codes"), (cast.kim, "totp")):
        Authenticator.objects.create(user=user, type=kind, data={"secret": "geheim"})


def reset(client, *users):
    data = {"action": "reset_second_factor", "_selected_action": [user.pk for user in users]}
    return client.post(url(User), data)


def test_row_08_a_lost_second_factor_is_taken_away(
    administrator, cast, factors, events, django_capture_on_commit_callbacks
):
    open_tab = signed_in(cast.lee)
    with django_capture_on_commit_callbacks(execute=True):
        assert reset(administrator, cast.lee).status_code == 302
    assert list(Authenticator.objects.values_list("user__username", flat=True)) == ["kim"]
    assert open_tab.get(reverse("caseload"))["Location"].startswith(reverse("account_login"))
    assert Notice.objects.get(user=cast.lee).kind == "factor_reset"
    alex = User.objects.get(username="alex")
    assert f"event=factor_reset user={cast.lee.pk} by={alex.pk}" in events
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (
        alex,
        str(cast.lee.pk),
        "second factor reset",
    )


def test_nobody_resets_their_own_or_a_superusers(administrator, cast):
    root = User.objects.create_superuser("root", password=PASSWORD)
    alex = User.objects.get(username="alex")
    for user in (root, alex):
        Authenticator.objects.create(user=user, type="totp", data={"secret": "geheim"})
    assert reset(administrator, root, alex).status_code == 302
    assert Authenticator.objects.count() == 2
    assert not Notice.objects.exists() and not LogEntry.objects.exists()
    reset(signed_in(User.objects.create_superuser("boss", password=PASSWORD)), root)
    assert not Authenticator.objects.filter(user=root).exists()


def test_row_12_changes_ask_for_the_password_again(administrator, cast, factors):
    alex = Client()
    alex.force_login(User.objects.get(username="alex"))
    session = alex.session
    session[SECOND_FACTOR] = True
    session.save()
    link = CareTeamMember.objects.get(user=cast.lee)
    before = User.objects.values_list().get(pk=cast.lee.pk)
    for answer in (
        reset(alex, cast.lee),
        alex.post(url(User, "change", cast.lee.pk), {"username": "other"}),
        alex.post(url(User, "add"), {"username": "jo"}),
        alex.post(reverse("admin:auth_user_password_change", args=[cast.lee.pk]), {"password1": "x"}),
        alex.post(url(CareTeamMember), {"action": "end", "_selected_action": [link.pk]}),
        alex.post(url(CareTeamMember, "change", link.pk), {"discipline": "ot"}),
    ):
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]
    assert User.objects.values_list().get(pk=cast.lee.pk) == before
    assert Authenticator.objects.count() == 3
    assert not User.objects.filter(username="jo").exists()
    link.refresh_from_db()
    assert (link.until, link.discipline) == (None, "pt")


def test_a_password_for_somebody_never_waits_in_the_session(cast):
    root = Client()
    root.force_login(User.objects.create_superuser("root", password=PASSWORD))
    session = root.session
    session[SECOND_FACTOR] = True
    session.save()
    new = "nine quiet herons at noon"
    form = {"password1": new, "password2": new, "usable_password": "true"}
    for page in (url(User, "add"), reverse("admin:auth_user_password_change", args=[cast.lee.pk])):
        asked = root.post(page, form | {"username": "jo"})["Location"]
        assert "herons" not in str(dict(root.session))
        # The page of the form comes back, to be filled in again.
        assert root.post(asked, {"password": PASSWORD})["Location"] == page
        session = root.session
        session["account_authentication_methods"] = []
        session.save()
    assert not User.objects.filter(username="jo").exists()
    cast.lee.refresh_from_db()
    assert not cast.lee.check_password(new)


def test_whoever_is_no_clinician_any_more_leaves_the_teams(administrator, cast):
    open_tab = signed_in(cast.lee)
    cover = factories.link(cast.other, cast.lee, "therapist", covers=cast.kim)
    own_child = factories.link(factories.patient("Kim"), cast.lee, "parent")
    administrator.post(url(User, "change", cast.lee.pk), {"username": "lee", "is_active": "on"})
    for record in (cast.patient, cast.other):
        assert open_tab.get(reverse("patient", args=[record.code])).status_code == 404
    cover.refresh_from_db()
    own_child.refresh_from_db()
    assert own_child.is_open and not cover.is_open
    assert Notice.objects.filter(user=cast.maya, kind="taken_off_by_administrator").count() == 1
    assert Notice.objects.filter(user=cast.lee, kind="taken_off_yourself").count() == 2


def test_a_parents_open_invitation_of_a_parent_waits_for_the_new_therapists_word(administrator, cast):
    record = factories.patient("Bo")
    factories.link(record, cast.sam, "parent")
    invitation, _code = invitations.invite(viewer=factories.viewer(record, cast.sam), role="parent")
    assert not invitation.needs_word
    data = {"patient": str(record.code), "user": cast.lee.pk, "discipline": "pt"}
    administrator.post(url(CareTeamMember, "add"), data)
    invitation.refresh_from_db()
    assert invitation.waits_for_word
    assert Notice.objects.get(kind="word_asked").user == cast.lee


def test_somebody_of_the_family_is_not_linked_as_its_therapist(administrator, cast):
    for user in (cast.dana, cast.maya):
        User.objects.filter(pk=user.pk).update(is_clinician=True)
    CareTeamMember.objects.filter(user=cast.dana).update(until=timezone.now())
    before = CareTeamMember.objects.count()
    for user in (cast.dana, cast.maya):
        data = {"patient": str(cast.patient.code), "user": user.pk, "discipline": "pt"}
        page = administrator.post(url(CareTeamMember, "add"), data)
        assert "another place" in str(page.context["adminform"].form.errors["user"])
    assert CareTeamMember.objects.count() == before


def test_a_password_that_is_set_for_somebody_is_told(
    administrator, cast, events, django_capture_on_commit_callbacks
):
    open_tab, new = signed_in(cast.lee), "nine quiet herons at noon"
    page = reverse("admin:auth_user_password_change", args=[cast.lee.pk])
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(page, {"password1": "short", "password2": "short", "usable_password": "true"})
        assert not Notice.objects.exists()
        form = {"password1": new, "password2": new, "usable_password": "true"}
        assert administrator.post(page, form).status_code == 302
    assert Notice.objects.get(user=cast.lee).kind == "password_set"
    assert any(f"event=password_set_by_administrator user={cast.lee.pk}" in line for line in events)
    assert new not in str(events)
    assert open_tab.get(reverse("caseload")).status_code == 302


def test_row_11_a_disabled_person_is_signed_out_at_the_next_request(
    administrator, cast, events, django_capture_on_commit_callbacks
):
    open_tab = signed_in(cast.lee)
    page = reverse("patient", args=[cast.patient.code])
    assert open_tab.get(page).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(url(User, "change", cast.lee.pk), {"username": "lee", "is_clinician": "on"})
    cast.lee.refresh_from_db()
    assert not cast.lee.is_active
    assert any(line.endswith("fields=is_active") for line in events if "rights_changed" in line)
    assert open_tab.get(page)["Location"].startswith(reverse("account_login"))
    assert open_tab.get(page, headers={"Accept": "application/json"}).status_code == 401


def test_row_19_the_journal_names_no_patient(administrator, cast):
    link = CareTeamMember.objects.get(user=cast.lee)
    data = {"patient": str(cast.patient.code), "user": cast.kim.pk, "discipline": "ot"}
    administrator.post(url(CareTeamMember, "add"), data)
    administrator.post(url(CareTeamMember, "change", link.pk), {"discipline": "ot"})
    administrator.post(url(CareTeamMember), {"action": "end", "_selected_action": [link.pk]})
    assert LogEntry.objects.count() == 3
    told = "".join(f"{entry} {entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    for name in (cast.patient.name, "maya", "dana"):
        assert name not in told


def test_every_piece_of_news_from_here_has_its_sentence():
    assert {"factor_reset", "password_set", "taken_off_by_administrator", "broken_glass"} <= set(NEWS)
