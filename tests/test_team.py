"""The care team page, links that end and come back, hand over and cover."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from exercises import access, words
from exercises.checks import the_look_rule_is_known
from exercises.models import CareTeamMember, Change, Consent, Invitation, Notice, Patient
from exercises.models.choices import KeptBy
from exercises.services import team
from exercises.wording import WORDING
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)  # Friday noon in Chicago
DAY = timedelta(days=1)


def url(name, patient, *more):
    return reverse(name, args=[patient.code, *more])


def link_of(patient, user, role=None):
    links = patient.team.filter(user=user).order_by("-pk")
    return (links.filter(role=role) if role else links).first()


def end(client, link):
    return client.post(url("team-end", link.patient, link.pk))


def undo(client, link):
    return client.post(url("team-undo", link.patient, link.pk))


def kinds(user):
    return [notice.kind for notice in Notice.objects.filter(user=user).order_by("pk")]


def text_of(response):
    html = response.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main") :]))


@pytest.fixture
def pat(cast):
    """A second therapist of the clinic, on nobody's team."""
    return factories.user("pat", is_clinician=True, first_name="Pat", last_name="Ito")


# --- the page ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["teen", "parent", "therapist"])
def test_everybody_on_the_team_sees_who_is_on_it(request, patient, who):
    page = text_of(request.getfixturevalue(who).get(url("team", patient)))
    for name in ("maya", "dana", "lee"):
        assert f"{name} " in page
    assert "therapist, physical therapy" in page
    assert page.count("Since ") == 3
    assert page.index("maya ") < page.index("dana ") < page.index("lee ")


def test_it_says_in_words_what_each_may(teen, patient):
    page = text_of(teen.get(url("team", patient)))
    for role in ("patient", "parent", "therapist"):
        for line in words.what_they_see(role):
            assert str(line).replace("'", "&#x27;") in page


def test_a_younger_childs_parents_see_everything_and_it_says_so(parent, cast):
    cast.patient.team.filter(user=cast.maya).delete()
    page = text_of(parent.get(url("team", cast.patient)))
    assert "Sees everything in the record while the child has no account." in page


def test_the_words_for_parents_are_the_rights_of_parents(cast):
    """What the sentence denies is denied: a right that changes has to change its words."""
    said = str(words.what_they_see("parent")[1])
    viewer = factories.viewer(cast.patient, cast.dana)
    for right, named in {
        access.SEE_TIMES: "clock times",
        access.SEE_TECHNIQUES: "ways to calm down",
        access.SEE_HOW: "how and when entries came",
        access.SEE_HARDER: "harder days",
        access.SEE_FRIENDS: "check-in about friends",
        access.SEE_SLEEP: "sleep times",
        access.SEE_WORDS: "notes",
        access.SEE_PRIVATE_GOALS: "private goals",
    }.items():
        assert named in said
        assert not viewer.may(right)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("visits", "We look here: at visits."),
        ("daily", "We look here: every day."),
        ("monday", "We look here: every Monday."),
        ("sunday", "We look here: every Sunday."),
        ("whenever", "We look here: at visits."),
    ],
)
def test_the_look_rule_stands_on_team_boxes_and_family(teen, parent, patient, settings, setting, said):
    settings.WE_LOOK = setting
    assert said in text_of(teen.get(url("team", patient)))
    assert said in text_of(teen.get(url("question-new", patient)))
    assert said in text_of(teen.get(url("note-new", patient)))
    assert said in text_of(parent.get(reverse("family")))


def test_a_look_rule_that_nobody_knows_is_told_before_a_server_starts(settings):
    assert the_look_rule_is_known() == []
    settings.WE_LOOK = "Monday"
    (error,) = the_look_rule_is_known()
    assert error.id == "exercises.E004" and "monday" in str(error.hint)


def test_without_a_therapist_nobody_is_said_to_look(teen, cast):
    cast.patient.team.filter(user=cast.lee).update(until=timezone.now())
    page = text_of(teen.get(url("team", cast.patient)))
    assert "No therapist is on the team yet" in page
    assert "We look here" not in page


def test_who_agreed_and_who_is_asked(teen, cast):
    Consent.objects.create(patient=cast.patient, user=cast.dana, role="parent", wording=WORDING)
    cast.patient.team.filter(user=cast.dana).update(consented_to="older")
    page = text_of(teen.get(url("team", cast.patient)))
    assert f"wording of {WORDING}" in page
    assert page.count("is asked to agree") == 1


