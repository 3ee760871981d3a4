"""The boxes of the program's editor, drawn like the marks: a program has hundreds of them, so they are joined
strings, not templates."""

import html
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from ..adherence import PRONG_OF
from ..forms.ladder import LadderRows
from ..forms.program_items import REMOVED, USUAL_DOSE, ItemForm, ItemRow, ItemRows, area_choices
from ..models.choices import Pressure, Side, Texture
from ..words import STRAND_SHORT

register = template.Library()


def _safe(text: str) -> SafeString:
    return mark_safe(text)  # noqa: S308  every part is escaped where it is joined


def escape(text: object) -> str:
    """As Django's, without asking each time whether the text is lazy."""
    return html.escape(str(text))


# --- one box of the form -----------------------------------------------------------------------------------


@register.simple_tag
def box(bound: BoundField) -> SafeString:
    """A number or a day, with its label, its help and what is wrong with it."""
    field, errors = bound.field, _errors(bound)
    value = bound.value()
    attrs = {"name": bound.html_name, "value": "" if value is None else str(value)}
    attrs |= {"id": bound.auto_id, "class": "form-control", **field.widget.attrs}
    attrs |= {"type": "number", "inputmode": "numeric"} if "min" in attrs else {}
    return _safe(_labelled(bound, f"<input{_flat(attrs, bound.auto_id, bool(bound.help_text), errors)}>"))


def _errors(bound: BoundField) -> list[str]:
    return [str(error) for error in bound.errors] if getattr(bound.form, "is_checked", True) else []


def _labelled(bound: BoundField, drawn: str) -> str:
    return (
        f'<div class="col"><label class="form-label" for="{bound.auto_id}">{escape(bound.label)}</label>'
        f"{drawn}{_under(bound.auto_id, str(bound.help_text), _errors(bound))}</div>"
    )


def _flat(attrs: dict[str, Any], box_id: str, has_help: bool, errors: list[str]) -> str:
    described = [attrs.pop("aria-describedby", "")]
    described += [f"{box_id}_help"] if has_help else []
    if errors:
        described.append(f"{box_id}_error")
        attrs |= {"aria-invalid": "true", "class": f"{attrs['class']} is-invalid"}
    if any(described):
        attrs["aria-describedby"] = " ".join(filter(None, described))
    return "".join(f' {name}="{escape(value)}"' for name, value in attrs.items())


def _under(box_id: str, help_text: str, errors: Iterable[str]) -> str:
    wrong = " ".join(escape(error) for error in errors)
    return (f'<div class="form-text" id="{box_id}_help">{escape(help_text)}</div>' if help_text else "") + (
        f'<p class="invalid-feedback" id="{box_id}_error">{wrong}</p>' if wrong else ""
    )


@register.simple_tag
def chooser(bound: BoundField) -> SafeString:
    """A choice as radio buttons, or several as checkboxes."""
    kind = "checkbox" if bound.field.widget.allow_multiple_selected else "radio"
    value = bound.value()
    chosen = {str(one) for one in (value or ())} if kind == "checkbox" else {str(value or _usual(bound))}
    checks = "".join(
        _check(bound, kind, index, str(key), str(label), str(key) in chosen)
        for index, (key, label) in enumerate(_choices(bound))
    )
    return _safe(
        f'<fieldset><legend class="form-label">{escape(bound.label)}</legend>'
        f'<div class="choices">{checks}</div>'
        f"{_under(bound.auto_id, str(bound.help_text), _errors(bound))}</fieldset>"
    )


def _choices(bound: BoundField) -> Iterable[tuple[Any, Any]]:
    choices: Iterable[tuple[Any, Any]] = bound.field.choices  # type: ignore[attr-defined]
    return choices


def _usual(bound: BoundField) -> str:
    return getattr(bound.field, "usual", "")


