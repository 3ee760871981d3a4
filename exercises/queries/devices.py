"""The name tiles of a shared device."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from exercises.models import DevicePerson, User


def may_have_tile(user: User) -> bool:
    """A short PIN is for families: never for those who work with other people's records."""
    return not user.is_at_work


def tiles(code: UUID | None) -> QuerySet[DevicePerson]:
    """The people of a device who may come in by PIN now."""
    people = DevicePerson.objects.filter(user__is_active=True, user__is_clinician=False, user__is_staff=False)
    here = people.filter(device__code=code) if code else people.none()
    return here.select_related("user").order_by("pk")


def tile(code: UUID | None, pk: int) -> DevicePerson | None:
    return tiles(code).filter(pk=pk).first()


def has_tile(code: UUID | None, user: User) -> bool:
    return tiles(code).filter(user=user).exists()


def is_locked(tile: DevicePerson) -> bool:
    return tile.locked_until is not None and tile.locked_until > timezone.now()
