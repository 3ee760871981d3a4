from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from exercises.models import Change, FunctionGoal, GoalStep
from exercises.queries import goals as queries
from exercises.services import goals as services
from exercises.session_keys import SHARED_DEVICE
from tests import factories
from tests.conftest import signed_in
from tests.worlds import rows

HELLO = "\u202e\u05e9\u05dc\u05d5\u05dd"
FRIDAY, SATURDAY = "2026-11-20T18:00:00Z", "2026-11-21T18:00:00Z"


def url(name, patient, *args):
    return reverse(name, args=[patient.code, *args])


def add(client, patient, text="Walk to school", **data):
    return client.post(url("goals", patient), {"text": text} | data)


def add_step(client, goal, text="To the corner", **data):
    return client.post(url("goal-steps", goal.patient, goal.pk), {"text": text} | data)


def page_of(client, patient, name="goals"):
    html = client.get(url(name, patient)).content.decode()
    return html[html.index("<main") : html.index("</main>")]


@pytest.fixture
def viewer(patient, cast):
    return factories.viewer(patient, cast.maya)


@pytest.fixture
def goal(viewer):
    return services.add_goal(viewer=viewer, text="Sleep over with Ada", sign="I stay until breakfast")


@pytest.fixture
def step(viewer, goal):
    return services.add_step(viewer=viewer, goal=goal, text="Stay for dinner")


@pytest.fixture
def secret(viewer):
    return services.add_goal(viewer=viewer, text="A kiss", sign="Not telling", private=True)


@pytest.fixture
def secret_step(viewer, secret):
    return services.add_step(viewer=viewer, goal=secret, text="Hold hands")


# --- a goal ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Walk to school 🎒", HELLO, "=cmd()", "x" * 200])
def test_a_goal_in_own_words(teen, patient, cast, text):
    answer = add(teen, patient, text, sign=text[::-1])
    kept = FunctionGoal.objects.get()
    assert answer["Location"] == f"{url('goals', patient)}#goal-{kept.pk}"
    assert (kept.text, kept.sign) == (text, text[::-1])
    assert (kept.set_on, kept.private, kept.added_by) == (patient.today(), False, cast.maya)
    assert (kept.reached_on, kept.set_aside_on) == (None, None)
    page = page_of(teen, patient)
    assert text in page
    assert text[::-1] in page
    assert text in page_of(teen, patient, "function")


def test_what_would_show_it_may_stay_open(teen, patient):
    assert add(teen, patient).status_code == 302
    assert FunctionGoal.objects.get().sign == ""
    assert "What would show it:" not in page_of(teen, patient)


def test_a_goal_sent_twice_is_kept_once(teen, patient):
    form_id = str(uuid4())
    for _ in range(2):
        assert add(teen, patient, id=form_id).status_code == 302
    assert FunctionGoal.objects.count() == 1
    add(teen, patient, "Another goal", id=form_id)
    add(teen, patient, "Another goal", id=form_id, sign="I get there")
    assert FunctionGoal.objects.count() == 3


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\x00b"])
def test_a_goal_that_cannot_be_kept_stays_in_the_box(teen, patient, text):
    response = add(teen, patient, text, sign="As typed")
    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert 'value="As typed"' in response.content.decode()
    assert not FunctionGoal.objects.exists()


@pytest.mark.parametrize("sign", ["x" * 201, "a\x00b"])
def test_a_sign_that_cannot_be_kept(teen, patient, sign):
    response = add(teen, patient, sign=sign)
    assert response.status_code == 422
    assert "Walk to school" in response.content.decode()
    assert not FunctionGoal.objects.exists()


def test_twenty_open_goals_are_plenty(teen, patient, viewer):
    form_id = str(uuid4())
    for n in range(19):
        services.add_goal(viewer=viewer, text=f"goal {n}")
    assert add(teen, patient, "The last one", id=form_id).status_code == 302
    # The same again is no new one.
    assert add(teen, patient, "The last one", id=form_id).status_code == 302
    before = rows()
    response = add(teen, patient, "One too many")
    assert response.status_code == 422
    assert "Twenty open goals" in response.content.decode()
    assert "One too many" in response.content.decode()
    assert rows() == before
    services.reach_goal(viewer=viewer, goal=FunctionGoal.objects.all()[0])
    assert add(teen, patient, "One more").status_code == 302


