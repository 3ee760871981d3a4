"""Who is in the demo. All names are made up."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice

CHICAGO = "America/Chicago"


@dataclass(frozen=True, slots=True)
class Person:
    """One patient. ``username`` is empty for a child without an account; ``parent`` is a username."""

    username: str
    name: str
    kind: str
    zone: str = CHICAGO
    areas: tuple[str, ...] = ("left_foot",)
    parent: str = ""


MAYA = Person("maya", "Maya R.", "maya", areas=("left_foot",), parent="dana")
LEO = Person("", "Leo", "leo", areas=("right_hand",), parent="dana")

# lee's caseload: every kind of patient that a list must show well.
OF_LEE = (
    MAYA,
    LEO,
    Person("ava", "Ava T.", "steady", areas=("left_knee",), parent="tom"),
    Person("noah", "Noah B.", "listed", areas=("back", "hips")),
    Person("zoe", "Zoë M.", "steady", "America/New_York", ("right_foot",), "mila"),
    Person("liam", "Liam K.", "irregular", areas=("right_arm", "right_hand"), parent="nora"),
    Person("priya", "Priya S.", "new", areas=("left_leg",), parent="asha"),
    Person("mateo", "Mateo G.", "keeping", "America/Denver", ("left_hand",)),
    Person("hana", "Hana Y.", "quiet", areas=("right_knee",), parent="yuki"),
    Person("elif", "Elif D.", "areas", "Europe/Berlin", ("left_foot", "right_foot")),
    Person("jonas", "Jonas W.", "paused", areas=("left_shoulder", "left_arm")),
    Person("ruby", "Ruby A.", "done", areas=("right_leg",), parent="iris"),
    Person("tariq", "Tariq H.", "asking", areas=("left_knee", "right_knee")),
    Person("ella", "Ella P.", "traveling", areas=("hips",), parent="kate"),
    Person("maximiliana", "Maximiliana-Alexandra Featherstonehaugh-Papadopoulos", "growing", areas=("neck",)),
    Person("layla", "ليلى حداد", "steady", "Africa/Cairo", ("left_hand", "left_arm")),
    Person("aroha", "Aroha N.", "growing", "Pacific/Auckland", ("right_foot",)),
    Person("kai", "Kai L.", "talking", "Pacific/Honolulu", ("left_leg",)),
    Person("dev", "Dev R.", "steady", "Asia/Kolkata", ("right_shoulder",)),
    Person("sofia", "Sofia C.", "smaller", "America/Los_Angeles", ("belly", "back"), "elena"),
    Person("", "Owen F.", "steady", areas=("right_foot",), parent="erin"),
    Person("grace", "Grace O.", "first", areas=("left_knee",)),
    Person("ines", "Inés V.", "paper", areas=("left_foot",), parent="pilar"),
    Person("sam", "Sam J.", "steady", areas=("right_hand",)),
)

OF_ROBIN = (
    Person("nell", "Nell K.", "growing", areas=("left_hand",)),
    Person("ben", "Ben A.", "steady", areas=("right_hand", "right_arm"), parent="lucy"),
    Person("yara", "Yara Q.", "irregular", areas=("left_arm",)),
    Person("", "Pia L.", "new", areas=("right_foot",), parent="jens"),
    Person("theo", "Theo E.", "quiet", areas=("left_hand",)),
)
# Treated by both.
SHARED = "ella"

MORE_NAMES = (
    "Alma", "Bao", "Cleo", "Dario", "Emi", "Finn", "Gia", "Hugo", "Isla", "Jude",
    "Kira", "Luca", "Mina", "Niko", "Olive", "Pavel", "Quinn", "Rosa", "Soren", "Tess",
)  # fmt: skip
MORE_KINDS = ("steady", "growing", "steady", "irregular", "steady", "quiet", "steady", "done", "asking")
MORE_AREAS = ("left_foot", "right_hand", "back", "right_knee", "left_arm", "hips", "right_foot")
MORE_ZONES = (CHICAGO, CHICAGO, "America/New_York", CHICAGO, "America/Denver")


def caseload(size: int) -> list[Person]:
    """``size`` patients of lee's, maya first; the named ones lead."""
    return [*OF_LEE[:size], *islice(_more(), max(size - len(OF_LEE), 0))]


def _more() -> Iterator[Person]:
    for n in count():
        first = MORE_NAMES[n % len(MORE_NAMES)]
        yield Person(
            username=f"{first.lower()}{n + 1}",
            name=f"{first} {chr(ord('A') + n // len(MORE_NAMES) % 26)}.",
            kind=MORE_KINDS[n % len(MORE_KINDS)],
            zone=MORE_ZONES[n % len(MORE_ZONES)],
            areas=(MORE_AREAS[n % len(MORE_AREAS)],),
        )
