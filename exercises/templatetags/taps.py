"""The one-tap form. Today holds a dozen of them, so each is a joined string and not a template."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from exercises.words import STRAND_WORDS

from .marks import minutes

register = template.Library()

SWAP = mark_safe(
    'data-hx-boost="true" data-hx-push-url="false" data-hx-target="#main" data-hx-select="#main" '
    'data-hx-select-oob="#toast:innerHTML" data-hx-swap="outerHTML"'
)


@register.simple_tag
def swap() -> SafeString:
    """Attributes of a form that comes back to the page it stands on: with htmx nothing reloads."""
    return SWAP


@register.simple_tag(takes_context=True)
def tap_form(
    context: RequestContext, tap: Any, label: str, style: str = "btn-quiet", next: str = "today"
) -> SafeString:
    """A form with one button that logs ``tap`` (``queries.today.Tap``). The context has ``log_url``.

    The label "+" is read out as what it logs.
    """
    spoken = format_html(' aria-label="{}"', tap_name(tap)) if label == "+" else ""
    return format_html(
        '<form method="post" action="{}" {}><input type="hidden" name="csrfmiddlewaretoken" value="{}">{}'
        '<button class="btn {}"{}>{}</button></form>',
        context["log_url"],
        SWAP,
        context["csrf_token"],
        format_html_join("", '<input type="hidden" name="{}" value="{}">', _fields(tap, next)),
        style,
        spoken,
        label,
    )


def _fields(tap: Any, next: str) -> list[tuple[str, Any]]:
    offer = tap.offer
    fields = [("id", tap.id), ("day", tap.day.isoformat()), ("strand", offer.strand)]
    fields += [("minutes", offer.minutes)] if offer.minutes else []
    fields += [("slot", offer.slot.pk)] if offer.slot else []
    fields += [("activity", offer.item.activity_id)] if offer.item else []
    return [*fields, ("source", "tap"), ("ask_again", 1), ("next", next)]


@register.simple_tag
def tap_name(tap: Any) -> str:
    """ "Log Cardio, 15 min"."""
    what = STRAND_WORDS[tap.offer.strand]
    if not tap.offer.minutes:
        return gettext("Log %(what)s") % {"what": what}
    return gettext("Log %(what)s, %(minutes)s") % {"what": what, "minutes": minutes(tap.offer.minutes)}
