"""The database itself refuses what no form should let through."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from exercises.models import (
    AccessRecord,
    Activity,
    BreakGlass,
    CareTeamMember,
    Change,
    Consent,
    DailyLog,
    DayOff,
    Device,
    DevicePerson,
    Erasure,
    FunctionGoal,
    GoalStep,
    Invitation,
    LadderMove,
    Note,
    Patient,
    Program,
    ProgramTemplate,
    Question,
    RoutinePeriod,
    RoutineSlot,
    SessionItem,
    SignInCard,
    Stopwatch,
    TherapySession,
    Tombstone,
    User,
)
from exercises.models.append_only import AppendOnly
from tests import factories


@pytest.fixture
def session(cast, patient):
    return factories.session(patient, cast.maya)


def refuses(constraint, write):
    """The write fails, and by this constraint: SQLite names the columns of a unique one instead."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    if connection.vendor == "postgresql" or "CHECK" in str(error.value):
        assert constraint in str(error.value)


def update(row, **values):
    return lambda: type(row)._base_manager.filter(pk=row.pk).update(**values)


@pytest.mark.parametrize("minutes", [0, 241, 999, None])
def test_minutes_are_1_to_240(session, minutes):
    refuses("session_minutes_1_to_240", update(session, minutes=minutes))


def test_minutes_may_be_empty_for_stress_only(session):
    update(session, strand="stress", minutes=None)()
    refuses("session_minutes_1_to_240", update(session, strand="stress", minutes=0))
    refuses("session_minutes_1_to_240", update(session, strand="cardio"))


def test_a_strand_is_a_known_one(session):
    refuses("session_strand_known", update(session, strand="yoga"))


def test_a_session_is_removed_by_somebody_at_some_time(session, cast):
    refuses("session_voided_at_and_by", update(session, voided_at=timezone.now()))
    refuses("session_voided_at_and_by", update(session, voided_by=cast.maya))
    update(session, voided_at=timezone.now(), voided_by=cast.maya)()


def test_an_id_is_taken_once_per_patient(session, cast):
    copy = TherapySession.objects.get(pk=session.pk)
    copy.pk, copy._state.adding = None, True
    refuses("session_id_once_per_patient", copy.save)
    copy.patient = cast.other
    copy.save()


def test_a_removed_sessions_id_stays_taken(session, cast):
    update(session, voided_at=timezone.now(), voided_by=cast.maya)()
    copy = TherapySession.objects.get(pk=session.pk)
    copy.pk, copy._state.adding, copy.voided_at, copy.voided_by = None, True, None, None
    refuses("session_id_once_per_patient", copy.save)


def test_an_item_is_done_once_in_a_session(session, patient):
    item = factories.item(patient.programs.get(), factories.activity())
    done = {"session": session, "activity": item.activity, "program_item": item}
    SessionItem.objects.create(**done)
    refuses("session_item_once", lambda: SessionItem.objects.create(**done))


def test_a_day_has_one_row(session, patient):
    refuses("daily_log_one_a_day", lambda: DailyLog.objects.create(patient=patient, day=patient.today()))


def test_totals_are_never_below_nothing(session):
    refuses("", update(session.daily_log, cardio=-1))


def test_a_username_is_one_whatever_its_case(cast):
    refuses("user_username_unique_whatever_case", lambda: User.objects.create_user("MAYA"))


def test_a_day_starts_between_0_and_4(patient):
    refuses("patient_day_start_0_to_4", update(patient, day_start=5))
    update(patient, day_start=4)()


def test_a_record_is_kept_by_family_or_clinic(patient):
    refuses("patient_kept_by_known", update(patient, kept_by="nobody"))


def test_a_code_is_one_patients(patient):
    refuses("", lambda: Patient.objects.create(name="x", code=patient.code))


def test_the_team_has_one_open_link_of_a_kind(cast, patient):
    refuses("team_one_open_link", lambda: factories.link(patient, cast.dana, "parent"))
    patient.team.filter(user=cast.dana).update(until=timezone.now())
    factories.link(patient, cast.dana, "parent")


