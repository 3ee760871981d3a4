"""A whole record, row by row, for a copy of it: what a viewer may not see is not read, or left out here."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from exercises import access, adherence, days
from exercises.access import Viewer
from exercises.models import Activity, CareTeamMember, FunctionGoal, GoalStep, User
from exercises.models.choices import MilestoneKind

from .log import last_logged
from .looks import not_the_teens
from .record_table import (
    BUILT_IN,
    NATURAL,
    OWN,
    RIGHTS,
    SUBJECTS,
    TOGETHER_VOIDED,
    Section,
    about,
)
from .words import readable

CHUNK = 1000
# Of whatever model a section has: its columns are known to the table only.
Rows = Any


@dataclass(slots=True)
class Row:
    """Values by the key in the file, as the database gives them; ``pk`` is nothing for the file."""

    pk: int
    values: dict[str, Any]
    inner: "list[Row]" = field(default_factory=list)


def is_complete(viewer: Viewer) -> bool:
    """Whether nothing but what was written for somebody else is left out of this viewer's copy."""
    return viewer.rights >= RIGHTS


def rows(viewer: Viewer, section: Section) -> Iterator[Row]:
    """What this viewer may see of one section: one query, and one more for rows inside rows."""
    if not viewer.may(section.right):
        return iter(())
    cut = ROW_CUTS.get(section.name, _all)
    found = cut(viewer, section.model._default_manager.filter(**{section.path: viewer.patient.pk}))
    own = _read(viewer, section, found.order_by(*section.order), *section.derived, *section.helpers)
    if section.inner:
        own = _with_inner(own, _inner_rows(viewer, section, section.inner, found))
    finish = FINISH.get(section.name)
    return finish(viewer, own) if finish else own


def _read(viewer: Viewer, section: Section, found: QuerySet[Any], *more: str) -> Iterator[Row]:
    names = [name for name in section.fields(viewer.may) if name != "subject_id"]
    keys = [section.key(name) for name in names] + list(more)
    columns = [_column(section, name) for name in names]
    for pk, *values in found.values_list("pk", *columns, *more).iterator(chunk_size=CHUNK):
        yield Row(pk, dict(zip(keys, values, strict=True)))


def _column(section: Section, name: str) -> str:
    """The field itself, or the column that names the row it points at."""
    target = section.model._meta.get_field(name).related_model
    natural = NATURAL.get(target) if isinstance(target, type) else None
    return f"{name}__{natural}" if natural else name


def _inner_rows(viewer: Viewer, section: Section, inner: Section, found: QuerySet[Any]) -> Iterator[Row]:
    """In the order of the rows around them."""
    around = [f"{inner.outer}__{name}" for name in section.order]
    inside = inner.model._default_manager.filter(**{f"{inner.outer}__in": found.order_by()})
    return _read(viewer, inner, inside.order_by(*around, inner.outer, *inner.order), inner.outer)


def _with_inner(own: Iterator[Row], inside: Iterator[Row]) -> Iterator[Row]:
    """Two lists in the same order, walked side by side: neither is ever in memory."""
    groups = ((pk, list(group)) for pk, group in groupby(inside, key=_around))
    waiting = next(groups, None)
    for row in own:
        if waiting and waiting[0] == row.pk:
            row.inner = waiting[1]
            waiting = next(groups, None)
        yield row


def _around(row: Row) -> Any:
    return row.values.pop("session" if "session" in row.values else "program")


# --- which rows -------------------------------------------------------------------------------------------


def _all(viewer: Viewer, found: Rows) -> Rows:
    return found


def _sessions(viewer: Viewer, found: Rows) -> Rows:
    """Removed ones belong to how entries came; those of a hidden day are there for who entered them."""
    if viewer.may(access.SEE_HOW):
        return found
    live, hidden = found.filter(voided_at=None), _hidden_day(viewer)
    return live.filter(~Q(daily_log__day=hidden) | Q(entered_by=viewer.user)) if hidden else live


