"""Better words that fit where the defensive ones stand."""

import re

from .drafts import Sentence
from .plain_words import plain_words
from .reading import Match

SLOT = re.compile(r"\{(\w+)\}")
LOOKED_BACK = 20  # code points, for the end of the sentence before
REST = "rest"  # what stands after the last captured word
ALWAYS_CAPITAL = re.compile(r"I\b")


def rewrites_for(
    templates: tuple[str, ...], match: Match, text: str, start: int, end: int
) -> tuple[str, ...]:
    """Those of `templates` whose slots the match fills, written to stand for text[start:end].

    They begin with a capital where the replaced words open a sentence with one, and else with a small
    letter.
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
    sentence = match.sentence
    if SLOT.search(template) and not _can_be_filled(match):
        return None
    if any(name not in match.captured for name in SLOT.findall(template) if name != REST):
        return None

    def slot(found: re.Match[str]) -> str:
        if found[1] == REST:
            after = max((last for _, last in match.captured.values()), default=match.last)
            return text[sentence.ends[after] : match.span("clause")[1]]
        first, last = match.captured[found[1]]
        return " ".join(_as_written(sentence, place, text) for place in range(first, last + 1))

    return SLOT.sub(slot, template)


def _can_be_filled(match: Match) -> bool:
    """Does the writer's own verb fit after another subject? Not in a clause that leans on another or goes on
    with "and": "the courier lost it and has not said sorry"."""
    first, last = match.reach("clause")
    words = match.sentence.plain
    goes_on = "us" in words[first : last + 1] or not {"and", "or"}.isdisjoint(words[match.last : last + 1])
    return match.stands_alone(first, last) and match.first <= first + 1 and not goes_on


def _as_written(sentence: Sentence, place: int, text: str) -> str:
    """As it stands in the draft; a part of a contraction in its plain form."""
    written, plain = text[sentence.starts[place] : sentence.ends[place]], sentence.plain[place]
    if len(plain_words(written)) == 1:
        return written
    return "I" if plain == "i" else plain


def _cased(words: str, text: str, start: int, end: int) -> str:
    if not words:
        return words
    before = text[max(start - LOOKED_BACK, 0) : start]
    gap = before[len(before.rstrip()) :]
    opens = not before.strip() or before.rstrip()[-1] in ".!?\u2026" or "\n" in gap
    if opens and text[start].isupper():
        return words[0].upper() + words[1:]
    return words if ALWAYS_CAPITAL.match(words) else words[0].lower() + words[1:]
