"""Phone numbers as E.164, read with the customer's country or the shop's."""

from functools import lru_cache

import phonenumbers
from phonenumbers import ValidationResult

START = 5  # characters: the plus, the longest calling code, a digit
PLACEHOLDER_DIGIT = "5"


def e164(text: str, country: str) -> str:
    """The number as `+442079460112`, or nothing where it cannot be one, be it for want of its area code."""
    text = text.strip()
    digits = text[1:] if text[:1] == "+" else ""
    if digits.isascii() and digits.isdecimal() and _is_e164(text[:START], len(text)):
        return text
    number = _read(text, country)
    return _written(number) if number and _is_whole(number) else ""


def e164_start(text: str, country: str) -> str:
    """The first digits of a number, as its E.164 begins; nothing where no number begins so."""
    number = _read(text, country)
    return _written(number) if number else ""


@lru_cache(maxsize=10_000)
def _is_e164(start: str, length: int) -> bool:
    """Whether a number that starts so and is so long stays as it is; to read each would slow an import.

    This depends on its calling code, its length, and the next digit: `+49030...` holds a 0 too many.
    """
    text = start.ljust(length, PLACEHOLDER_DIGIT)
    number = _read(text, "")
    return number is not None and _is_whole(number) and _written(number) == text


def _read(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country or None)
    except phonenumbers.NumberParseException:
        return None


def _is_whole(number: phonenumbers.PhoneNumber) -> bool:
    """Whether it is long enough to be dialled from anywhere: `is_possible_number` takes local ones, too."""
    return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE


def _written(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
