"""How a caring message differs from a defensive one: plain Python, offline, no Django."""

from .checker import check
from .findings import Context, Finding

__all__ = ["Context", "Finding", "check"]