def test_a_therapist_adds_and_marks_too(therapist, patient, goal):
    add(therapist, patient, "Stairs to class")
    therapist.post(url("goal", patient, goal.pk), {"reached": "yes"})
    goal.refresh_from_db()
    assert goal.reached_on == patient.today()
    assert FunctionGoal.objects.count() == 2


def test_a_goal_is_never_markup(teen, parent, patient):
    script = "<script>alert(1)</script>"
    add(teen, patient, script, sign=script)
    add_step(teen, FunctionGoal.objects.get(), script)
    for client in (teen, parent):
        for name in ("goals", "function"):
            page = page_of(client, patient, name)
            assert "<script>alert" not in page
            assert "&lt;script&gt;alert" in page


def test_no_word_of_pain(teen, patient, goal, step):
    assert "pain" not in page_of(teen, patient).lower()


# --- reaching it -------------------------------------------------------------------------------------------


def test_a_reached_goal_stays_with_its_day(teen, patient, goal, step):
    with time_machine.travel(FRIDAY, tick=False):
        teen.force_login(goal.added_by)
        teen.post(url("goal", patient, goal.pk), {"reached": "yes"})
    teen.force_login(goal.added_by)
    teen.post(url("goal", patient, goal.pk), {"reached": "yes"})
    goal.refresh_from_db()
    assert goal.reached_on.isoformat() == "2026-11-20"
    assert [change.what for change in Change.objects.all()] == ["reached"]
    page = queries.goals_page(factories.viewer(patient, goal.added_by))
    assert [row.text for row in page.reached] == [goal.text]
    assert page.open == page.aside == ()
    # A step that was open then is still there, and waits for nobody.
    assert [part.text for part in page.reached[0].open_steps] == [step.text]
    assert step.text not in page_of(teen, patient)


def test_a_reached_step_stays_inside_its_open_goal(teen, patient, goal, step):
    with time_machine.travel(FRIDAY, tick=False):
        teen.force_login(goal.added_by)
        answer = teen.post(url("goal-step", patient, step.pk), {"reached": "yes"})
        assert answer["Location"] == f"{url('goals', patient)}#goal-{goal.pk}"
    with time_machine.travel(SATURDAY, tick=False):
        teen.force_login(goal.added_by)
        teen.post(url("goal-step", patient, step.pk), {"reached": "yes"})
        assert "reached on Nov. 20, 2026" in page_of(teen, patient)
    step.refresh_from_db()
    goal.refresh_from_db()
    assert (step.reached_on.isoformat(), goal.reached_on) == ("2026-11-20", None)
    change = Change.objects.get()
    assert (change.subject, change.subject_id, change.what) == ("step", step.pk, "reached")
    assert (change.before, change.after) == ({"reached_on": None}, {"reached_on": "2026-11-20"})


@pytest.mark.parametrize("of", ["goal", "step"])
def test_reaching_is_undone_on_the_same_day_only(teen, patient, goal, step, of):
    row, target = (
        (goal, url("goal", patient, goal.pk)) if of == "goal" else (step, url("goal-step", patient, step.pk))
    )
    with time_machine.travel(FRIDAY, tick=False):
        teen.force_login(goal.added_by)
        teen.post(target, {"reached": "yes"})
        for name in ("goals", "function"):
            assert "Undo" in page_of(teen, patient, name)
        assert teen.post(target, {"reached": "no"}).status_code == 302
        row.refresh_from_db()
        assert row.reached_on is None
        teen.post(target, {"reached": "yes"})
    with time_machine.travel(SATURDAY, tick=False):
        teen.force_login(goal.added_by)
        before = rows()
        for name in ("goals", "function"):
            assert "Undo" not in page_of(teen, patient, name)
        response = teen.post(target, {"reached": "no"})
        assert response.status_code == 422
        assert "stays reached" in response.content.decode()
        assert rows() == before