def _check(bound: BoundField, kind: str, index: int, key: str, label: str, checked: bool) -> str:
    own = f"{bound.auto_id}_{index}"
    return (
        f'<div class="form-check form-check-inline"><input type="{kind}" class="form-check-input" id="{own}"'
        f' name="{bound.html_name}" value="{escape(key)}"{" checked" if checked else ""}>'
        f'<label class="form-check-label" for="{own}">{escape(label)}</label></div>'
    )


@register.simple_tag
def picker(bound: BoundField) -> SafeString:
    """A choice as a list to pick from."""
    options = _options(_choices(bound), str(bound.value() or ""))
    attrs = {"name": bound.html_name, "id": bound.auto_id, "class": "form-select"}
    drawn = f"<select{_flat(attrs, bound.auto_id, False, _errors(bound))}>{options}</select>"
    return _safe(_labelled(bound, drawn))


def _options(choices: Iterable[tuple[Any, Any]], chosen: str) -> str:
    return "".join(
        f'<option value="{escape(key)}"{" selected" if str(key) == chosen else ""}>{escape(label)}</option>'
        for key, label in choices
    )


# --- the activities ----------------------------------------------------------------------------------------


@register.simple_tag
def item_rows(rows: ItemRows, focus: str = "") -> SafeString:
    """``focus``: the value of the button that has the focus."""
    return _safe("".join(_row(row, rows.areas, focus) for row in rows.rows))


def _row(row: ItemRow, areas: Iterable[str], focus: str) -> str:
    """All of it is there in a row that was taken out too, unseen."""
    place = row.number
    prefix, prong = f"items-{place}", PRONG_OF[row.activity.strand] if row.activity else ""
    strand = STRAND_SHORT[row.activity.strand] if row.activity else ""
    return (
        f'<li class="item-row {prong}" data-row="{place}">'
        f'<input type="hidden" name="{prefix}-activity" value="{escape(row.typed["activity"])}">'
        f'<input type="hidden" name="{prefix}-{REMOVED}" value="{"on" if row.removed else ""}">'
        f'<div class="row-gone"{"" if row.removed else " hidden"}><p>{_gone(row)}</p>'
        f"{_command('back', place, gettext('Put it back'), row, focus)}</div>"
        f'<div class="row-body"{" hidden" if row.removed else ""}>'
        f'<div class="row-head"><p><b>{escape(row.name)}</b> <span class="quiet">{escape(strand)}</span></p>'
        f'<div class="row-tools">{_command("up", place, "↑", row, focus)}'
        f"{_command('down', place, '↓', row, focus)}"
        f"{_command('out', place, gettext('Take out'), row, focus)}</div></div>"
        f'{_row_errors(row)}<div class="row">{_dose(row, prefix, areas)}</div>'
        f'<div class="swaps">{_swaps(row, place)}</div></div></li>'
    )


def _gone(row: ItemRow) -> str:
    return escape(gettext("%(name)s is taken out.") % {"name": row.name})


@lru_cache(maxsize=64)
def _spoken(what: str, language: str | None) -> str:
    said = {
        "up": gettext("Move up: %(name)s"),
        "down": gettext("Move down: %(name)s"),
        "out": gettext("Take out: %(name)s"),
        "back": gettext("Put back: %(name)s"),
    }
    return said[what]


def _command(what: str, place: int, label: str, row: ItemRow, focus: str) -> str:
    value = f"{what}-{place}"
    spoken = escape(_spoken(what, get_language()) % {"name": row.name})
    return (
        f'<button class="btn btn-quiet" name="row" value="{value}" aria-label="{spoken}" formnovalidate'
        f"{' autofocus' if value == focus else ''}>{escape(label)}</button>"
    )


def _row_errors(row: ItemRow) -> str:
    wrong = row.errors.get("activity", ())
    return "".join(f'<p class="invalid-feedback">{escape(error)}</p>' for error in wrong)


