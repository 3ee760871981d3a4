"""The built-in activities in the database, as the files say. Those of therapists are never touched."""

from typing import Any

from django.db import transaction

from exercises import catalogue
from exercises.models import Activity

TEXTS = ("strand", "category", "name", "safety", "texture_level")
DOSE = ("sets", "reps", "hold_seconds", "minutes", "per_side")
WRITTEN = (*TEXTS, *DOSE, "how_to", "search", "order")


@transaction.atomic
def load_catalogue() -> tuple[int, int]:
    """Brings the built-in rows up to the files in a few queries; returns how many were (added, updated).

    ``offered`` is set when a row is made and then left to the administrator, with one exception: an activity
    that left the files stays for those who logged it and is offered no more.
    """
    rows = {row.key: row for row in Activity.objects.exclude(key=None).order_by()}
    added, updated = [], []
    for order, entry in enumerate(catalogue.load()):
        wanted = _columns(entry, order)
        row = rows.pop(entry.key, None)
        if row is None:
            added.append(Activity(key=entry.key, offered=not entry.off_by_default, **wanted))
        elif any(getattr(row, name) != value for name, value in wanted.items()):
            updated.append(_changed(row, wanted))
    updated += [_changed(row, {"offered": False}) for row in rows.values() if row.offered]
    Activity.objects.bulk_create(added)
    Activity.objects.bulk_update(updated, [*WRITTEN, "offered"])
    return len(added), len(updated)


def _columns(entry: catalogue.CatalogueActivity, order: int) -> dict[str, Any]:
    return {
        **{name: getattr(entry, name) for name in TEXTS},
        **{name: getattr(entry.usual, name) for name in DOSE},
        "how_to": "\n".join(entry.how_to),
        "search": " ".join(entry.search),
        "order": order,
    }


def _changed(row: Activity, values: dict[str, Any]) -> Activity:
    for name, value in values.items():
        setattr(row, name, value)
    return row
