"""Every field of every model, added to every POST: what is not a form's own changes nothing.

Each POST is sent twice from the same rows, as the page sends it and with everything added; the rows come out
the same. On SQLite, whose keys start again when a transaction is taken back.
"""

from datetime import UTC, datetime

import pytest
import time_machine
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse

from exercises.models import User
from tests import factories
from tests.conftest import signed_in
from tests.pages import PAGES, url_of
from tests.test_program_edit import typed
from tests.worlds import furnish

pytestmark = pytest.mark.sqlite
NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
TODAY, TOMORROW = "2026-11-20", "2026-11-21"
ID, ID_2 = "7b8ee1a4-0a4c-4f5e-9c39-7a9a7f1dbb01", "7b8ee1a4-0a4c-4f5e-9c39-7a9a7f1dbb02"
LADDER = [{"texture": "silk", "pressure": "light"}, {"texture": "velvet", "pressure": "light"}]
SHARED_WITH_FORM = {
    "sessions": {
        "activity", "items", "body_areas", "slot", "texture", "started_at", "recorded_at", "sent_at",
        "source", "rough",
    },
    "timer": {"activity", "body_areas", "slot", "texture", "rough"},
    "guided": {"rough"},
    "grid": {"source"},
    "session": {"activity", "items", "body_areas", "slot", "texture", "started_at", "day", "strand"},
    "day": {"school", "friends", "activities", "home"},
    "goals": {"private", "sign"},
    "measures": {"conditions"},
    "days-off": {"last"},
    "note-new": {"to"},
    "question-new": {"to", "may_be_said"},
    "program-edit": {
        "stress", "usual_cardio", "usual_exercises", "usual_desensitization", "starts_on", "exercises_by",
        "areas_rule", "touch_areas", "harder_rule", "smaller_cardio", "smaller_exercises",
        "smaller_desensitization", "smaller_stress", "week_cardio", "week_exercises",
        "week_desensitization", "week_stress", "ladder_starts_at", "ladder_by_teen", "flare_plan", "step",
    },
    "patient-settings": {
        "body_areas", "paper", "timer_hidden", "chime", "school_from", "school_until", "sleep_on",
        "plain_look",
    },
    "sessions-two": {
        "activity", "items", "body_areas", "slot", "texture", "started_at", "recorded_at", "sent_at",
        "source", "rough",
    },
    "routine": {"set", "weekdays"},
    "invitations": {"discipline"},
}  # fmt: skip


def posts(cast, world):
    """URL name: who sends it, and what the page itself would send."""
    patient, code = cast.patient, {"id": ID}
    colleague = {"colleague": User.objects.get(username="colleague").pk, "discipline": "pt"}
    return {
        "yesterday-asked": ("maya", {}),
        "sessions": ("maya", code | {"day": TODAY, "strand": "cardio", "minutes": "15"}),
        "grid": ("maya", code | {f"{TODAY}:cardio::1": "15"}),
        "session": ("maya", {"version": "1", "minutes": "20", "day": TODAY, "strand": "exercises"}),
        "timer": ("maya", {"strand": "cardio"}),
        "timer-act": ("maya", {"do": "pause"}),
        "guided": ("maya", {}),
        "guided-act": ("maya", {"do": "set", "step": "0", "sets": "1"}),
        "session-void": ("maya", {"version": "1"}),
        "session-restore": ("maya", {"version": "2"}),
        "day": ("maya", {"harder": "no"}),
        "program": ("lee", {"move": "paused", "version": "1"}),
        "program-answer": ("maya", {"answer": "accept"}),
        "program-flare": ("lee", {"version": "1"}),
        "routine": ("maya", {"do": "add", "name": "Tea time", "at": "16:00"}),
        "ladder": ("maya", {"version": "1", "shown": "2", "to": "down"}),
        "sessions-two": (
            "maya",
            code | {"id_2": ID_2, "day": TODAY, "strand": "desensitization", "minutes": "5"},
        ),
        "program-edit": ("lee", typed(patient)),
        "goals": ("maya", code | {"text": "Walk the dog"}),
        "goal": ("maya", {"reached": "yes"}),
        "goal-steps": ("maya", code | {"text": "To the corner"}),
        "goal-step": ("maya", {"reached": "yes"}),
        "measures": ("lee", code | {"kind": "walk_6_min", "value": "610", "taken_on": TODAY}),
        "measure-void": ("lee", {}),
        "measure-restore": ("lee", {}),
        "days-off": ("maya", code | {"first": "2026-11-27", "reason": "ill"}),
        "day-off-answer": ("lee", {"answer": "granted"}),
        "day-off-withdraw": ("maya", {}),
        "note-new": ("maya", code | {"day": TODAY, "text": "Slept well"}),
        "question-new": ("maya", code | {"text": "May I swim?"}),
        "question-answer": ("lee", {}),
        "question-say": ("maya", {"may_be_said": "yes"}),
        "cheers": ("dana", code | {"text": "Glad you came along."}),
        "cheers-mute": ("maya", {"member": patient.team.get(user=cast.dana).pk, "mute": "yes"}),
        "week-plan": ("maya", {"text": "Eat lunch with Ines"}),
        "today-hour": ("maya", {"do": "ask", "hour": "17:00"}),
        "patient-settings": ("maya", {"zone": "America/Denver", "day_start": "2"}),
        "begin": ("maya", {"told": "yes"}),
        "consent": ("maya", {"agree": "yes"}),
        "team-end": ("dana", {}),
        "team-undo": ("dana", {}),
        "team-vouch": ("maya", {}),
        "team-hand-over": ("lee", colleague),
        "team-cover": ("lee", colleague | {"last_day": TOMORROW}),
        "self-managed": ("maya", {"do": "agree"}),
        "team-preview": ("maya", {"member": patient.team.get(user=cast.dana).pk}),
        "erase": ("dana", {"confirm": patient.name}),
        "erase-undo": ("dana", {}),
        "erase-decide": ("lee", {"answer": "keep"}),
        "export": ("dana", {}),
        "invitations": ("dana", {"role": "therapist"}),
        "invitation-revoke": ("dana", {}),
        "invitation-agree": ("lee", {}),
        "sign-in-cards": ("lee", {"member": patient.team.get(user=cast.maya).pk}),
        "sign-in-card-revoke": ("lee", {}),
        "more": ("dana", {"theme": "dark"}),
        "record-new": ("lee", code | {"name": "New", "zone": "America/Denver", "discipline": "pt"}),
    }