def test_open_invitations_are_shown_without_their_codes(teen, cast):
    Invitation.objects.create(
        patient=cast.patient,
        role="therapist",
        discipline="psychology",
        code_digest="d" * 64,
        made_by=cast.dana,
        made_as="parent",
        expires_at=timezone.now() + 14 * DAY,
    )
    response = teen.get(url("team", cast.patient))
    assert "Therapist · psychology" in text_of(response)
    assert "d" * 64 not in response.content.decode()


@pytest.mark.parametrize(
    ("who", "links"),
    [
        ("teen", ["team-end me"]),
        ("parent", ["team-end lee", "team-end me"]),
        ("therapist", ["team-end dana", "team-end me", "team-cover", "team-hand-over", "sign-in-cards"]),
    ],
)
def test_each_is_offered_what_they_may(request, cast, who, links):
    html = request.getfixturevalue(who).get(url("team", cast.patient)).content.decode()
    me = {"teen": cast.maya, "parent": cast.dana, "therapist": cast.lee}[who]
    addresses = {f"team-end {user.username}": user for user in (cast.maya, cast.dana, cast.lee) if user != me}
    addresses["team-end me"] = me
    offered = {
        name
        for name, user in addresses.items()
        if url("team-end", cast.patient, link_of(cast.patient, user).pk) in html
    } | {
        name for name in ("team-cover", "team-hand-over", "sign-in-cards") if url(name, cast.patient) in html
    }
    assert offered == set(links)


@pytest.mark.parametrize("people", [0, 6])
def test_the_page_asks_the_database_a_constant_number_of_times(
    teen, patient, django_assert_num_queries, people
):
    for number in range(people):
        someone = factories.user(f"someone{number}")
        factories.link(patient, someone, "parent", until=None if number % 2 else timezone.now())
        Consent.objects.create(patient=patient, user=someone, role="parent", wording=WORDING)
    with django_assert_num_queries(6):  # session, user, viewer; team, invitations, agreements
        teen.get(url("team", patient))


# --- ending a link -----------------------------------------------------------------------------------------


def test_a_parent_takes_a_therapist_off_and_everybody_is_told(parent, cast):
    link = link_of(cast.patient, cast.lee)
    page = text_of(parent.get(url("team-end", cast.patient, link.pk)))
    assert "For 30 days anybody on the team can bring them back." in page
    assert end(parent, link).headers["Location"] == url("team", cast.patient)
    link.refresh_from_db()
    assert (link.is_open, link.ended_by, link.end_reason) == (False, cast.dana, "ended")
    assert kinds(cast.maya) == ["taken_off"]
    assert kinds(cast.lee) == ["taken_off_yourself"]
    assert kinds(cast.dana) == []
    change = Change.objects.get()
    assert (change.subject, change.subject_id, change.what, change.by) == (
        "team",
        link.pk,
        "ended",
        cast.dana,
    )
    assert (change.before["until"], change.after["end_reason"]) == (None, "ended")
    assert "lee" in text_of(parent.get(url("team", cast.patient)))


def test_a_therapist_ends_a_parents_link_for_safety(therapist, cast):
    link = link_of(cast.patient, cast.dana)
    page = text_of(therapist.get(url("team-end", cast.patient, link.pk)))
    assert "They have to be invited again to come back." in page
    end(therapist, link)
    link.refresh_from_db()
    assert (link.end_reason, link.ended_by) == ("safety", cast.lee)
    assert kinds(cast.maya) == ["taken_off_for_good"]
    assert "was taken off the team by the clinic" in text_of(therapist.get(url("team", cast.patient)))
    undo(therapist, link)
    link.refresh_from_db()
    assert not link.is_open


@pytest.mark.parametrize("who", ["teen", "parent", "therapist"])
def test_everybody_may_leave(request, cast, who):
    user = {"teen": cast.maya, "parent": cast.dana, "therapist": cast.lee}[who]
    client, link = request.getfixturevalue(who), link_of(cast.patient, user)
    assert "Leave this care team" in text_of(client.get(url("team-end", cast.patient, link.pk)))
    assert end(client, link).headers["Location"] == reverse("home")
    link.refresh_from_db()
    assert (link.is_open, link.end_reason, link.ended_by) == (False, "own", user)
    assert client.get(url("team", cast.patient)).status_code == 404
    for other in {cast.maya, cast.dana, cast.lee} - {user}:
        assert kinds(other) == ["left_team"]


