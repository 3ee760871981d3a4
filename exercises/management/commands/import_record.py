"""Takes in the file that "Take a copy" gives, for people whose accounts an administrator has made."""

import json
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exercises.models import User
from exercises.services.imports import import_record
from exercises.services.imports.parsing import Unreadable


class Command(BaseCommand):
    help = "Takes the copy of a record (docs/export.md) into an installation that has no record yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a complete copy: a teen's, or a therapist's")
        parser.add_argument("--teen", metavar="USERNAME", help="who is the teen of the record here")
        for role in ("parent", "therapist"):
            parser.add_argument(
                f"--{role}",
                metavar="USERNAME",
                action="append",
                default=[],
                help=f"who takes the place of a {role} of the copy's team; again for the next one",
            )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        teen = _person(options["teen"]) if options["teen"] else None
        parents = [_person(name) for name in options["parent"]]
        therapists = [_clinician(name) for name in options["therapist"]]
        if not (teen or parents or therapists):
            raise CommandError("Name at least one person: a record that nobody can see helps nobody.")
        try:
            done = import_record(copy=_read(file), teen=teen, parents=parents, therapists=therapists)
        except Unreadable as error:
            raise CommandError(f"Nothing was taken in. {error}.") from error
        self.stdout.write(f"Taken in: {done.days} days, {done.sessions} sessions.")
        self.stdout.write(f"{done.strangers} people came as a role and a name: they have no account here.")
        self.stdout.write(f"Open it: /patients/{done.patient.code}/")


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"), parse_constant=_refuse)
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError("Nothing was taken in. The file is not JSON, or it was cut off.") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _person(username: str) -> User:
    user = User.objects.filter(username__iexact=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no account named {username}. Make it in the admin first.")
    return user


def _clinician(username: str) -> User:
    """Of anybody else no second step would be asked at sign-in."""
    user = _person(username)
    if not user.is_clinician:
        raise CommandError(f"{username} is no clinician. Say so in the admin first.")
    return user
