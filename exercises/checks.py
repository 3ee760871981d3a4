"""What must be true before this installation may answer, told by ``manage.py check --database default``."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.utils import timezone

from amps_tracker import storage
from exercises.demo_people import DEMO_PASSWORD, DEMO_PEOPLE
from exercises.models import Erasure
from exercises.words import LOOK_RULES

NIGHTS_FORGOTTEN = timedelta(days=3)


@register(Tags.database)
def storage_keeps_its_word(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Reads the modes back on a live connection: a misplaced option is silently ignored."""
    return [error for alias in databases or () for error in _sqlite_errors(alias)]


def _sqlite_errors(alias: str) -> list[CheckMessage]:
    connection = connections[alias]
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
        return []
    wanted = storage.choose()
    journal, synchronous = read_modes(alias)
    errors: list[CheckMessage] = []
    if journal != wanted.journal:
        errors.append(
            Error(
                f"SQLite's journal mode is {journal}, not {wanted.journal}: saved entries could be lost.",
                hint="Stop the server and run manage.py migrate.",
                id="exercises.E001",
            )
        )
    if synchronous != storage.SYNCHRONOUS_LEVELS[wanted.synchronous]:
        errors.append(
            Error(
                f"SQLite's synchronous level reads {synchronous}, not {wanted.synchronous}.",
                hint="Leave OPTIONS['init_command'] as amps_tracker.storage sets it.",
                id="exercises.E002",
            )
        )
    return errors


def read_modes(alias: str) -> tuple[str, int]:
    """Journal mode and synchronous level of the live connection."""
    with connections[alias].cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
    return str(journal), int(synchronous)


def set_journal_mode(*, using: str) -> None:
    """Called by ``migrate`` only: with another connection open SQLite refuses the change."""
    connection = connections[using]
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA journal_mode={storage.choose().journal}")


@register(Tags.security, deploy=True)
def no_demo_people_in_production(**kwargs: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION or not demo_accounts():
        return []
    return [
        Error(
            "A demo account with its published password is in the database.",
            hint="Start from an empty database, or give these people another password: "
            + ", ".join(demo_accounts()),
            id="exercises.E003",
        )
    ]


@register()
def the_look_rule_is_known(**kwargs: Any) -> list[CheckMessage]:
    """Families read it on many pages: a slip of the pen there would promise something else."""
    if settings.WE_LOOK in LOOK_RULES:
        return []
    hint = f"One of: {', '.join(LOOK_RULES)}."
    return [Error(f"WE_LOOK is {settings.WE_LOOK!r}.", hint=hint, id="exercises.E004")]


@register(Tags.database)
def the_nightly_job_runs(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """A forgotten ``tick`` breaks promises, and nobody sees it: it is noticed here."""
    waiting = _waiting_for_the_night() if DEFAULT_DB_ALIAS in (databases or ()) else 0
    if not waiting:
        return []
    return [
        Warning(
            f"The nightly job has not run for days: {waiting} rows wait for it.",
            hint="Run manage.py tick now, and every night: docs/deploy.md.",
            id="exercises.W001",
        )
    ]


def _waiting_for_the_night() -> int:
    """Records to be erased and sign-ins to be deleted, days ago; none in a database that is new."""
    then = timezone.now() - NIGHTS_FORGOTTEN
    try:
        expired = Session.objects.filter(expire_date__lt=then).count()
        return expired + Erasure.objects.filter(undone_at=None, due_at__lt=then).count()
    except DatabaseError:
        return 0


def demo_accounts() -> list[str]:
    """Usernames that still open with the published password; empty while the database is away or new."""
    try:
        people = list(get_user_model().objects.filter(username__in=DEMO_PEOPLE, is_active=True))
    except DatabaseError:
        return []
    return [person.get_username() for person in people if person.check_password(DEMO_PASSWORD)]


def refuse_half_configured() -> None:
    """Called once when a server starts, since servers run no checks of their own."""
    try:
        problems = storage_keeps_its_word(databases=["default"])
    except DatabaseError:
        problems = []  # the database is away: requests answer 503 until it is back
    problems += no_demo_people_in_production()
    if problems:
        raise ImproperlyConfigured(" ".join(f"{problem.msg} {problem.hint}" for problem in problems))
