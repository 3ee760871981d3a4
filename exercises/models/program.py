"""What is agreed: the catalogue, programs and their items, days off, routine slots."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exercises.guideline import GUIDELINE, Targets, WeekTargets

from .choices import (
    AreasRule,
    BodyArea,
    DayOffAnswer,
    DayOffReason,
    ExercisesBy,
    HarderRule,
    Pressure,
    ProgramKind,
    Side,
    SlotSet,
    Strand,
    Texture,
)
from .people import Patient, User, validate_body_areas

MOST_MINUTES = 240
# Five for each of twelve areas.
MOST_DESENSITIZATION = 60
WEEK_NUMBERS = ("week_cardio", "week_exercises", "week_desensitization", "week_stress")
SMALLER_NUMBERS = ("smaller_cardio", "smaller_exercises", "smaller_desensitization", "smaller_stress")


def validate_ladder(ladder: Any) -> None:
    """Steps from the first to the last: each a texture and how firmly it is used."""
    known = isinstance(ladder, list) and all(
        isinstance(step, dict)
        and step.keys() == {"texture", "pressure"}
        and step["texture"] in Texture.values
        and step["pressure"] in Pressure.values
        for step in ladder
    )
    if not known:
        raise ValidationError(_("Choose the steps from the list."), code="ladder")


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
    goal_sets = whole_number(_("sets to build up to"), 20)
    goal_reps = whole_number(_("reps to build up to"), 100)
    goal_hold_seconds = whole_number(_("hold to build up to, seconds"), 600)
    goal_minutes = whole_number(_("minutes to build up to"), MOST_MINUTES)
    per_side = models.BooleanField(_("on each side"), default=False)
    texture_level = whole_number(_("texture level"), 20)
    order = models.PositiveSmallIntegerField(default=0)
    search = models.CharField(_("search words"), max_length=300, blank=True)
    offered = models.BooleanField(_("offered"), default=True)
    video = models.URLField(
        _("link to a video"), max_length=300, blank=True, validators=[URLValidator(schemes=["https"])]
    )
    easier = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    harder = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # The built-in activity that a therapist changed: what is changed is a copy.
    copy_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")

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


def _any_number(names: Iterable[str]) -> Q:
    return reduce(or_, (Q(**{f"{name}__isnull": False}) for name in names))


class ProgramQuerySet(models.QuerySet["Program"]):
    def standing(self) -> "ProgramQuerySet":
        """Versions that were not replaced or cancelled before they started."""
        return self.filter(replaced_at=None)


class Program(models.Model):
    """One version of a home exercise program, in force from ``starts_on`` until the next one starts."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="programs")
    version = models.PositiveIntegerField(default=1)
    starts_on = models.DateField(_("starts on"))
    kind = models.CharField(_("kind"), max_length=10, choices=ProgramKind, default=ProgramKind.FULL)
    cardio = whole_number(_("cardio, minutes a day"), MOST_MINUTES)
    exercises = whole_number(_("exercises, minutes a day"), MOST_MINUTES)
    # Minutes a day; or, where the list is what counts, how many exercises are on it.
    exercises_by = models.CharField(
        _("exercises are done by"), max_length=7, choices=ExercisesBy, default=ExercisesBy.MINUTES
    )
    # Of all areas together, also where each has its own number.
    desensitization = whole_number(_("desensitization, times a day"), MOST_DESENSITIZATION)
    areas_rule = models.CharField(
        _("this number is for"), max_length=4, choices=AreasRule, default=AreasRule.ALL
    )
    touch_areas = models.JSONField(
        _("areas for desensitization"), default=list, blank=True, validators=[validate_body_areas]
    )
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
    # Of a harder day where the rule is a smaller plan; without a number as on other days.
    smaller_cardio = whole_number(_("cardio on a harder day"), MOST_MINUTES)
    smaller_exercises = whole_number(_("exercises on a harder day"), MOST_MINUTES)
    smaller_desensitization = whole_number(_("desensitization on a harder day"), MOST_DESENSITIZATION)
    smaller_stress = whole_number(_("stress management on a harder day"), 20)
    # While keeping up: on how many days a week.
    week_cardio = whole_number(_("cardio, days a week"), 7)
    week_exercises = whole_number(_("exercises, days a week"), 7)
    week_desensitization = whole_number(_("desensitization, days a week"), 7)
    week_stress = whole_number(_("stress management, days a week"), 7)
    ladder = models.JSONField(_("texture ladder"), default=list, blank=True, validators=[validate_ladder])
    ladder_starts_at = models.PositiveSmallIntegerField(
        _("starts at step"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    ladder_by_teen = models.BooleanField(_("the teen may go a step up"), default=False)
    # The full program to go back to with one tap.
    flare_plan = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # The teen wants to talk about it first. Stands until it is accepted or another version follows.
    talk_at = models.DateTimeField(null=True, blank=True)
    talk_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

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
                    Q(desensitization=None) | Q(desensitization__range=(1, MOST_DESENSITIZATION)),
                    Q(stress=None) | Q(stress__range=(1, 20)),
                    desensitization_minutes__range=(1, 60),
                ),
                name="program_targets_in_range",
            ),
            models.CheckConstraint(
                condition=Q(exercises_by__in=ExercisesBy.values), name="program_exercises_by_known"
            ),
            models.CheckConstraint(
                condition=Q(areas_rule__in=AreasRule.values), name="program_areas_rule_known"
            ),
            models.CheckConstraint(
                condition=Q(harder_rule__in=HarderRule.values), name="program_harder_rule_known"
            ),
            models.CheckConstraint(
                condition=~Q(harder_rule=HarderRule.SMALLER) | _any_number(SMALLER_NUMBERS),
                name="program_smaller_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(smaller_cardio=None) | Q(smaller_cardio__range=(1, MOST_MINUTES)),
                    Q(smaller_exercises=None) | Q(smaller_exercises__range=(1, MOST_MINUTES)),
                    Q(smaller_desensitization=None)
                    | Q(smaller_desensitization__range=(1, MOST_DESENSITIZATION)),
                    Q(smaller_stress=None) | Q(smaller_stress__range=(1, 20)),
                ),
                name="program_smaller_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ProgramKind.KEEPING_UP) | _any_number(WEEK_NUMBERS),
                name="program_keeping_up_has_a_number",
            ),
            models.CheckConstraint(
                condition=reduce(and_, (Q(**{n: None}) | Q(**{f"{n}__range": (1, 7)}) for n in WEEK_NUMBERS)),
                name="program_week_in_range",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None) | Q(accepted_at__isnull=False),
                name="program_accepted_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(talk_at=None, talk_by=None) | Q(talk_at__isnull=False, talk_by__isnull=False),
                name="program_talk_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"program version {self.version}"

    @property
    def targets(self) -> Targets | None:
        """What a day under this version asks for; ``None`` unless it is in full force."""
        return self.asked if self.kind == ProgramKind.FULL else None

    def targets_on(self, *, harder: bool) -> Targets | None:
        """The same, for a day that was marked as harder or not."""
        return self.smaller if harder and self.is_smaller_when_harder else self.targets

    @property
    def asked(self) -> Targets:
        """The numbers themselves, also of a paused version."""
        return Targets(
            self.cardio,
            self.exercises,
            self.desensitization,
            self.desensitization_minutes,
            self.stress,
            self.exercises_by == ExercisesBy.LIST,
        )

    @property
    def is_on(self) -> bool:
        """Whether it matters what its days count by: not in a pause, and not once it is done."""
        return self.kind in (ProgramKind.FULL, ProgramKind.KEEPING_UP)

    @property
    def is_by_list(self) -> bool:
        """Whether its days count exercises of its list. A pause counts minutes."""
        return self.is_on and self.exercises_by == ExercisesBy.LIST

    @property
    def smaller(self) -> Targets:
        """The numbers of a harder day. A strand without a number keeps that of other days."""
        return replace(
            self.asked,
            cardio=self.smaller_cardio or self.cardio,
            exercises=self.smaller_exercises or self.exercises,
            desensitization=self.smaller_desensitization or self.desensitization,
            stress=self.smaller_stress or self.stress,
        )

    @property
    def is_smaller_when_harder(self) -> bool:
        return self.kind == ProgramKind.FULL and self.harder_rule == HarderRule.SMALLER

    @property
    def week(self) -> WeekTargets | None:
        """What a week asks for; ``None`` unless the program is one to keep up with."""
        if self.kind != ProgramKind.KEEPING_UP:
            return None
        return WeekTargets(self.week_cardio, self.week_exercises, self.week_desensitization, self.week_stress)

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas that have a number each; none where the number is for all together."""
        return tuple(self.touch_areas) if self.areas_rule == AreasRule.EACH else ()

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
    set = models.CharField(_("for"), max_length=10, choices=SlotSet, blank=True)
    name = models.CharField(_("name"), max_length=40)
    at = models.TimeField(_("time"))
    weekdays = models.PositiveSmallIntegerField(_("weekdays"), default=EVERY_DAY)
    remind = models.BooleanField(_("remind me"), default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weekdays__range=(1, 0b1111111)), name="slot_weekdays_mask"),
            models.CheckConstraint(condition=Q(set="") | Q(set__in=SlotSet.values), name="slot_set_known"),
        ]

    def __str__(self) -> str:
        return f"slot {self.pk}"

    def on_weekday(self, weekday: int) -> bool:
        """Monday is 0."""
        return bool(self.weekdays >> weekday & 1)
