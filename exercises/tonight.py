"""One sentence for a parent to say tonight: about what a child can do and likes, never about pain.

Pure: what the parent may see comes in, and the same day says the same to everybody. None asks for more work,
none compares, and none ties kindness to a result. After a quiet week it is something to do instead.
"""

import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.text import Truncator
from django.utils.translation import gettext as said
from django.utils.translation import gettext_noop as _

from . import adherence
from .adherence import DayFacts

# So many closed days without an entry are a quiet time.
QUIET_DAYS = 5
FRIDAY, SATURDAY = 4, 5
MOST_NAME, MOST_GOAL = 30, 50

ANY_DAY = (
    _("“What was the best part of your day?”"),
    _("“What made you laugh today?”"),
    _("“What would you like us to do together this week?”"),
    _("“Tell me about something new you learned.”"),
    _("“Which song do you play all the time right now?”"),
    _("“Shall we cook something together? You pick what.”"),
    _("“Shall we take a short walk tonight? You pick the way.”"),
    _("“Who would you like to ask over soon?”"),
    _("“What are you looking forward to?”"),
    _("“I like having you around. Shall we play a game tonight?”"),
    _("“What are your friends up to these days?”"),
    _("“Show me something you like on your phone.”"),
    _("“What would you like to make: draw, bake or build?”"),
    _("“If we had a free day together, where would we go?”"),
    _("“Which book or series should I know about?”"),
    _("“Who was kind to you today?”"),
    _("“What shall we have for breakfast? Will you make it with me?”"),
    _("“What could you teach me? I would like to learn it.”"),
    _("“Shall we look at old photos tonight?”"),
    _("“Whom shall we call or visit soon?”"),
    _("“What made you proud today?”"),
    _("“Shall we put music on and tidy up for ten minutes?”"),
    _("“Which game could we play that gets us moving?”"),
    _("“May I join you for ten minutes of cardio tomorrow?”"),
    _("“Where do you like to do your exercises? May I keep you company there?”"),
    _("“What would make tomorrow a good day?”"),
    _("“Is there a place you would like to go to again?”"),
    _("“Which sport or hobby would you like to try one day?”"),
    _("Tell %(name)s one thing that you enjoyed together lately."),
    _("Tell %(name)s about something from your own day that took effort."),
)
BEFORE_SCHOOL = (
    _("“What is on at school this week?”"),
    _("“Who will you see tomorrow?”"),
    _("“Is there something to pack for tomorrow? I can help.”"),
    _("“What shall I put in your lunch tomorrow?”"),
)
WEEKEND = (
    _("“What shall we do this weekend? You pick one thing.”"),
    _("“Who would you like to meet this weekend?”"),
    _("“Where shall we go tomorrow? You choose.”"),
    _("“Shall we do something outdoors tomorrow, just a short one?”"),
)
DONE = {
    adherence.CARDIO: (
        _("“You did cardio today. What was the music?”"),
        _("“You made time for cardio today. What did you do?”"),
    ),
    adherence.EXERCISES: (
        _("“You did exercises today. Which one do you like best?”"),
        _("“You worked at your exercises. Will you show me one?”"),
    ),
    adherence.DESENSITIZATION: (
        _("“You made time for Touch today. That takes patience.”"),
        _("“You did Touch today. What did you listen to meanwhile?”"),
    ),
}
GOAL = (
    _("Ask %(name)s what the next step to “%(goal)s” could be."),
    _("Ask %(name)s who could come along for “%(goal)s”."),
    _("Ask %(name)s what you could do to help with “%(goal)s”."),
)
QUIET = (
    _("Ask %(name)s whether company for cardio would help."),
    _("Offer %(name)s a short walk together, today or tomorrow."),
    _("Ask %(name)s which part of the program would be the easiest to start with."),
    _("Ask %(name)s what would make the program easier this week."),
)


@dataclass(frozen=True, slots=True)
class Tonight:
    """``quiet``: something to do and whom to call, in place of something to say."""

    text: str
    quiet: bool = False


def is_quiet(rows: Iterable[DayFacts], *, today: date) -> bool:
    """Nothing was logged on the last closed days, nor today, though a program was on and no day was off.
    ``rows`` has those days at least, as the viewer may see them."""
    recent = [facts for facts in rows if today - timedelta(days=QUIET_DAYS) <= facts.day <= today]
    return len(recent) > QUIET_DAYS and all(
        _asks(facts) and not facts.day_off and not facts.work.anything for facts in recent
    )


def _asks(facts: DayFacts) -> bool:
    return bool(adherence.judged_strands(facts.targets) or facts.keeping)


def tonight(
    key: str,
    day: date,
    *,
    name: str,
    done: Collection[str] = (),
    goals: Sequence[str] = (),
    quiet: bool = False,
) -> Tonight:
    """For the child with this ``key``. ``done`` are strands done that day, ``goals`` the words of open ones:
    only what the parent may see."""
    turn = day.toordinal() + zlib.crc32(key.encode())
    sentence = _pick(QUIET if quiet else _pool(turn, day, done, goals), turn)
    goal = _pick(goals, turn) if goals else ""
    words = {"name": _short(name, MOST_NAME), "goal": _short(goal, MOST_GOAL)}
    return Tonight(said(sentence) % words, quiet)


def _pool(turn: int, day: date, done: Collection[str], goals: Sequence[str]) -> Sequence[str]:
    """Every other day one that fits what is known; so one who does much is not only asked about that."""
    if turn % 2:
        return ANY_DAY
    fits = [sentence for strand, lines in DONE.items() if strand in done for sentence in lines]
    return [*fits, *(GOAL if goals else ()), *_by_weekday(day)]


def _by_weekday(day: date) -> Sequence[str]:
    return WEEKEND if day.weekday() in (FRIDAY, SATURDAY) else BEFORE_SCHOOL


def _pick(lines: Sequence[str], turn: int) -> str:
    return lines[turn // 2 % len(lines)]


def _short(text: str, most: int) -> str:
    return Truncator(text).chars(most)
