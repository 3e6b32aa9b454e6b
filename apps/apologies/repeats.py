"""Apologies to one customer within a year: the second is another remedy and a manager's call, the third is
written by a person, about a cause that has a name.

Counted are those that the customer heard, and those that are approved and on their way.

An apology that repeats itself does more harm than none (Halperin, Ho, List and Muir 2022).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet

from apps.language import OfferFacts, Remedy

from .composed import is_composed
from .models import Offer, OfferStatus
from .refusals import Refused

YEAR = timedelta(days=365)
SECOND, THIRD = 1, 2  # apologies before this one
COUNTED = [OfferStatus.APPROVED, OfferStatus.DELIVERED]
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


def given_within_a_year(customers: Iterable[int], *, now: datetime) -> Mapping[int, tuple[Remedy, ...]]:
    """By customer, what comes with each of their apologies in twelve months: one query for all."""
    counted = _counted(now).filter(incident__customer__in=list(customers))
    rows = counted.order_by("decided_at").values_list(
        "incident__customer_id", "compensation", "amount", "currency"
    )
    found: dict[int, list[Remedy]] = defaultdict(list)
    for customer, kind, amount, currency in rows:
        found[customer].append(Remedy(kind, amount, currency))
    return {customer: tuple(given) for customer, given in found.items()}


def earlier_of(offer: Offer, *, now: datetime) -> tuple[Remedy, ...]:
    """What the customer of this offer is given beside it, in twelve months."""
    others = _counted(now).filter(incident__customer=offer.incident.customer_id).exclude(pk=offer.pk)
    return tuple(Remedy(*one) for one in others.values_list("compensation", "amount", "currency"))


def _counted(now: datetime) -> QuerySet[Offer]:
    return Offer.objects.filter(status__in=COUNTED, decided_at__gt=now - YEAR)


def flag_for(earlier: int) -> str:
    """What a manager is told before they decide; empty for a first apology."""
    return FLAGS[min(earlier, THIRD)].format(next=earlier + 1) if earlier else ""


def is_template_blocked(earlier: int) -> bool:
    return earlier >= THIRD


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
