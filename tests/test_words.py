import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from exercises.models import Note, Question
from exercises.queries import words as queries
from exercises.services import words as services
from exercises.session_keys import SHARED_DEVICE
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

RTL = "\u202e\u05e9\u05dc\u05d5\u05dd"
TEXTS = ["I ran to the bus 🎉", RTL, "=cmd()", "<b>bold</b>", "x" * 2000, "one\r\ntwo"]


def url(name, patient, *args):
    return reverse(name, args=[patient.code, *args])


def note(client, patient, **data):
    return client.post(
        url("note-new", patient), {"day": patient.today().isoformat(), "text": "Slept well", "to": ""} | data
    )


def ask(client, patient, **data):
    return client.post(url("question-new", patient), {"text": "May I swim?", "to": ""} | data)


@pytest.fixture
def words(cast):
    """What everybody wrote about maya: to the team, to physical therapy, to psychology."""
    factories.link(cast.patient, factories.user("pia"), "therapist", discipline="psychology")
    day, teen = cast.patient.today(), factories.viewer(cast.patient, cast.maya)
    for to in ("", "pt", "psychology"):
        services.write_note(viewer=teen, day=day, text=f"note to {to or 'all'}", to=to)
        services.ask_question(viewer=teen, text=f"question to {to or 'all'}", to=to)
    parent = factories.viewer(cast.patient, cast.dana)
    services.ask_question(viewer=parent, text="dana asks", to="pt")
    return cast


def texts(rows):
    return {row.text for row in rows}


def test_the_teen_reads_what_the_teen_wrote(words):
    teen = factories.viewer(words.patient, words.maya)
    assert texts(queries.notes_on(teen, words.patient.today())) == {
        "note to all",
        "note to pt",
        "note to psychology",
    }
    assert texts(queries.questions(teen)) == {
        "question to all",
        "question to pt",
        "question to psychology",
    }


def test_a_therapist_reads_what_is_for_the_team_or_for_their_discipline(words):
    lee = factories.viewer(words.patient, words.lee)
    assert texts(queries.notes_on(lee, words.patient.today())) == {"note to all", "note to pt"}
    assert texts(queries.questions(lee)) == {"question to all", "question to pt", "dana asks"}


def test_a_therapist_without_a_discipline_reads_what_is_for_the_team(words):
    factories.link(words.patient, words.sam, "therapist")
    sam = factories.viewer(words.patient, words.sam)
    assert texts(queries.notes_on(sam, words.patient.today())) == {"note to all"}
    assert texts(queries.questions(sam)) == {"question to all"}


def test_a_parent_reads_their_own_questions_and_nothing_else(words, django_assert_num_queries):
    dana = factories.viewer(words.patient, words.dana)
    with django_assert_num_queries(0):
        assert queries.notes_on(dana, words.patient.today()) == []
    assert texts(queries.questions(dana)) == {"dana asks"}
    factories.link(words.patient, words.sam, "parent")
    assert queries.questions(factories.viewer(words.patient, words.sam)) == []


def test_parents_of_a_younger_child_read_each_others_words(cast):
    child = factories.patient("Leo")
    factories.link(child, cast.dana, "parent")
    factories.link(child, cast.sam, "parent")
    dana, sam = factories.viewer(child, cast.dana), factories.viewer(child, cast.sam)
    services.write_note(viewer=dana, day=child.today(), text="good day", to="")
    services.ask_question(viewer=dana, text="which bike?", to="")
    assert texts(queries.notes_on(sam, child.today())) == {"good day"}
    assert texts(queries.questions(sam)) == {"which bike?"}
    assert [row.by for row in queries.questions(dana)] == ["you"]


def test_words_of_another_record_or_day_stay_out(words):
    noor = factories.viewer(words.other, words.noor)
    assert queries.questions(noor) == []
    teen = factories.viewer(words.patient, words.maya)
    assert queries.notes_on(teen, words.patient.today() - timedelta(days=1)) == []


def test_open_questions(words):
    lee = factories.viewer(words.patient, words.lee)
    services.answer_question(viewer=lee, question=Question.objects.get(text="question to pt"))
    assert texts(queries.questions(lee, open_only=True)) == {"question to all", "dana asks"}


@pytest.mark.parametrize("text", TEXTS)
def test_a_note_is_kept_as_written(teen, patient, cast, text):
    response = note(teen, patient, text=text)
    assert response.status_code == 302
    assert response["Location"] == url("day", patient, patient.today().isoformat())
    kept = Note.objects.get()
    assert (kept.text, kept.author, kept.entered_as) == (text.replace("\r\n", "\n"), cast.maya, "patient")


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\x00b"])
def test_a_note_that_cannot_be_kept_stays_in_the_box(teen, patient, text):
    response = note(teen, patient, text=text)
    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert not Note.objects.exists()


