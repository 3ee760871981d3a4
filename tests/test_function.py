from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from exercises.models import Change, FunctionGoal
from exercises.queries.function import function_page
from exercises.services import daily
from exercises.services import goals as services
from tests import factories
from tests.conftest import signed_in


def url(name, patient, *args):
    return reverse(name, args=[patient.code, *args])


def add(client, patient, text="Walk to school", **data):
    return client.post(url("goals", patient), {"text": text} | data)


@pytest.fixture
def goal(patient, cast):
    return services.add_goal(viewer=factories.viewer(patient, cast.maya), text="Sleep over at Ada's")


@pytest.fixture
def secret(patient, cast):
    return services.add_goal(viewer=factories.viewer(patient, cast.maya), text="A kiss", private=True)


@pytest.mark.parametrize("text", ["Walk to school 🎒", "\u202e\u05e9\u05dc\u05d5\u05dd", "=cmd()", "x" * 200])
def test_a_goal_in_own_words(teen, patient, cast, text):
    assert add(teen, patient, text)["Location"] == url("function", patient)
    kept = FunctionGoal.objects.get()
    assert (kept.text, kept.set_on, kept.private, kept.added_by) == (text, patient.today(), False, cast.maya)
    assert text in teen.get(url("function", patient)).content.decode()


def test_a_goal_sent_twice_is_kept_once(teen, patient):
    form_id = str(uuid4())
    for _ in range(2):
        assert add(teen, patient, id=form_id)["Location"] == url("function", patient)
    assert FunctionGoal.objects.count() == 1
    add(teen, patient, "Another goal", id=form_id)
    assert FunctionGoal.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  ", "x" * 201, "a\x00b"])
def test_a_goal_that_cannot_be_kept_stays_in_the_box(teen, patient, text):
    response = add(teen, patient, text)
    assert response.status_code == 422
    assert text.strip() in response.content.decode()
    assert not FunctionGoal.objects.exists()


def test_a_private_goal_is_for_the_teen_and_the_therapist(teen, parent, therapist, patient, secret, goal):
    for client, seen in ((teen, True), (therapist, True), (parent, False)):
        page = client.get(url("function", patient)).content.decode()
        assert ("A kiss" in page) is seen
        assert "Sleep over" in page


def test_a_private_goal_can_be_set(teen, patient):
    add(teen, patient, private="on")
    assert FunctionGoal.objects.get().private


def test_a_younger_childs_goals_are_never_private(cast, parent):
    child = factories.patient("Leo")
    factories.link(child, cast.dana, "parent")
    assert 'name="private"' not in parent.get(url("function", child)).content.decode()
    add(parent, child, private="on")
    assert not FunctionGoal.objects.get().private


def test_a_reached_goal_stays_with_its_day(teen, patient, goal):
    with time_machine.travel("2026-11-20T18:00:00Z", tick=False):
        teen.force_login(goal.added_by)
        teen.post(url("goal", patient, goal.pk), {"reached": "yes"})
    teen.force_login(goal.added_by)
    teen.post(url("goal", patient, goal.pk), {"reached": "yes"})
    goal.refresh_from_db()
    assert goal.reached_on.isoformat() == "2026-11-20"
    assert [change.what for change in Change.objects.all()] == ["reached"]
    page = function_page(factories.viewer(patient, goal.added_by), patient.today())
    assert [row.text for row in page.reached_goals] == [goal.text]
    assert page.open_goals == ()


def test_reaching_is_undone_on_the_same_day_only(teen, patient, goal):
    target = url("goal", patient, goal.pk)
    teen.post(target, {"reached": "yes"})
    assert "Undo" in teen.get(url("function", patient)).content.decode()
    assert teen.post(target, {"reached": "no"}).status_code == 302
    goal.refresh_from_db()
    assert goal.reached_on is None
    FunctionGoal.objects.update(reached_on=patient.today() - timedelta(days=1))
    assert "Undo" not in teen.get(url("function", patient)).content.decode()
    response = teen.post(target, {"reached": "no"})
    assert response.status_code == 422
    assert "stays reached" in response.content.decode()
    goal.refresh_from_db()
    assert goal.reached_on