@pytest.mark.parametrize(
    ("who", "whose"),
    [("teen", "dana"), ("teen", "lee"), ("parent", "maya"), ("therapist", "maya")],
)
def test_who_may_not_end_what(request, cast, who, whose):
    client, link = request.getfixturevalue(who), link_of(cast.patient, getattr(cast, whose))
    before = rows()
    assert client.get(url("team-end", cast.patient, link.pk)).status_code == 403
    assert end(client, link).status_code == 403
    assert rows() == before


def test_parents_do_not_end_each_other_nor_therapists_each_other(parent, therapist, cast, pat):
    other_parent = factories.link(cast.patient, cast.sam, "parent")
    other_therapist = factories.link(cast.patient, pat, "therapist")
    before = rows()
    assert end(parent, other_parent).status_code == 403
    assert end(therapist, other_therapist).status_code == 403
    assert rows() == before


def test_a_teen_who_opened_the_record_ends_a_parents_link_but_no_therapists(teen, cast):
    Patient.objects.filter(pk=cast.patient.pk).update(opened_as="patient")
    assert end(teen, link_of(cast.patient, cast.lee)).status_code == 403
    assert end(teen, link_of(cast.patient, cast.dana)).status_code == 302
    assert link_of(cast.patient, cast.dana).end_reason == "ended"


def test_a_self_managed_teen_ends_anyones_and_parents_and_therapists_end_no_others(
    teen, parent, therapist, cast
):
    Patient.objects.filter(pk=cast.patient.pk).update(self_managed=True)
    lees = link_of(cast.patient, cast.lee)
    assert end(parent, lees).status_code == 403
    assert end(teen, lees).status_code == 302
    lees.refresh_from_db()
    assert not lees.is_open
    assert undo(parent, lees).status_code == 403
    assert undo(teen, lees).status_code == 302
    lees.refresh_from_db()
    assert lees.is_open


def test_row_05_an_ended_link_ends_with_the_next_request(teen, parent, therapist, cast):
    """Tabs that were open before: whatever they ask or send next is refused, and changes nothing."""
    note = {"day": cast.patient.today().isoformat(), "strand": "cardio", "minutes": "15"}
    note["id"] = "6f1f4d3e-6c0f-4f43-8c52-8a6b3f6d1a11"
    assert therapist.get(url("program-edit", cast.patient)).status_code == 200
    assert parent.get(url("patient", cast.patient)).status_code == 200
    end(parent, link_of(cast.patient, cast.lee))
    end(parent, link_of(cast.patient, cast.dana))
    before = rows()
    for client in (parent, therapist):
        for name in ("patient", "history", "team", "program"):
            assert client.get(url(name, cast.patient)).status_code == 404
        assert client.post(url("sessions", cast.patient), note).status_code == 404
        assert (
            client.post(url("team-undo", cast.patient, link_of(cast.patient, cast.lee).pk)).status_code == 404
        )
    assert therapist.post(url("program-edit", cast.patient), {"cardio": "5"}).status_code == 404
    assert cast.patient not in [child.patient for child in parent.get(reverse("family")).context["children"]]
    assert str(cast.patient.code) not in therapist.get(reverse("caseload")).content.decode()
    assert rows() == before
    assert teen.get(url("patient", cast.patient)).status_code == 200


def test_ending_twice_is_once(parent, cast):
    link = link_of(cast.patient, cast.lee)
    end(parent, link)
    before = rows()
    assert end(parent, link).headers["Location"] == url("team", cast.patient)
    assert parent.get(url("team-end", cast.patient, link.pk)).status_code == 302
    assert rows() == before


def test_ids_of_other_records_are_unknown(parent, teen, cast):
    foreign, before = link_of(cast.other, cast.kim), rows()
    for pk in (foreign.pk, 999_999, 10**30):
        for name in ("team-end", "team-undo"):
            assert parent.post(url(name, cast.patient, pk)).status_code == 404
        assert parent.get(url("team-end", cast.patient, pk)).status_code == 404
        assert teen.post(url("team-preview", cast.patient), {"member": pk}).status_code == 404
    assert rows() == before


