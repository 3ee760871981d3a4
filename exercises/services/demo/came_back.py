"""What came back for people of the demo: goals with their steps, measures, cheers and plans for a week."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from random import Random

from django.conf import settings

from exercises import cheers
from exercises.days import week_of
from exercises.models import Cheer, FunctionGoal, FunctionMeasure, GoalStep, Intention, User
from exercises.models.choices import Better, MeasureKind, Role, Side

from .words import Writing

# Days ago of something that was set, and on which it was reached (or ``None``); its words.
Steps = tuple[tuple[int, int | None, str], ...]
# Days ago: set on, reached on (or None), the teen's words, what would show it, private, the steps.
Goals = tuple[tuple[int, int | None, str, str, bool, Steps], ...]
MAYA_GOALS: Goals = (
    (88, 36, "Walk to school with Ines instead of being driven", "", False, ()),
    (
        88,
        9,
        "Sing in the choir again",
        "I stay for the whole rehearsal",
        False,
        (
            (88, 58, "Go and listen to one rehearsal"),
            (58, 31, "Sing along until the break"),
            (31, 17, "Stand for the warm-up"),
        ),
    ),
    (
        45,
        None,
        "Walk the dog around the lake",
        "All the way round, without sitting down",
        False,
        (
            (45, 15, "Walk to the boat house and back"),
            (15, None, "Walk to the bridge and back"),
            (15, None, "Go round with Mom, with one stop"),
        ),
    ),
    (
        33,
        None,
        "Sleep over at Ines's house",
        "",
        True,
        ((33, None, "Tell Ines's mom about my exercises"),),
    ),
)
LEO_GOALS: Goals = (
    (
        4,
        None,
        "Ride my bike to the park",
        "I hold on with both hands",
        False,
        ((4, 1, "Sit on the bike and hold both grips"), (4, None, "Ride to the corner and back")),
    ),
)
# Days ago of each visit, and what was measured at it, in the order of the visits.
MAYA_VISITS = (88, 47, 6)
MAYA_MEASURES: tuple[tuple[str, str, str, tuple[int, int, int]], ...] = (
    (MeasureKind.WALK, "", "30 m course", (520, 560, 610)),
    (MeasureKind.SIT_TO_STAND, "", "chair 43 cm", (9, 12, 15)),
    (MeasureKind.FDI, "", "", (31, 24, 14)),
    (MeasureKind.SINGLE_LEG, Side.LEFT, "eyes open, no shoes", (6, 14, 27)),
)
# Who sent it, as whom, days ago, which of the good lines.
MAYA_CHEERS = (
    ("dana", Role.PARENT, 6, "p2"),
    ("lee", Role.THERAPIST, 6, "t7"),
    ("dana", Role.PARENT, 3, "p13"),
    ("lee", Role.THERAPIST, 1, "t1"),
    ("dana", Role.PARENT, 0, "p3"),
)
# Weeks ago, the plan.
MAYA_PLANS = ((1, "Stay at choir until the end."), (0, "Walk to school with Ines on two days."))
# Weeks between the two times at which everybody else was measured.
APART = 28


def of_maya(w: Writing) -> None:
    _goals(w, w.users["maya"], MAYA_GOALS)
    FunctionMeasure.objects.bulk_create(_measures_of_maya(w))
    _cheers(w)
    Intention.objects.bulk_create(_plans(w, w.users["maya"]))


def of_leo(w: Writing) -> None:
    """A younger child: dana sets the goal with him; so far there was one visit."""
    _goals(w, w.users["dana"], LEO_GOALS)
    own = {"name": "Buttons in one minute", "unit": "buttons", "better": Better.HIGHER}
    if w.day(3):
        _measure(w, MeasureKind.OWN, 5, 3, conditions="right hand", **own).save()


def of_others(w: Writing, days: int, rng: Random) -> None:
    """Two measures of the first week; the same again four weeks later, a little better."""
    first = max(days - 2, 0)
    fdi, stands = rng.randint(20, 38), rng.randint(8, 13)
    rows = [_measure(w, MeasureKind.FDI, fdi, first), _measure(w, MeasureKind.SIT_TO_STAND, stands, first)]
    if first >= APART:
        fdi, stands = fdi - rng.randint(2, 14), stands + rng.randint(0, 5)
        rows.append(_measure(w, MeasureKind.FDI, fdi, first - APART))
        rows.append(_measure(w, MeasureKind.SIT_TO_STAND, stands, first - APART))
    FunctionMeasure.objects.bulk_create(rows)


def _goals(w: Writing, by: User, wanted: Goals) -> None:
    """In a short record everything was set on its first day, and what lies before that was not reached."""
    for ago, reached, text, sign, private, steps in wanted:
        goal = FunctionGoal.objects.create(
            patient=w.patient,
            text=text,
            sign=sign,
            set_on=w.since_then(ago),
            reached_on=w.day(reached) if reached else None,
            private=private,
            added_by=by,
            created_at=w.at(ago),
        )
        GoalStep.objects.bulk_create(
            GoalStep(
                patient=w.patient,
                goal=goal,
                text=step,
                set_on=w.since_then(set_ago),
                reached_on=w.day(done) if done else None,
                added_by=by,
                created_at=w.at(set_ago),
            )
            for set_ago, done, step in steps
        )


def _measures_of_maya(w: Writing) -> Iterator[FunctionMeasure]:
    for visit, ago in enumerate(MAYA_VISITS):
        if w.day(ago):
            for kind, side, conditions, values in MAYA_MEASURES:
                yield _measure(w, kind, values[visit], ago, side=side, conditions=conditions)


def _measure(w: Writing, kind: str, value: int, ago: int, **more: str) -> FunctionMeasure:
    return FunctionMeasure(
        patient=w.patient,
        kind=kind,
        value=value,
        taken_on=w.workday(ago),
        added_by=w.therapist,
        entered_as=Role.THERAPIST,
        added_at=w.at(ago),
        **more,
    )


def _cheers(w: Writing) -> None:
    lines = cheers.OF_PARENTS | cheers.OF_THERAPISTS
    Cheer.objects.bulk_create(
        Cheer(
            patient=w.patient,
            by=w.users[who],
            entered_as=role,
            day=day,
            text=str(lines[line]),
            sent_at=w.at(ago),
        )
        for who, role, ago, line in MAYA_CHEERS
        if (day := w.day(ago))
    )
    w.patient.last_cheer_on = w.today
    w.patient.save(update_fields=["last_cheer_on"])


def _plans(w: Writing, teen: User) -> Iterable[Intention]:
    """Written on the last day of the week before."""
    for ago, text in MAYA_PLANS:
        week = week_of(w.today - timedelta(weeks=ago), settings.WEEK_STARTS_ON)[0]
        if week > w.since:
            written = w.at((w.today - week).days + 1)
            yield Intention(
                patient=w.patient,
                week=week,
                text=text,
                author=teen,
                entered_as=Role.PATIENT,
                written_at=written,
            )
