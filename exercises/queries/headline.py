"""What came back, in few words: only what came back or holds. A decline is left to the charts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from exercises import came_back, days
from exercises.came_back import Compared
from exercises.measures import BETTER
from exercises.models.choices import MeasureKind

from .goals import GoalRow
from .measures import Series

# At most so many of each, and the parts of daily life that are compared.
MOST_NAMED, COMPARED_PARTS = 3, ("school", "activities")
EMPTY, FIRST_WEEK, EARLY, GROWN = "empty", "first week", "early", "grown"
FIRST_DAYS, EARLY_DAYS = 7, 28


@dataclass(frozen=True, slots=True)
class Flag:
    """A goal, or a step toward one, on the day on which it was reached."""

    day: date
    text: str
    is_step: bool
    private: bool


@dataclass(frozen=True, slots=True)
class LifeLine:
    part: str
    compared: Compared


@dataclass(frozen=True, slots=True)
class Headline:
    """``state`` says how much of a record there is; ``reached`` has the latest first."""

    since: date
    today: date
    state: str
    life: tuple[LifeLine, ...]
    measures: tuple[Series, ...]
    reached: tuple[Flag, ...]

    @property
    def told(self) -> bool:
        return bool(self.life or self.measures or self.reached)

    @property
    def young(self) -> bool:
        """Named by its day, not by its month."""
        return (self.today - self.since).days < EARLY_DAYS


def headline(
    answers: Mapping[date, Mapping[str, str]],
    series: Sequence[Series],
    flags: Sequence[Flag],
    *,
    since: date,
    today: date,
) -> Headline:
    """``answers`` of daily life by day, in order; ``flags`` in order."""
    by_week: dict[date, list[Mapping[str, str]]] = defaultdict(list)
    for day, given in answers.items():
        by_week[_first_of_week(day)].append(given)
    compared = ((part, _compared(by_week, part, today)) for part in COMPARED_PARTS)
    return Headline(
        since=since,
        today=today,
        state=_state(bool(answers or series or flags), (today - since).days),
        life=tuple(LifeLine(part, found) for part, found in compared if found),
        measures=tuple(sorted(filter(_came_back, series), key=_is_questionnaire))[:MOST_NAMED],
        reached=_named(flags),
    )


def _came_back(one: Series) -> bool:
    """Better; and where somebody published how much a change must be to mean something, that much."""
    return one.direction == BETTER and one.meaningful is not False


def _is_questionnaire(one: Series) -> bool:
    """What somebody can do comes before what a questionnaire sums up."""
    return one.kind in (MeasureKind.FDI, MeasureKind.PROMIS)


def flags(found: Iterable[GoalRow]) -> tuple[Flag, ...]:
    """In the order of their days; a goal after its last step."""
    reached = []
    for goal in found:
        steps = ((step.reached_on, step.text) for step in goal.steps)
        reached += [Flag(day, text, True, goal.private) for day, text in steps if day]
        if goal.reached_on:
            reached.append(Flag(goal.reached_on, goal.text, False, goal.private))
    return tuple(sorted(reached, key=lambda flag: (flag.day, not flag.is_step)))


def _compared(by_week: Mapping[date, Sequence[Mapping[str, str]]], part: str, today: date) -> Compared | None:
    weeks = [(first, came_back.marked(given[part] for given in week)) for first, week in by_week.items()]
    return came_back.compare(weeks, _first_of_week(today))


def _first_of_week(day: date) -> date:
    return days.week_of(day, settings.WEEK_STARTS_ON)[0]


def _named(flags: Sequence[Flag]) -> tuple[Flag, ...]:
    """The goals that were reached last; before there is one, the steps."""
    goals = [flag for flag in flags if not flag.is_step]
    return tuple(reversed((goals or list(flags))[-MOST_NAMED:]))


def _state(begun: bool, age: int) -> str:
    if not begun:
        return EMPTY
    return FIRST_WEEK if age < FIRST_DAYS else EARLY if age < EARLY_DAYS else GROWN
