"""Whatever reaches a patient is exported, erased, and seen on a page; or a line here says why not.

Every model of every app is walked by its foreign keys. A new one, or a new field, fails here until it has its
place.
"""

import ast
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from exercises import access
from exercises.exports.record import record_file
from exercises.models import (
    AccessRecord,
    BreakGlass,
    CareTeamMember,
    Change,
    Cheer,
    Consent,
    DailyLog,
    DayOff,
    Erasure,
    FunctionGoal,
    FunctionMeasure,
    GoalStep,
    Intention,
    Invitation,
    LadderMove,
    Milestone,
    Note,
    Notice,
    Patient,
    Program,
    ProgramItem,
    Question,
    RoutinePeriod,
    RoutineSlot,
    SessionItem,
    SignInCard,
    Stopwatch,
    TherapySession,
)
from exercises.queries.record_table import SECTIONS, SUBJECTS
from exercises.services.erasure import ORDER
from tests import factories
from tests.pages import PAGES, SIGNED_IN
from tests.worlds import furnish

SERVICES = Path(__file__).resolve().parent.parent / "exercises" / "services"
NOT_IN_A_COPY = {
    Notice: "news for one person: what happened stands in team, changes, looks and erasures",
    Stopwatch: "what it became is a session; nobody did anything in one that was left without saving",
}
FIELDS_NOT_IN_A_COPY = {
    "id": "a key of this database; the file has names of its own",
    "patient": "the whole file is about one",
    "program": "an item stands inside its program",
    "session": "an item stands inside its session",
    "digest": "made of the session's content, anew where a copy is taken in",
    "code_digest": "half of a code that opens something",
    "last_cheer_on": "the day of the newest cheer, set anew where a copy is taken in",
}
# Fields whose name above means something else in one model.
IN_A_COPY_ALL_THE_SAME = {(DailyLog, "program"), (LadderMove, "program")}
# On which page a row is seen, by URL name.
SEEN_ON = {
    AccessRecord: "looked",
    BreakGlass: "looked",
    CareTeamMember: "team",
    Cheer: "cheers",
    Consent: "team",
    DailyLog: "history",
    DayOff: "days-off",
    Erasure: "erase",
    FunctionGoal: "goals",
    FunctionMeasure: "measures",
    GoalStep: "goals",
    Intention: "week",
    Invitation: "invitations",
    LadderMove: "ladder",
    Milestone: "week",
    Note: "words",
    Notice: "news",
    Patient: "patient",
    Program: "program",
    ProgramItem: "program",
    Question: "words",
    RoutinePeriod: "routine",
    RoutineSlot: "patient-today",
    SessionItem: "day",
    SignInCard: "sign-in-cards",
    Stopwatch: "patient-today",
    TherapySession: "day",
}
SEEN_NOWHERE = {Change: "kept for the copy of the record and for the clinic's own inquiries"}
# What a change may be about that a copy names by nothing but the kind.
ABOUT_NOTHING_IN_THE_FILE = {"settings", "record", "team", "erasure", "glass"}
PARENT_SEES = {
    "record": {
        "code", "name", "zone", "day_start", "body_areas", "kept_by", "self_managed", "opened_as", "told_at",
        "created_at", "last_logged_on", "self_managed_asked_by", "self_managed_asked_at", "locked_at",
        "erase_at", "parents_from",
    },
    "team": {
        "user", "role", "discipline", "since", "until", "ended_by", "end_reason", "covers", "consented_to",
        "by_parent",
    },
    "consents": {"user", "role", "wording", "agreed_at"},
    "invitations": {
        "role", "discipline", "made_by", "made_as", "made_at", "expires_at", "needs_word", "agreed_by",
        "agreed_at", "used_by", "used_at", "revoked_by", "revoked_at",
    },
    "programs": {
        "version", "starts_on", "kind", "cardio", "exercises", "exercises_by", "desensitization",
        "areas_rule", "touch_areas", "desensitization_minutes", "stress", "usual_cardio", "usual_exercises",
        "usual_desensitization", "week_cardio", "week_exercises", "week_desensitization",
        "week_stress", "ladder", "ladder_starts_at", "ladder_by_teen", "flare_plan", "created_by",
        "created_at", "replaced_at", "items",
    },
    "programs.items": {
        "ref", "activity", "order", "sets", "reps", "hold_seconds", "minutes", "side", "load", "body_area",
        "words",
    },
    "ladder_moves": {"program", "step"},
    "slots": {"ref", "set", "name", "weekdays"},
    "routine_periods": {"set", "first", "last", "set_by"},
    "days_off": {"id", "first", "last", "reason", "asked_by", "answer", "withdrawn"},
    "days": {
        "day", "program", "cardio", "exercises", "exercise_minutes", "desensitization",
        "desensitization_short", "stress", "sessions", "school", "activities", "home",
    },
    "sessions": {
        "id", "day", "strand", "minutes", "activity", "body_areas", "texture", "together_with", "items",
    },
    "sessions.items": {"activity", "program_item", "sets", "reps", "hold_seconds"},
    "questions": {
        "id", "day", "text", "to", "author", "entered_as", "written_at", "answered_by", "answered_at",
        "may_be_said",
    },
    "goals": {"id", "text", "sign", "set_on", "reached_on", "set_aside_on"},
    "goal_steps": {"id", "goal", "text", "set_on", "reached_on", "set_aside_on"},
    "measures": {
        "id", "kind", "name", "unit", "better", "value", "out_of", "side", "conditions", "taken_on",
    },
    "milestones": {"kind", "number", "day"},
    "cheers": {"id", "day", "text", "by", "entered_as", "sent_at"},
    "looks": {"user", "seen_as", "kind", "day"},
    "broken_glass": {"user", "reason", "day"},
    "erasures": {"asked_by", "asked_as", "asked_at", "due_at", "undone_by", "undone_at"},
    "activities": {
        "ref", "owner", "strand", "category", "name", "how_to", "safety", "sets", "reps", "hold_seconds",
        "minutes", "goal_sets", "goal_reps", "goal_hold_seconds", "goal_minutes", "per_side", "texture_level",
        "order", "search", "offered", "video", "easier", "harder", "copy_of",
    },
    "people": {"ref", "role", "name", "discipline"},
}  # fmt: skip


