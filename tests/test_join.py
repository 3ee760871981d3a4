"""Joining with a code: what is said before the click, who may say yes, and what happens to two records."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from exercises import codes, session_keys
from exercises.models import (
    Change,
    Consent,
    Invitation,
    LadderMove,
    Note,
    Notice,
    Program,
    RoutinePeriod,
    RoutineSlot,
    Stopwatch,
)
from exercises.queries import invitations as queries
from exercises.services import invitations as services
from exercises.services import merging
from exercises.wording import WORDING
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

YES = {"answer": "yes", "agree": "on"}


@pytest.fixture(autouse=True)
def _no_guesses_yet(db):
    cache.clear()


def made(patient, by, role="parent", **fields):
    return services.invite(viewer=factories.viewer(patient, by), role=role, **fields)


def join_url(code):
    return reverse("join-code", args=[codes.grouped(code)])


def accept(user, code, **data):
    return signed_in(user).post(join_url(code), YES | data)


@pytest.fixture
def clinics(cast):
    """A record that kim has opened for a child: nothing is in it, and nobody else is on it."""
    record = factories.patient("Maya at the clinic", kept_by="clinic")
    factories.link(record, cast.kim, "therapist", discipline="pt")
    return record


def kept_by_parent(parent, name="Maya at home", **fields):
    record = factories.patient(name, opened_as="parent", **fields)
    factories.link(record, parent, "parent")
    return record


# --- typing a code -----------------------------------------------------------------------------------------


def test_a_typed_code_leads_to_its_page(cast, patient):
    _invitation, code = made(patient, cast.lee)
    typed = codes.grouped(code).lower().replace("-", " ")
    assert Client().post(reverse("join"), {"code": typed})["Location"] == join_url(code)


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH-JKL0", "x" * 61, "ABCD\x00EFGHJKLM", "🎉" * 12])
def test_what_cannot_be_a_code_is_told_at_the_field(db, typed):
    response = Client().post(reverse("join"), {"code": typed})
    assert response.status_code == 422
    assert response.context["form"].errors["code"]


def test_the_page_is_for_everybody(teen):
    for client in (Client(), teen):
        assert client.get(reverse("join")).status_code == 200
        assert client.put(reverse("join")).status_code == 405


# --- codes that lead nowhere -------------------------------------------------------------------------------


def dead_codes(cast, patient):
    """How a code died, and the code."""
    used, used_code = made(patient, cast.lee, "therapist")
    services.accept(user=cast.kim, invitation=used)
    revoked, revoked_code = made(patient, cast.lee)
    services.revoke(viewer=factories.viewer(patient, cast.lee), invitation=revoked)
    expired, expired_code = made(patient, cast.lee)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    _orphan, orphan_code = made(patient, cast.dana, "therapist")
    patient.team.filter(user=cast.dana).update(until=timezone.now())
    return [codes.new_code(), used_code, revoked_code, expired_code, orphan_code]


def test_guessed_used_revoked_and_expired_codes_get_one_answer_and_change_nothing(cast, patient):
    dead = dead_codes(cast, patient)
    before = rows()
    answers = set()
    for code in dead:
        client = signed_in(cast.sam)
        cache.clear()
        for response in (client.get(join_url(code)), client.post(join_url(code), YES)):
            body = response.content.decode().replace(codes.grouped(code), "")
            token = response.context["csrf_token"]
            answers.add((response.status_code, body.replace(str(token), "")))
            assert "Maya" not in body
    assert {status for status, _body in answers} == {404}
    assert len({body.split("csrfmiddlewaretoken")[0] for _status, body in answers}) == 1
    assert rows() == before


@pytest.mark.parametrize("code", ["x", "a-b", "%00", "ABCD-EFGH-JKLM-NPQR", "1" * 300])
def test_odd_addresses_lead_nowhere(cast, code):
    assert Client().get(f"/join/{code}/").status_code == 404


def test_row_18_after_ten_wrong_codes_also_a_right_one_waits(cast, patient):
    _invitation, code = made(patient, cast.lee)
    client = Client()
    for _number in range(10):
        assert client.get(join_url(codes.new_code())).status_code == 404
    assert client.get(join_url(codes.new_code())).status_code == 429
    refused = client.get(join_url(code))
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert client.post(join_url(code), {"way": "sign-in"}).status_code == 429
    # Another address, and somebody signed in behind this one, go on.
    assert Client(REMOTE_ADDR="203.0.113.9").get(join_url(code)).status_code == 200
    assert signed_in(cast.sam).get(join_url(code)).status_code == 200


def test_row_18_a_persons_guesses_are_counted_over_addresses(cast):
    for number in range(10):
        signed_in(cast.sam, REMOTE_ADDR=f"203.0.113.{number}").get(join_url(codes.new_code()))
    assert signed_in(cast.sam).get(join_url(codes.new_code())).status_code == 429


def test_a_forged_address_does_not_start_anew(db):
    for number in range(10):
        Client(HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").get(join_url(codes.new_code()))
    forged = Client(HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert forged.get(join_url(codes.new_code())).status_code == 429


# --- before the click --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "texts"),
    [
        ("parent", ["What a parent sees and does", "What the others see of you", "Nobody watches"]),
        ("therapist", ["What a therapist sees and does", "Sets the program", "second step at sign-in"]),
    ],
)
def test_the_page_says_who_invites_to_what_and_who_sees_what(cast, patient, role, texts):
    _invitation, code = made(patient, cast.lee, role)
    before = rows()
    body = signed_in(cast.sam).get(join_url(code)).content.decode()
    for text in ["lee", "Maya R.", "Good until", "Yes, I join", "No thanks", *texts]:
        assert text in body, text
    assert rows() == before


def test_a_clinician_is_not_told_that_they_become_one(cast, patient):
    _invitation, code = made(patient, cast.lee, "therapist")
    for user, told in ((cast.sam, True), (cast.kim, False)):
        page = signed_in(user).get(join_url(code)).content.decode()
        assert "Yes, I join" in page
        assert ("second step at sign-in" in page) is told


def test_nobody_agrees_to_words_they_do_not_see(cast, patient):
    """The consent that a yes keeps is to the wording on the same page; a therapist is asked for none."""
    for role, shown in (("parent", True), ("therapist", False)):
        _invitation, code = made(patient, cast.lee, role)
        body = signed_in(cast.sam).get(join_url(code)).content.decode()
        assert ("There is no birth date and no record number." in body) is shown
        assert ('name="agree"' in body) is shown


def test_a_teen_reads_what_parents_and_therapists_will_see(cast, clinics):
    _invitation, code = made(clinics, cast.kim, "patient")
    body = signed_in(cast.sam).get(join_url(code)).content.decode()
    assert "What a parent sees and does" in body
    assert "What a therapist sees and does" in body


def test_a_parent_of_a_child_without_an_account_reads_that_nothing_is_hidden(cast, clinics):
    _invitation, code = made(clinics, cast.kim, "parent")
    body = signed_in(cast.sam).get(join_url(code)).content.decode()
    assert "while the child has no account" in body


def test_somebody_signed_out_reads_it_and_comes_back_after_signing_in(cast, patient):
    _invitation, code = made(patient, cast.lee)
    client = Client()
    body = client.get(join_url(code)).content.decode()
    assert "Maya R." in body
    assert "Yes, I join" not in body
    before = rows()
    for way, name in (("sign-in", "account_login"), ("sign-up", "account_signup"), ("", "account_login")):
        response = client.post(join_url(code), YES | {"way": way})
        assert response["Location"] == f"{reverse(name)}?next={join_url(code).replace('/', '%2F')}"
        assert client.session[session_keys.PENDING_CODE] == code
    assert rows() == before


def test_no_thanks_changes_nothing_and_leaves_the_code(cast, patient):
    _invitation, code = made(patient, cast.lee)
    before = rows()
    assert signed_in(cast.sam).post(join_url(code), {"answer": "no"})["Location"] == reverse("home")
    assert rows() == before
    assert services.find_open(code)


# --- saying yes --------------------------------------------------------------------------------------------


def test_a_parent_joins_agrees_and_everybody_is_told(cast, patient):
    invitation, code = made(patient, cast.lee)
    response = accept(cast.sam, code)
    assert response["Location"] == reverse("patient", args=[patient.code])
    link = patient.team.get(user=cast.sam)
    assert (link.role, link.of_age, link.consented_to) == ("parent", False, WORDING)
    assert Consent.objects.get(user=cast.sam, patient=patient).role == "parent"
    assert set(Notice.objects.filter(kind="joined_parent").values_list("user__username", flat=True)) == {
        "maya",
        "dana",
        "lee",
    }
    invitation.refresh_from_db()
    assert (invitation.used_by, services.find_open(code)) == (cast.sam, None)
    assert Change.objects.get(subject="team", what="joined").by == cast.sam
    assert signed_in(cast.sam).get(response["Location"]).status_code == 200


def test_a_therapist_joins_and_is_a_clinician_from_then_on(cast, patient):
    _invitation, code = made(patient, cast.dana, "therapist", discipline="psychology")
    assert accept(cast.sam, code)["Location"] == reverse("home")
    cast.sam.refresh_from_db()
    link = patient.team.get(user=cast.sam)
    assert (cast.sam.is_clinician, link.role, link.discipline) == (True, "therapist", "psychology")
    assert not Consent.objects.filter(user=cast.sam).exists()


def test_a_teen_joins_a_record_without_one(cast, clinics):
    _invitation, code = made(clinics, cast.kim, "patient")
    assert accept(cast.sam, code).status_code == 302
    assert factories.viewer(clinics, cast.sam).is_teen


def test_yes_without_agreeing_is_refused_at_the_box(cast, patient):
    _invitation, code = made(patient, cast.lee)
    before = rows()
    response = signed_in(cast.sam).post(join_url(code), {"answer": "yes"})
    assert response.status_code == 422
    assert "tick the box" in response.content.decode()
    assert rows() == before


def test_row_12_yes_needs_a_fresh_sign_in(cast, patient):
    _invitation, code = made(patient, cast.lee)
    client = Client()
    client.force_login(cast.sam)
    response = client.post(join_url(code), YES)
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert not patient.team.filter(user=cast.sam).exists()
    client.post(response["Location"], {"password": factories.PASSWORD})
    assert patient.team.filter(user=cast.sam, role="parent").exists()


def test_nobody_decides_the_role_but_the_invitation(cast, patient):
    _invitation, code = made(patient, cast.lee, "therapist", discipline="nursing")
    accept(cast.sam, code, role="patient", discipline="psychology", patient=cast.other.pk, of_age="1")
    link = cast.sam.links.get()
    assert (link.patient, link.role, link.discipline, link.of_age) == (patient, "therapist", "nursing", False)


def test_an_invitation_that_waits_says_so_and_opens_nothing(cast, patient):
    invitation, code = made(patient, cast.dana)
    before = rows()
    client = signed_in(cast.sam)
    page = client.get(join_url(code))
    assert "has to agree" in page.content.decode()
    assert "Maya" not in page.content.decode()
    assert client.post(join_url(code), YES).status_code == 422
    with pytest.raises(services.Dead):
        services.accept(user=cast.sam, invitation=invitation)
    assert rows() == before
    services.agree(viewer=factories.viewer(patient, cast.lee), invitation=invitation)
    assert client.post(join_url(code), YES).status_code == 302


def test_once_a_therapist_is_there_a_parents_open_invitation_of_a_parent_waits(cast):
    record = kept_by_parent(cast.sam)
    second, _code = made(record, cast.sam)
    first, _code = made(record, cast.sam, "therapist")
    assert not second.waits_for_word
    services.accept(user=cast.kim, invitation=first)
    second.refresh_from_db()
    assert second.waits_for_word
    assert Notice.objects.get(kind="word_asked").user == cast.kim


# --- not for you -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "who", "said"),
    [
        ("parent", "maya", "for somebody else"),
        ("parent", "dana", "on this team already"),
        ("therapist", "dana", "for somebody else"),
        ("therapist", "lee", "on this team already"),
        ("parent", "lee", "for somebody else"),
    ],
)
def test_who_is_on_the_team_cannot_take_a_place_more(cast, patient, role, who, said):
    """Among them a teen who opens the parent's link."""
    _invitation, code = made(patient, cast.lee, role)
    before, client = rows(), signed_in(getattr(cast, who))
    page = client.get(join_url(code)).content.decode()
    assert said in page
    assert "Yes, I join" not in page
    assert client.post(join_url(code), YES).status_code == 422
    assert rows() == before


