"""The teen's own plan for a week: one, in the teen's own words."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from exercises.access import Viewer
from exercises.models import Intention

from . import totals


def plan_week(*, viewer: Viewer, week: date, text: str) -> Intention:
    """Sets the plan for the week that begins on ``week``. Other words take the place of those before."""
    with transaction.atomic():
        totals.lock(viewer.patient)
        plan = Intention.objects.filter(patient=viewer.patient, week=week).first()
        plan = plan or Intention(patient=viewer.patient, week=week)
        if plan.text != text:
            plan.text, plan.written_at = text, timezone.now()
            plan.author, plan.entered_as = viewer.user, viewer.entered_as
            plan.full_clean()
            plan.save()
    return plan
