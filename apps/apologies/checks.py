"""What can be told about an offer by reading it: each check with the words or figures that decide it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from apps.core.templatetags.ui import money, percent

from .amounts import AT_MOST, share_of_order
from .models import Offer

SORRY = re.compile(r"\b(?:sorry|apologi[sz]e|apologies)\b", re.I)
OWNED = re.compile(
    r"\b(?:(?:our|my) (?:fault|mistake|responsibility)|(?:is|are) (?:on us|ours)|"
    r"we (?:failed|let you down|lost|broke))\b",
    re.I,
)
EXCUSES = re.compile(
    r"\b(?:unfortunately|inconvenience|out of our (?:control|hands)|high (?:demand|volume)|the carrier|"
    r"the courier|as you know|usually|our policy|you should have (?!been)|if you (?:feel|felt)|but )",
    re.I,
)
SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
SHORTEST, LONGEST = 50, 220


@dataclass(frozen=True)
class Check:
    """One thing a letter must hold. `quote` is the sentence that shows it, `note` what to do if not."""

    name: str
    holds: bool
    quote: str = ""
    note: str = ""


def checks_of(offer: Offer, *, given_before: int) -> list[Check]:
    """The failing ones first. `given_before`: apologies this customer got in twelve months."""
    checks = [
        _says("Owns the fault", OWNED, offer.words, "Say whose fault it was, in one plain sentence."),
        _says("Says sorry plainly", SORRY, offer.words, "Say sorry once, without if or but."),
        _no_excuse(offer.words),
        _names_the_gift(offer),
        _greets(offer),
        _length(offer.words),
        _amount(offer),
        _first_time(given_before),
        _reachable(offer),
    ]
    return sorted(checks, key=lambda check: check.holds)


def word_count(words: str) -> int:
    return len(words.split())


def _says(name: str, pattern: re.Pattern[str], words: str, note: str) -> Check:
    quote = _sentence(pattern, words)
    return Check(name, bool(quote), quote, "" if quote else note)


def _no_excuse(words: str) -> Check:
    quote = _sentence(EXCUSES, words)
    return Check("Makes no excuse", not quote, quote, "Leave out what explains it away." if quote else "")


def _names_the_gift(offer: Offer) -> Check:
    amount = money(offer.amount, offer.currency)
    quote = _sentence(re.compile(re.escape(amount)), offer.words, whole=r"[^!?\n]+")
    note = f"The letter does not say {amount}: what they read must be what is given."
    return Check("Puts it right, same as the offer", bool(quote), quote, "" if quote else note)


def _greets(offer: Offer) -> Check:
    name = offer.incident.customer.first_name
    if not name:
        return Check("Greets them", True, note="No name on record.")
    holds = name.casefold() in offer.words[:80].casefold()
    return Check("Calls them by name", holds, note="" if holds else f"Begin with {name}.")


def _length(words: str) -> Check:
    count = word_count(words)
    note = f"{count} words. Letters of {SHORTEST} to {LONGEST} are read to the end."
    return Check("Is as long as it needs", SHORTEST <= count <= LONGEST, note=note)


def _amount(offer: Offer) -> Check:
    share = share_of_order(offer.amount, _total(offer))
    if share is None:
        return Check("Amount is inside the rails", True, note="No order to hold it against.")
    note = f"{percent(share.quantize(Decimal('0.001')))} of the order. Over {percent(AT_MOST)} harms."
    return Check("Amount is inside the rails", share <= AT_MOST, note=note)


def _first_time(given_before: int) -> Check:
    if not given_before:
        return Check("First apology in 12 months", True)
    note = "Repeated apologies do worse than silence unless something changed. Ring them yourself if you can."
    times = "once" if given_before == 1 else f"{given_before} times"
    return Check(f"We apologised {times} in 12 months", False, note=note)


def _reachable(offer: Offer) -> Check:
    if offer.channel != "phone":
        return Check("We can reach them", offer.channel != "find", note=f"By {offer.channel}.")
    phone = offer.incident.customer.phone
    return Check("We can reach them", bool(phone), note="" if phone else "No phone number on record.")


def _sentence(pattern: re.Pattern[str], words: str, whole: str = "") -> str:
    sentences = re.findall(whole, words) if whole else SENTENCE.findall(words)
    return next((one.strip() for one in sentences if pattern.search(one)), "")


def _total(offer: Offer) -> Decimal | None:
    return offer.incident.order.total if offer.incident.order else None
