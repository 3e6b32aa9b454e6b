"""The contrast of every pair of colours that the parts use, in light and dark, read from tokens.css."""

import re
from itertools import product
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "carecrm/static/carecrm/css"
PAIR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")
TOKENS = {name: (light, dark) for name, light, dark in PAIR.findall((CSS / "tokens.css").read_text())}
THEMES = {"light": 0, "dark": 1}
TEXT, SHAPE = 4.5, 3.0

PAPERS = ("ground", "surface", "raised", "sunken", "hover", "accent-wash")
INKS = ("ink", "ink-2", "accent-ink", "alert-ink", "good-ink", "pro-ink")
WORDS = [
    *product(INKS, PAPERS),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("pro-ink", "pro-wash"),
    ("re-ink", "re-wash"),
    ("re-ink", "sunken"),
    ("alert-ink", "alert-wash"),
    ("good-ink", "good-wash"),
    ("ink", "re-wash"),
    ("ink", "alert-wash"),
    ("accent-ink", "re-wash"),
    ("accent-ink", "alert-wash"),
    ("surface", "ink"),
    ("surface", "alert"),
]
SHAPES = [
    *product(("edge",), ("ground", "surface", "raised")),
    *product(("pro-edge",), ("ground", "surface", "re-wash")),
    *product(("accent",), ("ground", "surface", "sunken", "accent-wash")),
    *product(("alert", "good", "re-edge"), ("surface",)),
    *product(("ink",), ("ground", "surface")),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: str, back: str, theme: str) -> float:
    """The ratio of WCAG 2: from 1 to 21."""
    shades = sorted(luminance(TOKENS[name][THEMES[theme]]) for name in (front, back))
    return (shades[1] + 0.05) / (shades[0] + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), WORDS)
def test_words_can_be_read(front: str, back: str, theme: str) -> None:
    assert contrast(front, back, theme) >= TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_shapes_can_be_told_apart(front: str, back: str, theme: str) -> None:
    assert contrast(front, back, theme) >= SHAPE