def test_a_parent_who_left_does_not_come_back_as_the_teen(cast, patient):
    patient.team.filter(user=cast.maya).update(until=timezone.now())
    _invitation, code = made(patient, cast.dana, "patient")
    patient.team.filter(user=cast.dana).update(until=timezone.now() + timedelta(hours=1))
    before = rows()
    response = accept(cast.dana, code)
    assert response.status_code == 422
    assert rows() == before
    patient.team.filter(user=cast.dana).update(until=timezone.now() - timedelta(hours=1))
    invitation = Invitation.objects.get()
    assert "for somebody else" in str(queries.hindrance(cast.dana, invitation))


def test_a_parent_who_left_may_be_invited_back(cast, patient):
    patient.team.filter(user=cast.dana).update(until=timezone.now())
    _invitation, code = made(patient, cast.maya)
    assert accept(cast.dana, code).status_code == 302
    assert factories.viewer(patient, cast.dana).entered_as == "parent"


def test_a_place_that_was_taken_meanwhile_is_refused(cast, clinics):
    first, _code = made(clinics, cast.kim, "patient")
    _second, code = made(clinics, cast.kim, "patient")
    services.accept(user=cast.sam, invitation=first)
    before = rows()
    other = factories.user("ole")
    response = accept(other, code)
    assert response.status_code == 422
    assert "has a teen already" in response.content.decode()
    assert rows() | {"User": 0} == before | {"User": 0}


