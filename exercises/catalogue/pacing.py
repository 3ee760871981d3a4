"""How the page of a stress technique leads through it: breaths to follow, texts one after another, ideas.

`pacing.toml` holds them by the key of the catalogue; a technique without an entry has only its steps. Like
those of the catalogue the texts are content, and a translation is an overlay beside the file, for example
`pacing.de.toml`, with any of `note`, `ideas` and `texts` (those of the steps, all of them, in their order).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

from . import _broad_to_narrow, _read, _refuse_unknown

FILE = "pacing"
TENSE, RELEASE = "tense", "release"
CUES = frozenset({"", TENSE, RELEASE})
KEYS = frozenset({"patterns", "steps", "ideas", "note"})
TRANSLATABLE = frozenset({"note", "ideas", "texts"})
# What a breathing page offers.
MINUTES, USUAL_MINUTES = (1, 3, 5, 10), 3


@dataclass(frozen=True, slots=True)
class Pattern:
    """Seconds of one breath; `hold` comes after breathing in, `rest` after breathing out."""

    breathe_in: int
    hold: int
    breathe_out: int
    rest: int

    @property
    def seconds(self) -> int:
        return self.breathe_in + self.hold + self.breathe_out + self.rest

    def breaths_in(self, minutes: int) -> int:
        """About how many fit, at least one."""
        return max(1, round(minutes * 60 / self.seconds))

    def __str__(self) -> str:
        """As the page's script reads it: "4-0-6-0"."""
        return f"{self.breathe_in}-{self.hold}-{self.breathe_out}-{self.rest}"


@dataclass(frozen=True, slots=True)
class Step:
    """One text, on the screen for some seconds. `cue` is one of CUES."""

    text: str
    seconds: int
    cue: str = ""


@dataclass(frozen=True, slots=True)
class Pacing:
    """Patterns to breathe by, steps to follow, or ideas to pick from; `note` stands above."""

    patterns: tuple[Pattern, ...] = ()
    steps: tuple[Step, ...] = ()
    ideas: tuple[str, ...] = ()
    note: str = ""

    @property
    def is_paced(self) -> bool:
        return bool(self.patterns or self.steps)

    @property
    def seconds(self) -> int:
        """Of all steps together."""
        return sum(step.seconds for step in self.steps)


NOTHING = Pacing()


def pacing_of(key: str, language: str = "en") -> Pacing:
    """That of a built-in technique; an empty one for a key that has none, and for "no key"."""
    return _house(language).get(key, NOTHING)


@cache
def _house(language: str) -> Mapping[str, Pacing]:
    return MappingProxyType(load(language))


def load(language: str = "en", folder: Traversable | None = None) -> dict[str, Pacing]:
    """By key, the texts in `language` where they are translated. Raises ValueError with the key for what is
    unknown, and for a translation of a technique, a field or a number of texts that does not exist."""
    folder = folder or files(__package__)
    entries = _read(folder, f"{FILE}.toml")
    for code in _broad_to_narrow(language):
        name = f"{FILE}.{code}.toml"
        if folder.joinpath(name).is_file():
            _translate(entries, _read(folder, name), name)
    return {key: _pacing(key, entry) for key, entry in entries.items()}


def _translate(entries: dict[str, Any], overlay: dict[str, Any], name: str) -> None:
    for key, texts in overlay.items():
        if key not in entries:
            raise ValueError(f"{key}: {name} translates a technique that does not exist")
        _refuse_unknown(key, texts, TRANSLATABLE)
        steps, own = entries[key].get("steps", []), texts.pop("texts", None)
        if own is not None and len(own) != len(steps):
            raise ValueError(f"{key}: {name} has {len(own)} texts for {len(steps)} steps")
        for step, text in zip(steps, own or (), strict=False):
            step["text"] = text
        entries[key].update(texts)


def _pacing(key: str, entry: dict[str, Any]) -> Pacing:
    _refuse_unknown(key, entry, KEYS)
    return Pacing(
        patterns=tuple(_pattern(key, table) for table in entry.get("patterns", ())),
        steps=tuple(_step(key, table) for table in entry.get("steps", ())),
        ideas=tuple(entry.get("ideas", ())),
        note=entry.get("note", ""),
    )


def _pattern(key: str, table: dict[str, int]) -> Pattern:
    _refuse_unknown(key, table, frozenset({"in", "hold", "out", "rest"}))
    return Pattern(table["in"], table.get("hold", 0), table["out"], table.get("rest", 0))


def _step(key: str, table: dict[str, Any]) -> Step:
    _refuse_unknown(key, table, frozenset({"text", "seconds", "cue"}))
    if table.get("cue", "") not in CUES:
        raise ValueError(f"{key}: unknown cue {table['cue']!r}")
    return Step(**table)
