"""Finding an activity by typing, as everyday words have it."""

import unicodedata

from exercises.access import Viewer
from exercises.models import Activity

from . import program

# How well an activity fits, best first.
WHOLE_NAME, START_OF_NAME, WORDS_OF_NAME, ELSEWHERE = range(4)


def search(viewer: Viewer, text: str, strand: str = "") -> tuple[Activity, ...]:
    """What may be prescribed and fits all words of ``text``, the likeliest first; all of it where nothing
    was typed. A word fits where one of the name, the search words or the category begins so, whatever the
    case and the accents. One query."""
    words = fold(text).split()
    found = []
    for activity in program.prescribable(viewer).values():
        if not strand or activity.strand == strand:
            rank = _rank(activity, words)
            if rank is not None:
                found.append((rank, activity))
    # A stable sort: what fits as well as another stays in the order of the screen.
    return tuple(activity for _rank, activity in sorted(found, key=lambda one: one[0]))


def fold(text: str) -> str:
    """In small letters and digits with single spaces between: "  Émile's Push-up " is "emile s push up"."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = (_folded(sign) for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(kept).split())


def _folded(sign: str) -> str:
    return sign if sign.isalnum() else " "


def _rank(activity: Activity, words: list[str]) -> int | None:
    """``None`` where a word fits nothing."""
    name = fold(activity.name)
    rest = fold(f"{activity.search} {activity.category}")
    if not all(_begins(word, name) or _begins(word, rest) for word in words):
        return None
    if name == " ".join(words):
        return WHOLE_NAME
    if name.startswith(" ".join(words)):
        return START_OF_NAME
    return WORDS_OF_NAME if all(_begins(word, name) for word in words) else ELSEWHERE


def _begins(word: str, text: str) -> bool:
    """Whether a word of the text begins so."""
    return f" {word}" in f" {text}"