@pytest.mark.parametrize("reached", ["", "maybe", "\x00"])
def test_a_step_that_is_none(teen, patient, goal, reached):
    assert teen.post(url("goal", patient, goal.pk), {"reached": reached}).status_code == 422
    goal.refresh_from_db()
    assert goal.reached_on is None


def test_a_therapist_adds_and_marks_too(therapist, patient, goal):
    add(therapist, patient, "Stairs to class")
    therapist.post(url("goal", patient, goal.pk), {"reached": "yes"})
    goal.refresh_from_db()
    assert goal.reached_on == patient.today()
    assert FunctionGoal.objects.count() == 2


def test_who_may(parent, stranger, client, cast, patient, goal):
    for other, status in ((parent, 403), (stranger, 404), (signed_in(cast.omar), 404)):
        assert add(other, patient).status_code == status
        assert other.post(url("goal", patient, goal.pk), {"reached": "yes"}).status_code == status
    for other, status in ((parent, 200), (stranger, 404), (client, 302)):
        assert other.get(url("function", patient)).status_code == status
    goal.refresh_from_db()
    assert goal.reached_on is None
    assert FunctionGoal.objects.count() == 1


def test_a_goal_of_another_record_is_unknown(cast, teen, patient, goal):
    noor = signed_in(cast.noor)
    assert noor.post(url("goal", cast.other, goal.pk), {"reached": "yes"}).status_code == 404
    assert teen.post(url("goal", patient, 10**30), {"reached": "yes"}).status_code == 404
    goal.refresh_from_db()
    assert goal.reached_on is None


def test_wrong_methods(teen, patient, goal):
    assert teen.get(url("goals", patient)).status_code == 405
    assert teen.get(url("goal", patient, goal.pk)).status_code == 405
    assert teen.post(url("function", patient)).status_code == 405


@time_machine.travel("2026-11-20T18:00:00Z", tick=False)
def test_four_weeks_of_daily_life(patient, cast):
    viewer = factories.viewer(patient, cast.maya)
    today = patient.today()
    daily.mark_day(viewer=viewer, day=today, school="all", friends="some")
    daily.mark_day(viewer=viewer, day=today - timedelta(days=1), school="none")
    daily.mark_day(viewer=viewer, day=today - timedelta(days=60), school="part")
    page = function_page(viewer, today)
    assert (page.first.isoformat(), page.first.weekday(), page.last) == ("2026-10-26", 0, today)
    assert [part.name for part in page.life] == ["school", "friends", "activities", "home"]
    school, friends, _activities, home = page.life
    assert school.days[-2:] == ((today - timedelta(days=1), "none"), (today, "all"))
    assert [(str(words), count) for words, count in school.counts] == [("all day", 1), ("not that day", 1)]
    assert friends.days[-1] == (today, "some")
    assert home.counts == []
    assert {answer for _day, answer in home.days} == {""}
    others = function_page(factories.viewer(cast.other, cast.noor), today)
    assert not any(part.counts for part in others.life)


def test_the_check_in_of_friends_is_not_for_parents(cast, patient, parent, therapist, teen):
    viewer = factories.viewer(patient, cast.maya)
    daily.mark_day(viewer=viewer, day=patient.today(), friends="some")
    for client, seen in ((parent, False), (therapist, True), (teen, True)):
        page = client.get(url("function", patient)).content.decode()
        assert ("Friends" in page) is seen


def test_a_day_that_nobody_marked_is_unknown(teen, patient):
    page = teen.get(url("function", patient)).content.decode()
    assert "Not marked yet" in page
    assert ": not marked" in page
    assert "not that day." not in page


def test_a_goal_is_never_markup(teen, parent, patient):
    add(teen, patient, "<script>alert(1)</script>")
    for client in (teen, parent):
        page = client.get(url("function", patient)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_no_word_of_pain(teen, patient, goal):
    page = teen.get(url("function", patient)).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert "pain" not in main.lower()


@pytest.mark.parametrize("size", [1, 40])
def test_queries(teen, patient, cast, django_assert_num_queries, size):
    viewer = factories.viewer(patient, cast.maya)
    for n in range(size):
        services.add_goal(viewer=viewer, text=f"goal {n}")
        daily.mark_day(viewer=viewer, day=patient.today() - timedelta(days=n), school="all")
    with django_assert_num_queries(5):
        teen.get(url("function", patient))
