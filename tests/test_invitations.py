"""Inviting people to a record: who may, the card, taking back, agreeing."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises import access, codes
from exercises.models import Change, Invitation, Notice
from exercises.queries import invitations as queries
from exercises.services import invitations as services
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()


def url(name, patient, *args):
    return reverse(name, args=[patient.code, *args])


def invite(client, patient, role="therapist", **data):
    return client.post(url("invitations", patient), {"role": role} | data)


def made(patient, by, role="parent", **fields):
    return services.invite(viewer=factories.viewer(patient, by), role=role, **fields)


def code_on(response):
    return response.context["code"]


# --- making ------------------------------------------------------------------------------------------------


def test_an_invitation_is_bound_to_role_and_record_and_lasts_14_days(therapist, patient, cast):
    with time_machine.travel("2026-11-20 12:00 +0000", tick=False):
        response = invite(signed_in(cast.lee), patient, "parent", discipline="pt")
        kept = Invitation.objects.get()
        assert response["Location"] == url("invitation", patient, kept.pk)
        assert (kept.patient, kept.role, kept.discipline) == (patient, "parent", "")
        assert (kept.made_by, kept.made_as, kept.needs_word) == (cast.lee, "therapist", False)
        assert kept.expires_at == timezone.now() + timedelta(days=14)


def test_the_discipline_of_a_therapist_is_kept(therapist, patient):
    invite(therapist, patient, "therapist", discipline="psychology")
    assert Invitation.objects.get().discipline == "psychology"


def test_what_is_stored_is_not_the_code(therapist, patient):
    card = therapist.get(invite(therapist, patient)["Location"])
    code = code_on(card).replace("-", "")
    stored = Invitation.objects.get().code_digest
    assert code not in str(Invitation.objects.values_list().get())
    assert stored == queries.digest_of(code) != codes.digest(code, key="another", purpose="invitation")


def test_the_card_says_who_invites_to_what_until_when(therapist, patient):
    card = therapist.get(invite(therapist, patient, "parent")["Location"])
    body, code = card.content.decode(), code_on(card)
    link = f"http://testserver/join/{code}/"
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    for text in ("lee", "Maya R.", "parent", code, link, "http://testserver/join/", "works once"):
        assert text in body, text
    assert 'role="img" aria-label="The same address' in body
    assert services.find_open(code) == Invitation.objects.get()


def test_the_code_can_be_seen_for_ten_minutes_by_who_made_it(cast, patient):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = signed_in(cast.lee)
        card = invite(client, patient)["Location"]
        code = code_on(client.get(card))
        assert code in client.get(card).content.decode()
        assert code not in signed_in(cast.lee).get(card).content.decode()
        clock.shift(timedelta(minutes=10, seconds=1))
        later = client.get(card)
        assert later.status_code == 200
        assert code not in later.content.decode()
        assert code.replace("-", "") not in str(dict(client.session))


@pytest.mark.parametrize(
    ("who", "role", "status"),
    [
        ("maya", "parent", 302), ("maya", "therapist", 302), ("maya", "patient", 422),
        ("dana", "parent", 302), ("dana", "therapist", 302), ("dana", "patient", 422),
        ("lee", "parent", 302), ("lee", "therapist", 302), ("lee", "patient", 422),
        ("lee", "administrator", 422), ("lee", "", 422), ("lee", "\x00", 422),
    ],
)  # fmt: skip
def test_who_may_invite_whom_where_a_teen_is_linked(cast, patient, who, role, status):
    response = invite(signed_in(getattr(cast, who)), patient, role)
    assert response.status_code == status
    assert Invitation.objects.count() == (status == 302)


@pytest.mark.parametrize("who", ["dana", "lee"])
def test_the_teen_is_invited_to_a_record_without_one(cast, patient, who):
    patient.team.filter(user=cast.maya).delete()
    assert invite(signed_in(getattr(cast, who)), patient, "patient").status_code == 302
    assert Invitation.objects.get().role == "patient"


def test_the_place_of_a_teen_who_left_takes_a_therapists_word(cast, patient):
    """A second account of a parent's own as "the teen" would open what the teen kept private."""
    patient.team.filter(user=cast.maya).update(until=timezone.now())
    client = signed_in(cast.dana)
    assert "one was here before" in client.get(url("invitations", patient)).content.decode()
    assert invite(client, patient, "patient").status_code == 302
    invitation = Invitation.objects.get()
    assert invitation.waits_for_word
    assert Notice.objects.get(kind="word_asked_teen").user == cast.lee
    assert "as the teen" in signed_in(cast.lee).get(reverse("news")).content.decode()
    before = rows()
    code = client.session["fresh_codes"][f"invitation {invitation.pk}"][0]
    taken_up = signed_in(cast.sam).post(reverse("join-code", args=[code]), {"agree": "on"})
    assert (taken_up.status_code, rows()) == (422, before)
    assert client.post(url("invitation-agree", patient, invitation.pk)).status_code == 403
    signed_in(cast.lee).post(url("invitation-agree", patient, invitation.pk))
    taken_up = signed_in(cast.sam).post(reverse("join-code", args=[code]), {"agree": "on"})
    assert taken_up.status_code == 302


