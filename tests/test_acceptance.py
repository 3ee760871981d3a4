from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from exercises.models import Notice, Program
from exercises.queries import acceptance, log
from exercises.queries.caseload import caseload
from exercises.services import acceptance as services
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

DAY = timedelta(days=1)


def answer(client, patient, version=1, wanted="accept", **data):
    url = reverse("program-answer", args=[patient.code, version])
    return client.post(url, {"answer": wanted, "next": "today", **data}, follow=True)


def asked(patient, person):
    return acceptance.asked(factories.viewer(patient, person), log.programs(patient))


def today(client):
    return client.get(reverse("today")).text


@pytest.fixture
def program(patient):
    return patient.programs.get()


@pytest.fixture
def second(patient, program):
    """Starts tomorrow, after a first one that was accepted."""
    Program.objects.update(accepted_at=timezone.now())
    return factories.program(patient, patient.today() + DAY, cardio=25)


def test_a_first_program_is_shown_and_accepted(teen, patient, cast, program):
    page = today(teen)
    assert "Your program is here" in page
    assert "The plan counts either way" in page
    page = answer(teen, patient).text
    program.refresh_from_db()
    assert program.accepted_by == cast.maya and program.accepted_at
    assert "Your program is here" not in page
    assert "You&#x27;re in. Good." in page


def test_a_next_version_says_what_changes_and_when(teen, patient, second):
    page = today(teen)
    assert "Your program changed" in page
    assert "It starts on" in page
    assert "25 min" in page.partition('id="ask"')[2].partition("</section>")[0]


def test_accepting_twice_is_accepting_once(teen, patient, program):
    answer(teen, patient)
    program.refresh_from_db()
    first = program.accepted_at
    assert answer(teen, patient).status_code == 200
    program.refresh_from_db()
    assert program.accepted_at == first


def test_to_talk_about_it_first_is_told_to_therapists_only_once(teen, patient, cast, program):
    page = answer(teen, patient, wanted="talk").text
    assert "You want to talk about it first" in page
    assert "Until then this plan counts." in page
    assert "I&#x27;m in now" in page or "I'm in now" in page
    answer(teen, patient, wanted="talk")
    program.refresh_from_db()
    assert (program.talk_by, program.accepted_at) == (cast.maya, None)
    notice = Notice.objects.get(kind="talk_first")
    assert notice.user == cast.lee
    assert (
        "maya wants to talk about program 1 of Maya R. first."
        in signed_in(cast.lee).get(reverse("news")).text
    )


def test_the_talk_stands_first_on_the_caseload_until_it_is_accepted(teen, therapist, patient, cast, program):
    answer(teen, patient, wanted="talk")
    person = caseload(cast.lee).rows[0].person
    assert person.talk and person.why.startswith("talk first")
    assert person.rank < (0, 0)
    assert "Maya R." in therapist.get(reverse("caseload"), {"show": "talk"}).text
    record = reverse("patient", args=[patient.code])
    assert "Maya R. wants to talk about program 1 first." in therapist.get(record).text
    answer(teen, patient)
    assert not caseload(cast.lee).rows[0].person.talk
    assert "wants to talk" not in therapist.get(record).text
    assert "No patient here fits this search." in therapist.get(reverse("caseload"), {"show": "talk"}).text


def test_the_talk_ends_with_the_version_that_follows(teen, patient, cast, program):
    answer(teen, patient, wanted="talk")
    factories.program(patient, patient.today() + DAY)
    assert not caseload(cast.lee).rows[0].person.talk
    ask = asked(patient, cast.maya)
    assert (ask.version, ask.talks, ask.started) == (2, False, False)


def test_a_paused_program_that_is_talked_about_is_on_the_list(teen, patient, cast, program):
    Program.objects.update(kind="paused")
    answer(teen, patient, wanted="talk")
    assert [row.person.talk for row in caseload(cast.lee).rows] == [True]


def test_the_version_in_force_is_asked_about_before_the_next_one(patient, cast, program):
    later = factories.program(patient, patient.today() + DAY)
    assert asked(patient, cast.maya).version == 1
    Program.objects.filter(pk=program.pk).update(accepted_at=timezone.now())
    assert asked(patient, cast.maya).version == later.version


