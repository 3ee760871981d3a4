"""Sign-in sessions: how long one lasts when nobody uses it, and that it was used."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from exercises.session_keys import SEEN_AT, SIGNED_IN_AT

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds until a sign-in ends: without use, and in any case. ``warns``: the page says so beforehand."""

    idle: int
    absolute: int
    warns: bool = True

    @property
    def coarse(self) -> int:
        """Uses closer together than this are not told apart, so that most requests write nothing.

        Never so coarse that a parent who becomes a clinician would have been away too long.
        """
        return min(self.idle // 30, 20 * MINUTE)


SHARED = Limit(idle=10 * MINUTE, absolute=12 * HOUR)
CLINIC = Limit(idle=30 * MINUTE, absolute=12 * HOUR)
FAMILY = Limit(idle=30 * DAY, absolute=180 * DAY, warns=False)


def limit_of(*, at_work: bool, shared: bool) -> Limit:
    """``at_work``: a clinician or an administrator; ``shared``: on a device that several people use."""
    if shared:
        return SHARED
    return CLINIC if at_work else FAMILY


@transaction.atomic
def note_use(*, session_key: str, now: datetime) -> bool:
    """Writes that a session is in use, and when it began if that is not known. ``False``: it is no more.

    Only these two values are written, under the row's lock: what a request beside this one keeps in the
    session stays.
    """
    row = Session.objects.select_for_update().filter(session_key=session_key).first()
    if row is None:
        return False
    at = int(now.timestamp())
    data = {SIGNED_IN_AT: at} | row.get_decoded() | {SEEN_AT: at}
    row.session_data = Session.objects.encode(data)
    row.save(update_fields=["session_data"])
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=now)
    return True
