"""One day: what was done, against what, and its marks."""

from dataclasses import dataclass
from datetime import date, timedelta

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.adherence import DayFacts, StrandDay
from exercises.models import DailyLog, Program
from exercises.models.choices import Source

from . import check_in, log, sessions, words
from .check_in import Question
from .sessions import Deed, JustSaved, SessionRow
from .words import WordsRow


@dataclass(frozen=True, slots=True)
class DayPage:
    """One day, cut for the viewer. ``harder`` is ``None`` for a viewer who sees no harder days; ``questions``
    is empty for one who may not answer them. ``next`` is ``None`` on today and after."""

    day: date
    ahead: bool
    status: str
    strands: tuple[StrandDay, ...]
    judged: bool
    program: Program | None
    entries: tuple[SessionRow, ...]
    life: dict[str, str]
    questions: tuple[Question, ...]
    harder: bool | None
    may_mark_harder: bool
    notes: tuple[WordsRow, ...]
    may_note: bool
    previous: date | None
    next: date | None
    may_add: bool
    just_saved: JustSaved | None


def day_page(viewer: Viewer, day: date, *, deed: Deed | None = None) -> DayPage:
    """``deed`` is what a form just did."""
    patient, today = viewer.patient, viewer.patient.today()
    row = DailyLog.objects.filter(patient=patient, day=day).first()
    program = adherence.in_force(log.programs(patient), day)
    facts = DayFacts(
        day,
        program.targets if program else None,
        row.work if row else adherence.NO_WORK,
        day in log.days_off(patient, day, day),
    )
    entries = tuple(sessions.entries(viewer, row, program, today=today))
    open_to_marks = today - timedelta(days=adherence.CORRECTION_DAYS) <= day <= today
    return DayPage(
        day=day,
        ahead=day > today,
        status=adherence.status(facts, today=today),
        strands=adherence.strand_days(facts),
        judged=bool(adherence.judged_strands(facts.targets)),
        program=program,
        entries=entries,
        life=check_in.answers(viewer, row),
        questions=check_in.questions(viewer, row) if open_to_marks else (),
        harder=bool(row and row.harder) if viewer.may(access.SEE_HARDER) else None,
        may_mark_harder=viewer.may(access.MARK_DAY) and 0 <= (today - day).days <= adherence.HARDER_DAYS,
        notes=tuple(words.notes_on(viewer, day)),
        may_note=viewer.may(access.WRITE_NOTE) and open_to_marks,
        previous=day - days.ONE_DAY if day > days.FIRST_DAY else None,
        next=day + days.ONE_DAY if day < today else None,
        may_add=_may_add(viewer, day, today),
        just_saved=sessions.just_saved(viewer, entries, deed, today=today),
    )


def _may_add(viewer: Viewer, day: date, today: date) -> bool:
    """Whether the form page would take a session of this day."""
    oldest = adherence.oldest_day(today, source=Source.TYPED, paper=viewer.patient.paper)
    in_time = day >= oldest or viewer.may(access.LOG_ANY_DAY)
    return viewer.may(access.LOG) and day <= today and in_time