@pytest.mark.parametrize(
    ("name", "form"),
    [("team-hand-over", {}), ("team-cover", {}), ("self-managed", {"do": "agree"}), ("team-end", {})],
)
def test_changes_of_the_team_ask_for_the_password_again(client, cast, name, form):
    """RELIABILITY row 12, as far as the team goes: signed in long ago is not enough."""
    client = signed_in(cast.lee)
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    more = [link_of(cast.patient, cast.dana).pk] if name == "team-end" else []
    before = rows()
    response = client.post(url(name, cast.patient, *more), form)
    assert response.status_code == 302
    assert reverse("account_reauthenticate") in response.headers["Location"]
    assert rows() == before


def test_to_read_about_managing_alone_takes_no_password(cast):
    client = signed_in(cast.maya)
    session = client.session
    del session["account_authentication_methods"]
    session.save()
    assert client.get(url("self-managed", cast.patient)).status_code == 200


# --- nobody is locked out of a record ----------------------------------------------------------------------


def test_the_last_of_the_family_does_not_leave_a_family_kept_record_behind(parent, cast):
    cast.patient.team.filter(user=cast.maya).delete()
    link, before = link_of(cast.patient, cast.dana), rows()
    for response, status in (
        (parent.get(url("team-end", cast.patient, link.pk)), 200),
        (end(parent, link), 422),
    ):
        assert response.status_code == status
        assert "You are the last one of the family here." in text_of(response)
        assert "Leave the team" not in text_of(response)
    assert rows() == before
    factories.link(cast.patient, cast.sam, "parent")
    assert end(parent, link).status_code == 302


def test_the_only_person_of_a_record_cannot_leave_it(teen, cast):
    cast.patient.team.exclude(user=cast.maya).delete()
    assert end(teen, link_of(cast.patient, cast.maya)).status_code == 422
    assert link_of(cast.patient, cast.maya).is_open


def test_a_clinic_kept_record_stays_with_the_clinic(parent, therapist, cast, pat):
    Patient.objects.filter(pk=cast.patient.pk).update(kept_by=KeptBy.CLINIC)
    cast.patient.team.filter(user=cast.maya).delete()
    lees = link_of(cast.patient, cast.lee)
    response = end(therapist, lees)
    assert response.status_code == 422
    assert "Hand over to a colleague first." in text_of(response)
    assert end(parent, link_of(cast.patient, cast.dana)).status_code == 302
    # Somebody who is here for a while only is not enough.
    factories.link(cast.patient, pat, "therapist", covers=cast.lee, until=timezone.now() + DAY)
    assert end(therapist, lees).status_code == 422


def test_a_deactivated_person_keeps_no_record(parent, cast):
    cast.patient.team.filter(user=cast.maya).delete()
    factories.link(cast.patient, factories.user("gone", is_active=False), "parent")
    assert end(parent, link_of(cast.patient, cast.dana)).status_code == 422


def test_two_who_leave_at_once_do_not_both_go(cast):
    """Both looked before either left; the second is judged by what the first has left."""
    cast.patient.team.filter(user=cast.maya).delete()
    factories.link(cast.patient, cast.sam, "parent")
    one, two = (factories.viewer(cast.patient, user) for user in (cast.dana, cast.sam))
    links = [link_of(cast.patient, user) for user in (cast.dana, cast.sam)]
    team.end_link(viewer=one, link=links[0])
    with pytest.raises(team.StillNeededError):
        team.end_link(viewer=two, link=links[1])


# --- undo --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["teen", "parent", "another therapist"])
def test_anybody_on_the_team_brings_a_therapist_back(cast, parent, pat, who):
    factories.link(cast.patient, pat, "therapist")
    client = signed_in({"teen": cast.maya, "parent": cast.dana, "another therapist": pat}[who])
    link = link_of(cast.patient, cast.lee)
    end(parent, link)
    assert "Bring back" in text_of(client.get(url("team", cast.patient)))
    assert undo(client, link).headers["Location"] == url("team", cast.patient)
    link.refresh_from_db()
    assert (link.until, link.ended_by, link.end_reason) == (None, None, "")
    assert signed_in(cast.lee).get(url("patient", cast.patient)).status_code == 200
    assert kinds(cast.lee) == ["taken_off_yourself", "back_on_team"]
    assert [change.what for change in Change.objects.order_by("pk")] == ["ended", "brought back"]


def test_undo_lasts_30_days(cast, parent):
    link = link_of(cast.patient, cast.lee)
    with time_machine.travel(NOON, tick=False) as clock:
        cast.patient.team.update(since=NOON - DAY)
        client = signed_in(cast.dana)
        end(client, link)
        clock.shift(30 * DAY)
        client = signed_in(cast.dana)
        before = rows()
        assert "Bring back" not in text_of(client.get(url("team", cast.patient)))
        undo(client, link)
        assert rows() == before
        clock.shift(-timedelta(seconds=1))
        undo(signed_in(cast.dana), link)
    assert link_of(cast.patient, cast.lee).until is None