def test_a_teen_with_a_full_record_keeps_it(cast, clinics):
    factories.session(cast.patient, cast.maya)
    factories.session(clinics, cast.kim)
    _invitation, code = made(clinics, cast.kim, "patient")
    before, client = rows(), signed_in(cast.maya)
    page = client.get(join_url(code)).content.decode()
    assert "a record of your own already" in page
    for keep in ("", str(cast.patient.code)):
        assert client.post(join_url(code), YES | {"keep": keep}).status_code == 422
    assert rows() == before


def test_two_with_one_code_the_second_gets_the_dead_page(cast, patient):
    """Both read the page before either says yes."""
    invitation, code = made(patient, cast.lee)
    stale = Invitation.objects.select_related("patient", "made_by").get()
    services.accept(user=cast.sam, invitation=invitation)
    before = rows()
    with pytest.raises(services.Dead):
        services.accept(user=cast.omar, invitation=stale)
    assert accept(cast.omar, code).status_code == 404
    assert rows() == before


def test_one_person_taking_two_places_at_once_is_refused_by_the_database(cast, clinics, monkeypatch):
    """The look before the leap sees nothing; the constraint does."""
    invitation, _code = made(clinics, cast.kim, "patient")
    monkeypatch.setattr(queries, "hindrance", lambda *_: "")
    monkeypatch.setattr("exercises.models.CareTeamMember.full_clean", lambda self: None)
    before = rows()
    with pytest.raises(ValidationError):
        services.accept(user=cast.maya, invitation=invitation)
    assert rows() == before