def test_a_step_counts_whatever_became_of_its_goal(patient, viewer, goal, step):
    services.set_aside(viewer=viewer, row=goal)
    services.reach_step(viewer=viewer, step=step)
    page = queries.goals_page(viewer)
    assert [(row.text, [part.text for part in row.reached_steps]) for row in page.reached] == [
        (goal.text, [step.text])
    ]


@pytest.mark.parametrize("name", ["goal", "goal-step"])
@pytest.mark.parametrize(
    "data", [{"reached": ""}, {"reached": "maybe"}, {"reached": "\x00"}, {"do": "?"}, {}]
)
def test_a_mark_that_is_none(teen, patient, goal, step, name, data):
    before = rows()
    target = url(name, patient, goal.pk if name == "goal" else step.pk)
    assert teen.post(target, data).status_code == 422
    assert rows() == before


def test_from_the_page_of_what_came_back_one_returns_there(teen, patient, goal, step):
    assert step.text in page_of(teen, patient, "function")
    sent = {"reached": "yes", "next": "function"}
    answer = teen.post(url("goal-step", patient, step.pk), sent)
    assert answer["Location"] == f"{url('function', patient)}#goals"
    answer = teen.post(url("goal", patient, goal.pk), sent | {"next": "https://example.org/"})
    assert answer["Location"].startswith(url("goals", patient))


# --- steps -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["To the corner 🐕", HELLO, "=cmd()", "x" * 200])
def test_a_step_in_own_words(teen, patient, cast, goal, text):
    answer = add_step(teen, goal, text)
    assert answer["Location"] == f"{url('goals', patient)}#goal-{goal.pk}"
    kept = GoalStep.objects.get()
    assert (kept.text, kept.goal, kept.patient, kept.added_by) == (text, goal, patient, cast.maya)
    assert (kept.set_on, kept.reached_on, kept.set_aside_on) == (patient.today(), None, None)
    assert text in page_of(teen, patient)


def test_a_step_sent_twice_is_kept_once(teen, patient, viewer, goal):
    form_id, other = str(uuid4()), services.add_goal(viewer=viewer, text="Another goal")
    for _ in range(2):
        assert add_step(teen, goal, id=form_id).status_code == 302
    assert GoalStep.objects.count() == 1
    add_step(teen, goal, "Around the block", id=form_id)
    add_step(teen, other, id=form_id)
    assert GoalStep.objects.count() == 3


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\x00b"])
def test_a_step_that_cannot_be_kept_stays_in_the_box(teen, goal, text):
    response = add_step(teen, goal, text)
    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert not GoalStep.objects.exists()


def test_ten_open_steps_of_a_goal_are_plenty(teen, patient, viewer, goal):
    form_id, other = str(uuid4()), services.add_goal(viewer=viewer, text="Another goal")
    for n in range(9):
        services.add_step(viewer=viewer, goal=goal, text=f"step {n}")
    for _ in range(2):
        assert add_step(teen, goal, "The last one", id=form_id).status_code == 302
    before = rows()
    response = add_step(teen, goal, "One too many")
    assert response.status_code == 422
    assert "Ten open steps" in response.content.decode()
    assert "One too many" in response.content.decode()
    assert rows() == before
    assert add_step(teen, other, "Of another goal").status_code == 302
    services.reach_step(viewer=viewer, step=GoalStep.objects.all()[0])
    assert add_step(teen, goal, "One more").status_code == 302


@pytest.mark.parametrize(
    ("become", "says"), [("reached", "This one is reached"), ("aside", "This one is set aside")]
)
def test_a_goal_that_is_not_open_takes_no_step(teen, patient, viewer, goal, become, says):
    if become == "reached":
        services.reach_goal(viewer=viewer, goal=goal)
    else:
        services.set_aside(viewer=viewer, row=goal)
    response = add_step(teen, goal, "Typed before")
    assert response.status_code == 422
    assert says in response.content.decode()
    assert "Typed before" in response.content.decode()
    assert not GoalStep.objects.exists()


