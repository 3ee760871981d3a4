"""What was erased is gone from the database's files, too, not only from its tables."""

from datetime import date, timedelta

from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

from exercises.models import Tombstone

# A night on which the files could not be rewritten is made up for by the next ones.
NIGHTS = 3
# PostgreSQL: rather fail tonight than stand in front of everybody behind a long backup.
PATIENCE = "5s"


def is_due(today: date) -> bool:
    """Something was erased in the last nights."""
    return Tombstone.objects.filter(day__gt=today - timedelta(days=NIGHTS)).exists()


def rewrite_files() -> int:
    """1 when the files were written anew; 0 inside a transaction, where no database can."""
    if connection.in_atomic_block:
        return 0
    with connection.cursor() as cursor:
        _rewrite[connection.vendor](cursor)
    return 1


def _sqlite(cursor: CursorWrapper) -> None:
    cursor.execute("VACUUM")
    # Empties the write-ahead log where there is one; otherwise it does nothing, and says that it is not busy.
    busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise OperationalError("The write-ahead log is in use: it was not emptied.")


def _postgresql(cursor: CursorWrapper) -> None:
    """``FULL`` writes each table anew: a plain one leaves old bytes in its pages."""
    tables = [*connection.introspection.django_table_names(only_existing=True), "cache"]
    cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
    try:
        for table in tables:
            cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
    finally:
        cursor.execute("RESET lock_timeout")


_rewrite = {"sqlite": _sqlite, "postgresql": _postgresql}
