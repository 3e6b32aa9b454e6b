"""What can be told about an offer by reading it: each check with the words or figures that decide it."""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from apps.core.templatetags.ui import percent
from apps.language import LetterReport, OfferFacts, Remedy, read_letter
from apps.language.letters import COMPONENTS, PREVENTION, SECOND_APOLOGY, WAITED, standing_changes
from apps.language.rules import RuleError

from .amounts import AT_MOST, share_of_order
from .models import Offer

logger = logging.getLogger(__name__)

SENTENCE = re.compile(r"[^!?\n]+")
SHORTEST, LONGEST = 50, 220
SHOWS = {
    "apology": "Says sorry plainly",
    "empathy": "Names what it cost them",
    "admission": "Owns the fault",
    "explanation": "Says how it came about",
    "remedy": "Puts it right",
    "prevention": "Says what has changed",
    "reassurance_fixed": "Says that it works again",
    "values_time": "Values their time",
    "support_offer": "Says how to reach us",
    "forgiveness_request": "Asks them to forgive",
}
MUST_GO = {
    "excuse": "Makes no excuse",
    "blames_other": "Blames nobody else",
    "nonapology": "Says sorry without an if",
    "bare_promise": "Promises nothing that is not done",
}
PROMISE = "Promises only what an improvement keeps"
NOT_LINKED = (
    "No improvement is linked to what caused this, so nothing may be said to have changed. "
    "Link one to the cause, or leave the sentence out."
)
SAME_AS_OFFER = "Says what is given, as in the offer"
KIND_WORDS = "Defends nobody"


@dataclass(frozen=True)
class Check:
    """One thing a letter must hold. `quote` is the sentence that shows it, `note` what to do if not."""

    name: str
    holds: bool
    quote: str = ""
    note: str = ""


def checks_of(offer: Offer, *, given_before: Sequence[Remedy]) -> list[Check]:
    """The failing ones first. `given_before`: what this customer was given in twelve months."""
    facts = offer_facts(offer, given_before)
    report = _read(offer, facts)
    checks = [
        *_missing(offer, report),
        *_must_go(report),
        _defends_nobody(offer.words, report),
        *_shown(report),
        _as_offered(offer.words, facts, report),
        _greets(offer),
        _length(offer.words),
        _amount(offer),
        _first_time(facts, report),
        *_promised(offer, report),
        _reachable(offer),
    ]
    return sorted(checks, key=lambda check: check.holds)


def offer_facts(offer: Offer, given_before: Sequence[Remedy] = ()) -> OfferFacts:
    return OfferFacts(
        kind=offer.compensation,
        amount=offer.amount,
        currency=offer.currency,
        given_before=tuple(given_before),
        waited=True if offer.incident.kind in WAITED else None,
    )


def _read(offer: Offer, facts: OfferFacts) -> LetterReport:
    """With the team's own signs; without them where their files cannot be read (check_config tells)."""
    severity = offer.incident.severity
    try:
        return read_letter(offer.words, severity=severity, offer=facts, folders=settings.LANGUAGE_FOLDERS)
    except RuleError as fault:
        logger.error("The team's signs are left out: %s", fault)
    except Exception as fault:  # a file of another shape or none to be read; the message may quote the letter
        logger.error("The team's signs are left out: %s", type(fault).__name__)
    return read_letter(offer.words, severity=severity, offer=facts)


def without(words: str, sentences: Sequence[str]) -> str:
    """`words` without the system's own sentences about how a failure is handled: each is true everywhere."""
    for sentence in sentences:
        words = words.replace(sentence, "")
    return words


def word_count(words: str) -> int:
    return len(words.split())


def _missing(offer: Offer, report: LetterReport) -> Iterator[Check]:
    """What to add. What has changed is not asked for where nothing has: that would be a bare promise."""
    for gap in report.gaps:
        if gap.name == PREVENTION and not is_improved(offer):
            continue
        yield Check(SHOWS[gap.name], False, note=gap.todo)


def _shown(report: LetterReport) -> Iterator[Check]:
    for name in COMPONENTS:
        if name in report.shown:
            yield Check(SHOWS[name], True, quote=report.shown[name].words)


def _must_go(report: LetterReport) -> Iterator[Check]:
    for fault in report.faults:
        if fault.what in MUST_GO:
            yield Check(MUST_GO[fault.what], False, fault.words, fault.message)


def _defends_nobody(words: str, report: LetterReport) -> Check:
    if not report.findings:
        return Check(KIND_WORDS, True)
    first, *others = report.findings
    more = f" And {len(others)} more." if others else ""
    return Check(KIND_WORDS, False, words[first.start : first.end], f"{first.message}{more}")


def _as_offered(words: str, facts: OfferFacts, report: LetterReport) -> Check:
    if report.differences:
        return Check(SAME_AS_OFFER, False, note=" ".join(one.message for one in report.differences))
    quotes = (one.strip() for one in SENTENCE.findall(words) if facts.sum in one)
    return Check(SAME_AS_OFFER, True, quote=next(quotes, ""))


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


def _first_time(facts: OfferFacts, report: LetterReport) -> Check:
    count = len(facts.given_before)
    if not count:
        return Check("First apology in 12 months", True)
    name = f"We apologised {'once' if count == 1 else f'{count} times'} in 12 months"
    again = [fault.message for fault in report.faults if fault.what == SECOND_APOLOGY]
    if again:
        return Check(name, False, note=again[0])
    return Check(name, True, note="This one gives more than any of them, or something else.")


def _promised(offer: Offer, report: LetterReport) -> Iterator[Check]:
    """Something is said to have changed: only where an improvement stands behind it."""
    if PREVENTION not in report.shown or is_improved(offer):
        return
    own = standing_changes(offer.incident.kind)
    more = read_letter(without(offer.words, own), severity=offer.incident.severity)
    if PREVENTION in more.shown:
        yield Check(PROMISE, False, more.shown[PREVENTION].words, NOT_LINKED)


def is_improved(offer: Offer) -> bool:
    cause = offer.incident.cause
    return cause is not None and cause.improvement_id is not None


def _reachable(offer: Offer) -> Check:
    if offer.channel != "phone":
        return Check("We can reach them", offer.channel != "find", note=f"By {offer.channel}.")
    phone = offer.incident.customer.phone
    return Check("We can reach them", bool(phone), note="" if phone else "No phone number on record.")


def _total(offer: Offer) -> Decimal | None:
    return offer.incident.order.total if offer.incident.order else None
