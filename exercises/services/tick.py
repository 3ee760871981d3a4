"""The nightly jobs: what was promised for a day, and what is kept for a time only.

Each job is safe to run again and beside itself on another machine: it is counted by whoever's statement took
the row.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q

from exercises.models import (
    AccessRecord,
    BreakGlass,
    CareTeamMember,
    Device,
    DevicePerson,
    Invitation,
    Notice,
    Patient,
    SignInCard,
)
from exercises.models.choices import EndReason

from . import erasure, tombstones, vacuum
from .deleting import delete_rows

LOGGER = logging.getLogger("amps.tick")
# How long what has ended is kept, in days.
CODES, READ_NEWS, NEWS, UNSEEN_DEVICES, LOST_SIGN_INS = 30, 180, 400, 400, 1
YEAR = timedelta(days=365.25)
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Job:
    """``look`` counts what waits to be done; ``run`` does it and counts what it did."""

    name: str
    look: Callable[[datetime], int]
    run: Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class Done:
    """``error`` is empty where all went well."""

    name: str
    count: int
    error: str = ""


class PartlyError(Exception):
    """Some of the things of one job went wrong; ``count`` of them were done."""

    def __init__(self, count: int, first: Exception) -> None:
        super().__init__(_said(first))
        self.count = count


def _said(error: Exception) -> str:
    """In one line: a database can say more than belongs into a mail from cron."""
    if isinstance(error, PartlyError):
        return str(error)
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def tick(*, now: datetime, dry_run: bool = False) -> Iterator[Done]:
    """One after the other; what goes wrong in one is told and stops none of the others."""
    for job in JOBS:
        try:
            yield Done(job.name, (job.look if dry_run else job.run)(now))
        except Exception as error:  # whatever it is: the other promises are kept tonight all the same
            LOGGER.exception("tick: %s", job.name)
            yield Done(job.name, getattr(error, "count", 0), _said(error))


def _ago(now: datetime, days: float) -> datetime:
    return now - timedelta(days=days)


def _each(things: Iterable[Thing], act: Callable[[Thing], bool]) -> int:
    """How many were done. What goes wrong with one is told at the end, and stops none of the others."""
    count, wrong = 0, []
    for thing in things:
        try:
            count += act(thing)
        except Exception as error:  # as in ``tick``
            wrong.append(error)
    if wrong:
        raise PartlyError(count, wrong[0]) from wrong[0]
    return count


def erase_due(now: datetime) -> int:
    return _each(erasure.due(now), lambda row: erasure.erase_if_due(erasure=row, now=now))


def forget_again(now: datetime) -> int:
    return _each(tombstones.forgotten(), lambda pair: erasure.erase_now(patient=pair[0], stone=pair[1]))


def closed_records(now: datetime) -> models.QuerySet[Patient]:
    """Empty ones whose team went to another record of the same child."""
    links = CareTeamMember.objects.filter(patient=OuterRef("pk")).order_by()
    merged = links.filter(end_reason=EndReason.MERGED, until__lt=_ago(now, CODES))
    still = links.filter(Q(until=None) | Q(until__gte=_ago(now, CODES)))
    return Patient.objects.filter(Exists(merged), ~Exists(still))


def erase_closed(now: datetime) -> int:
    return _each(closed_records(now), lambda patient: erasure.erase_unasked(patient=patient))


def _codes(model: type[models.Model]) -> Callable[[datetime], models.QuerySet[Any]]:
    def ended(now: datetime) -> models.QuerySet[Any]:
        then = _ago(now, CODES)
        return model._base_manager.filter(
            Q(used_at__lt=then) | Q(revoked_at__lt=then) | Q(expires_at__lt=then)
        )

    return ended


def sign_in_sessions(now: datetime) -> models.QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=now)


def lost_sign_ins(now: datetime) -> models.QuerySet[UserSession]:
    """In the list of devices, without a sign-in session; not those that are being made now."""
    old: models.QuerySet[UserSession] = UserSession.objects.filter(last_seen_at__lt=_ago(now, LOST_SIGN_INS))
    return old.exclude(session_key__in=Session.objects.values("session_key"))


def old_news(now: datetime) -> models.QuerySet[Notice]:
    return Notice.objects.filter(Q(read_at__lt=_ago(now, READ_NEWS)) | Q(at__lt=_ago(now, NEWS)))


def old_looks(now: datetime) -> models.QuerySet[AccessRecord]:
    return AccessRecord.objects.filter(hour__lt=now - settings.ACCESS_RECORD_YEARS * YEAR)


def old_glass(now: datetime) -> models.QuerySet[BreakGlass]:
    return BreakGlass.objects.filter(until__lt=now - settings.ACCESS_RECORD_YEARS * YEAR)


def tiles_of_unseen_devices(now: datetime) -> models.QuerySet[DevicePerson]:
    return DevicePerson.objects.filter(device__in=unseen_devices(now).order_by().values("pk"))


def unseen_devices(now: datetime) -> models.QuerySet[Device]:
    then = _ago(now, UNSEEN_DEVICES)
    return Device.objects.filter(Q(seen_on__lt=then.date()) | Q(seen_on=None, made_at__lt=then))


def _deleting(name: str, rows: Callable[[datetime], models.QuerySet[Any]]) -> Job:
    return Job(name, lambda now: rows(now).count(), lambda now: delete_rows(rows(now)))


def count_old_cache(now: datetime) -> int:
    return _in_cache("SELECT COUNT(*) FROM cache WHERE expires < %s", now, count=True)


def delete_old_cache(now: datetime) -> int:
    return _in_cache("DELETE FROM cache WHERE expires < %s", now)


def _in_cache(statement: str, now: datetime, *, count: bool = False) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [connection.ops.adapt_datetimefield_value(now)])
        return int(cursor.fetchone()[0] if count else cursor.rowcount)


JOBS = (
    Job("records erased", lambda now: erasure.due(now).count(), erase_due),
    Job("records forgotten again", lambda now: len(tombstones.forgotten()), forget_again),
    Job("closed records erased", lambda now: closed_records(now).count(), erase_closed),
    Job(
        "tombstones added to the file",
        lambda now: len(tombstones.not_in_file()),
        lambda now: tombstones.write_to_file(),
    ),
    _deleting("ended invitations deleted", _codes(Invitation)),
    _deleting("ended sign-in cards deleted", _codes(SignInCard)),
    _deleting("expired sign-ins deleted", sign_in_sessions),
    _deleting("sign-ins taken off the list of devices", lost_sign_ins),
    Job("expired cache rows deleted", count_old_cache, delete_old_cache),
    _deleting("old news deleted", old_news),
    _deleting("old looks deleted", old_looks),
    _deleting("old break-glass entries deleted", old_glass),
    _deleting("name tiles of unused devices deleted", tiles_of_unseen_devices),
    _deleting("unused devices deleted", unseen_devices),
    Job(
        "database files rewritten",
        lambda now: int(vacuum.is_due(now.date())),
        lambda now: vacuum.rewrite_files() if vacuum.is_due(now.date()) else 0,
    ),
)
