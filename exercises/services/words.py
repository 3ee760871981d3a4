"""Notes and questions. What was written is never changed; a question is closed once it was talked about."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from exercises.access import Viewer
from exercises.models import Note, Question

from . import totals
from .once import keep_once


def write_note(*, viewer: Viewer, day: date, text: str, to: str = "", form_id: UUID | None = None) -> Note:
    """``to`` is a discipline, or "" for the whole care team; ``form_id`` as in ``keep_once``."""
    note = Note(day=day, text=text, to=to, **_writer(viewer))
    return keep_once(note, form_id, day.isoformat(), text, to)


def ask_question(
    *, viewer: Viewer, text: str, to: str = "", may_be_said: bool = False, form_id: UUID | None = None
) -> Question:
    """Asked today; ``to`` and ``form_id`` as in ``write_note``; ``may_be_said`` when the family sits
    together."""
    day = viewer.patient.today()
    question = Question(day=day, text=text, to=to, may_be_said=may_be_said, **_writer(viewer))
    return keep_once(question, form_id, text, to, may_be_said)


def say_question(*, viewer: Viewer, question: Question, may_be_said: bool) -> None:
    """Its author says anew whether it may be read out. Once it was talked about, nothing changes."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        Question.objects.filter(pk=question.pk, answered_at=None).update(may_be_said=may_be_said)


def _writer(viewer: Viewer) -> dict[str, Any]:
    return {"patient": viewer.patient, "author": viewer.user, "entered_as": viewer.entered_as}


def answer_question(*, viewer: Viewer, question: Question) -> None:
    """Marks it as talked about. The first one who says so stays."""
    with transaction.atomic():
        Question.objects.filter(pk=question.pk, answered_at=None).update(
            answered_at=timezone.now(), answered_by=viewer.user
        )
