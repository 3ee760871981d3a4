"""The one-tap form. Today holds a dozen of them, so each is a joined string and not a template."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from exercises.words import STRAND_SHORT, STRAND_WORDS

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
    """A form with one button that logs ``tap`` (``queries.next_up.Tap``). The context has ``log_url``.

    Without a label the button says what it logs, "Touch · 5 min"; the label "+" is read out as that.
    """
    label = label or _short_name(tap)
    spoken = f' aria-label="{escape(tap_name(tap))}"' if label == "+" else ""
    hidden = hidden_fields(csrfmiddlewaretoken=context["csrf_token"], **_fields(tap), next=next)
    return mark_safe(  # noqa: S308  every part is escaped or ours
        f'<form method="post" action="{context["log_url"]}" {SWAP}>{hidden}'
        f'<button class="btn {style}"{spoken}>{conditional_escape(label)}</button></form>'
    )


def hidden_fields(**fields: Any) -> str:
    """Hidden inputs, escaped; empty values are left out."""
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
        if value
    )


def _fields(tap: Any) -> dict[str, Any]:
    offer = tap.offer
    return {
        "id": tap.id,
        "day": tap.day.isoformat(),
        "shown_on": tap.for_today and tap.day.isoformat(),
        "strand": offer.strand,
        "minutes": offer.minutes,
        "slot": offer.slot and offer.slot.pk,
        "activity": offer.item and offer.item.activity_id,
        "source": "tap",
        "ask_again": 1,
    }


def _short_name(tap: Any) -> str:
    what, dose = str(STRAND_SHORT[tap.offer.strand]), tap.offer.minutes
    return f"{what} · {minutes(dose)}" if dose else what


@register.simple_tag
def tap_name(tap: Any) -> str:
    """ "Log Cardio, 15 min"."""
    what = STRAND_WORDS[tap.offer.strand]
    if not tap.offer.minutes:
        return gettext("Log %(what)s") % {"what": what}
    return gettext("Log %(what)s, %(minutes)s") % {"what": what, "minutes": minutes(tap.offer.minutes)}


@register.simple_tag
def check_in_fields(questions: Iterable[Any]) -> SafeString:
    """``queries.check_in.Question`` as groups of buttons. A pressed answer, pressed again, is taken back."""
    return mark_safe("".join(_fieldset(question) for question in questions))  # noqa: S308  escaped below


def _fieldset(question: Any) -> str:
    buttons = "".join(
        f'<button class="btn btn-quiet" name="{question.name}" value="{"" if pressed else escape(value)}" '
        f'aria-pressed="{"true" if pressed else "false"}">{escape(word)}</button>'
        for value, word in question.choices
        for pressed in [value == question.answer]
    )
    return (
        f'<fieldset><legend>{escape(question.label)}</legend><div class="actions">{buttons}</div></fieldset>'
    )
