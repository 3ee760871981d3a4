"""How a technique is paced: the data themselves, then what `load` refuses and how it translates."""

import re
from pathlib import Path

import pytest

from exercises import catalogue
from exercises.catalogue import pacing
from exercises.catalogue.pacing import Pacing, Pattern, Step, load, pacing_of
from tests.test_catalogue import FORBIDDEN

PACINGS = load()
STRESS = {a.key for a in catalogue.load() if a.strand == "stress"}
# A minute, and what somebody reads aloud in one.
MINUTE, WORDS = 60, 150


def texts():
    for key, one in PACINGS.items():
        for text in (one.note, *one.ideas, *(step.text for step in one.steps)):
            if text:
                yield key, text


# --- the data ---


def test_every_technique_leads_somewhere_but_time_with_a_counselor():
    assert STRESS - set(PACINGS) == {"counselor-time"}
    assert set(PACINGS) <= STRESS
    for key, one in PACINGS.items():
        assert sum(map(bool, (one.patterns, one.steps, one.ideas))) == 1, key


def test_breaths_are_those_of_the_clinical_list():
    """Written out again on purpose: a number that slips turns this red."""
    shown = {key: [str(pattern) for pattern in one.patterns] for key, one in PACINGS.items() if one.patterns}
    assert shown == {
        "belly-breathing": ["3-0-4-0", "4-0-6-0", "3-0-3-0"],
        "equal-breathing": ["4-0-4-0", "6-0-6-0", "8-0-8-0"],
        "box-breathing": ["4-4-4-4", "4-0-4-0"],
    }
    for pattern in PACINGS["belly-breathing"].patterns:
        assert 6 <= MINUTE / pattern.seconds <= 10
    assert pacing.MINUTES == (1, 3, 5, 10)
    assert pacing.USUAL_MINUTES in pacing.MINUTES


def test_muscles_are_tense_for_5_seconds_and_loose_for_15_in_turn():
    steps = PACINGS["muscle-relaxation"].steps
    cued = [step for step in steps if step.cue]
    assert [(step.cue, step.seconds) for step in cued] == [("tense", 5), ("release", 15)] * 7
    assert steps[0].cue == steps[-1].cue == ""


def test_texts_leave_time_to_read_them():
    steps = [step for one in PACINGS.values() for step in one.steps]
    assert len(steps) > 20
    for step in steps:
        assert len(step.text.split()) * MINUTE / WORDS <= step.seconds, step.text
    assert 4 * MINUTE <= PACINGS["guided-imagery"].seconds <= 6 * MINUTE


def test_texts_are_short_and_whole():
    assert len(list(texts())) > 60
    for key, text in texts():
        assert len(text) <= 110, (key, text)
        assert re.search(r"^[A-Z].*[.?…]$", text), (key, text)


def test_no_text_scolds_pushes_or_turns_to_pain():
    assert [(key, text) for key, text in texts() if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("key", ["journaling", "creative-writing"])
def test_writing_stays_in_ones_own_notebook(key):
    assert "Nothing is typed here" in PACINGS[key].note


def test_a_breath_in_numbers():
    box = Pattern(4, 4, 4, 4)
    assert (box.seconds, box.breaths_in(3), str(box)) == (16, 11, "4-4-4-4")
    assert Pattern(60, 0, 90, 0).breaths_in(1) == 1


def test_what_is_paced():
    assert Pacing(patterns=(Pattern(3, 0, 3, 0),)).is_paced
    assert Pacing(steps=(Step("Sit.", 5), Step("Rest.", 7))).is_paced
    assert Pacing(steps=(Step("Sit.", 5), Step("Rest.", 7))).seconds == 12
    assert not Pacing(ideas=("Sing.",), note="Any song.").is_paced


def test_a_technique_without_an_entry_has_only_its_steps():
    assert pacing_of("counselor-time") == pacing_of("") == Pacing()
    assert pacing_of("music").ideas


# --- what load refuses, and translation ---

ENTRIES = """
[hum]
note = "Any tune."
ideas = ["A song.", "One note."]
[rest]
steps = [{ seconds = 5, text = "Sit." }, { cue = "tense", seconds = 7, text = "Fists." }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pacing.toml").write_text(ENTRIES, encoding="utf-8")
    return tmp_path


def test_whole_entries_are_loaded(folder):
    assert load(folder=folder) == {
        "hum": Pacing(note="Any tune.", ideas=("A song.", "One note.")),
        "rest": Pacing(steps=(Step("Sit.", 5), Step("Fists.", 7, "tense"))),
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('note = "Any tune."', 'tune = "Any."', "hum: unknown: tune"),
        ('cue = "tense"', 'cue = "push"', "rest: unknown cue 'push'"),
        ("seconds = 5", "seconds = 5, loud = 1", "rest: unknown: loud"),
        ('ideas = ["A song.", "One note."]', "patterns = [{ in = 1, out = 1, up = 1 }]", "hum: unknown: up"),
    ],
)
def test_a_wrong_entry_is_refused_by_its_key(folder, old, new, message):
    assert ENTRIES.count(old) == 1
    (folder / "pacing.toml").write_text(ENTRIES.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        load(folder=folder)


def test_an_overlay_translates_what_it_names_and_leaves_the_rest(folder):
    overlay = '[hum]\nnote = "Irgendeine."\n[rest]\ntexts = ["Sitz.", "Fäuste."]'
    (folder / "pacing.de.toml").write_text(overlay, encoding="utf-8")
    (folder / "pacing.de-at.toml").write_text('[rest]\ntexts = ["Setz di.", "Fäust."]', encoding="utf-8")
    german = load("de", folder)
    assert (german["hum"].note, german["hum"].ideas) == ("Irgendeine.", ("A song.", "One note."))
    assert german["rest"].steps == (Step("Sitz.", 5), Step("Fäuste.", 7, "tense"))
    assert load("de-at", folder)["rest"].steps[0].text == "Setz di."
    assert load(folder=folder)["hum"].note == "Any tune."
    assert load("tlh", folder) == load(folder=folder)


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        ('[him]\nnote = "Ihn."', "him: pacing.de.toml translates a technique that does not exist"),
        ("[hum]\npatterns = []", "hum: unknown: patterns"),
        ('[rest]\ntexts = ["Sitz."]', "rest: pacing.de.toml has 1 texts for 2 steps"),
    ],
)
def test_an_overlay_translates_texts_that_exist_and_nothing_else(folder, overlay, message):
    (folder / "pacing.de.toml").write_text(overlay, encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        load("de", folder)
