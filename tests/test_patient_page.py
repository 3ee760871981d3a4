"""The patient's page: one page for teen, parent and therapist, each with what is theirs to see."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from exercises import adherence
from exercises.models import DayOff, Question
from exercises.queries.patient_page import patient_page
from exercises.services import daily
from exercises.services import words as words_service
from tests import factories
from tests.conftest import signed_in

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # 17:30 in Chicago, maya's zone
TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def url(patient):
    return reverse("patient", args=[patient.code])


def ago(days, minutes=0):
    return NOW - timedelta(days=days, minutes=minutes)


def seen(cast, who):
    return patient_page(factories.viewer(cast.patient, getattr(cast, who)))


def day_off(cast, by, days=1, **fields):
    first = TODAY + timedelta(days=days)
    return DayOff.objects.create(patient=cast.patient, first=first, last=first, asked_by=by, **fields)


# --- works -------------------------------------------------------------------------------------------------


def test_it_shows_the_program_in_force_and_the_one_that_comes(cast, teen):
    program = cast.patient.programs.get()
    wall_sit = factories.activity("Wall sit")
    factories.item(program, wall_sit, sets=3, reps=10, hold_seconds=5, side="each", words="Slow and tall.")
    factories.program(cast.patient, starts_on=TODAY + timedelta(days=3))
    html = teen.get(url(cast.patient)).text
    for shown in ("Program 1, active", "5 times, at least 5 min each", "Wall sit", "Slow and tall."):
        assert shown in html
    assert "3 × 10, hold 5 s, each side" in html
    assert "Program 2 starts Mon, Nov 23" in html


def test_last_7_and_28_are_closed_days_strands_first(cast, therapist):
    for days in (0, 1, 7, 8, 28, 29):
        factories.session(cast.patient, cast.maya, minutes=10, at=ago(days))
    page = seen(cast, "lee")
    cardio = page.strands[0]
    assert (cardio.short.done, cardio.short.asked, cardio.long.done, cardio.long.asked) == (20, 105, 40, 420)
    assert (page.short.active, page.short.judged, page.long.active, page.long.judged) == (2, 7, 4, 28)
    assert [day for day, _status in page.cells] == [TODAY - timedelta(days=n) for n in range(28, 0, -1)]
    html = therapist.get(url(cast.patient)).text
    assert html.index("40 of 420 min") < html.index("All targets met")


def test_a_strand_that_is_not_asked_for_has_no_row(cast, therapist):
    cast.patient.programs.update(desensitization=None)
    html = therapist.get(url(cast.patient)).text
    assert "Touch" not in html and "Cardio" in html


def test_sessions_of_the_last_two_weeks_are_grouped_by_day(cast):
    for days, strand, minutes in (
        (0, "cardio", 15),
        (1, "exercises", 20),
        (1, "exercises", 10),
        (1, "desensitization", 5),
        (1, "desensitization", 5),
        (1, "stress", None),
        (13, "cardio", 15),
        (14, "cardio", 15),
    ):
        factories.session(cast.patient, cast.maya, strand, minutes, at=ago(days, minutes or 0))
    lines = seen(cast, "maya").days
    assert [line.day for line in lines] == [TODAY, YESTERDAY, TODAY - timedelta(days=13)]
    assert [(part.strand, part.text) for part in lines[1].parts] == [
        ("exercises", "20 + 10"),
        ("desensitization", "2 × 5"),
        ("stress", "1"),
    ]


def test_the_last_entry_leads_to_its_day(cast, parent):
    assert "No entry so far." in parent.get(url(cast.patient)).text
    factories.session(cast.patient, cast.maya, at=ago(3))
    html = parent.get(url(cast.patient)).text
    assert f'<a href="{reverse("day", args=[cast.patient.code, "2026-11-17"])}">Tue, Nov 17</a>' in html


def test_without_a_program_it_is_still_a_page(cast, therapist):
    cast.patient.programs.all().delete()
    html = therapist.get(url(cast.patient)).text
    assert "No program yet." in html and "Set up the program" in html


def test_a_new_patient_starts_fresh(cast, teen):
    cast.patient.programs.update(starts_on=TODAY)
    assert "Fresh start" in teen.get(url(cast.patient)).text


# --- how entries came --------------------------------------------------------------------------------------


def at(minutes):
    return NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("entries", "counts"),
    [
        ([], (0, 0, 0)),
        ([(YESTERDAY, at(0), False)], (1, 0, 0)),
        ([(YESTERDAY, at(0), True)], (0, 0, 1)),
        # Two at the end of a day are two; three within ten minutes came together.
        ([(TODAY, at(0), False), (TODAY, at(1), False)], (2, 0, 0)),
        ([(TODAY, at(0), False), (TODAY, at(5), False), (TODAY, at(10), False)], (0, 3, 0)),
        ([(TODAY, at(0), False), (TODAY, at(5), False), (TODAY, at(11), False)], (3, 0, 0)),
        # Only the day's last ones, whatever order they come in, each day for itself.
        (
            [(TODAY, at(n), False) for n in (92, 0, 91, 1, 90, 2)] + [(YESTERDAY, at(91), False)],
            (4, 3, 0),
        ),
        # Added later belongs to no day's end.
        ([(TODAY, at(0), False), (TODAY, at(1), False), (TODAY, at(2), True)], (2, 0, 1)),
    ],
)
def test_entries_came_one_by_one_together_or_later(entries, counts):
    arrivals = adherence.arrivals(entries)
    assert (arrivals.one_by_one, arrivals.together, arrivals.later) == counts
    assert arrivals.total == len(entries)


def test_the_same_day_share_counts_what_was_entered_on_the_day():
    assert adherence.percent(adherence.Arrivals(2, 1, 1).same_day) == 75
    assert adherence.Arrivals().same_day is None


def test_arrivals_are_of_closed_days(cast):
    factories.session(cast.patient, cast.maya)
    factories.session(cast.patient, cast.maya, at=ago(1))
    factories.session(cast.patient, cast.maya, day=YESTERDAY)
    factories.session(cast.patient, cast.maya, at=ago(29))
    arrivals = seen(cast, "lee").arrivals
    assert (arrivals.one_by_one, arrivals.later) == (1, 1)


# --- who sees what -----------------------------------------------------------------------------------------


@pytest.fixture
def told(cast):
    """A record with something in it that a parent must not see."""
    technique = factories.activity("CANARY-TECHNIQUE", "stress")
    factories.session(
        cast.patient, cast.maya, "stress", None, activity=technique, source="guided", at=ago(0, 120)
    )
    factories.session(cast.patient, cast.maya, day=YESTERDAY, source="timer")
    teen = factories.viewer(cast.patient, cast.maya)
    for day in (TODAY, YESTERDAY):
        daily.mark_day(viewer=teen, day=day, harder=True, friends="yes")
    factories.link(cast.patient, factories.user("pia"), "therapist", discipline="psychology")
    words_service.write_note(viewer=teen, day=TODAY, text="CANARY-NOTE", to="")
    words_service.ask_question(viewer=teen, text="CANARY-QUESTION", to="")
    words_service.ask_question(viewer=teen, text="CANARY-PSYCHOLOGY", to="psychology")
    parent = factories.viewer(cast.patient, cast.dana)
    words_service.ask_question(viewer=parent, text="DANA-ASKS", to="")
    return cast


SECRETS = (
    "CANARY",
    "harder",
    "friends",
    "3:30",
    "guided",
    "timer",
    "later",
    "How entries came",
    "one by one",
)


def test_a_parent_sees_the_work_and_their_own_question(told, parent):
    html = parent.get(url(told.patient)).text.split("<main")[1]
    assert [secret for secret in SECRETS if secret.lower() in html.lower()] == []
    assert "DANA-ASKS" in html and "Calm <b>1</b>" in html
    page = seen(told, "dana")
    assert page.arrivals is None
    assert {line.later for line in page.days} == {None}


def test_the_teen_sees_how_entries_came_and_what_the_teen_asked(told, teen):
    html = teen.get(url(told.patient)).text
    assert "How entries came" in html and "1 added later" in html
    assert "CANARY-QUESTION" in html and "CANARY-PSYCHOLOGY" in html and "DANA-ASKS" not in html


def test_a_therapist_sees_what_is_addressed_to_them(told, therapist):
    html = therapist.get(url(told.patient)).text
    assert "How entries came" in html and "CANARY-QUESTION" in html and "DANA-ASKS" in html
    assert "CANARY-PSYCHOLOGY" not in html


@pytest.mark.parametrize("who", ["maya", "dana", "lee"])
def test_harder_days_and_notes_are_not_on_this_page(told, who):
    html = signed_in(getattr(told, who)).get(url(told.patient)).text.lower()
    assert "harder" not in html and "canary-note" not in html and "canary-technique" not in html


def test_only_therapists_get_the_forms_that_answer(told):
    asked = day_off(told, told.dana)
    question = Question.objects.get(text="CANARY-QUESTION")
    answers = (
        reverse("day-off-answer", args=[told.patient.code, asked.pk]),
        reverse("question-answer", args=[told.patient.code, question.pk]),
        reverse("program-edit", args=[told.patient.code]),
    )
    for who, offered in (("maya", False), ("dana", False), ("lee", True)):
        html = signed_in(getattr(told, who)).get(url(told.patient)).text
        assert [answer in html for answer in answers] == [offered] * 3
        assert html.count('name="next" value="patient"') == 3 * offered


def test_a_day_off_waits_until_it_is_answered_or_long_past(cast):
    waiting = day_off(cast, cast.maya)
    day_off(cast, cast.maya, days=-29)
    day_off(cast, cast.maya, days=2, answer="granted", answered_at=NOW, answered_by=cast.lee)
    day_off(cast, cast.maya, days=3, withdrawn_at=NOW, withdrawn_by=cast.maya)
    assert [row.id for row in seen(cast, "lee").days_off] == [waiting.pk]


@pytest.mark.parametrize(("who", "offered"), [("maya", True), ("dana", False), ("lee", True)])
def test_settings_are_offered_to_those_who_may_change_them(cast, who, offered):
    html = signed_in(getattr(cast, who)).get(url(cast.patient)).text
    assert (reverse("patient-settings", args=[cast.patient.code]) in html) is offered


@pytest.mark.parametrize("who", ["sam", "noor", "omar", "kim"])
def test_a_stranger_finds_nothing(cast, who):
    assert signed_in(getattr(cast, who)).get(url(cast.patient)).status_code == 404


def test_an_unknown_record_is_not_found(cast, teen):
    assert teen.get("/patients/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert teen.get("/patients/1/").status_code == 404


def test_it_is_only_read(cast, therapist):
    assert therapist.post(url(cast.patient)).status_code == 405
    assert therapist.delete(url(cast.patient)).status_code == 405


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize(("who", "queries"), [("maya", 10), ("dana", 16), ("lee", 15)])
def test_queries_do_not_grow_with_the_record(cast, django_assert_num_queries, who, queries, count):
    program, activity = cast.patient.programs.get(), factories.activity()
    teen = factories.viewer(cast.patient, cast.maya)
    for n in range(count):
        item = factories.item(program, activity)
        factories.session(cast.patient, cast.maya, "exercises", 5, items=(item,), at=ago(n))
        words_service.ask_question(viewer=teen, text="May I?", to="")
        day_off(cast, cast.maya, days=n)
    client = signed_in(getattr(cast, who))
    with django_assert_num_queries(queries):
        client.get(url(cast.patient))