def test_a_teen_has_one_record_and_a_record_one_teen(cast, patient):
    refuses("team_one_record_per_teen", lambda: factories.link(cast.other, cast.maya, "patient"))
    refuses("team_one_teen_per_record", lambda: factories.link(patient, cast.sam, "patient"))


def test_a_role_is_known_and_a_discipline_is_a_therapists(cast, patient):
    refuses("team_role_known", lambda: factories.link(patient, cast.sam, "friend"))
    refuses(
        "team_discipline_of_therapists", lambda: factories.link(patient, cast.sam, "parent", discipline="pt")
    )
    refuses(
        "team_by_parent_of_therapists", lambda: factories.link(patient, cast.sam, "parent", by_parent=True)
    )
    assert not CareTeamMember.objects.filter(user=cast.sam).exists()


def test_a_built_in_activity_has_no_owner(cast):
    activity = factories.activity(owner=cast.lee)
    refuses("activity_built_in_has_no_owner", update(activity, key="wall-sit"))
    refuses("activity_strand_known", lambda: Activity.objects.create(name="x", strand="life"))


def test_a_built_in_activity_has_a_key_of_its_own(db):
    factories.activity(key="wall-sit")
    refuses("", lambda: factories.activity(key="wall-sit"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cardio", 0), ("cardio", 241), ("exercises", 0), ("exercises", 241), ("desensitization", 0),
        ("desensitization", 61), ("desensitization_minutes", 0), ("desensitization_minutes", 61),
        ("stress", 0), ("stress", 21),
    ],
)  # fmt: skip
def test_targets_are_in_range(patient, field, value):
    program = patient.programs.get()
    refuses("program_targets_in_range", update(program, **{field: value}))


def test_a_target_may_be_empty(patient):
    update(patient.programs.get(), cardio=None, exercises=None, desensitization=None, stress=None)()


def test_a_program_is_of_a_known_kind(patient):
    refuses("program_kind_known", update(patient.programs.get(), kind="half"))


@pytest.mark.parametrize(
    ("constraint", "field"),
    [
        ("program_exercises_by_known", "exercises_by"),
        ("program_areas_rule_known", "areas_rule"),
        ("program_harder_rule_known", "harder_rule"),
    ],
)
def test_the_rules_of_a_program_are_known_ones(patient, constraint, field):
    for value in ("", "odd"):
        refuses(constraint, update(patient.programs.get(), **{field: value}))


@pytest.mark.parametrize("strand", ["cardio", "exercises", "desensitization", "stress"])
def test_a_smaller_plan_and_one_to_keep_up_with_have_a_number(patient, strand):
    program = patient.programs.get()
    refuses("program_smaller_has_a_number", update(program, harder_rule="smaller"))
    update(program, harder_rule="smaller", **{f"smaller_{strand}": 1})()
    refuses("program_keeping_up_has_a_number", update(program, kind="keeping_up"))
    update(program, kind="keeping_up", **{f"week_{strand}": 1})()


@pytest.mark.parametrize(
    ("strand", "most"), [("cardio", 240), ("exercises", 240), ("desensitization", 60), ("stress", 20)]
)
def test_the_numbers_of_a_harder_day_and_of_a_week_are_in_range(patient, strand, most):
    program = patient.programs.get()
    for wrong in (0, most + 1):
        refuses("program_smaller_in_range", update(program, **{f"smaller_{strand}": wrong}))
    for wrong in (0, 8):
        refuses("program_week_in_range", update(program, **{f"week_{strand}": wrong}))
    update(program, **{f"smaller_{strand}": most, f"week_{strand}": 7})()


def test_who_agreed_did_so_at_some_time(cast, patient):
    program, now = patient.programs.get(), timezone.now()
    refuses("program_accepted_at_and_by", update(program, accepted_by=cast.maya))
    # An older version may know when, and not who.
    update(program, accepted_at=now)()
    update(program, accepted_at=now, accepted_by=cast.maya)()


