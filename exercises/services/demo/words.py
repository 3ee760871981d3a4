"""What people of the demo wrote: notes, questions, and the days off they asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from exercises.models import DayOff, Note, Patient, Question, User
from exercises.models.choices import DayOffAnswer, DayOffReason, Discipline, Role

MAYA_NOTES = (
    (79, "The squats felt weird, so I did them in the kitchen where nobody looks."),
    (58, "Did my walk with the dog. He is the slow one now."),
    (30, "First week back after being ill. Started small like we said."),
    (9, "Wore both shoes all day at school!"),
    (1, "Did the stairs at school without the elevator."),
)
# Days ago, who asks, the question, answered days ago (or None).
MAYA_QUESTIONS = (
    (60, "maya", "Does dancing count as cardio?", 57),
    (34, "dana", "She wants to go to swim practice again. Is that on top of the program?", 29),
    (3, "maya", "Can I do two desensitizations in one go on choir days?", None),
    (2, "dana", "May she go on the class trip for three days?", None),
)
MAYA_ILL_AGO = (41, 35)


@dataclass(frozen=True, slots=True)
class Writing:
    """Whose words, in whose record, on which today. ``since`` is the first day of the record."""

    patient: Patient
    users: Mapping[str, User]
    therapist: User
    today: date
    since: date
    now: datetime

    def day(self, ago: int) -> date | None:
        """The day so many days ago, if the record reaches back to it."""
        day = self.today - timedelta(days=ago)
        return day if day >= self.since else None

    def since_then(self, ago: int) -> date:
        """The day so many days ago, or the first one of the record."""
        return max(self.today - timedelta(days=ago), self.since)

    def workday(self, ago: int) -> date:
        """That day, or the Friday before where it is on a weekend; never before the first day."""
        day = self.today - timedelta(days=ago)
        return max(day - timedelta(days=max(day.weekday() - 4, 0)), self.since)

    def at(self, ago: int) -> datetime:
        return self.now - timedelta(days=ago)


def of_maya(w: Writing) -> None:
    maya = w.users["maya"]
    Note.objects.bulk_create(
        Note(
            patient=w.patient,
            day=day,
            text=text,
            author=maya,
            entered_as=Role.PATIENT,
            written_at=w.at(ago),
        )
        for ago, text in MAYA_NOTES
        if (day := w.day(ago))
    )
    for ago, who, text, answered in MAYA_QUESTIONS:
        if w.day(ago):
            ask(w, w.users[who], Role.PATIENT if who == "maya" else Role.PARENT, text, ago, answered)
    first, last = MAYA_ILL_AGO
    if w.day(first):
        day_off(w, w.users["dana"], first, last, DayOffReason.ILL, granted=True)


def ask(w: Writing, by: User, entered_as: str, text: str, ago: int, answered: int | None = None) -> None:
    """A parent's may be said with the family in the room, a teen's is for the therapist."""
    Question.objects.create(
        patient=w.patient,
        day=w.today - timedelta(days=ago),
        text=text,
        to=Discipline.PHYSICAL,
        author=by,
        entered_as=entered_as,
        written_at=w.at(ago),
        may_be_said=entered_as == Role.PARENT,
        answered_at=w.at(answered) if answered else None,
        answered_by=w.therapist if answered else None,
    )


def day_off(w: Writing, by: User, first_ago: int, last_ago: int, reason: str, *, granted: bool) -> None:
    """Days off from ``first_ago`` to ``last_ago`` days ago; below zero they lie ahead."""
    asked = w.at(max(first_ago, 1))
    answer = {
        "answer": DayOffAnswer.GRANTED,
        "answered_by": w.therapist,
        "answered_at": asked + timedelta(hours=3),
    }
    DayOff.objects.create(
        patient=w.patient,
        first=w.today - timedelta(days=first_ago),
        last=w.today - timedelta(days=last_ago),
        reason=reason,
        asked_by=by,
        asked_at=asked,
        **(answer if granted else {}),
    )
