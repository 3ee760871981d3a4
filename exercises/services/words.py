"""Notes and questions. What was written is never changed; a question is closed once it was talked about."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from exercises.access import Viewer
from exercises.models import Note, Question
from exercises.models.log import Written


def write_note(*, viewer: Viewer, day: date, text: str, to: str = "") -> Note:
    """``to`` is a discipline, or "" for the whole care team."""
    note = Note(day=day, text=text, to=to)
    _keep(viewer, note)
    return note


def ask_question(*, viewer: Viewer, text: str, to: str = "") -> Question:
    """Asked today; ``to`` as in ``write_note``."""
    question = Question(day=viewer.patient.today(), text=text, to=to)
    _keep(viewer, question)
    return question


def _keep(viewer: Viewer, words: Written) -> None:
    words.patient, words.author, words.entered_as = viewer.patient, viewer.user, viewer.entered_as
    words.full_clean()
    words.save(force_insert=True)


def answer_question(*, viewer: Viewer, question: Question) -> None:
    """Marks it as talked about. The first one who says so stays."""
    with transaction.atomic():
        Question.objects.filter(pk=question.pk, answered_at=None).update(
            answered_at=timezone.now(), answered_by=viewer.user
        )
