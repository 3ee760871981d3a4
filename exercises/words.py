"""The words on screen for the names that code and markup use. Past tense for what was done, no blame."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import adherence as a

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

STRAND_WORDS = {
    a.CARDIO: _("Cardio"),
    a.EXERCISES: _("Exercises"),
    a.DESENSITIZATION: _("Desensitization"),
    a.STRESS: _("Stress management"),
}

# For buttons, table heads and narrow columns.
STRAND_SHORT = {
    a.CARDIO: _("Cardio"),
    a.EXERCISES: _("Exercises"),
    a.DESENSITIZATION: pgettext_lazy("short for desensitization", "Touch"),
    a.STRESS: pgettext_lazy("short for stress management", "Calm"),
}

PRONG_WORDS = {
    "move": pgettext_lazy("part of the program: cardio and exercises", "Move"),
    "touch": pgettext_lazy("part of the program: desensitization", "Touch"),
    "calm": pgettext_lazy("part of the program: stress management", "Calm"),
    "life": pgettext_lazy("part of the program: school, friends, activities, home", "Life"),
}

SOURCE_WORDS = {
    "tap": _("with one tap"),
    "typed": _("with the form"),
    "timer": _("with the timer"),
    "guided": _("with a guided session"),
    "grid": _("several at once"),
    "sheet": _("from a paper sheet"),
}

LIFE_WORDS = {
    "school": _("School"),
    "friends": _("Friends"),
    "activities": _("Activities"),
    "home": _("Home"),
}

LIFE_ANSWERS = {
    "all": pgettext_lazy("school", "all day"),
    "part": pgettext_lazy("school", "part of the day"),
    "none": pgettext_lazy("school", "not today"),
    "no_school": pgettext_lazy("school", "no school today"),
    "yes": _("yes"),
    "some": _("some"),
    "no": _("not today"),
}

# HTTP status: heading, text.
ERROR_WORDS = {
    403: (
        _("This page is for someone else on the team"),
        _("Your sign-in does not open this page. If you think it should, ask your care team."),
    ),
    404: (
        _("There is nothing at this address"),
        _("It may have moved, or the link may be old. Your entries are safe."),
    ),
    405: (
        _("That did not work this way"),
        _("Go back, open the page again, and use its buttons."),
    ),
    409: (
        _("Somebody changed this just before you"),
        _("Go back, load the page again, and look at what is there now."),
    ),
    413: (
        _("That was too much to send at once"),
        _("Go back, make the text shorter, and send it again."),
    ),
    422: (
        _("Something in the form needs another look"),
        _("Go back and look for the note beside the box. Nothing was saved yet."),
    ),
    429: (
        _("That was many tries in a short time"),
        _("Take a break of five minutes. Then try again."),
    ),
    500: (
        _("Something broke on our side"),
        _("It was not you. Wait a minute, then try again. What was saved before is safe."),
    ),
    503: (
        _("We need a short break"),
        _("The app cannot reach its records right now. Wait a minute, then try again."),
    ),
}
