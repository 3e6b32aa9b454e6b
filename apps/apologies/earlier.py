"""What a customer was given with their other apologies within a year.

Counted are those that the customer heard, and those that are approved and on their way.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet

from apps.language import Remedy

from .models import Offer, OfferStatus

YEAR = timedelta(days=365)
COUNTED = [OfferStatus.APPROVED, OfferStatus.DELIVERED]
THIRD = 2  # apologies before this one


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


def is_template_blocked(earlier: int) -> bool:
    """After this many apologies in a year a person writes the next one."""
    return earlier >= THIRD


def _counted(now: datetime) -> QuerySet[Offer]:
    return Offer.objects.filter(status__in=COUNTED, decided_at__gt=now - YEAR)
