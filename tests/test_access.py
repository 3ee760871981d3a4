"""Rights as they stand: who holds which, and when that changes. Over HTTP: test_access_matrix."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from exercises import access
from tests import factories

TEEN, PARENT, THERAPIST = "patient", "parent", "therapist"
# The table of who may do what, written down a second time.
EXPECTED = {
    access.SEE: {TEEN, PARENT, THERAPIST},
    access.LOG: {TEEN, PARENT, THERAPIST},
    access.LOG_ANY_DAY: {THERAPIST},
    access.CORRECT_OWN: {TEEN, PARENT, THERAPIST},
    access.CORRECT_ANY: {TEEN, THERAPIST},
    access.CORRECT_OLD: {THERAPIST},
    access.SEE_HOW: {TEEN, THERAPIST},
    access.SEE_TIMES: {TEEN, THERAPIST},
    access.SEE_TECHNIQUES: {TEEN, THERAPIST},
    access.SEE_FRIENDS: {TEEN, THERAPIST},
    access.SEE_HARDER: {TEEN, THERAPIST},
    access.SEE_WORDS: {TEEN, THERAPIST},
    access.SEE_PRIVATE_GOALS: {TEEN, THERAPIST},
    access.MARK_DAY: {TEEN},
    access.WRITE_NOTE: {TEEN},
    access.ASK: {TEEN, PARENT},
    access.ANSWER: {THERAPIST},
    access.SET_GOALS: {TEEN, THERAPIST},
    access.EDIT_PROGRAM: {THERAPIST},
    access.ASK_DAY_OFF: {TEEN, PARENT, THERAPIST},
    access.ANSWER_DAY_OFF: {THERAPIST},
    access.SETTINGS: {TEEN, THERAPIST},
}


def test_the_table_is_whole():
    assert set(access.RIGHTS) == set(EXPECTED)


@pytest.mark.parametrize("right", EXPECTED)
def test_each_right_belongs_to_its_roles(cast, right):
    for role, user in ((TEEN, cast.maya), (PARENT, cast.dana), (THERAPIST, cast.lee)):
        assert factories.viewer(cast.patient, user).may(right) is (role in EXPECTED[right]), (right, role)


def test_parents_of_a_younger_child_hold_the_teens_rights(db):
    patient, parent = factories.patient(), factories.user("pat")
    factories.link(patient, parent, PARENT)
    viewer = factories.viewer(patient, parent)
    for right, roles in EXPECTED.items():
        if right != access.EDIT_PROGRAM:
            assert viewer.may(right) is bool(roles & {TEEN, PARENT}), right
    assert viewer.entered_as == PARENT


def test_a_therapist_of_a_younger_child_gains_nothing(db):
    patient, therapist = factories.patient(), factories.user("theo")
    factories.link(patient, therapist, THERAPIST)
    viewer = factories.viewer(patient, therapist)
    for right, roles in EXPECTED.items():
        assert viewer.may(right) is (THERAPIST in roles), right


@pytest.mark.parametrize("how", ["link ended", "account closed"])
def test_a_teens_words_do_not_open_to_parents_when_the_teen_leaves(cast, how):
    if how == "link ended":
        cast.patient.team.filter(user=cast.maya).update(until=timezone.now())
    else:
        cast.maya.is_active = False
        cast.maya.save()
    viewer = factories.viewer(cast.patient, cast.dana)
    assert not viewer.may(access.SEE_WORDS)
    assert access.with_teen(access.patients_of(cast.dana, PARENT)).get().has_teen


def test_a_family_enters_the_program_only_while_no_therapist_is_on_the_team(cast):
    for user in (cast.maya, cast.dana):
        assert not factories.viewer(cast.patient, user).may(access.EDIT_PROGRAM)
    cast.patient.team.filter(user=cast.lee).update(until=timezone.now())
    for user in (cast.maya, cast.dana):
        viewer = factories.viewer(cast.patient, user)
        assert viewer.may(access.EDIT_PROGRAM)
        assert not viewer.may(access.ANSWER_DAY_OFF)


def test_a_link_ends_at_its_instant(cast):
    link = cast.patient.team.get(user=cast.dana)
    link.until = timezone.now() + timedelta(minutes=1)
    link.save()
    assert factories.viewer(cast.patient, cast.dana).may(access.SEE)
    link.until = timezone.now()
    link.save()
    with pytest.raises(Http404):
        factories.viewer(cast.patient, cast.dana)
    assert PARENT not in access.roles_of(cast.dana)
    assert not access.patients_of(cast.dana, PARENT).exists()


def test_an_ended_teen_is_nobodys_teen(cast):
    cast.patient.team.filter(user=cast.maya).update(until=timezone.now())
    assert access.own_viewer(cast.maya) is None
    with pytest.raises(Http404):
        factories.viewer(cast.patient, cast.maya)


def test_a_record_that_was_left_does_not_mix_with_the_new_one(cast):
    cast.patient.team.filter(user=cast.maya).update(until=timezone.now())
    new = factories.patient("Maya, again")
    factories.link(new, cast.maya, TEEN)
    viewer = access.own_viewer(cast.maya)
    assert viewer is not None
    assert viewer.patient == new
    assert not viewer.has_therapist


def test_a_deactivated_person_is_on_no_team(cast):
    cast.dana.is_active = False
    with pytest.raises(Http404):
        factories.viewer(cast.patient, cast.dana)


def test_two_roles_add_up_and_the_nearest_to_the_teen_signs(cast):
    factories.link(cast.patient, cast.lee, PARENT)
    viewer = factories.viewer(cast.patient, cast.lee)
    assert viewer.roles == {PARENT, THERAPIST}
    assert viewer.may(access.EDIT_PROGRAM)
    assert viewer.entered_as == PARENT
    assert viewer.disciplines == {"pt"}
    assert (viewer.is_teen, viewer.is_therapist) == (False, True)


def test_roles_belong_to_the_link(cast):
    factories.link(cast.other, cast.dana, THERAPIST)
    assert not factories.viewer(cast.patient, cast.dana).may(access.EDIT_PROGRAM)
    assert factories.viewer(cast.other, cast.dana).may(access.EDIT_PROGRAM)
    assert access.roles_of(cast.dana) == {PARENT, THERAPIST}
    assert list(access.patients_of(cast.dana, PARENT)) == [cast.patient]


@pytest.mark.parametrize(
    ("who", "entered_by", "age", "may"),
    [
        ("maya", "maya", 7, True),
        ("maya", "dana", 7, True),
        ("maya", "maya", 8, False),
        ("dana", "dana", 7, True),
        ("dana", "maya", 0, False),
        ("dana", "dana", 8, False),
        ("lee", "maya", 400, True),
    ],
)
def test_who_may_correct_what(cast, who, entered_by, age, may):
    today = cast.patient.today()
    viewer = factories.viewer(cast.patient, getattr(cast, who))
    entry = {"day": today - timedelta(days=age), "entered_by": getattr(cast, entered_by).pk}
    assert viewer.may_correct(**entry, today=today) is may