@pytest.mark.parametrize(("days_back", "status"), [(-1, 422), (0, 302), (7, 302), (8, 422)])
def test_a_note_belongs_to_one_of_the_last_days(teen, patient, days_back, status):
    day = patient.today() - timedelta(days=days_back)
    response = note(teen, patient, day=day.isoformat(), text="kept words")
    assert response.status_code == status
    assert status == 302 or "kept words" in response.content.decode()


@pytest.mark.parametrize("send", [note, ask])
def test_words_go_to_nobody_who_is_not_on_the_team(teen, patient, send):
    response = send(teen, patient, to="psychology", text="kept words")
    assert response.status_code == 422
    assert "kept words" in response.content.decode()
    assert not Note.objects.exists()
    assert not Question.objects.exists()


def test_only_the_own_team_is_offered(cast):
    factories.link(cast.other, factories.user("pia"), "therapist", discipline="psychology")
    former = factories.link(cast.patient, factories.user("nina"), "therapist", discipline="nursing")
    former.until = timezone.now()
    former.save()
    assert [value for value, _name in queries.addressees(cast.patient)] == ["", "pt"]


def test_the_form_takes_the_day_from_the_link(teen, patient):
    assert 'value="2026-11-20"' in teen.get(url("note-new", patient) + "?day=2026-11-20").content.decode()


def test_each_box_says_who_reads_it(teen, parent, patient, cast):
    theirs = teen.get(url("question-new", patient)).content.decode()
    assert "Only you and the therapists on the care team can read this." in theirs
    assert "they may be able to ask the clinic for it" in theirs
    hers = parent.get(url("question-new", patient)).content.decode()
    assert "Only you and the therapists" in hers
    assert "ask the clinic" not in hers
    child = factories.patient("Leo")
    factories.link(child, cast.dana, "parent")
    assert "Parents and the therapists" in parent.get(url("note-new", child)).content.decode()


def test_without_a_therapist_the_box_promises_no_reader(teen, patient):
    patient.team.filter(role="therapist").delete()
    assert "Only you can read this until a therapist" in teen.get(url("note-new", patient)).content.decode()


def test_a_question_is_asked_today(teen, parent, patient, cast):
    assert ask(teen, patient)["Location"] == url("words", patient)
    ask(parent, patient, to="pt")
    first, second = Question.objects.order_by("pk")
    assert (first.day, first.author, first.to, first.entered_as) == (
        patient.today(),
        cast.maya,
        "",
        "patient",
    )
    assert (second.author, second.to, second.entered_as) == (cast.dana, "pt", "parent")


@pytest.mark.parametrize("text", ["", "x" * 2001, "a\x00b"])
def test_a_question_that_cannot_be_kept_stays_in_the_box(teen, patient, text):
    response = ask(teen, patient, text=text)
    assert response.status_code == 422
    assert text in response.content.decode()
    assert not Question.objects.exists()


@pytest.mark.parametrize(("send", "model"), [(note, Note), (ask, Question)])
def test_words_sent_twice_are_kept_once(teen, patient, cast, send, model):
    form_id = str(uuid4())
    first, again = send(teen, patient, id=form_id), send(teen, patient, id=form_id)
    assert (first.status_code, first["Location"]) == (again.status_code, again["Location"])
    assert model.objects.count() == 1
    send(teen, patient, id=form_id, text="Back in the form, other words")
    send(signed_in(cast.noor), cast.other, id=form_id)
    assert model.objects.count() == 3


@pytest.mark.parametrize("bad", ["", "1", "\x00", "x" * 500])
def test_an_id_that_is_none_keeps_no_words_out(teen, patient, bad):
    for _ in range(2):
        assert ask(teen, patient, id=bad).status_code == 302
    assert Question.objects.count() == 2


@pytest.mark.parametrize("name", ["note-new", "question-new", "days-off", "goals"])
def test_each_page_has_an_id_of_its_own(teen, patient, name):
    found = [
        re.findall(r'name="id" value="([0-9a-f-]{36})"', teen.get(url(name, patient)).text) for _ in "12"
    ]
    assert [len(ids) for ids in found] == [1, 1]
    assert found[0] != found[1]


def test_a_refused_form_keeps_its_id(teen, patient):
    form_id = str(uuid4())
    assert f'value="{form_id}"' in ask(teen, patient, id=form_id, text="").text


