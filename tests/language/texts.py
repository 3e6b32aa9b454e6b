"""Texts for the tests of robustness and the bench: e-mails as people write them, and
texts that are made to keep a checker busy."""

import random
from collections.abc import Callable
from functools import cache
from itertools import count

from .labelled import all_names, drafts_of

SHORTEST, LONGEST = 100, 600  # words of an e-mail
WITHOUT_ENDS = str.maketrans(dict.fromkeys(".!?\n\u2026", " "))
NEAR = (
    "please do not hesitate you should really have just so as we already told to note that if there is any "
    "we will try hopefully to see what i can as per our you did not even have nobody else has not our "
)


def emails(size: int, *, seed: int = 1) -> list[str]:
    """E-mails of 100 to 600 words, about `size` bytes in all: drafts of tests/language, joined at random."""
    chance = random.Random(seed)
    found: list[str] = []
    while size > 0:
        found.append(draft_of(chance.randint(SHORTEST, LONGEST), chance))
        size -= len(found[-1].encode())
    return found


def draft_of(words: int, chance: random.Random | None = None) -> str:
    """A draft of about so many words."""
    chance = chance or random.Random(1)
    paragraphs: list[str] = []
    while words > 0:
        paragraphs.append(chance.choice(_drafts()))
        words -= len(paragraphs[-1].split())
    return "\n\n".join(paragraphs)


@cache
def _drafts() -> list[str]:
    return [draft.text for name in all_names() for draft in drafts_of(name)]


def _again(piece: str) -> Callable[[int], str]:
    """`piece` over and over, up to a size in bytes."""
    return lambda size: piece * max(1, size // len(piece.encode()))


def _without_ends(size: int) -> str:
    return "\n".join(emails(size)).translate(WITHOUT_ENDS)


def _all_different(size: int) -> str:
    """Words of which each is another, and none was seen in a text before."""
    return " ".join(f"w{next(_numbers):x}q" for _ in range(size // 10))


_numbers = count(2**20)


HOSTILE: dict[str, Callable[[int], str]] = {
    "one word": _again("sorry "),
    "no full stops": _without_ends,
    "we you we you": _again("we you "),
    "nested quotes": _again("\u201cwe \u2018said 'you \"should\" have' so\u2019 there\u201d \u00ab"),
    "quotes never closed": _again('"\u201c\u2018'),
    "apostrophes": _again("n't's've'd''"),
    "one long word": _again("a"),
    "words all different": _all_different,
    "marks only": _again("?!.,;:()-/ "),
    "full stops": _again(". "),
    "near matches": _again(NEAR),
    "line breaks": _again("\n"),
    "lines of a word": _again("you\r\n\r\n"),
    "emoji": _again("\U0001f64f\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    "combining marks": _again("e\u0301\u0300\u0302"),
    "dots between letters": _again("a."),
    "dashes": _again("-"),
    "spaced dashes": _again(" -- -"),
    "digits": _again("1,"),
    "spaces": _again(" "),
    "links": _again("www.a@b.c "),
    "at signs": _again("@"),
}
