"""Telling people: news in the app for everybody, shown at their next page."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from exercises.emails.news import send_news
from exercises.models import CareTeamMember, Notice, Patient, User


@transaction.atomic
def tell(people: Iterable[User], kind: str, *, patient: Patient | None = None, **params: Any) -> None:
    """One piece of news for each of ``people``. ``kind`` names a sentence in ``exercises.words.NEWS``.

    Whoever has a verified e-mail gets a mail that says so, once this is committed.
    """
    keys = {person.pk for person in people}
    Notice.objects.bulk_create(
        Notice(user_id=key, patient=patient, kind=kind, params=params) for key in sorted(keys)
    )
    User.objects.filter(pk__in=keys).update(has_news=True)
    transaction.on_commit(partial(send_news, keys), robust=True)


def tell_team(patient: Patient, kind: str, *, but: User | None = None, **params: Any) -> None:
    """News for everybody on the team now, except ``but`` (who did it)."""
    links = CareTeamMember.objects.active().filter(patient=patient).select_related("user")
    tell([link.user for link in links if link.user != but], kind, patient=patient, **params)


@transaction.atomic
def mark_read(*, user: User) -> None:
    Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())
    user.has_news = False
    user.save(update_fields=["has_news"])
