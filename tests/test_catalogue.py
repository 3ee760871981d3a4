"""The built-in activities: the data themselves, then what `load` refuses and how it translates."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from exercises import catalogue
from exercises.catalogue import CATEGORIES, CatalogueActivity, Dose, load

ACTIVITIES = load()
BY_KEY = {activity.key: activity for activity in ACTIVITIES}
RANGES = {"minutes": (1, 240), "sets": (1, 10), "reps": (1, 60), "hold_seconds": (1, 120)}
FORBIDDEN = re.compile(
    r"\bpain(s|ful|less)?\b|\bmiss(ed|ing)\b|\bfail|complian|not enough|do it anyway|push through|\bmust\b",
    re.IGNORECASE,
)

# Start → goal, from the clinical facts the product stands on. Written out again on purpose: a dose that
# changes by a slip of the keyboard in a TOML file turns this red.
DOSES = {
    "brisk-walk": "5 min → 15 min",
    "jog": "10 min → 15 min",
    "jump-rope": "5 min → 15 min",
    "jumping-jacks": "3 x 20 s → 3 x 30 s",
    "stair-climbing": "3 min → 10 min",
    "bike": "10 min → 15 min",
    "swim": "15 min → 15 min",
    "dance": "6 min → 15 min",
    "high-knee-march": "3 x 30 s → 3 x 30 s",
    "bear-walk": "3 x → 3 x",
    "crab-walk": "3 x → 3 x",
    "squat-to-chair": "2 x 8 → 3 x 12",
    "lunge": "2 x 6 a side → 2 x 10 a side",
    "wall-sit": "3 x 10 s → 3 x 45 s",
    "bridge": "2 x 10 3 s → 2 x 15 3 s",
    "plank": "3 x 10 s → 3 x 40 s",
    "side-plank": "2 x 10 s a side → 2 x 30 s a side",
    "push-up": "2 x 6 → 2 x 12",
    "heel-raise": "2 x 10 → 2 x 20",
    "bird-dog": "2 x 6 3 s a side → 2 x 10 3 s a side",
    "side-lying-leg-lift": "2 x 10 a side → 2 x 15 a side",
    "towel-squeeze": "2 x 10 → 2 x 15",
    "calf-stretch": "2 x 20 s a side → 2 x 30 s a side",
    "hamstring-stretch": "2 x 20 s a side → 2 x 30 s a side",
    "cat-cow": "8 → 10",
    "single-leg-stand": "3 x 10 s a side → 3 x 45 s a side",
    "heel-to-toe-walk": "3 x → 3 x",
    "step-up": "2 x 8 a side → 2 x 15 a side",
    "floor-to-stand": "5 → 10",
    "carry-and-lift": "5 → 10",
    "towel-rub": "5 min → 10 min",
    "lotion-massage": "5 min → 10 min",
    "brushing": "5 min → 10 min",
    "light-tapping": "5 min → 10 min",
    "vibration": "5 min → 10 min",
    "fabric-ladder": "5 min → 10 min",
    "sensory-bin": "5 min → 10 min",
    "putty": "5 min → 10 min",
    "rough-surface": "5 min → 10 min",
    "hair-and-scalp": "5 min → 10 min",
    "wear-it": "5 min → 10 min",
    "warm-and-cool-water": "5 min → 10 min",
    "belly-breathing": "any → 10 min",
    "muscle-relaxation": "3 min → 10 min",
}


def in_words(dose: Dose) -> str:
    parts = [
        f"{dose.sets} x" if dose.sets else "",
        f"{dose.reps}" if dose.reps else "",
        f"{dose.hold_seconds} s" if dose.hold_seconds else "",
        f"{dose.minutes} min" if dose.minutes else "",
        "a side" if dose.per_side else "",
    ]
    return " ".join(part for part in parts if part) or "any"


def texts(activity: CatalogueActivity) -> Iterator[str]:
    yield activity.name
    yield from activity.how_to
    yield activity.safety
    yield from activity.search


each_activity = pytest.mark.parametrize("activity", ACTIVITIES, ids=lambda activity: activity.key)


# --- the data ---


def test_the_counts_are_those_of_the_clinical_list():
    counts = Counter(activity.strand for activity in ACTIVITIES)
    assert counts == {"cardio": 11, "exercises": 19, "desensitization": 12, "stress": 13}
    kinds = Counter(activity.category for activity in ACTIVITIES if activity.strand == "exercises")
    assert kinds == {"strength": 11, "flexibility": 3, "balance": 2, "functional": 3}


def test_keys_are_unique_slugs():
    assert len(BY_KEY) == len(ACTIVITIES)
    assert [key for key in BY_KEY if not re.fullmatch(r"[a-z]+(-[a-z]+)*", key)] == []


def test_strands_and_categories_come_in_the_order_of_the_screen():
    """Strands never alternate, and no category is left without an activity."""
    strands = list(dict.fromkeys(activity.strand for activity in ACTIVITIES))
    assert strands == list(CATEGORIES)
    runs = sum(a.strand != b.strand for a, b in pairwise(ACTIVITIES)) + 1
    assert runs == len(CATEGORIES)
    used = {(activity.strand, activity.category) for activity in ACTIVITIES}
    assert used == {(strand, category) for strand, names in CATEGORIES.items() for category in names}


def test_doses_are_those_of_the_clinical_list():
    doses = {a.key: f"{in_words(a.usual)} → {in_words(a.goal)}" for a in ACTIVITIES}
    assert {key: dose for key, dose in doses.items() if dose != "any → any"} == DOSES


@each_activity
def test_doses_are_sane_and_the_goal_is_at_least_the_start(activity):
    for field, (least, most) in RANGES.items():
        start, goal = getattr(activity.usual, field), getattr(activity.goal, field)
        for number in (start, goal):
            assert number is None or (type(number) is int and least <= number <= most), field
        if start is not None:
            assert (goal or 0) >= start, field
    assert type(activity.usual.per_side) is type(activity.goal.per_side) is bool
    assert activity.usual.per_side == activity.goal.per_side


@each_activity
def test_neighbours_exist_in_the_same_strand_and_mirror_each_other(activity):
    for there, back in (("easier", "harder"), ("harder", "easier")):
        if key := getattr(activity, there):
            neighbour = BY_KEY[key]
            assert neighbour is not activity
            assert neighbour.strand == activity.strand
            assert getattr(neighbour, back) == activity.key


def test_few_stand_alone():
    """What has no easier or harder one beside it: for one area only, of a fixed setting, or not a matter of
    harder and easier."""
    assert [a.key for a in ACTIVITIES if not (a.easier or a.harder)] == [
        "hair-and-scalp",
        "warm-and-cool-water",
        "muscle-relaxation",
        "plan-something-fun",
        "counselor-time",
    ]


def test_going_harder_always_ends():
    for activity in ACTIVITIES:
        seen = [activity.key]
        while harder := BY_KEY[seen[-1]].harder:
            assert harder not in seen
            seen.append(harder)


def test_texture_levels_belong_to_touch_leave_no_gap_and_never_fall_on_the_way_to_harder():
    levels = {a.key: a.texture_level for a in ACTIVITIES if a.texture_level is not None}
    assert {BY_KEY[key].strand for key in levels} == {"desensitization"}
    assert set(levels.values()) == set(range(1, max(levels.values()) + 1))
    for key, level in levels.items():
        harder = BY_KEY[key].harder
        assert levels.get(harder, level) >= level, key


def test_only_water_is_off_until_a_therapist_turns_it_on():
    assert [a.key for a in ACTIVITIES if a.off_by_default is not False] == ["warm-and-cool-water"]


@each_activity
def test_texts_are_short_and_whole(activity):
    assert 0 < len(activity.name) <= 60
    assert 2 <= len(activity.how_to) <= 5
    for sentence in (*activity.how_to, activity.safety):
        assert len(sentence) <= 110
        assert re.search(r"^[A-Z].*[.?]$", sentence), sentence
    assert activity.search
    assert len(set(activity.search)) == len(activity.search)
    assert all(word and word == word.lower().strip() for word in activity.search)


@each_activity
def test_each_has_a_safety_word_and_desensitization_names_the_skin(activity):
    assert activity.safety
    if activity.strand == "desensitization":
        assert "skin" in activity.safety


@each_activity
def test_no_text_scolds_pushes_or_turns_to_pain(activity):
    assert [text for text in texts(activity) if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Rate your pain score.",
        "No pain no gain",
        "You missed two.",
        "One is missing.",
        "You failed.",
        "Compliance",
        "That is not enough.",
        "Do it anyway!",
        "Push through it.",
        "You must.",
    ],
)
def test_the_search_for_forbidden_words_finds_them(text):
    assert FORBIDDEN.search(text)


# --- what load refuses ---

ENTRY = """
[[activity]]
key = "hop"
strand = "cardio"
category = "cardio"
name = "Hop"
how_to = ["Hop.", "Hop again."]
safety = "Land softly."
usual = { sets = 1 }
goal = { sets = 2 }
easier = ""
harder = ""
search = ["hop"]
off_by_default = false
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of one activity."""
    (tmp_path / "exercises.toml").write_text(ENTRY, encoding="utf-8")
    for stem in ("desensitization", "stress"):
        (tmp_path / f"{stem}.toml").write_text("activity = []", encoding="utf-8")
    return tmp_path


def test_a_whole_entry_is_loaded(folder):
    assert load(folder=folder) == (
        CatalogueActivity(
            key="hop",
            strand="cardio",
            category="cardio",
            name="Hop",
            how_to=("Hop.", "Hop again."),
            safety="Land softly.",
            usual=Dose(sets=1),
            goal=Dose(sets=2),
            easier="",
            harder="",
            search=("hop",),
            off_by_default=False,
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('strand = "cardio"', 'strand = "running"', "hop: unknown strand 'running'"),
        ('category = "cardio"', 'category = "strength"', "hop: 'strength' is no category of cardio"),
        ('name = "Hop"', 'name = "Hop"\nvideo = "x"', "hop: unknown: video"),
        ("usual = { sets = 1 }", "usual = { sets = 1, weight = 2 }", "hop: unknown: weight"),
        ("goal = { sets = 2 }", "goal = { miles = 2 }", "hop: unknown: miles"),
        ('safety = "Land softly."', "", "hop: absent: safety"),
        ('key = "hop"', "", "(no key): absent: key"),
    ],
)
def test_a_wrong_entry_is_refused_by_its_key(folder, old, new, message):
    assert ENTRY.count(old) == 1
    (folder / "exercises.toml").write_text(ENTRY.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        load(folder=folder)


def test_a_key_given_twice_is_refused_even_in_another_file(folder):
    (folder / "stress.toml").write_text(ENTRY, encoding="utf-8")
    with pytest.raises(ValueError, match=r"^hop: given twice$"):
        load(folder=folder)


# --- translation ---


def test_an_overlay_translates_what_it_names_and_leaves_the_rest(folder):
    overlay = '[hop]\nname = "Hüpfen"\nhow_to = ["Hüpf.", "Und noch einmal."]\n'
    (folder / "exercises.de.toml").write_text(overlay, encoding="utf-8")
    (german,) = load("de", folder)
    assert (german.name, german.how_to) == ("Hüpfen", ("Hüpf.", "Und noch einmal."))
    assert (german.key, german.safety, german.usual) == ("hop", "Land softly.", Dose(sets=1))
    assert load(folder=folder)[0].name == "Hop"


def test_a_region_goes_on_top_of_its_language(folder):
    (folder / "exercises.de.toml").write_text(
        '[hop]\nname = "Hüpfen"\nsafety = "Weich landen."', encoding="utf-8"
    )
    (folder / "exercises.de-at.toml").write_text('[hop]\nname = "Hupfen"', encoding="utf-8")
    (austrian,) = load("de-at", folder)
    assert (austrian.name, austrian.safety) == ("Hupfen", "Weich landen.")
    assert load("de-ch", folder)[0].name == "Hüpfen"


def test_a_language_without_an_overlay_is_english():
    assert load("tlh") == ACTIVITIES


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ('[hopp]\nname = "Hüpfen"', "hopp: exercises.de.toml translates an activity that does not exist"),
        ("[hop]\noff_by_default = true", "hop: unknown: off_by_default"),
    ],
)
def test_an_overlay_translates_texts_of_activities_and_nothing_else(folder, overlay, message):
    (folder / "exercises.de.toml").write_text(overlay, encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        load("de", folder)


def test_every_overlay_in_the_house_loads(tmp_path):
    """Those that exist, and one made here, so that the walk is known to find them."""
    home = Path(catalogue.__file__).parent
    copy = Path(shutil.copytree(home, tmp_path / "copy", ignore=shutil.ignore_patterns("__pycache__")))
    (copy / "stress.xx.toml").write_text('[music]\nname = "Xx"', encoding="utf-8")
    languages = {path.name.split(".")[1] for path in copy.glob("*.*.toml")}
    assert "xx" in languages
    for language in languages:
        assert [activity.key for activity in load(language, copy)] == list(BY_KEY)
