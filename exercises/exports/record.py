"""A copy of a record as one JSON file. ``docs/export.md`` says what is in it, field by field."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from exercises.access import Viewer
from exercises.models import Activity, Patient, ProgramItem, RoutineSlot, User
from exercises.queries import record, record_table
from exercises.queries.record import Row
from exercises.queries.record_table import Section

# Up to this size a copy is built in memory.
SMALL = 1024 * 1024


class Numbers(dict[int, int]):
    """What rows are called in the file: 1, 2, 3 … in the order in which it first names them."""

    def of(self, pk: int | None) -> int | None:
        return None if pk is None else self.setdefault(pk, len(self) + 1)


class _Refs:
    """The numbers of everything that other rows name by a number."""

    def __init__(self) -> None:
        self.by_model: dict[Any, Numbers] = {
            model: Numbers() for model in (User, Activity, RoutineSlot, ProgramItem)
        }
        self.known: dict[type[Model], dict[str, Numbers]] = {}

    def __getitem__(self, model: type[Model]) -> Numbers:
        return self.by_model[model]

    def columns(self, section: Section) -> dict[str, Numbers]:
        """The columns of a section that hold such numbers, by their key in the file."""
        if section.model not in self.known:
            self.known[section.model] = dict(self._columns(section))
        return self.known[section.model]

    def _columns(self, section: Section) -> Iterator[tuple[str, Numbers]]:
        for name in section.fields():
            target = section.model._meta.get_field(name).related_model
            if target in self.by_model:
                yield section.key(name), self.by_model[target]


def record_file(viewer: Viewer) -> IO[bytes]:
    """The whole file, ready to be read from its start, and to be closed. It waits in memory, or on the disk
    where it is large: a slow reader keeps no connection busy, and an error comes before the first byte."""
    file: IO[bytes] = BytesIO()
    with transaction.atomic(), ExitStack() as on_error:
        on_error.callback(lambda: file.close())
        # One moment for all of it: what writes to a log takes this lock first.
        Patient.objects.select_for_update().get(pk=viewer.patient.pk)
        for piece in pieces(viewer):
            file.write(piece.encode())
            if isinstance(file, BytesIO) and file.tell() > SMALL:
                file = _on_disk(file)
        on_error.pop_all()
    file.seek(0)
    return file


def _on_disk(small: BytesIO) -> IO[bytes]:
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115  # closed by who reads it
    file.write(small.getvalue())
    return file


def pieces(viewer: Viewer) -> Iterator[str]:
    """The text of the file, a row at a time."""
    refs = _Refs()
    head = {
        "schema": record_table.SCHEMA,
        "version": record_table.VERSION,
        "made_at": timezone.now(),
        "made_for": viewer.entered_as,
        "complete": record.is_complete(viewer),
    }
    yield "{\n" + ",\n".join(f'"{key}": {_text(value)}' for key, value in head.items())
    for section in record_table.SECTIONS:
        if viewer.may(section.right):
            written = (_text(_values(section, row, refs)) for row in record.rows(viewer, section))
            yield from (
                _single(section, written) if section is record_table.RECORD else _list(section.name, written)
            )
    yield from _list("activities", map(_text, _activities(refs)))
    yield from _list("people", map(_text, _people(viewer, refs)))
    yield "\n}\n"


def _single(section: Section, written: Iterator[str]) -> Iterator[str]:
    yield f',\n"{section.name}": {next(written)}'


def _list(name: str, written: Iterator[str]) -> Iterator[str]:
    """One row a line, so that two copies can be compared line by line."""
    yield f',\n"{name}": ['
    for number, row in enumerate(written):
        yield f"{',' if number else ''}\n {row}"
    yield "\n]"


def _values(section: Section, row: Row, refs: _Refs) -> dict[str, Any]:
    """A row as it stands in the file: numbers for what it names, and its own first where others name it."""
    values = dict(row.values)
    for key, numbers in refs.columns(section).items():
        if key in values:
            values[key] = numbers.of(values[key])
    if section.name == "changes" and row.values["subject"] == "session":
        values |= {key: _snapshot(values[key], refs) for key in ("before", "after")}
    if section.numbered:
        values = {"ref": refs[section.model].of(row.pk), **values}
    if section.inner:
        values[section.inner.name] = [_values(section.inner, one, refs) for one in row.inner]
    return values


def _snapshot(kept: dict[str, Any], refs: _Refs) -> dict[str, Any]:
    """What a change keeps of a session names activities, slots and items by their keys in the database."""
    named = {}
    for key, model in record_table.SNAPSHOT.items():
        if key in kept:
            value, numbers = kept[key], refs[model]
            named[key] = [numbers.of(pk) for pk in value] if isinstance(value, list) else numbers.of(value)
    return kept | named


def _activities(refs: _Refs) -> Iterator[dict[str, Any]]:
    numbers = refs[Activity]
    found = record.activities(numbers)
    for pk, number in list(numbers.items()):
        values = found[pk]
        if "owner" in values:
            values["owner"] = refs[User].of(values["owner"])
            # What else there is in a therapist's catalogue is nothing for the copy of a record.
            values |= {name: numbers.get(values[name]) for name in record_table.OTHERS}
        yield {"ref": number} | values


def _people(viewer: Viewer, refs: _Refs) -> Iterator[dict[str, Any]]:
    numbers = refs[User]
    found = record.people(viewer, numbers)
    for pk, number in numbers.items():
        person = found[pk]
        yield {"ref": number, "role": person.role, "name": person.name, "discipline": person.discipline}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str | float:
    """Instants in UTC, to the microsecond; days, wall times and numbers as they are."""
    match value:
        case Decimal():
            return float(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case UUID():
            return str(value)
    raise TypeError(type(value))
