"""What comes from outside as it can be kept, and known again."""

import hashlib
import json
from typing import Any

NOT_STORABLE = {0: None}  # no text of PostgreSQL holds a NUL


def storable(text: str) -> str:
    """Without NULs and halves of characters, which no database takes."""
    return text.translate(NOT_STORABLE).encode("utf-8", "replace").decode()


def sum_of(said: dict[str, Any]) -> str:
    """The id of what came without one: the same words have the same."""
    return "sum:" + hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
