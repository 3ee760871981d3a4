from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exercises.services import audit


class Command(BaseCommand):
    help = (
        "Proves every day's totals against its sessions, which are the truth, and which program judges it. "
        "Exits with 1 where they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="write what sessions and programs say")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        found = audit.check_totals(repair=repair)
        for line in found.differences:
            self.stdout.write(line)
        counts = f"{found.days} days checked, {len(found.differences)} different"
        if found.differences and not repair:
            raise CommandError(f"{counts}. Run check_totals --repair.")
        self.stdout.write(f"{counts}{', all repaired' if found.differences else ''}.")
