"""The JSON Schema of a copy of a record, made from the table that the copy itself is made from."""

from typing import Any

from django.db import models

from exercises import access
from exercises.models.choices import Discipline, Pressure, Role, Texture
from exercises.queries import record_table
from exercises.queries.record_table import Section

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DAY = {"type": "string", "format": "date"}
REF = {"type": "integer", "minimum": 1}
# How a field stands in the file; the first that fits.
KINDS: tuple[tuple[type[Any], dict[str, Any]], ...] = (
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, DAY),
    (models.TimeField, {"type": "string", "format": "time"}),
    (models.UUIDField, {"type": "string", "format": "uuid"}),
    (models.BooleanField, {"type": "boolean"}),
    (models.IntegerField, {"type": "integer", "minimum": 0}),
    (models.DecimalField, {"type": "number", "minimum": 0}),
    (models.CharField, {"type": "string"}),
    (models.TextField, {"type": "string"}),
)
DERIVED: dict[str, Any] = {"withdrawn": {"type": "boolean"}, "day": DAY}
STEP = {
    "type": "object",
    "properties": {"texture": {"enum": list(Texture.values)}, "pressure": {"enum": list(Pressure.values)}},
    "required": ["texture", "pressure"],
    "additionalProperties": False,
}
# Named by more than one kind of thing, or of a shape that the field does not say.
OWN_SHAPE: dict[str, dict[str, Any]] = {
    "of": {"type": ["string", "integer", "null"]},
    "body_areas": {"type": "array", "items": {"type": "string"}},
    "touch_areas": {"type": "array", "items": {"type": "string"}},
    "ladder": {"type": "array", "items": STEP},
    "before": {"type": "object"},
    "after": {"type": "object"},
}
# A copy with less has less: only these are in every copy.
ALWAYS = frozenset({access.SEE, access.SEE_TEAM})


def schema() -> dict[str, Any]:
    sections = {section.name: _section(section) for section in record_table.SECTIONS}
    head = {
        "schema": {"const": record_table.SCHEMA},
        "version": {"const": record_table.VERSION},
        "made_at": {"type": "string", "format": "date-time"},
        "made_for": {"enum": list(Role.values)},
        "complete": {"type": "boolean"},
    }
    own, built_in = _row(record_table.OWN), _row(record_table.BUILT_IN)
    named = {
        "activities": {"type": "array", "items": {"oneOf": [built_in, own]}},
        "people": {"type": "array", "items": _person()},
    }
    required = [section.name for section in record_table.SECTIONS if section.right in ALWAYS]
    top = _object(head | sections | named, [*head, *required, *named])
    return {"$schema": DRAFT, "title": "AMPS Tracker: a copy of a record"} | top


def _section(section: Section) -> dict[str, Any]:
    row = _row(section)
    return row if section is record_table.RECORD else {"type": "array", "items": row}


def _row(section: Section) -> dict[str, Any]:
    shapes = {section.key(name): _shape(section, name) for name in section.fields()}
    more: dict[str, Any] = {name: DERIVED[name] for name in section.derived}
    if section.numbered:
        more["ref"] = REF
    if section.inner:
        more[section.inner.name] = {"type": "array", "items": _row(section.inner)}
    always = [section.key(name) for name in section.columns[access.SEE]]
    return _object(shapes | more, [*always, *more])


def _shape(section: Section, name: str) -> dict[str, Any]:
    field = section.model._meta.get_field(name)
    assert isinstance(field, models.Field)
    key = section.key(name)
    shape = OWN_SHAPE.get(key) or _by_kind(field)
    if field.choices:
        values = [value for value, _label in field.flatchoices]
        shape = {"enum": [*([""] if field.blank else []), *values]}
    return {"anyOf": [shape, {"type": "null"}]} if field.null else shape


def _by_kind(field: "models.Field[Any, Any]") -> dict[str, Any]:
    target = field.related_model
    if isinstance(target, type):
        natural = record_table.NATURAL.get(target)
        named = target._meta.get_field(natural) if natural else None
        return _by_kind(named) if isinstance(named, models.Field) else REF
    return next(shape for kind, shape in KINDS if isinstance(field, kind))


def _person() -> dict[str, Any]:
    shapes = {
        "ref": REF,
        "role": {"enum": ["", *Role.values]},
        "name": {"type": "string"},
        "discipline": {"enum": ["", *Discipline.values]},
    }
    return _object(shapes, list(shapes))


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
