"""Notes and questions, cut for who reads them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises import access
from exercises.access import Viewer
from exercises.models import CareTeamMember, Note, Patient, Question
from exercises.models.choices import Discipline, Role
from exercises.models.log import Written

Words = TypeVar("Words", bound=Written)
WHOLE_TEAM = _("the whole care team")


@dataclass(frozen=True, slots=True)
class WordsRow:
    """A note or a question as somebody wrote it. ``by`` is "you", or the role under which it was written.
    ``may_be_said`` is a question's: whether it may be read out when the family sits together;
    ``may_change``: that is the viewer's to say anew."""

    id: int
    day: date
    text: str
    to: str
    by: str
    answered: bool = False
    may_be_said: bool | None = None
    may_change: bool = False


def notes_on(viewer: Viewer, day: date) -> list[WordsRow]:
    return notes_between(viewer, day, day)


def notes_between(viewer: Viewer, first: date, last: date) -> list[WordsRow]:
    """Newest first. A parent of a teen gets none, without a query."""
    if not viewer.may(access.SEE_WORDS):
        return []
    notes = Note.objects.filter(day__range=(first, last))
    return [_row(viewer, note) for note in readable(viewer, notes)]


def questions(viewer: Viewer, *, open_only: bool = False) -> list[WordsRow]:
    """Open ones first, then the newest."""
    asked = Question.objects.filter(answered_at=None) if open_only else Question.objects.all()
    rows = [_row(viewer, question) for question in readable(viewer, asked)]
    return sorted(rows, key=lambda row: row.answered)


def question(viewer: Viewer, pk: int) -> Question | None:
    """One that the viewer may read; ids of others are unknown here."""
    return readable(viewer, Question.objects.filter(pk=pk)).first()


def own_question(viewer: Viewer, pk: int) -> Question | None:
    """One that the viewer wrote and may read here."""
    return readable(viewer, Question.objects.filter(pk=pk, author=viewer.user)).first()


def addressees(patient: Patient) -> list[tuple[str, Any]]:
    """To whom something may be written: the whole team, or a discipline that is on it now."""
    on_team = set(
        CareTeamMember.objects.active()
        .filter(patient=patient)
        .exclude(discipline="")
        .values_list("discipline", flat=True)
    )
    return [("", WHOLE_TEAM), *((value, name) for value, name in Discipline.choices if value in on_team)]


def readable(viewer: Viewer, words: QuerySet[Words]) -> QuerySet[Words]:
    """One's own; for therapists what is addressed to them, or to nobody who is on the team by now; for
    parents in a younger child's place, all. Through borrowed eyes what the teen wrote and they may read: what
    others wrote stays theirs."""
    words = words.filter(patient=viewer.patient)
    if viewer.may(access.SEE_WORDS) and not (viewer.has_teen or viewer.is_therapist):
        return words
    if viewer.is_closed_here or (viewer.seeing_as and not viewer.may(access.SEE_WORDS)):
        return words.none()
    own = Q(author=viewer.user)
    addressed = Q(to="") | Q(to__in=viewer.disciplines) | ~addressee_on_team()
    if viewer.seeing_as:
        return words.filter(own & addressed)
    return words.filter(own | addressed if viewer.is_therapist else own)


def addressee_on_team() -> Exists:
    """Whether anybody of the discipline that a note or a question is for is on the team now."""
    team = CareTeamMember.objects.active().filter(patient=OuterRef("patient"), discipline=OuterRef("to"))
    return Exists(team.order_by())


def _row(viewer: Viewer, words: Written) -> WordsRow:
    mine = words.author_id == viewer.user.pk and not viewer.seeing_as
    answered = getattr(words, "answered_at", None) is not None
    return WordsRow(
        id=words.pk,
        day=words.day,
        text=words.text,
        to=str(dict(Discipline.choices).get(words.to, WHOLE_TEAM)),
        by=gettext("you") if mine else str(dict(Role.choices)[words.entered_as]),
        answered=answered,
        may_be_said=getattr(words, "may_be_said", None),
        may_change=mine and not answered and viewer.may(access.ASK),
    )
