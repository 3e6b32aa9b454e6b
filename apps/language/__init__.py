"""How a caring message differs from a defensive one: plain Python, offline, no Django."""

from .checker import check
from .findings import Context, Finding
from .letters import LetterReport, OfferFacts, Remedy, read_letter

__all__ = ["Context", "Finding", "LetterReport", "OfferFacts", "Remedy", "check", "read_letter"]
