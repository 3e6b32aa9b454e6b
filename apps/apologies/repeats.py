"""Apologies to one customer within a year: the second is another remedy and a manager's call, the third is
written by a person, about a cause that has a name.

An apology that repeats itself does more harm than none (Halperin, Ho, List and Muir 2022).
"""

from datetime import datetime

from apps.language import OfferFacts

from .composed import is_composed
from .earlier import THIRD, earlier_of, is_template_blocked
from .models import Offer
from .refusals import Refused

SECOND = 1  # apologies before this one
SAME_AGAIN = (
    "They were given the same, or more of it, in an apology within 12 months. "
    "Give something else, or more, before this one goes out."
)
NAME_THE_CAUSE = (
    "{count} apologies to them went out or are approved in 12 months. "
    "Name the cause before another one goes out: what made us fail, and who changes it."
)
WRITE_IT = (
    "{count} apologies to them went out or are approved in 12 months. "
    "Write this letter yourself: no template goes out for another one."
)
FLAGS = {
    SECOND: "Second apology in a year: give something else, and call yourself.",
    THIRD: "Apology number {next} in a year: name the cause, and write the letter yourself.",
}


def flag_for(earlier: int) -> str:
    """What a manager is told before they decide; empty for a first apology."""
    return FLAGS[min(earlier, THIRD)].format(next=earlier + 1) if earlier else ""


def check_repeat(offer: Offer, *, now: datetime) -> None:
    """Raises Refused for a second apology in a year that gives the same again, and for a third whose cause
    has no name or whose words no person wrote.

    In the transaction that approves, once the customer is locked: two at once then see each other.
    """
    earlier = earlier_of(offer, now=now)
    count = len(earlier)
    if is_template_blocked(count) and offer.incident.cause_id is None:
        raise Refused(NAME_THE_CAUSE.format(count=count))
    if is_template_blocked(count) and is_composed(offer, now=now):
        raise Refused(WRITE_IT.format(count=count))
    if not OfferFacts(offer.compensation, offer.amount, offer.currency, given_before=earlier).is_new:
        raise Refused(SAME_AGAIN)