def test_a_therapist_invites_a_teen_again_without_more_words(cast, patient):
    patient.team.filter(user=cast.maya).update(until=timezone.now())
    assert invite(signed_in(cast.lee), patient, "patient").status_code == 302
    assert not Invitation.objects.get().needs_word


def test_a_younger_childs_parent_invites_the_teen_without_more_words(cast, patient):
    patient.team.filter(user=cast.maya).delete()
    client = signed_in(cast.dana)
    assert "one was here before" not in client.get(url("invitations", patient)).content.decode()
    assert invite(client, patient, "patient").status_code == 302
    assert not Invitation.objects.get().needs_word


def test_a_taken_place_is_refused_with_words_also_past_the_form(cast, patient):
    viewer = factories.viewer(patient, cast.lee)
    with pytest.raises(Exception, match="has a teen already"):
        services.invite(viewer=viewer, role="patient")
    assert not Invitation.objects.exists()


def test_a_stranger_learns_nothing(stranger, patient):
    before = rows()
    assert invite(stranger, patient).status_code == 404
    assert stranger.get(url("invitations", patient)).status_code == 404
    assert rows() == before


def test_a_locked_record_invites_nobody(therapist, patient):
    patient.locked_at = timezone.now()
    patient.save()
    assert invite(therapist, patient).status_code == 403
    assert not Invitation.objects.exists()


def test_in_a_self_managed_record_only_the_teen_invites_parents(cast, patient):
    patient.self_managed = True
    patient.save()
    assert invite(signed_in(cast.lee), patient, "parent").status_code == 422
    assert invite(signed_in(cast.maya), patient, "parent").status_code == 302


def test_ten_are_open_at_most(therapist, patient, cast):
    for _number in range(10):
        made(patient, cast.lee)
    response = invite(therapist, patient)
    assert response.status_code == 422
    assert "Take one back first" in response.content.decode()
    assert Invitation.objects.count() == 10
    Invitation.objects.update(expires_at=timezone.now())
    assert invite(therapist, patient).status_code == 302


def test_row_18_twenty_an_hour_is_the_most_then_429(therapist, patient, cast, teen):
    for _number in range(20):
        assert invite(therapist, patient).status_code == 302
        Invitation.objects.update(expires_at=timezone.now())
    response = invite(therapist, patient)
    assert (response.status_code, response["Retry-After"]) == (429, "3600")
    assert Invitation.objects.count() == 20
    assert invite(teen, patient).status_code == 302


def test_row_12_an_invitation_needs_a_fresh_sign_in(cast, patient):
    client = Client()
    client.force_login(cast.maya)
    response = invite(client, patient)
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert not Invitation.objects.exists()
    client.post(response["Location"], {"password": factories.PASSWORD}, follow=True)
    assert Invitation.objects.get().made_by == cast.maya


# --- the word for a second parent --------------------------------------------------------------------------


def test_a_parents_invitation_of_a_parent_waits_for_a_word(parent, therapist, patient, cast):
    invite(parent, patient, "parent")
    invitation = Invitation.objects.get()
    assert invitation.waits_for_word
    assert Notice.objects.filter(kind="word_asked").values_list("user", flat=True).get() == cast.lee.pk
    assert "waits for a yes" in parent.get(url("invitations", patient)).content.decode()
    assert therapist.post(url("invitation-agree", patient, invitation.pk)).status_code == 302
    invitation.refresh_from_db()
    assert (invitation.agreed_by, invitation.waits_for_word) == (cast.lee, False)
    assert Notice.objects.get(kind="word_given").user == cast.dana
    assert Change.objects.filter(subject="team", what="agreed", by=cast.lee).count() == 1


def test_agreeing_again_changes_nothing(therapist, patient, cast):
    invitation, _code = made(patient, cast.dana)
    therapist.post(url("invitation-agree", patient, invitation.pk))
    before = rows()
    assert therapist.post(url("invitation-agree", patient, invitation.pk)).status_code == 302
    assert rows() == before


@pytest.mark.parametrize(("of_age", "status"), [(True, 302), (False, 403)])
def test_a_teen_who_is_old_enough_gives_the_word(cast, patient, of_age, status):
    patient.team.filter(user=cast.maya).update(of_age=of_age)
    invitation, _code = made(patient, cast.dana)
    before = rows()
    assert signed_in(cast.maya).post(url("invitation-agree", patient, invitation.pk)).status_code == status
    assert (rows() == before) is (status == 403)


