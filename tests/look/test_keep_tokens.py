"""The stylesheets draw from the tokens, and the pages hold no style or script of their own."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STYLES = sorted((ROOT / "carecrm/static/carecrm/css").rglob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MAIL = ROOT / "templates/mail/letter.html"  # a mail has no stylesheet to link to
SPRITE = (ROOT / "carecrm/static/carecrm/img/icons.svg").read_text()
ICONS = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE))

COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
INLINE = re.compile(r"\sstyle=|\son[a-z]+=\"|<style|javascript:|\|safe\b|\{% autoescape off")
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)")
ICON = re.compile(r'{% icon "([\w-]+)"|\bicon="([\w-]+)"')


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def without_print(css: str) -> str:
    """Paper is white and ink is black where a page is printed."""
    return re.sub(r"@media print \{.*", "", css, flags=re.DOTALL)


@pytest.mark.parametrize("path", [path for path in STYLES if path.name != "tokens.css"], ids=name)
def test_a_colour_is_a_token(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", without_print(path.read_text()), flags=re.DOTALL)
    assert COLOUR.findall(css) == []


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_a_style_uses_tokens_that_exist(path: Path) -> None:
    css = "".join(sheet.read_text() for sheet in STYLES)
    known = set(re.findall(r"(--[\w-]+):", css))
    assert set(re.findall(r"var\((--[\w-]+)\)", path.read_text())) <= known


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_a_style_lies_in_a_layer(path: Path) -> None:
    rules = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert re.sub(r"@layer [\w, ]+;", "", rules).lstrip().startswith("@layer ")


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path != MAIL], ids=name)
def test_a_template_holds_no_inline_code(path: Path) -> None:
    text = path.read_text()
    assert INLINE.findall(text) == []
    assert SCRIPT.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_an_icon_is_in_the_sprite(path: Path) -> None:
    used = {first or second for first, second in ICON.findall(path.read_text())}
    assert used <= ICONS


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_nothing_comes_from_another_place(path: Path) -> None:
    assert re.findall(r'(?:src|href)="(?:https?:)?//', path.read_text()) == []
