"""The marks of a day: harder, and the daily-life check-in. Never work, never a rating."""

from datetime import date, time
from typing import Any

from django.db import transaction

from exercises.access import Viewer
from exercises.models import DailyLog
from exercises.models.choices import School

from . import milestones, totals
from .changes import note_change


def mark_day(*, viewer: Viewer, day: date, **marks: Any) -> DailyLog:
    """Sets the marks given, leaves the others. ``harder`` is a bool, ``bed_at`` and ``up_at`` are times or
    ``None``, the others a choice or "" (unknown)."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        row = totals.day_row(viewer.patient, day)
        before = {name: getattr(row, name) for name in marks}
        if before != marks:
            for name, value in marks.items():
                setattr(row, name, value)
            row.clean_fields(exclude=["patient", "program"])
            row.save(update_fields=list(marks))
            # A smaller plan asks less of each area, so a harder day may count otherwise.
            if before.get("harder") != marks.get("harder") and row.program and row.program.areas:
                totals.recount(row)
            if marks.get("school") == School.ALL != before["school"]:
                milestones.whole_day_of_school(viewer.patient)
            if any(before.values()):
                note_change(
                    viewer=viewer,
                    subject="day",
                    subject_id=row.pk,
                    what="marked",
                    before=_kept(before),
                    after=_kept(marks),
                )
    return row


def _kept(marks: dict[str, Any]) -> dict[str, Any]:
    """As it can be kept in a ``Change``: a time of day as text."""
    return {
        name: value.isoformat("minutes") if isinstance(value, time) else value
        for name, value in marks.items()
    }
