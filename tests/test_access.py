"""Rights as they stand: who holds which, and when that changes. Over HTTP: test_access_matrix."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from exercises import access, session_keys
from exercises.models import BreakGlass
from tests import factories

TEEN, PARENT, THERAPIST = "patient", "parent", "therapist"
ALL = {TEEN, PARENT, THERAPIST}
# The table of who may do what, written down a second time: in a clinic's record with everybody on the team.
EXPECTED = {
    access.SEE: ALL,
    access.LOG: ALL,
    access.LOG_ANY_DAY: {THERAPIST},
    access.CORRECT_OWN: ALL,
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
    access.RECORD_MEASURES: {THERAPIST},
    access.SEE_SLEEP: {TEEN, THERAPIST},
    access.SEE_TODAY: {TEEN, THERAPIST},
    access.AGREE_HOUR: {TEEN, THERAPIST},
    access.PLAN_WEEK: {TEEN},
    access.SEND_CHEER: {PARENT, THERAPIST},
    access.SEE_CHEERS: {TEEN},
    access.MUTE_CHEERS: {TEEN},
    access.EDIT_PROGRAM: {THERAPIST},
    access.ACCEPT_PROGRAM: {TEEN},
    access.START_FLARE: {TEEN, THERAPIST},
    access.STEP_LADDER: {TEEN, THERAPIST},
    access.SET_ROUTINE: {TEEN, THERAPIST},
    access.ASK_DAY_OFF: ALL,
    access.ANSWER_DAY_OFF: {THERAPIST},
    access.SETTINGS: {TEEN, THERAPIST},
    access.SEE_TEAM: ALL,
    access.SEE_LOOK_HOURS: {TEEN, THERAPIST},
    access.SEE_AS: {TEEN},
    access.INVITE_TEEN: {PARENT, THERAPIST},
    access.INVITE_PARENT: ALL,
    access.INVITE_THERAPIST: ALL,
    access.GIVE_WORD: {THERAPIST},
    access.NEEDS_NO_WORD: {TEEN, THERAPIST},
    access.END_OWN: ALL,
    access.END_THERAPIST: {PARENT},
    access.END_PARENT: {THERAPIST},
    access.UNDO_END: ALL,
    access.HAND_OVER: {THERAPIST},
    access.SIGN_IN_CARD: {THERAPIST},
    access.VOUCH: {TEEN, THERAPIST},
    access.CONSENT: {TEEN, PARENT},
    access.BEGIN: {TEEN, PARENT},
    access.EXPORT: ALL,
    access.ASK_ERASURE: {THERAPIST},
    access.UNDO_ERASURE: ALL,
    access.DECIDE_ERASURE: {THERAPIST},
    access.SELF_MANAGED: ALL,
    access.SELF_MANAGED_ALONE: {THERAPIST},
}


@pytest.fixture
def clinics(cast):
    cast.patient.kept_by = "clinic"
    cast.patient.save()
    return cast


def holders(cast, right):
    people = ((TEEN, cast.maya), (PARENT, cast.dana), (THERAPIST, cast.lee))
    return {role for role, user in people if factories.viewer(cast.patient, user).may(right)}


def test_the_table_is_whole():
    assert set(access.RIGHTS) == set(EXPECTED)


@pytest.mark.parametrize("right", EXPECTED)
def test_each_right_belongs_to_its_roles(clinics, right):
    assert holders(clinics, right) == EXPECTED[right]


# What else the record decides: how it is, the right, who holds it then.
RECORDS = [
    ({"kept_by": "family"}, access.ASK_ERASURE, {PARENT}),
    ({"kept_by": "clinic"}, access.ASK_ERASURE, {THERAPIST}),
    ({"kept_by": "family", "opened_as": "patient"}, access.ASK_ERASURE, {TEEN, PARENT}),
    ({"kept_by": "clinic", "self_managed": True}, access.ASK_ERASURE, {TEEN, THERAPIST}),
    ({"opened_as": "patient"}, access.END_PARENT, {TEEN, THERAPIST}),
    ({"opened_as": "parent"}, access.END_PARENT, {THERAPIST}),
    ({"self_managed": True}, access.END_PARENT, {TEEN, THERAPIST}),
    ({"self_managed": True}, access.END_THERAPIST, {TEEN}),
    ({"self_managed": True}, access.UNDO_END, {TEEN}),
    ({"self_managed": True}, access.INVITE_PARENT, {TEEN}),
    ({"self_managed": True}, access.GIVE_WORD, {TEEN, THERAPIST}),
    ({"self_managed": True}, access.SELF_MANAGED, set()),
    ({"self_managed": True}, access.SELF_MANAGED_ALONE, set()),
]


@pytest.mark.parametrize(("record", "right", "may"), RECORDS, ids=range(len(RECORDS)))
def test_what_the_record_decides(cast, record, right, may):
    type(cast.patient).objects.filter(pk=cast.patient.pk).update(**record)
    assert holders(cast, right) == may


def test_a_teen_of_age_gives_the_word_for_a_second_parent(cast):
    cast.patient.team.filter(user=cast.maya).update(of_age=True)
    assert holders(cast, access.GIVE_WORD) == {TEEN, THERAPIST}


def test_before_the_family_was_told_nothing_is_logged(cast):
    cast.patient.team.filter(user=cast.lee).update(until=timezone.now())
    type(cast.patient).objects.filter(pk=cast.patient.pk).update(told_at=None)
    for user in (cast.maya, cast.dana):
        viewer = factories.viewer(cast.patient, user)
        assert not viewer.rights & access.RIGHTS_ONCE_TOLD
        assert viewer.may(access.BEGIN)
    assert factories.viewer(cast.patient, cast.maya).is_waiting


def test_with_a_therapist_nobody_needs_to_be_told(cast):
    type(cast.patient).objects.filter(pk=cast.patient.pk).update(told_at=None)
    assert holders(cast, access.LOG) == ALL
    assert not factories.viewer(cast.patient, cast.maya).is_waiting


def test_a_locked_record_is_read_only(clinics):
    clinics.patient.locked_at = timezone.now()
    clinics.patient.save()
    kept = access.RIGHTS_WHILE_LOCKED
    for right, roles in EXPECTED.items():
        assert holders(clinics, right) == (roles if right in kept else set()), right
    writing = {access.LOG, access.EDIT_PROGRAM, access.WRITE_NOTE, access.SETTINGS, access.INVITE_PARENT}
    assert not kept & writing


def test_parents_of_a_younger_child_hold_the_teens_rights(db):
    """But for what takes somebody of one's own: to see as another does, or to speak for the teen."""
    patient, parent, therapist = factories.patient(), factories.user("pat"), factories.user("theo")
    factories.link(patient, parent, PARENT)
    viewer = factories.viewer(patient, parent)
    own_to_the_record = {access.EDIT_PROGRAM, access.ASK_ERASURE}
    assert not viewer.may(access.VOUCH) and not viewer.may(access.AGREE_HOUR)
    for right, roles in EXPECTED.items():
        if right not in own_to_the_record | {access.VOUCH, access.AGREE_HOUR}:
            assert viewer.may(right) is bool(roles & {TEEN, PARENT}), right
    assert viewer.entered_as == PARENT
    factories.link(patient, therapist, THERAPIST)
    assert not factories.viewer(patient, parent).may(access.NEEDS_NO_WORD)


