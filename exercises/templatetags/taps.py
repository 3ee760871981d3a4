"""The one-tap form. Today holds a dozen of them, so each is a joined string and not a template."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from exercises.words import STRAND_SHORT, STRAND_WORDS

from .marks import minutes

register = template.Library()

# What one of two taps has of its own.
OF_EACH = ("id", "slot", "activity")
SWAP = mark_safe(
    'data-hx-boost="true" data-hx-push-url="false" data-hx-target="#main" data-hx-select="#main" '
    'data-hx-select-oob="#toast:innerHTML" data-hx-swap="outerHTML"'
)
# The same, and the page stays where it is: for a form that is pressed several times in a row.
SWAP_IN_PLACE = mark_safe(
    'data-hx-boost="true" data-hx-push-url="false" data-hx-target="#main" data-hx-select="#main" '
    'data-hx-select-oob="#toast:innerHTML" data-hx-swap="outerHTML show:none"'
)


@register.simple_tag
def swap(in_place: bool = False) -> SafeString:
    """Attributes of a form that comes back to the page it stands on: with htmx nothing reloads."""
    return SWAP_IN_PLACE if in_place else SWAP


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


@register.simple_tag(takes_context=True)
def two_form(context: RequestContext, taps: Iterable[Any], next: str = "today") -> SafeString:
    """A form with one button that logs two of a kind. Of the second only what tells it from the first is
    named, with a 2 behind it."""
    first, second = taps
    own = {f"{name}_2": value for name, value in _fields(second).items() if name in OF_EACH}
    fields = {**_fields(first), "ask_again": "", **own, "next": next}
    hidden = hidden_fields(csrfmiddlewaretoken=context["csrf_token"], **fields)
    label = gettext("Log 2 · %(minutes)s each") % {"minutes": minutes(first.offer.minutes)}
    url = reverse("sessions-two", args=[context["viewer"].patient.code])
    return mark_safe(  # noqa: S308  every part is escaped or ours
        f'<form method="post" action="{url}" {SWAP}>{hidden}'
        f'<button class="btn btn-secondary">{escape(label)}</button></form>'
    )


@register.simple_tag
def touch_words(touch: Any, slot: str) -> str:
    """What stands beside today's circles: what was done, and when the next one belongs. Before the first one
    no number is said; empty where the circles' own words fit."""
    if slot and touch.shown:
        return gettext("%(n)d done · next: %(slot)s") % {"n": touch.shown, "slot": slot}
    if slot:
        return gettext("next: %(slot)s") % {"slot": slot}
    return gettext("not yet") if touch.aim and not touch.shown else ""


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
        "texture": offer.rung and offer.rung.texture,
        "source": "tap",
        "ask_again": 1,
    }


def _short_name(tap: Any) -> str:
    what = gettext("All exercises") if tap.offer.whole_list else str(STRAND_SHORT[tap.offer.strand])
    dose = tap.offer.minutes
    return f"{what} · {minutes(dose)}" if dose else what


@register.simple_tag
def tap_name(tap: Any) -> str:
    """ "Log Cardio, 15 min"."""
    what = gettext("all exercises") if tap.offer.whole_list else STRAND_WORDS[tap.offer.strand]
    if not tap.offer.minutes:
        return gettext("Log %(what)s") % {"what": what}
    return gettext("Log %(what)s, %(minutes)s") % {"what": what, "minutes": minutes(tap.offer.minutes)}


@register.simple_tag
def check_in_fields(questions: Iterable[Any]) -> SafeString:
    """``queries.check_in.Question`` as groups of buttons. A pressed answer, pressed again, is taken back."""
    return mark_safe("".join(_fieldset(question) for question in questions))  # noqa: S308  escaped below


@register.simple_tag
def sleep_fields(sleep: Any, form: Any = None) -> SafeString:
    """``queries.check_in.Sleep`` as two boxes; ``form``: one that came back, with what was typed."""
    boxes = "".join(
        _time_box(name, label, stored, form)
        for name, label, stored in (
            ("bed_at", gettext("To bed at"), sleep.bed_at),
            ("up_at", gettext("Up at"), sleep.up_at),
        )
    )
    return mark_safe(  # noqa: S308  every part is escaped or ours
        f'<fieldset><legend>{escape(gettext("The night before"))}</legend><div class="actions">{boxes}'
        f'<button class="btn btn-quiet" id="save-sleep">{escape(gettext("Save the times"))}</button>'
        "</div></fieldset>"
    )


def _time_box(name: str, label: str, stored: time | None, form: Any) -> str:
    sent = bool(form) and name in form.data
    value = form.data[name] if sent else f"{stored:%H:%M}" if stored else ""
    wrong = " ".join(map(str, form.errors.get(name, ()))) if sent else ""
    style = "form-control is-invalid" if wrong else "form-control"
    marks = f' aria-invalid="true" aria-describedby="{name}-wrong"' if wrong else ""
    told = f'<span class="invalid-feedback" id="{name}-wrong">{escape(wrong)}</span>' if wrong else ""
    return (
        f'<label class="time-box">{escape(label)} <input class="{style}" type="time" id="{name}" '
        f'name="{name}" value="{escape(value)}"{marks}>{told}</label>'
    )


def _fieldset(question: Any) -> str:
    # The id lets the focus stay on the button that was pressed when its page is swapped.
    buttons = "".join(
        f'<button class="btn btn-quiet" id="{question.name}-{escape(value)}" name="{question.name}" '
        f'value="{"" if pressed else escape(value)}" '
        f'aria-pressed="{"true" if pressed else "false"}">{escape(word)}</button>'
        for value, word in question.choices
        for pressed in [value == question.answer]
    )
    return (
        f'<fieldset><legend>{escape(question.label)}</legend><div class="actions">{buttons}</div></fieldset>'
    )
