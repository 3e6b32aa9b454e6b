"""Apologies to one customer within a year: the second is another remedy and a manager's call, the third is
written by a person, about a cause that has a name.

An apology that repeats itself does more harm than none (Halperin, Ho, List and Muir 2022).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from apps.language import Remedy

from .models import Offer, OfferStatus
from .refusals import Refused

YEAR = timedelta(days=365)
SECOND, THIRD = 1, 2  # apologies delivered before this one
NAME_THE_CAUSE = (
    "We apologised to them {count} times in 12 months. Name the cause before another one goes out: "
    "what made us fail, and who changes it."
)
WRITE_IT = (
    "We apologised to them {count} times in 12 months. Write this letter yourself: "
    "no template is offered for another one."
)
FLAGS = {
    SECOND: "Second apology in a year: give something else, and call yourself.",
    THIRD: "Apology number {next} in a year: name the cause, and write the letter yourself.",
}


def given_within_a_year(customers: Iterable[int], *, now: datetime) -> Mapping[int, tuple[Remedy, ...]]:
    """By customer, what came with each apology that they heard in twelve months: one query for all."""
    heard = Offer.objects.filter(
        incident__customer__in=list(customers), status=OfferStatus.DELIVERED, decided_at__gt=now - YEAR
    )
    rows = heard.order_by("decided_at").values_list(
        "incident__customer_id", "compensation", "amount", "currency"
    )
    found: dict[int, list[Remedy]] = defaultdict(list)
    for customer, kind, amount, currency in rows:
        found[customer].append(Remedy(kind, amount, currency))
    return {customer: tuple(given) for customer, given in found.items()}


def earlier_of(offer: Offer, *, now: datetime) -> tuple[Remedy, ...]:
    """What the customer of this offer was given before it, in twelve months."""
    others = Offer.objects.filter(
        incident__customer=offer.incident.customer_id,
        status=OfferStatus.DELIVERED,
        decided_at__gt=now - YEAR,
    ).exclude(pk=offer.pk)
    return tuple(Remedy(*one) for one in others.values_list("compensation", "amount", "currency"))


def flag_for(earlier: int) -> str:
    """What a manager is told before they decide; empty for a first apology."""
    return FLAGS[min(earlier, THIRD)].format(next=earlier + 1) if earlier else ""


def is_template_blocked(earlier: int) -> bool:
    return earlier >= THIRD


def check_repeat(offer: Offer, *, now: datetime) -> None:
    """Raises Refused for a third apology in a year whose cause has no name or whose words no person wrote."""
    count = len(earlier_of(offer, now=now))
    if not is_template_blocked(count):
        return
    if offer.incident.cause_id is None:
        raise Refused(NAME_THE_CAUSE.format(count=count))
    if offer.proposed_by_id is None or not offer.words.strip():
        raise Refused(WRITE_IT.format(count=count))
