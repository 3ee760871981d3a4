"""The words on screen for the names that code and markup use. Past tense for what was done, no blame."""

import re
from collections.abc import Mapping
from datetime import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from . import adherence as a
from .days import parse_day
from .models.choices import BodyArea, DailyLife, Role, School, Side, Strand

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# "No entry" is deliberate: no log is not no work.
STATUS_WORDS = {
    a.MET: _("Targets met"),
    a.PARTLY: _("Some done"),
    a.NOTHING: _("No entry"),
    a.EXCUSED: _("Day off"),
    a.TODAY: _("Today so far"),
    a.AHEAD: _("Ahead"),
    a.BEFORE: _("No program"),
}

# The same, and the days of keeping up, which have no status of their own.
DRAWN_WORDS = STATUS_WORDS | {a.KEPT: _("Keeping up, some done"), a.KEEPING: _("Keeping up")}

STRAND_WORDS = dict(Strand.choices)

# For buttons, table heads and narrow columns.
STRAND_SHORT = {
    a.CARDIO: _("Cardio"),
    a.EXERCISES: _("Exercises"),
    a.DESENSITIZATION: pgettext_lazy("short for desensitization", "Touch"),
    a.STRESS: pgettext_lazy("short for stress management", "Calm"),
}

# The kinds of activities, as ``catalogue.CATEGORIES`` names them.
CATEGORY_WORDS: "dict[str, StrOrPromise]" = {
    "cardio": _("Cardio"),
    "strength": _("Strength"),
    "flexibility": _("Flexibility"),
    "balance": _("Balance"),
    "functional": _("Everyday movement"),
    "touch": _("Something moves over the skin"),
    "texture": _("The skin meets a material"),
    "breathing": _("Breathing"),
    "relaxation": _("Relaxation"),
    "imagery": _("Imagery"),
    "expression": _("Making and writing"),
    "senses": _("Noticing"),
    "thinking": _("Kind thoughts"),
    "fun": _("Something fun"),
    "talking": _("Talking with somebody"),
}

PRONG_WORDS = {
    "move": pgettext_lazy("part of the program: cardio and exercises", "Move"),
    "touch": pgettext_lazy("part of the program: desensitization", "Touch"),
    "calm": pgettext_lazy("part of the program: stress management", "Calm"),
    "life": pgettext_lazy("part of the program: school, friends, activities, home", "Life"),
}

LIFE_WORDS = {
    "school": _("School"),
    "friends": _("Friends"),
    "activities": _("Activities"),
    "home": _("Home"),
}

# Rows of training over weeks. Exercises that go by a list are counted, so they are no minutes.
EFFORT_WORDS = {
    a.CARDIO: _("Cardio: minutes a day"),
    a.EXERCISES: _("Exercises: minutes a day"),
    "listed": _("Exercises from the list: how many a day"),
    a.DESENSITIZATION: _("Touch: times a day"),
}

LIFE_ANSWERS = dict(School.choices) | dict(DailyLife.choices)

# The same, said of a day that is over.
LIFE_ANSWERS_THEN = LIFE_ANSWERS | {
    "none": _("not that day"),
    "no_school": _("no school"),
    "no": _("not that day"),
}

# The roles of a team in the order in which a page lists them, nearest to the teen first.
ROLE_WORDS = dict(Role.choices)

_SEES: "dict[str, tuple[StrOrPromise, ...]]" = {
    Role.PATIENT: (
        _("Sees everything in the record but questions that a parent wrote, and sees who looked."),
        _("Logs, writes notes and questions, and marks harder days."),
        _("Invites parents and therapists."),
    ),
    Role.PARENT: (
        _("Sees what was done each day, the program, daily life, measures, and the goals that are shared."),
        _(
            "Does not see clock times, ways to calm down, how and when entries came, harder days, the "
            "check-in about friends, sleep times, notes, the teen's questions and plans, or private goals."
        ),
        _("Sees a day fill in later, too: what is added for yesterday shows to them."),
        _("Logs for the teen, asks for a day off, sends cheers, and writes questions of their own."),
        _("Invites therapists, or takes one off the team. Everyone is told."),
    ),
    Role.THERAPIST: (
        _("Sees everything in the record but notes and questions for another part of the team."),
        _("Sets the program, and answers questions and days off."),
        _("Logs, sends cheers, and invites people to the team."),
    ),
}
_SEES_OF_A_CHILD: "dict[str, tuple[StrOrPromise, ...]]" = {
    Role.PARENT: (
        _("Sees everything in the record while the child has no account."),
        _("Logs for the child, and writes notes and questions."),
        _("Invites therapists, or takes one off the team. Everyone is told."),
    )
}


