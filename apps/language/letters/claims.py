"""Whether words say that something is so: not asked, not imagined, not refused."""

from collections.abc import Sequence

from ..drafts import CLAUSE_WORDS, Word
from ..reading import Match, Reading

ADMISSION, REMEDY, PREVENTION = "admission", "remedy", "prevention"
CLAIMS = (ADMISSION, REMEDY, PREVENTION)
ASKING = frozenset(
    (
        *("do", "does", "did", "have", "has", "had", "will", "shall", "can", "could", "should", "would"),
        *("may", "might", "is", "are", "was", "were", "am", "who", "what", "why", "when", "where", "how"),
        *("which", "whose"),
    )
)
IMAGINING = frozenset(("would", "could", "might"))
INVERTED = frozenset(("had", "should", "were"))
US = frozenset(("i", "we"))
AUXILIARIES = frozenset(
    (
        *("do", "does", "did", "have", "has", "had", "will", "shall", "can", "could", "should", "would"),
        *("is", "are", "was", "were"),
    )
)
DENYING = frozenset(
    (
        *("not", "never", "no", "nobody", "none", "neither", "nor", "cannot", "unable", "refuse"),
        *("refuses", "decline", "declines"),
    )
)
AFTER_A_DEED = frozenset(("you", "it", "them", "back"))  # "we can give you no refund"
# What is good news when it is denied: "you will not be charged", "not only"
WELCOME = frozenset(
    (
        *("charge", "charges", "charged", "bill", "bills", "billed", "pay", "paying", "owe", "cost"),
        *("costs", "fee", "fees", "only", "just", "longer", "doubt", "questions", "matter", "later", "need"),
    )
)
DENIED_WITHIN, WELCOME_WITHIN = 4, 4  # words
BREAKS = CLAUSE_WORDS | {"until", "before", "after", "when", "while", "if", "unless"}


def is_claimed(component: str, match: Match, reading: Reading) -> bool:
    """Does the match say that it is so? Always, for what is no claim: whoever offers help may ask."""
    if component not in CLAIMS:
        return True
    words, opens = match.sentence.words, _opening(match)
    if words[opens].plain in ASKING and _is_asked(match, reading):
        return False
    if words[opens].plain == "only" and opens and words[opens - 1].plain == "if":
        return False
    if _is_imagined(component, [word.plain for word in words[opens : match.last + 1]]):
        return False
    return component != REMEDY or not _is_refused(words, opens, match)


def _opening(match: Match) -> int:
    """The first word of the clause in which the match begins."""
    words, place = match.sentence.words, match.first
    while place > 0 and not _breaks(words[place - 1]):
        place -= 1
    return place


def _breaks(word: Word) -> bool:
    return word.is_mark or word.plain in BREAKS


def _is_asked(match: Match, reading: Reading) -> bool:
    sentence = match.sentence
    return "?" in reading.text[sentence.words[match.last].end : sentence.end + 1]


def _is_imagined(component: str, clause: Sequence[str]) -> bool:
    """As in "had we lost it" and "we would have sent it"; of a remedy also "we should have sent it"."""
    if clause[0] in INVERTED and len(clause) > 1 and clause[1] in US:
        return True
    unreal = IMAGINING | {"should"} if component == REMEDY else IMAGINING
    said = [word for word in clause if word not in DENYING]
    return any(
        first in unreal and second == "have" and third != "to"
        for first, second, third in zip(said, said[1:], [*said[2:], ""], strict=False)
    )


def _is_refused(words: Sequence[Word], opens: int, match: Match) -> bool:
    earliest = max(opens, match.first - DENIED_WITHIN)
    places = [*range(earliest, match.last + 1), *_denials_after(words, match.last)]
    return any(words[place].plain in DENYING and not _is_welcome(words, place) for place in places)


def _denials_after(words: Sequence[Word], last: int) -> Sequence[int]:
    """Where a denial of what was just said would stand: "your refund has not been sent"."""
    follows = last + 1
    if follows >= len(words):
        return ()
    if words[follows].plain in AUXILIARIES | AFTER_A_DEED and follows + 1 < len(words):
        return (follows + 1,)
    return (follows,) if words[follows].plain in {"no", "nothing"} else ()


def _is_welcome(words: Sequence[Word], place: int) -> bool:
    for word in words[place + 1 : place + 1 + WELCOME_WITHIN]:
        if word.is_mark:
            return False
        if word.plain in WELCOME:
            return True
    return False
