"""What stays of an erased record: enough to know its code again, too little to know anything else.

Kept in the database, and in a file that no backup of the database takes back in time.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings

from exercises import days
from exercises.models import Patient, Tombstone

LINE = re.compile(r"amps-tombstone 1 ([0-9a-f]{32}) ([0-9a-f]{64}) (\d{4}-\d\d-\d\d) ([a-z]+|-)")


@dataclass(frozen=True, slots=True)
class Stone:
    salt: str
    digest: str
    day: date
    asked_as: str

    @property
    def line(self) -> str:
        return f"amps-tombstone 1 {self.salt} {self.digest} {self.day} {self.asked_as or '-'}\n"


def new_stone(code: UUID, *, day: date, asked_as: str) -> Stone:
    salt = secrets.token_hex(16)
    return Stone(salt, _digest(salt, code), day, asked_as)


def keep(stone: Stone) -> None:
    """In the database; one that is there already stays as it is."""
    Tombstone.objects.get_or_create(
        digest=stone.digest, defaults={"salt": stone.salt, "day": stone.day, "asked_as": stone.asked_as}
    )


def stones() -> set[Stone]:
    """Those of the database and those of the file."""
    return _in_database() | _in_file()


def forgotten() -> list[tuple[Patient, Stone]]:
    """Records that are here although they were erased: somebody restored a backup, or brought in a copy."""
    known = stones()
    pairs = ((patient, stone_of(patient.code, known)) for patient in Patient.objects.iterator())
    return [(patient, stone) for patient, stone in pairs if stone]


def stone_of(code: UUID, known: set[Stone]) -> Stone | None:
    """The one among ``known`` that was set for the record with this code."""
    return next((stone for stone in known if stone.digest == _digest(stone.salt, code)), None)


def not_in_file() -> list[Stone]:
    return sorted(_in_database() - _in_file(), key=lambda stone: (stone.day, stone.digest))


def write_to_file() -> int:
    """Adds those that only the database has; on the disk before this returns."""
    new = not_in_file()
    if new:
        handle = os.open(_path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "ab") as file:
            # A line that was cut off stays a line of its own, which is no tombstone.
            file.write(("\n" + "".join(stone.line for stone in new)).encode())
            file.flush()
            os.fsync(file.fileno())
    return len(new)


def _digest(salt: str, code: UUID) -> str:
    return hashlib.sha256(f"{salt}{code}".encode()).hexdigest()


def _in_database() -> set[Stone]:
    return {Stone(*row) for row in Tombstone.objects.values_list("salt", "digest", "day", "asked_as")}


def _in_file() -> set[Stone]:
    return set(_parse(_path().read_text(errors="replace"))) if _path().exists() else set()


def _parse(text: str) -> Iterator[Stone]:
    for match in LINE.finditer(text):
        day = days.parse_day(match[3])
        if day:
            yield Stone(match[1], match[2], day, match[4].removeprefix("-"))


def _path() -> Path:
    return settings.TOMBSTONES
