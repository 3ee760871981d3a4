"""From which hour parents see today: what holds, what was asked for, and what the viewer can do about it."""

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from exercises import access
from exercises.access import Viewer
from exercises.words import ROLE_WORDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class TodayHour:
    """``now`` holds. ``asked`` waits for the other side, teen or therapist: ``asked_by`` says who asked,
    ``is_yours`` that it was the viewer's side. ``may_ask``: somebody is there to agree."""

    now: time | None
    asked: time | None
    asked_by: "StrOrPromise"
    is_yours: bool
    may_ask: bool

    @property
    def may_agree(self) -> bool:
        return self.may_ask and self.asked is not None and not self.is_yours


def today_hour(viewer: Viewer) -> TodayHour:
    """No query."""
    patient, may = viewer.patient, viewer.may(access.AGREE_HOUR)
    return TodayHour(
        now=patient.parents_from,
        asked=patient.parents_from_asked if may else None,
        asked_by=ROLE_WORDS.get(patient.parents_from_asked_as, ""),
        is_yours=patient.parents_from_asked_as == viewer.entered_as,
        may_ask=may and viewer.has_teen and viewer.has_therapist,
    )
