"""Better words that fit where the defensive ones stand."""

import re

from .reading import Match

SLOT = re.compile(r"\{(\w+)\}")
ALWAYS_CAPITAL = re.compile(r"I\b")


def rewrites_for(
    templates: tuple[str, ...], match: Match, text: str, start: int, end: int
) -> tuple[str, ...]:
    """Those of `templates` whose slots the match fills, written to stand for text[start:end].

    They begin with a capital where the replaced words did, and a clause in the middle of a sentence
    with a small letter.
    """
    found: list[str] = []
    for template in templates:
        filled = _filled(template, match, text)
        if filled is None:
            continue
        filled = _cased(filled, text, start, end)
        if filled not in found:
            found.append(filled)
    return tuple(found[:3])


def _filled(template: str, match: Match, text: str) -> str | None:
    words = match.sentence.words
    missing = [name for name in SLOT.findall(template) if name not in match.captured]
    if missing:
        return None

    def slot(found: re.Match[str]) -> str:
        first, last = match.captured[found[1]]
        return text[words[first].start : words[last].end]

    return SLOT.sub(slot, template)


def _cased(words: str, text: str, start: int, end: int) -> str:
    if not words:
        return words
    before = text[:start].rstrip()[-1:]
    opens = not before or before in ".!?\n\u2026"
    if opens:
        is_small = text[start:end] == text[start:end].lower()
        return words if is_small and not ALWAYS_CAPITAL.match(words) else words[0].upper() + words[1:]
    return words if ALWAYS_CAPITAL.match(words) else words[0].lower() + words[1:]
