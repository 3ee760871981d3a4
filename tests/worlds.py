"""A record with something in every room, so that a forgotten check has something to leak."""

from datetime import time, timedelta
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from exercises.models import (
    AccessRecord,
    BreakGlass,
    Change,
    Consent,
    DailyLog,
    DayOff,
    Erasure,
    Invitation,
    LadderMove,
    Note,
    Notice,
    Patient,
    Program,
    ProgramTemplate,
    Question,
    RoutinePeriod,
    RoutineSlot,
    SignInCard,
    Stopwatch,
    User,
)
from tests import factories

# Told apart by what follows; each stands in one place of one record.
CANARY = "kanarie"


def furnish(patient: Patient, teen: User, parent: User, therapist: User, mark: str) -> SimpleNamespace:
    """Fills a record; every text ends in ``mark``."""
    word = f"{CANARY}-{mark}"
    today = patient.today()
    patient.name = f"Name {word}"
    patient.save(update_fields=["name"])
    activity = factories.activity(f"Own {word}", "exercises", owner=therapist)
    technique = factories.activity(f"Technique {word}", "stress", owner=therapist)
    program = patient.programs.get()
    prescribed = factories.activity(f"Prescribed {word}", "stress", owner=therapist)
    factories.item(program, prescribed, words=f"Slowly {word}")
    item = factories.item(program, activity, words=f"Words {word}", load=f"Load {word}")
    slot = RoutineSlot.objects.create(patient=patient, name=f"Slot {word}", at=time(7))
    session = factories.session(patient, teen, "exercises", 30, activity=activity, items=(item,))
    factories.session(patient, teen, "stress", None, activity=technique)
    factories.session(patient, teen, "desensitization", 5, slot=slot)
    by_parent = factories.session(patient, parent, "cardio", 15)
    DailyLog.objects.filter(patient=patient, day=today).update(harder=True, friends="yes", school="part")
    _leave_traces(patient, teen, parent, therapist, word)
    _work_with(program, teen, therapist, word)
    written = {"patient": patient, "day": today, "author": teen, "entered_as": "patient"}
    back = _what_came_back(patient, teen, parent, therapist, word)
    return SimpleNamespace(
        **vars(back),
        word=word,
        session=session,
        by_parent=by_parent,
        technique=prescribed,
        note=Note.objects.create(text=f"Note {word}", **written),
        question=Question.objects.create(text=f"Question {word}", **written),
        sign_in_card=SignInCard.objects.create(
            patient=patient,
            user=teen,
            made_by=therapist,
            code_digest=f"card {word}",
            expires_at=timezone.now() + timedelta(hours=24),
        ),
        # Of a second parent by the first: it waits for a therapist's word.
        invitation=Invitation.objects.create(
            patient=patient,
            code_digest=f"digest of {mark}",
            role="parent",
            made_by=parent,
            made_as="parent",
            needs_word=True,
            expires_at=timezone.now() + timedelta(days=14),
        ),
        day_off=DayOff.objects.create(
            patient=patient, first=today + timedelta(days=3), last=today + timedelta(days=4), asked_by=teen
        ),
    )


def _leave_traces(patient: Patient, teen: User, parent: User, therapist: User, word: str) -> None:
    """What is left of things that are over: nothing here opens, asks or ends anything now."""
    past = timezone.now() - timedelta(days=2)
    hour = past.replace(minute=0, second=0, microsecond=0)
    by = {"patient": patient, "user": therapist}
    Consent.objects.create(patient=patient, user=teen, role="patient", wording="2026-01", agreed_at=past)
    AccessRecord.objects.create(**by, seen_as="therapist", kind="days", hour=hour)
    BreakGlass.objects.create(**by, reason=f"Reason {word}", at=past, until=past + timedelta(hours=1))
    Erasure.objects.create(
        patient=patient, asked_by=parent, asked_as="parent", asked_at=past, undone_by=teen, undone_at=past
    )
    Notice.objects.create(patient=patient, user=parent, kind="left_team", at=past, read_at=past)
    Change.objects.create(
        patient=patient,
        subject="settings",
        subject_id=patient.pk,
        what="changed",
        by=therapist,
        entered_as="therapist",
        at=past,
        before={"paper": True},
        after={"paper": False},
    )


def _work_with(program: Program, teen: User, therapist: User, word: str) -> None:
    """A ladder that the teen went up, a holiday that is over, a watch that was left without saving; and a
    plan that the therapist keeps."""
    patient, past = program.patient, timezone.now() - timedelta(days=2)
    day = past.date()
    program.ladder = [{"texture": name, "pressure": "light"} for name in ("silk", "velvet", "towel")]
    program.ladder_by_teen = True
    program.save(update_fields=["ladder", "ladder_by_teen"])
    LadderMove.objects.create(patient=patient, program=program, step=2, by=teen, entered_as="patient")
    RoutinePeriod.objects.create(patient=patient, set="holiday", first=day, last=day, set_by=teen)
    Stopwatch.objects.create(
        patient=patient,
        strand="cardio",
        started_by=teen,
        entered_as="patient",
        started_at=past,
        ended_at=past + timedelta(minutes=9),
        ended_by=teen,
    )
    ProgramTemplate.objects.create(owner=therapist, name=f"Template {word}", plan={"items": []})


def _what_came_back(
    patient: Patient, teen: User, parent: User, therapist: User, word: str
) -> SimpleNamespace:
    """Two goals with a step each, a measure, the plan for the week; cheers of yesterday: today's are open."""
    yesterday = {"day": patient.today() - timedelta(days=1)}
    goal = factories.goal(patient, teen, f"Goal {word}", sign=f"Sign {word}")
    hidden = factories.goal(patient, teen, f"Private {word}", sign=f"Private sign {word}", private=True)
    factories.milestone(patient, "cardio", 10, **yesterday)
    factories.milestone(patient, "steps", 10, **yesterday)
    Patient.objects.filter(pk=patient.pk).update(last_cheer_on=yesterday["day"])
    return SimpleNamespace(
        goal=goal,
        private_goal=hidden,
        step=factories.step(goal, teen, f"Step {word}"),
        private_step=factories.step(hidden, teen, f"Private step {word}"),
        measure=factories.measure(patient, therapist, conditions=f"Course {word}"),
        intention=factories.intention(patient, teen, f"Intention {word}"),
        cheer=factories.cheer(patient, parent, f"Parents cheer {word}", **yesterday),
        cheer_of_therapist=factories.cheer(
            patient, therapist, f"Therapists cheer {word}", entered_as="therapist", **yesterday
        ),
    )


def table(model: type[Model], *columns: str) -> list[tuple[object, ...]]:
    """As the database has it, past Django: this is asked thousands of times."""
    quote = connection.ops.quote_name
    wanted = ", ".join(map(quote, columns)) or "*"
    with connection.cursor() as cursor:
        name, key = quote(model._meta.db_table), quote(model._meta.pk.attname)
        cursor.execute(f"SELECT {wanted} FROM {name} ORDER BY {key}")
        return list(cursor.fetchall())


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of this app, to show that a refused request changed none; who looked is told apart."""
    return {
        model.__name__: table(model)
        for model in apps.get_app_config("exercises").get_models()
        if model not in (User, AccessRecord)
    } | {"User": table(User, "id", "username", "theme", "is_active")}
