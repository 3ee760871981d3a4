"""Logging several sessions in one go."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from exercises.access import Viewer
from exercises.days import Recorded
from exercises.models import TherapySession

from . import totals
from .sessions import Bout, Conflict, record_session


def record_sessions(
    *, viewer: Viewer, bouts: Mapping[UUID, Bout], recorded: Recorded, source: str
) -> dict[UUID, TherapySession]:
    """Keeps them in one transaction; those that are kept already stay as they are.

    Gives what stands in the way of the others, by id: a session with other content, or one that was removed.
    """
    in_the_way = {}
    with transaction.atomic():
        totals.lock(viewer.patient)
        for client_id, bout in bouts.items():
            try:
                receipt = record_session(
                    viewer=viewer, client_id=client_id, bout=bout, recorded=recorded, source=source
                )
            except Conflict as conflict:
                in_the_way[client_id] = conflict.session
            else:
                if receipt.session.voided_at is not None:
                    in_the_way[client_id] = receipt.session
    return in_the_way
