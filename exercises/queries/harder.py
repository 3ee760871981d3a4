"""Harder days: for the teen and therapists only."""

from datetime import date

from exercises import access
from exercises.access import Viewer
from exercises.models import DailyLog


def is_harder(viewer: Viewer, day: date) -> bool:
    """Whether the day was marked; never for a viewer who may not know."""
    marked = DailyLog.objects.filter(patient=viewer.patient, day=day, harder=True)
    return viewer.may(access.SEE_HARDER) and marked.exists()
