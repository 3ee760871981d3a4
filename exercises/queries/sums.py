"""What the database adds up for ``queries.figures``: one row per patient and program over the last 28 closed
days, with days as bits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.db import connection

from exercises import adherence, days
from exercises.adherence import STRANDS
from exercises.guideline import Targets
from exercises.models import Program
from exercises.models.choices import HarderRule, ProgramKind

LONG, SHORT = 28, 7
# Where the numbers of a version begin, one for each strand.
ASKED_AT, SMALLER_AT = 3, 7
DayOffRow = tuple[date, date, str]


class Version(NamedTuple):
    """What a standing version of a program asks for, without the rest of it."""

    id: int
    starts_on: date
    kind: str
    cardio: int | None
    exercises: int | None
    desensitization: int | None
    stress: int | None
    smaller_cardio: int | None
    smaller_exercises: int | None
    smaller_desensitization: int | None
    smaller_stress: int | None

    @property
    def aims(self) -> tuple[int, ...]:
        """By strand; nothing at all while the version judges no day."""
        return _aims(self[ASKED_AT:SMALLER_AT]) if self.kind == ProgramKind.FULL else ()

    @property
    def smaller_aims(self) -> tuple[int, ...]:
        """The same of a harder day, for a version whose rule is a smaller plan. One that asks for nothing on
        other days asks for nothing then."""
        numbers = zip(self[SMALLER_AT:], self[ASKED_AT:SMALLER_AT], strict=True)
        return _aims(tuple(smaller or usual for smaller, usual in numbers)) if self.aims else ()


@lru_cache(maxsize=256)
def _aims(numbers: tuple[int | None, ...]) -> tuple[int, ...]:
    cardio, exercises, desensitization, stress = numbers
    targets = Targets(cardio, exercises, desensitization, stress=stress)
    judged = adherence.judged_strands(targets)
    return tuple(adherence.aim_of(targets, strand) for strand in STRANDS) if judged else ()


class Counted(Protocol):
    """A patient to count for: the key, the patient's own today, the versions (oldest first), the days off."""

    @property
    def id(self) -> int: ...
    @property
    def today(self) -> date: ...
    @property
    def versions(self) -> Sequence[Version]: ...
    @property
    def off(self) -> Sequence[DayOffRow]: ...


@dataclass(slots=True)
class Done:
    """What the database says of one patient: days judged by the smaller numbers, days met and days with
    anything as bits, and for each (program, by the smaller numbers, is in the last 7 days) the strands'
    capped sums."""

    smaller: int
    met: int
    anything: int
    sums: dict[tuple[int, bool, bool], tuple[int, ...]]


def versions(patients: Any) -> dict[int, list[Version]]:
    """Standing versions by patient key, oldest first. ``patients``: keys, or a query for them."""
    rows = Program.objects.standing().filter(patient__in=patients).order_by("patient_id", "starts_on")
    found: dict[int, list[Version]] = {}
    for row in rows.values_list("patient_id", "pk", *Version._fields[1:]):
        found.setdefault(row[0], []).append(Version._make(row[1:]))
    return found


# Written out, because the ORM takes three times as long to build this statement as the database to answer it.
# A day off counts only when it was met, and is seen while keeping up; "met" is every strand that the program
# asks for.
SUMS = """
SELECT log.patient_id, log.program_id, ({smaller}) AS smaller, ({recent}) AS recent,
    {smaller_days},
    SUM(CASE WHEN {met} THEN {bit} ELSE 0 END),
    SUM(CASE WHEN log.sessions > 0 THEN {bit} ELSE 0 END),
    {sums}
FROM exercises_dailylog log JOIN exercises_program program ON program.id = log.program_id
WHERE ({inside}) AND (({met}) OR program.kind = 'keeping_up' OR NOT EXISTS (
    SELECT 1 FROM exercises_dayoff off
    WHERE off.patient_id = log.patient_id AND off.answer <> 'declined' AND off.withdrawn_at IS NULL
        AND off."first" <= log.day AND off."last" >= log.day))
GROUP BY log.patient_id, log.program_id, smaller, recent
"""
# The strands' numbers in each kind of day: what is asked, or ``unasked`` where nothing is.
USUAL = "COALESCE(program.{strand}, {unasked})"
SMALLER = "COALESCE(program.smaller_{strand}, program.{strand}, {unasked})"
IS_SMALLER = f"log.harder AND program.harder_rule = '{HarderRule.SMALLER}'"


