"""Which SQLite modes lose no acknowledged commit. Standard library only: settings import it.

WAL with FULL and DELETE with EXTRA are the two that survive a power cut; WAL only on a library with the fix
for two connections checkpointing at once (3.51.3, 3.53.0, back-ported to 3.44.6 and 3.50.7).
"""

import sqlite3
from dataclasses import dataclass

# What `PRAGMA synchronous` reads back.
SYNCHRONOUS_LEVELS = {"FULL": 2, "EXTRA": 3}


@dataclass(frozen=True, slots=True)
class Mode:
    journal: str
    synchronous: str


def wal_is_fixed(version: tuple[int, int, int]) -> bool:
    if version >= (3, 53, 0):
        return True
    fixed_in_line = {(3, 51): 3, (3, 50): 7, (3, 44): 6}
    patch = fixed_in_line.get(version[:2])
    return patch is not None and version[2] >= patch


def choose(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> Mode:
    return Mode("wal", "FULL") if wal_is_fixed(version) else Mode("delete", "EXTRA")


def options(mode: Mode) -> dict[str, object]:
    """Django's OPTIONS, without the journal mode: ``migrate`` changes that, with no server running."""
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": f"PRAGMA synchronous={mode.synchronous}; PRAGMA secure_delete=ON;",
    }
