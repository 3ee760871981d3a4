"""Cheers: who sends, who sees, one a day, muting, the hint about pain, and Today."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from exercises.cheers import OF_PARENTS, OF_THERAPISTS, SHOWN, asks_about_pain, lines_of
from exercises.models import CareTeamMember, Cheer, Patient, Program
from exercises.queries import cheers as queries
from exercises.services import cheers as services
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)  # Friday noon in Chicago
DAY = timedelta(days=1)
TEXT = "Glad you came along."
HINT = "This one asks about pain"
ONE_A_DAY = "You sent one today. Tomorrow there is room for the next."


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=False):
        yield


def url(patient, name="cheers"):
    return reverse(name, args=[patient.code])


def send(client, patient, **data):
    return client.post(url(patient), {"text": TEXT} | data)


def mute(client, patient, link, answer="yes"):
    return client.post(url(patient, "cheers-mute"), {"member": link.pk, "mute": answer})


def link_of(patient, user):
    return patient.team.get(user=user)


def texts(viewer):
    return [row.text for row in queries.cheers_page(viewer).cheers]


@pytest.fixture
def sent(cast):
    """One of dana's and one of lee's, of today."""
    cast.dana.first_name = "Dana"
    cast.dana.save()
    factories.cheer(cast.patient, cast.dana, "dana cheers")
    factories.cheer(cast.patient, cast.lee, "lee cheers", entered_as="therapist")
    Patient.objects.filter(pk=cast.patient.pk).update(last_cheer_on=cast.patient.today())
    cast.patient.refresh_from_db()
    return cast


# --- sending -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "role"), [("dana", "parent"), ("lee", "therapist")])
def test_a_cheer_is_kept_on_the_patients_own_day(cast, who, role):
    sender = getattr(cast, who)
    with time_machine.travel(datetime(2026, 11, 21, 2, tzinfo=UTC), tick=False):  # still Friday in Chicago
        answer = send(signed_in(sender), cast.patient)
    assert (answer.status_code, answer["Location"]) == (302, url(cast.patient))
    kept = Cheer.objects.get()
    assert (kept.patient, kept.by, kept.entered_as, kept.text) == (cast.patient, sender, role, TEXT)
    assert kept.day == NOON.date()
    cast.patient.refresh_from_db()
    assert cast.patient.last_cheer_on == NOON.date()


def test_a_line_is_picked(parent, therapist, patient):
    assert send(parent, patient, text="", line="p2").status_code == 302
    assert send(therapist, patient, text="", line="t3").status_code == 302
    assert {cheer.text for cheer in Cheer.objects.all()} == {str(OF_PARENTS["p2"]), str(OF_THERAPISTS["t3"])}


def test_a_line_of_the_day_before_still_counts(parent, patient):
    shown = lines_of(patient.today(), OF_PARENTS)
    other = next(name for name in OF_PARENTS if name not in shown)
    assert f'value="{other}"' not in parent.get(url(patient)).text
    assert send(parent, patient, text="", line=other).status_code == 302


def test_parents_and_therapists_are_offered_lines_of_their_own(parent, therapist, patient):
    for client, letter in ((parent, "p"), (therapist, "t")):
        offered = re.findall(r'name="line"[^>]*value="(\w+)"', client.get(url(patient)).text)
        assert len(offered) == SHOWN + 1
        assert offered[-1] == "own"
        assert {name[0] for name in offered[:-1]} == {letter}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "Pick a line, or write your own."),
        ({"text": "  ", "line": "own"}, "Write your words here, or pick a line."),
        ({"text": "both kept", "line": "p1"}, "Which one shall it be?"),
        ({"text": "kept words", "line": "t1"}, "t1 is not one of the available choices"),
        ({"text": "x" * 201}, "at most 200 characters"),
        ({"text": "kept\x00words"}, "Null characters"),
    ],
)
def test_what_cannot_be_sent_comes_back_as_it_was_typed(parent, patient, data, said):
    before, form_id = rows(), str(uuid4())
    answer = send(parent, patient, id=form_id, **data)
    assert answer.status_code == 422
    assert said in answer.text
    assert data["text"].strip() in answer.text
    assert f'value="{form_id}"' in answer.text
    assert rows() == before


@pytest.mark.parametrize(
    "text", ["x" * 200, "🎉" * 200, "\u202e\u05e9", "=cmd()", "<b>bold</b>", "one\r\ntwo"]
)
def test_a_cheer_is_kept_as_written_and_is_no_markup(parent, teen, patient, text):
    assert send(parent, patient, text=text).status_code == 302
    assert Cheer.objects.get().text == text.replace("\r\n", "\n")
    assert "<b>bold" not in teen.get(url(patient)).text


# --- one a day ---------------------------------------------------------------------------------------------


def test_a_second_one_of_a_day_comes_back(parent, patient):
    send(parent, patient)
    before = rows()
    answer = send(parent, patient, text="And one more thing")
    assert answer.status_code == 422
    assert ONE_A_DAY in answer.text
    assert "And one more thing" in answer.text
    assert rows() == before


def test_the_next_day_has_room_again(cast, parent, patient):
    send(parent, patient)
    page = parent.get(url(patient)).text
    assert ONE_A_DAY in page
    assert 'name="text"' not in page
    with time_machine.travel(NOON + DAY, tick=False):
        assert 'name="text"' in parent.get(url(patient)).text
        assert send(parent, patient).status_code == 302
    patient.refresh_from_db()
    assert (Cheer.objects.count(), patient.last_cheer_on) == (2, (NOON + DAY).date())


def test_each_sender_has_one_a_day(cast, parent, therapist, patient):
    factories.link(patient, cast.sam, "parent")
    for client in (parent, therapist, signed_in(cast.sam)):
        assert send(client, patient).status_code == 302
    assert Cheer.objects.count() == 3


@pytest.mark.parametrize("days", [0, 1])
def test_one_form_sent_twice_is_one_cheer(parent, patient, days):
    form_id = str(uuid4())
    first = send(parent, patient, id=form_id)
    with time_machine.travel(NOON + days * DAY, tick=False):
        again = send(parent, patient, id=form_id)
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert Cheer.objects.get().day == NOON.date()


def test_an_old_form_sent_again_does_not_turn_the_day_back(cast, parent, patient):
    form_id = str(uuid4())
    send(parent, patient, id=form_id)
    with time_machine.travel(NOON + DAY, tick=False):
        send(signed_in(cast.lee), patient)
        send(parent, patient, id=form_id)
    patient.refresh_from_db()
    assert patient.last_cheer_on == (NOON + DAY).date()


def test_somebody_elses_form_id_takes_no_cheer_away(cast, parent, therapist, patient):
    form_id = str(uuid4())
    for client in (parent, therapist):
        assert send(client, patient, id=form_id).status_code == 302
    assert Cheer.objects.count() == 2


def test_the_database_decides(cast, patient):
    """The constraint stops the second one, and what stands stays as it was."""
    viewer = factories.viewer(patient, cast.dana)
    services.send_cheer(viewer=viewer, text="first")
    with pytest.raises(ValidationError):
        services.send_cheer(viewer=viewer, text="second")
    assert [cheer.text for cheer in Cheer.objects.all()] == ["first"]


def test_older_pages_have_no_form(cast, parent, patient):
    for ago in range(41):
        factories.cheer(patient, cast.dana, f"cheer {ago}", day=patient.today() - ago * DAY)
    for page in ("", "?page=2"):
        assert 'name="line"' not in parent.get(url(patient) + page).text


# --- the hint ----------------------------------------------------------------------------------------------


def test_a_parent_is_asked_before_one_that_asks_about_pain_is_sent(parent, patient):
    before, form_id = rows(), str(uuid4())
    answer = send(parent, patient, id=form_id, text="Does it <still> hurt?")
    assert answer.status_code == 422
    assert HINT in answer.text
    assert "Change it" in answer.text
    assert answer.text.count("Does it &lt;still&gt; hurt?") == 3  # read, in the box, ready to be sent
    assert answer.text.count(f'value="{form_id}"') == 2
    assert rows() == before
    assert send(parent, patient, id=form_id, text="Does it <still> hurt?", confirm="1").status_code == 302
    assert Cheer.objects.get().text == "Does it <still> hurt?"


def test_the_button_below_the_hint_sends_it(parent, patient):
    """What its form holds is sent, and nothing else."""
    page = send(parent, patient, id=str(uuid4()), text="Does it hurt?").text
    hint = page[page.index('id="hint"') : page.index("Send it as it is")]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', hint))
    assert parent.post(url(patient), fields).status_code == 302
    assert Cheer.objects.get().text == "Does it hurt?"


def test_changed_words_go_out_without_a_word(parent, patient):
    form_id = str(uuid4())
    send(parent, patient, id=form_id, text="Does it hurt?")
    assert send(parent, patient, id=form_id, text="Nice to see you outside").status_code == 302
    assert Cheer.objects.get().text == "Nice to see you outside"


def test_therapists_are_not_asked(therapist, patient):
    assert send(therapist, patient, text="Pain is not the boss").status_code == 302


def test_a_parent_who_is_a_therapist_here_too_is_asked(cast, parent, patient):
    factories.link(patient, cast.dana, "therapist", discipline="pt")
    assert HINT in send(parent, patient, text="How is the pain?").text


@pytest.mark.parametrize(
    "text",
    [
        "How is the pain?",
        "PAIN",
        "Does it hurt",
        "my poor thing, still aching?",
        "How  do\nyou feel?",
        "Are you feeling better",
        "A 3 out of 10?",
        "on a scale",
        "any flare-up?",
        "headache gone?",
    ],
)
def test_what_asks_about_pain(text):
    assert asks_about_pain(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nice painting!",
        "You are so brave",
        "I feel lucky",
        "moustache",
        "Campaign",
        "a sorely needed walk",
        "10",
    ],
)
def test_what_does_not(text):
    assert not asks_about_pain(text)


@given(st.text(max_size=300))
def test_any_text_can_be_asked_about(text):
    assert asks_about_pain(text) in (True, False)
    assert asks_about_pain(f"{text} pain ")


def test_a_language_without_a_list_asks_nothing():
    with patch("exercises.cheers.pgettext", return_value=" , "):
        assert not asks_about_pain("pain")


LINES = [str(line) for lines in (OF_PARENTS, OF_THERAPISTS) for line in lines.values()]


@pytest.mark.parametrize("line", LINES)
def test_a_good_line_is_short_and_about_no_result(line):
    assert len(line) <= 80
    assert not asks_about_pain(line)
    assert not re.search(
        r"\d|minute|target|goal|percent|better|best|every day|proud of your|well done", line, re.I
    )


def test_all_lines_come_in_turn():
    assert len(LINES) == len(set(LINES)) == 28
    for lines in (OF_PARENTS, OF_THERAPISTS):
        shown = [list(lines_of(NOON.date() + n * DAY, lines)) for n in range(len(lines))]
        assert {len(of_day) for of_day in shown} == {SHOWN}
        assert all(set(one).isdisjoint(other) for one, other in pairwise(shown))
        assert {name for of_day in shown for name in of_day} == set(lines)


# --- who sees what -----------------------------------------------------------------------------------------


def test_the_teen_sees_all_and_everybody_else_their_own(sent):
    seen = {who: texts(factories.viewer(sent.patient, getattr(sent, who))) for who in ("maya", "dana", "lee")}
    assert seen == {"maya": ["lee cheers", "dana cheers"], "dana": ["dana cheers"], "lee": ["lee cheers"]}


def test_the_teen_sees_who_from_and_no_clock(sent, teen):
    page = teen.get(url(sent.patient)).text
    assert "From Dana" in page
    assert "12:00" not in page
    assert 'name="text"' not in page


def test_somebody_who_closed_their_account_keeps_no_name(sent, teen):
    sent.dana.closed_at = timezone.now()
    sent.dana.save()
    assert "From a former member" in teen.get(url(sent.patient)).text


def test_parents_of_a_younger_child_see_all(cast):
    child = factories.patient("Leo")
    for user in (cast.dana, cast.sam):
        factories.link(child, user, "parent")
    factories.cheer(child, cast.sam, "sam cheers")
    dana = signed_in(cast.dana)
    assert "Parents can read this, together with the child." in dana.get(url(child)).text
    assert send(dana, child).status_code == 302
    assert texts(factories.viewer(child, cast.dana)) == [TEXT, "sam cheers"]
    page = dana.get(reverse("patient-today", args=[child.code])).text
    assert "From you:" in page
    assert "sam cheers" in page


def test_older_ones_are_on_the_next_page(cast, teen, patient):
    for n in range(queries.ON_A_PAGE + 1):
        factories.cheer(patient, cast.dana, f"cheer {n}.", day=patient.today() - n * DAY)
    first, second = (teen.get(f"{url(patient)}?page={n}").text for n in (1, 2))
    assert "cheer 39." in first
    assert "cheer 40." not in first
    assert "cheer 40." in second
    assert ("?page=2" in first, "?page=1" in second, "?page=3" in second) == (True, True, False)


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999", "²", ""])
def test_a_page_that_is_none_is_the_first(sent, teen, number):
    assert "dana cheers" in teen.get(url(sent.patient), {"page": number}).text


# --- muting ------------------------------------------------------------------------------------------------


def test_a_muted_sender_is_not_seen_and_heard_again(sent, teen):
    assert mute(teen, sent.patient, link_of(sent.patient, sent.dana))["Location"] == url(sent.patient)
    maya = factories.viewer(sent.patient, sent.maya)
    assert texts(maya) == ["lee cheers"]
    assert [row.text for row in queries.fresh(maya, sent.patient.today())] == ["lee cheers"]
    assert "Hear again" in teen.get(url(sent.patient)).text
    mute(teen, sent.patient, link_of(sent.patient, sent.dana), "no")
    assert texts(maya) == ["lee cheers", "dana cheers"]


def test_the_sender_sees_no_difference(cast, teen, parent, patient):
    addresses = [*(url(patient, name) for name in ("cheers", "team", "patient")), reverse("family")]

    def round_trip():
        answer = send(parent, patient)
        pages = [parent.get(address).text for address in addresses]
        Cheer.objects.all().delete()
        return answer.status_code, [re.sub(r'"[\w-]{36,64}"', "", page) for page in pages]

    before = round_trip()
    mute(teen, patient, link_of(patient, cast.dana))
    after = round_trip()
    assert before[0] == 302
    assert before == after


def test_muting_again_keeps_the_first_instant_and_touches_nobody_else(cast, teen, patient):
    link = link_of(patient, cast.dana)
    mute(teen, patient, link)
    with time_machine.travel(NOON + DAY, tick=False):
        mute(teen, patient, link)
    link.refresh_from_db()
    assert link.muted_at == NOON
    assert CareTeamMember.objects.exclude(muted_at=None).count() == 1


def test_who_left_and_came_back_stays_muted(sent, teen):
    """It is about the person, whatever becomes of the links."""
    link = link_of(sent.patient, sent.dana)
    mute(teen, sent.patient, link)
    CareTeamMember.objects.filter(pk=link.pk).update(until=timezone.now())
    maya = factories.viewer(sent.patient, sent.maya)
    assert [(one.name, one.muted) for one in queries.cheers_page(maya).senders] == [
        ("Dana", True),
        ("lee", False),
    ]
    again = factories.link(sent.patient, sent.dana, "parent")
    assert texts(maya) == ["lee cheers"]
    mute(teen, sent.patient, again, "no")
    assert texts(maya) == ["lee cheers", "dana cheers"]
    assert [one.name for one in queries.cheers_page(maya).senders] == ["Dana", "lee"]


def test_who_left_unmuted_is_not_offered(sent):
    CareTeamMember.objects.filter(user=sent.dana).update(until=timezone.now())
    senders = queries.cheers_page(factories.viewer(sent.patient, sent.maya)).senders
    assert [one.name for one in senders] == ["lee"]


@pytest.mark.parametrize(
    "data",
    [{}, {"member": "x", "mute": "yes"}, {"member": "0", "mute": "yes"}, {"mute": "yes"}, {"member": "1"}],
)
def test_bad_answers_mute_nobody(cast, teen, patient, data):
    before = rows()
    answer = teen.post(url(patient, "cheers-mute"), data)
    assert answer.status_code == 422
    assert "Choose whose cheers you want to see." in answer.text
    assert rows() == before


def test_links_of_others_are_unknown(cast, teen, patient):
    before = rows()
    for pk in (link_of(cast.other, cast.omar).pk, link_of(patient, cast.maya).pk, 10**15):
        assert teen.post(url(patient, "cheers-mute"), {"member": pk, "mute": "yes"}).status_code == 404
    assert rows() == before


# --- Today -------------------------------------------------------------------------------------------------


def test_today_shows_those_of_today_and_yesterday(cast, teen, patient):
    for n, text in enumerate(("of today", "of yesterday", "of the day before")):
        factories.cheer(patient, cast.dana, text, day=patient.today() - n * DAY)
    Patient.objects.filter(pk=patient.pk).update(last_cheer_on=patient.today())
    page = teen.get(reverse("today")).text
    assert page.index("of today") < page.index("of yesterday")
    assert "of the day before" not in page


def test_today_shows_no_cheer_in_the_plain_look_but_the_page_does(sent, teen):
    Patient.objects.filter(pk=sent.patient.pk).update(plain_look=True)
    assert "dana cheers" not in teen.get(reverse("today")).text
    page = teen.get(url(sent.patient)).text
    assert "dana cheers" in page
    assert "Plain look is on" in page


@pytest.mark.parametrize("who", ["dana", "lee"])
def test_the_same_page_shows_others_no_cheer(sent, who):
    page = signed_in(getattr(sent, who)).get(reverse("patient-today", args=[sent.patient.code])).text
    assert "cheers</p>" not in page
    assert "dana cheers" not in page
    assert "lee cheers" not in page


@pytest.mark.parametrize(("days_ago", "size", "queries"), [(None, 0, 12), (2, 1, 12), (1, 1, 13), (0, 9, 13)])
def test_today_asks_once_more_only_where_there_is_one(
    cast, teen, patient, django_assert_num_queries, days_ago, size, queries
):
    Program.objects.update(accepted_at=NOON)
    factories.session(patient, cast.maya)
    if days_ago is not None:
        day = patient.today() - days_ago * DAY
        for n in range(size):
            factories.cheer(patient, factories.user(f"p{n}"), day=day)
        Patient.objects.filter(pk=patient.pk).update(last_cheer_on=day)
    teen.get(reverse("today"))
    with django_assert_num_queries(queries):
        teen.get(reverse("today"))


# --- refusals ----------------------------------------------------------------------------------------------


def test_who_may_send_and_mute(cast, teen, parent, therapist, stranger, client, patient):
    before, link = rows(), link_of(patient, cast.lee)
    outsiders = ((stranger, 404), (signed_in(cast.omar), 404), (client, 302))
    for person, status in ((teen, 403), *outsiders):
        assert send(person, patient).status_code == status
    for person, status in ((parent, 403), (therapist, 403), *outsiders):
        assert mute(person, patient, link).status_code == status
    assert rows() == before


def test_who_may_look(cast, stranger, client, patient):
    for person, status in ((stranger, 404), (signed_in(cast.noor), 404), (client, 302)):
        assert person.get(url(patient)).status_code == status


def test_wrong_methods(teen, parent, patient):
    assert parent.put(url(patient)).status_code == 405
    assert teen.get(url(patient, "cheers-mute")).status_code == 405


def test_nothing_is_added_to_a_record_that_waits_for_the_clinic(sent, parent):
    Patient.objects.filter(pk=sent.patient.pk).update(locked_at=timezone.now())
    page = parent.get(url(sent.patient)).text
    assert "dana cheers" in page
    assert 'name="text"' not in page
    assert send(parent, sent.patient).status_code == 403


@pytest.mark.parametrize("size", [1, 20])
@pytest.mark.parametrize(("who", "queries"), [("maya", 5), ("dana", 5)])
def test_queries(cast, patient, django_assert_num_queries, size, who, queries):
    for n in range(size):
        factories.cheer(patient, cast.dana, day=patient.today() - n * DAY)
        factories.link(patient, factories.user(f"p{n}"), "parent")
    client = signed_in(getattr(cast, who))
    client.get(url(patient))
    with django_assert_num_queries(queries):
        client.get(url(patient))


@pytest.mark.parametrize("where", ["more", "family", "patient"])
def test_the_way_there(teen, parent, therapist, patient, where):
    client = {"more": teen, "family": parent, "patient": therapist}[where]
    page = client.get(reverse(where, args=[patient.code] if where == "patient" else [])).text
    assert f'href="{url(patient)}"' in page
