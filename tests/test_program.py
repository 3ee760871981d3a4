import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from exercises.models import Program, ProgramItem
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


# --- what a program says ------------------------------------------------------------------------------------


def change(patient, **columns):
    Program.objects.filter(patient=patient).update(**columns)


def test_exercises_by_the_list_and_several_areas_are_told(patient, teen):
    change(
        patient, exercises_by="list", exercises=3, areas_rule="each", touch_areas=["left_foot", "back"],
        desensitization=6,
    )  # fmt: skip
    html = teen.get(page(patient)).text
    assert "all 3 on the list" in html and "30 min" not in html
    assert "3 times, at least 5 min each" in html and "for each of: left foot, back" in html


def test_the_ladder_is_told_with_where_it_starts(patient, teen):
    steps = [{"texture": "silk", "pressure": "light"}, {"texture": "towel", "pressure": "firm"}]
    change(patient, ladder=steps, ladder_starts_at=2, ladder_by_teen=True)
    html = teen.get(page(patient)).text
    assert re.search(r"<li>silk, light</li>\s*<li>towel, firm <span[^>]*>starts here", html)
    assert "whenever you are ready" in html
    change(patient, ladder_by_teen=False)
    assert "together with your therapist" in teen.get(page(patient)).text


def test_the_rule_of_a_harder_day_is_told_to_who_may_see_harder_days(patient, teen, therapist, parent):
    change(patient, harder_rule="smaller", smaller_cardio=7)
    said = "On a harder day: a smaller plan: Cardio 7 minutes."
    assert said in teen.get(page(patient)).text and said in therapist.get(page(patient)).text
    html = parent.get(page(patient)).text
    assert "harder" not in html.lower() and "Cardio 7" not in html


def test_a_parent_reads_what_changed_without_the_rule_of_a_harder_day(cast, patient, parent, teen):
    viewer = factories.viewer(patient, cast.lee)
    plan = plan_of(patient.programs.get())
    new = replace(plan, harder_rule="call", targets=replace(plan.targets, cardio=20))
    programs.revise_program(viewer=viewer, plan=new, basis=1)
    html = parent.get(page(patient)).text
    assert "Cardio: 20 minutes a day (was 15)." in html and "harder" not in html.lower()
    assert "On a harder day: first read" in teen.get(page(patient)).text


def test_what_changed_stands_open_for_a_week(cast, patient, teen):
    viewer = factories.viewer(patient, cast.lee)
    plan = plan_of(patient.programs.get())
    new = programs.revise_program(
        viewer=viewer, plan=replace(plan, targets=replace(plan.targets, cardio=20)), basis=1
    )
    for days_ago, is_open in ((0, True), (6, True), (7, False)):
        Program.objects.filter(pk=new.pk).update(starts_on=patient.today() - days_ago * DAY)
        html = teen.get(page(patient)).text
        assert (re.search(r'<details class="more" open><summary>What changed', html) is not None) is is_open
        assert "(was 15)" in html


def test_what_an_activity_builds_up_to_is_told(patient, squat, teen):
    squat.activity.how_to, squat.activity.goal_sets, squat.activity.goal_reps = "Sit, stand.", 3, 15
    squat.activity.save()
    assert "Build up to 3 × 15." in teen.get(page(patient)).text
    squat.activity.goal_sets = squat.activity.goal_reps = None
    squat.activity.save()
    assert "Build up to" not in teen.get(page(patient)).text


def test_keeping_up_is_told_by_the_week(patient, therapist):
    full = patient.programs.get()
    start = patient.today()
    factories.program(patient, start, kind="keeping_up", week_cardio=3, week_stress=1, flare_plan=full)
    html = therapist.get(page(patient)).text
    assert "Keeping up" in html and "Now the week counts" in html
    assert "on 3 days a week" in html and "on 1 day a week" in html
    assert "one tap goes back to program 1" in html


# --- pausing, ending, taking back ---------------------------------------------------------------------------


@pytest.mark.parametrize("move", ["paused", "done"])
def test_a_therapist_pauses_and_takes_up_again(patient, therapist, move):
    assert therapist.post(page(patient), {"move": move, "version": "1"}).status_code == 302
    assert patient.programs.get(version=2).kind == move
    html = therapist.get(page(patient)).content.decode()
    assert "Days without a running program are not counted." in html
    assert therapist.post(page(patient), {"move": "full", "version": "2"}).status_code == 302
    assert patient.programs.get(version=3).targets.cardio == 15


def test_keeping_up_asks_for_its_days_first_and_is_taken_up_again_without(patient, therapist):
    response = therapist.post(page(patient), {"move": "keeping_up", "version": "1"})
    assert response["Location"] == page(patient, "program-edit") + "?kind=keeping_up"
    assert patient.programs.count() == 1
    factories.program(patient, patient.today(), kind="keeping_up", week_cardio=3)
    for version, move in ((2, "paused"), (3, "keeping_up"), (4, "full")):
        assert therapist.post(page(patient), {"move": move, "version": version}).status_code == 302
    kinds = patient.programs.filter(version__gt=2).order_by("version")
    assert list(kinds.values_list("kind", "week_cardio")) == [("paused", 3), ("keeping_up", 3), ("full", 3)]


def test_a_finished_program_says_goodbye_quietly(patient, therapist, teen):
    therapist.post(page(patient), {"move": "done", "version": "1"})
    html = teen.get(page(patient)).text
    assert "All that work was yours." in html and "Your goals and your days stay" in html
    assert "The plan you did" in html
    moves = re.findall(r'name="move" value="([a-z_]+)"', therapist.get(page(patient)).text)
    assert moves == ["full", "keeping_up"]


@pytest.mark.parametrize(
    ("kind", "moves"),
    [
        ("full", ["keeping_up", "paused", "done"]),
        ("keeping_up", ["full", "paused", "done"]),
        ("paused", ["full", "keeping_up", "done"]),
    ],
)
def test_each_phase_offers_the_others(patient, therapist, teen, kind, moves):
    change(patient, kind=kind, week_cardio=3)
    html = therapist.get(page(patient)).text
    assert re.findall(r'name="move" value="([a-z_]+)"', html) == moves
    assert 'name="move"' not in teen.get(page(patient)).text


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
    assert patient.programs.count() == 1
