"""How a caring message differs from a defensive one: plain Python, offline, no Django."""

from .checker import check
from .findings import Context, Finding
from .letters import (
    Author,
    IncidentFacts,
    LetterReport,
    OfferFacts,
    Remedy,
    compose_letter,
    read_letter,
)

__all__ = [
    "Author",
    "Context",
    "Finding",
    "IncidentFacts",
    "LetterReport",
    "OfferFacts",
    "Remedy",
    "check",
    "compose_letter",
    "read_letter",
]
