"""What families agree to: who, when, to which wording; asked again when the wording changes."""

import hashlib
import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from exercises.models import CareTeamMember, Consent
from exercises.queries.consents import agreements
from exercises.services import consents
from exercises.wording import WORDING
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

TEXT = Path(__file__).resolve().parent.parent / "templates" / "consent" / "wording.html"
# Each wording that ever counted, with the sha256 of its template. A changed text is a new line here, and a
# new name in exercises/wording.py.
TEXTS = {"2026-11": "94abace8e84eb9e99e147c87305f44444efcffe2e1174f3224feda18fbc58873"}
YES = {"agree": "yes"}


@pytest.fixture
def asked(cast):
    """Nobody of the family has agreed to the wording that counts now: maya and dana did to an earlier one."""
    for link in CareTeamMember.objects.filter(patient=cast.patient).exclude(role="therapist"):
        Consent.objects.create(patient=cast.patient, user=link.user, role=link.role, wording="2020-01")
    CareTeamMember.objects.filter(patient=cast.patient).update(consented_to="2020-01")
    return cast.patient


def url(patient):
    return reverse("consent", args=[patient.code])


def page(patient, name="patient"):
    return reverse(name, args=[patient.code])


def text(response):
    return response.content.decode()


def agreed(patient):
    return list(
        Consent.objects.filter(patient=patient, wording=WORDING).values_list("user__username", "role")
    )


# --- the wording --------------------------------------------------------------------------------------------


def test_the_wording_and_its_name_belong_together():
    assert hashlib.sha256(TEXT.read_bytes()).hexdigest() == TEXTS[WORDING]


def test_the_wording_is_short_and_says_what_counts():
    words = strip_tags(render_to_string("consent/wording.html"))
    assert len(words.split()) <= 350
    for said in ("no birth date", "Nobody watches between visits", "no other company", "leave the care team"):
        assert said in words
    sentences = [one for one in re.split(r"[.?:]\s", " ".join(words.split())) if one]
    assert max(len(one.split()) for one in sentences) <= 30
    assert reverse("privacy") in render_to_string("consent/wording.html")


# --- being asked --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["maya", "dana"])
def test_a_page_asks_first_and_opens_after_i_agree(cast, asked, who):
    client = signed_in(getattr(cast, who))
    assert client.get(page(asked))["Location"] == url(asked)
    response = client.get(url(asked))
    assert response.status_code == 200
    assert 'name="agree" value="yes"' in text(response) and "It may have changed" in text(response)
    client.post(url(asked), YES)
    assert client.get(page(asked)).status_code == 200
    role = "patient" if who == "maya" else "parent"
    assert agreed(asked) == [(who, role)]
    now = timezone.now()
    assert (
        now - timedelta(minutes=1) < Consent.objects.get(user__username=who, wording=WORDING).agreed_at <= now
    )


def test_home_leads_there(cast, asked):
    assert signed_in(cast.maya).get(reverse("today"))["Location"] == url(asked)
    assert signed_in(cast.dana).get(reverse("family"))["Location"] == url(asked)
    assert signed_in(cast.maya).post(url(asked), YES)["Location"] == reverse("today")
    assert signed_in(cast.dana).post(url(asked), YES)["Location"] == reverse("family")


def test_one_child_that_is_not_agreed_for_does_not_hide_another(cast, asked, parent):
    leo = factories.patient("Leo")
    factories.link(leo, cast.dana, "parent")
    factories.program(leo)
    response = parent.get(reverse("family"))
    assert response.status_code == 200
    html = text(response)
    assert url(asked) in html and reverse("sessions", args=[leo.code]) in html
    assert reverse("sessions", args=[asked.code]) not in html
    assert len(re.findall(r'data-day="[\d-]+" data-status=', html)) == 7


def test_agreeing_for_one_record_is_for_that_record(cast, asked, parent):
    leo = factories.patient("Leo")
    factories.link(leo, cast.dana, "parent", consented_to="")
    parent.post(url(leo), YES)
    assert parent.get(page(asked))["Location"] == url(asked)
    assert agreed(asked) == [] and agreed(leo) == [("dana", "parent")]


def test_therapists_are_not_asked(cast, asked, therapist):
    assert therapist.get(page(asked)).status_code == 200


def test_what_was_sent_before_agreeing_is_kept(cast, asked, teen):
    session = {"id": str(uuid4()), "day": asked.today(), "strand": "cardio", "minutes": 15}
    response = teen.post(page(asked, "sessions"), session, headers={"Accept": "application/json"})
    assert response.status_code == 201


def test_again_changes_nothing(asked, teen):
    teen.post(url(asked), YES)
    before = rows()
    assert teen.post(url(asked), YES).status_code == 302
    assert rows() == before


def test_somebody_who_comes_back_is_kept_as_agreeing_once(cast, patient):
    consents.keep_consent(patient.team.get(user=cast.dana))
    patient.team.filter(user=cast.dana).update(until=patient.created_at)
    again = factories.link(patient, cast.dana, "parent", consented_to="")
    consents.keep_consent(again)
    again.refresh_from_db()
    assert again.consented_to == WORDING
    assert agreed(patient) == [("dana", "parent")]


@pytest.mark.parametrize("data", [{}, {"agree": "no"}, {"agree": ""}])
def test_anything_but_yes_agrees_to_nothing(asked, teen, data):
    before = rows()
    assert teen.post(url(asked), data).status_code == 422
    assert rows() == before


def test_not_now_leads_to_more(asked, teen):
    assert f'href="{reverse("more")}"' in text(teen.get(url(asked)))
    assert teen.get(reverse("more")).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("lee", 403), ("noor", 404), ("kim", 404), ("sam", 404)])
def test_nobody_else_agrees(cast, asked, who, status):
    client, before = signed_in(getattr(cast, who)), rows()
    assert client.get(url(asked)).status_code == status
    assert client.post(url(asked), YES).status_code == status
    assert rows() == before


def test_a_record_that_is_not_there(teen):
    before = rows()
    assert teen.post(reverse("consent", args=[uuid4()]), YES).status_code == 404
    assert rows() == before


def test_other_methods_do_not_exist(teen, patient):
    for method in ("put", "patch", "delete"):
        assert getattr(teen, method)(url(patient)).status_code == 405


# --- who agreed ---------------------------------------------------------------------------------------------


def test_the_team_reads_who_agreed_and_to_what(cast, asked, teen):
    teen.post(url(asked), YES)
    found = agreements(factories.viewer(asked, cast.lee))
    assert [(one.name, one.role, one.current) for one in found] == [
        ("maya", "patient", False),
        ("dana", "parent", False),
        ("maya", "patient", True),
    ]
    assert found[-1].wording == WORDING and found[-1].at.tzinfo is None
    assert "an earlier text" in text(teen.get(url(asked)))


def test_it_is_one_query(cast, asked, django_assert_num_queries):
    viewer = factories.viewer(asked, cast.lee)
    with django_assert_num_queries(1):
        agreements(viewer)


def test_another_familys_is_not_there(cast, asked):
    Consent.objects.create(patient=cast.other, user=cast.omar, role="parent", wording=WORDING)
    assert {one.name for one in agreements(factories.viewer(asked, cast.maya))} == {"maya", "dana"}


def test_an_agreement_is_never_changed_or_taken_away(asked):
    with pytest.raises(PermissionDenied):
        Consent.objects.update(wording="another")
    with pytest.raises(PermissionDenied):
        Consent.objects.all().delete()
    with pytest.raises(PermissionDenied):
        Consent.objects.earliest("pk").delete()