def _swaps(row: ItemRow, place: int) -> str:
    words = {"easier": gettext("Easier: %(name)s"), "harder": gettext("Harder: %(name)s")}
    return "".join(
        f'<button class="btn btn-link" name="row" value="swap-{place}-{other.pk}" formnovalidate>'
        f"{escape(words[name] % {'name': other.name})}</button>"
        for name, other in row.neighbours.items()
    )


def _dose(row: ItemRow, prefix: str, areas: Iterable[str]) -> str:
    return "".join(_dose_box(row, prefix, name, areas) for name in row.boxes)


def _dose_box(row: ItemRow, prefix: str, name: str, areas: Iterable[str]) -> str:
    own, typed, errors = f"id_{prefix}-{name}", row.typed.get(name, ""), row.errors.get(name, [])
    label, width, attrs = _looks(name, get_language())
    if name == "hold_seconds" and row.typed.get("reps"):
        label = gettext("Hold, seconds")
    attrs = {"name": f"{prefix}-{name}", "value": typed, "id": own, "class": "form-control"} | attrs
    if name in ("side", "body_area"):
        choices = Side.choices if name == "side" else area_choices(areas)
        attrs["class"] = "form-select"
        del attrs["value"]
        options = _options([("", "—"), *choices], typed)
        drawn = f"<select{_flat(attrs, own, False, errors)}>{options}</select>"
    else:
        drawn = f"<input{_flat(attrs, own, False, errors)}>"
    return (
        f'<div class="col {width}"><label class="form-label" for="{own}">{escape(label)}</label>'
        f"{drawn}{_under(own, '', errors)}</div>"
    )


@lru_cache(maxsize=64)
def _looks(name: str, language: str | None) -> tuple[str, str, dict[str, Any]]:
    """Label, width and attributes of a box of the dose."""
    field = ItemForm.base_fields[name]
    label = {
        "sets": gettext("Sets"),
        "reps": pgettext("repetitions of an exercise", "Times"),
        "hold_seconds": gettext("Seconds"),
        "minutes": gettext("Minutes"),
        "side": gettext("Side"),
        "body_area": gettext("Body area"),
    }.get(name) or str(field.label)
    numbers = {"type": "number", "inputmode": "numeric", "min": "1"}
    attrs = numbers if name in USUAL_DOSE else {**field.widget.attrs}
    width = "broad" if name == "words" else "narrow"
    return label, width, attrs


# --- the ladder --------------------------------------------------------------------------------------------


@register.simple_tag
def ladder_rows(ladder: LadderRows, focus: str = "") -> SafeString:
    return _safe("".join(_step(place, step, focus) for place, step in enumerate(ladder.steps)))


@register.simple_tag
def empty_step() -> SafeString:
    """For the script, which numbers it."""
    return _safe(_step(0, ("", Pressure.LIGHT.value), ""))


def _step(place: int, step: tuple[str, str], focus: str) -> str:
    texture, pressure = step
    return (
        f'<li class="step-row"><div class="row">'
        f'<select class="form-select" name="ladder_texture" aria-label="{escape(gettext("Texture"))}">'
        f"{_options([('', '—'), *Texture.choices], texture)}</select>"
        f'<select class="form-select" name="ladder_pressure" aria-label="{escape(gettext("How firmly"))}">'
        f"{_options(Pressure.choices, pressure)}</select></div>"
        f'<div class="row-tools">{_step_command("up", place, gettext("Step up"), "↑", focus)}'
        f"{_step_command('down', place, gettext('Step down'), '↓', focus)}"
        f"{_step_command('out', place, gettext('Take the step out'), '×', focus)}</div></li>"
    )


def _step_command(what: str, place: int, spoken: str, label: str, focus: str) -> str:
    value = f"{what}-{place}"
    return (
        f'<button class="btn btn-quiet" name="step" value="{value}" aria-label="{escape(spoken)}"'
        f" formnovalidate{' autofocus' if value == focus else ''}>{label}</button>"
    )