OWN_PAGES = {"more", "record-new"}
SENT = [name for name, (_get, post) in PAGES.items() if post]
# These keep something in the sign-in session, or hand out a file, and write no row of the app.
WRITE_NO_ROW = {
    "yesterday-asked",
    "team-preview",
    "export",
    "team-undo",
    "team-vouch",
    "measure-restore",
    "erase-undo",
    "erase-decide",
}
# Made anew from chance each time.
BY_CHANCE = {"code_digest", "code", "password", "last_login", "client_id", "salt", "digest"}


@pytest.fixture
def world(cast):
    with time_machine.travel(NOON, tick=False):
        colleague = factories.user("colleague", is_clinician=True)
        factories.link(cast.other, colleague, "therapist", discipline="pt")
        factories.link(cast.other, cast.lee, "therapist", discipline="pt")
        cast.patient.team.filter(user=cast.maya).update(consented_to="")
        cast.patient.told_at = None
        cast.patient.save()
        yield furnish(cast.patient, cast.maya, cast.dana, cast.lee, "maya")


def test_every_post_is_tried(cast, world):
    assert set(posts(cast, world)) - OWN_PAGES == set(SENT)


@pytest.mark.parametrize("name", [*SENT, *sorted(OWN_PAGES)])
def test_row_04_what_is_added_to_a_form_changes_nothing(cast, world, name):
    who, own = posts(cast, world)[name]
    if name == "session-restore":
        signed_in(cast.maya).post(url_of(cast, world, "session-void"), {"version": "1"})
    if name == "ladder":
        cast.patient.programs.update(ladder=LADDER, ladder_starts_at=2)
    if name == "program-flare":
        full = cast.patient.programs.get()
        cast.patient.programs.update(kind="keeping_up", week_cardio=3, flare_plan=full)
    if name in ("timer-act", "guided-act"):
        signed_in(cast.maya).post(url_of(cast, world, "guided"))
        own |= {"id": cast.patient.stopwatches.get(ended_at=None).client_id}
    added = {
        key: value
        for key, value in every_field(cast).items()
        if key not in own and key not in SHARED_WITH_FORM.get(name, ())
    }
    assert {"patient", "patient_id", "entered_by", "is_staff", "self_managed", "kept_by"} <= set(added)
    before = rows()
    plain = outcome(cast, world, name, who, own)
    assert rows() == before
    crammed = outcome(cast, world, name, who, added | own)
    assert plain[0] in (200, 201, 302), plain[0]
    assert (plain[1] == before) is (name in WRITE_NO_ROW)
    assert crammed == plain


def outcome(cast, world, name, who, data):
    """The status and all rows after the POST, which is then taken back."""
    with transaction.atomic():
        client = signed_in(getattr(cast, who))
        url = reverse(name) if name in OWN_PAGES else url_of(cast, world, name)
        answer = client.post(url, data)
        after = answer.status_code, rows()
        transaction.set_rollback(True)
    return after


def rows():
    """Every column of every row of the app, but for what chance makes."""
    return {
        model.__name__: list(
            model._base_manager.order_by("pk").values(
                *(f.attname for f in model._meta.concrete_fields if f.attname not in BY_CHANCE)
            )
        )
        for model in apps.get_app_config("exercises").get_models()
    }


def every_field(cast):
    """By name, and by the name of its column, with a value that somebody would like to set."""
    fields = {}
    for model in apps.get_app_config("exercises").get_models():
        for field in model._meta.concrete_fields:
            for key in (field.name, field.attname):
                fields[key] = wanted(cast, field)
    return fields


def wanted(cast, field):
    if isinstance(field, models.ForeignKey):
        return str({"Patient": cast.other.pk, "User": cast.kim.pk}.get(field.related_model.__name__, 1))
    if field.choices:
        return str(list(field.choices)[-1][0])
    for kind, value in (
        (models.BooleanField, "on"),
        (models.DateTimeField, "2020-01-01T00:00:00Z"),
        (models.DateField, "2020-01-01"),
        (models.TimeField, "03:00"),
        (models.UUIDField, str(cast.other.code)),
        (models.JSONField, '["head"]'),
        (models.IntegerField, "99"),
    ):
        if isinstance(field, kind):
            return value
    return "taken over"
