"""Django's ``migrate``, after SQLite's journal was put into the mode that loses nothing.

Not a ``pre_migrate`` signal: ``migrate`` first runs the checks, and they refuse a file in another mode, as
every new file is where WAL is the mode to be in.
"""

from typing import Any

from django.core.management.commands import migrate

from exercises.checks import set_journal_mode


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        if not (options["check_unapplied"] or options["plan"]):
            set_journal_mode(using=options["database"])
        return super().execute(*args, **options)