def test_who_wants_to_talk_said_so_at_some_time(cast, patient):
    program, now = patient.programs.get(), timezone.now()
    refuses("program_talk_at_and_by", update(program, talk_at=now))
    refuses("program_talk_at_and_by", update(program, talk_by=cast.maya))
    update(program, talk_at=now, talk_by=cast.maya)()


def test_versions_are_numbered_once(patient):
    refuses("program_version_unique", lambda: factories.program(patient, patient.today(), version=1))


def test_one_standing_program_starts_on_a_day(patient):
    first = patient.programs.get()
    again = {"starts_on": first.starts_on, "version": 2}
    refuses("program_one_standing_a_day", lambda: factories.program(patient, **again))
    update(first, replaced_at=timezone.now())()
    factories.program(patient, **again)
    assert Program.objects.standing().get(patient=patient).version == 2


def test_a_day_off_starts_before_it_ends(cast, patient):
    today = patient.today()
    off = {"patient": patient, "asked_by": cast.maya}
    refuses(
        "day_off_first_before_last",
        lambda: DayOff.objects.create(first=today, last=today - timedelta(days=1), **off),
    )
    DayOff.objects.create(first=today, last=today, **off)


@pytest.mark.parametrize(
    "answer",
    [
        {"answer": "granted"},
        {"answered_at": timezone.now()},
        {"answer": "maybe", "answered_at": timezone.now()},
    ],
)
def test_an_answer_for_a_day_off_is_whole(cast, patient, answer):
    off = DayOff.objects.create(
        patient=patient, asked_by=cast.maya, first=patient.today(), last=patient.today()
    )
    refuses("day_off_answer_whole", update(off, **answer))


@pytest.mark.parametrize("weekdays", [0, 128])
def test_a_slot_is_on_some_weekday(patient, weekdays):
    refuses(
        "slot_weekdays_mask",
        lambda: RoutineSlot.objects.create(patient=patient, name="shower", at="07:15", weekdays=weekdays),
    )


def test_a_slot_is_of_a_known_set(patient):
    slot = RoutineSlot.objects.create(patient=patient, name="shower", at="07:15")
    refuses("slot_set_known", update(slot, set="moon"))
    for known in ("", "school", "weekend", "holiday", "other_home"):
        update(slot, set=known)()


def test_another_routine_is_for_a_holiday_or_the_other_home_and_starts_before_it_ends(cast, patient):
    today = patient.today()
    days = {"patient": patient, "first": today, "last": today, "set_by": cast.maya}
    for wrong in ("", "school", "weekend", "moon"):
        refuses(
            "routine_period_set_known", lambda wrong=wrong: RoutinePeriod.objects.create(set=wrong, **days)
        )
    row = RoutinePeriod.objects.create(set="other_home", **days)
    refuses("routine_first_before_last", update(row, last=today - timedelta(days=1)))


def test_desensitization_alone_is_done_together_with_something_and_with_one_thing(cast, patient, session):
    touch, more = (factories.session(patient, cast.maya, "desensitization", 5) for _turn in range(2))
    refuses("session_together_is_desensitization", update(session, together_with=touch))
    update(touch, together_with=session)()
    refuses("", update(more, together_with=session))


# --- what is being timed ---


def watch(cast, patient, **fields):
    usual = {"patient": patient, "strand": "cardio", "started_by": cast.maya, "entered_as": "patient"}
    return Stopwatch.objects.create(**usual | fields)


def over(cast):
    return {"ended_at": timezone.now(), "ended_by": cast.maya}


def test_one_thing_is_timed_at_a_time(cast, patient):
    first = watch(cast, patient)
    refuses("stopwatch_one_running", lambda: watch(cast, patient))
    watch(cast, cast.other)
    watch(cast, patient, **over(cast))
    update(first, **over(cast))()
    watch(cast, patient)