def reaching(models_=None):
    """Every model with a way of foreign keys to a patient, the patient itself among them."""
    everything = list(apps.get_models(include_auto_created=True)) if models_ is None else models_
    found: set[Any] = {Patient}
    while more := {
        model
        for model in everything
        if model not in found and any(field.related_model in found for field in ways(model))
    }:
        found |= more
    return found


def ways(model):
    return [field for field in model._meta.get_fields() if field.concrete and field.is_relation]


def left_out(found, sections=SECTIONS):
    """Models, and fields of models, that a whole copy leaves out without a reason."""
    exported = {}
    for section in (*sections, *(section.inner for section in sections if section.inner)):
        exported[section.model] = set(section.fields())
    for model in found - set(NOT_IN_A_COPY):
        names = {field.name for field in model._meta.get_fields() if field.concrete}
        needed = {name for name in names if name not in FIELDS_NOT_IN_A_COPY}
        needed |= {name for of, name in IN_A_COPY_ALL_THE_SAME if of is model}
        if model not in exported:
            yield model.__name__
        yield from (f"{model.__name__}.{name}" for name in needed - exported.get(model, needed))


def not_erased(found, order=ORDER):
    return {model.__name__ for model in found} - {model.__name__ for model in order}


def seen_on_no_page(found):
    return {model.__name__ for model in found - set(SEEN_ON) - set(SEEN_NOWHERE)}


# --- the walks --------------------------------------------------------------------------------------------


def test_the_walk_finds_what_there_is():
    assert {SessionItem, ProgramItem, Notice, Patient} <= reaching()
    assert len(reaching()) == 28


def test_a_whole_copy_has_every_model_and_every_field():
    assert sorted(left_out(reaching())) == []


def test_the_erasure_takes_every_model():
    assert not_erased(reaching()) == set()


