"""Does what a customer wrote tell of a failure of ours, and of which?

Asked of scores of 2 and lower only: a happy customer who mentions a wait has forgiven it, and an item
without a score is read by a person. The strongest kind that is told stands, as it does in an incident.
A person confirms it: see `services.confirming`. Which words count stands in `hearing_words`.
"""

import re

from apps.feedback.due import UNHAPPY
from apps.feedback.kind_words import any_of, plain
from apps.feedback.models import FeedbackItem

from . import hearing_words as words_for
from .models import STRENGTH, IncidentKind

BETWEEN = r"(?:[\w']+ ){0,3}"
NOT = (
    r"(?:not|\w+n't|never|nothing|nobody|none|no|without|nicht|nichts|kein\w*|ohne|nie|nao|nunca|nada|nenhum\w*"
    r"|ninguem|sem|sin|ningun\w*|pas|rien|aucun\w*|sans|jamais|nem|neither|nor|hardly|isn't|far from)"
)
FILL = (
    r"(?:(?:an?|any|at all|de|d|eine?|um|uma|un|una|had|have|been|to|tive|tem|ha|is|was|were|are|be|zu|too|so"
    r"|the|item|single|bit|ever|arrived|came|come|war|ist|veio|chegou|foi|estava|est|etait|llego|estaba|wurde"
    r"|my|hat|etwas|nada|arrive|because it) ){0,3}"
)


def _pattern(words: str) -> str:
    return any_of(words).replace(r"\ \~\ ", f" {BETWEEN}")


FAULTS = {kind: re.compile(_pattern(words)) for kind, words in words_for.FAULTS.items()}
DENIALS = {kind: re.compile(_pattern(words)) for kind, words in words_for.DENIALS.items()}
# "not late", "nothing was broken", "nicht zu spat", "sem atraso"; never across a comma or a full stop
DENIED = re.compile(rf"\b{NOT} {FILL}(?:{'|'.join(_pattern(one) for one in words_for.FAULTS.values())})")
SET_PHRASES = re.compile(_pattern(words_for.SET_WORDS))


def failure_heard(item: FeedbackItem) -> IncidentKind | None:
    """The kind of failure that an unhappy item tells of; None where it tells of none."""
    if item.score is None or item.score > UNHAPPY:
        return None
    return failure_told(f"{item.title}. {item.text}")


def failure_told(text: str) -> IncidentKind | None:
    words = SET_PHRASES.sub(" ", " ".join(plain(text).split()))
    words = DENIED.sub(_undenied, words)
    told = {kind for told_by in (DENIALS, FAULTS) for kind, signs in told_by.items() if signs.search(words)}
    return IncidentKind(max(told, key=STRENGTH.index)) if told else None


def _undenied(found: re.Match[str]) -> str:
    """Nothing is left of "not late"; "no answer" is a fault in itself and stays."""
    return found[0] if any(one.fullmatch(found[0]) for one in FAULTS.values()) else " "
