"""Which browser on which system, from what a browser says of itself. Standard library only."""

import re
from typing import NamedTuple

# The first that is found counts: most browsers also name those whose pages they want to be given.
BROWSERS = (
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


class Agent(NamedTuple):
    """Names as makers write them; empty where they are not known."""

    browser: str
    system: str


def read(said: str) -> Agent:
    return Agent(_first(said, BROWSERS), _first(said, SYSTEMS))


def _first(said: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if re.search(rf"\b{mark}", said)), "")