def test_words_for_somebody_who_left_are_read_by_the_others(words, therapist):
    words.patient.team.filter(user__username="pia").update(until=timezone.now())
    lee = factories.viewer(words.patient, words.lee)
    assert "note to psychology" in texts(queries.notes_on(lee, words.patient.today()))
    assert "question to psychology" in texts(queries.questions(lee))
    question = Question.objects.get(text="question to psychology")
    assert therapist.post(url("question-answer", words.patient, question.pk)).status_code == 302
    dana = factories.viewer(words.patient, words.dana)
    assert texts(queries.questions(dana)) == {"dana asks"}


@pytest.mark.parametrize(
    ("sent", "back"), [({}, "words"), ({"next": "patient"}, "patient"), ({"next": "//evil.example"}, "words")]
)
def test_an_answer_returns_to_where_it_was_given(teen, therapist, patient, sent, back):
    ask(teen, patient)
    target = url("question-answer", patient, Question.objects.get().pk)
    assert therapist.post(target, sent)["Location"] == url(back, patient)


def test_a_therapist_marks_a_question_as_talked_about(therapist, teen, patient, cast):
    ask(teen, patient)
    question = Question.objects.get()
    target = url("question-answer", patient, question.pk)
    assert "We talked about it" in therapist.get(url("words", patient)).content.decode()
    assert therapist.post(target).status_code == 302
    question.refresh_from_db()
    answered_at = question.answered_at
    assert question.answered_by == cast.lee
    therapist.post(target)
    question.refresh_from_db()
    assert question.answered_at == answered_at
    assert "talked about" in teen.get(url("words", patient)).content.decode()


def test_a_question_to_another_discipline_or_record_is_unknown(therapist, words):
    psychology = Question.objects.get(text="question to psychology")
    noor = factories.viewer(words.other, words.noor)
    foreign = services.ask_question(viewer=noor, text="of another family")
    for pk in (psychology.pk, foreign.pk, 10**30):
        assert therapist.post(url("question-answer", words.patient, pk)).status_code == 404
    assert not Question.objects.exclude(answered_at=None).exists()


def test_the_page_shows_what_is_the_viewers(words, teen, parent, therapist):
    page = {
        name: client.get(url("words", words.patient)).content.decode()
        for name, client in {"teen": teen, "parent": parent, "therapist": therapist}.items()
    }
    assert "note to psychology" in page["teen"]
    assert "dana asks" not in page["teen"]
    assert "dana asks" in page["parent"]
    assert "note to" not in page["parent"]
    assert "question to" not in page["parent"]
    assert "note to pt" in page["therapist"]
    assert "to psychology" not in page["therapist"]


def test_what_somebody_wrote_is_never_markup(teen, therapist, patient):
    note(teen, patient, text="<script>alert(1)</script>")
    ask(teen, patient, text="<script>alert(2)</script>")
    for client in (teen, therapist):
        page = client.get(url("words", patient)).content.decode()
        assert "<script>alert" not in page
        assert page.count("&lt;script&gt;alert") == 2


GETS = ["words", "note-new", "question-new"]


@pytest.mark.parametrize("name", GETS)
def test_everybody_else(cast, stranger, client, patient, name):
    assert stranger.get(url(name, patient)).status_code == 404
    assert signed_in(cast.omar).get(url(name, patient)).status_code == 404
    assert client.get(url(name, patient)).status_code == 302


def test_who_may_write(parent, therapist, stranger, patient):
    for client, status in ((parent, 403), (therapist, 403), (stranger, 404)):
        assert note(client, patient).status_code == status
    for client, status in ((therapist, 403), (stranger, 404)):
        assert ask(client, patient).status_code == status
    assert not Note.objects.exists()
    assert not Question.objects.exists()


def test_who_may_answer(teen, parent, stranger, patient):
    ask(teen, patient)
    target = url("question-answer", patient, Question.objects.get().pk)
    for client, status in ((teen, 403), (parent, 403), (stranger, 404)):
        assert client.post(target).status_code == status
    assert Question.objects.get().answered_at is None


def test_wrong_methods(teen, therapist, patient):
    ask(teen, patient)
    assert therapist.get(url("question-answer", patient, Question.objects.get().pk)).status_code == 405
    assert teen.post(url("words", patient)).status_code == 405
    assert teen.put(url("note-new", patient)).status_code == 405


@pytest.mark.parametrize("size", [1, 40])
def test_queries(teen, patient, cast, django_assert_num_queries, size):
    viewer = factories.viewer(patient, cast.maya)
    for _ in range(size):
        services.write_note(viewer=viewer, day=patient.today(), text="a")
        services.ask_question(viewer=viewer, text="b")
    with django_assert_num_queries(5):
        teen.get(url("words", patient))


# --- may it be said ----------------------------------------------------------------------------------------


def say(client, patient, question, answer="yes"):
    return client.post(url("question-say", patient, question.pk), {"may_be_said": answer})


