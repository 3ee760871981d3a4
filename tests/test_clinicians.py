"""Clinicians come by an administrator's invitation, never by themselves."""

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises import codes
from exercises.models import Invitation
from exercises.services import invitations as services
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

URL = reverse("clinicians")


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()


@pytest.fixture
def ada(cast):
    return factories.user("ada", is_staff=True)


def join_url(code):
    return reverse("join-code", args=[codes.grouped(code)])


def test_an_administrator_makes_a_card_without_a_record(ada):
    client = signed_in(ada)
    response = client.post(URL, {"discipline": "pt"})
    invitation = Invitation.objects.get()
    assert response["Location"] == reverse("clinician-invitation", args=[invitation.pk])
    assert (invitation.patient, invitation.role, invitation.discipline) == (None, "therapist", "pt")
    card = client.get(response["Location"])
    assert services.find_open(card.context["code"]) == invitation
    assert "clinician" in card.content.decode()
    assert "ada made it on" in client.get(URL).content.decode()


def test_who_only_runs_the_installation_lands_where_clinicians_are_invited(ada, cast):
    client = signed_in(ada)
    assert client.get(reverse("home"))["Location"] == reverse("more")
    assert f'href="{URL}"' in client.get(reverse("more")).text
    factories.link(cast.patient, ada, "parent")
    assert client.get(reverse("home"))["Location"] == reverse("family")


def test_accepting_makes_a_clinician_and_links_nobody(ada, cast):
    _invitation, code = services.invite_clinician(by=ada)
    client = signed_in(cast.sam)
    page = client.get(join_url(code)).content.decode()
    assert "second step at sign-in" in page
    assert 'name="agree"' not in page
    response = client.post(join_url(code), {"answer": "yes"})
    assert response["Location"] == reverse("home")
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["Welcome to the clinic."]
    cast.sam.refresh_from_db()
    assert cast.sam.is_clinician
    assert not cast.sam.links.exists()
    assert services.find_open(code) is None


def test_a_clinician_is_one_already(ada, cast):
    _invitation, code = services.invite_clinician(by=ada)
    before, client = rows(), signed_in(cast.lee)
    assert "You work here already" in client.get(join_url(code)).content.decode()
    assert client.post(join_url(code), {"answer": "yes"}).status_code == 422
    assert rows() == before


@pytest.mark.parametrize("how", ["left", "no administrator any more", "revoked", "expired"])
def test_a_dead_one_makes_nobody_a_clinician(ada, cast, how):
    invitation, code = services.invite_clinician(by=ada)
    if how == "left":
        ada.is_active = False
    elif how == "no administrator any more":
        ada.is_staff = False
    elif how == "revoked":
        services.revoke_clinicians(by=ada, invitation=invitation)
    else:
        Invitation.objects.update(expires_at=timezone.now())
    ada.save()
    assert signed_in(cast.sam).post(join_url(code), {"answer": "yes"}).status_code == 404
    cast.sam.refresh_from_db()
    assert not cast.sam.is_clinician


def test_taking_one_back(ada):
    client = signed_in(ada)
    card = client.post(URL, {})["Location"]
    code = client.get(card).context["code"]
    assert client.post(f"{card}revoke/")["Location"] == URL
    assert services.find_open(code) is None
    assert code not in client.get(card).content.decode()
    assert "No invitation is open" in client.get(URL).content.decode()


@pytest.mark.parametrize("who", ["maya", "dana", "lee", "sam"])
def test_it_is_for_administrators_only(cast, ada, who):
    invitation, _code = services.invite_clinician(by=ada)
    before, client = rows(), signed_in(getattr(cast, who))
    for path in (URL, f"{URL}{invitation.pk}/", f"{URL}999/"):
        assert client.get(path).status_code == 403
    for path in (URL, f"{URL}{invitation.pk}/revoke/", f"{URL}999/revoke/"):
        assert client.post(path, {}).status_code == 403
    assert rows() == before


def test_nobody_signed_out_gets_in(ada):
    assert Client().get(URL)["Location"].startswith(reverse("account_login"))


def test_ids_and_methods(ada, cast):
    """A record's invitation is not found here, either."""
    foreign, _code = services.invite(viewer=factories.viewer(cast.patient, cast.lee), role="parent")
    before, client = rows(), signed_in(ada)
    for pk in (foreign.pk, 999):
        assert client.get(f"{URL}{pk}/").status_code == 404
        assert client.post(f"{URL}{pk}/revoke/").status_code == 404
    assert client.put(URL).status_code == 405
    assert client.post(f"{URL}{foreign.pk}/").status_code == 405
    assert client.get(f"{URL}{foreign.pk}/revoke/").status_code == 405
    assert rows() == before


def test_bad_input_and_too_many(ada):
    client = signed_in(ada)
    assert client.post(URL, {"discipline": "wizard"}).status_code == 422
    for _number in range(10):
        assert client.post(URL, {}).status_code == 302
    refused = client.post(URL, {})
    assert refused.status_code == 422
    assert "Take one back first" in refused.content.decode()
    for _number in range(9):
        client.post(URL, {})
    assert client.post(URL, {}).status_code == 429
    assert Invitation.objects.count() == 10


def test_row_12_a_card_needs_a_fresh_sign_in(ada):
    client = Client()
    client.force_login(ada)
    from exercises.session_keys import SECOND_FACTOR

    session = client.session
    session[SECOND_FACTOR] = True
    session.save()
    assert client.get(URL).status_code == 200
    assert client.post(URL, {})["Location"].startswith(reverse("account_reauthenticate"))
    assert not Invitation.objects.exists()
