"""How people come to a record, what they agreed to, who looked, and how a record is left."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .append_only import AppendOnly
from .choices import Discipline, PageKind, Role, SeenAs
from .people import Patient, User


def both_or_neither(at: str, by: str) -> Q:
    """The instant and the person of one act: "not null" in words, since an unknown CHECK lets the row in."""
    return Q(**{at: None, by: None}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False})


class OneUseCodeQuerySet(models.QuerySet[Any]):
    def open_at(self, now: datetime) -> "OneUseCodeQuerySet":
        """Neither used nor taken back nor too old."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)


class OneUseCode(models.Model):
    """A code on paper that works once. Only its digest (``exercises.codes``) is stored."""

    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = OneUseCodeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(revoked_at=None), name="%(class)s_used_or_revoked"
            )
        ]

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()


class Invitation(OneUseCode):
    """An offer to join a record in a role; without a record, to join the clinic as a clinician."""

    patient = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, related_name="invitations")
    role = models.CharField(_("role"), max_length=9, choices=Role)
    discipline = models.CharField(_("discipline"), max_length=10, choices=Discipline, blank=True)
    made_as = models.CharField(max_length=9, choices=Role, blank=True)
    # Asked by a parent, see access.Viewer.needs_word_for: somebody must agree before the code works.
    needs_word = models.BooleanField(default=False)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(OneUseCode.Meta):
        indexes = [models.Index(fields=["patient", "expires_at"], name="invitation_by_patient")]
        constraints = [
            *OneUseCode.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(patient__isnull=False) | Q(role="therapist"), name="invitation_without_record"
            ),
            models.CheckConstraint(
                condition=Q(discipline="") | Q(role="therapist"), name="invitation_discipline_of_therapists"
            ),
            models.CheckConstraint(
                condition=both_or_neither("agreed_at", "agreed_by"), name="invitation_agreed"
            ),
            models.CheckConstraint(condition=both_or_neither("used_at", "used_by"), name="invitation_used"),
            models.CheckConstraint(
                condition=both_or_neither("revoked_at", "revoked_by"), name="invitation_revoked"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def waits_for_word(self) -> bool:
        return self.needs_word and self.agreed_at is None


class SignInCard(OneUseCode):
    """A printed code that signs one teen or parent in once, for somebody who is locked out."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="sign_in_cards")
    user = models.ForeignKey(User, models.PROTECT, related_name="sign_in_cards")

    def __str__(self) -> str:
        return f"sign-in card {self.pk}"


class Consent(AppendOnly):
    """Who agreed to which wording for which record, when, and in which role."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents")
    user = models.ForeignKey(User, models.PROTECT, related_name="consents")
    role = models.CharField(max_length=9, choices=Role)
    wording = models.CharField(max_length=20)
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["agreed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["patient", "user", "role", "wording"], name="consent_once")
        ]

    def __str__(self) -> str:
        return f"consent to {self.wording}"


class AccessRecord(AppendOnly):
    """Somebody other than the teen opened a kind of page of a record in an hour (its start, in UTC)."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="looks")
    user = models.ForeignKey(User, models.PROTECT, related_name="looks")
    seen_as = models.CharField(max_length=13, choices=SeenAs)
    kind = models.CharField(max_length=8, choices=PageKind)
    hour = models.DateTimeField()

    class Meta:
        ordering = ["-hour", "kind", "pk"]
        indexes = [models.Index(fields=["patient", "hour"], name="look_by_patient")]
        constraints = [
            models.UniqueConstraint(fields=["user", "patient", "kind", "hour"], name="look_once_an_hour"),
            models.CheckConstraint(condition=Q(kind__in=PageKind.values), name="look_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.hour:%Y-%m-%d %H}"


class BreakGlass(AppendOnly):
    """An administrator's time-limited look at one record, with the reason; the family is told."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="broken_glass")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    at = models.DateTimeField(default=timezone.now, editable=False)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "break-glass entries"

    def __str__(self) -> str:
        return f"break-glass {self.pk}"


class Notice(models.Model):
    """News for one person. ``params`` fill the sentence of ``kind`` (``exercises.words``)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="notices")
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=30)
    params = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Device(models.Model):
    """A browser that said whether it is one person's own. Known by a signed cookie with ``code``."""

    code = models.UUIDField(unique=True, editable=False)
    shared = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    seen_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"device {self.pk}"


class DevicePerson(models.Model):
    """A name tile on a shared device: who, and the short PIN (hashed) that is good on this device only."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="people")
    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    pin = models.CharField(max_length=128)
    tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "user"], name="device_person_once")]

    def __str__(self) -> str:
        return f"tile {self.pk}"


class Erasure(models.Model):
    """A record is to be erased. Until ``due_at`` any of those who may can undo it; then a command erases.

    ``due_at`` is empty while a clinic-kept record waits for the clinic. The row goes with the record.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="erasures")
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_as = models.CharField(max_length=9, choices=Role, blank=True)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=Q(undone_at=None), name="erasure_one_standing"
            ),
            models.CheckConstraint(
                condition=both_or_neither("undone_at", "undone_by"), name="erasure_undone"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class Tombstone(AppendOnly):
    """All that stays of an erased record, so that a restored backup forgets it again."""

    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    day = models.DateField()
    asked_as = models.CharField(max_length=9, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="tombstone_once")]

    def __str__(self) -> str:
        return f"tombstone {self.pk}"
