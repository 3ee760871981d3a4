"""What came back: goals in the teen's own words, measures taken at visits, and what is kept of good days."""

import uuid
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly
from .choices import Better, MeasureKind, MilestoneKind, Role, Side
from .people import Patient, User
from .program import whole_number

GOAL_LETTERS = 200


class FunctionGoal(models.Model):
    """Something the teen wants to do again. A reached goal stays, with its day."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="goals")
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    text = models.CharField(_("what I want to do again"), max_length=GOAL_LETTERS)
    sign = models.CharField(_("what would show it"), max_length=GOAL_LETTERS, blank=True)
    set_on = models.DateField()
    reached_on = models.DateField(null=True, blank=True)
    # No longer what the teen wants. The steps that were reached stay.
    set_aside_on = models.DateField(null=True, blank=True)
    private = models.BooleanField(_("just me and my therapist"), default=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["set_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="goal_id_once_per_patient"),
            models.CheckConstraint(
                condition=Q(reached_on=None) | Q(set_aside_on=None), name="goal_reached_or_set_aside"
            ),
        ]

    def __str__(self) -> str:
        return f"goal {self.pk}"


class GoalStep(models.Model):
    """A small part of a goal. A reached one stays for ever, with its day; an open one can be set aside."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="goal_steps")
    goal = models.ForeignKey(FunctionGoal, models.PROTECT, related_name="steps")
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    text = models.CharField(_("a step"), max_length=GOAL_LETTERS)
    set_on = models.DateField()
    reached_on = models.DateField(null=True, blank=True)
    set_aside_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="step_id_once_per_patient"),
            models.CheckConstraint(
                condition=Q(reached_on=None) | Q(set_aside_on=None), name="step_reached_or_set_aside"
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.pk}"


class MeasureQuerySet(models.QuerySet["FunctionMeasure"]):
    def live(self) -> "MeasureQuerySet":
        return self.filter(voided_at=None)


class FunctionMeasure(models.Model):
    """One value that a therapist measured. Of a questionnaire the total only, never its answers.

    What a kind is (unit, which way is better, where its numbers come from) is in ``exercises.measures``;
    ``name``, ``unit`` and ``better`` are those of a therapist's own measure. ``out_of`` are the days of
    school that were planned. A removed one is voided, never deleted.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="measures")
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("measure"), max_length=15, choices=MeasureKind)
    name = models.CharField(_("name"), max_length=60, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    better = models.CharField(_("better is"), max_length=6, choices=Better, blank=True)
    value = models.DecimalField(
        _("value"), max_digits=7, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    out_of = whole_number(_("of"), 99)
    side = models.CharField(_("side"), max_length=5, choices=Side, blank=True)
    conditions = models.CharField(_("how it was measured"), max_length=120, blank=True)
    taken_on = models.DateField(_("measured on"))
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_as = models.CharField(max_length=9, choices=Role)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["taken_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="measure_id_once_per_patient"),
            models.CheckConstraint(condition=Q(kind__in=MeasureKind.values), name="measure_kind_known"),
            models.CheckConstraint(condition=Q(value__gte=0), name="measure_not_below_0"),
            models.CheckConstraint(
                condition=(Q(kind="own") & ~Q(name="")) | (~Q(kind="own") & Q(name="", unit="", better="")),
                name="measure_own_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(out_of=None) | Q(kind="school"), name="measure_out_of_is_school"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="measure_voided_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.taken_on}"


class Intention(models.Model):
    """What a teen wants to do in a week, in the teen's own words: one for each week, named by its first
    day."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="intentions")
    week = models.DateField()
    text = models.CharField(_("my plan for the week"), max_length=200)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_as = models.CharField(max_length=9, choices=Role)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["week"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "week"], name="intention_one_a_week"),
        ]

    def __str__(self) -> str:
        return f"intention for {self.week}"


class Milestone(AppendOnly):
    """A number that was reached once: how many days had cardio, how many steps were reached. It stays,
    whatever is corrected later. ``day`` is the one on which it was entered; of a record that is built anew
    from its history, the day that it was about."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="milestones")
    kind = models.CharField(max_length=15, choices=MilestoneKind)
    number = models.PositiveIntegerField()
    day = models.DateField()

    class Meta:
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "kind", "number"], name="milestone_once"),
            models.CheckConstraint(condition=Q(kind__in=MilestoneKind.values), name="milestone_kind_known"),
            models.CheckConstraint(condition=Q(number__gte=1), name="milestone_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Cheer(models.Model):
    """A few good words from a parent or a therapist: one a day from each, tied to no result."""

    LETTERS = 200

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="cheers")
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    day = models.DateField()
    text = models.CharField(_("your words"), max_length=LETTERS)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_as = models.CharField(max_length=9, choices=Role)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="cheer_id_once_per_patient"),
            models.UniqueConstraint(fields=["patient", "by", "day"], name="cheer_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"cheer of {self.day}"
