"""A breathing pattern in words. Formatting only."""

from django import template
from django.utils.translation import gettext

from ..catalogue.pacing import USUAL_MINUTES, Pattern

register = template.Library()


@register.filter
def pattern_words(pattern: Pattern) -> str:
    """ "In 4, hold 4, out 4, hold 4"."""
    said = [gettext("In %(n)d") % {"n": pattern.breathe_in}]
    said += [gettext("hold %(n)d") % {"n": pattern.hold}] if pattern.hold else []
    said += [gettext("out %(n)d") % {"n": pattern.breathe_out}]
    said += [gettext("hold %(n)d") % {"n": pattern.rest}] if pattern.rest else []
    return ", ".join(said)


@register.filter
def beside(pattern: Pattern, first: Pattern) -> str:
    """What a pattern is beside the one that the page starts with; nothing for that one itself."""
    if pattern.hold != first.hold:
        return gettext("without holding")
    if pattern.seconds == first.seconds:
        return ""
    return gettext("slower") if pattern.seconds > first.seconds else gettext("quicker")


@register.filter
def pattern_times(pattern: Pattern) -> str:
    """How often that is, for somebody who counts alone: "About 26 times in 3 minutes"."""
    said = gettext("About %(times)d times in %(minutes)d minutes")
    return said % {"times": pattern.breaths_in(USUAL_MINUTES), "minutes": USUAL_MINUTES}
