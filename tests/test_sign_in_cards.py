"""A printed card signs a locked-out teen or parent in once: who makes it, for whom, how long it works."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises import access, codes
from exercises.models import Change, Notice, SignInCard, User
from exercises.queries import sign_in_cards as queries
from exercises.services import sign_in_cards as cards
from exercises.words import news_sentence
from tests import factories
from tests.conftest import signed_in
from tests.factories import PASSWORD
from tests.worlds import rows

CARD, NEW_PASSWORD = reverse("card"), reverse("card-password")
NEXT_PASSWORD = "three new words here"
DAY = timedelta(days=1)


@pytest.fixture
def index(patient):
    return reverse("sign-in-cards", args=[patient.code])


def link_of(patient, user):
    return patient.team.get(user=user)


def make(client, index, link):
    return client.post(index, {"member": link.pk})


def code_on(page):
    match = re.search(r"[A-HJ-NP-Z2-9]{4}(-[A-HJ-NP-Z2-9]{4}){2}", page.text)
    assert match, "no code on this page"
    return match[0]


@pytest.fixture
def code(cast, patient):
    """The plain code of a card for maya."""
    viewer = factories.viewer(patient, cast.lee)
    return cards.make(viewer=viewer, member=link_of(patient, cast.maya).pk)[1]


def enter(client, code, username="maya"):
    return client.post(CARD, {"username": username, "code": code})


def who_is_in(client):
    return client.session.get("_auth_user_id")


# --- making --------------------------------------------------------------------------------------------


def test_a_therapist_makes_one_for_a_teen_and_prints_it(cast, patient, therapist, index):
    assert "Print a card for" in therapist.get(index).text
    response = make(therapist, index, link_of(patient, cast.maya))
    card = SignInCard.objects.get()
    assert response["Location"] == reverse("sign-in-card", args=[patient.code, card.pk])
    assert (card.user, card.patient, card.made_by) == (cast.maya, patient, cast.lee)
    assert card.expires_at - card.made_at == DAY
    page = therapist.get(response["Location"])
    printed = code_on(page)
    assert card.code_digest == queries.digest_of(codes.normalise(printed))
    assert enter(Client(), printed)["Location"] == NEW_PASSWORD


def test_the_person_is_told_and_the_trail_knows(cast, patient, code):
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.patient) == (cast.maya, "card_made", patient)
    assert "lee printed a sign-in card for you" in news_sentence(notice.kind, notice.params)
    change = Change.objects.get(subject="team")
    assert (change.what, change.by, change.after) == ("card made", cast.lee, {"role": "patient"})


def test_the_code_is_stored_nowhere_and_shown_for_ten_minutes(cast, patient, therapist, index):
    url = make(therapist, index, link_of(patient, cast.maya))["Location"]
    printed = code_on(therapist.get(url))
    assert codes.normalise(printed) not in str(rows())
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        page = therapist.get(url)
    assert printed not in page.text
    assert "was shown once" in page.text


def test_the_time_is_that_of_the_family(cast, patient, therapist, index):
    with time_machine.travel(datetime(2026, 11, 20, 22, 20, tzinfo=UTC)):
        client = signed_in(cast.lee)
        url = make(client, index, link_of(patient, cast.maya))["Location"]
        for page in (client.get(url), client.get(index)):
            assert "Sat, Nov 21, 4:20 p.m." in page.text


def test_the_paper_does_not_name_the_account(cast, patient, index, therapist):
    url = make(therapist, index, link_of(patient, cast.dana))["Location"]
    paper = therapist.get(url).text.split('class="card invitation"')[1].split("</section>")[0]
    assert "dana" not in paper
    cast.dana.first_name = "Dana R."
    cast.dana.save()
    paper = therapist.get(url).text.split('class="card invitation"')[1].split("</section>")[0]
    assert "A way in for Dana R." in paper


def test_another_therapist_does_not_see_the_code(cast, patient, therapist, index):
    colleague = factories.user("ana", is_clinician=True)
    factories.link(patient, colleague, "therapist", discipline="ot")
    url = make(therapist, index, link_of(patient, cast.maya))["Location"]
    printed = code_on(therapist.get(url))
    assert printed not in signed_in(colleague).get(url).text
    assert "Works once" in signed_in(colleague).get(index).text


def test_a_parent_gets_one_too(cast, patient, therapist, index):
    make(therapist, index, link_of(patient, cast.dana))
    assert SignInCard.objects.get().user == cast.dana


def test_a_second_card_takes_the_first_one_back(cast, patient, code):
    viewer = factories.viewer(patient, cast.lee)
    _card, second = cards.make(viewer=viewer, member=link_of(patient, cast.maya).pk)
    assert enter(Client(), code).status_code == 422
    assert enter(Client(), second).status_code == 302


@pytest.mark.parametrize("who", ["teen", "parent", "stranger"])
def test_nobody_else_makes_one(request, cast, patient, index, who):
    client, before = request.getfixturevalue(who), rows()
    for link in patient.team.all():
        assert make(client, index, link).status_code == (404 if who == "stranger" else 403)
    assert rows() == before


def test_never_a_parent_for_a_teen_though_they_work_here(cast, patient):
    cast.dana.is_clinician = True
    cast.dana.save()
    factories.link(patient, cast.dana, "therapist", discipline="pt")
    viewer = factories.viewer(patient, cast.dana)
    assert viewer.may(access.EDIT_PROGRAM)
    assert not viewer.may(access.SIGN_IN_CARD)
    before = rows()
    client = signed_in(cast.dana)
    index = reverse("sign-in-cards", args=[patient.code])
    assert make(client, index, link_of(patient, cast.maya)).status_code == 403
    assert rows() == before


def test_only_for_the_family_of_this_record(cast, patient, therapist, index):
    ended = factories.link(patient, cast.sam, "parent", until=timezone.now() - DAY)
    gone = factories.link(patient, factories.user("gone", is_active=False), "parent")
    works_here = factories.link(patient, factories.user("doc", is_clinician=True), "parent")
    before = rows()
    others = (ended, gone, works_here, link_of(patient, cast.lee), link_of(cast.other, cast.noor))
    for link in others:
        response = make(therapist, index, link)
        assert response.status_code == 422
        assert "Choose somebody from the list" in response.text
    assert rows() == before


@pytest.mark.parametrize("member", ["", "x", "0", "-1", "999999", str(2**63), "1" * 5000, "\x00"])
def test_bad_input(therapist, index, member):
    before = rows()
    assert therapist.post(index, {"member": member}).status_code == 422
    assert rows() == before


def test_the_password_is_asked_for_first(cast, patient, therapist, index):
    session = therapist.session
    session.pop("account_authentication_methods")
    session.save()
    before = rows()
    response = make(therapist, index, link_of(patient, cast.maya))
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert rows() == before


def test_a_card_is_taken_back(cast, patient, therapist, index, code):
    card = SignInCard.objects.get()
    url = reverse("sign-in-card-revoke", args=[patient.code, card.pk])
    for _time in range(2):
        assert therapist.post(url)["Location"] == index
    assert Change.objects.filter(what="card taken back").count() == 1
    assert enter(Client(), code).status_code == 422


def test_a_used_card_stays_used(cast, patient, therapist, code):
    enter(Client(), code)
    card = SignInCard.objects.get()
    therapist.post(reverse("sign-in-card-revoke", args=[patient.code, card.pk]))
    card.refresh_from_db()
    assert card.used_at
    assert card.revoked_at is None


def test_a_card_of_another_record_is_unknown(cast, therapist, code):
    card, _code = cards.make(
        viewer=factories.viewer(cast.other, cast.kim), member=link_of(cast.other, cast.noor).pk
    )
    before = rows()
    for name, method in (("sign-in-card", "get"), ("sign-in-card-revoke", "post")):
        for pk in (card.pk, 999999, 10**40):
            url = reverse(name, args=[cast.patient.code, pk])
            assert getattr(therapist, method)(url).status_code == 404
    assert rows() == before


# --- coming in -----------------------------------------------------------------------------------------


def test_a_card_signs_in_once(cast, code):
    client = Client()
    response = enter(client, f" {codes.grouped(code).lower()} ", " Maya ")
    assert response["Location"] == NEW_PASSWORD
    assert who_is_in(client) == str(cast.maya.pk)
    assert SignInCard.objects.get().used_at
    assert Notice.objects.filter(user=cast.maya, kind="card_used").exists()
    assert enter(Client(), code).status_code == 422


def dead_wrong(cast, code):
    return "ABCDEFGHJKLM", "maya"


def dead_no_code(cast, code):
    return "short", "maya"


def dead_other_person(cast, code):
    return code, "dana"


def dead_nobody(cast, code):
    return code, "nobody"


def dead_used(cast, code):
    enter(Client(), code)
    return code, "maya"


def dead_old(cast, code):
    SignInCard.objects.update(expires_at=timezone.now())
    return code, "maya"


def dead_taken_back(cast, code):
    SignInCard.objects.update(revoked_at=timezone.now())
    return code, "maya"


def dead_left(cast, code):
    User.objects.filter(pk=cast.maya.pk).update(is_active=False)
    return code, "maya"


def dead_link_ended(cast, code):
    cast.patient.team.filter(user=cast.maya).update(until=timezone.now())
    return code, "maya"


def dead_clinician_now(cast, code):
    User.objects.filter(pk=cast.maya.pk).update(is_clinician=True)
    return code, "maya"


def dead_maker_left_the_team(cast, code):
    cast.patient.team.filter(user=cast.lee).update(until=timezone.now())
    return code, "maya"


def dead_maker_left(cast, code):
    User.objects.filter(pk=cast.lee.pk).update(is_active=False)
    return code, "maya"


DEAD = [value for name, value in list(globals().items()) if name.startswith("dead_")]


@pytest.mark.parametrize("dead", DEAD, ids=lambda dead: dead.__name__)
def test_a_card_that_does_not_work_gets_one_answer_and_changes_nothing(cast, code, dead):
    typed, username = dead(cast, code)
    before, client = rows(), Client()
    response = enter(client, typed, username)
    assert response.status_code == 422
    assert who_is_in(client) is None
    assert rows() == before
    # The same page for all, but for what was typed.
    other = enter(Client(), "ZZZZZZZZZZZZ", "zoe")
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", response.text) == strip.sub("", other.text)
    assert f'value="{username}"' in response.text
    assert "This card does not work" in response.text


def test_a_card_is_used_once_also_when_two_use_it_at_once(cast, code, monkeypatch):
    """Both have found it open; the first one's update lets the second one's find nothing."""
    card = queries.find_standing(code, "maya")
    monkeypatch.setattr(queries, "find_standing", lambda *_typed: card)
    assert cards.use(code=code, username="maya") == cast.maya
    assert cards.use(code=code, username="maya") is None
    assert Notice.objects.filter(kind="card_used").count() == 1


@pytest.mark.parametrize(
    ("username", "code"), [("", ""), ("maya", ""), ("maya\x00", "x"), ("m" * 200, "x"), ("maya", "x" * 41)]
)
def test_boxes_that_cannot_be_right(db, username, code):
    response = enter(Client(), code, username)
    assert response.status_code == 422
    assert "invalid-feedback" in response.text


def test_row_18_after_ten_wrong_cards_also_a_right_one_waits(cast, code):
    cache.clear()
    client = Client()
    for _try in range(10):
        assert enter(client, "ABCDEFGHJKLM").status_code == 422
    response = enter(client, code)
    assert response.status_code == 429
    assert response["Retry-After"]
    assert SignInCard.objects.get().used_at is None
    assert enter(Client(REMOTE_ADDR="192.0.2.7"), code).status_code == 302
    cache.clear()


def test_whoever_has_a_second_factor_is_asked_for_it(cast, code):
    Authenticator.objects.create(user=cast.maya, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = Client()
    assert enter(client, code)["Location"] == reverse("mfa_authenticate")
    assert who_is_in(client) is None
    assert client.get(NEW_PASSWORD).status_code == 302


def test_somebody_elses_sign_in_ends_first(cast, code, parent):
    session = parent.session
    session["left"] = "behind"
    session.save()
    enter(parent, code)
    assert who_is_in(parent) == str(cast.maya.pk)
    assert "left" not in parent.session


def test_the_sign_in_page_is_signed_out(client, db):
    page = client.get(CARD)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert client.put(CARD).status_code == 405
    assert Client(enforce_csrf_checks=True).post(CARD, {}).status_code == 403


# --- the new password ----------------------------------------------------------------------------------


@pytest.fixture
def came_in(code):
    client = Client()
    enter(client, code)
    return client


def choose(client, password=NEXT_PASSWORD, again=None):
    return client.post(NEW_PASSWORD, {"password1": password, "password2": again or password})


def test_a_new_password_without_the_old_one(cast, came_in):
    elsewhere = signed_in(cast.maya)
    assert "Choose a new password" in came_in.get(NEW_PASSWORD).text
    assert choose(came_in)["Location"] == "/"
    cast.maya.refresh_from_db()
    assert cast.maya.check_password(NEXT_PASSWORD)
    assert who_is_in(came_in) == str(cast.maya.pk)
    assert came_in.get(reverse("more")).status_code == 200
    assert elsewhere.get(reverse("more")).status_code == 302


def test_only_once(cast, came_in):
    choose(came_in)
    assert choose(came_in, "another four words here")["Location"] == reverse("account_change_password")
    cast.maya.refresh_from_db()
    assert cast.maya.check_password(NEXT_PASSWORD)


def test_only_for_an_hour(cast, came_in):
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert choose(came_in)["Location"] == reverse("account_change_password")
    cast.maya.refresh_from_db()
    assert cast.maya.check_password(PASSWORD)


def test_only_for_the_person_of_the_card(cast, parent, came_in):
    session = parent.session
    session["new_password"] = came_in.session["new_password"]
    session.save()
    choose(parent)
    cast.dana.refresh_from_db()
    assert cast.dana.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "again"), [("tiny-secret", "tiny-secret"), (NEXT_PASSWORD, "not the same words")]
)
def test_a_weak_or_mistyped_one_is_refused(cast, came_in, password, again):
    response = choose(came_in, password, again)
    assert response.status_code == 422
    assert "invalid-feedback" in response.text
    assert password not in response.text
    cast.maya.refresh_from_db()
    assert cast.maya.check_password(PASSWORD)


def test_it_can_wait(came_in):
    assert 'href="/"' in came_in.get(NEW_PASSWORD).text
    assert came_in.get(reverse("today")).status_code == 200


@pytest.mark.parametrize("who", ["teen", "parent", "therapist"])
def test_without_a_card_there_is_no_such_page(request, who):
    client = request.getfixturevalue(who)
    assert client.get(NEW_PASSWORD)["Location"] == reverse("account_change_password")
    assert choose(client)["Location"] == reverse("account_change_password")


# --- the service ---------------------------------------------------------------------------------------


def test_making_one_for_oneself_is_refused(cast, patient):
    """Somebody who is a therapist and, once, of the family."""
    viewer = factories.viewer(patient, cast.lee)
    with pytest.raises(ValidationError):
        cards.make(viewer=viewer, member=link_of(patient, cast.lee).pk)


def test_the_teen_stands_first(cast, patient):
    found = queries.holders(patient, but=cast.lee)
    assert [(row.name, str(row.role)) for row in found] == [("maya", "teen"), ("dana", "parent")]


@pytest.mark.parametrize("count", [1, 6])
def test_queries_do_not_grow_with_cards(cast, patient, therapist, index, django_assert_num_queries, count):
    for number in range(count):
        link = factories.link(patient, factories.user(f"parent{number}"), "parent")
        cards.make(viewer=factories.viewer(patient, cast.lee), member=link.pk)
    therapist.get(index)  # who looked is written once an hour
    with django_assert_num_queries(5):
        assert f"parent{count - 1}" in therapist.get(index).text
