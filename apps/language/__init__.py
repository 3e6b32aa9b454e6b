"""How a caring message differs from a defensive one: plain Python, offline, no Django."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .checker import check
from .findings import Context, Finding

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    """What is about letters is loaded when it is first asked for: a check should not wait for it."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(".letters", __name__), name)
