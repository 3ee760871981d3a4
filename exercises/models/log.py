"""What was done: days and their totals, sessions, words, and the trail of changes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exercises.adherence import Work

from .append_only import AppendOnly
from .choices import DailyLife, Discipline, Role, School, Source, Strand, Texture
from .people import Patient, User, validate_body_areas
from .program import MOST_MINUTES, Activity, Program, ProgramItem, RoutineSlot, whole_number


class DailyLog(models.Model):
    """One day of one patient: totals recomputed from its sessions, marks, and the program that judges it.

    Totals are minutes (cardio, exercises) or counts. Only ``services.totals`` writes them.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="daily_logs")
    day = models.DateField()
    program = models.ForeignKey(Program, models.PROTECT, null=True, blank=True, related_name="daily_logs")
    cardio = models.PositiveIntegerField(default=0)
    # What the program counts: minutes, or exercises of the list.
    exercises = models.PositiveIntegerField(default=0)
    exercise_minutes = models.PositiveIntegerField(default=0)
    desensitization = models.PositiveIntegerField(default=0)
    desensitization_short = models.PositiveIntegerField(default=0)
    stress = models.PositiveIntegerField(default=0)
    sessions = models.PositiveIntegerField(default=0)
    added_later = models.PositiveIntegerField(default=0)
    by_parents = models.PositiveIntegerField(default=0)
    last_entry_at = models.DateTimeField(null=True, blank=True)
    harder = models.BooleanField(_("today was harder"), default=False)
    school = models.CharField(_("school"), max_length=9, choices=School, blank=True)
    friends = models.CharField(_("friends"), max_length=4, choices=DailyLife, blank=True)
    activities = models.CharField(_("activities"), max_length=4, choices=DailyLife, blank=True)
    home = models.CharField(_("home life"), max_length=4, choices=DailyLife, blank=True)
    # The night before this day, on the patient's clock; only where sleep times are turned on.
    bed_at = models.TimeField(_("to bed at"), null=True, blank=True)
    up_at = models.TimeField(_("up at"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "day"], name="daily_log_one_a_day")]

    def __str__(self) -> str:
        return f"day {self.day}"

    @property
    def work(self) -> Work:
        return Work(
            self.cardio,
            self.exercises,
            self.desensitization,
            self.desensitization_short,
            self.stress,
            self.exercise_minutes,
        )


class Written(models.Model):
    """Words that somebody wrote on a day: kept apart from DailyLog so that a parent's page never reads it."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="%(class)ss")
    client_id = models.UUIDField(default=uuid.uuid4, editable=False)
    day = models.DateField()
    text = models.TextField(_("text"), max_length=2000)
    to = models.CharField(_("for"), max_length=10, choices=Discipline, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_as = models.CharField(max_length=9, choices=Role)
    written_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="%(class)s_id_once_per_patient")
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} of {self.day}"


class Note(Written):
    class Meta(Written.Meta):
        indexes = [models.Index(fields=["patient", "day"], name="note_by_day")]


class Question(Written):
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Whether it may be read out when the family sits together at the visit.
    may_be_said = models.BooleanField(_("may be said with my parents"), default=False)

    class Meta(Written.Meta):
        indexes = [models.Index(fields=["patient", "answered_at"], name="question_open")]
        constraints = [
            *Written.Meta.constraints,
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="question_answered_whole",
            ),
        ]


class SessionQuerySet(models.QuerySet["TherapySession"]):
    def live(self) -> "SessionQuerySet":
        return self.filter(voided_at=None)


class TherapySession(models.Model):
    """One bout that somebody logged. Never deleted: a removed one is voided and its id stays taken."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="sessions")
    client_id = models.UUIDField()
    digest = models.CharField(max_length=64, editable=False)
    version = models.PositiveIntegerField(default=1)
    daily_log = models.ForeignKey(DailyLog, models.PROTECT, related_name="entries")
    strand = models.CharField(_("part"), max_length=15, choices=Strand)
    minutes = whole_number(_("minutes"), MOST_MINUTES)
    activity = models.ForeignKey(Activity, models.PROTECT, null=True, blank=True, related_name="+")
    body_areas = models.JSONField(default=list, blank=True, validators=[validate_body_areas])
    slot = models.ForeignKey(RoutineSlot, models.PROTECT, null=True, blank=True, related_name="+")
    texture = models.CharField(_("texture"), max_length=20, choices=Texture, blank=True)
    # Exercises on a rough surface: this desensitization was done in the very same minutes.
    together_with = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="together"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    received_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    added_later = models.BooleanField(default=False)
    clock_doubt = models.BooleanField(default=False)
    source = models.CharField(max_length=6, choices=Source, default=Source.TYPED)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_as = models.CharField(max_length=9, choices=Role)
    corrected = models.BooleanField(default=False)
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="session_id_once_per_patient"),
            models.CheckConstraint(
                # "Not null" in words: a CHECK whose answer is unknown lets the row in.
                condition=Q(minutes__isnull=False, minutes__range=(1, MOST_MINUTES))
                | Q(minutes=None, strand="stress"),
                name="session_minutes_1_to_240",
            ),
            models.CheckConstraint(condition=Q(strand__in=Strand.values), name="session_strand_known"),
            models.CheckConstraint(
                condition=Q(together_with=None) | Q(strand="desensitization"),
                name="session_together_is_desensitization",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="session_voided_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return str(self.client_id)


class SessionItem(models.Model):
    """Which exercise of the program was done in a session, with the dose done."""

    session = models.ForeignKey(TherapySession, models.PROTECT, related_name="items")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    program_item = models.ForeignKey(ProgramItem, models.PROTECT, null=True, blank=True, related_name="+")
    sets = whole_number(_("sets"), 20)
    reps = whole_number(_("reps"), 100)
    hold_seconds = whole_number(_("hold, seconds"), 600)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "program_item"], name="session_item_once")]

    def __str__(self) -> str:
        return f"item of session {self.session_id}"


class Change(AppendOnly):
    """What a service changed in something already logged: before and after, by whom and as what."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="changes")
    subject = models.CharField(max_length=20)
    subject_id = models.PositiveBigIntegerField()
    what = models.CharField(max_length=20)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_as = models.CharField(max_length=9, choices=Role, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["patient", "subject", "subject_id"], name="change_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id} {self.what}"