def test_what_points_at_a_row_is_erased_before_it():
    order = list(ORDER)
    for model in order:
        for field in ways(model):
            if field.related_model in order and field.related_model is not model:
                assert order.index(model) < order.index(field.related_model), f"{model} after {field}"


def test_every_model_is_seen_on_a_page_of_the_matrix():
    assert seen_on_no_page(reaching()) == set()
    assert set(SEEN_ON.values()) <= {*PAGES, *SIGNED_IN}


def test_the_lists_hold_nothing_that_is_gone():
    assert set(NOT_IN_A_COPY) | set(SEEN_NOWHERE) | set(SEEN_ON) <= reaching()
    names = {field.name for model in reaching() for field in model._meta.get_fields() if field.concrete}
    assert set(FIELDS_NOT_IN_A_COPY) <= names


def test_every_model_has_a_row_in_a_furnished_world(cast):
    """Else the tests that look for leaks, and for what an erasure leaves, look at nothing."""
    furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    for model in reaching():
        rows = model._base_manager.filter(**{ORDER[model]: cast.patient.pk})
        assert rows.exists(), model.__name__


def test_every_section_is_needed_and_there_once():
    names = [section.name for section in SECTIONS]
    assert len(names) == len(set(names))
    assert {right for section in SECTIONS for right in section.columns} <= access.READING


def test_a_parents_copy_has_what_the_list_says_and_no_more(cast):
    own = furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")
    own.question.author = cast.dana
    own.question.save()
    with record_file(factories.viewer(cast.patient, cast.dana)) as file:
        copy = json.loads(file.read())
    found: dict[str, set[str]] = {}
    for name, rows in copy.items():
        for row in [rows] if isinstance(rows, dict) else rows if isinstance(rows, list) else ():
            found.setdefault(name, set()).update(row)
            for inner in row.get("items", ()):
                found.setdefault(f"{name}.items", set()).update(inner)
    assert found == PARENT_SEES


def test_every_kind_of_change_has_a_name_in_the_file_or_needs_none():
    """``subject=…`` of every call, and what a ``SUBJECTS`` chooses from, read off the services."""
    nodes = [node for path in SERVICES.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    given = [
        keyword.value
        for node in nodes
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "subject"
    ]
    chosen = [
        value
        for node in nodes
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "SUBJECTS"
        for value in getattr(node.value, "values", ())
    ]
    literals = {value.value for value in given + chosen if isinstance(value, ast.Constant)}
    assert literals == set(SUBJECTS) | ABOUT_NOTHING_IN_THE_FILE


# --- the walks can fail -----------------------------------------------------------------------------------


@pytest.fixture
def forgotten():
    """The models that reach a patient, with two that nobody thought of."""
    with isolate_apps("exercises"):

        class Left(models.Model):
            patient = models.ForeignKey(Patient, models.PROTECT, related_name="+")

            class Meta:
                app_label = "exercises"

            def __str__(self):
                return "left"

        class LeftInside(models.Model):
            left = models.ForeignKey(Left, models.PROTECT, related_name="+")

            class Meta:
                app_label = "exercises"

            def __str__(self):
                return "left inside"

    return reaching([*apps.get_models(), Left, LeftInside])


def test_a_forgotten_model_is_found(forgotten):
    assert {model.__name__ for model in forgotten - reaching()} == {"Left", "LeftInside"}
    assert set(left_out(forgotten)) == {"Left", "LeftInside"}
    assert not_erased(forgotten) == {"Left", "LeftInside"}
    assert seen_on_no_page(forgotten) == {"Left", "LeftInside"}


def test_a_forgotten_field_is_found():
    sections = [
        SimpleNamespace(
            model=section.model,
            inner=section.inner,
            fields=lambda section=section: [name for name in section.fields() if name != "reached_on"],
        )
        for section in SECTIONS
    ]
    assert sorted(left_out(reaching(), sections)) == ["FunctionGoal.reached_on", "GoalStep.reached_on"]


def test_a_model_that_leaves_the_erasure_is_found():
    order = {model: way for model, way in ORDER.items() if model is not Note}
    assert not_erased(reaching(), order) == {"Note"}
