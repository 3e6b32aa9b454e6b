"""Letters of apology: what one shows and lacks, and a first draft from the facts."""

from .components import COMPONENTS, FAULTS, Shown
from .facts import OfferFacts, Remedy
from .needs import CHANNELS, SEVERITIES, Gap
from .report import LetterReport, MustGo, read_letter
from .sums import Difference

__all__ = [
    "CHANNELS",
    "COMPONENTS",
    "FAULTS",
    "SEVERITIES",
    "Difference",
    "Gap",
    "LetterReport",
    "MustGo",
    "OfferFacts",
    "Remedy",
    "Shown",
    "read_letter",
]
