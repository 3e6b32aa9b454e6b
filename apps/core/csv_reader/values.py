"""What a cell may hold: each maker gives a converter from a cell's text to the value that is stored."""

import re
from decimal import Decimal
from functools import lru_cache

from .columns import Convert
from .errors import Unreadable

PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?").fullmatch
PLAIN_AMOUNT = re.compile(r"[0-9]{1,11}\.[0-9]{2}").fullmatch
CURRENCY_SIGNS = re.compile(r"^(?:[A-Z]{3}|[A-Z]{0,2}\$|[€£¥₹])\s*|\s*(?:[A-Z]{3}|[€£¥₹$])$")
GROUPED = {
    ".": re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d+|-?\d+\.\d+").fullmatch,
    ",": re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+|-?\d+,\d+").fullmatch,
}
MANY_GROUPS = re.compile(r"\d{1,3}(?:,\d{3}){2,}|\d{1,3}(?:\.\d{3}){2,}").fullmatch
KEPT = 10_000  # values that occur again and again are read once
CENT = Decimal("0.01")
TOO_MUCH = Decimal(10) ** 11


def shown(text: str) -> str:
    """A cell as a reason quotes it: short."""
    return f'"{text[:60]}…"' if len(text) > 60 else f'"{text}"'


def identity(limit: int) -> Convert:
    """A key: never blank, never cut."""

    def convert(text: str) -> str:
        text = text.strip()
        if not text:
            raise Unreadable("is blank")
        if len(text) > limit:
            raise Unreadable(f"is longer than {limit} characters: {shown(text)}")
        return text

    return convert


def key_or_blank(limit: int) -> Convert:
    """A key that may be unknown."""
    given = identity(limit)
    return lambda text: given(text) if text.strip() else ""


def words(limit: int | None = None) -> Convert:
    """Words for people: cut with an ellipsis where they are too long for the field."""

    def convert(text: str) -> str:
        text = text.strip()
        if limit and len(text) > limit:
            text = text[: limit - 1] + "…"
        return text

    return convert


def code(limit: int) -> Convert:
    """A word of a small vocabulary, such as a status, in lower case."""

    @lru_cache(maxsize=KEPT)
    def convert(text: str) -> str:
        return text.strip().lower()[:limit]

    return convert


def whole_number(low: int, high: int) -> Convert:
    """A whole number or nothing; `3.0` is 3."""

    @lru_cache(maxsize=KEPT)
    def convert(text: str) -> str | None:
        text = text.strip()
        if not text:
            return None
        head, _, tail = text.partition(".")
        if not (head.isascii() and head.isdecimal() and not tail.strip("0")):
            raise Unreadable(f"is not a whole number: {shown(text)}")
        if not low <= int(head) <= high:
            raise Unreadable(f"is not from {low} to {high}: {shown(text)}")
        return str(int(head))

    return convert


def amount(text: str) -> str:
    """Money as `1234.50`. Takes `1,234.50` and `1.234,50`; what can be read two ways is refused."""
    if PLAIN_AMOUNT(text):
        return text
    number = CURRENCY_SIGNS.sub("", text.strip()).replace("\u00a0", "").replace("'", "").replace(" ", "")
    if not number:
        raise Unreadable("is blank")
    value = _decimal(number, text)
    if value < 0:
        raise Unreadable(f"is less than zero: {shown(text)}")
    if value >= TOO_MUCH:
        raise Unreadable(f"is impossibly large: {shown(text)}")
    return str(value.quantize(CENT))


def _decimal(number: str, text: str) -> Decimal:
    if MANY_GROUPS(number):
        return Decimal(number.replace(",", "").replace(".", ""))
    mark = max(".,", key=number.rfind) if set(".,") & set(number) else ""
    if mark and (not GROUPED[mark](number)):
        raise Unreadable(f"is not an amount: {shown(text)}")
    if mark:
        head, _, cents = number.rpartition(mark)
        if len(cents) == 3 and head.lstrip("-0") and len(head.lstrip("-")) <= 3:
            raise Unreadable(f"can be read two ways, as thousands or as cents: {shown(text)}")
        number = head.replace(",", "").replace(".", "") + "." + cents
    if not PLAIN_NUMBER(number):
        raise Unreadable(f"is not an amount: {shown(text)}")
    return Decimal(number)
