"""What is agreed: the catalogue, programs and their items, days off, routine slots."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exercises.guideline import GUIDELINE, Targets

from .choices import BodyArea, DayOffAnswer, DayOffReason, HarderRule, ProgramKind, Side, Strand
from .people import Patient, User

MOST_MINUTES = 240


def whole_number(label: Any, most: int) -> "models.PositiveSmallIntegerField[Any, Any]":
    """An optional number from 1 to ``most``: empty means that it is not asked for."""
    return models.PositiveSmallIntegerField(
        label,
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(most)],
    )


class ActivityQuerySet(models.QuerySet["Activity"]):
    def offered_to(self, patient: Patient, therapists: Iterable[int]) -> "ActivityQuerySet":
        """What may be logged or prescribed for a patient: the built-in ones, those of its own therapists
        (``therapists``: their keys), and those already in one of its programs."""
        prescribed = ProgramItem.objects.filter(program__patient=patient)
        return self.filter(
            Q(owner=None) | Q(owner__in=therapists) | Q(pk__in=prescribed.order_by().values("activity"))
        )


class Activity(models.Model):
    """A catalogue entry. Built-in ones have a ``key`` and no owner."""

    key = models.SlugField(max_length=60, unique=True, null=True, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="activities")
    strand = models.CharField(_("strand"), max_length=15, choices=Strand)
    category = models.CharField(_("category"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=60)
    how_to = models.TextField(_("how to do it"), max_length=2000, blank=True)
    safety = models.CharField(_("safety"), max_length=200, blank=True)
    sets = whole_number(_("sets"), 20)
    reps = whole_number(_("reps"), 100)
    hold_seconds = whole_number(_("hold, seconds"), 600)
    minutes = whole_number(_("minutes"), MOST_MINUTES)
    per_side = models.BooleanField(_("on each side"), default=False)
    texture_level = whole_number(_("texture level"), 20)
    order = models.PositiveSmallIntegerField(default=0)
    search = models.CharField(_("search words"), max_length=300, blank=True)
    offered = models.BooleanField(_("offered"), default=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["strand", "order", "name"]
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(condition=Q(strand__in=Strand.values), name="activity_strand_known"),
            models.CheckConstraint(
                condition=Q(key=None) | Q(owner=None), name="activity_built_in_has_no_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProgramQuerySet(models.QuerySet["Program"]):
    def standing(self) -> "ProgramQuerySet":
        """Versions that were not replaced or cancelled before they started."""
        return self.filter(replaced_at=None)


class Program(models.Model):
    """One version of a home exercise program, in force from ``starts_on`` until the next one starts."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="programs")
    version = models.PositiveIntegerField(default=1)
    starts_on = models.DateField(_("starts on"))
    kind = models.CharField(_("kind"), max_length=6, choices=ProgramKind, default=ProgramKind.FULL)
    cardio = whole_number(_("cardio, minutes a day"), MOST_MINUTES)
    exercises = whole_number(_("exercises, minutes a day"), MOST_MINUTES)
    desensitization = whole_number(_("desensitization, times a day"), 20)
    desensitization_minutes = models.PositiveSmallIntegerField(
        _("least minutes for one desensitization"),
        default=GUIDELINE.desensitization_minutes,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    stress = whole_number(_("stress management, moments a day"), 20)
    usual_cardio = whole_number(_("usual cardio, minutes"), MOST_MINUTES)
    usual_exercises = whole_number(_("usual exercises, minutes"), MOST_MINUTES)
    usual_desensitization = whole_number(_("usual desensitization, minutes"), MOST_MINUTES)
    harder_rule = models.CharField(
        _("on a harder day"), max_length=10, choices=HarderRule, default=HarderRule.PIECES
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "version"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "version"], name="program_version_unique"),
            models.UniqueConstraint(
                fields=["patient", "starts_on"],
                condition=Q(replaced_at=None),
                name="program_one_standing_a_day",
            ),
            models.CheckConstraint(condition=Q(kind__in=ProgramKind.values), name="program_kind_known"),
            models.CheckConstraint(
                condition=Q(
                    Q(cardio=None) | Q(cardio__range=(1, MOST_MINUTES)),
                    Q(exercises=None) | Q(exercises__range=(1, MOST_MINUTES)),
                    Q(desensitization=None) | Q(desensitization__range=(1, 20)),
                    Q(stress=None) | Q(stress__range=(1, 20)),
                    desensitization_minutes__range=(1, 60),
                ),
                name="program_targets_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"program version {self.version}"

    @property
    def targets(self) -> Targets | None:
        """What a day under this version asks for; ``None`` while paused or done."""
        return self.asked if self.kind == ProgramKind.FULL else None

    @property
    def asked(self) -> Targets:
        """The numbers themselves, also of a paused version."""
        return Targets(
            self.cardio, self.exercises, self.desensitization, self.desensitization_minutes, self.stress
        )

    def usual_minutes(self, strand: str) -> int | None:
        """Minutes of one tap; ``None`` for a stress moment, which needs none."""
        usual = {
            Strand.CARDIO: self.usual_cardio or GUIDELINE.cardio,
            Strand.EXERCISES: self.usual_exercises or GUIDELINE.exercises,
            Strand.DESENSITIZATION: self.usual_desensitization or self.desensitization_minutes,
        }
        return usual.get(Strand(strand))


class ProgramItem(models.Model):
    """One prescribed activity with its dose and the therapist's own words."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="items")
    activity = models.ForeignKey(Activity, models.PROTECT)
    order = models.PositiveSmallIntegerField(default=0)
    sets = whole_number(_("sets"), 20)
    reps = whole_number(_("reps"), 100)
    hold_seconds = whole_number(_("hold, seconds"), 600)
    minutes = whole_number(_("minutes"), MOST_MINUTES)
    side = models.CharField(_("side"), max_length=5, choices=Side, blank=True)
    load = models.CharField(_("load or level"), max_length=40, blank=True)
    body_area = models.CharField(_("body area"), max_length=20, choices=BodyArea, blank=True)
    words = models.CharField(_("in your own words"), max_length=300, blank=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"item {self.pk} of program {self.program_id}"


class DayOffQuerySet(models.QuerySet["DayOff"]):
    def standing(self) -> "DayOffQuerySet":
        """Asked or granted; one that was declined or taken back excuses nothing."""
        return self.filter(withdrawn_at=None).exclude(answer=DayOffAnswer.DECLINED)

    def touching(self, first: object, last: object) -> "DayOffQuerySet":
        return self.filter(first__lte=last, last__gte=first)


class DayOff(models.Model):
    """A range of days that leave the count, from when they are asked for until somebody declines or takes
    them back."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="days_off")
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=5, choices=DayOffReason, default=DayOffReason.ILL)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    answer = models.CharField(max_length=8, choices=DayOffAnswer, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DayOffQuerySet.as_manager()

    class Meta:
        ordering = ["first", "pk"]
        indexes = [models.Index(fields=["patient", "last", "first"], name="day_off_by_patient")]
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="day_off_id_once_per_patient"),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="day_off_first_before_last"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | Q(answer__in=DayOffAnswer.values, answered_at__isnull=False),
                name="day_off_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="day_off_withdrawn_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"day off {self.first} to {self.last}"


class RoutineSlot(models.Model):
    """When a desensitization session belongs: a name, a wall-clock time and weekdays."""

    EVERY_DAY = 0b1111111

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="slots")
    name = models.CharField(_("name"), max_length=40)
    at = models.TimeField(_("time"))
    weekdays = models.PositiveSmallIntegerField(_("weekdays"), default=EVERY_DAY)
    remind = models.BooleanField(_("remind me"), default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weekdays__range=(1, 0b1111111)), name="slot_weekdays_mask")
        ]

    def __str__(self) -> str:
        return f"slot {self.pk}"

    def on_weekday(self, weekday: int) -> bool:
        """Monday is 0."""
        return bool(self.weekdays >> weekday & 1)