# --- one of two records ------------------------------------------------------------------------------------


def test_the_team_joins_the_record_that_a_parent_keeps_and_the_empty_one_closes(cast, clinics):
    own = kept_by_parent(cast.sam)
    factories.session(own, cast.sam)
    colleague = factories.user("cleo", is_clinician=True)
    factories.link(clinics, colleague, "therapist", discipline="psychology")
    factories.program(clinics, clinics.today(), cardio=20, created_by=cast.kim)
    _other, other_code = made(clinics, cast.kim, "therapist")
    _invitation, code = made(clinics, cast.kim, "parent")
    page = signed_in(cast.sam).get(join_url(code)).content.decode()
    assert "Yes: Maya at home" in page
    assert "kim, cleo" in page
    response = accept(cast.sam, code, keep=str(own.code))
    assert response["Location"] == reverse("patient", args=[own.code])
    assert set(own.team.values_list("user__username", "role", "discipline", "until")) == {
        ("sam", "parent", "", None),
        ("kim", "therapist", "pt", None),
        ("cleo", "therapist", "psychology", None),
    }
    assert set(clinics.team.values_list("end_reason", "ended_by")) == {("merged", cast.sam.pk)}
    own.refresh_from_db()
    assert own.kept_by == "family"
    assert services.find_open(other_code) is None
    for user, record, status in ((cast.kim, clinics, 404), (cast.kim, own, 200), (cast.sam, clinics, 404)):
        assert signed_in(user).get(reverse("patient", args=[record.code])).status_code == status
    assert set(Notice.objects.filter(kind="merged").values_list("user__username", flat=True)) == {
        "kim",
        "cleo",
    }
    assert Change.objects.get(patient=own, what="merged").after == {"roles": ["therapist", "therapist"]}
    assert Change.objects.get(patient=clinics, what="closed").by == cast.sam