def _met_sql(number: str) -> str:
    return " AND ".join(f"log.{strand} >= {number.format(strand=strand, unasked=0)}" for strand in STRANDS)


def _capped_sql(strand: str, number: str) -> str:
    """Done, up to the aim. Without an aim the number means nothing and nobody reads it."""
    aim = number.format(strand=strand, unasked=1)
    return f"CASE WHEN log.{strand} > {aim} THEN {aim} ELSE log.{strand} END"


def _by_kind_of_day(smaller: str, usual: str) -> str:
    return f"CASE WHEN {IS_SMALLER} THEN {smaller} ELSE {usual} END"


PLAIN = {
    "smaller": "1 = 0",
    "smaller_days": "0",
    "met": _met_sql(USUAL),
    "sums": ", ".join(f"SUM({_capped_sql(strand, USUAL)})" for strand in STRANDS),
}
# A third slower, so only where some program has smaller numbers.
WITH_SMALLER = {
    "smaller": IS_SMALLER,
    "smaller_days": f"SUM(CASE WHEN {IS_SMALLER} THEN {{bit}} ELSE 0 END)",
    "met": _by_kind_of_day(_met_sql(SMALLER), _met_sql(USUAL)),
    "sums": ", ".join(
        f"SUM({_by_kind_of_day(_capped_sql(strand, SMALLER), _capped_sql(strand, USUAL))})"
        for strand in STRANDS
    ),
}
# 1 shifted left by the days since the first day read.
BIT_SQL = {
    "sqlite": "(1 << CAST(julianday(log.day) - julianday('{base}') AS INTEGER))",
    "postgresql": "(CAST(1 AS bigint) << (log.day - DATE '{base}'))",
}


def done_by_patient(people: Sequence[Counted], base: date) -> dict[int, Done]:
    done: dict[int, Done] = {}
    for patient, program, is_smaller, recent, smaller, met, anything, *sums in _summed(people, base):
        mine = done.setdefault(patient, Done(0, 0, 0, {}))
        # Each day is in one row only, so adding bits joins them. PostgreSQL makes Decimals of such sums.
        mine.smaller += int(smaller)
        mine.met += int(met)
        mine.anything += int(anything)
        mine.sums[program, bool(is_smaller), bool(recent)] = tuple(sums)
    return done


def _summed(people: Sequence[Counted], base: date) -> list[tuple[Any, ...]]:
    """A row per patient, program, half of the window, and kind of day. Only keys and dates of our own are
    written in."""
    bit = BIT_SQL[connection.vendor].format(base=base.isoformat())
    parts = WITH_SMALLER if _any_smaller(people) else PLAIN
    parts = parts | {"smaller_days": parts["smaller_days"].format(bit=bit)}
    statement = SUMS.format(recent=_recent(people), inside=_window(people), bit=bit, **parts)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _any_smaller(people: Iterable[Counted]) -> bool:
    return any(number for person in people for version in person.versions for number in version[SMALLER_AT:])


def _keys_by_today(people: Sequence[Counted]) -> dict[date, str]:
    """Keys, as SQL lists them, of those who have the same date today; the latest date first."""
    by_today: dict[date, list[str]] = {}
    for person in people:
        by_today.setdefault(person.today, []).append(str(int(person.id)))
    return {today: ", ".join(by_today[today]) for today in sorted(by_today, reverse=True)}


def _window(people: Sequence[Counted]) -> str:
    """Each patient's own closed days: one clause per date that is today somewhere."""
    clauses = []
    for today, keys in _keys_by_today(people).items():
        first, last = days.last_closed(today, LONG)
        clauses.append(f"log.day BETWEEN '{first}' AND '{last}' AND log.patient_id IN ({keys})")
    return " OR ".join(clauses)


def _recent(people: Sequence[Counted]) -> str:
    """Whether a day of the window is one of the last 7. Where today is latest no keys are asked for: such a
    day is recent for everybody."""
    clauses: list[str] = []
    for today, keys in _keys_by_today(people).items():
        first, _last = days.last_closed(today, SHORT)
        clauses.append(f"log.day >= '{first}'" + (f" AND log.patient_id IN ({keys})" if clauses else ""))
    return " OR ".join(clauses)
