"""What is added up for each key. Three queries: incidents with their time, apologies that arrived, money."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.core.models import Event
from apps.customers.models import Order
from apps.effort.models import Origin, TimeEntry

from ..deliveries import deliveries_of
from ..models import Compensation, CompensationKind, CompensationStatus, Offer, OfferStatus
from ..querysets import IncidentQuerySet
from .dimensions import PLAY, By, key_of

AGAIN_DAYS = 60
AGAIN_WITHIN = timedelta(days=AGAIN_DAYS)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Money:
    """Of one currency. What it is worth to them: given = redeemed + open + expired; taken back is not given.

    `cost` is what it costs us, without what has expired: that cost nothing.
    """

    redeemed: Decimal = Decimal(0)
    open: Decimal = Decimal(0)
    expired: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)

    @property
    def given(self) -> Decimal:
        return self.redeemed + self.open + self.expired

    def __add__(self, other: "Money") -> "Money":
        return Money(
            self.redeemed + other.redeemed,
            self.open + other.open,
            self.expired + other.expired,
            self.cost + other.cost,
        )


@dataclass(frozen=True)
class Sums:
    """Each incident is counted once.

    `again_known` is of how many apologies we know whether the customer ordered again: their days are over,
    or they did.
    """

    incidents: int = 0
    seconds: int = 0
    delivered: int = 0
    in_time: int = 0
    answered: int = 0
    again: int = 0
    again_known: int = 0
    coupons: int = 0
    coupons_redeemed: int = 0
    money: Mapping[str, Money] = field(default_factory=dict)

    def __add__(self, other: "Sums") -> "Sums":
        currencies = {**self.money, **other.money}
        money = {each: self.of(each) + other.of(each) for each in currencies}
        counts = {name: getattr(self, name) + getattr(other, name) for name in COUNTS}
        return Sums(**counts, money=money)

    def of(self, currency: str) -> Money:
        return self.money.get(currency, Money())


COUNTS = (
    *("incidents", "seconds", "delivered", "in_time"),
    *("answered", "again", "again_known", "coupons", "coupons_redeemed"),
)


def sums_by(found: IncidentQuerySet, by: By, *, now: datetime) -> dict[Any, Sums]:
    sums: dict[Any, Sums] = {}
    for key, part in (*_incidents(found, by), *_delivered(found, by, now), *_given(found, by)):
        sums[key] = sums.get(key, Sums()) + part
    return sums


def seconds_spent() -> Any:
    """Proactive seconds of all attempts to tell an incident's apology, those that nobody answered too.

    And of those who posted its letters, or told what stood in them: tasks of their own, without an occasion.
    """
    told = {"attempt__task__enrollment__play": PLAY, "attempt__task__enrollment__subject_id": OuterRef("pk")}
    return _seconds(**told) + _seconds(attempt__task__letter__offer__incident=OuterRef("pk"))


def _seconds(**of: Any) -> Any:
    spent = TimeEntry.objects.filter(origin=Origin.PROACTIVE, **of).order_by().values("origin")
    return Coalesce(Subquery(spent.annotate(total=Sum("seconds")).values("total")), 0)


def delivered_at() -> Any:
    """When the offer reached the customer."""
    return Subquery(deliveries_of([OuterRef("pk")]).values("at")[:1])


def answered(offers: Any) -> Exists:
    """Did the customer answer the apology of one of these offers (keys, or one), by whichever way?"""
    heard = Event.objects.filter(subject=Offer._meta.label_lower, verb="answered")
    return Exists(heard.filter(subject_id__in=offers))


def _incidents(found: IncidentQuerySet, by: By) -> Iterator[tuple[Any, Sums]]:
    rows = found.annotate(key=key_of(by), spent=seconds_spent()).order_by().values("key")
    for row in rows.annotate(incidents=Count("pk"), seconds=Sum("spent")):
        yield row["key"], Sums(incidents=row["incidents"], seconds=row["seconds"])


def _delivered(found: IncidentQuerySet, by: By, now: datetime) -> Iterator[tuple[Any, Sums]]:
    """An incident has at most one offer that was delivered: the database keeps that.

    A row for each: the first order after it tells whether they ordered again in time.
    """
    offers = Offer.objects.filter(status=OfferStatus.DELIVERED, incident__in=found.values("pk"))
    timed = offers.annotate(at=delivered_at(), answered=answered([OuterRef("pk")]))
    timed = timed.annotate(next=_next_order(now), key=key_of(by, "incident__"))
    arrived: defaultdict[Any, Counter[str]] = defaultdict(Counter)
    columns = ("key", "at", "due_at", "next", "answered")
    for key, at, due_at, bought_at, has_answered in timed.order_by().values_list(*columns):
        has_again = bought_at is not None and bought_at <= at + AGAIN_WITHIN
        arrived[key]["delivered"] += 1
        arrived[key]["in_time"] += at is not None and at <= due_at
        arrived[key]["answered"] += has_answered
        arrived[key]["again"] += has_again
        arrived[key]["again_known"] += has_again or (at is not None and at + AGAIN_WITHIN <= now)
    for key, counts in arrived.items():
        yield (
            key,
            Sums(
                delivered=counts["delivered"],
                in_time=counts["in_time"],
                answered=counts["answered"],
                again=counts["again"],
                again_known=counts["again_known"],
            ),
        )


def _next_order(now: datetime) -> Any:
    """When the customer placed their first order that counts after the apology reached them."""
    orders = Order.objects.counted().filter(customer=OuterRef("incident__customer"), placed_at__lte=now)
    after = orders.filter(placed_at__gt=OuterRef("at"))
    return Subquery(after.order_by("placed_at").values("placed_at")[:1])


def _given(found: IncidentQuerySet, by: By) -> Iterator[tuple[Any, Sums]]:
    given = Compensation.objects.filter(offer__incident__in=found.values("pk"))
    given = given.standing()
    rows = given.annotate(key=key_of(by, "offer__incident__")).order_by().values("key", "currency")
    coupon = Q(kind=CompensationKind.COUPON)
    is_redeemed = Q(status=CompensationStatus.REDEEMED)
    summed = rows.annotate(
        coupons=Count("pk", filter=coupon),
        used=Count("pk", filter=coupon & is_redeemed),
        redeemed=_sum("amount", is_redeemed),
        open=_sum("amount", Q(status=CompensationStatus.ISSUED)),
        expired=_sum("amount", Q(status=CompensationStatus.EXPIRED)),
        costs=_sum("cost", ~Q(status=CompensationStatus.EXPIRED)),
    )
    for row in summed:
        amounts = (Decimal(row[name]).quantize(CENT) for name in ("redeemed", "open", "expired", "costs"))
        money = {row["currency"]: Money(*amounts)}
        yield row["key"], Sums(coupons=row["coupons"], coupons_redeemed=row["used"], money=money)


def _sum(name: str, condition: Q) -> Sum:
    return Sum(name, filter=condition, default=Decimal(0))