def box(page):
    """The tick box of the form, with what stands on it."""
    return re.search(r'<input[^>]*name="may_be_said"[^>]*>', page)[0]


def test_a_teens_question_is_just_between_them_unless_they_say_so(teen, patient):
    page = teen.get(url("question-new", patient)).text
    assert "checked" not in box(page)
    assert "May be said with my parents" in page
    assert "If not, your therapist asks you alone." in page
    ask(teen, patient)
    ask(teen, patient, text="And bike?", may_be_said="on")
    assert list(Question.objects.order_by("pk").values_list("may_be_said", flat=True)) == [False, True]


def test_a_parents_question_may_be_said_unless_they_say_no(cast, parent, patient):
    child = factories.patient("Leo")
    factories.link(child, cast.dana, "parent")
    for record in (patient, child):
        page = parent.get(url("question-new", record)).text
        assert "checked" in box(page)
        assert "May be said with my child in the room" in page
        ask(parent, record, may_be_said="on")
        ask(parent, record, text="Alone, please")
        said = Question.objects.filter(patient=record).order_by("pk").values_list("may_be_said", flat=True)
        assert list(said) == [True, False]


def test_a_refused_question_keeps_the_tick(teen, parent, patient):
    assert "checked" in box(ask(teen, patient, text="", may_be_said="on").text)
    assert "checked" not in box(ask(parent, patient, text="").text)


def test_a_note_asks_no_such_thing(teen, patient):
    assert "may_be_said" not in teen.get(url("note-new", patient)).text


def test_the_same_form_with_another_tick_is_a_question_of_its_own(teen, patient):
    form_id = str(uuid4())
    for said in ({}, {"may_be_said": "on"}, {"may_be_said": "on"}):
        ask(teen, patient, id=form_id, **said)
    assert Question.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "pill"), [(True, "may be said with the family"), (False, "just between us")]
)
def test_the_therapist_sees_what_may_be_said(cast, therapist, patient, said, pill):
    viewer = factories.viewer(patient, cast.maya)
    question = services.ask_question(viewer=viewer, text="May I swim?", may_be_said=said)
    for name in ("words", "patient"):
        assert therapist.get(url(name, patient)).text.count(pill) == 1
    services.answer_question(viewer=factories.viewer(patient, cast.lee), question=question)
    assert pill not in therapist.get(url("words", patient)).text


def test_the_author_says_anew_while_it_is_open(teen, therapist, patient, cast):
    ask(teen, patient)
    question = Question.objects.get()
    assert "Say it with my parents there" in teen.get(url("words", patient)).text
    assert say(teen, patient, question)["Location"] == url("words", patient)
    assert Question.objects.get().may_be_said
    assert "Keep it between us" in teen.get(url("words", patient)).text
    assert "Keep it between us" not in therapist.get(url("words", patient)).text
    say(teen, patient, question, "no")
    assert not Question.objects.get().may_be_said
    services.answer_question(viewer=factories.viewer(patient, cast.lee), question=question)
    assert "Say it with my parents there" not in teen.get(url("words", patient)).text
    say(teen, patient, question)
    assert not Question.objects.get().may_be_said


@pytest.mark.parametrize("answer", ["", "maybe", "\x00"])
def test_another_answer_changes_nothing(teen, patient, answer):
    ask(teen, patient)
    before = rows()
    refused = say(teen, patient, Question.objects.get(), answer)
    assert refused.status_code == 422
    assert "Choose one of the two answers." in refused.text
    assert rows() == before


def test_only_its_author_says_so(cast, teen, parent, therapist, stranger, client, patient):
    ask(teen, patient)
    ask(parent, patient, text="of a parent")
    ask(signed_in(cast.noor), cast.other, text="of another family")
    teens, parents, other = Question.objects.order_by("pk")
    before = rows()
    for person, question, status in (
        (parent, teens, 404),
        (teen, parents, 404),
        (teen, other, 404),
        (therapist, teens, 403),
        (stranger, teens, 404),
        (client, teens, 302),
    ):
        assert say(person, patient, question).status_code == status
    assert teen.post(url("question-say", patient, 10**15)).status_code == 404
    assert teen.get(url("question-say", patient, teens.pk)).status_code == 405
    assert rows() == before
    assert say(parent, patient, parents).status_code == 302
    assert Question.objects.get(pk=parents.pk).may_be_said


def test_on_a_shared_device_nobody_says_so_for_the_teen(teen, patient):
    ask(teen, patient)
    kept = teen.session
    kept[SHARED_DEVICE] = True
    kept.save()
    assert say(teen, patient, Question.objects.get()).status_code == 404
    assert not Question.objects.get().may_be_said