def test_a_parents_open_invitation_of_a_parent_waits_for_the_word_of_the_team_that_joins(cast, clinics):
    own = kept_by_parent(cast.sam)
    open_before, _code = made(own, cast.sam, "parent")
    assert not open_before.needs_word
    _invitation, code = made(clinics, cast.kim, "parent")
    assert accept(cast.sam, code, keep=str(own.code)).status_code == 302
    open_before.refresh_from_db()
    assert open_before.waits_for_word
    assert Notice.objects.get(kind="word_asked").user == cast.kim


def test_the_inviting_teams_program_comes_along_from_tomorrow(cast, clinics):
    own = kept_by_parent(cast.sam)
    factories.program(own, cardio=5, created_by=cast.sam)
    program = factories.program(clinics, clinics.today(), cardio=20, created_by=cast.kim)
    factories.item(program, factories.activity("Kim's own", owner=cast.kim), reps=7)
    invitation, _code = made(clinics, cast.kim)
    assert merging.keep_one(user=cast.sam, invitation=invitation, own=own) == own
    latest = Program.objects.standing().filter(patient=own).order_by("starts_on").last()
    assert latest and (latest.cardio, latest.created_by) == (20, cast.kim)
    assert latest.starts_on == own.today() + timedelta(days=1)
    assert latest.items.get().reps == 7
    assert own.programs.count() == 2


def test_two_therapists_programs_do_not_become_one(cast, clinics):
    own = kept_by_parent(cast.sam)
    factories.link(own, cast.lee, "therapist")
    factories.program(own, created_by=cast.lee)
    factories.program(clinics, created_by=cast.kim)
    invitation, code = made(clinics, cast.kim)
    before = rows()
    assert "cannot become one" in signed_in(cast.sam).get(join_url(code)).content.decode()
    assert accept(cast.sam, code, keep=str(own.code)).status_code == 422
    with pytest.raises(ValidationError):
        merging.keep_one(user=cast.sam, invitation=invitation, own=own)
    assert rows() == before


