"""Two sessions that were logged with one tap: both, or neither."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from exercises.access import Viewer
from exercises.days import Recorded

from .sessions import Bout, Receipt, record_session


@transaction.atomic
def record_two(
    *, viewer: Viewer, bouts: Mapping[UUID, Bout], recorded: Recorded, source: str
) -> list[Receipt]:
    """As ``record_session`` for each, by its id. Raises ``Conflict`` and keeps nothing then."""
    return [
        record_session(viewer=viewer, client_id=client_id, bout=bout, recorded=recorded, source=source)
        for client_id, bout in bouts.items()
    ]