@pytest.mark.parametrize("why", ["left", "handed over", "invited again", "deactivated", "stands"])
def test_what_cannot_be_undone(cast, teen, parent, therapist, pat, why):
    link = link_of(cast.patient, cast.lee)
    if why == "left":
        end(therapist, link)
    elif why == "handed over":
        therapist.post(url("team-hand-over", cast.patient), {"colleague": pat.pk, "discipline": "pt"})
    elif why != "stands":
        end(parent, link)
    if why == "invited again":
        factories.link(cast.patient, cast.lee, "therapist")
    if why == "deactivated":
        cast.lee.is_active = False
        cast.lee.save()
    before = rows()
    assert undo(teen, link).status_code == 302
    assert rows() == before


def test_undo_is_by_post(teen, cast):
    assert teen.get(url("team-undo", cast.patient, link_of(cast.patient, cast.lee).pk)).status_code == 405


# --- hand over and cover -----------------------------------------------------------------------------------


def test_a_colleague_takes_over(therapist, cast, pat):
    page = therapist.get(url("team-hand-over", cast.patient)).content.decode()
    assert "Pat Ito" in page
    assert "kim" in page
    assert ">lee<" not in page
    sent = {"colleague": pat.pk, "discipline": "ot"}
    response = therapist.post(url("team-hand-over", cast.patient), sent)
    assert response.headers["Location"] == reverse("home")
    mine, theirs = link_of(cast.patient, cast.lee), link_of(cast.patient, pat)
    assert (mine.is_open, mine.end_reason) == (False, "handed_over")
    assert (theirs.role, theirs.discipline, theirs.until, theirs.covers) == ("therapist", "ot", None, None)
    assert therapist.get(url("patient", cast.patient)).status_code == 404
    assert kinds(cast.maya) == kinds(cast.dana) == kinds(pat) == ["handed_over"]
    assert [change.what for change in Change.objects.order_by("pk")] == ["ended", "joined"]


def test_who_covers_can_take_over_for_good(therapist, cast, pat):
    factories.link(cast.patient, pat, "therapist", covers=cast.lee, until=timezone.now() + 5 * DAY)
    therapist.post(url("team-hand-over", cast.patient), {"colleague": pat.pk, "discipline": "pt"})
    assert link_of(cast.patient, pat).until is None
    assert cast.patient.team.active().filter(user=pat).count() == 1
    assert kinds(pat) == ["handed_over"]


@pytest.mark.parametrize(
    "colleague", ["lee", "dana", "inactive", "on the team", "999999", "x", "", str(10**30)]
)
def test_whom_one_cannot_hand_over_to(therapist, cast, pat, colleague):
    factories.link(cast.patient, pat, "therapist")
    inactive = factories.user("inactive", is_clinician=True, is_active=False)
    known = {"lee": cast.lee, "dana": cast.dana, "inactive": inactive, "on the team": pat}
    chosen = known[colleague].pk if colleague in known else colleague
    before = rows()
    for name in ("team-hand-over", "team-cover"):
        sent = {"colleague": chosen, "discipline": "pt", "last_day": cast.patient.today().isoformat()}
        assert therapist.post(url(name, cast.patient), sent).status_code == 422
    assert rows() == before


@pytest.mark.parametrize("who", ["maya", "dana"])
@pytest.mark.parametrize("ended", [False, True])
def test_one_does_not_hand_over_to_the_family(therapist, cast, who, ended):
    """A parent who is a clinician somewhere would read what a teen writes for their therapist."""
    relative = getattr(cast, who)
    type(relative).objects.filter(pk=relative.pk).update(is_clinician=True)
    if ended:
        CareTeamMember.objects.filter(user=relative).update(until=timezone.now())
    before = rows()
    for name in ("team-hand-over", "team-cover"):
        day = cast.patient.today().isoformat()
        sent = {"colleague": relative.pk, "discipline": "pt", "last_day": day}
        assert therapist.post(url(name, cast.patient), sent).status_code == 422
        assert who not in therapist.get(url(name, cast.patient)).context["form"].as_p()
    assert rows() == before


