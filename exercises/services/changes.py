from typing import Any

from django.db import transaction

from exercises import security
from exercises.access import Viewer
from exercises.models import Change


def note_change(
    *, viewer: Viewer, subject: str, subject_id: int, what: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Adds to the trail; called inside the transaction of the change itself."""
    Change.objects.create(
        patient=viewer.patient,
        subject=subject,
        subject_id=subject_id,
        what=what,
        by=viewer.user,
        entered_as=viewer.entered_as,
        before=before,
        after=after,
    )


def note_event(event: str, **facts: object) -> None:
    """In the log of security events, once the transaction is kept: one that is rolled back tells nothing."""
    transaction.on_commit(lambda: security.note(event, **facts))