def test_a_watchs_id_is_taken_once_per_patient(cast, patient):
    first = watch(cast, patient, **over(cast))
    again = {"client_id": first.client_id}
    refuses("stopwatch_id_once_per_patient", lambda: watch(cast, patient, **again))
    watch(cast, cast.other, **again)


@pytest.mark.parametrize("source", ["tap", "typed", "grid", "sheet", ""])
def test_what_is_timed_is_a_timer_or_a_guided_session(cast, patient, source):
    refuses("stopwatch_source_timed", update(watch(cast, patient), source=source))


def test_what_is_timed_is_of_a_known_strand(cast, patient):
    refuses("stopwatch_strand_known", update(watch(cast, patient), strand="yoga"))


def test_a_watch_is_stopped_by_somebody_at_some_time_and_only_then_a_session(cast, patient, session):
    running = watch(cast, patient)
    for half in ({"ended_at": timezone.now()}, {"ended_by": cast.maya}, {"session": session}):
        refuses("stopwatch_ended_at_and_by", update(running, **half))
    update(running, **over(cast), session=session)()
    refuses("", lambda: watch(cast, patient, **over(cast), session=session))


def test_only_exercises_are_on_a_rough_surface(cast, patient):
    running = watch(cast, patient)
    refuses("stopwatch_rough_is_exercises", update(running, rough=True))
    update(running, rough=True, strand="exercises")()


def test_a_ladder_starts_at_its_first_step(cast, patient):
    program = patient.programs.get()
    move = {"patient": patient, "program": program, "by": cast.maya, "entered_as": "patient"}
    refuses("ladder_step_from_1", lambda: LadderMove.objects.create(step=0, **move))
    LadderMove.objects.create(step=1, **move)


def test_a_template_has_a_name_of_its_own_among_its_owners(cast):
    kept = {"name": "First weeks", "plan": {"items": []}}
    ProgramTemplate.objects.create(owner=cast.lee, **kept)
    refuses("template_name_once_per_owner", lambda: ProgramTemplate.objects.create(owner=cast.lee, **kept))
    ProgramTemplate.objects.create(owner=cast.kim, **kept)


def test_a_question_is_answered_by_somebody_at_some_time(cast, patient):
    question = Question.objects.create(
        patient=patient, day=patient.today(), text="?", author=cast.maya, entered_as="patient"
    )
    refuses("question_answered_whole", update(question, answered_at=timezone.now()))
    refuses("question_answered_whole", update(question, answered_by=cast.lee))


@pytest.mark.parametrize(
    ("constraint", "model"),
    [
        ("note_id_once_per_patient", Note),
        ("question_id_once_per_patient", Question),
        ("day_off_id_once_per_patient", DayOff),
        ("goal_id_once_per_patient", FunctionGoal),
        ("step_id_once_per_patient", GoalStep),
    ],
)
def test_a_forms_id_is_taken_once_per_patient(cast, patient, constraint, model):
    today, words = patient.today(), {"text": "?", "author": cast.maya, "entered_as": "patient"}
    content = {
        Note: {"day": today, **words},
        Question: {"day": today, **words},
        DayOff: {"first": today, "last": today, "asked_by": cast.maya},
        FunctionGoal: {"text": "?", "set_on": today, "added_by": cast.maya},
        GoalStep: {
            "goal": factories.goal(patient, cast.maya),
            "text": "?",
            "set_on": today,
            "added_by": cast.maya,
        },
    }[model] | {"client_id": uuid.uuid4()}
    model.objects.create(patient=patient, **content)
    refuses(constraint, lambda: model.objects.create(patient=patient, **content))
    model.objects.create(patient=cast.other, **content)


