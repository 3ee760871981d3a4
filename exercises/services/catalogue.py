"""The built-in activities in the database, as the files say. Those of therapists are never touched."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from exercises import catalogue
from exercises.catalogue import CatalogueActivity
from exercises.models import Activity

TEXTS = ("strand", "category", "name", "safety", "texture_level")
DOSE = ("sets", "reps", "hold_seconds", "minutes", "per_side")
# Column -> its name in a dose.
GOAL = {f"goal_{name}": name for name in DOSE if name != "per_side"}
WRITTEN = (*TEXTS, *DOSE, *GOAL, "how_to", "search", "order")
NEIGHBOURS = ("easier", "harder")


@transaction.atomic
def load_catalogue() -> tuple[int, int]:
    """Brings the built-in rows up to the files in a few queries; returns how many were (added, updated).

    ``offered`` is set when a row is made and then left to the administrator, with one exception: an activity
    that left the files stays for those who logged it and is offered no more.
    """
    entries = catalogue.load()
    rows = {row.key or "": row for row in Activity.objects.exclude(key=None).order_by()}
    added, updated = [], []
    for order, entry in enumerate(entries):
        wanted = _columns(entry, order)
        row = rows.get(entry.key)
        if row is None:
            added.append(Activity(key=entry.key, offered=not entry.off_by_default, **wanted))
        elif any(getattr(row, name) != value for name, value in wanted.items()):
            updated.append(_changed(row, wanted))
    gone = rows.keys() - {entry.key for entry in entries}
    updated += [_changed(rows[key], {"offered": False}) for key in gone if rows[key].offered]
    Activity.objects.bulk_create(added)
    Activity.objects.bulk_update(updated, [*WRITTEN, "offered"])
    linked = _link(entries, rows | {row.key or "": row for row in added})
    return len(added), len({row.pk for row in (*updated, *linked)} - {row.pk for row in added})


def _link(entries: Sequence[CatalogueActivity], rows: Mapping[str, Activity]) -> list[Activity]:
    """Neighbours, once every row has a key to be named by. Returns the rows where one changed."""
    linked = []
    for entry in entries:
        row = rows[entry.key]
        wanted = {name: rows.get(getattr(entry, name)) for name in NEIGHBOURS}
        if any(getattr(row, f"{name}_id") != (other and other.pk) for name, other in wanted.items()):
            linked.append(_changed(row, wanted))
    Activity.objects.bulk_update(linked, NEIGHBOURS)
    return linked


def _columns(entry: CatalogueActivity, order: int) -> dict[str, Any]:
    return {
        **{name: getattr(entry, name) for name in TEXTS},
        **{name: getattr(entry.usual, name) for name in DOSE},
        **{column: getattr(entry.goal, name) for column, name in GOAL.items()},
        "how_to": "\n".join(entry.how_to),
        "search": " ".join(entry.search),
        "order": order,
    }


def _changed(row: Activity, values: Mapping[str, Any]) -> Activity:
    for name, value in values.items():
        setattr(row, name, value)
    return row