# --- other words -------------------------------------------------------------------------------------------


def test_the_words_of_an_open_goal_change_and_the_old_ones_stay_in_the_trail(teen, patient, goal):
    form = teen.get(url("goals", patient), {"goal": goal.pk}).content.decode()
    assert "Change this goal" in form
    assert 'value="I stay until breakfast"' in form
    sent = {"do": "edit", "text": "Two nights with Ada", "sign": ""}
    for _ in range(2):
        assert teen.post(url("goal", patient, goal.pk), sent).status_code == 302
    goal.refresh_from_db()
    assert (goal.text, goal.sign, goal.private) == ("Two nights with Ada", "", False)
    change = Change.objects.get()
    assert (change.subject, change.what) == ("goal", "changed")
    assert change.before == {
        "text": "Sleep over with Ada",
        "sign": "I stay until breakfast",
        "private": False,
    }
    assert change.after == {"text": "Two nights with Ada", "sign": "", "private": False}


def test_the_words_of_an_open_step_change_too(teen, patient, goal, step):
    form = teen.get(url("goals", patient), {"step": step.pk}).content.decode()
    assert "Change this step" in form
    assert 'value="Stay for dinner"' in form
    sent = {"do": "edit", "text": "Stay for the film"}
    assert teen.post(url("goal-step", patient, step.pk), sent).status_code == 302
    step.refresh_from_db()
    assert step.text == "Stay for the film"
    change = Change.objects.get()
    assert (change.subject, change.what) == ("step", "changed")
    assert (change.before, change.after) == ({"text": "Stay for dinner"}, {"text": "Stay for the film"})


def test_of_two_who_change_the_words_the_last_is_right_and_the_trail_has_both(cast, patient, goal):
    one, two = FunctionGoal.objects.get(), FunctionGoal.objects.get()
    services.change_words(viewer=factories.viewer(patient, cast.maya), row=one, text="One night")
    services.change_words(viewer=factories.viewer(patient, cast.lee), row=two, text="Two nights")
    goal.refresh_from_db()
    assert goal.text == "Two nights"
    assert [(change.before["text"], change.after["text"]) for change in Change.objects.order_by("pk")] == [
        ("Sleep over with Ada", "One night"),
        ("One night", "Two nights"),
    ]


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\x00b"])
@pytest.mark.parametrize("name", ["goal", "goal-step"])
def test_words_that_cannot_be_kept_change_nothing(teen, patient, goal, step, name, text):
    before = rows()
    target = url(name, patient, goal.pk if name == "goal" else step.pk)
    response = teen.post(target, {"do": "edit", "text": text})
    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert rows() == before


@pytest.mark.parametrize("name", ["goal", "goal-step"])
def test_what_is_reached_keeps_its_words(teen, patient, viewer, goal, step, name):
    services.reach_goal(viewer=viewer, goal=goal)
    services.reach_step(viewer=viewer, step=step)
    before, pk = rows(), goal.pk if name == "goal" else step.pk
    response = teen.post(url(name, patient, pk), {"do": "edit", "text": "Something else"})
    assert response.status_code == 422
    assert "This one is reached" in response.content.decode()
    assert "Something else" in response.content.decode()
    assert rows() == before
    asked = {"goal" if name == "goal" else "step": pk}
    assert "Save it" not in teen.get(url("goals", patient), asked).content.decode()


@pytest.mark.parametrize("asked", ["0", "-1", "x", "9" * 18, "9" * 5000, ""])
@pytest.mark.parametrize("name", ["goal", "step"])
def test_words_of_nothing_are_not_opened(teen, patient, goal, name, asked):
    response = teen.get(url("goals", patient), {name: asked})
    assert response.status_code == 200
    assert "Save it" not in response.content.decode()


# --- set aside ---------------------------------------------------------------------------------------------


