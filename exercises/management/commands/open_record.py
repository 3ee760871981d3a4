"""Opens a patient's record from the command line, for people whose accounts an administrator has made."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from exercises.models import User
from exercises.models.choices import KeptBy, Role
from exercises.services.records import open_record


class Command(BaseCommand):
    help = "Opens a record: a name to show, a time zone, and the usernames of those who may see it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name shown")
        parser.add_argument("--zone", required=True, help="the patient's time zone, like America/Chicago")
        parser.add_argument("--teen", metavar="USERNAME")
        parser.add_argument("--parent", metavar="USERNAME", action="append", default=[])
        parser.add_argument("--therapist", metavar="USERNAME", action="append", default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        team = {
            Role.PATIENT.value: self._people([options["teen"]] if options["teen"] else []),
            Role.PARENT.value: self._people(options["parent"]),
            Role.THERAPIST.value: [self._clinician(username) for username in options["therapist"]],
        }
        if not any(team.values()):
            raise CommandError("Name at least one person: a record that nobody can see helps nobody.")
        kept_by = KeptBy.CLINIC if team[Role.THERAPIST.value] else KeptBy.FAMILY
        try:
            patient = open_record(
                name=options["name"],
                zone=options["zone"],
                kept_by=kept_by,
                team=team,
                # Whoever runs this knows the family: nobody is asked whether it is AMPS.
                told_at=timezone.now(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Opened: /patients/{patient.code}/")

    def _people(self, usernames: list[str]) -> list[User]:
        return [self._person(username) for username in usernames]

    def _person(self, username: str) -> User:
        user = User.objects.filter(username__iexact=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no account named {username}. Make it in the admin first.")
        return user

    def _clinician(self, username: str) -> User:
        """Of anybody else no second step would be asked at sign-in."""
        user = self._person(username)
        if not user.is_clinician:
            raise CommandError(f"{username} is no clinician. Say so in the admin first.")
        return user
