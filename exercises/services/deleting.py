"""Rows that go for good: the one place past the doors that keep logs, traces and consents.

Only the erasure of a whole record, the closing of an account and retention come here.
"""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.models.functions import Cast


def delete_rows(rows: models.QuerySet[Any]) -> int:
    """In one statement: nothing is asked of the rows that point here, so the order is the caller's care."""
    return int(rows.order_by()._raw_delete(rows.db) or 0)


def delete_admin_entries(rows: models.QuerySet[Any]) -> int:
    """What the administration's own journal says of these rows."""
    keys = rows.order_by().annotate(in_words=Cast("pk", models.TextField())).values("in_words")
    kind = ContentType.objects.get_for_model(rows.model)
    return delete_rows(LogEntry.objects.filter(content_type=kind, object_id__in=keys))


def end_sign_ins(people: set[int], naming: str = "") -> int:
    """Signs ``people`` (keys) out everywhere, and whoever's sign-in session has ``naming`` in it."""
    ended = [row.session_key for row in Session.objects.iterator() if _concerns(row, people, naming)]
    delete_rows(UserSession.objects.filter(user__in=people))
    delete_rows(UserSession.objects.filter(session_key__in=ended))
    return delete_rows(Session.objects.filter(session_key__in=ended))


def _concerns(row: Session, people: set[int], naming: str) -> bool:
    data = row.get_decoded()
    return int(data.get(SESSION_KEY) or 0) in people or bool(naming and naming in str(data))


def delete_cached(naming: str) -> int:
    """Rows of the shared cache whose key has ``naming`` in it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cache WHERE cache_key LIKE %s", [f"%{naming}%"])
        return int(cursor.rowcount)
