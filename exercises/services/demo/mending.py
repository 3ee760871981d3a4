"""One corrected and one removed entry, through the services themselves: the trail of changes is theirs."""

from datetime import date, timedelta

from exercises import adherence
from exercises.access import get_viewer
from exercises.models import Patient, TherapySession, User
from exercises.services import sessions
from exercises.services.sessions import Bout


def mend(patient: Patient, teen: User, today: date) -> None:
    """A walk that was longer than first typed, and a desensitization entered twice by mistake."""
    viewer = get_viewer(teen, patient.code)
    if walk := _latest(patient, adherence.CARDIO, today):
        bout = Bout(walk.daily_log.day, walk.strand, (walk.minutes or 0) + 2, walk.activity)
        sessions.correct_session(viewer=viewer, client_id=walk.client_id, version=walk.version, bout=bout)
    if twice := _latest(patient, adherence.DESENSITIZATION, today):
        sessions.void_session(viewer=viewer, client_id=twice.client_id)


def _latest(patient: Patient, strand: str, today: date) -> TherapySession | None:
    """The newest entry of a closed day that may still be corrected."""
    closed = (today - timedelta(days=adherence.CORRECTION_DAYS), today - timedelta(days=1))
    return (
        TherapySession.objects.live()
        .filter(patient=patient, strand=strand, daily_log__day__range=closed)
        .select_related("daily_log", "activity")
        .order_by("recorded_at")
        .last()
    )
