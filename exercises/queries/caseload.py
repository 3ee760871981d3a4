"""A therapist's patients: who they are, who needs a look and why, sorted and searched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Case, F, Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext

from exercises import access, days, keeping_up
from exercises.adherence import STRANDS
from exercises.keeping_up import KeptWeek
from exercises.models import CareTeamMember, DayOff, Program, Question, User
from exercises.models.choices import ProgramKind

from . import log
from .figures import Figures, figures
from .sums import LONG, DayOffRow, Version, versions
from .words import addressee_on_team

QUIET_DAYS = 3
# From how many days on it is told that a program had no entry: while keeping up, most days may have none.
QUIET_FROM = {ProgramKind.FULL.value: 1, ProgramKind.KEEPING_UP.value: 10}
NEW = timedelta(days=14)
FULL, PAUSED, DONE = ProgramKind.FULL.value, ProgramKind.PAUSED.value, ProgramKind.DONE.value
SET_ASIDE = frozenset({PAUSED, DONE})
SHOWS = ("talk", "quiet", "question", "new")
SORTS = ("look", "name", *STRANDS, "days", "last")


class Person(NamedTuple):
    """A patient as the list sorts and filters it. ``quiet`` counts the days that ended without an entry, days
    off left out; 0 without an active program; ``talk``: the teen wants to talk about the program first;
    ``kind`` is ``""`` before the first program."""

    id: int
    code_text: str
    name: str
    today: date
    last: date | None
    kind: str
    quiet: int
    talk: bool
    question: bool
    new: bool
    versions: Sequence[Version]
    off: Sequence[DayOffRow]

    @property
    def code(self) -> UUID:
        """Made of its text for those on the page only: that of five hundred costs as much as a query."""
        return UUID(self.code_text)

    @property
    def day_off_asked(self) -> bool:
        return bool(self.off) and any(not answer for _first, _last, answer in self.off)

    def shows(self, what: str) -> bool:
        return self.quiet >= QUIET_DAYS if what == "quiet" else bool(getattr(self, what))

    @property
    def why(self) -> str:
        """Why somebody needs a look, in a few words; empty when nothing calls for one."""
        quiet = gettext("no entry for %(n)d days") % {"n": self.quiet} if self.quiet >= QUIET_DAYS else ""
        reasons = (
            self.talk and gettext("talk first"),
            self.question and gettext("question waiting"),
            self.day_off_asked and gettext("day off asked"),
            not self.kind and gettext("no program yet"),
            quiet,
            self.new and gettext("new"),
            self.kind == PAUSED and gettext("program paused"),
            self.kind == DONE and gettext("program finished"),
        )
        return " · ".join(text for text in reasons if text)

    @property
    def rank(self) -> tuple[int, int]:
        """Who needs a look comes first: who wants to talk about the program, whatever becomes of it, then
        somebody who asked, who has no plan, is quiet, or is new."""
        if self.talk:
            return -1, -self.quiet
        reasons = (self.question, self.day_off_asked, not self.kind, self.quiet >= QUIET_DAYS, self.new, True)
        return reasons.index(True) + 10 * (self.kind in SET_ASIDE), -self.quiet


@dataclass(frozen=True, slots=True)
class Row:
    """``kept``: what this week was kept up with, of a patient who keeps up."""

    person: Person
    figures: Figures
    kept: KeptWeek | None


@dataclass(frozen=True, slots=True)
class Caseload:
    """``patients`` counts those that match, ``set_aside`` those among them whose program is paused or done
    and that are left out."""

    rows: tuple[Row, ...]
    patients: int
    set_aside: int
    page: int
    pages: int
    everybody: int

    @property
    def before(self) -> int:
        return self.page - 1

    @property
    def after(self) -> int:
        return self.page + 1


def caseload(
    user: User, *, find: str = "", show: str = "", sort: str = "look", everyone: bool = False, page: int = 1,
    size: int = 50,
) -> Caseload:  # fmt: skip
    """One page of the list in six or seven queries, and two more where somebody on it keeps up, whatever the
    patients.

    ``sort``: one of SORTS, turned by "-".
    """
    all_of_them = people(user)
    found = [p for p in all_of_them if p.shows(show)] if show else all_of_them
    if find:
        found = [p for p in found if find.casefold() in p.name.casefold()]
    shown = [p for p in found if everyone or p.talk or p.kind not in SET_ASIDE]
    key, back = sort.removeprefix("-"), sort.startswith("-")
    by_figures = key in STRANDS or key == "days"
    numbers = figures(shown) if by_figures else {}
    shown = _sorted(shown, key, back, numbers)
    pages = max(1, -(-len(shown) // size))
    page = min(max(page, 1), pages)
    cut = shown[(page - 1) * size : page * size]
    numbers = numbers if by_figures else figures(cut)
    kept = _kept_weeks(cut)
    return Caseload(
        rows=tuple(Row(person, numbers[person.id], kept.get(person.id)) for person in cut),
        patients=len(shown),
        set_aside=len(found) - len(shown),
        page=page,
        pages=pages,
        everybody=len(all_of_them),
    )


def _kept_weeks(people: Iterable[Person]) -> dict[int, KeptWeek | None]:
    """This week of those who keep up, by key: two queries where there is anybody."""
    keepers = {person.id: person for person in people if person.kind == ProgramKind.KEEPING_UP}
    if not keepers:
        return {}
    weeks = {pk: days.week_of(person.today, settings.WEEK_STARTS_ON) for pk, person in keepers.items()}
    off = {pk: log.days_off_in(person.off, *log.reach(weeks)) for pk, person in keepers.items()}
    facts = log.days_of(weeks, log.programs_of(keepers), off)
    return {pk: keeping_up.week(facts[pk], today=person.today) for pk, person in keepers.items()}


def _sorted(people: Iterable[Person], key: str, back: bool, numbers: Mapping[int, Figures]) -> list[Person]:
    """Those without a figure come last, whichever way the others are turned."""
    by_name = sorted(people, key=lambda person: person.name.casefold())
    if key == "look":
        return sorted(by_name, key=lambda person: person.rank, reverse=back)
    if key == "name":
        return by_name[::-1] if back else by_name
    values = {person.id: _value(person, key, numbers) for person in by_name}
    known = [person for person in by_name if values[person.id] is not None]
    unknown = [person for person in by_name if values[person.id] is None]
    return sorted(known, key=lambda person: values[person.id], reverse=back) + unknown


def _value(person: Person, key: str, numbers: Mapping[int, Figures]) -> Any:
    if key == "last":
        return person.last
    period = numbers[person.id].long
    if key == "days":
        return Fraction(period.met, period.judged) if period.judged else None
    return period.shares[STRANDS.index(key)]


# --- who ---------------------------------------------------------------------------------------------------


def people(user: User) -> list[Person]:
    """Everybody on the user's caseload now, in five or six queries."""
    now = timezone.now()
    links = access.links_of(user, access.THERAPIST).order_by()
    mine, linked = links.values("patient_id"), list(_with_clock(links, now))
    programs, off, talks = versions(mine), _days_off(mine, now), _talks(mine)
    asked = _questions(mine, {pk: discipline for pk, _code, _name, _last, discipline, *_ in linked})
    today_by_clock: dict[tuple[str, int], date] = {}
    found = []
    for pk, code, name, last, _discipline, new, *clock in linked:
        zone, day_start = clock
        today = today_by_clock.get((zone, day_start))
        if today is None:
            today = today_by_clock[zone, day_start] = days.local_today(zone, day_start, now=now)
        own: Sequence[Version] = programs.get(pk, ())
        free = off.get(pk, ())
        kind, since = _program_now(own, today)
        quiet = _quiet(since, last, today, free) if kind in QUIET_FROM else 0
        quiet = quiet if quiet >= QUIET_FROM.get(kind, 0) else 0
        talk = bool(own) and talks.get(pk) == own[-1].id
        found.append(Person(pk, code, name, today, last, kind, quiet, talk, pk in asked, new, own, free))
    return found


