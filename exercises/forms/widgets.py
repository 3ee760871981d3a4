from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class QuickSelect(forms.Select):
    """A select drawn in one go: Django renders a template for each option, and a catalogue has sixty."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        shown = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        chosen = set(self.format_value(value))
        return mark_safe(f"<select{shown}>{_options(self.choices, chosen)}</select>")  # noqa: S308  escaped below


def _options(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> str:
    """Options, and groups of options where a choice holds more of them."""
    parts = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            parts.append(f'<optgroup label="{escape(value)}">{_options(label, chosen)}</optgroup>')
        else:
            value = "" if value is None else str(value)
            selected = " selected" if value in chosen else ""
            parts.append(f'<option value="{escape(value)}"{selected}>{escape(label)}</option>')
    return "".join(parts)
