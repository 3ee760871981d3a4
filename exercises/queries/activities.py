"""Activities of one's own, and the built-in ones that one can start from."""

from collections.abc import Iterable

from django.db.models import Count
from django.http import Http404

from exercises.adherence import STRANDS
from exercises.models import Activity, User

ByStrand = tuple[tuple[str, tuple[Activity, ...]], ...]


def own_activities(user: User) -> ByStrand:
    """By strand, each with ``used``: how many programs it is or was in."""
    return _by_strand(
        Activity.objects.filter(owner=user)
        .annotate(used=Count("programitem__program", distinct=True))
        .order_by("name", "pk")
    )


def built_in() -> ByStrand:
    return _by_strand(Activity.objects.filter(owner=None).exclude(key=None))


def _by_strand(rows: Iterable[Activity]) -> ByStrand:
    found: dict[str, list[Activity]] = {strand: [] for strand in STRANDS}
    for activity in rows:
        found[activity.strand].append(activity)
    return tuple((strand, tuple(own)) for strand, own in found.items() if own)


def own_activity(user: User, pk: int) -> Activity:
    """Raises ``Http404`` for one that is not the person's."""
    activity = Activity.objects.filter(owner=user, pk=pk).select_related("copy_of").first()
    if activity is None:
        raise Http404
    return activity


def activity_to_copy(user: User, pk: int) -> Activity:
    """A built-in one, or one's own. Raises ``Http404`` for any other."""
    activity = Activity.objects.filter(pk=pk).first()
    if activity is None or activity.owner_id not in (None, user.pk):
        raise Http404
    return activity
