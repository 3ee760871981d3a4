"""One day: what was done, against what, and its marks."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils import timezone

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.adherence import StrandDay
from exercises.models import DailyLog, Program
from exercises.models.choices import Source

from . import areas, check_in, log, sessions, words
from .areas import AreaDay
from .check_in import Question, Sleep
from .sessions import Deed, JustSaved, SessionRow
from .words import WordsRow


@dataclass(frozen=True, slots=True)
class DayPage:
    """One day, cut for the viewer; ``status`` as ``adherence.drawn``. ``harder`` is ``None`` for a viewer who
    sees no harder days; ``smaller``: it was counted by the smaller numbers of such a day. ``questions`` is
    empty for one who may not answer them; ``asked_off``: it is a day off that waits for an answer. ``next``
    is ``None`` on today and after. ``opens_at``: until this hour the day has only what the viewer entered.
    ``sleep`` is ``None`` where sleep times are not asked for, and for a viewer who may not see them."""

    day: date
    opens_at: time | None
    asked_off: bool
    ahead: bool
    status: str
    strands: tuple[StrandDay, ...]
    areas: tuple[AreaDay, ...]
    judged: bool
    program: Program | None
    entries: tuple[SessionRow, ...]
    life: dict[str, str]
    questions: tuple[Question, ...]
    sleep: Sleep | None
    harder: bool | None
    smaller: bool
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
    found = DailyLog.objects.filter(patient=patient, day=day).first()
    versions, off = log.programs(patient), log.asked_or_granted(patient, day, day)
    program = adherence.in_force(versions, day)
    hidden = viewer.hides(day, timezone.now())
    row = None if hidden else found
    (facts,) = log.facts(versions, [day], {day: (row.work, row.harder)} if row else {}, off)
    entries = tuple(sessions.entries(viewer, found, program, today=today))
    harder = bool(row and row.harder) if viewer.may(access.SEE_HARDER) else None
    open_to_marks = today - timedelta(days=adherence.CORRECTION_DAYS) <= day <= today
    return DayPage(
        day=day,
        opens_at=patient.parents_from if hidden else None,
        asked_off=off.get(day, False),
        ahead=day > today,
        status=adherence.drawn(facts, today=today),
        strands=adherence.strand_days(facts),
        judged=bool(adherence.judged_strands(facts.targets)),
        program=program,
        entries=entries,
        life=check_in.answers(viewer, row),
        questions=check_in.questions(viewer, row) if open_to_marks else (),
        sleep=check_in.sleep(viewer, row),
        areas=() if hidden else areas.on_day(program, facts, entries),
        harder=harder,
        smaller=bool(harder and program and program.is_smaller_when_harder),
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
