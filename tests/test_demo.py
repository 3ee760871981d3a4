"""The demo is what everybody sees first, so it must keep every rule that real entries keep."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone

from exercises import adherence, days
from exercises.cheers import asks_about_pain
from exercises.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from exercises.models import (
    CareTeamMember,
    DailyLog,
    DayOff,
    FunctionMeasure,
    Patient,
    Program,
    Question,
    TherapySession,
    User,
)
from exercises.queries import log
from exercises.queries.log import program_on
from exercises.services import audit, demo, milestones
from exercises.services.sessions import Bout


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """The demo as `manage.py demo` makes it, once for all tests of this file, and then taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo.fill()
        transaction.set_rollback(True)


@pytest.fixture
def maya(filled, db):
    return Patient.objects.get(name="Maya R.")


def caseload(username):
    return Patient.objects.filter(team__user__username=username, team__role="therapist")


def test_totals_agree_with_the_sessions(filled, db):
    found = audit.check_totals()
    assert found.days == DailyLog.objects.count() > 1000
    assert found.differences == ()


def test_digests_are_those_of_the_first_submission(filled, db):
    sample = TherapySession.objects.filter(version=1, voided_at=None).order_by("digest")[:200]
    for session in sample.select_related("daily_log", "activity", "slot").prefetch_related(
        "items__program_item"
    ):
        bout = Bout(
            day=session.daily_log.day,
            strand=session.strand,
            minutes=session.minutes,
            activity=session.activity,
            items=tuple(item.program_item for item in session.items.all() if item.program_item),
            body_areas=tuple(session.body_areas),
            slot=session.slot,
            started_at=session.started_at,
        )
        assert session.digest == bout.digest()
        session.clean_fields()


def test_every_entry_keeps_the_rules(filled, db):
    now = timezone.now()
    for session in TherapySession.objects.select_related("daily_log", "patient", "activity"):
        day, clock = session.daily_log.day, session.patient.clock_at(session.recorded_at)
        recorded_on = clock.day_of(session.recorded_at)
        oldest = adherence.oldest_day(recorded_on, source=session.source, paper=session.patient.paper)
        assert oldest <= day <= recorded_on
        assert session.recorded_at <= session.received_at <= now
        assert session.added_later is (recorded_on > day)
        assert session.zone == session.patient.zone
        assert session.activity is None or session.activity.strand == session.strand
        assert session.started_at is None or session.started_at < session.recorded_at


def test_a_day_points_at_the_program_in_force(filled, db):
    for row in DailyLog.objects.select_related("patient", "program").order_by("pk")[::25]:
        assert row.program == program_on(row.patient, row.day)


def test_entries_are_by_people_of_the_team_in_their_role(filled, db):
    links = set(CareTeamMember.objects.values_list("patient_id", "user_id", "role"))
    entered = TherapySession.objects.order_by().values_list("patient_id", "entered_by_id", "entered_as")
    assert set(entered) <= links


def test_only_the_three_documented_people_can_sign_in(filled, db):
    assert all(authenticate(username=name, password=DEMO_PASSWORD) for name in DEMO_PEOPLE)
    assert {user.username for user in User.objects.all() if user.has_usable_password()} == set(DEMO_PEOPLE)
    assert {user.username for user in User.objects.filter(is_clinician=True)} == {"lee", "robin"}
    assert not User.objects.filter(is_staff=True).exists()


def test_who_is_whose(filled, db):
    assert caseload("lee").count() == 24
    assert caseload("robin").exclude(pk__in=caseload("lee")).count() == 5
    children = Patient.objects.filter(team__user__username="dana", team__role="parent")
    assert set(children.values_list("name", flat=True)) == {"Maya R.", "Leo"}
    leo = children.get(name="Leo")
    assert not leo.team.filter(role="patient").exists()
    # Early in the morning of the fifth day nothing is done yet.
    assert leo.daily_logs.count() in (4, 5) and leo.body_areas == ["right_hand"]
    assert adherence.judged_strands(leo.programs.get().targets) == ("desensitization",)


def test_the_caseload_has_every_kind_of_patient(filled, db):
    kinds = Counter(kind for p in caseload("lee") for kind in p.programs.values_list("kind", flat=True))
    assert kinds["paused"] and kinds["done"]
    today_of = {p: p.today() for p in caseload("lee").exclude(last_logged_on=None)}
    assert any(today - p.last_logged_on == timedelta(days=6) for p, today in today_of.items())
    assert (
        Question.objects.filter(patient__in=today_of, answered_at=None).values("patient").distinct().count()
        == 2
    )
    assert DayOff.objects.filter(answer="", first__gt=timezone.now()).exists()
    names = " ".join(p.name for p in today_of)
    assert "Featherstonehaugh" in names and "ليلى" in names
    assert len({p.zone for p in today_of}) >= 6
    assert any(p.paper for p in today_of)


