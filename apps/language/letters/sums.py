"""Whether the remedy that a letter names is the one of the offer: sum, currency, code, day, kind."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision, get_currency_symbol, list_currencies

from .facts import COUPON, CREDIT, GIFT, REFUND, REPLACEMENT, WAIVED_FEE, OfferFacts, written

SIGN = r"(?:[A-Z]{0,3}[$€£¥₹₩₺₽₴₪₫฿]|[A-Z]{3}|kr\.?|zł|Kč)"
FIGURE = r"\d+(?:[.,'\u2019\u00a0\u202f ]\d{3})*(?:[.,]\d{1,2})?(?!\d)"
MONEY = re.compile(
    rf"(?P<before>{SIGN})[\s\u00a0]?(?P<sum>{FIGURE})|(?P<sum2>{FIGURE})[\s\u00a0]?(?P<after>{SIGN})(?![A-Za-z])"
)
NAME, CODES = re.compile(r"[A-Z]{3}"), frozenset(list_currencies())
CODE = re.compile(r"\b[Cc]ode:?\s+(?:is\s+)?[\"'\u201c\u2018]?([A-Z0-9][A-Z0-9-]{3,})\b")
MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS)
DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+({MONTH})\b", re.I)
MONTH_DAY = re.compile(rf"\b({MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?\b", re.I)
ISO_DAY = re.compile(r"\b\d{4}-(\d{2})-(\d{2})\b")
DENIED = re.compile(
    r"\b(?:no|not|never|without|instead of|rather than|in place of|cannot|can['\u2019]t|won['\u2019]t)"
    r"\s+(?:(?:a|an|any|the|as|by|in|of|another|further|store|send|give|offer|you)\s+)*$",
    re.I,
)
GIFT_WORDS = {
    COUPON: re.compile(r"\b(?:coupon|voucher|discount|code)s?\b", re.I),
    REFUND: re.compile(
        r"\b(?:refund(?:s|ed|ing)?|money back|"
        r"(?:gi?ven?|gave|pay|paid|send|sent|put|goes|gone) (?:you )?back)\b",
        re.I,
    ),
    CREDIT: re.compile(r"\bcredit(?:s|ed|ing)?\b", re.I),
    GIFT: re.compile(r"\b(?:gift|present)s?\b", re.I),
    REPLACEMENT: re.compile(r"\breplac(?:e[sd]?|ements?|ing)\b|\bnew one\b", re.I),
    WAIVED_FEE: re.compile(r"\bwaiv(?:e[sd]?|ing)\b|\bfree of charge\b|\bno (?:fee|charge)\b", re.I),
}


@dataclass(frozen=True)
class Difference:
    """what: "amount", "currency", "code", "date" or "kind". said: "" where the letter names none."""

    what: str
    said: str
    offered: str

    @property
    def message(self) -> str:
        if not self.said:
            return f"The letter does not name the {self.what} of the offer: {self.offered}."
        return f"The letter says {self.said}, the offer {self.offered}: what they read must be what is given."


def differences_of(text: str, offer: OfferFacts) -> tuple[Difference, ...]:
    """Where the letter says something else than the offer, or nothing."""
    found = (_amount(text, offer), _code(text, offer), _day(text, offer), _kind(text, offer))
    return tuple(one for one in found if one is not None)


def sums_in(text: str) -> Iterator[tuple[Decimal, str, str]]:
    """(value, sign, as written) of each sum of money."""
    for found in MONEY.finditer(text):
        value = _value(found["sum"] or found["sum2"])
        sign = found["before"] or found["after"]
        if value is not None and (not NAME.fullmatch(sign) or sign in CODES):
            yield value, sign, found[0]


def _value(figure: str) -> Decimal | None:
    digits = re.sub(r"[\s\u00a0\u202f'\u2019]", "", figure)
    cents = re.fullmatch(r"(.*)[.,](\d{1,2})", digits)
    whole, rest = (cents[1], cents[2]) if cents else (digits, "0")
    try:
        return Decimal(f"{re.sub(r'[.,]', '', whole)}.{rest}")
    except InvalidOperation:
        return None


def _amount(text: str, offer: OfferFacts) -> Difference | None:
    if not offer.amount:
        return None
    signs = {
        offer.currency,
        get_currency_symbol(offer.currency, locale="en"),
        "$" if "$" in offer.sum else "",
    }
    smallest = Decimal(1).scaleb(-get_currency_precision(offer.currency or "EUR"))
    amount = offer.amount.quantize(smallest)  # as it is written
    sums = list(sums_in(text))
    same = [(sign, said) for value, sign, said in sums if value == amount]
    if not same:
        return Difference("amount", sums[-1][2] if sums else "", offer.sum)
    if offer.currency and not any(sign in signs for sign, _ in same):
        return Difference("currency", same[0][1], written(offer.amount, offer.currency))
    return None


def _code(text: str, offer: OfferFacts) -> Difference | None:
    if not offer.code or re.search(rf"(?<!\w){re.escape(offer.code)}(?!\w)", text, re.I):
        return None
    said = CODE.search(text)
    return Difference("code", said[1] if said else "", offer.code)


def _day(text: str, offer: OfferFacts) -> Difference | None:
    if offer.on is None:
        return None
    days = list(_days_in(text))
    if (offer.on.month, offer.on.day) in days or re.search(rf"\b{offer.on:%A}\b", text):
        return None
    month, day = days[-1] if days else (0, 0)
    said = f"{day} {MONTHS[month - 1].title()}" if days else ""
    return Difference("date", said, day_written(offer.on))


def _days_in(text: str) -> Iterator[tuple[int, int]]:
    for found in DAY_MONTH.finditer(text):
        yield _month(found[2]), int(found[1])
    for found in MONTH_DAY.finditer(text):
        yield _month(found[1]), int(found[2])
    for found in ISO_DAY.finditer(text):
        if 1 <= int(found[1]) <= len(MONTHS):
            yield int(found[1]), int(found[2])


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _kind(text: str, offer: OfferFacts) -> Difference | None:
    if offer.kind not in GIFT_WORDS or _names(offer.kind, text):
        return None
    said = next((kind for kind in GIFT_WORDS if _names(kind, text)), "")
    named = offer.kind.replace("_", " ")
    said = said.replace("_", " ")
    return Difference("kind", f"a {said}" if said else "", f"a {named}" if said else named)


def _names(kind: str, text: str) -> bool:
    """Does the text name such a gift, other than to say that it is none?"""
    return any(not DENIED.search(text[: found.start()]) for found in GIFT_WORDS[kind].finditer(text))


def day_written(day: date) -> str:
    return f"{day.day} {day:%B}"
