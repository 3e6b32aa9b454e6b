"""The letter of an offer: what is known of its incident, handed to the composer of apps.language.

The shop signs, so the shop speaks: the letter says "we". Where the amount, the compensation or the
channel of an offer changes, its sentences change along, also in a letter that somebody has edited.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from apps.accounts.models import Shop
from apps.core.templatetags.ui import money
from apps.language import Author, IncidentFacts, OfferFacts, Remedy, compose_letter, read_letter
from apps.language.letters import GIFT_WORDS, given, tellings
from apps.language.letters.sums import day_written

from .earlier import is_template_blocked
from .models import Incident, IncidentKind, Offer, Severity

SENTENCE = re.compile(r"[^\n]+?(?:[.!?](?=\s)|$)", re.M)
# Right before a sum that is not what we give: "you paid us €10.00", "at the price of €10.00"
THEIRS = re.compile(
    r"\b(?:pa(?:y|id)|cost|costs|spent|charged?|billed|owed?|price|fee|fare|order|bill|over)"
    r"(?:\s+(?:you|us|of|was|is|for|by|the|a|full|another|only))*\s+$",
    re.I,
)


def has_arrived(kind: str, delivered_at: datetime | None, now: datetime) -> bool:
    """Is a late parcel known to be there? What else went wrong is not put right by an arrival."""
    return kind == IncidentKind.LATE and delivered_at is not None and delivered_at <= now


def letter_of(
    incident: Incident, gift: Remedy, *, earlier: Sequence[Remedy], by_phone: bool, now: datetime
) -> str:
    """`compose`, from an incident loaded with its customer and order, as they are known at `now`."""
    shop = Shop.current()
    facts = _facts_of(incident, shop=shop, now=now, by_phone=by_phone)
    return compose(facts, gift, earlier=earlier, severity=incident.severity, shop=shop.name)


def _facts_of(incident: Incident, *, shop: Shop, now: datetime, by_phone: bool) -> IncidentFacts:
    order = incident.order
    return IncidentFacts(
        kind=incident.kind,
        key=incident.pk,
        first_name=incident.customer.first_name,
        order=order.external_id if order else "",
        promised_on=order.promised_on if order else None,
        by_phone=by_phone,
        has_arrived=has_arrived(incident.kind, order.delivered_at if order else None, now),
        changed=changed_of(incident, today=shop.day_of(now)),
    )


def changed_of(incident: Incident, *, today: date) -> str:
    """What its cause's improvement has changed; empty where none is linked, and then nothing is promised."""
    improvement = incident.cause.improvement if incident.cause else None
    return what_changed(improvement.title, improvement.done_on, today=today) if improvement else ""


def what_changed(title: str, done_on: date | None, *, today: date) -> str:
    """`Two people now check each label`; what is not done yet is said with its day, or not at all."""
    if not title or done_on is None:
        return ""
    if done_on <= today:
        return title
    return (
        f"From {day_written(done_on)} on, {title[:1].lower() + title[1:] if title[1:2].islower() else title}"
    )


def compose(
    facts: IncidentFacts, gift: Remedy, *, earlier: Sequence[Remedy], severity: str, shop: str
) -> str:
    """The system's letter that goes with this gift, signed by the shop.

    After two `earlier` apologies in a year it has no words: a person writes it.
    """
    if is_template_blocked(len(earlier)):
        return ""
    offer = OfferFacts(kind=str(gift.kind), amount=gift.amount, currency=gift.currency)
    return compose_letter(facts, offer, severity=severity, author=_shop(shop))


def reworded(words: str, *, before: tuple[str, Decimal], after: tuple[str, Decimal], currency: str) -> str:
    """`words` with what they say we give changed along with (compensation, amount)."""
    for old, new in zip(given(*before, currency), given(*after, currency), strict=True):
        words = words.replace(old, new)
    old, new = money(before[1], currency), money(after[1], currency)
    return SENTENCE.sub(lambda found: _with_sum(found[0], before[0], old, new), words)


def _with_sum(sentence: str, kind: str, old: str, new: str) -> str:
    """`sentence` with the sum that we give changed; a sum that they paid or lost stays what it was."""
    if old not in sentence or not _is_given(sentence, kind):
        return sentence
    pattern = rf"(?<![\d.,]){re.escape(old)}(?!\d|[.,]\d)"
    return re.sub(pattern, lambda found: old if THEIRS.search(sentence[: found.start()]) else new, sentence)


def _is_given(sentence: str, kind: str) -> bool:
    named = GIFT_WORDS.get(kind)
    if named and named.search(sentence):
        return True
    return "remedy" in read_letter(sentence, severity=Severity.MINOR).shown


def is_asked_in_call(channel: str, *, letter_by: str, letter_first: bool) -> bool:
    """Does the letter ask to be told when we call? Not where it reaches them after the call, or is all."""
    return channel == "phone" and (letter_first or not letter_by)


def asks_in_call(offer: Offer) -> bool:
    return is_asked_in_call(offer.channel, letter_by=offer.letter_by, letter_first=offer.letter_first)


def addressed(words: str, *, by_phone: bool) -> str:
    """`words` with the way in which they are asked to tell us changed: in the call, or by an answer."""
    shop = _shop("")
    wrong, right = (tellings(by_phone=way, author=shop) for way in (not by_phone, by_phone))
    for old, new in zip(wrong, right, strict=True):
        words = words.replace(old, new)
    return words


def _shop(name: str) -> Author:
    return Author(name, is_firm=True)
