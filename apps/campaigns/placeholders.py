"""The only words in braces that a script may hold. Names are looked up, text is never formatted."""

import re
from collections.abc import Mapping
from typing import Any

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
BRACES = re.compile(r"\{([^{}]*)\}")


def fill(template: str, facts: Mapping[str, Any]) -> str:
    """`template` with its placeholders replaced by `facts`; an unknown one stays as it was written."""
    return BRACES.sub(lambda found: _word(found[0], found[1].strip(), facts), template)


def unknown_placeholders(template: str) -> list[str]:
    """What stands in braces and is no placeholder, in order and once each; a lone brace counts too."""
    wrong = [name.strip() for name in BRACES.findall(template) if name.strip() not in PLACEHOLDERS]
    stray = re.findall(r"[{}]", BRACES.sub("", template))
    return list(dict.fromkeys([*wrong, *stray]))


def _word(written: str, name: str, facts: Mapping[str, Any]) -> str:
    if name not in PLACEHOLDERS:
        return written
    value = facts.get(name)
    return PLACEHOLDERS[name] if value in (None, "") else str(value)
