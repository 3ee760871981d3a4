"""A therapist whom a parent brought could be the parent's own second account: until somebody else says who it
is, they sign in as nobody and end no parent's link."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from exercises import access
from exercises.models import CareTeamMember, Notice
from exercises.services import invitations, merging, sign_in_cards
from exercises.services import team as services
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

WITHHELD = {access.SIGN_IN_CARD, access.END_PARENT, access.VOUCH}


@pytest.fixture(autouse=True)
def _no_guesses_yet(db):
    cache.clear()


def bring(patient, by, user):
    """The link of a therapist who accepted an invitation of somebody on the team."""
    viewer = factories.viewer(patient, by)
    invitation, _code = invitations.invite(viewer=viewer, role="therapist", discipline="pt")
    invitations.accept(user=user, invitation=invitation)
    return patient.team.get(user=user)


def url(name, patient, *more):
    return reverse(name, args=[patient.code, *more])


@pytest.fixture
def brought(cast, patient):
    """sam, whom dana asked in."""
    return bring(patient, cast.dana, cast.sam)


@pytest.mark.parametrize(("who", "by_parent"), [("maya", False), ("lee", False), ("dana", True)])
def test_it_depends_on_who_asked_them_in(cast, patient, who, by_parent):
    link = bring(patient, getattr(cast, who), cast.sam)
    assert link.by_parent is by_parent
    held = WITHHELD & factories.viewer(patient, cast.sam).rights
    assert held == (set() if by_parent else WITHHELD)


def test_a_parent_who_joins_is_nobodys_therapist(cast, patient):
    invitation, _code = invitations.invite(viewer=factories.viewer(patient, cast.lee), role="parent")
    invitations.accept(user=cast.sam, invitation=invitation)
    assert not patient.team.get(user=cast.sam).by_parent


def test_whom_they_bring_is_no_better_known(cast, patient, brought):
    pat, max_, kit = (factories.user(name, is_clinician=True) for name in ("pat", "max", "kit"))
    assert bring(patient, cast.sam, pat).by_parent
    viewer = factories.viewer(patient, cast.sam)
    services.cover(viewer=viewer, by=max_, last_day=patient.today(), discipline="pt")
    services.hand_over(viewer=viewer, to=kit, discipline="pt")
    assert patient.team.filter(user__in=[max_, kit], by_parent=True).count() == 2
    services.hand_over(viewer=factories.viewer(patient, cast.lee), to=factories.user("ray"), discipline="pt")
    assert not patient.team.get(user__username="ray").by_parent


@pytest.mark.parametrize(("role", "by_parent"), [("patient", False), ("parent", True)])
def test_a_clinics_team_that_a_parent_takes_in_is_brought(cast, role, by_parent):
    clinics = factories.patient("Maya at the clinic", kept_by="clinic")
    factories.link(clinics, cast.kim, "therapist", discipline="pt")
    own = factories.patient("Maya at home", opened_as=role)
    factories.link(own, cast.sam, role)
    invitation, _code = invitations.invite(viewer=factories.viewer(clinics, cast.kim), role=role)
    merging.keep_one(user=cast.sam, invitation=invitation, own=own)
    assert own.team.get(user=cast.kim).by_parent is by_parent


def test_they_print_no_card_and_end_no_parent(cast, patient, brought):
    client, before = signed_in(cast.sam), rows()
    card = client.post(url("sign-in-cards", patient), {"member": patient.team.get(user=cast.maya).pk})
    assert card.status_code == 403
    parents = patient.team.get(user=cast.dana)
    assert client.post(url("team-end", patient, parents.pk)).status_code == 403
    assert client.post(url("team-vouch", patient, brought.pk)).status_code == 403
    assert rows() == before


@pytest.mark.parametrize("who", ["maya", "lee"])
def test_the_teen_or_a_colleague_says_that_they_know_them(cast, patient, brought, who):
    person = getattr(cast, who)
    client = signed_in(person)
    page = client.get(url("team", patient)).text
    assert "A parent invited them." in page and "I know sam as a therapist" in page
    assert client.post(url("team-vouch", patient, brought.pk)).status_code == 302
    brought.refresh_from_db()
    assert not brought.by_parent
    assert factories.viewer(patient, cast.sam).rights >= WITHHELD
    change = patient.changes.order_by("pk").last()
    assert (change.what, change.by, change.before["by_parent"]) == ("vouched for", person, True)
    told = Notice.objects.filter(kind="vouched_for").values_list("user__username", flat=True)
    assert set(told) == {"maya", "dana", "lee", "sam"} - {who}
    assert "A parent invited them." not in client.get(url("team", patient)).text


def test_again_changes_nothing(cast, patient, brought):
    client = signed_in(cast.maya)
    client.post(url("team-vouch", patient, brought.pk))
    before = rows()
    assert client.post(url("team-vouch", patient, brought.pk)).status_code == 302
    assert rows() == before


def test_the_therapist_reads_why(cast, patient, brought):
    page = signed_in(cast.sam).get(url("team", patient)).text
    assert "A parent invited you." in page and "I know sam" not in page
    assert "Sign-in card" not in page


@pytest.mark.parametrize("who", ["dana", "sam", "noor"])
def test_nobody_else_says_so(cast, patient, brought, who):
    client, before = signed_in(getattr(cast, who)), rows()
    status = client.post(url("team-vouch", patient, brought.pk)).status_code
    assert status == (404 if who == "noor" else 403)
    assert rows() == before


def test_parents_of_a_younger_child_do_not_either(cast):
    record = factories.patient("Young")
    factories.link(record, cast.dana, "parent")
    link = bring(record, cast.dana, cast.sam)
    assert signed_in(cast.dana).post(url("team-vouch", record, link.pk)).status_code == 403
    assert CareTeamMember.objects.get(pk=link.pk).by_parent


def test_a_link_of_another_record_is_unknown(cast, patient, brought):
    client = signed_in(cast.maya)
    theirs = cast.other.team.get(user=cast.kim)
    assert client.post(url("team-vouch", patient, theirs.pk)).status_code == 404
    assert client.get(url("team-vouch", patient, brought.pk)).status_code == 405


def test_an_ended_link_stays_as_it_was(cast, patient, brought):
    services.end_link(viewer=factories.viewer(patient, cast.dana), link=brought)
    signed_in(cast.maya).post(url("team-vouch", patient, brought.pk))
    brought.refresh_from_db()
    assert brought.by_parent


def test_a_card_printed_before_is_worth_nothing_once_withheld(cast, patient, brought):
    """The right is asked again when a card is used."""
    brought.by_parent = False
    brought.save()
    viewer = factories.viewer(patient, cast.sam)
    _card, code = sign_in_cards.make(viewer=viewer, member=patient.team.get(user=cast.maya).pk)
    brought.by_parent = True
    brought.save()
    client = Client()
    client.post(reverse("card"), {"username": "maya", "code": code})
    assert "_auth_user_id" not in client.session


def test_an_administrator_vouches_for_them(cast, patient, brought):
    administrator = factories.user("alex", is_staff=True, is_superuser=True)
    client = signed_in(administrator)
    known = patient.team.get(user=cast.lee)
    data = {"action": "vouch", "_selected_action": [brought.pk, known.pk]}
    index = reverse("admin:exercises_careteammember_changelist")
    assert client.post(index, data).status_code == 302
    brought.refresh_from_db()
    assert not brought.by_parent
    change = patient.changes.order_by("pk").last()
    assert (change.what, change.by) == ("vouched for", administrator)
    assert Notice.objects.filter(kind="vouched_for_by_administrator").count() == 4
