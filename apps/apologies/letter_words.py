"""What stands in a letter beside the approved words: its subject, and how what was given is used."""

from collections.abc import Sequence

from apps.core.moments import day_words
from apps.core.templatetags.ui import money

from .models import Compensation, CompensationKind, Offer

SUBJECT = "We are sorry: your order {order}"
WITHOUT_ORDER = "We are sorry"
LONGEST_ORDER = 20
COPY = "This is a copy: the coupon’s code stands in the letter itself."


def subject_of(offer: Offer) -> str:
    order = offer.incident.order
    number = order.external_id if order else ""
    return SUBJECT.format(order=number) if 0 < len(number) <= LONGEST_ORDER else WITHOUT_ORDER


def words_of(offer: Offer, given: Compensation | None) -> str:
    """What the customer reads: the approved words and, where something is given by a code, its card."""
    return "\n\n".join(filter(None, [offer.words.strip(), "\n".join(card_of(given))]))


def card_of(given: Compensation | None) -> Sequence[str]:
    """The lines by which a coupon is used; none where there is no code."""
    if given is None or given.kind != CompensationKind.COUPON or not given.code:
        return []
    until = [f"It counts until {day_words(given.expires_on)}."] if given.expires_on else []
    return [f"Your coupon of {money(given.amount, given.currency)}: {given.code}", *until]


def card_or_copy(offer: Offer, given: Compensation | None) -> Sequence[str]:
    """On paper: a coupon that is not given yet has no code, and the paper says so."""
    if given is None and offer.compensation == CompensationKind.COUPON:
        return [COPY]
    return card_of(given)
