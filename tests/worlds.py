"""A record with something in every room, so that a forgotten check has something to leak."""

from datetime import time, timedelta
from types import SimpleNamespace

from django.apps import apps

from exercises.models import DailyLog, DayOff, FunctionGoal, Note, Patient, Question, RoutineSlot, User
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
    item = factories.item(patient.programs.get(), activity, words=f"Words {word}", load=f"Load {word}")
    slot = RoutineSlot.objects.create(patient=patient, name=f"Slot {word}", at=time(7))
    session = factories.session(patient, teen, "exercises", 30, activity=activity, items=(item,))
    factories.session(patient, teen, "stress", None, activity=technique)
    factories.session(patient, teen, "desensitization", 5, slot=slot)
    by_parent = factories.session(patient, parent, "cardio", 15)
    DailyLog.objects.filter(patient=patient, day=today).update(harder=True, friends="yes", school="part")
    written = {"patient": patient, "day": today, "author": teen, "entered_as": "patient"}
    return SimpleNamespace(
        word=word,
        session=session,
        by_parent=by_parent,
        note=Note.objects.create(text=f"Note {word}", **written),
        question=Question.objects.create(text=f"Question {word}", **written),
        goal=FunctionGoal.objects.create(patient=patient, text=f"Goal {word}", set_on=today, added_by=teen),
        private_goal=FunctionGoal.objects.create(
            patient=patient, text=f"Private {word}", set_on=today, added_by=teen, private=True
        ),
        day_off=DayOff.objects.create(
            patient=patient, first=today + timedelta(days=3), last=today + timedelta(days=4), asked_by=teen
        ),
    )


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of this app, to show that a refused request changed none."""
    return {
        model.__name__: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_app_config("exercises").get_models()
        if model is not User
    } | {"User": list(User.objects.order_by("pk").values_list("pk", "username", "theme", "is_active"))}