def what_they_see(
    role: str, *, has_teen: bool = True, today_from: time | None = None
) -> "tuple[StrOrPromise, ...]":
    """What somebody with this role sees and may do, as sentences. ``has_teen``: a teen has an account;
    ``today_from``: the hour from which parents see today."""
    sentences = (_SEES if has_teen else _SEES | _SEES_OF_A_CHILD)[role]
    if role != Role.PARENT or not has_teen or today_from is None:
        return sentences
    hour = gettext("Sees today from %(hour)s on. They always see the week.")
    return (sentences[0], hour % {"hour": time_format(today_from, "TIME_FORMAT")}, *sentences[1:])


_SEEN_OF: "dict[str, tuple[StrOrPromise, ...]]" = {
    Role.PARENT: (
        _("The whole team sees your name, and since when you are here."),
        _("The teen and the therapists see that an entry was logged by a parent."),
        _("When you look at the record, the others can see that you did."),
    ),
    Role.THERAPIST: (
        _("The whole team sees your name, what kind of therapist you are, and since when you are here."),
        _("What you log, and the program you set, is marked as yours."),
        _("When you look at the record, or copy it, the family can see that you did."),
    ),
}
_OTHERS_SEE: "dict[str, tuple[tuple[StrOrPromise, tuple[StrOrPromise, ...]], ...]]" = {
    Role.PATIENT: (
        (_("What a parent sees and does"), _SEES[Role.PARENT]),
        (_("What a therapist sees and does"), _SEES[Role.THERAPIST]),
    ),
    **{role: ((_("What the others see of you"), sentences),) for role, sentences in _SEEN_OF.items()},
}


def what_others_see(role: str) -> "tuple[tuple[StrOrPromise, tuple[StrOrPromise, ...]], ...]":
    """What the rest of the team sees of somebody with this role: headings, each with its sentences."""
    return _OTHERS_SEE[role]


LOOK_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOOK_RULES = ("visits", "daily", *LOOK_DAYS)


def we_look() -> str:
    """When this installation's clinicians look here (``settings.WE_LOOK``)."""
    when = settings.WE_LOOK
    if when in LOOK_DAYS:
        return gettext("We look here: every %(day)s.") % {"day": WEEKDAYS[LOOK_DAYS.index(when)]}
    return gettext("We look here: every day.") if when == "daily" else gettext("We look here: at visits.")


