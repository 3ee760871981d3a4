"""The words on screen for the names that code and markup use. Past tense for what was done, no blame."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import adherence as a
from .models.choices import DailyLife, School, Strand

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

STRAND_WORDS = dict(Strand.choices)

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

LIFE_WORDS = {
    "school": _("School"),
    "friends": _("Friends"),
    "activities": _("Activities"),
    "home": _("Home"),
}

LIFE_ANSWERS = dict(School.choices) | dict(DailyLife.choices)

# The same, said of a day that is over.
LIFE_ANSWERS_THEN = LIFE_ANSWERS | {
    "none": _("not that day"),
    "no_school": _("no school"),
    "no": _("not that day"),
}
