"""What a page about settings needs to know of a record's clock, and a form of a person."""

from dataclasses import dataclass
from datetime import datetime

from exercises import access, days
from exercises.models import Patient, User


@dataclass(frozen=True, slots=True)
class PendingClock:
    """A change that waits: the zone that counts until then, and the wall time in the new one then."""

    zone: str
    new_zone: str
    since: datetime


def pending_clock(patient: Patient, now: datetime) -> PendingClock | None:
    if patient.clock_since is None or now >= patient.clock_since:
        return None
    since = days.Clock(patient.zone).wall_time(patient.clock_since).replace(tzinfo=None)
    return PendingClock(_place(patient.previous_zone), _place(patient.zone), since)


def _place(zone: str) -> str:
    return zone.replace("_", " ")


def last_discipline(user: User) -> str:
    """The one in which a therapist joined a record last; empty for everybody else."""
    links = access.links_of(user, access.THERAPIST).exclude(discipline="")
    return links.order_by("-since", "-pk").values_list("discipline", flat=True).first() or ""
