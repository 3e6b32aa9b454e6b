"""Better words that fit where the defensive ones stand."""

import re

from .drafts import Word, plain_words
from .reading import Match

SLOT = re.compile(r"\{(\w+)\}")
REST = "rest"  # what stands after the last captured word
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
        filled = _filled(template, match, text, end)
        if filled is None:
            continue
        filled = _cased(filled, text, start, end)
        if filled not in found:
            found.append(filled)
    return tuple(found[:3])


def _filled(template: str, match: Match, text: str, end: int) -> str | None:
    words = match.sentence.words
    if any(name not in match.captured for name in SLOT.findall(template) if name != REST):
        return None

    def slot(found: re.Match[str]) -> str:
        if found[1] == REST:
            after = max((last for _, last in match.captured.values()), default=match.last)
            return text[words[after].end : end]
        first, last = match.captured[found[1]]
        return " ".join(_as_written(word, text) for word in words[first : last + 1])

    return SLOT.sub(slot, template)


def _as_written(word: Word, text: str) -> str:
    """As it stands in the draft; a part of a contraction in its plain form."""
    written = text[word.start : word.end]
    if len(plain_words(written)) == 1:
        return written
    return "I" if word.plain == "i" else word.plain


def _cased(words: str, text: str, start: int, end: int) -> str:
    if not words:
        return words
    before = _letter_before(text, start)
    opens = not before or before in ".!?\n\u2026"
    if opens:
        is_small = text[start:end] == text[start:end].lower()
        return words if is_small and not ALWAYS_CAPITAL.match(words) else words[0].upper() + words[1:]
    return words if ALWAYS_CAPITAL.match(words) else words[0].lower() + words[1:]


def _letter_before(text: str, place: int) -> str:
    """The last before `place` that is not white space; "" if there is none."""
    while place and text[place - 1].isspace():
        place -= 1
    return text[place - 1 : place]