def _days(viewer: Viewer, found: Rows) -> Rows:
    """A day of which nothing else is left would tell that there was a mark, or a removed entry."""
    if viewer.may(access.SEE_HOW):
        return found
    return _but_hidden(viewer, found.exclude(sessions=0, school="", activities="", home=""))


def _hidden_day(viewer: Viewer) -> date | None:
    return viewer.hidden_day(timezone.now())


def _but_hidden(viewer: Viewer, found: Rows) -> Rows:
    """Without a day that the viewer does not see yet."""
    hidden = _hidden_day(viewer)
    return found.exclude(day=hidden) if hidden else found


def _goals(viewer: Viewer, found: Rows) -> Rows:
    return found if viewer.may(access.SEE_PRIVATE_GOALS) else found.filter(private=False)


def _goal_steps(viewer: Viewer, found: Rows) -> Rows:
    return found if viewer.may(access.SEE_PRIVATE_GOALS) else found.filter(goal__private=False)


def _measures(viewer: Viewer, found: Rows) -> Rows:
    return found if viewer.may(access.SEE_HOW) else found.live()


def _milestones(viewer: Viewer, found: Rows) -> Rows:
    """How many steps and goals were reached counts the private ones, too."""
    if viewer.may(access.SEE_PRIVATE_GOALS):
        return found
    return _but_hidden(viewer, found.exclude(kind__in=(MilestoneKind.STEPS, MilestoneKind.GOALS)))


def _cheers(viewer: Viewer, found: Rows) -> Rows:
    """A teen's are theirs alone; everybody else has what they sent."""
    return found if viewer.may(access.SEE_CHEERS) else found.filter(by=viewer.user)


def _looks(viewer: Viewer, found: Rows) -> Rows:
    return not_the_teens(viewer.patient, found).annotate(day=F("hour"))


def _changes(viewer: Viewer, found: Rows) -> Rows:
    """With the columns that name, in a file, what each change is about."""
    names = {about(subject): _named(*named) for subject, named in SUBJECTS.items()}
    if not viewer.may(access.SEE_PRIVATE_GOALS):
        found = _without_private_goals(viewer, found)
    return found.annotate(**names)


def _without_private_goals(viewer: Viewer, found: Rows) -> Rows:
    """A change of words has the words."""
    goals = FunctionGoal.objects.filter(patient=viewer.patient, private=True).order_by()
    steps = GoalStep.objects.filter(goal__in=goals).order_by()
    found = found.exclude(subject="goal", subject_id__in=goals.values("pk"))
    return found.exclude(subject="step", subject_id__in=steps.values("pk"))


def _named(model: type[Model], column: str) -> Subquery:
    same = model._default_manager.filter(pk=OuterRef("subject_id"), patient=OuterRef("patient"))
    return Subquery(same.order_by().values(column))


def _days_off(viewer: Viewer, found: Rows) -> Rows:
    """Whether the days count again is for everybody, when and by whom is not."""
    taken_back = Q(withdrawn_at__isnull=False)
    return found.annotate(withdrawn=ExpressionWrapper(taken_back, output_field=BooleanField()))


def _broken_glass(viewer: Viewer, found: Rows) -> Rows:
    return found.annotate(day=F("at"))


ROW_CUTS: dict[str, Callable[[Viewer, Rows], Rows]] = {
    "days": _days,
    "sessions": _sessions,
    "goals": _goals,
    "goal_steps": _goal_steps,
    "measures": _measures,
    "milestones": _milestones,
    "cheers": _cheers,
    "notes": readable,
    "questions": readable,
    "looks": _looks,
    "changes": _changes,
    "days_off": _days_off,
    "broken_glass": _broken_glass,
}


# --- what of a row ----------------------------------------------------------------------------------------