def test_no_parent_gives_the_word(parent, patient, cast):
    invitation, _code = made(patient, cast.dana)
    assert parent.post(url("invitation-agree", patient, invitation.pk)).status_code == 403
    invitation.refresh_from_db()
    assert invitation.waits_for_word


def test_where_nobody_can_give_the_word_the_page_says_who_could(cast, patient):
    patient.team.filter(role="therapist").delete()
    text = signed_in(cast.dana).get(url("invitations", patient)).content.decode()
    assert "Invite a therapist first" in text


@pytest.mark.parametrize(("therapist_there", "waits"), [(False, False), (True, True)])
def test_a_younger_childs_parent_needs_a_word_only_where_a_therapist_is(db, therapist_there, waits):
    patient, parent = factories.patient(), factories.user("pat")
    factories.link(patient, parent, "parent")
    if therapist_there:
        factories.link(patient, factories.user("theo"), "therapist")
    invitation, _code = made(patient, parent)
    assert invitation.needs_word is waits


# --- taking back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "status"), [("dana", 302), ("lee", 302), ("maya", 403)])
def test_who_may_take_a_parents_invitation_back(cast, patient, who, status):
    invitation, code = made(patient, cast.dana, "therapist")
    response = signed_in(getattr(cast, who)).post(url("invitation-revoke", patient, invitation.pk))
    assert response.status_code == status
    assert (services.find_open(code) is None) is (status == 302)


def test_taking_back_forgets_the_code_and_is_noted_once(teen, patient, cast):
    card = invite(teen, patient)["Location"]
    code, invitation = code_on(teen.get(card)), Invitation.objects.get()
    for _time in range(2):
        assert teen.post(url("invitation-revoke", patient, invitation.pk)).status_code == 302
    invitation.refresh_from_db()
    assert invitation.revoked_by == cast.maya
    assert code not in teen.get(card).content.decode()
    assert Change.objects.filter(what="revoked").count() == 1


def test_a_used_one_cannot_be_taken_back(therapist, patient, cast):
    invitation, _code = made(patient, cast.lee)
    services.accept(user=cast.sam, invitation=invitation)
    therapist.post(url("invitation-revoke", patient, invitation.pk))
    invitation.refresh_from_db()
    assert (invitation.revoked_at, invitation.used_by) == (None, cast.sam)


@pytest.mark.parametrize("name", ["invitation", "invitation-revoke", "invitation-agree"])
def test_one_of_another_record_is_unknown(therapist, patient, cast, name):
    foreign, _code = made(cast.other, cast.omar)
    before = rows()
    for pk in (foreign.pk, 999):
        method = therapist.get if name == "invitation" else therapist.post
        assert method(url(name, patient, pk)).status_code == 404
    assert rows() == before


# --- a code leads somewhere --------------------------------------------------------------------------------


def test_a_code_is_found_however_it_is_typed(cast, patient):
    invitation, code = made(patient, cast.lee)
    for typed in (code, codes.grouped(code), code.lower(), f" {code[:4]} {code[4:]} "):
        assert services.find_open(typed) == invitation


def test_a_code_is_dead_once_its_maker_may_not_invite(cast, patient):
    _invitation, code = made(patient, cast.lee)
    patient.team.filter(user=cast.lee).update(until=timezone.now())
    assert services.find_open(code) is None
    patient.team.filter(user=cast.lee).update(until=None)
    assert services.find_open(code)
    cast.lee.is_active = False
    cast.lee.save()
    assert services.find_open(code) is None


@pytest.mark.parametrize(
    "state", ["used", "revoked", "expired", "locked", "self-managed", "never", "no code"]
)
def test_codes_that_lead_nowhere(cast, patient, state):
    invitation, code = made(patient, cast.lee)
    match state:
        case "used":
            services.accept(user=cast.sam, invitation=invitation)
        case "revoked":
            services.revoke(viewer=factories.viewer(patient, cast.lee), invitation=invitation)
        case "expired":
            Invitation.objects.update(expires_at=timezone.now())
        case "locked":
            patient.locked_at = timezone.now()
            patient.save()
        case "self-managed":
            patient.self_managed = True
            patient.save()
        case "never":
            code = codes.new_code()
        case _:
            code = "x\x00"
    assert services.find_open(code) is None


def test_the_list_costs_the_same_for_one_and_for_many(cast, patient, django_assert_num_queries):
    viewer = factories.viewer(patient, cast.lee)
    made(patient, cast.lee)
    with django_assert_num_queries(1):
        queries.open_invitations(viewer)
    for _number in range(5):
        made(patient, cast.lee)
    with django_assert_num_queries(1):
        assert len(queries.open_invitations(viewer)) == 6


def test_every_role_has_a_right_to_invite_it():
    assert set(access.INVITE_AS) == access.EVERYONE
