"""The only words in braces that a script may hold: it is spoken, so each has a stand-in."""

from collections.abc import Mapping
from typing import Any

from apps.core import placeholders

# Each with what stands there where the fact is not known
PLACEHOLDERS = {
    "first_name": "there",
    "name": "there",
    "rep": "your contact here",
    "shop": "our shop",
    "order": "your order",
    "items": "what you ordered",
    "total": "your order's total",
    "placed_on": "the other day",
    "promised_on": "the promised day",
    "received_on": "the other day",
    "orders": "several",
    "score": "your",
}


def fill(template: str, facts: Mapping[str, Any]) -> str:
    """`template` with its placeholders replaced by `facts`; an unknown one stays as it was written."""
    return placeholders.fill(template, lambda name: _word(name, facts))


def unknown_placeholders(template: str) -> list[str]:
    """What stands in braces and is no placeholder, in order and once each; a lone brace counts too."""
    return placeholders.unknown(template, PLACEHOLDERS.__contains__)


def _word(name: str, facts: Mapping[str, Any]) -> str | None:
    if name not in PLACEHOLDERS:
        return None
    value = facts.get(name)
    return PLACEHOLDERS[name] if value in (None, "") else str(value)
