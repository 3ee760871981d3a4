"""Doing the program: what runs right now, the texture ladder, holidays; and plans kept by name."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly
from .choices import Role, SlotSet, Source, Strand, Texture
from .log import TherapySession
from .people import Patient, User, validate_body_areas
from .program import Activity, Program, RoutineSlot

TIMED = (Source.TIMER, Source.GUIDED)


class Stopwatch(models.Model):
    """A bout that is being timed: it runs, or it pauses, or it ended. All instants are the server's.

    ``client_id`` becomes the id of the session. Seconds in ``paused_seconds`` are those of pauses that are
    over. A guided session goes through ``program``'s exercises: ``step`` is the place in the list, ``done``
    has one object for each exercise that was gone through: ``item`` (key), ``sets``, ``reps``,
    ``hold_seconds`` (what was done) and ``skipped``.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="stopwatches")
    client_id = models.UUIDField(default=uuid.uuid4)
    source = models.CharField(max_length=6, choices=Source, default=Source.TIMER)
    strand = models.CharField(max_length=15, choices=Strand)
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="+")
    slot = models.ForeignKey(RoutineSlot, models.PROTECT, null=True, blank=True, related_name="+")
    body_areas = models.JSONField(default=list, blank=True, validators=[validate_body_areas])
    texture = models.CharField(max_length=20, choices=Texture, blank=True)
    rough = models.BooleanField(_("on a rough surface"), default=False)
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="+")
    step = models.PositiveSmallIntegerField(default=0)
    done = models.JSONField(default=list, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_as = models.CharField(max_length=9, choices=Role)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # What it became; none when it was left without saving.
    session = models.OneToOneField(
        TherapySession, models.PROTECT, null=True, blank=True, related_name="stopwatch"
    )

    class Meta:
        verbose_name_plural = "stopwatches"
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="stopwatch_id_once_per_patient"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(ended_at=None), name="stopwatch_one_running"
            ),
            models.CheckConstraint(condition=Q(source__in=TIMED), name="stopwatch_source_timed"),
            models.CheckConstraint(condition=Q(strand__in=Strand.values), name="stopwatch_strand_known"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, session=None)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="stopwatch_ended_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(rough=False) | Q(strand="exercises"), name="stopwatch_rough_is_exercises"
            ),
        ]

    def __str__(self) -> str:
        return str(self.client_id)


class LadderMove(AppendOnly):
    """A step up or down the texture ladder of one version of a program; the last one says where it stands.
    ``step`` counts from 1."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="ladder_moves")
    program = models.ForeignKey(Program, models.PROTECT, related_name="ladder_moves")
    step = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_as = models.CharField(max_length=9, choices=Role)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(step__gte=1), name="ladder_step_from_1")]

    def __str__(self) -> str:
        return f"ladder step {self.step}"


class RoutinePeriod(models.Model):
    """Days on which the routine is another one: a holiday, or at the other home."""

    SETS = (SlotSet.HOLIDAY, SlotSet.OTHER_HOME)

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="routine_periods")
    set = models.CharField(_("for"), max_length=10, choices=SlotSet)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["first", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(set__in=(SlotSet.HOLIDAY, SlotSet.OTHER_HOME)), name="routine_period_set_known"
            ),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="routine_first_before_last"),
        ]

    def __str__(self) -> str:
        return f"{self.set} {self.first} to {self.last}"


def validate_plan(plan: object) -> None:
    if not isinstance(plan, dict) or not isinstance(plan.get("items"), list):
        raise ValidationError("This is no plan.", code="plan")


class ProgramTemplate(models.Model):
    """A plan that a therapist keeps under a name, of nobody: ``plan`` has the columns of a Program and
    ``items``, the activities by key, without words or areas of a patient."""

    owner = models.ForeignKey(User, models.PROTECT, related_name="program_templates")
    name = models.CharField(_("name"), max_length=60)
    plan = models.JSONField(validators=[validate_plan])
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="template_name_once_per_owner",
                violation_error_message=_("You have a template with this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