def test_a_goal_and_a_step_are_reached_or_set_aside_and_never_both(cast, patient):
    today = patient.today()
    goal = factories.goal(patient, cast.maya)
    step = factories.step(goal, cast.maya)
    for row, constraint in ((goal, "goal_reached_or_set_aside"), (step, "step_reached_or_set_aside")):
        refuses(constraint, update(row, reached_on=today, set_aside_on=today))
        update(row, reached_on=today)()
        refuses(constraint, update(row, set_aside_on=today))
        update(row, reached_on=None, set_aside_on=today)()


def test_a_week_has_one_plan(cast, patient):
    factories.intention(patient, cast.maya)
    refuses("intention_one_a_week", lambda: factories.intention(patient, cast.maya, "Another"))
    factories.intention(patient, cast.maya, week=patient.today() + timedelta(days=7))
    factories.intention(cast.other, cast.noor, week=patient.intentions.first().week)


def test_a_milestone_is_reached_once(cast, patient):
    factories.milestone(patient, "cardio", 10)
    refuses("milestone_once", lambda: factories.milestone(patient, "cardio", 10))
    refuses("milestone_kind_known", lambda: factories.milestone(patient, "streak", 10))
    refuses("milestone_from_1", lambda: factories.milestone(patient, "cardio", 0))
    factories.milestone(patient, "cardio", 25)
    factories.milestone(patient, "school", 10)
    factories.milestone(cast.other, "cardio", 10)


def test_a_sender_has_one_cheer_a_day(cast, patient):
    day, form = patient.today(), uuid.uuid4()
    factories.cheer(patient, cast.dana, client_id=form)
    refuses("cheer_one_a_day", lambda: factories.cheer(patient, cast.dana, "Another"))
    tomorrow = {"day": day + timedelta(days=1)}
    refuses(
        "cheer_id_once_per_patient", lambda: factories.cheer(patient, cast.dana, client_id=form, **tomorrow)
    )
    factories.cheer(patient, cast.dana, **tomorrow)
    factories.cheer(patient, cast.lee)
    factories.cheer(cast.other, cast.dana, client_id=form)


def test_a_measure_is_of_a_known_kind_and_has_what_fits_it(cast, patient):
    form = uuid.uuid4()
    walk = factories.measure(patient, cast.lee, client_id=form)
    refuses("measure_id_once_per_patient", lambda: factories.measure(patient, cast.lee, client_id=form))
    factories.measure(cast.other, cast.kim, client_id=form)
    refuses("measure_kind_known", update(walk, kind="pulse"))
    refuses("measure_not_below_0", update(walk, value=-1))
    refuses("measure_out_of_is_school", update(walk, out_of=5))
    refuses("measure_own_has_a_name", update(walk, kind="own"))
    for foreign in ({"name": "Mine"}, {"unit": "km"}, {"better": "lower"}):
        refuses("measure_own_has_a_name", update(walk, **foreign))
    update(walk, kind="own", name="Mine", unit="km", better="lower")()
    update(walk, kind="school", name="", unit="", better="", out_of=5)()


def test_a_measure_is_removed_by_somebody_at_some_time(cast, patient):
    walk, now = factories.measure(patient, cast.lee), timezone.now()
    refuses("measure_voided_at_and_by", update(walk, voided_at=now))
    refuses("measure_voided_at_and_by", update(walk, voided_by=cast.lee))
    update(walk, voided_at=now, voided_by=cast.lee)()


def test_a_day_off_is_taken_back_by_somebody_at_some_time(cast, patient):
    off = DayOff.objects.create(
        patient=patient, asked_by=cast.maya, first=patient.today(), last=patient.today()
    )
    refuses("day_off_withdrawn_at_and_by", update(off, withdrawn_at=timezone.now()))
    refuses("day_off_withdrawn_at_and_by", update(off, withdrawn_by=cast.maya))
    update(off, withdrawn_at=timezone.now(), withdrawn_by=cast.maya)()


def invitation(cast, patient, **fields):
    usual = {
        "patient": patient,
        "role": "parent",
        "made_by": cast.lee,
        "code_digest": uuid.uuid4().hex,
        "expires_at": timezone.now() + timedelta(days=14),
    }
    return Invitation.objects.create(**usual | fields)


