from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exercises.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from exercises.services import demo

MOST_PATIENTS, MOST_DAYS = 1000, 4000


class Command(BaseCommand):
    help = "Fills an empty database with made-up people whose days end today. Demo or development mode only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--patients", type=int, default=24, help="how many are on lee's caseload (24)")
        parser.add_argument(
            "--days", type=int, help="days of each patient; without it each has its own number"
        )
        parser.add_argument("--seed", type=int, default=demo.SEED, help="another number makes other days")
        parser.add_argument(
            "--if-empty", action="store_true", help="leave a database with people in it alone"
        )

    def handle(
        self, *args: Any, patients: int, days: int | None, seed: int, if_empty: bool, **options: Any
    ) -> None:
        if settings.PRODUCTION:
            raise CommandError("A demo has published passwords. Set DEMO=1 (or DEBUG=1) to make one.")
        if not (1 <= patients <= MOST_PATIENTS and (days is None or 1 <= days <= MOST_DAYS)):
            raise CommandError(f"Give 1 to {MOST_PATIENTS} patients and 1 to {MOST_DAYS} days.")
        if not demo.is_empty():
            return self._leave_alone(if_empty)
        filled = demo.fill(patients=patients, days=days, seed=seed)
        self.stdout.write(f"Demo: {filled.patients} patients, {filled.sessions} sessions.")
        self.stdout.write(f"Sign in as {', '.join(DEMO_PEOPLE)} with the password {DEMO_PASSWORD}")
        return None

    def _leave_alone(self, if_empty: bool) -> None:
        text = "There are people in this database already; nothing was changed."
        if not if_empty:
            raise CommandError(text)
        self.stdout.write(text)
