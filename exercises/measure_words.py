"""What is measured, in words: units, hints, what was published and where."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from . import measures as m

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

UNITS: "dict[str, StrOrPromise]" = {
    m.POINTS: _("points"),
    m.METERS: _("m"),
    m.SECONDS: _("s"),
    m.TIMES: _("times"),
    m.DAYS: _("days"),
}
# The box for the number.
LABELS: "dict[str, StrOrPromise]" = {
    m.POINTS: _("Points"),
    m.METERS: _("Meters"),
    m.SECONDS: _("Seconds"),
    m.TIMES: _("How many times"),
    m.DAYS: _("Days at school"),
    "": _("Number"),
}
BETTER_WORDS: "dict[str, StrOrPromise]" = {
    m.HIGHER: _("More is better."),
    m.LOWER: _("Less is better."),
    "": "",
}
# A change, for who does not want to see figures.
DIRECTIONS: "dict[str, StrOrPromise]" = {
    m.BETTER: _("Better than the first time."),
    m.SAME: _("The same as the first time."),
    m.WORSE: _("The first one was better."),
    "": "",
}
# What to write down, so that the next time can be measured the same way.
HINTS: "dict[str, StrOrPromise]" = {
    m.FDI: _("For example who filled it in. Only the total is kept here."),
    m.PROMIS: _("For example who filled it in. Only the T-score is kept here."),
    m.WALK: _("The length of the course, for example: 30 m course."),
    m.SIT_TO_STAND: _("For example the height of the chair. Let them practice once first."),
    m.STAIRS: _("How many steps. Use the same stairs each time."),
    m.SINGLE_LEG: _("Usually barefoot, eyes open, best of 3, at most 45 s."),
    m.FLOOR_TO_STAND: _("For example in how many seconds."),
    m.STEP_UPS: _("The height of the step, and in how many seconds."),
    m.BOX_CARRY: _("The weight of the box."),
    m.BOX_LIFT: _("The weight of the box, and from where to where."),
    m.SCHOOL: _("For example: one week. Half a day counts as 0.5."),
    m.OWN: _("What has to be the same the next time."),
}
# The published change that is more than chance, with its source.
MEANINGFUL: "dict[str, StrOrPromise]" = {
    m.FDI: _("A drop of 7.8 points or more into a lower range is a clear change (Sil 2014)."),
    m.PROMIS: _("About 3 points or more are a clear change (Thissen 2016)."),
    m.WALK: _("80 m or more are a clear change, beyond chance (del Corral 2022)."),
}
NOT_THAT: "dict[str, StrOrPromise]" = {
    m.FDI: _("This one is smaller, or stays in its range."),
}
# What helps a therapist to read a value.
ABOUT: "dict[str, StrOrPromise]" = {
    m.FDI: _("0 to 12 none or mild, 13 to 29 moderate, 30 or more severe (Kashikar-Zuck 2011)."),
    m.PROMIS: _("The mean is 50, one standard deviation is 10."),
    m.WALK: _("Healthy teens walk about 650 to 730 m (Geiger 2007)."),
    m.STAIRS: _("Two tries agree well: ICC 0.94 or more (Zaino 2004)."),
    m.FLOOR_TO_STAND: _("An everyday task from rehabilitation for teens (Kempert & Benore 2023)."),
    m.STEP_UPS: _("An everyday task from rehabilitation for teens (Kempert & Benore 2023)."),
    m.BOX_CARRY: _("An everyday task from rehabilitation for teens (Kempert & Benore 2023)."),
    m.BOX_LIFT: _("An everyday task from rehabilitation for teens (Kempert & Benore 2023)."),
}
GRADES: "dict[str, StrOrPromise]" = {
    m.MILD: _("none or mild"),
    m.MODERATE: _("moderate"),
    m.SEVERE: _("severe"),
}


def number(value: Decimal) -> str:
    """As people write it: 24, 4.5."""
    return number_format(m.tidy(value))


def amount(value: Decimal, unit: str, *, out_of: int | None = None, own_unit: str = "") -> str:
    """A number with its unit: "520 m", "1 time", "3.5 of 5 days"."""
    count = 1 if value == 1 else 2
    patterns = {
        m.POINTS: ngettext("%(n)s point", "%(n)s points", count),
        m.TIMES: ngettext("%(n)s time", "%(n)s times", count),
        m.DAYS: ngettext("%(n)s day", "%(n)s days", count),
        m.METERS: gettext("%(n)s m"),
        m.SECONDS: gettext("%(n)s s"),
    }
    pattern = patterns.get(unit, "%(n)s %(unit)s") if out_of is None else gettext("%(n)s of %(of)s days")
    return (pattern % {"n": number(value), "of": out_of, "unit": own_unit}).strip()


def change_words(change: Decimal | None, size: str) -> str:
    """``size`` is the change without its sign, with its unit."""
    if change is None:
        return ""
    if change == 0:
        return gettext("That is the same.")
    words = gettext("That is %(size)s more.") if change > 0 else gettext("That is %(size)s less.")
    return words % {"size": size}


def question(value: Decimal, unit: str, asked: tuple[int, int]) -> str:
    """Asks about a value outside of ``asked``."""
    low, high = asked
    said = {"amount": amount(value, unit), "low": low, "high": high}
    if value > high:
        return gettext("%(amount)s: is that right? We ask above %(high)d.") % said
    return gettext("%(amount)s: is that right? We ask below %(low)d.") % said


def meaningful_words(kind: str, meaningful: bool | None) -> str:
    """What is published about a change, and whether this one is that large, where there is one."""
    published = MEANINGFUL.get(kind)
    if not published or meaningful is None:
        return str(published or "")
    verdict = gettext("This is one.") if meaningful else NOT_THAT.get(kind, gettext("This one is smaller."))
    return f"{published} {verdict}"
