"""Activities of one's own: made, changed, taken out of the offer. Never deleted: programs point to them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from exercises.models import Activity, User

MOST_ACTIVITIES = 300
# What somebody says of an activity. The strand is said once: programs and logs were made with it.
SAID = (
    "category", "name", "how_to", "safety", "sets", "reps", "hold_seconds", "minutes", "per_side",
    "goal_sets", "goal_reps", "goal_hold_seconds", "goal_minutes", "search", "video",
)  # fmt: skip
# What a copy keeps of the built-in one.
INHERITED = ("texture_level", "order", "easier", "harder")


@transaction.atomic
def make_activity(
    *, user: User, strand: str, said: dict[str, Any], copy_of: Activity | None = None
) -> Activity:
    """``copy_of``: what was changed in it is the person's own; the built-in one stays as it is."""
    User.objects.select_for_update().get(pk=user.pk)
    if user.activities.count() >= MOST_ACTIVITIES:
        raise ValidationError(_("There is no room for more activities of your own."))
    activity = Activity(owner=user, strand=strand, **_known(said))
    if copy_of is not None:
        activity.strand, activity.copy_of = copy_of.strand, copy_of if copy_of.owner_id is None else None
        for name in INHERITED:
            setattr(activity, name, getattr(copy_of, name))
    activity.full_clean()
    activity.save(force_insert=True)
    return activity


@transaction.atomic
def change_activity(*, user: User, pk: int, said: dict[str, Any]) -> Activity:
    """Every program that has it shows the new words; doses that were prescribed stay. Raises
    ``Activity.DoesNotExist``."""
    activity = Activity.objects.select_for_update(of=("self",)).get(owner=user, pk=pk)
    for name, value in _known(said).items():
        setattr(activity, name, value)
    activity.full_clean()
    activity.save(update_fields=SAID)
    return activity


def offer_activity(*, user: User, pk: int, offered: bool) -> None:
    """Out of the offer it stays where it is prescribed, and is found for no other patient."""
    if not Activity.objects.filter(owner=user, pk=pk).update(offered=offered):
        raise Activity.DoesNotExist


def _known(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in SAID if name in said}
