import re
from datetime import timedelta

import pytest
from django.urls import reverse

from exercises.models import CareTeamMember, Program, ProgramItem
from exercises.queries.program import plan_of
from exercises.services import programs
from tests import factories
from tests.conftest import signed_in

DAY = timedelta(days=1)
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def page(patient, name="program"):
    return reverse(name, args=[patient.code])


@pytest.fixture
def squat(patient):
    return factories.item(
        patient.programs.get(), factories.activity("Squat"), sets=3, reps=10, words="Slowly."
    )


def typed(patient, rows=(), initial=0, **fields):
    """What the editor's form sends: guideline numbers, and a row for each of ``rows``."""
    data = {
        "version": "1", "kind": "full", "start": "today", "cardio": "20", "exercises": "30",
        "desensitization": "5", "desensitization_minutes": "5",
        "items-TOTAL_FORMS": str(len(rows)), "items-INITIAL_FORMS": str(initial),
    }  # fmt: skip
    for index, row in enumerate(rows):
        data |= {f"items-{index}-{name}": value for name, value in row.items()}
    return data | fields


def post(client, patient, **fields):
    return client.post(page(patient, "program-edit"), typed(patient, **fields))


# --- the page ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["maya", "dana", "lee"])
def test_everyone_on_the_team_sees_the_program(cast, squat, who):
    response = signed_in(getattr(cast, who)).get(page(cast.patient))
    assert response.status_code == 200
    html = response.content.decode()
    assert "5 times, at least 5 min each" in html
    assert "Squat" in html and "3 × 10" in html and "Slowly." in html
    assert (reverse("program-edit", args=[cast.patient.code]) in html) is (who == "lee")


@pytest.mark.parametrize("name", ["program", "program-edit"])
def test_a_stranger_and_a_wrong_code_get_404(cast, stranger, therapist, name):
    assert stranger.get(page(cast.patient, name)).status_code == 404
    assert therapist.get(page(cast.other, name)).status_code == 404
    assert therapist.get(reverse(name, args=[UNKNOWN])).status_code == 404


@pytest.mark.parametrize("name", ["program", "program-edit"])
def test_wrong_methods_get_405(patient, therapist, name):
    assert therapist.put(page(patient, name)).status_code == 405
    assert therapist.delete(page(patient, name)).status_code == 405


def test_before_the_first_program_the_page_says_what_happens(cast, patient, teen, therapist):
    Program.objects.filter(patient=patient).delete()
    assert "Your therapist sets it up." in teen.get(page(patient)).content.decode()
    assert "Set it up" in therapist.get(page(patient)).content.decode()


def test_what_starts_next_and_what_was_before_are_shown(cast, patient, teen):
    viewer = factories.viewer(patient, cast.lee)
    plan = plan_of(patient.programs.get())
    programs.revise_program(viewer=viewer, plan=plan, basis=1)
    for version in (2, 3):
        programs.revise_program(viewer=viewer, plan=plan, basis=version, starts_on=patient.today() + 3 * DAY)
    html = teen.get(page(patient)).content.decode()
    assert re.search(r'<h2 id="next">From ', html)
    assert "Program 2, since" in html
    assert re.findall(r"<h3>Program (\d)", html) == ["3", "1"]
    assert "replaced" in html


def test_words_are_escaped(patient, squat, teen):
    ProgramItem.objects.update(words="<script>")
    assert "<script>alert" not in teen.get(page(patient)).content.decode()
    assert "&lt;script&gt;" in teen.get(page(patient)).content.decode()


@pytest.mark.parametrize("versions", [1, 5])
def test_the_page_costs_the_same_with_more_versions(
    cast, patient, squat, teen, django_assert_num_queries, versions
):
    for n in range(versions):
        old = factories.program(patient, patient.today() - (n + 1) * DAY)
        factories.item(old, squat.activity)
    with django_assert_num_queries(5):
        teen.get(page(patient))


# --- pausing, ending, taking back ---------------------------------------------------------------------------


@pytest.mark.parametrize("move", ["paused", "done"])
def test_a_therapist_pauses_and_takes_up_again(patient, therapist, move):
    assert therapist.post(page(patient), {"move": move, "version": "1"}).status_code == 302
    assert patient.programs.get(version=2).kind == move
    html = therapist.get(page(patient)).content.decode()
    assert "Days without a running program are not counted." in html
    assert therapist.post(page(patient), {"move": "full", "version": "2"}).status_code == 302
    assert patient.programs.get(version=3).targets.cardio == 15


