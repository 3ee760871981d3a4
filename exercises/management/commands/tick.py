from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from exercises.services.tick import tick


class Command(BaseCommand):
    help = (
        "The nightly job: erases what is due, and deletes what is kept for a time only. Safe to run again, "
        "and on several machines at once. Exits with 1 where something went wrong, and says what."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what waits to be done")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        wrong = []
        for done in tick(now=timezone.now(), dry_run=dry_run):
            self.stdout.write(f"{done.name}: {done.count}{done.error and f'; {done.error}'}")
            if done.error:
                wrong.append(done.name)
        if wrong:
            raise CommandError(f"Went wrong, the rest was done: {', '.join(wrong)}.")
