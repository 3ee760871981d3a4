"""What came back: goals in the teen's own words."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .people import Patient, User


class FunctionGoal(models.Model):
    """Something the teen wants to do again. A reached goal stays, with its day."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="goals")
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    text = models.CharField(_("what I want to do again"), max_length=200)
    set_on = models.DateField()
    reached_on = models.DateField(null=True, blank=True)
    private = models.BooleanField(_("just me and my therapist"), default=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["set_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="goal_id_once_per_patient")
        ]

    def __str__(self) -> str:
        return f"goal {self.pk}"