def test_what_has_not_started_is_taken_back(cast, patient, therapist):
    viewer = factories.viewer(patient, cast.lee)
    programs.revise_program(
        viewer=viewer, plan=plan_of(patient.programs.get()), basis=1, starts_on=patient.today() + DAY
    )
    assert "Take this one back" in therapist.get(page(patient)).content.decode()
    assert therapist.post(page(patient), {"move": "cancel", "version": "2"}).status_code == 302
    assert patient.programs.get(version=2).replaced_at is not None


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"move": "cancel", "version": "1"}, 409),
        ({"move": "cancel", "version": "9"}, 404),
        ({"move": "cancel", "version": "9" * 30}, 404),
        ({"move": "paused", "version": "9"}, 409),
        ({"move": "explode", "version": "1"}, 422),
        ({"move": "paused"}, 422),
        ({}, 422),
    ],
)
def test_a_move_that_does_not_fit_changes_nothing(patient, therapist, sent, status):
    assert therapist.post(page(patient), sent).status_code == status
    assert list(patient.programs.values_list("version", "replaced_at")) == [(1, None)]


@pytest.mark.parametrize("who", ["maya", "dana"])
def test_the_family_changes_nothing_while_a_therapist_is_on_the_team(cast, patient, who):
    client = signed_in(getattr(cast, who))
    assert client.post(page(patient), {"move": "done", "version": "1"}).status_code == 403
    assert client.get(page(patient, "program-edit")).status_code == 403
    assert post(client, patient).status_code == 403
    assert patient.programs.count() == 1


@pytest.mark.parametrize("who", ["maya", "dana"])
def test_without_a_therapist_the_family_enters_it_from_the_sheet(cast, patient, who):
    CareTeamMember.objects.filter(patient=patient, user=cast.lee).delete()
    client = signed_in(getattr(cast, who))
    assert client.get(page(patient, "program-edit")).status_code == 200
    assert post(client, patient).status_code == 302
    assert patient.programs.get(version=2).created_by == getattr(cast, who)


# --- the editor ---------------------------------------------------------------------------------------------


def test_the_editor_shows_the_latest_version(patient, squat, therapist):
    html = therapist.get(page(patient, "program-edit")).content.decode()
    assert re.search(r'name="cardio" value="15"', html)
    assert re.search(r"<legend>Squat</legend>", html)
    assert 'value="Slowly."' in html
    assert html.count("The whole care team reads these words") == 1
    assert 'name="items-3-activity"' in html


def test_a_change_is_a_new_version_with_its_items_in_order(patient, squat, therapist):
    bridge = factories.activity("Bridge")
    rows = [
        {"activity": squat.activity_id, "sets": "2", "ORDER": "2", "words": "Deeper.\u2603"},
        {"activity": bridge.pk, "hold_seconds": "3", "ORDER": "1", "load": "band"},
        {"activity": ""},
    ]
    assert post(therapist, patient, rows=rows, initial=1).status_code == 302
    new = patient.programs.get(version=2)
    assert (new.cardio, new.starts_on) == (20, patient.today())
    assert [(i.activity.name, i.sets, i.hold_seconds, i.load, i.words) for i in new.items.all()] == [
        ("Bridge", None, 3, "band", ""),
        ("Squat", 2, None, "", "Deeper.☃"),
    ]
    assert squat.program.items.get().sets == 3


def test_an_activity_can_be_taken_out(patient, squat, therapist):
    rows = [{"activity": squat.activity_id, "ORDER": "1", "DELETE": "on"}]
    assert post(therapist, patient, rows=rows, initial=1).status_code == 302
    assert not patient.programs.get(version=2).items.exists()


def test_tomorrow_and_another_day(patient, therapist):
    today = patient.today()
    assert post(therapist, patient, start="tomorrow").status_code == 302
    day = (today + 5 * DAY).isoformat()
    assert post(therapist, patient, start="date", starts_on=day, version="2").status_code == 302
    standing = Program.objects.standing().filter(patient=patient).values_list("version", "starts_on")
    assert list(standing) == [(1, today - 60 * DAY), (3, today + 5 * DAY)]


def test_it_tells_what_choosing_today_changes(cast, patient, therapist):
    assert "counted again" not in therapist.get(page(patient, "program-edit")).content.decode()
    factories.session(patient, cast.maya)
    html = therapist.get(page(patient, "program-edit")).content.decode()
    assert "counted again by the new numbers" in html
    assert re.search(r'value="tomorrow"[^>]*checked|checked[^>]*value="tomorrow"', html)