def test_an_invitation_is_used_or_taken_back(cast, patient):
    now = timezone.now()
    row = invitation(cast, patient, used_at=now, used_by=cast.sam)
    refuses("invitation_used_or_revoked", update(row, revoked_at=now, revoked_by=cast.lee))


def test_an_invitation_is_to_a_known_role_and_a_discipline_is_a_therapists(cast, patient):
    refuses("invitation_role_known", lambda: invitation(cast, patient, role="friend"))
    refuses("invitation_discipline_of_therapists", lambda: invitation(cast, patient, discipline="pt"))
    invitation(cast, patient, role="therapist", discipline="pt")


def test_without_a_record_an_invitation_is_a_therapists(cast):
    for role in ("parent", "patient"):
        refuses("invitation_without_record", lambda role=role: invitation(cast, None, role=role))
    invitation(cast, None, role="therapist")


@pytest.mark.parametrize(
    ("constraint", "at", "by"),
    [
        ("invitation_agreed", "agreed_at", "agreed_by"),
        ("invitation_used", "used_at", "used_by"),
        ("invitation_revoked", "revoked_at", "revoked_by"),
    ],
)
def test_what_happens_to_an_invitation_is_done_by_somebody_at_some_time(cast, patient, constraint, at, by):
    row, now = invitation(cast, patient), timezone.now()
    refuses(constraint, update(row, **{at: now}))
    refuses(constraint, update(row, **{by: cast.sam}))
    update(row, **{at: now, by: cast.sam})()


def test_a_codes_digest_is_one_invitations(cast, patient):
    row = invitation(cast, patient)
    refuses("", lambda: invitation(cast, patient, code_digest=row.code_digest))


def test_one_erasure_stands_and_is_undone_by_somebody_at_some_time(cast, patient):
    row, now = Erasure.objects.create(patient=patient, asked_by=cast.dana), timezone.now()
    refuses("erasure_one_standing", lambda: Erasure.objects.create(patient=patient, asked_by=cast.maya))
    refuses("erasure_undone", update(row, undone_at=now))
    refuses("erasure_undone", update(row, undone_by=cast.lee))
    update(row, undone_at=now, undone_by=cast.lee)()
    Erasure.objects.create(patient=patient, asked_by=cast.maya)


def test_a_record_has_one_tombstone(db):
    stone = {"salt": "s", "digest": "d", "day": timezone.now().date()}
    Tombstone.objects.create(**stone)
    refuses("tombstone_once", lambda: Tombstone.objects.create(**stone))


def look(cast, patient, **fields):
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    usual = {"patient": patient, "user": cast.lee, "seen_as": "therapist", "kind": "days", "hour": hour}
    return AccessRecord.objects.create(**usual | fields)


def test_a_look_is_kept_once_an_hour(cast, patient):
    row = look(cast, patient)
    refuses("look_once_an_hour", lambda: look(cast, patient))
    refuses("look_once_an_hour", lambda: look(cast, patient, seen_as="parent"))
    others = ({"kind": "record"}, {"user": cast.dana}, {"patient": cast.other})
    for fields in (*others, {"hour": row.hour - timedelta(hours=1)}):
        look(cast, **{"patient": patient} | fields)


def test_a_look_is_at_a_known_kind_of_page(cast, patient):
    refuses("look_kind_known", lambda: look(cast, patient, kind="secrets"))