def test_a_therapist_of_a_younger_child_gains_nothing(db):
    patient, therapist = factories.patient(kept_by="clinic"), factories.user("theo")
    factories.link(patient, therapist, THERAPIST)
    viewer = factories.viewer(patient, therapist)
    for right, roles in EXPECTED.items():
        alone = right == access.AGREE_HOUR
        assert viewer.may(right) is (THERAPIST in roles and not alone), right


def test_a_colleague_who_covers_does_not_hand_over(cast):
    cast.patient.team.filter(user=cast.lee).update(covers=cast.kim)
    assert holders(cast, access.HAND_OVER) == set()


# --- what the sign-in session changes, and the glass


def test_borrowed_eyes_only_read(cast):
    viewer = factories.viewer(cast.patient, cast.maya)
    session = {session_keys.SEEING_AS: [str(cast.patient.code), cast.patient.team.get(user=cast.dana).pk]}
    parents = access.as_in_session(viewer, session, reading=True)
    assert parents.rights == factories.viewer(cast.patient, cast.dana).rights & access.READING
    assert (parents.seeing_as, parents.user, parents.is_teen) == (PARENT, cast.maya, False)
    assert (parents.eyes, viewer.eyes) == (cast.dana.pk, cast.maya.pk)
    assert access.as_in_session(viewer, session, reading=False) == viewer


