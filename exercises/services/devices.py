"""Shared devices: name tiles, and the short PIN that is good on one device only."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from exercises.models import Device, DevicePerson, User

from . import notices

# Wrong PINs before the tile is locked for a while, and before the PIN is taken away.
LOCKS_AT, ENDS_AT = 5, 10
LOCKED_FOR = timedelta(minutes=15)


def mark_shared() -> Device:
    """A device of several people; its code goes into its cookie."""
    return Device.objects.create(code=uuid4(), shared=True, seen_on=timezone.now().date())


def forget(*, code: UUID) -> None:
    """The device is one person's own now: all its tiles go."""
    Device.objects.filter(code=code).delete()


def note_seen(*, code: UUID) -> None:
    """Somebody signed in here today."""
    Device.objects.filter(code=code).update(seen_on=timezone.now().date())


@transaction.atomic
def set_pin(*, code: UUID, user: User, pin: str) -> None:
    """Gives the person a tile on this device, or the one that is there a new PIN."""
    # The row may be gone (an old backup, nobody here for long) while the signed cookie still names it.
    device, _made = Device.objects.get_or_create(code=code, defaults={"shared": True})
    values = {"pin": make_password(pin), "tries": 0, "locked_until": None}
    DevicePerson.objects.update_or_create(device=device, user=user, defaults=values)


def remove_pin(*, code: UUID, user: User) -> None:
    DevicePerson.objects.filter(device__code=code, user=user).delete()


@transaction.atomic
def remove_pins(*, user: User) -> None:
    """On every device: whoever gets a new password may not know who else knows a PIN. The person is told."""
    gone, _rows = DevicePerson.objects.filter(user=user).delete()
    if gone:
        notices.tell([user], "pins_ended")


def try_pin(*, tile: DevicePerson, pin: str) -> bool:
    """Whether the PIN is right. Each try is counted before it is judged, so tries at once share one limit."""
    if not _count_try(tile):
        return False
    if check_password(pin, tile.pin):
        DevicePerson.objects.filter(pk=tile.pk).update(tries=0, locked_until=None)
        return True
    _end_after_too_many(tile)
    return False


def _count_try(tile: DevicePerson) -> bool:
    """``False`` while the tile is locked."""
    now = timezone.now()
    lock_passed = Q(locked_until__lte=now, tries__lt=ENDS_AT)
    open_tile = DevicePerson.objects.filter(Q(tries__lt=LOCKS_AT) | lock_passed, pk=tile.pk)
    locks = When(tries=LOCKS_AT - 1, then=Value(now + LOCKED_FOR))
    return bool(open_tile.update(tries=F("tries") + 1, locked_until=Case(locks, default=F("locked_until"))))


@transaction.atomic
def _end_after_too_many(tile: DevicePerson) -> None:
    gone, _rows = DevicePerson.objects.filter(pk=tile.pk, tries__gte=ENDS_AT).delete()
    if gone:
        notices.tell([tile.user], "pin_removed")