def test_row_20_traces_can_only_be_added(cast, patient):
    """Who looked, who broke the glass, who agreed, what was changed, each step on the ladder, each milestone:
    no door edits or deletes them."""
    now = timezone.now()
    kept = [
        look(cast, patient),
        BreakGlass.objects.create(patient=patient, user=cast.sam, reason="because", until=now),
        Consent.objects.create(patient=patient, user=cast.maya, role="patient", wording="2026-11"),
        Change.objects.create(patient=patient, subject="session", subject_id=1, what="corrected"),
        LadderMove.objects.create(
            patient=patient, program=patient.programs.get(), step=2, by=cast.maya, entered_as="patient"
        ),
        factories.milestone(patient),
        Tombstone.objects.create(salt="s", digest="d", day=now.date()),
    ]
    assert {type(row) for row in kept} == set(AppendOnly.__subclasses__())
    for row in kept:
        rows = type(row).objects.filter(pk=row.pk)
        before = rows.values().get()
        name = "salt" if isinstance(row, Tombstone) else "patient"
        setattr(row, name, "other" if name == "salt" else cast.other)
        for write in (
            row.save,
            row.delete,
            rows.delete,
            partial(rows.update, **{name: getattr(row, name)}),
            partial(type(row).objects.bulk_update, [row], [name]),
            partial(
                type(row).objects.bulk_create,
                [row],
                update_conflicts=True,
                update_fields=[name],
                unique_fields=["pk"],
            ),
        ):
            with pytest.raises(PermissionDenied), transaction.atomic():
                write()
        assert rows.values().get() == before


def test_changes_can_only_be_added(cast, patient):
    change = Change.objects.create(patient=patient, subject="session", subject_id=1, what="corrected")
    for write in (
        change.save,
        change.delete,
        Change.objects.all().delete,
        lambda: Change.objects.update(what="nothing"),
        lambda: patient.changes.update(what="nothing"),
    ):
        with pytest.raises(PermissionDenied):
            write()
    change.refresh_from_db()
    assert change.what == "corrected"


def test_every_constraint_has_a_test_here():
    """A new constraint without a test turns this red."""
    from pathlib import Path

    from django.apps import apps

    named = {
        c.name for model in apps.get_app_config("exercises").get_models() for c in model._meta.constraints
    }
    text = Path(__file__).read_text()
    assert {name for name in named if f'"{name}"' not in text} == set()


def test_people_who_entered_something_cannot_be_deleted(cast, session):
    for row in (cast.maya, session.daily_log, session.patient):
        with pytest.raises(Exception, match="protected"):
            row.delete()
    assert TherapySession.objects.filter(client_id=uuid.UUID(str(session.client_id))).exists()


def test_a_device_has_a_code_of_its_own(db):
    device = Device.objects.create(code=uuid.uuid4(), shared=True)
    refuses("", lambda: Device.objects.create(code=device.code))


def test_a_person_has_one_tile_on_a_device(cast):
    device = Device.objects.create(code=uuid.uuid4(), shared=True)
    tile = {"device": device, "user": cast.maya, "pin": "hashed"}
    DevicePerson.objects.create(**tile)
    refuses("device_person_once", lambda: DevicePerson.objects.create(**tile))
    DevicePerson.objects.create(**tile | {"user": cast.dana})


def test_a_sign_in_card_has_a_code_of_its_own_and_was_used_or_taken_back(cast, patient):
    now = timezone.now()
    fields = {
        "patient": patient,
        "user": cast.maya,
        "made_by": cast.lee,
        "code_digest": "x",
        "expires_at": now,
    }
    card = SignInCard.objects.create(**fields)
    refuses("", lambda: SignInCard.objects.create(**fields))
    refuses("signincard_used_or_revoked", update(card, used_at=now, revoked_at=now))
    update(card, used_at=now)()
    update(card, used_at=None, revoked_at=now)()


def test_a_person_agrees_once_to_a_wording_in_a_role(cast, patient):
    agreed = {"patient": patient, "user": cast.dana, "role": "parent", "wording": "2026-11"}
    Consent.objects.create(**agreed)
    refuses("consent_once", lambda: Consent.objects.create(**agreed))
    for other in ({"role": "patient"}, {"wording": "2027-01"}, {"user": cast.maya}, {"patient": cast.other}):
        Consent.objects.create(**agreed | other)