@pytest.mark.parametrize("what", ["another record's", "an ended link", "a link that is gone", "not the teen"])
def test_eyes_that_cannot_be_borrowed(cast, what):
    viewer = factories.viewer(cast.patient, cast.lee if what == "not the teen" else cast.maya)
    link = cast.patient.team.get(user=cast.dana)
    if what == "an ended link":
        cast.patient.team.filter(pk=link.pk).update(until=timezone.now())
    code = cast.other.code if what == "another record's" else cast.patient.code
    session = {session_keys.SEEING_AS: [str(code), 0 if what == "a link that is gone" else link.pk]}
    assert access.as_in_session(viewer, session, reading=True) == viewer


@pytest.mark.parametrize("reading", [True, False])
def test_a_shared_device_closes_what_is_for_the_teens_eyes(cast, reading):
    session = {session_keys.SHARED_DEVICE: True}
    teen, therapist = (factories.viewer(cast.patient, user) for user in (cast.maya, cast.lee))
    shared = access.as_in_session(teen, session, reading=reading)
    assert teen.rights - shared.rights == access.FOR_THE_TEENS_EYES
    assert shared.is_closed_here and not teen.is_closed_here
    assert access.as_in_session(therapist, session, reading=reading) == therapist


def test_behind_the_glass(cast):
    alex = factories.user("alex", is_staff=True)
    with pytest.raises(Http404):
        factories.viewer(cast.patient, alex)
    now = timezone.now()
    entry = {"patient": cast.patient, "user": alex, "reason": "because"}
    BreakGlass.objects.create(**entry, at=now - timedelta(hours=2), until=now - timedelta(seconds=1))
    with pytest.raises(Http404):
        factories.viewer(cast.patient, alex)
    BreakGlass.objects.create(**entry, until=now + timedelta(hours=1))
    viewer = factories.viewer(cast.patient, alex)
    assert viewer.rights == access.READING - access.FOR_THE_TEENS_EYES - {access.SEE_CHEERS}
    assert (viewer.entered_as, viewer.is_behind_glass, viewer.asks_consent) == ("administrator", True, False)
    with pytest.raises(Http404):
        factories.viewer(cast.other, alex)


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


# --- from when parents see today


def test_only_parents_of_a_teen_wait_for_the_hour(cast):
    cast.patient.parents_from = time(17)
    cast.patient.save()
    noon, today = datetime(2026, 11, 20, 18, tzinfo=UTC), date(2026, 11, 20)
    maya, dana, lee = (factories.viewer(cast.patient, user) for user in (cast.maya, cast.dana, cast.lee))
    assert (dana.hidden_day(noon), maya.hidden_day(noon), lee.hidden_day(noon)) == (today, None, None)
    assert dana.hides(today, noon) and not dana.hides(today - timedelta(days=1), noon)
    assert dana.hidden_day(noon + timedelta(hours=5)) is None
    borrowed = access.with_eyes_of(maya, cast.patient.team.get(user=cast.dana))
    assert borrowed.hidden_day(noon) == today
    cast.patient.team.filter(user=cast.maya).delete()
    assert factories.viewer(cast.patient, cast.dana).hidden_day(noon) is None


def test_without_an_agreed_hour_nothing_is_hidden(cast):
    assert factories.viewer(cast.patient, cast.dana).hidden_day(timezone.now()) is None


def test_who_agrees_on_an_hour_when_the_therapist_is_gone(cast):
    """What was agreed stands until the teen ends it, and nothing new can be asked."""
    cast.patient.team.filter(user=cast.lee).update(until=timezone.now())
    assert holders_of(cast, access.AGREE_HOUR, cast.maya, cast.dana) == []
    type(cast.patient).objects.filter(pk=cast.patient.pk).update(parents_from=time(17))
    assert holders_of(cast, access.AGREE_HOUR, cast.maya, cast.dana) == [cast.maya]


def test_a_parent_who_is_a_therapist_here_agrees_on_no_hour(cast):
    factories.link(cast.patient, cast.lee, PARENT)
    assert not factories.viewer(cast.patient, cast.lee).may(access.AGREE_HOUR)


def holders_of(cast, right, *people):
    return [user for user in people if factories.viewer(cast.patient, user).may(right)]


def test_the_plain_look_is_the_teens(cast):
    cast.patient.plain_look = True
    cast.patient.save()
    people = (cast.maya, cast.dana, cast.lee)
    assert [factories.viewer(cast.patient, user).is_plain for user in people] == [True, False, False]
    cast.patient.team.filter(user=cast.maya).delete()
    assert [factories.viewer(cast.patient, user).is_plain for user in people[1:]] == [True, False]
