"""Who agreed to which wording."""

from dataclasses import dataclass
from datetime import datetime

from exercises import days
from exercises.access import Viewer
from exercises.models import Consent
from exercises.wording import WORDING


@dataclass(frozen=True, slots=True)
class Agreement:
    """``at`` is wall time where the patient lives; ``current``: to the wording that counts now."""

    name: str
    role: str
    at: datetime
    wording: str
    current: bool


def agreements(viewer: Viewer) -> tuple[Agreement, ...]:
    """Everybody's, in the order in which they came; of people who left, too. One query."""
    clock = days.Clock(viewer.patient.zone)
    rows = Consent.objects.filter(patient=viewer.patient).select_related("user")
    return tuple(
        Agreement(
            name=row.user.shown_name,
            role=row.role,
            at=clock.wall_time(row.agreed_at).replace(tzinfo=None),
            wording=row.wording,
            current=row.wording == WORDING,
        )
        for row in rows
    )