def test_a_goal_that_is_no_longer_wanted_keeps_its_reached_steps(teen, parent, patient, viewer, goal, step):
    services.add_step(viewer=viewer, goal=goal, text="Stay the night")
    services.reach_step(viewer=viewer, step=step)
    for _ in range(2):
        assert teen.post(url("goal", patient, goal.pk), {"do": "aside"}).status_code == 302
    goal.refresh_from_db()
    assert goal.set_aside_on == patient.today()
    assert [change.what for change in Change.objects.filter(subject="goal")] == ["set aside"]
    page = queries.goals_page(viewer)
    assert (page.open, [row.id for row in page.aside]) == ((), [goal.pk])
    for client in (teen, parent):
        html = page_of(client, patient)
        reached = html[html.index('id="reached"') :]
        assert step.text in reached
        assert "Stay the night" not in html
    assert goal.text not in page_of(teen, patient, "function")


def test_it_can_be_taken_back(teen, patient, viewer, goal, step):
    services.set_aside(viewer=viewer, row=goal)
    services.set_aside(viewer=viewer, row=step)
    assert "Take it back" in page_of(teen, patient)
    for _ in range(2):
        assert teen.post(url("goal", patient, goal.pk), {"do": "back"}).status_code == 302
        assert teen.post(url("goal-step", patient, step.pk), {"do": "back"}).status_code == 302
    (row,) = queries.goals_page(viewer).open
    assert (row.id, [part.id for part in row.open_steps]) == (goal.pk, [step.pk])
    assert [change.what for change in Change.objects.order_by("pk")] == ["set aside"] * 2 + ["taken back"] * 2


def test_a_step_set_aside_stays_in_its_goal(teen, patient, viewer, goal, step):
    assert teen.post(url("goal-step", patient, step.pk), {"do": "aside"}).status_code == 302
    (row,) = queries.goals_page(viewer).open
    assert ([part.id for part in row.steps_aside], row.open_steps, row.next_step) == ([step.pk], (), None)
    assert step.text in page_of(teen, patient)
    assert step.text not in page_of(teen, patient, "function")


@pytest.mark.parametrize("name", ["goal", "goal-step"])
def test_what_is_reached_is_not_set_aside(teen, patient, viewer, goal, step, name):
    services.reach_goal(viewer=viewer, goal=goal)
    services.reach_step(viewer=viewer, step=step)
    before = rows()
    target = url(name, patient, goal.pk if name == "goal" else step.pk)
    response = teen.post(target, {"do": "aside"})
    assert response.status_code == 422
    assert "This one is reached" in response.content.decode()
    assert rows() == before


def test_what_was_set_aside_and_is_done_all_the_same_is_reached(teen, patient, viewer, goal):
    services.set_aside(viewer=viewer, row=goal)
    assert teen.post(url("goal", patient, goal.pk), {"reached": "yes"}).status_code == 302
    goal.refresh_from_db()
    assert (goal.reached_on, goal.set_aside_on) == (patient.today(), None)


def test_nothing_is_taken_back_beyond_what_may_be_open(patient, viewer, goal, step):
    services.set_aside(viewer=viewer, row=step)
    for n in range(10):
        services.add_step(viewer=viewer, goal=goal, text=f"step {n}")
    services.set_aside(viewer=viewer, row=goal)
    for n in range(20):
        services.add_goal(viewer=viewer, text=f"goal {n}")
    before = rows()
    for row in (step, goal):
        with pytest.raises(ValidationError, match="plenty"):
            services.set_aside(viewer=viewer, row=row, aside=False)
    assert rows() == before


# --- who ---------------------------------------------------------------------------------------------------


def test_a_private_goal_is_for_the_teen_and_the_therapist(
    teen, parent, therapist, patient, secret_step, goal
):
    for name in ("goals", "function"):
        for client, seen in ((teen, True), (therapist, True), (parent, False)):
            page = page_of(client, patient, name)
            for word in ("A kiss", "Hold hands"):
                assert (word in page) is seen
            assert "Sleep over" in page


def test_a_private_goal_that_was_reached_or_set_aside_is_none_the_less(
    cast, parent, patient, viewer, secret, secret_step
):
    services.reach_step(viewer=viewer, step=secret_step)
    services.set_aside(viewer=viewer, row=secret)
    other = services.add_goal(viewer=viewer, text="Holiday with Ada", private=True)
    services.reach_goal(viewer=viewer, goal=other)
    page = page_of(parent, patient)
    for word in ("A kiss", "Hold hands", "Holiday", "Reached", "Set aside"):
        assert word not in page
    assert queries.goals(factories.viewer(patient, cast.dana)) == ()


