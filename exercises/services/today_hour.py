"""Teen and therapist agree from which hour parents see today: one side asks, the other agrees, either ends
it.

Each act says whether it was still possible; it is judged under the patient's lock.
"""

from datetime import time

from django.db import transaction

from exercises import access
from exercises.access import Viewer
from exercises.queries import today_hour as queries
from exercises.queries.today_hour import TodayHour

from . import notices, totals
from .changes import note_change

ASKED = ("parents_from_asked", "parents_from_asked_as")
FIELDS = ("parents_from", *ASKED)


@transaction.atomic
def ask(*, viewer: Viewer, hour: time) -> bool:
    """Asks for an hour, in place of what was asked before; what the other side asked for is agreed to."""
    state = _now(viewer)
    if state.may_agree and state.asked == hour:
        _begin(viewer, hour)
        return True
    if not state.may_ask or hour == state.now or (state.is_yours and hour == state.asked):
        return False
    _set_asked(viewer, hour, viewer.entered_as)
    _tell_other_side(viewer, "hour_asked", hour=_said(hour))
    return True


@transaction.atomic
def agree(*, viewer: Viewer, hour: time) -> bool:
    """Agrees to ``hour``: not to another one that was asked for meanwhile."""
    state = _now(viewer)
    if not state.may_agree or state.asked != hour:
        return False
    _begin(viewer, hour)
    return True


@transaction.atomic
def stop(*, viewer: Viewer) -> bool:
    """Takes the question back, or says "not now" to it."""
    state = _now(viewer)
    if state.asked is None:
        return False
    _set_asked(viewer, None, "")
    _tell_other_side(viewer, "hour_taken_back" if state.is_yours else "hour_not_now")
    return True


@transaction.atomic
def end(*, viewer: Viewer) -> bool:
    """Parents see today all day again, at once. A question that waits is a new one, and stays."""
    if _now(viewer).now is None:
        return False
    _set_hour(viewer, None, "ended")
    _tell_all(viewer, "hour_ended")
    return True


def _now(viewer: Viewer) -> TodayHour:
    totals.lock(viewer.patient)
    viewer.patient.refresh_from_db(fields=FIELDS)
    return queries.today_hour(viewer)


def _begin(viewer: Viewer, hour: time) -> None:
    _set_asked(viewer, None, "")
    _set_hour(viewer, hour, "agreed")
    _tell_all(viewer, "hour_begins", hour=_said(hour))


def _set_asked(viewer: Viewer, hour: time | None, asked_as: str) -> None:
    viewer.patient.parents_from_asked = hour
    viewer.patient.parents_from_asked_as = asked_as
    viewer.patient.save(update_fields=ASKED)


def _set_hour(viewer: Viewer, hour: time | None, what: str) -> None:
    patient = viewer.patient
    before, patient.parents_from = patient.parents_from, hour
    patient.save(update_fields=["parents_from"])
    note_change(
        viewer=viewer,
        subject="settings",
        subject_id=patient.pk,
        what=what,
        before={"parents_from": _said(before)},
        after={"parents_from": _said(hour)},
    )


def _said(hour: time | None) -> str | None:
    return hour.isoformat("minutes") if hour else None


def _tell_all(viewer: Viewer, kind: str, **params: str | None) -> None:
    patient = viewer.patient
    params |= {"by": viewer.user.shown_name, "record": patient.name}
    notices.tell_team(patient, kind, but=viewer.user, **params)


def _tell_other_side(viewer: Viewer, kind: str, **params: str | None) -> None:
    patient = viewer.patient
    links = access.therapists_of(patient) if viewer.is_teen else access.teens_of(patient)
    params |= {"by": viewer.user.shown_name, "record": patient.name}
    people = [link.user for link in links.select_related("user")]
    notices.tell(people, kind, patient=patient, **params)
