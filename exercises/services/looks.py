"""Who looked: one row for each person, record, kind of page and hour."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import Error, connection, transaction

from exercises import security
from exercises.access import Viewer
from exercises.models import AccessRecord

LOGGER = logging.getLogger("amps.looks")
# A page never waits longer than this for its trace.
PATIENCE_MS = 200
# Traces that this process knows to be written, by (person, record, kind, hour).
MOST_REMEMBERED = 20_000
_written: set[tuple[int, int, str, datetime]] = set()


def note_look(*, viewer: Viewer, kind: str, now: datetime) -> None:
    """Called when a page has been answered: a failure is logged, and shown to nobody."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    person, record = viewer.user.pk, viewer.patient.pk
    if (person, record, kind, hour) in _written:
        return
    seen_as = viewer.entered_as
    facts = {"user": person, "patient": record, "kind": kind, "seen_as": seen_as}
    try:
        _write(AccessRecord(user_id=person, patient_id=record, kind=kind, hour=hour, seen_as=seen_as))
    except Error as error:
        LOGGER.error("a look was not written: %s", type(error).__name__)
        security.note("look_not_written", **facts)
        return
    security.note("record_read", **facts)
    _remember((person, record, kind, hour))


def forget() -> None:
    """What is remembered belongs to one database: tests start without."""
    _written.clear()


def _remember(look: tuple[int, int, str, datetime]) -> None:
    if len(_written) >= MOST_REMEMBERED:
        _written.clear()
    _written.add(look)


def _write(look: AccessRecord) -> None:
    with _patience[connection.vendor]():
        AccessRecord.objects.bulk_create([look], ignore_conflicts=True)


@contextmanager
def _sqlite() -> Iterator[None]:
    """The wait for the file belongs to the connection, so it is put back."""
    usual = int(connection.settings_dict["OPTIONS"]["timeout"] * 1000)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            with transaction.atomic():
                yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


@contextmanager
def _postgresql() -> Iterator[None]:
    """``SET LOCAL`` ends with the transaction; put back all the same, for one inside another."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {PATIENCE_MS}; SET LOCAL statement_timeout = {PATIENCE_MS}")
        yield
        cursor.execute("SET LOCAL lock_timeout = DEFAULT; SET LOCAL statement_timeout = DEFAULT")


_patience = {"sqlite": _sqlite, "postgresql": _postgresql}
