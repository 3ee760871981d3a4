"""A control: this server looks whether an id is there, and inserts it when it is not. On PostgreSQL, without
the unique constraint and the lock, simultaneous sends must show as doubles."""

from typing import Any

from django.db import transaction

from amps_tracker.wsgi import application  # noqa: F401  this is the module gunicorn serves
from exercises.models import TherapySession
from exercises.services import sessions, totals
from exercises.services.sessions import Receipt


def look_first(*, viewer: Any, client_id: Any, bout: Any, recorded: Any, source: str) -> Receipt:
    found = TherapySession.objects.filter(patient=viewer.patient, client_id=client_id).first()
    if found:
        return Receipt(found)
    with transaction.atomic():
        session = sessions._insert(viewer, client_id, bout, bout.digest(), recorded, source)
        totals.recount(session.daily_log)
    return Receipt(session, created=True)


sessions.record_session = look_first
