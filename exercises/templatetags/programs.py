"""What a program asks for, in words. Formatting only."""

from collections.abc import Iterator
from typing import Any

from django import template

from .. import adherence as a
from ..models.choices import BodyArea
from ..words import STRAND_WORDS, dose_words

register = template.Library()


@register.filter
def times_each(program: Any) -> int:
    """How often for one area, where each has its own number; else for all together."""
    return int(program.desensitization // (len(program.areas) or 1))


@register.filter
def area_names(program: Any) -> str:
    names = dict(BodyArea.choices)
    return ", ".join(str(names[area]) for area in program.areas)


@register.filter
def week_numbers(program: Any) -> Iterator[tuple[str, int]]:
    """(strand in words, days a week), of a program to keep up with."""
    for strand in a.STRANDS if program.week else ():
        if number := getattr(program.week, strand):
            yield str(STRAND_WORDS[strand]), number


@register.filter
def goal_dose(activity: Any) -> str:
    """What an activity builds up to, where that is more than where it starts; empty without."""
    start = {name: getattr(activity, name) for name in ("sets", "reps", "hold_seconds", "minutes")}
    goal = {name: getattr(activity, f"goal_{name}") for name in start}
    return dose_words(goal) if any(goal.values()) and goal != start else ""
