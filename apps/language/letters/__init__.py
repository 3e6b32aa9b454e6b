"""Letters of apology: what one shows and lacks, and a first draft from the facts."""

from .components import COMPONENTS, FAULTS, Shown
from .composing import Author, IncidentFacts, compose_letter
from .facts import OfferFacts, Remedy
from .needs import CHANNELS, SEVERITIES, Gap
from .report import LetterReport, MustGo, read_letter
from .sums import Difference

__all__ = [
    "CHANNELS",
    "COMPONENTS",
    "FAULTS",
    "SEVERITIES",
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
    "read_letter",
]