def test_old_versions_and_what_is_done_ask_nothing(teen, patient, cast, program):
    Program.objects.update(starts_on=patient.today() - 9 * DAY)
    now = factories.program(patient, patient.today(), accepted_at=timezone.now())
    assert asked(patient, cast.maya) is None
    before = rows()
    response = answer(teen, patient, version=1)
    assert response.status_code == 409
    assert "The program changed after this page was opened." in response.text
    assert rows() == before
    Program.objects.filter(pk=now.pk).update(kind="done", accepted_at=None)
    assert asked(patient, cast.maya) is None
    assert answer(teen, patient, version=2).status_code == 409


@pytest.mark.parametrize("version", ["99", "0", "-1", "x", "9" * 30])
def test_an_unknown_version(teen, patient, program, version):
    before = rows()
    url = f"/patients/{patient.code}/program/{version}/answer/"
    assert teen.post(url, {"answer": "accept"}).status_code == 404
    assert rows() == before


@pytest.mark.parametrize("wanted", ["", "no", "\x00", "accept\n"])
def test_an_answer_that_is_none(teen, patient, program, wanted):
    before = rows()
    response = answer(teen, patient, wanted=wanted)
    assert response.status_code == 422
    assert "Choose one of the two answers." in response.text
    assert rows() == before


def test_who_may(parent, therapist, stranger, client, cast, patient, program):
    before = rows()
    for other, status in ((parent, 403), (therapist, 403), (stranger, 404), (signed_in(cast.noor), 404)):
        assert answer(other, patient).status_code == status
    assert client.post(reverse("program-answer", args=[patient.code, 1])).status_code == 302
    assert rows() == before
    for person in (cast.dana, cast.lee):
        assert asked(patient, person) is None


def test_it_is_sent_and_never_opened(teen, patient, program):
    assert teen.get(reverse("program-answer", args=[patient.code, 1])).status_code == 405


def test_a_younger_childs_parent_answers(parent, cast):
    child = factories.patient("Leo")
    factories.link(child, cast.dana, "parent")
    factories.program(child)
    assert "Your program is here" in parent.get(reverse("patient-today", args=[child.code])).text
    answer(parent, child)
    assert child.programs.get().accepted_by == cast.dana


def test_parents_do_not_read_that_it_is_talked_about(teen, parent, patient, cast, program):
    answer(teen, patient, wanted="talk")
    for name in ("patient", "patient-today"):
        assert "talk about" not in parent.get(reverse(name, args=[patient.code])).text
    versions = log.programs(patient)
    assert acceptance.talked_about(factories.viewer(patient, cast.dana), versions) is None
    assert acceptance.talked_about(factories.viewer(patient, cast.lee), versions) == program


def test_a_therapist_who_is_the_only_one_to_tell_may_be_none(teen, patient, program):
    patient.team.filter(role="therapist").delete()
    answer(teen, patient, wanted="talk")
    assert not Notice.objects.filter(kind="talk_first").exists()


def test_what_was_accepted_can_not_become_a_talk(cast, patient, program):
    viewer = factories.viewer(patient, cast.maya)
    services.answer_program(viewer=viewer, version=1, answer="accept")
    services.answer_program(viewer=viewer, version=1, answer="talk")
    program.refresh_from_db()
    assert program.talk_at is None


def test_a_page_of_before_promises_nothing(teen, patient, program):
    answer(teen, patient)
    html = answer(teen, patient, wanted="talk").text
    assert "You said before that you&#x27;re in." in html
    assert "Your therapists see" not in html


@pytest.mark.parametrize("versions", [1, 9])
def test_queries_while_a_version_waits(teen, patient, program, versions, django_assert_num_queries):
    """Nine on a day without entries, and three for what changed."""
    Program.objects.update(starts_on=patient.today() - 60 * DAY)
    for n in range(versions):
        last = factories.program(patient, patient.today() - (versions - n) * DAY)
        factories.item(last, factories.activity(f"A{n}"))
    with django_assert_num_queries(13):
        teen.get(reverse("today"))


def test_the_program_page_asks_too_and_returns_there(teen, therapist, parent, patient, program):
    url = reverse("program", args=[patient.code])
    assert "Your program is here" in teen.get(url).text
    assert "I'm in" not in parent.get(url).text
    page = answer(teen, patient, wanted="talk", next="program")
    assert page.redirect_chain == [(url, 302)]
    assert "You want to talk about it first" in page.text
    assert "Maya R. wants to talk about program 1 first." in therapist.get(url).text
    assert "talk about" not in parent.get(url).text
    page = answer(teen, patient, next="program").text
    assert "talk about" not in page.replace("Let's talk", "")
    assert "wants to talk" not in therapist.get(url).text