def test_a_private_goal_can_be_set(teen, patient):
    add(teen, patient, private="on")
    assert FunctionGoal.objects.get().private


def test_a_goal_becomes_private_and_stops_to_be_by_the_teen_alone(teen, therapist, parent, patient, goal):
    target, sent = url("goal", patient, goal.pk), {"do": "edit", "text": goal.text}
    teen.post(target, sent | {"private": "on"})
    goal.refresh_from_db()
    assert goal.private
    assert goal.text not in page_of(parent, patient)
    form = therapist.get(url("goals", patient), {"goal": goal.pk}).content.decode()
    assert "Change this goal" in form
    assert 'name="private"' not in form
    therapist.post(target, sent | {"text": "Said by a therapist"})
    goal.refresh_from_db()
    assert (goal.text, goal.private) == ("Said by a therapist", True)
    teen.post(target, sent)
    goal.refresh_from_db()
    assert not goal.private
    assert [change.after["private"] for change in Change.objects.filter(by=goal.added_by).order_by("pk")] == [
        True,
        False,
    ]


def on_a_shared_device(client):
    kept = client.session
    kept[SHARED_DEVICE] = True
    kept.save()
    return client


def test_a_copy_made_on_a_shared_device_has_no_words_of_private_goals(
    cast, teen, patient, viewer, goal, secret, secret_step
):
    """Not even those that stand in the trail of changes."""
    for row in (goal, secret, secret_step):
        services.change_words(viewer=viewer, row=row, text=f"{row.text}, later")
    for client, seen in ((teen, True), (on_a_shared_device(signed_in(cast.maya)), False)):
        copy = client.post(url("export", patient)).getvalue().decode()
        assert copy.count("Sleep over with Ada") == 3
        for word in ("A kiss", "Hold hands"):
            assert copy.count(word) == (3 if seen else 0)


def test_on_a_shared_device_private_goals_are_closed(teen, patient, goal, secret, secret_step):
    on_a_shared_device(teen)
    before = rows()
    page = page_of(teen, patient)
    assert goal.text in page
    assert "A kiss" not in page
    assert "Closed on a shared device" in page
    assert teen.post(url("goal", patient, secret.pk), {"reached": "yes"}).status_code == 404
    assert teen.post(url("goal-steps", patient, secret.pk), {"text": "?"}).status_code == 404
    assert teen.post(url("goal-step", patient, secret_step.pk), {"reached": "yes"}).status_code == 404
    for asked in ({"goal": secret.pk}, {"step": secret_step.pk}):
        assert "Save it" not in teen.get(url("goals", patient), asked).content.decode()
    assert rows() == before


def test_a_younger_childs_goals_are_never_private(cast, parent):
    child = factories.patient("Leo")
    factories.link(child, cast.dana, "parent")
    assert 'name="private"' not in parent.get(url("goals", child)).content.decode()
    add(parent, child, private="on")
    goal = FunctionGoal.objects.get()
    assert not goal.private
    parent.post(url("goal", child, goal.pk), {"do": "edit", "text": "Ride the bike", "private": "on"})
    goal.refresh_from_db()
    assert (goal.text, goal.private) == ("Ride the bike", False)
    assert add_step(parent, goal).status_code == 302


def test_each_box_says_who_reads_it(cast, teen, therapist, patient, goal):
    everybody = "Everybody on the care team can read this, parents too"
    assert f"{everybody}, unless you tick the box below." in page_of(teen, patient)
    assert page_of(teen, patient).count(everybody) == 2
    FunctionGoal.objects.update(private=True)
    assert "Only you and the therapists on the care team can read this." in page_of(teen, patient)
    assert "they may be able to ask the clinic" in page_of(teen, patient)
    assert "Only the teen and the therapists" in page_of(therapist, patient)
    form = therapist.get(url("goals", patient), {"goal": goal.pk}).content.decode()
    assert everybody not in form
    assert form.count('id="goal-readers"') == 1


