"""Days off, with their state in words."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from exercises.access import Viewer
from exercises.models import DayOff
from exercises.models.choices import DayOffAnswer

MOST_SHOWN = 50
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

    @property
    def state(self) -> str:
        return str(STATES[self.answer])


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
        )
        for day_off in ranges[:MOST_SHOWN]
    ]


def day_off(viewer: Viewer, pk: int) -> DayOff | None:
    return DayOff.objects.filter(patient=viewer.patient, pk=pk).first()
