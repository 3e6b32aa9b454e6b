"""Phone numbers as E.164, read with the customer's country or the shop's."""

from functools import lru_cache

import phonenumbers

PLACEHOLDER_DIGIT = "5"


def e164(text: str, country: str) -> str:
    """The number as `+442079460112`, or nothing where it cannot be one."""
    text = text.strip()
    if text[:1] == "+" and text[1:].isascii() and text[1:].isdecimal():
        return text if _possible(text[:4], len(text)) else ""
    try:
        number = phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=10_000)
def _possible(start: str, length: int) -> bool:
    """Whether a number can start so and be so long: calling code and length are all that this depends on."""
    try:
        number = phonenumbers.parse(start.ljust(length, PLACEHOLDER_DIGIT))
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)