def test_maya_had_a_shaky_start_and_does_better_now(maya):
    today = maya.today()
    first, last = (
        adherence.summarise(
            log.days_between(maya, today - timedelta(days=a), today - timedelta(days=b)), today=today
        )
        for a, b in ((90, 63), (28, 1))
    )
    assert all(
        (now.share or 0) > (then.share or 0) for then, now in zip(first.strands, last.strands, strict=True)
    )
    assert last.met > first.met
    assert first.by_status["nothing"] >= 3


def test_mayas_record_has_what_the_pages_show(maya):
    today = maya.today()
    assert [program.starts_on for program in maya.programs.all()] == [
        today - timedelta(days=90),
        today - timedelta(days=49),
    ]
    assert all(item.words for program in maya.programs.all() for item in program.items.all())
    assert Counter(slot.set for slot in maya.slots.all()) == {"school": 5, "weekend": 5}
    latest = maya.programs.last()
    assert (latest.ladder_by_teen, len(latest.ladder), latest.ladder_starts_at) == (True, 5, 2)
    assert [(move.program, move.step) for move in maya.ladder_moves.all()] == [(latest, 3)]
    assert latest.items.filter(activity__strand="stress").count() == 2
    assert all(program.accepted_by.username == "maya" for program in maya.programs.all())
    assert {"tap", "timer", "guided"} <= set(maya.sessions.values_list("source", flat=True))
    off = maya.days_off.get()
    assert (off.answer, off.reason, (off.last - off.first).days) == ("granted", "ill", 6)
    goals = Counter((goal.reached_on is not None, goal.private) for goal in maya.goals.all())
    assert goals == {(True, False): 2, (False, False): 1, (False, True): 1}
    assert maya.notes.count() == 5
    asked = maya.questions.filter(answered_at=None).values_list("entered_as", "may_be_said")
    assert set(asked) == {("patient", False), ("parent", True)}
    assert maya.daily_logs.filter(harder=True).count() >= 5
    assert (
        maya.sessions.filter(added_later=True).exists() and maya.sessions.filter(entered_as="parent").exists()
    )
    assert [change.what for change in maya.changes.order_by("pk")] == ["corrected", "removed"]


def latest_of(name):
    return Program.objects.filter(patient__name=name).order_by("starts_on").last()


def test_the_caseload_has_every_kind_of_program(filled, db):
    keeping = latest_of("Mateo G.")
    assert (keeping.kind, keeping.week.cardio, keeping.flare_plan.kind) == ("keeping_up", 3, "full")
    assert keeping.daily_logs.filter(sessions__gt=0).exists()
    talking = latest_of("Kai L.")
    assert talking.talk_by.username == "kai" and talking.accepted_at is None
    assert Program.objects.filter(talk_at__isnull=False).count() == 1
    assert (latest_of("Jonas W.").kind, latest_of("Ruby A.").kind) == ("paused", "done")
    assert all(latest_of(name).items.exists() for name in ("Jonas W.", "Ruby A.", "Mateo G.", "Leo"))


def test_one_goes_by_the_list(filled, db):
    program = latest_of("Noah B.")
    listed = program.items.filter(activity__strand="exercises").count()
    assert (program.exercises_by, program.exercises) == ("list", listed)
    done = {log.exercises for log in program.daily_logs.all()}
    assert listed in done and done & set(range(1, listed))


def test_one_has_two_areas_with_a_number_each(filled, db):
    program = latest_of("Elif D.")
    assert (program.areas, program.desensitization) == (("left_foot", "right_foot"), 8)
    rows = TherapySession.objects.filter(patient=program.patient, strand="desensitization")
    areas = Counter(area for row in rows for area in row.body_areas)
    assert min(areas[area] for area in program.areas) > 50
    assert program.daily_logs.filter(desensitization=8).exists()


def test_one_has_a_smaller_plan_on_harder_days(filled, db):
    program = latest_of("Sofia C.")
    assert (program.harder_rule, program.smaller_cardio) == ("smaller", 8)
    harder = program.daily_logs.filter(harder=True, day__gte=program.patient.today() - timedelta(days=28))
    assert harder.count() >= 2
    facts_of = log.days_between(
        program.patient, *(harder.order_by(way).first().day for way in ("day", "-day"))
    )
    assert {8, 15} == {facts.targets.cardio for facts in facts_of}


