"""Good lines for a cheer, and whether one asks about pain. About effort, function and company; none about a
result."""

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 5

# By a short name that a form sends. A line that is no longer good leaves; its name is not used again.
OF_PARENTS: "dict[str, StrOrPromise]" = {
    "p1": _("I like having you around."),
    "p2": _("You keep showing up. I see that."),
    "p3": _("Want company for cardio? I would like to come along."),
    "p4": _("You do hard things your own way. I respect that."),
    "p5": _("It was nice to hear you laugh."),
    "p6": _("Your plan, your pace. I am on your side."),
    "p7": _("I am glad to be on your team, on any day."),
    "p8": _("You pick the music tonight. I will dance along."),
    "p9": _("Shall we do something fun this weekend? You choose."),
    "p10": _("I love to watch you do what you care about."),
    "p11": _("You try again. That takes guts, and you have them."),
    "p12": _("Thank you for being part of things at home."),
    "p13": _("I like it when you tell me about your friends."),
    "p14": _("Let's go for a walk soon, just you and me."),
}
OF_THERAPISTS: "dict[str, StrOrPromise]" = {
    "t1": _("You keep coming back to it. That is the hard part."),
    "t2": _("I like working with you."),
    "t3": _("You are the one who does this. I am glad to be on your team."),
    "t4": _("This work is dull some days. You keep at it, and I respect that."),
    "t5": _("You can always tell me what works for you and what does not."),
    "t6": _("Every bit you do is yours to keep."),
    "t7": _("I hope there is something fun in your week."),
    "t8": _("You know yourself well. I learn from that."),
    "t9": _("Trying something new takes courage. You have it."),
    "t10": _("I look forward to hearing what you did with your friends."),
    "t11": _("You make your own plan for the day. That is a real skill."),
    "t12": _("Today is a fresh start, if you want one."),
    "t13": _("You bring good ideas. Bring one to the next visit."),
    "t14": _("I thought of you and wanted to say hello."),
}


def lines_of(day: date, lines: "dict[str, StrOrPromise]") -> "dict[str, StrOrPromise]":
    """Those that are shown on a day: others each day, all of them in turn."""
    names = list(lines)
    first = day.toordinal() * SHOWN % len(names)
    return {name: lines[name] for name in (names + names)[first : first + SHOWN]}


def asks_about_pain(text: str) -> bool:
    """Whether a cheer holds one of the words and phrases that turn the eye to pain: whole words, however they
    are written. A hint for whoever writes it, before it is sent; nothing else reads it."""
    pattern = _pattern(
        pgettext(
            "words and phrases in a message that ask about pain, with commas between them",
            "pain, pains, painful, hurt, hurts, hurting, ache, aches, aching, achy, sore, soreness, "
            "headache, headaches, stomachache, flare, flares, flare-up, symptom, symptoms, how do you "
            "feel, how you feel, how are you feeling, how you are feeling, feel better, feeling better, "
            "feel worse, feeling worse, feel any better, feeling any better, on a scale, out of 10, out "
            "of ten, 1 to 10, one to ten",
        )
    )
    return bool(pattern and pattern.search(" ".join(text.casefold().replace("’", "'").split())))


@lru_cache(maxsize=8)
def _pattern(phrases: str) -> re.Pattern[str] | None:
    """``None`` for a language that names none."""
    wanted = [" ".join(phrase.casefold().split()) for phrase in phrases.split(",")]
    either = "|".join(re.escape(phrase) for phrase in wanted if phrase)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)") if either else None
