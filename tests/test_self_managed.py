"""A record becomes the teen's own: a parent and the teen together, or a therapist."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exercises import access
from exercises.models import Change, Notice, Patient
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows


def url(patient):
    return reverse("self-managed", args=[patient.code])


def send(client, patient, do="agree"):
    return client.post(url(patient), {"do": do})


def text_of(response):
    html = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


def kinds(user):
    return [notice.kind for notice in Notice.objects.filter(user=user).order_by("pk")]


@pytest.mark.parametrize(("asks", "agrees"), [("teen", "parent"), ("parent", "teen")])
def test_one_side_asks_and_the_other_agrees(request, cast, patient, asks, agrees):
    asking, agreeing = request.getfixturevalue(asks), request.getfixturevalue(agrees)
    assert "Ask for this" in text_of(asking.get(url(patient)))
    send(asking, patient)
    patient.refresh_from_db()
    assert not patient.self_managed
    assert patient.self_managed_asked_by == {"teen": cast.maya, "parent": cast.dana}[asks]
    assert cast.patient.team.active().count() == 3
    # Asking again changes nothing, and does not complete it.
    before = rows()
    assert send(asking, patient).status_code == 422
    assert rows() == before
    assert "I agree" not in text_of(asking.get(url(patient)))
    assert "I agree" in text_of(agreeing.get(url(patient)))
    asked = {
        "teen": "asks that you manage this record alone",
        "parent": "asks that Maya R. manages this record alone",
    }
    assert asked[agrees] in text_of(agreeing.get(reverse("team", args=[patient.code])))
    assert send(agreeing, patient).status_code == 302
    patient.refresh_from_db()
    assert patient.self_managed
    assert (patient.self_managed_asked_by, patient.self_managed_asked_at) == (None, None)


def test_that_day_parents_links_pause_and_nobody_elses(cast, patient, teen, parent, therapist):
    factories.link(patient, cast.sam, "parent")
    send(teen, patient)
    assert send(parent, patient).headers["Location"] == reverse("home")
    for user in (cast.dana, cast.sam):
        link = patient.team.get(user=user)
        assert (link.is_open, link.end_reason, link.ended_by) == (False, "self_managed", cast.dana)
        assert signed_in(user).get(reverse("patient", args=[patient.code])).status_code == 404
    for client in (teen, therapist):
        assert client.get(reverse("patient", args=[patient.code])).status_code == 200
        page = text_of(client.get(reverse("team", args=[patient.code])))
        assert "paused when the record became self-managed" in page
        assert "Bring back" not in page
    assert kinds(cast.maya) == kinds(cast.lee)[1:] == ["self_managed"]
    assert kinds(cast.sam)[-1] == "self_managed_paused"
    noted = [(change.what, change.after.get("self_managed")) for change in Change.objects.order_by("pk")]
    assert noted == [("self-managed", False), ("ended", None), ("ended", None), ("self-managed", True)]


def test_a_therapist_needs_nobodys_word(therapist, cast, patient):
    assert "Make it so" in text_of(therapist.get(url(patient)))
    response = send(therapist, patient)
    assert response.headers["Location"] == reverse("team", args=[patient.code])
    patient.refresh_from_db()
    assert patient.self_managed
    assert not patient.team.active().filter(user=cast.dana).exists()
    assert kinds(cast.dana) == ["self_managed_paused"]


def test_two_parents_are_one_side(parent, cast, patient):
    factories.link(patient, cast.sam, "parent")
    send(parent, patient)
    before = rows()
    assert send(signed_in(cast.sam), patient).status_code == 422
    assert rows() == before


@pytest.mark.parametrize("who", ["teen", "parent", "therapist"])
def test_whoever_asked_takes_it_back_and_the_others_may_say_not_now(request, cast, teen, patient, who):
    send(teen, patient)
    client = request.getfixturevalue(who)
    assert ("Take it back" if who == "teen" else "Not now") in text_of(client.get(url(patient)))
    assert send(client, patient, "stop").status_code == 302
    patient.refresh_from_db()
    assert (patient.self_managed_asked_by, patient.self_managed) == (None, False)
    told = {"teen": cast.dana, "parent": cast.maya, "therapist": cast.maya}[who]
    assert kinds(told)[-1] == "self_managed_not_now"
    before = rows()
    assert send(client, patient, "stop").status_code == 422
    assert rows() == before


def test_an_agreement_after_it_was_taken_back_is_a_question_of_its_own(teen, parent, cast, patient):
    send(teen, patient)
    parent.get(url(patient))
    send(teen, patient, "stop")
    send(parent, patient)
    patient.refresh_from_db()
    assert not patient.self_managed
    assert patient.self_managed_asked_by == cast.dana


def test_a_question_of_somebody_who_left_is_none(teen, parent, cast, patient):
    send(parent, patient)
    factories.link(patient, cast.sam, "parent")
    patient.team.filter(user=cast.dana).update(until=timezone.now())
    assert "Ask for this" in text_of(teen.get(url(patient)))
    send(teen, patient)
    patient.refresh_from_db()
    assert (patient.self_managed, patient.self_managed_asked_by) == (False, cast.maya)


@pytest.mark.parametrize("who", ["parent", "therapist"])
@pytest.mark.parametrize("teen_link", ["never", "ended"])
def test_it_needs_a_teen_with_an_account(request, cast, patient, who, teen_link):
    teens = patient.team.filter(user=cast.maya)
    teens.delete() if teen_link == "never" else teens.update(until=timezone.now() - timedelta(days=1))
    client = request.getfixturevalue(who)
    assert "needs an account of their own" in text_of(client.get(url(patient)))
    before = rows()
    assert send(client, patient).status_code == 422
    assert rows() == before


@pytest.mark.parametrize("do", ["", "x", "AGREE"])
def test_bad_input(teen, patient, do):
    before = rows()
    assert send(teen, patient, do).status_code == 422
    assert rows() == before


def test_afterwards_it_is_said_and_cannot_be_asked(teen, therapist, patient):
    Patient.objects.filter(pk=patient.pk).update(self_managed=True)
    assert "You manage this record alone." in text_of(teen.get(url(patient)))
    before = rows()
    for client in (teen, therapist):
        assert send(client, patient).status_code == 403
    assert rows() == before


def test_who_manages_alone_decides_who_is_invited(cast, patient):
    Patient.objects.filter(pk=patient.pk).update(self_managed=True)
    assert factories.viewer(patient, cast.maya).may_invite("parent")
    assert not factories.viewer(patient, cast.lee).may_invite("parent")
    assert not factories.viewer(patient, cast.dana).may(access.END_THERAPIST)


def test_who_may(stranger, client, cast, patient):
    before = rows()
    for outsider in (stranger, signed_in(cast.noor), signed_in(cast.kim)):
        assert outsider.get(url(patient)).status_code == 404
        assert send(outsider, patient).status_code == 404
    assert client.get(url(patient)).status_code == 302
    assert signed_in(cast.maya).put(url(patient)).status_code == 405
    assert rows() == before