def _with_clock(links: QuerySet[CareTeamMember], now: datetime) -> QuerySet[CareTeamMember, tuple[Any, ...]]:
    """As ``Patient.clock_at`` has it: the former clock counts until ``clock_since``."""
    former = Q(patient__clock_since__gt=now)
    return links.annotate(
        is_new=Q(since__gt=now - NEW),
        code=Cast("patient__code", TextField()),
        zone=Case(When(former, then=F("patient__previous_zone")), default=F("patient__zone")),
        day_start=Case(When(former, then=F("patient__previous_day_start")), default=F("patient__day_start")),
    ).values_list(
        "patient_id",
        "code",
        "patient__name",
        "patient__last_logged_on",
        "discipline",
        "is_new",
        "zone",
        "day_start",
    )


def _program_now(versions: Sequence[Version], today: date) -> tuple[str, date]:
    """The kind in force, ``""`` for none yet, and since when without a break."""
    kind, since = "", today
    for version in versions:
        if version.starts_on > today:
            break
        if version.kind != kind:
            kind, since = version.kind, version.starts_on
    return kind, since


def _days_off(patients: QuerySet[Any, Any], now: datetime) -> dict[int, list[DayOffRow]]:
    """Asked or granted ranges that reach into the days that are shown, whatever the zone, or lie ahead."""
    first = now.date() - timedelta(days=LONG + 2)
    rows = DayOff.objects.standing().filter(patient__in=patients, last__gte=first).order_by()
    off: dict[int, list[DayOffRow]] = {}
    for patient, start, end, answer in rows.values_list("patient_id", "first", "last", "answer"):
        off.setdefault(patient, []).append((start, end, answer))
    return off


def _talks(patients: QuerySet[Any, Any]) -> dict[int, int]:
    """By patient, the last version that the teen wants to talk about first. It stands until it is accepted or
    another version follows."""
    open_ones = Program.objects.standing().filter(
        patient__in=patients, talk_at__isnull=False, accepted_at=None
    )
    return dict(open_ones.order_by("starts_on").values_list("patient_id", "pk"))


def _questions(patients: QuerySet[Any, Any], disciplines: Mapping[int, str]) -> set[int]:
    """Patients with an open question for somebody of this discipline, as ``queries.words`` has it: one to
    everybody, to the own discipline, or to one that nobody on the team is of."""
    rows = Question.objects.filter(patient__in=patients, answered_at=None).order_by()
    found = list(rows.values_list("pk", "patient_id", "to"))
    waiting = {patient for _pk, patient, to in found if to in ("", disciplines[patient])}
    others = [pk for pk, patient, _to in found if patient not in waiting]
    if others:
        nobody_there = Question.objects.filter(~addressee_on_team(), pk__in=others).order_by()
        waiting.update(nobody_there.values_list("patient_id", flat=True))
    return waiting


def _quiet(since: date, last: date | None, today: date, off: Sequence[DayOffRow]) -> int:
    """Ended days since the last entry, or since the program began; days off do not count."""
    start = last + days.ONE_DAY if last and last >= since else since
    if not off:
        return max((today - start).days, 0)
    covered = {
        day
        for first, until, _answer in off
        for day in days.span(max(first, start), min(until, today - days.ONE_DAY))
    }
    return max((today - start).days - len(covered), 0)