def _finish_sessions(viewer: Viewer, own: Iterator[Row]) -> Iterator[Row]:
    """The technique of a moment of stress management is not for everybody, nor that there was an entry that
    is removed."""
    named, how = viewer.may(access.SEE_TECHNIQUES), viewer.may(access.SEE_HOW)
    for row in own:
        if not named and row.values["strand"] == adherence.STRESS:
            row.values["activity"], row.inner = None, []
        if row.values.pop(TOGETHER_VOIDED) and not how:
            row.values["together_with"] = None
        yield row


def _finish_record(viewer: Viewer, own: Iterator[Row]) -> Iterator[Row]:
    """That something was logged on a hidden day is hidden, too."""
    for row in own:
        if row.values["last_logged_on"] == _hidden_day(viewer):
            row.values["last_logged_on"] = last_logged(viewer, timezone.now())
        yield row


def _finish_goals(viewer: Viewer, own: Iterator[Row]) -> Iterator[Row]:
    """As on the pages: what was reached on a hidden day is open until the day is shown."""
    hidden = _hidden_day(viewer)
    for row in own:
        if hidden and row.values["reached_on"] == hidden:
            row.values["reached_on"] = None
        yield row


def _finish_team(viewer: Viewer, own: Iterator[Row]) -> Iterator[Row]:
    """Whom a teen does not want to hear from is in nobody's copy but the teen's, not even in that of a parent
    in a younger child's place: who is muted is not told."""
    for row in own:
        if not viewer.is_teen:
            row.values.pop("muted_at", None)
        yield row


def _finish_changes(viewer: Viewer, own: Iterator[Row]) -> Iterator[Row]:
    for row in own:
        named = {subject: row.values.pop(about(subject)) for subject in SUBJECTS}
        row.values["of"] = named.get(row.values["subject"])
        yield row


def _finish_days(viewer: Viewer, own: Iterator[Row]) -> Iterator[Row]:
    """The calendar day where the record lives, as the list of who looked has it."""
    clock = days.Clock(viewer.patient.zone)
    for row in own:
        row.values["day"] = clock.wall_time(row.values["day"]).date()
        yield row


def _finish_looks(viewer: Viewer, own: Iterator[Row]) -> Iterator[Row]:
    """Who may not see the hour gets each kind of page once a day, in an order that tells no hours."""
    rows = _finish_days(viewer, own)
    if viewer.may(access.SEE_LOOK_HOURS):
        yield from rows
        return
    for _day, group in groupby(rows, key=lambda row: row.values["day"]):
        once = {tuple(row.values.values()): row for row in group}
        yield from (once[facts] for facts in sorted(once))


FINISH: dict[str, Callable[[Viewer, Iterator[Row]], Iterator[Row]]] = {
    "record": _finish_record,
    "goals": _finish_goals,
    "goal_steps": _finish_goals,
    "team": _finish_team,
    "sessions": _finish_sessions,
    "changes": _finish_changes,
    "looks": _finish_looks,
    "broken_glass": _finish_days,
}


# --- what the rows name -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    """``role`` and ``discipline`` are those of the latest link; empty for somebody who never had one."""

    name: str
    role: str = ""
    discipline: str = ""


def people(viewer: Viewer, keys: Iterable[int]) -> dict[int, Person]:
    """Two queries. No username: it is half of a sign-in."""
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=set(keys)).order_by()}
    links = CareTeamMember.objects.filter(patient=viewer.patient, user__in=names).order_by("since", "pk")
    roles = {link.user_id: (link.role, link.discipline) for link in links}
    return {key: Person(name, *roles.get(key, ())) for key, name in names.items()}


def activities(keys: Iterable[int]) -> dict[int, dict[str, Any]]:
    found = Activity.objects.filter(pk__in=set(keys)).order_by().values("pk", "key", *OWN.fields())
    return {
        row["pk"]: {name: row[name] for name in (BUILT_IN if row["key"] else OWN).fields()} for row in found
    }
