"""Letters of apology: what one shows and lacks, and a first draft from the facts."""

from .claims import PREVENTION
from .components import COMPONENTS, FAULTS, Shown
from .composing import (
    KINDS,
    WAITED,
    Author,
    IncidentFacts,
    compose_letter,
    given,
    standing_changes,
    tellings,
)
from .facts import OfferFacts, Remedy
from .needs import CHANNELS, SEVERITIES, Gap
from .report import SECOND_APOLOGY, LetterReport, MustGo, read_letter
from .sums import GIFT_WORDS, Difference

__all__ = [
    "CHANNELS",
    "COMPONENTS",
    "FAULTS",
    "GIFT_WORDS",
    "KINDS",
    "PREVENTION",
    "SECOND_APOLOGY",
    "SEVERITIES",
    "WAITED",
    "Author",
    "Difference",
    "Gap",
    "IncidentFacts",
    "LetterReport",
    "MustGo",
    "OfferFacts",
    "Remedy",
    "Shown",
    "compose_letter",
    "given",
    "read_letter",
    "standing_changes",
    "tellings",
]
