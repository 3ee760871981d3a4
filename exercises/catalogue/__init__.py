"""The built-in activities, as data.

Three TOML files hold them, in the order of the screen: `exercises.toml` (cardio and exercises),
`desensitization.toml` and `stress.toml`. A therapist edits a copy, never these.

Their texts are content, not interface: gettext does not read TOML. A translation is an overlay beside the
file it translates, for example `stress.de.toml`, with one table for each activity and any of `name`,
`how_to`, `safety` and `search`; what it leaves out stays English:

    [belly-breathing]
    name = "Bauchatmung"
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

FILES = ("exercises", "desensitization", "stress")

# Strand -> its categories, both in the order of the screen. touch: something moves over the skin;
# texture: the skin meets a material. expression: making or writing; senses: noticing what is around.
CATEGORIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cardio": ("cardio",),
        "exercises": ("strength", "flexibility", "balance", "functional"),
        "desensitization": ("touch", "texture"),
        "stress": (
            "breathing",
            "relaxation",
            "imagery",
            "expression",
            "senses",
            "thinking",
            "fun",
            "talking",
        ),
    }
)

TRANSLATABLE = frozenset({"name", "how_to", "safety", "search"})


@dataclass(frozen=True, slots=True)
class Dose:
    """How much. None: not part of this dose; all None: any amount will do.

    `hold_seconds` is one hold, or one bout of timed work (20 s of jumping jacks). `per_side`: each side
    does all of it.
    """

    sets: int | None = None
    reps: int | None = None
    hold_seconds: int | None = None
    minutes: int | None = None
    per_side: bool = False


@dataclass(frozen=True, slots=True)
class CatalogueActivity:
    """One built-in activity. `easier` and `harder` are keys of the same strand, or empty.

    `texture_level`: how rough the material is where the activity starts, 1 is smooth; None: no texture.
    """

    key: str
    strand: str
    category: str
    name: str
    how_to: tuple[str, ...]
    safety: str
    usual: Dose
    goal: Dose
    easier: str
    harder: str
    search: tuple[str, ...]
    off_by_default: bool
    texture_level: int | None = None


ENTRY_KEYS = frozenset(field.name for field in fields(CatalogueActivity))
OPTIONAL_KEYS = frozenset({"texture_level"})
DOSE_KEYS = frozenset(field.name for field in fields(Dose))


def load(language: str = "en", folder: Traversable | None = None) -> tuple[CatalogueActivity, ...]:
    """Every built-in activity in the order of the screen, its texts in `language` where translated.

    `language` is a code such as "de" or "pt-br"; a regional overlay goes on top of that of its language.
    Raises ValueError with the activity's key for an unknown strand, category or key, a key that is absent
    or given twice, and a translation of an activity or a field that does not exist.
    """
    folder = folder or files(__name__)
    activities = tuple(
        _activity(entry) for stem in FILES for entry in _translated_entries(folder, stem, language)
    )
    _check_unique(activities)
    return activities


def _translated_entries(folder: Traversable, stem: str, language: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = _read(folder, f"{stem}.toml")["activity"]
    by_key = {entry.get("key"): entry for entry in entries}
    for code in _broad_to_narrow(language):
        name = f"{stem}.{code}.toml"
        if not folder.joinpath(name).is_file():
            continue
        for key, texts in _read(folder, name).items():
            if key not in by_key:
                raise ValueError(f"{key}: {name} translates an activity that does not exist")
            _refuse_unknown(key, texts, TRANSLATABLE)
            by_key[key].update(texts)
    return entries


def _read(folder: Traversable, name: str) -> dict[str, Any]:
    return tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))


def _broad_to_narrow(language: str) -> Iterator[str]:
    """pt-br -> pt, pt-br."""
    base, dash, _ = language.partition("-")
    yield base
    if dash:
        yield language


def _activity(entry: dict[str, Any]) -> CatalogueActivity:
    key = entry.get("key", "(no key)")
    _refuse_unknown(key, entry, ENTRY_KEYS)
    if absent := ENTRY_KEYS - OPTIONAL_KEYS - entry.keys():
        raise ValueError(f"{key}: absent: {', '.join(sorted(absent))}")
    if entry["strand"] not in CATEGORIES:
        raise ValueError(f"{key}: unknown strand {entry['strand']!r}")
    if entry["category"] not in CATEGORIES[entry["strand"]]:
        raise ValueError(f"{key}: {entry['category']!r} is no category of {entry['strand']}")
    doses = {name: _dose(key, entry[name]) for name in ("usual", "goal")}
    lists = {name: tuple(entry[name]) for name in ("how_to", "search")}
    return CatalogueActivity(**{**entry, **doses, **lists})


def _dose(key: str, table: dict[str, Any]) -> Dose:
    _refuse_unknown(key, table, DOSE_KEYS)
    return Dose(**table)


def _refuse_unknown(key: str, table: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := table.keys() - known:
        raise ValueError(f"{key}: unknown: {', '.join(sorted(unknown))}")


def _check_unique(activities: tuple[CatalogueActivity, ...]) -> None:
    seen: set[str] = set()
    for activity in activities:
        if activity.key in seen:
            raise ValueError(f"{activity.key}: given twice")
        seen.add(activity.key)
