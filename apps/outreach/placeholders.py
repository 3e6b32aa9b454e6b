"""The only words in braces that a mail may hold: `{first_name}`, or `{first_name|friend}`.

A mail goes out without a person looking, so an unknown fact has no stand-in but the one its writer chose.
"""

import re
from dataclasses import dataclass

from apps.core import placeholders

# Each with what it stands for, as the editor lists them
PLACEHOLDERS = {
    "first_name": "what to call the customer",
    "name": "the customer’s full name",
    "rep": "the first name of whoever sends it",
    "shop": "the shop’s name",
    "order": "the order’s number",
    "items": "what was ordered",
    "total": "what the order came to",
    "placed_on": "the day of the order",
    "promised_on": "the day it was promised for",
}
ALLOWED = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
LETTERS = r"[^\W\d_]+"
SLOT = re.compile(rf"(\w+)(?:\|({LETTERS}(?: {LETTERS})*))?")


@dataclass(frozen=True)
class Slot:
    """A placeholder, and the words to say where its fact is not known; letters and spaces, or none."""

    name: str
    instead: str = ""


def slot_of(inside: str) -> Slot | None:
    """The placeholder that these braces hold; None where they hold anything else."""
    found = SLOT.fullmatch(inside)
    if found is None or found[1] not in PLACEHOLDERS:
        return None
    return Slot(found[1], found[2] or "")


def unknown_placeholders(text: str) -> list[str]:
    return placeholders.unknown(text, lambda inside: slot_of(inside) is not None)
