"""Who there is: people who sign in, patients, and the links between them."""

import uuid
import zoneinfo
from datetime import date, datetime, time
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises import days

from .choices import BodyArea, Discipline, EndReason, KeptBy, Role


class CaseBlindUserManager(UserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)


class User(AbstractUser):
    """Somebody who signs in. What they may do with a patient is said by their links, never here."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("like my device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    language = models.CharField(_("language"), max_length=10, blank=True)
    theme = models.CharField(_("look"), max_length=6, choices=Theme, default=Theme.SYSTEM)
    is_clinician = models.BooleanField(
        _("clinician"), default=False, help_text=_("Has a caseload and may open patient records.")
    )
    # Something waits under News: kept here because every page reads this row anyway.
    has_news = models.BooleanField(default=False, editable=False)
    closed_at = models.DateTimeField(_("account closed"), null=True, blank=True, editable=False)

    objects: ClassVar[CaseBlindUserManager] = CaseBlindUserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique_whatever_case",
                violation_error_message=_("That username is taken."),
            )
        ]

    @property
    def shown_name(self) -> str:
        if self.closed_at:
            return gettext("a former member")
        return self.get_full_name() or self.username

    @property
    def is_at_work(self) -> bool:
        """A clinician or an administrator: other people's records hang on this sign-in."""
        return self.is_clinician or self.is_staff


def validate_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list."), code="zone")


def validate_body_areas(areas: Any) -> None:
    if not isinstance(areas, list) or any(area not in BodyArea.values for area in areas):
        raise ValidationError(_("Choose body areas from the list."), code="body_areas")


class Patient(models.Model):
    """The record of one teen or child. ``code`` is the only id that leaves the database."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name shown"), max_length=60)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    day_start = models.PositiveSmallIntegerField(
        _("a new day starts at"), default=0, validators=[MaxValueValidator(days.LATEST_DAY_START)]
    )
    # The clock before the last change counts until `clock_since`, see days.change_takes_effect.
    previous_zone = models.CharField(max_length=64, blank=True, validators=[validate_zone])
    previous_day_start = models.PositiveSmallIntegerField(default=0)
    clock_since = models.DateTimeField(null=True, blank=True)
    body_areas = models.JSONField(_("body areas"), default=list, blank=True, validators=[validate_body_areas])
    paper = models.BooleanField(_("logs on paper"), default=False)
    timer_hidden = models.BooleanField(_("hide the clock while I work"), default=False)
    chime = models.BooleanField(_("a chime at the end of a hold or a rest"), default=True)
    # On school days the chime is silent and no reminder comes between these.
    school_from = models.TimeField(_("school starts at"), null=True, blank=True, default=time(8))
    school_until = models.TimeField(_("school ends at"), null=True, blank=True, default=time(15))
    # From then on the day is done, whatever is open.
    night_from = models.TimeField(_("my day is done at"), null=True, blank=True)
    sleep_on = models.BooleanField(_("ask for sleep times"), default=False)
    plain_look = models.BooleanField(_("plain look: no figures, cheers or milestones"), default=False)
    # Agreed by teen and therapist: parents see a day of this record only from then on.
    parents_from = models.TimeField(_("parents see today from"), null=True, blank=True)
    # One of the two has asked for this hour; the other one agrees.
    parents_from_asked = models.TimeField(null=True, blank=True)
    parents_from_asked_as = models.CharField(max_length=9, choices=Role, blank=True)
    last_cheer_on = models.DateField(null=True, blank=True, editable=False)
    kept_by = models.CharField(_("kept by"), max_length=6, choices=KeptBy, default=KeptBy.FAMILY)
    self_managed = models.BooleanField(_("self-managed"), default=False)
    last_logged_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # In which role the record was opened; empty for one opened by an administrator.
    opened_as = models.CharField(max_length=9, choices=Role, blank=True, editable=False)
    # A family says that a doctor or therapist told them it is AMPS and gave them a program. Before that
    # nothing is asked or judged in a record that no therapist is on.
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    # One of the two who must agree has asked that the record becomes self-managed.
    self_managed_asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    self_managed_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Nothing can be written: an erasure of a clinic-kept record waits for the clinic.
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the record goes, as its standing Erasure has it: here because every page reads this row anyway.
    erase_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(day_start__lte=days.LATEST_DAY_START), name="patient_day_start_0_to_4"
            ),
            models.CheckConstraint(condition=Q(kept_by__in=KeptBy.values), name="patient_kept_by_known"),
        ]

    def __str__(self) -> str:
        return str(self.code)

    def clock_at(self, instant: datetime) -> days.Clock:
        if self.clock_since and instant < self.clock_since:
            return days.Clock(self.previous_zone, self.previous_day_start)
        return days.Clock(self.zone, self.day_start)

    def day_of(self, instant: datetime) -> date:
        return self.clock_at(instant).day_of(instant)

    def today(self) -> date:
        return self.day_of(timezone.now())


class CareTeamQuerySet(models.QuerySet["CareTeamMember"]):
    def active(self) -> "CareTeamQuerySet":
        return self.filter(self._now())

    def active_or_teens(self) -> "CareTeamQuerySet":
        """The team now, and whoever was ever the teen of the record."""
        return self.filter(self._now() | Q(role=Role.PATIENT))

    @staticmethod
    def _now() -> Q:
        return Q(Q(until=None) | Q(until__gt=timezone.now()), user__is_active=True)

    def as_role(self, role: str) -> "CareTeamQuerySet":
        return self.filter(role=role)


class CareTeamMember(models.Model):
    """A link between a person and a patient. Ended links stay, with the instant they ended."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="team")
    user = models.ForeignKey(User, models.PROTECT, related_name="links")
    role = models.CharField(_("role"), max_length=9, choices=Role)
    discipline = models.CharField(_("discipline"), max_length=10, choices=Discipline, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=13, choices=EndReason, blank=True)
    # The colleague in whose place this therapist is here, until the day the cover ends.
    covers = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # The wording (exercises.wording) that this person agreed to last, for this record.
    consented_to = models.CharField(max_length=20, blank=True)
    # The teen does not want to see cheers from this person, who is not told.
    muted_at = models.DateTimeField(null=True, blank=True)
    # A teen who said at sign-up to be old enough to sign up alone. No birth date is kept.
    of_age = models.BooleanField(default=False)
    # A therapist whom a parent asked in, or somebody who came so: nobody else has said yet who that is.
    by_parent = models.BooleanField(default=False)

    objects = CareTeamQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "role"], name="team_by_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "user", "role"],
                condition=Q(until=None),
                name="team_one_open_link",
                violation_error_message=_("This person is on the team already."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(until=None, role="patient"),
                name="team_one_record_per_teen",
                violation_error_message=_("This person has a record already."),
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(until=None, role="patient"),
                name="team_one_teen_per_record",
                violation_error_message=_("This record has a teen already."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="team_role_known"),
            models.CheckConstraint(
                condition=Q(discipline="") | Q(role="therapist"), name="team_discipline_of_therapists"
            ),
            models.CheckConstraint(
                condition=Q(by_parent=False) | Q(role="therapist"), name="team_by_parent_of_therapists"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} link {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.until is None or self.until > timezone.now()