def put_something_in(record, what, by):
    today, entered = record.today(), {"patient": record, "entered_as": "therapist"}
    match what:
        case "session":
            factories.session(record, by)
        case "note":
            Note.objects.create(day=today, text="x", author=by, **entered)
        case "a timer that runs":
            Stopwatch.objects.create(strand="cardio", started_by=by, **entered)
        case "routine":
            RoutineSlot.objects.create(patient=record, name="shower", at="07:15")
        case "holiday":
            RoutinePeriod.objects.create(patient=record, set="holiday", first=today, last=today, set_by=by)
        case "step on the ladder":
            LadderMove.objects.create(program=factories.program(record), step=2, by=by, **entered)


@pytest.mark.parametrize(
    "what", ["session", "note", "a timer that runs", "routine", "holiday", "step on the ladder"]
)
def test_a_record_with_something_in_it_never_closes(cast, clinics, what):
    own = kept_by_parent(cast.sam)
    factories.session(own, cast.sam)
    put_something_in(clinics, what, cast.kim)
    _invitation, code = made(clinics, cast.kim)
    before = rows()
    assert accept(cast.sam, code, keep=str(own.code)).status_code == 422
    assert rows() == before
    # Without that wish the parent joins the invited one.
    assert accept(cast.sam, code, keep="").status_code == 302


def test_a_teen_whose_own_record_is_empty_moves_into_the_invited_one(cast, clinics):
    factories.session(clinics, cast.kim)
    own = factories.patient("Sam", opened_as="patient")
    factories.link(own, cast.sam, "patient", of_age=True)
    _invitation, code = made(clinics, cast.kim, "patient")
    page = signed_in(cast.sam).get(join_url(code)).content.decode()
    assert "still empty and closes" in page
    assert "this is the first one" not in page
    assert accept(cast.sam, code).status_code == 422
    response = accept(cast.sam, code, keep=str(own.code))
    assert response["Location"] == reverse("patient", args=[clinics.code])
    assert factories.viewer(clinics, cast.sam).is_teen
    assert own.team.get().end_reason == "merged"


def test_a_teens_own_record_takes_the_team_in(cast, clinics):
    factories.session(cast.patient, cast.maya)
    _invitation, code = made(clinics, cast.kim, "patient")
    assert accept(cast.maya, code, keep=str(cast.patient.code)).status_code == 302
    assert cast.patient.team.filter(user=cast.kim, role="therapist", until=None).exists()
    assert not clinics.team.filter(until=None).exists()


def test_a_second_parent_does_not_come_along_without_a_word(cast, clinics):
    """A parent's own right to bring a parent in does not grow by taking a team in."""
    own = kept_by_parent(cast.sam)
    teen = factories.user("tia")
    factories.link(own, teen, "patient")
    factories.session(own, teen)
    factories.link(clinics, factories.user("ole"), "parent")
    _invitation, code = made(clinics, cast.kim)
    assert accept(cast.sam, code, keep=str(own.code)).status_code == 422
    assert not own.team.filter(user=cast.kim).exists()


@pytest.mark.parametrize("which", ["other", "clinics", "nonsense", "kept by the clinic", "to be erased"])
def test_only_a_record_that_one_keeps_can_stay(cast, clinics, which):
    own = kept_by_parent(cast.sam)
    keep = str(own.code)
    if which == "kept by the clinic":
        own.kept_by = "clinic"
    elif which == "to be erased":
        own.erase_at = timezone.now() + timedelta(days=7)
        factories.session(own, cast.sam)
    else:
        keep = {"other": str(cast.other.code), "clinics": str(clinics.code)}.get(which, "x")
    own.save()
    _invitation, code = made(clinics, cast.kim)
    before = rows()
    assert accept(cast.sam, code, keep=keep).status_code == 422
    assert rows() == before