def test_lee_has_an_activity_and_a_template(filled, db):
    lee = User.objects.get(username="lee")
    own = lee.activities.get()
    assert own.copy_of.key == "wall-sit"
    own.full_clean()
    template = lee.program_templates.get()
    assert len(template.plan["items"]) == latest_of("Maya R.").items.count()
    assert "foot" not in str(template.plan)


def test_programs_keep_every_rule(filled, db):
    for program in Program.objects.all():
        program.full_clean()
        for item in program.items.all():
            item.full_clean()


def test_maya_has_a_story_at_one_look(maya):
    """School from one whole day a week to four, measures that went the right way, and choir is back."""
    today = maya.today()
    by_week: Counter[int] = Counter()
    for day in maya.daily_logs.filter(school="all").values_list("day", flat=True):
        by_week[(today - timedelta(days=today.weekday()) - day).days // 7 + 1] += 1
    assert (by_week[11], by_week[10], by_week[2], by_week[1]) == (1, 1, 4, 4)
    taken: dict[str, list[Any]] = {kind: [] for kind in ("walk_6_min", "sit_to_stand", "fdi", "single_leg")}
    for row in maya.measures.order_by("taken_on"):
        row.clean_fields()
        assert row.taken_on.weekday() < 5
        taken[row.kind].append(row.value)
    assert (taken["walk_6_min"], taken["fdi"]) == ([520, 560, 610], [31, 24, 14])
    assert len(taken["sit_to_stand"]) == len(taken["single_leg"]) == 3
    choir, lake = maya.goals.get(text__contains="choir"), maya.goals.get(text__contains="lake")
    assert choir.reached_on and not choir.steps.filter(reached_on=None).exists()
    assert [step.reached_on is not None for step in lake.steps.all()] == [True, False, False]
    assert (lake.reached_on, lake.private, maya.sleep_on) == (None, False, False)
    assert maya.goals.get(private=True).steps.exists()


def test_mayas_goals_and_steps_were_reached_after_they_were_set(maya):
    rows = [*maya.goals.all(), *maya.goal_steps.all()]
    assert len(rows) == 11
    for row in rows:
        assert row.set_on <= (row.reached_on or row.set_on) <= maya.today()
        row.clean_fields()


def test_maya_gets_cheers_and_has_a_plan(maya):
    today = maya.today()
    roles = set(maya.cheers.values_list("by__username", "entered_as"))
    assert roles == {("dana", "parent"), ("lee", "therapist")}
    assert (maya.cheers.first().day, maya.last_cheer_on) == (today, today)
    assert not any(asks_about_pain(cheer.text) for cheer in maya.cheers.all())
    monday = days.week_of(today, settings.WEEK_STARTS_ON)[0]
    assert [plan.week for plan in maya.intentions.all()] == [monday - timedelta(days=7), monday]
    assert {row.entered_as for row in maya.intentions.all()} == {"patient"}


def test_milestones_are_those_of_the_history(maya):
    kept = set(maya.milestones.values_list("kind", "number"))
    assert {("cardio", 50), ("school", 25), ("steps", 1), ("goals", 1)} <= kept
    milestones.rebuild(maya)
    assert set(maya.milestones.values_list("kind", "number")) == kept
    cardio = maya.daily_logs.filter(cardio__gt=0).order_by("day").values_list("day", flat=True)
    assert maya.milestones.get(kind="cardio", number=10).day == cardio[9]


def test_leos_first_days_have_something_to_show(filled, db):
    leo = Patient.objects.get(name="Leo")
    goal = leo.goals.get()
    assert [step.reached_on is not None for step in goal.steps.all()] == [True, False]
    leo.measures.get().full_clean()
    marked = leo.daily_logs.exclude(school="").values_list("day", flat=True)
    assert {(leo.today() - day).days for day in marked} == {4, 2, 1}


def test_everybody_was_measured_and_no_value_lies_ahead(filled, db):
    assert not Patient.objects.filter(measures=None).exists()
    for row in FunctionMeasure.objects.select_related("patient"):
        assert row.taken_on <= row.patient.today()
        row.clean_fields()


def test_mayas_school_days_grow(maya):
    middle = maya.today() - timedelta(days=45)

    def share_of_whole_days(rows):
        answers = Counter(rows.exclude(school__in=("", "no_school")).values_list("school", flat=True))
        return answers["all"] / answers.total()

    early, late = maya.daily_logs.filter(day__lt=middle), maya.daily_logs.filter(day__gt=middle)
    assert share_of_whole_days(late) > share_of_whole_days(early)
