"""Words in braces that people write: one pass, names looked up, nothing formatted."""

import re
from collections.abc import Callable
from dataclasses import dataclass

BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Part:
    """A piece of a text: as it was written, and what stood in its braces; None for words outside of any."""

    written: str
    inside: str | None = None


def parts_of(text: str) -> list[Part]:
    """`text` cut at its braces, in order; joined as written they are `text` again."""
    parts, end = [], 0
    for found in BRACES.finditer(text):
        parts += [Part(text[end : found.start()]), Part(found[0], found[1].strip())]
        end = found.end()
    return [part for part in [*parts, Part(text[end:])] if part.written]


def fill(text: str, say: Callable[[str], str | None]) -> str:
    """`text` with what `say` gives for each pair of braces; where that is None it stays as it was written.

    What was put in is not read again.
    """
    return "".join(_said(part, say) for part in parts_of(text))


def unknown(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """What stands in braces and is not known, in order and once each; a lone brace counts too."""
    parts = parts_of(text)
    wrong = [part.inside for part in parts if part.inside is not None and not is_known(part.inside)]
    stray = [sign for part in parts if part.inside is None for sign in part.written if sign in "{}"]
    return list(dict.fromkeys([*wrong, *stray]))


def _said(part: Part, say: Callable[[str], str | None]) -> str:
    if part.inside is None:
        return part.written
    said = say(part.inside)
    return part.written if said is None else said
