"""Days off, with their state in words."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.models import DayOff
from exercises.models.choices import DayOffAnswer

MOST_SHOWN = 50
TAKEN_BACK = _("Taken back. These days count as always.")
STATES = {
    "": _("It counts as a day off from now on."),
    DayOffAnswer.GRANTED: _("Agreed."),
    DayOffAnswer.DECLINED: _("Let's talk about it. Until then the plan counts as always."),
}


@dataclass(frozen=True, slots=True)
class DayOffRow:
    """``by`` is the name of whoever asked; ``answer`` one of ``DayOffAnswer``, or "" while it is open."""

    id: int
    first: date
    last: date
    reason: str
    by: str
    answer: str
    withdrawn: bool
    may_withdraw: bool

    @property
    def state(self) -> str:
        return str(TAKEN_BACK if self.withdrawn else STATES[self.answer])


def days_off(viewer: Viewer) -> list[DayOffRow]:
    """The latest first."""
    ranges = (
        DayOff.objects.filter(patient=viewer.patient).select_related("asked_by").order_by("-first", "-pk")
    )
    return [
        DayOffRow(
            id=day_off.pk,
            first=day_off.first,
            last=day_off.last,
            reason=day_off.get_reason_display(),
            by=day_off.asked_by.shown_name,
            answer=day_off.answer,
            withdrawn=day_off.withdrawn_at is not None,
            may_withdraw=may_withdraw(viewer, day_off),
        )
        for day_off in ranges[:MOST_SHOWN]
    ]


def day_off(viewer: Viewer, pk: int) -> DayOff | None:
    return DayOff.objects.filter(patient=viewer.patient, pk=pk).first()


def may_withdraw(viewer: Viewer, day_off: DayOff) -> bool:
    """Whether the viewer may take back one that stands."""
    stands = day_off.withdrawn_at is None and day_off.answer != DayOffAnswer.DECLINED
    return stands and viewer.may_withdraw(asked_by=day_off.asked_by_id, answered_by=day_off.answered_by_id)
