"""The tokens of amps.css keep their promise: 4.5:1 for text, 3:1 for shapes, in light and in dark."""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = (Path(__file__).parent.parent / "exercises/static/exercises/amps.css").read_text()
HUES = ("accent", "move", "touch", "calm", "life", "care")
TEXT, SHAPE = 4.5, 3.0


def tokens(selector: str) -> dict[str, str]:
    """The colors that the first block of ``selector`` sets."""
    block = re.search(re.escape(selector) + r"\s*\{(.*?)\}", CSS, re.DOTALL)
    assert block, selector
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block[1]))


LIGHT = tokens(":root")
DARK = tokens(':root[data-theme="dark"]')
SYSTEM_DARK = tokens(':root:not([data-theme="light"])')
THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_both_ways_to_dark_set_the_same_colors():
    assert SYSTEM_DARK == DARK
    assert DARK.keys() == LIGHT.keys()


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_readable_on_every_ground(theme):
    for text, ground in product(("ink", "soft"), ("paper", "card", "sunk")):
        assert contrast(theme[text], theme[ground]) >= TEXT, (text, ground)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("hue", HUES)
def test_each_hue_is_readable_as_text_and_visible_as_a_shape(theme, hue):
    for ground in ("paper", "card", f"{hue}-wash"):
        assert contrast(theme[hue], theme[ground]) >= TEXT, (hue, ground)
        assert contrast(theme[f"{hue}-fill"], theme[ground]) >= SHAPE, (hue, ground)
    assert contrast(theme["card"], theme[hue]) >= TEXT, "a button's own words"
    for text in ("ink", "soft"):
        assert contrast(theme[text], theme[f"{hue}-wash"]) >= TEXT, (text, hue)


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_boxes_and_rings_are_visible(theme):
    for ground in ("paper", "card", "sunk"):
        assert contrast(theme["edge"], theme[ground]) >= SHAPE, ground


def test_neither_ground_is_pure():
    assert LIGHT["paper"] != "#ffffff"
    assert DARK["paper"] != "#000000"


def test_nothing_comes_from_another_host():
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_every_status_and_life_fill_has_a_shape():
    for status in ("met", "partly", "nothing", "excused", "today", "ahead"):
        assert f'i[data-status="{status}"]' in CSS
    for fill in ("full", "half", "ring", "dash", "open"):
        assert f".mark.{fill}" in CSS