def test_a_parent_looks_and_changes_nothing(parent, patient, goal, step):
    before = rows()
    page = page_of(parent, patient)
    assert goal.text in page
    assert step.text in page
    assert "<form" not in page
    assert "Save it" not in parent.get(url("goals", patient), {"goal": goal.pk}).content.decode()
    for name, *args in (("goals",), ("goal", goal.pk), ("goal-steps", goal.pk), ("goal-step", step.pk)):
        sent = {"text": "?", "reached": "yes"}
        assert parent.post(url(name, patient, *args), sent).status_code == 403
    assert rows() == before


def test_nobody_else_comes_near(stranger, client, patient, goal, step):
    before = rows()
    for name, *args in (("goals",), ("goal", goal.pk), ("goal-steps", goal.pk), ("goal-step", step.pk)):
        sent = {"text": "?", "reached": "yes"}
        assert stranger.post(url(name, patient, *args), sent).status_code == 404
        assert client.post(url(name, patient, *args), sent).status_code == 302
    assert stranger.get(url("goals", patient)).status_code == 404
    assert rows() == before


def test_rows_of_another_record_are_unknown(cast, teen, patient, goal, step):
    noor, before = signed_in(cast.noor), rows()
    for name, pk in (("goal", goal.pk), ("goal-steps", goal.pk), ("goal-step", step.pk)):
        sent = {"text": "?", "reached": "yes"}
        assert noor.post(url(name, cast.other, pk), sent).status_code == 404
        assert teen.post(url(name, patient, 10**30), sent).status_code == 404
    for asked in ({"goal": goal.pk}, {"step": step.pk}):
        assert "Save it" not in noor.get(url("goals", cast.other), asked).content.decode()
    assert rows() == before


def test_wrong_methods(teen, patient, goal, step):
    for name, pk in (("goal", goal.pk), ("goal-steps", goal.pk), ("goal-step", step.pk)):
        assert teen.get(url(name, patient, pk)).status_code == 405
    assert teen.put(url("goals", patient)).status_code == 405


# --- in rows -----------------------------------------------------------------------------------------------


def test_rows_in_their_order(patient, viewer, cast):
    today = patient.today()
    old, new = (factories.goal(patient, cast.maya, text) for text in ("old", "new"))
    for text, ago in (("b", 3), ("a", 9), ("open", None)):
        day = None if ago is None else today - timedelta(days=ago)
        factories.step(old, cast.maya, text, reached_on=day)
    FunctionGoal.objects.filter(pk=new.pk).update(reached_on=today - timedelta(days=5))
    gone = factories.goal(patient, cast.maya, "gone", set_aside_on=today)
    factories.step(gone, cast.maya, "c", reached_on=today - timedelta(days=2))
    first, second, third = queries.goals(viewer)
    assert [first.text, second.text, third.text] == ["old", "new", "gone"]
    assert [step.text for step in first.reached_steps] == ["a", "b"]
    assert [step.text for step in first.steps] == ["b", "a", "open"]
    assert (first.next_step.text, first.may_undo, first.undoable_steps) == ("open", False, ())
    assert (first.last_reached_on, third.last_reached_on) == (
        today - timedelta(days=3),
        today - timedelta(days=2),
    )
    page = queries.goals_page(viewer)
    assert [row.text for row in page.open] == ["old"]
    assert [row.text for row in page.reached] == ["gone", "new"]
    assert [row.text for row in page.aside] == ["gone"]


def test_no_goals_ask_for_no_steps(viewer, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queries.goals(viewer) == ()


@pytest.mark.parametrize("size", [1, 20])
def test_queries(teen, patient, viewer, django_assert_num_queries, size):
    for n in range(size):
        goal = services.add_goal(viewer=viewer, text=f"goal {n}")
        for m in range(min(size, 10)):
            services.add_step(viewer=viewer, goal=goal, text=f"step {m}")
    with django_assert_num_queries(5):
        teen.get(url("goals", patient))