def test_a_version_that_waits_is_what_the_editor_shows(patient, therapist):
    day = patient.today() + 4 * DAY
    post(therapist, patient, start="date", starts_on=day.isoformat())
    html = therapist.get(page(patient, "program-edit")).content.decode()
    assert "What you save here takes its place." in html
    assert f'name="starts_on" value="{day}"' in html
    assert 'name="cardio" value="20"' in html


@pytest.mark.parametrize(
    "wrong",
    [
        {"cardio": "0"},
        {"cardio": "999"},
        {"cardio": "x"},
        {"desensitization": "21"},
        {"desensitization_minutes": ""},
        {"kind": "sometimes"},
        {"start": ""},
        {"start": "date", "starts_on": ""},
        {"start": "date", "starts_on": "2020-01-01"},
        {"start": "date", "starts_on": "2026-13-45"},
        {"version": "x"},
        {"items-TOTAL_FORMS": "x"},
        {"items-TOTAL_FORMS": "999"},
    ],
)
def test_wrong_numbers_keep_what_was_typed(patient, therapist, wrong):
    response = post(therapist, patient, usual_cardio="17", **wrong)
    assert response.status_code == 422
    assert 'name="usual_cardio" value="17"' in response.content.decode()
    assert patient.programs.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"activity": "999999"},
        {"activity": "9" * 40},
        {"activity": "x"},
        {"activity": ""},
        {"sets": "0"},
        {"sets": "21"},
        {"hold_seconds": "601"},
        {"minutes": "999"},
        {"side": "up"},
        {"body_area": "right_hand"},
        {"words": "x" * 301},
        {"words": "a\x00b"},
        {"load": "x" * 41},
    ],
)
def test_wrong_items_keep_what_was_typed(patient, squat, therapist, wrong):
    row = {"activity": squat.activity_id, "reps": "12", "ORDER": "1", "load": "band"} | wrong
    response = post(therapist, patient, rows=[row])
    assert response.status_code == 422
    assert 'name="items-0-reps" value="12"' in response.content.decode()
    assert patient.programs.count() == 1


def test_an_activity_of_another_therapist_is_refused(cast, patient, therapist):
    theirs = factories.activity("Secret", owner=cast.kim)
    response = post(therapist, patient, rows=[{"activity": theirs.pk}])
    assert response.status_code == 422
    assert "Secret" not in response.content.decode()


def test_two_therapists_at_once_lose_nothing(cast, patient, squat, therapist):
    second = factories.user("second", is_clinician=True)
    factories.link(patient, second, "therapist", discipline="ot")
    assert post(signed_in(second), patient, cardio="25").status_code == 302
    rows = [{"activity": squat.activity_id, "words": "Mine.", "ORDER": "1"}]
    response = post(therapist, patient, rows=rows, initial=1)
    assert response.status_code == 409
    html = response.content.decode()
    assert "Somebody saved a program just before you" in html
    assert "25 min" in html and 'name="cardio" value="20"' in html and 'value="Mine."' in html
    assert 'name="version" value="2"' in html
    assert patient.programs.count() == 2
    assert post(therapist, patient, rows=rows, initial=1, version="2").status_code == 302
    assert patient.programs.get(version=3).items.get().words == "Mine."


def test_more_empty_rows_come_without_a_script_and_save_nothing(patient, therapist):
    response = post(therapist, patient, rows=[{"words": "kept"}], more_rows="1", cardio="33")
    assert response.status_code == 200
    html = response.content.decode()
    assert 'name="items-3-activity"' in html and 'name="items-4-activity"' not in html
    assert 'value="kept"' in html and 'value="33"' in html
    assert patient.programs.count() == 1


def test_the_first_program_is_offered_with_the_published_targets(patient, therapist):
    Program.objects.filter(patient=patient).delete()
    html = therapist.get(page(patient, "program-edit")).content.decode()
    assert 'name="cardio" value="15"' in html and 'name="exercises" value="30"' in html
    # The family is invited next.
    assert post(therapist, patient, version="")["Location"] == page(patient, "team")
    assert patient.programs.get().version == 1
    assert post(therapist, patient, cardio="20")["Location"] == page(patient)


@pytest.mark.parametrize("count", [1, 12])
def test_the_editor_costs_the_same_with_more_activities(
    patient, squat, therapist, django_assert_num_queries, count
):
    for n in range(count):
        factories.item(squat.program, factories.activity(f"A{n}"))
    with django_assert_num_queries(14):
        therapist.get(page(patient, "program-edit"))
