from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from exercises import access
from exercises.guideline import Targets
from exercises.models import CareTeamMember, Change, Program
from exercises.queries.program import USUAL, Item, Plan, plan_of
from exercises.services import programs
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def lee(cast):
    return factories.viewer(cast.patient, cast.lee)


def plan(**targets):
    return Plan(Targets(**{"cardio": 20} | targets), dict.fromkeys(USUAL))


def standing(patient):
    return list(
        Program.objects.standing().filter(patient=patient).values_list("version", "starts_on", "cardio")
    )


def test_a_revision_starts_today_when_nothing_was_logged(lee, patient):
    today = patient.today()
    assert programs.revise_program(viewer=lee, plan=plan(), basis=1).starts_on == today
    assert standing(patient) == [(1, today - 60 * DAY, 15), (2, today, 20)]


def test_a_revision_starts_tomorrow_when_something_was_logged_today(cast, lee, patient):
    factories.session(patient, cast.maya)
    revised = programs.revise_program(viewer=lee, plan=plan(), basis=1)
    assert revised.starts_on == patient.today() + DAY
    assert patient.daily_logs.get().program.version == 1


def test_choosing_today_counts_today_anew_and_no_ended_day(cast, lee, patient):
    today = patient.today()
    for day in (today - DAY, today):
        factories.session(patient, cast.lee, "desensitization", 7, day=day)
    programs.revise_program(viewer=lee, plan=plan(desensitization_minutes=10), basis=1, starts_on=today)
    rows = patient.daily_logs.order_by("day").values_list(
        "program__version", "desensitization", "desensitization_short"
    )
    assert list(rows) == [(1, 1, 0), (2, 0, 1)]


def test_the_first_program_starts_today_whatever_was_logged(cast, patient):
    Program.objects.filter(patient=patient).delete()
    factories.session(patient, cast.maya)
    viewer = factories.viewer(patient, cast.lee)
    first = programs.revise_program(viewer=viewer, plan=plan(), basis=None)
    assert (first.starts_on, first.version) == (patient.today(), 1)
    assert patient.daily_logs.get().program == first


def test_a_second_revision_for_the_same_day_replaces_the_first_in_history(lee, patient):
    start = patient.today() + 3 * DAY
    programs.revise_program(viewer=lee, plan=plan(cardio=20), basis=1, starts_on=start)
    programs.revise_program(viewer=lee, plan=plan(cardio=25), basis=2, starts_on=start)
    assert standing(patient)[1:] == [(3, start, 25)]
    assert Program.objects.get(patient=patient, version=2).replaced_at is not None
    assert Change.objects.get(subject="program").what == "replaced"


def test_a_version_that_started_today_can_be_replaced_today(lee, patient):
    today = patient.today()
    programs.revise_program(viewer=lee, plan=plan(cardio=20), basis=1)
    programs.revise_program(viewer=lee, plan=plan(cardio=25), basis=2)
    assert standing(patient) == [(1, today - 60 * DAY, 15), (3, today, 25)]


def test_an_edit_of_what_waits_may_move_its_start(lee, patient):
    today = patient.today()
    programs.revise_program(viewer=lee, plan=plan(), basis=1, starts_on=today + 2 * DAY)
    programs.revise_program(viewer=lee, plan=plan(), basis=2, starts_on=today + 5 * DAY)
    assert standing(patient)[1:] == [(3, today + 5 * DAY, 20)]


def test_rows_ahead_are_pointed_at_the_version_that_judges_them(cast, lee, patient):
    ahead = patient.today() + 2 * DAY
    row = patient.daily_logs.create(day=ahead, program=patient.programs.get())
    later = programs.revise_program(viewer=lee, plan=plan(), basis=1, starts_on=ahead)
    row.refresh_from_db()
    assert row.program == later
    programs.cancel_program(viewer=lee, version=2)
    row.refresh_from_db()
    assert row.program == patient.programs.get(version=1)


def test_a_start_in_the_past_is_refused(lee, patient):
    with pytest.raises(ValidationError):
        programs.revise_program(viewer=lee, plan=plan(), basis=1, starts_on=patient.today() - DAY)
    assert patient.programs.count() == 1


@pytest.mark.parametrize("targets", [{"cardio": 0}, {"cardio": 999}, {"desensitization_minutes": 0}])
def test_targets_out_of_range_are_refused(lee, patient, targets):
    with pytest.raises(ValidationError):
        programs.revise_program(viewer=lee, plan=plan(**targets), basis=1)
    assert patient.programs.count() == 1


def test_a_stale_basis_is_refused_and_says_what_is_there(lee, patient):
    programs.revise_program(viewer=lee, plan=plan(), basis=1)
    with pytest.raises(programs.Stale) as stale:
        programs.revise_program(viewer=lee, plan=plan(cardio=30), basis=1)
    assert stale.value.latest == patient.programs.get(version=2)
    assert patient.programs.count() == 2


def test_items_keep_their_order_and_dose(lee, patient):
    one, two = factories.activity("Plank"), factories.activity("Bridge")
    items = (Item(one, {"sets": 3, "words": "slow"}), Item(two, {"side": "each"}))
    revised = programs.revise_program(viewer=lee, plan=Plan(Targets(cardio=15), plan().usual, items), basis=1)
    assert [(i.activity, i.sets, i.words, i.side) for i in revised.items.all()] == [
        (one, 3, "slow", ""),
        (two, None, "", "each"),
    ]
    assert plan_of(revised).items[0].dose["sets"] == 3


def test_a_wrong_dose_leaves_nothing_half_written(lee, patient):
    items = (Item(factories.activity(), {"sets": 0}),)
    with pytest.raises(ValidationError):
        programs.revise_program(viewer=lee, plan=Plan(Targets(), plan().usual, items), basis=1)
    assert patient.programs.count() == 1


@pytest.mark.parametrize("kind", ["paused", "done"])
def test_pausing_and_ending_and_taking_up_again_are_versions(lee, patient, kind):
    factories.item(patient.programs.get(), factories.activity(), sets=2)
    stopped = programs.switch_program(viewer=lee, kind=kind, basis=1)
    assert (stopped.kind, stopped.targets, stopped.cardio) == (kind, None, 15)
    again = programs.switch_program(viewer=lee, kind="full", basis=2)
    assert (again.kind, again.cardio, again.items.get().sets) == ("full", 15, 2)


def test_switching_from_a_stale_page_is_refused(lee, patient):
    with pytest.raises(programs.Stale):
        programs.switch_program(viewer=lee, kind="paused", basis=7)
    assert patient.programs.count() == 1


def test_only_what_has_not_started_can_be_cancelled(lee, patient):
    programs.revise_program(viewer=lee, plan=plan(), basis=1, starts_on=patient.today() + DAY)
    for _again in range(2):
        programs.cancel_program(viewer=lee, version=2)
    assert [version for version, *_rest in standing(patient)] == [1]
    assert Change.objects.get(subject="program").what == "cancelled"
    with pytest.raises(programs.Started):
        programs.cancel_program(viewer=lee, version=1)


def test_the_family_edits_the_program_only_while_no_therapist_is_on_the_team(cast, patient):
    family = (cast.maya, cast.dana)
    assert not any(factories.viewer(patient, user).may(access.EDIT_PROGRAM) for user in family)
    CareTeamMember.objects.filter(patient=patient, user=cast.lee).delete()
    assert all(factories.viewer(patient, user).may(access.EDIT_PROGRAM) for user in family)
    assert not factories.viewer(patient, cast.dana).may(access.ANSWER)
