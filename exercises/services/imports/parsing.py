"""The rows of a copy, checked one by one: what is not exactly what a copy has is refused, with its place."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models

from exercises import days
from exercises.models.people import validate_zone
from exercises.queries.record_table import TEENS_OWN, Section

# Gives the row that a value in the file names; raises ``KeyError`` for an unknown one.
Find = Callable[[type[models.Model], Any], models.Model]


class Unreadable(Exception):
    """The file is not a copy that can be taken in; says why, and where in the file."""


def expect(right: bool, where: str, why: str) -> None:
    if not right:
        raise Unreadable(f"{where}: {why}")


def part(copy: Mapping[str, Any], name: str, kind: type[Any], where: str = "the file") -> Any:
    """A value of this kind under this name."""
    value = copy.get(name)
    expect(type(value) is kind, where, f"“{name}” is missing or not what it should be")
    return value


def check_keys(raw: Any, wanted: set[str], where: str) -> None:
    expect(isinstance(raw, dict), where, "not an object")
    expect(not wanted - set(raw), where, f"“{min(wanted - set(raw), default='')}” is missing")
    expect(not set(raw) - wanted, where, "there is something in it that this version does not know")


def check_texts(value: Any, where: str = "the file") -> None:
    """No text, however deep, that a database cannot keep."""
    match value:
        case str():
            fits = "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
            expect(fits, where, "a text holds a character that cannot be kept")
        case dict():
            for key, one in value.items():
                check_texts(key, where)
                check_texts(one, where)
        case list():
            for one in value:
                check_texts(one, where)


def values(section: Section, raw: Any, find: Find, where: str) -> dict[str, Any]:
    """The fields of one row by name, rows that it names included."""
    names = section.fields()
    keys = (
        {section.key(name) for name in names}
        | set(section.derived)
        | ({"ref"} if section.numbered else set())
    )
    if isinstance(raw, dict):
        # Only the teen's own copy has these.
        raw = dict.fromkeys(section.columns.get(TEENS_OWN, ())) | raw
    check_keys(raw, keys | ({section.inner.name} if section.inner else set()), where)
    return {name: _value(section, name, raw[section.key(name)], find, where) for name in names}


def _value(section: Section, name: str, raw: Any, find: Find, where: str) -> Any:
    field = section.model._meta.get_field(name)
    assert isinstance(field, models.Field)
    where = f"{where}.{section.key(name)}"
    if raw is None:
        expect(field.null, where, "is empty")
        return None
    if isinstance(field, models.ForeignKey):
        return named(field, raw, find, where)
    if isinstance(field, models.JSONField):
        expect(type(raw) is type(field.get_default()), where, "is not what it should be")
    read = next((read for kind, read in READ.items() if isinstance(field, kind)), _as_it_is)
    try:
        value = read(raw)
    except (ValueError, TypeError, OverflowError, AttributeError):
        raise Unreadable(f"{where}: is not what it should be") from None
    # A model holds a long text to no length: the forms do.
    fits = not isinstance(value, str) or field.max_length is None or len(value) <= field.max_length
    expect(fits, where, "is too long")
    return value


def named(field: "models.ForeignKey[Any, Any]", raw: Any, find: Find, where: str) -> models.Model:
    """The row that a value in the file names."""
    try:
        return find(field.remote_field.model, raw)
    except (KeyError, TypeError):
        raise Unreadable(f"{where}: names something that is not in the file") from None


def _instant(raw: Any) -> datetime:
    at = datetime.fromisoformat(raw)
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC)


def _day(raw: Any) -> date:
    day = days.parse_day(raw)
    if day is None:
        raise ValueError
    return day


def _number(raw: Any) -> Decimal:
    """As the column keeps it: what would be rounded there is not from a copy."""
    if type(raw) not in (int, float):
        raise ValueError
    return Decimal(str(raw))


def _exactly(kind: type[Any]) -> Callable[[Any], Any]:
    def read(raw: Any) -> Any:
        if type(raw) is not kind:
            raise ValueError
        return raw

    return read


def _as_it_is(raw: Any) -> Any:
    return raw


READ: dict[type[Any], Callable[[Any], Any]] = {
    models.DateTimeField: _instant,
    models.DateField: _day,
    models.TimeField: time.fromisoformat,
    models.UUIDField: UUID,
    models.BooleanField: _exactly(bool),
    models.IntegerField: _exactly(int),
    models.DecimalField: _number,
    models.CharField: _exactly(str),
    models.TextField: _exactly(str),
}


def checked(row: models.Model, names: Iterable[str], where: str) -> Any:
    """The row, when the fields of these names hold what the app itself would have kept."""
    unasked = [field.name for field in row._meta.fields if field.is_relation or field.name not in names]
    try:
        row.clean_fields(exclude=unasked)
    except ValidationError as error:
        raise Unreadable(f"{where}.{min(error.message_dict)}: is not what it should be") from None
    return row


@lru_cache(maxsize=64)
def is_zone(name: str) -> bool:
    """The list of zones is read from the disk: once for each, not for each session."""
    try:
        validate_zone(name)
    except ValidationError:
        return False
    return True
