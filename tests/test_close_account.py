"""Closing an account: what goes, what stays, and what must be settled first."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises.models import (
    CareTeamMember,
    Change,
    Device,
    DevicePerson,
    Invitation,
    Notice,
    ProgramTemplate,
    SignInCard,
    User,
)
from exercises.queries import leaving
from exercises.queries.leaving import what_first
from exercises.services import closing, deleting
from exercises.services.team import StillNeededError
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

URL = "/account/close/"


def close(user, client=None, typed=None):
    return (client or signed_in(user)).post(URL, {"confirm": user.username if typed is None else typed})


def second_parent(cast):
    rosa = factories.user("rosa", first_name="Rosa", email="rosa@example.org")
    factories.link(cast.patient, rosa, "parent")
    return rosa


def test_the_page_says_what_happens(cast, teen):
    text = teen.get(URL).content.decode()
    assert "type your username: maya" in text
    assert "Your record stays" in text
    assert reverse("erase", args=[cast.patient.code]) in text


def test_it_is_scrubbed_and_switched_off(cast):
    rosa = second_parent(cast)
    rosa.groups.add(Group.objects.create(name="some"))
    client = signed_in(rosa)
    factories.session(cast.patient, rosa, "cardio", 15)
    EmailAddress.objects.create(user=rosa, email=rosa.email, verified=True, primary=True)
    Authenticator.objects.create(user=rosa, type="totp", data={})
    device = Device.objects.create(code=cast.patient.code)
    DevicePerson.objects.create(device=device, user=rosa, pin="x")
    Notice.objects.create(user=rosa, kind="x")
    soon = timezone.now() + timedelta(days=1)
    Invitation.objects.create(role="therapist", made_by=rosa, code_digest="a", expires_at=soon)
    card = {"patient": cast.patient, "user": rosa, "made_by": cast.lee, "code_digest": "b"}
    SignInCard.objects.create(expires_at=soon, **card)
    entry = LogEntry.objects.create(
        user=cast.lee, content_type=ContentType.objects.get_for_model(User), object_id=rosa.pk,
        object_repr="rosa", change_message="rosa", action_flag=CHANGE,
    )  # fmt: skip
    answer = close(rosa, client)
    assert answer.status_code == 302 and answer.headers["Location"] == reverse("account_login")
    old, rosa = rosa, User.objects.get(pk=rosa.pk)
    assert rosa.username.startswith("closed-")
    assert (rosa.first_name, rosa.email, rosa.is_active, rosa.is_clinician) == ("", "", False, False)
    assert rosa.closed_at and not rosa.has_usable_password() and not rosa.groups.exists()
    assert rosa.shown_name == "a former member"
    for model in (EmailAddress, Authenticator, UserSession, DevicePerson, Notice):
        assert not model.objects.filter(user=rosa).exists(), model
    assert Invitation.objects.get().revoked_by == rosa
    assert SignInCard.objects.get().revoked_at
    entry.refresh_from_db()
    assert "rosa" not in f"{entry.object_repr}{entry.change_message}"
    assert Client().login(username=old.username, password=factories.PASSWORD) is False


def test_plans_kept_by_name_go_and_own_activities_stay(cast):
    colleague = factories.user("cleo", is_clinician=True)
    for owner in (colleague, cast.lee):
        ProgramTemplate.objects.create(owner=owner, name="First weeks", plan={"items": []})
    own = factories.activity("Stairs", owner=colleague)
    closing.close_account(user=colleague)
    assert ProgramTemplate.objects.get().owner == cast.lee
    assert type(own).objects.filter(pk=own.pk).exists()


def test_what_somebody_logged_stays_under_a_former_member(cast, therapist):
    rosa = second_parent(cast)
    session = factories.session(cast.patient, rosa, "cardio", 15)
    close(rosa)
    session.refresh_from_db()
    assert session.entered_by.shown_name == "a former member"
    cast.patient.refresh_from_db()
    assert therapist.get(reverse("patient", args=[cast.patient.code])).status_code == 200


def test_the_links_end_and_the_team_is_told(cast):
    rosa = second_parent(cast)
    close(rosa)
    link = CareTeamMember.objects.get(user=rosa)
    assert (link.is_open, link.end_reason, link.ended_by) == (False, "own", rosa)
    assert Change.objects.filter(subject="team", subject_id=link.pk).exists()
    assert Notice.objects.filter(user=cast.maya, kind="left_team").exists()
    assert not Notice.objects.filter(user=cast.omar).exists()


def test_every_sign_in_of_theirs_ends(cast):
    rosa = second_parent(cast)
    here, there, other = signed_in(rosa), signed_in(rosa), signed_in(cast.maya)
    close(rosa, here)
    assert there.get(reverse("home")).status_code == 302
    assert there.get("/more/").headers["Location"].startswith(reverse("account_login"))
    assert other.get("/more/").status_code == 200


def test_a_teen_may_close_while_a_parent_stays(cast, patient, parent):
    assert close(cast.maya).status_code == 302
    patient.refresh_from_db()
    assert patient.team.filter(role="parent", until=None).exists()
    assert parent.get(reverse("words", args=[patient.code])).status_code == 200
    assert parent.get(reverse("note-new", args=[patient.code])).status_code == 403, "nothing opens to parents"


@pytest.mark.parametrize("typed", ["", "dana", "MAYA R.", "maya\x00", "x" * 500])
def test_something_else_typed_closes_nothing(cast, typed):
    client, before = signed_in(cast.maya), rows()
    assert close(cast.maya, client, typed).status_code == 422
    assert rows() == before


def test_the_last_of_the_family_settles_the_record_first(cast, patient):
    patient.team.filter(user=cast.dana).update(until=timezone.now())
    client, before = signed_in(cast.maya), rows()
    answer = close(cast.maya, client)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "nobody else of the family is on the team" in text
    assert 'name="confirm"' not in text
    assert rows() == before


def test_the_only_therapist_of_a_clinics_record_hands_over_first(cast, patient):
    patient.kept_by = "clinic"
    patient.save()
    client, before = signed_in(cast.lee), rows()
    assert "Hand over to a colleague first" in close(cast.lee, client).content.decode()
    assert rows() == before
    colleague = factories.user("ann", is_clinician=True)
    factories.link(patient, colleague, "therapist")
    assert close(cast.lee, client).status_code == 302


def test_the_only_administrator_stays(cast):
    boss = User.objects.create_superuser("boss", password=factories.PASSWORD)
    assert close(boss).status_code == 422
    User.objects.create_superuser("deputy", password=factories.PASSWORD)
    assert close(boss).status_code == 302
    boss.refresh_from_db()
    assert not (boss.is_superuser or boss.is_staff)


def test_somebody_without_any_record_just_goes(cast):
    assert close(cast.sam).status_code == 302
    assert not User.objects.get(pk=cast.sam.pk).is_active


def test_the_page_asks_little_however_many_records(cast, django_assert_num_queries):
    for number in range(5):
        factories.link(factories.patient(f"Child {number}"), cast.lee, "therapist")
    with django_assert_num_queries(2):
        assert not what_first(cast.lee)


def test_somebody_who_left_a_moment_ago_is_noticed(cast, patient, monkeypatch):
    """The page saw a second parent; by the time of the click there is none."""
    patient.team.filter(user=cast.dana).update(until=timezone.now())
    client, before = signed_in(cast.maya), rows()
    seen = iter([leaving.First((), False), what_first(cast.maya)])
    monkeypatch.setattr(leaving, "what_first", lambda user: next(seen))
    answer = close(cast.maya, client)
    assert answer.status_code == 422
    assert "nobody else of the family" in answer.content.decode()
    assert rows() == before
    with pytest.raises(StillNeededError):
        closing.close_account(user=cast.maya)


def test_it_asks_for_the_password_again(cast):
    client = Client()
    client.force_login(cast.sam)
    assert client.get(URL).headers["Location"].startswith(reverse("account_reauthenticate"))
    assert close(cast.sam, client).headers["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.get(pk=cast.sam.pk).is_active


def test_nobody_signed_in_has_nothing_to_close(db):
    assert Client().get(URL).headers["Location"].startswith(reverse("account_login"))


def test_no_other_method(cast):
    for method in ("put", "patch", "delete"):
        assert getattr(signed_in(cast.sam), method)(URL).status_code == 405


def test_a_sign_in_that_names_a_record_ends_too(cast, patient):
    client = signed_in(cast.sam)
    session = client.session
    session["seen"] = [str(patient.code)]
    session.save()
    assert deleting.end_sign_ins(set(), naming=str(patient.code)) == 1
    assert not Session.objects.filter(session_key=session.session_key).exists()