def cover(client, patient, colleague, last_day, **more):
    sent = {"colleague": colleague.pk, "discipline": "pt", "last_day": last_day} | more
    return client.post(url("team-cover", patient), sent)


def test_a_colleague_covers_until_the_end_of_the_day_where_the_patient_lives(cast, pat):
    with time_machine.travel(NOON, tick=False) as clock:
        cast.patient.team.update(since=NOON - DAY)
        lee = signed_in(cast.lee)
        assert cover(lee, cast.patient, pat, "2026-11-22").headers["Location"] == url("team", cast.patient)
        link = link_of(cast.patient, pat)
        assert link.until == datetime(2026, 11, 23, 6, tzinfo=UTC)
        assert (link.covers, link.role) == (cast.lee, "therapist")
        page = text_of(signed_in(cast.maya).get(url("team", cast.patient)))
        assert "Covers for lee, up to and with Sun, Nov 22" in page
        assert kinds(cast.maya) == kinds(pat) == ["covers"]
        clock.move_to(datetime(2026, 11, 23, 5, 59, 59, tzinfo=UTC))
        assert signed_in(pat).get(url("patient", cast.patient)).status_code == 200
        clock.move_to(datetime(2026, 11, 23, 6, tzinfo=UTC))
        assert signed_in(pat).get(url("patient", cast.patient)).status_code == 404
        assert signed_in(cast.lee).get(url("patient", cast.patient)).status_code == 200


@pytest.mark.parametrize("last_day", ["2026-11-19", "2027-01-20", "soon", "", "2026-13-01", "9999-12-31"])
def test_days_a_cover_cannot_end(cast, pat, last_day):
    with time_machine.travel(NOON, tick=False):
        cast.patient.team.update(since=NOON - DAY)
        lee, before = signed_in(cast.lee), rows()
        response = cover(lee, cast.patient, pat, last_day)
        assert response.status_code == 422
        assert f'<option value="{pat.pk}" selected>' in response.content.decode()
        assert rows() == before


@pytest.mark.parametrize("last_day", ["2026-11-20", "2027-01-19"])
def test_a_cover_lasts_60_days_at_most(cast, pat, last_day):
    with time_machine.travel(NOON, tick=False):
        cast.patient.team.update(since=NOON - DAY)
        assert cover(signed_in(cast.lee), cast.patient, pat, last_day).status_code == 302


def test_who_covers_does_not_pass_it_on(cast, pat):
    factories.link(cast.patient, pat, "therapist", covers=cast.lee, until=timezone.now() + DAY)
    before, client = rows(), signed_in(pat)
    for name in ("team-hand-over", "team-cover"):
        assert client.get(url(name, cast.patient)).status_code == 403
        assert client.post(url(name, cast.patient), {"colleague": cast.kim.pk}).status_code == 403
    assert rows() == before


def test_a_cover_ends_before_its_day(therapist, parent, cast, pat):
    """By who asked for it, by a parent, or with the link of whom it covers; and then it stays ended."""
    ends = {
        "asker": lambda link: end(therapist, link),
        "parent": lambda link: end(parent, link),
        "with it": lambda _link: end(parent, link_of(cast.patient, cast.lee)),
    }
    for how, act in ends.items():
        link = factories.link(cast.patient, pat, "therapist", covers=cast.lee, until=timezone.now() + DAY)
        assert act(link).status_code == 302, how
        link.refresh_from_db()
        assert not link.is_open, how
        assert link.end_reason == "ended"
        before = rows()
        undo(parent, link)
        assert rows() == before
    assert kinds(pat) == ["taken_off_yourself", "taken_off_yourself", "cover_over"]


def test_the_same_cover_sent_twice_is_one(therapist, cast, pat):
    for _twice in range(2):
        cover(therapist, cast.patient, pat, cast.patient.today().isoformat())
    assert CareTeamMember.objects.filter(patient=cast.patient, user=pat).count() == 1


# --- strangers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["team", "team-hand-over", "team-cover"])
def test_strangers_find_nothing(stranger, client, patient, cast, name):
    for outsider in (stranger, signed_in(cast.kim)):
        assert outsider.get(url(name, patient)).status_code == 404
    assert client.get(url(name, patient)).status_code == 302


def test_from_the_pages_around(teen, parent, therapist, patient):
    address = url("team", patient)
    assert address in teen.get(reverse("more")).content.decode()
    assert address in parent.get(reverse("family")).content.decode()
    assert address in therapist.get(url("patient", patient)).content.decode()
