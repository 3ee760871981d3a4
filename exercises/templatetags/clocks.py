"""Seconds as digits."""

from typing import Any

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def digits(seconds: int) -> str:
    """372 as "6:12", 4000 as "1:06:40"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def hold_words(step: Any) -> str:
    """How long a hold of ``queries.guided.Step`` is: "45 s", or "2 min" where it is whole minutes."""
    if step.hold >= 60 and not step.hold % 60:
        return gettext("%(n)d min") % {"n": step.hold // 60}
    return gettext("%(n)d s") % {"n": step.hold}