NEWS: "dict[str, StrOrPromise]" = {
    "left_team": _("{who} left the care team of {record}."),
    "taken_off": _("{by} took {who} off the care team of {record}. For 30 days this can be undone."),
    "taken_off_for_good": _("{by} took {who} off the care team of {record}."),
    "taken_off_yourself": _(
        "You are no longer on the care team of {record}. Talk to them if you have questions."
    ),
    "back_on_team": _("{by} brought {who} back to the care team of {record}."),
    "vouched_for": _("{by} says that they know {who}, a therapist on the care team of {record}."),
    "vouched_for_by_administrator": _("The clinic knows {who}, a therapist on the care team of {record}."),
    "handed_over": _("{by} handed over to {who} on the care team of {record}."),
    "covers": _("{who} covers for {by} on the care team of {record}, up to and with {until}."),
    "broken_glass": _(
        "{who}, an administrator, opened the record of {record} for one hour. The reason: “{reason}”"
    ),
    "taken_off_by_administrator": _("An administrator took {who} off the care team of {record}."),
    "password_set": _(
        "An administrator set a new password for your account. You did not ask for this? Tell the clinic."
    ),
    "factor_reset": _(
        "An administrator took away your second sign-in step, and signed you out everywhere. Set up a new "
        "one. You did not ask for this? Tell the clinic."
    ),
    "cover_over": _("The time you covered for a colleague on the care team of {record} is over."),
    "self_managed_asked": _("{by} asks that {record} manages this record alone. You can agree, or not."),
    "self_managed_not_now": _("{by} said: not now. {record} does not manage this record alone yet."),
    "self_managed": _("{record} manages this record alone now."),
    "self_managed_paused": _(
        "{record} manages this record alone now. Your link is paused until you are invited again."
    ),
    "joined_patient": _("{who} joined {record} as the teen, with an account of their own."),
    "joined_parent": _("{who} joined the care team of {record} as a parent."),
    "joined_therapist": _("{who} joined the care team of {record} as a therapist."),
    "word_asked": _("{by} wants to invite a second parent to {record}. You can agree, or not."),
    "word_asked_teen": _(
        "{by} wants to invite somebody to {record} as the teen, in place of the one who left. You can agree, "
        "or not."
    ),
    "word_given": _("{by} agreed: your invitation to {record} works now."),
    "merged": _("{who} keeps the record {record} already. The team that invited {who} is on it now."),
    "card_made": _("{by} printed a sign-in card for you. If you did not ask for it, tell {by}."),
    "card_used": _("You signed in with a card. If that was not you, tell your care team today."),
    "pin_removed": _(
        "Somebody typed a wrong PIN for you ten times on a shared device, so the PIN is gone. "
        "Sign in with your password to set a new one."
    ),
    "pins_ended": _(
        "Your password is new, so your PINs on shared devices are gone. You can set one again on the device."
    ),
    "erasure_asked": _(
        "{by} asked to erase the record of {record}. It goes on {day}, unless somebody on the team says no."
    ),
    "erasure_waits": _(
        "{by} asked to erase the record of {record}. The clinic decides. Nothing can be added until then."
    ),
    "erasure_decided": _(
        "The clinic decided: the record of {record} is erased on {day}, unless somebody on the team says no."
    ),
    "erasure_kept": _("The clinic decided: the record of {record} stays. You can add to it again."),
    "erasure_undone": _("{by} said no to the erasing. The record of {record} stays."),
    "talk_first": _("{who} wants to talk about program {version} of {record} first."),
    "flare_started": _("{who} went back to the saved full program of {record}: it is program {version} now."),
    "hour_asked": _(
        "{by} asks that parents see today of {record} only from {hour} on. You can agree, or not, on the "
        "page of the care team."
    ),
    "hour_not_now": _("{by} said: not now. From when parents see today of {record} stays as it is."),
    "hour_taken_back": _(
        "{by} took the question back. From when parents see today of {record} stays as it is."
    ),
    "hour_begins": _(
        "Teen and therapist of {record} agreed: parents see today from {hour} on. They always see the week."
    ),
    "hour_ended": _("{by} ended the agreed hour: parents see today of {record} all day again."),
    "record_erased": _("A record that you were linked to was erased on {day}, as somebody had asked."),
}
SOME_NEWS = _("Something changed on the care team of {record}.")


_HOUR = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")


class _Kept(dict[str, str]):
    """A param that a sentence asks for and an old notice lacks is no reason to show no page."""

    def __missing__(self, key: str) -> str:
        return "…"


def news_sentence(kind: str, params: Mapping[str, Any]) -> str:
    sentence = str(NEWS.get(kind, SOME_NEWS)).format_map(_Kept({k: _said(v) for k, v in params.items()}))
    # A name may end in a period of its own ("Maya R.").
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", sentence)


def _said(value: Any) -> str:
    text = str(value)
    day, hour = parse_day(text), _HOUR.fullmatch(text)
    if hour:
        return time_format(time.fromisoformat(text), "TIME_FORMAT")
    return date_format(day, "DATE_FORMAT") if day else text


def dose_words(dose: Mapping[str, Any]) -> str:
    """How much, of what ``queries.program.DOSE`` names: "3 × 10, hold 5 s, each side, 2 kg"."""
    parts = [
        *_how_many(dose.get("sets"), dose.get("reps"), dose.get("hold_seconds")),
        gettext("%(number)d min") % {"number": dose["minutes"]} if dose.get("minutes") else "",
        dict(Side.choices).get(dose.get("side", ""), ""),
        dose.get("load", ""),
        dict(BodyArea.choices).get(dose.get("body_area", ""), ""),
    ]
    return ", ".join(str(part) for part in parts if part)


def _how_many(sets: int | None, reps: int | None, seconds: int | None) -> tuple[str, ...]:
    """Seconds without a number of times are how long one set takes; beside it, how long each is held."""
    if seconds and not reps:
        timed = ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
        return (gettext("%(sets)d × %(timed)s") % {"sets": sets, "timed": timed} if sets else timed,)
    held = gettext("hold %(seconds)d s") % {"seconds": seconds} if seconds else ""
    if sets and reps:
        return gettext("%(sets)d × %(reps)d") % {"sets": sets, "reps": reps}, held
    if sets:
        return (ngettext("%(n)d set", "%(n)d sets", sets) % {"n": sets},)
    return (gettext("%(n)d times") % {"n": reps} if reps else "", held)
