"""The demo shop's orders, and what became of each: most in time, some late, a few lost or cancelled."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.customers.models import Order

from .goods import some_goods
from .people import SOURCE, Buyer

FIRST_NUMBER = 10_241
FREE_FROM, POSTAGE = Decimal(80), Decimal("4.90")
STORMY, OTHER, OVERSEAS = "Northern Parcel", "Kestrel Post", "Albatross Freight"
OVERSEAS_DAYS = 8  # a place that a parcel takes so long to
STORM = (4, 34)  # so many days ago a storm closed the yard of `STORMY`
JAM = 4  # promised for the last days: `OTHER` has too few vans since
LATE, LATE_IN_STORM, LATE_IN_JAM = 0.055, 0.24, 0.6
HOURS = [0, 0, 0, 0, 0, 0, 1, 3, 4, 5, 5, 5, 7, 6, 5, 5, 6, 7, 8, 10, 12, 10, 6, 2]


@dataclass(frozen=True)
class Sale:
    """An order's row with the goods' plain names; `days_late` is set for one that came late."""

    row: Order
    goods: list[str]
    days_late: int = 0


def make_sales(buyers: list[Buyer], *, anchor: datetime, zone: ZoneInfo, chance: random.Random) -> list[Sale]:
    """All orders up to `anchor` in the order in which they were placed, numbered so."""
    moments = sorted(
        ((at, buyer) for buyer in buyers for at in _moments(buyer, anchor, chance)),
        key=lambda pair: (pair[0], pair[1].row.external_id),
    )
    seller = _Seller(anchor, zone, chance)
    return [seller.sell(FIRST_NUMBER + number, at, buyer) for number, (at, buyer) in enumerate(moments)]


def _moments(buyer: Buyer, anchor: datetime, chance: random.Random) -> Iterator[datetime]:
    """The first order comes with the customer, the others as their appetite has it."""
    at = buyer.row.created_at
    while at < anchor:
        yield at
        at += timedelta(days=max(chance.expovariate(buyer.appetite / 365), 0.2))
        at = at.replace(hour=chance.choices(range(24), HOURS)[0], minute=chance.randrange(60))


@dataclass(frozen=True)
class _Seller:
    anchor: datetime
    zone: ZoneInfo
    chance: random.Random

    def sell(self, number: int, placed_at: datetime, buyer: Buyer) -> Sale:
        goods = some_goods(self.chance, generous=buyer.generous)
        price = sum((good.price for good in goods), Decimal(0))
        promised_on = placed_at.astimezone(self.zone).date() + timedelta(days=buyer.place.parcel_days + 1)
        row = Order(
            customer=buyer.row,
            source=SOURCE,
            external_id=str(number),
            placed_at=placed_at,
            status="paid",
            total=price if price >= FREE_FROM else price + POSTAGE,
            item_count=len(goods),
            items="; ".join(good.described(self.chance) for good in goods),
            promised_on=promised_on,
        )
        days_late = self._decide(row, promised_on, buyer)
        return Sale(row, [good.spoken for good in goods], days_late)

    def _decide(self, row: Order, promised_on: date, buyer: Buyer) -> int:
        fate = self.chance.random()
        if fate < 0.025:
            row.status = "cancelled" if fate < 0.021 else "unavailable"
            row.cancelled_by_customer = fate < 0.014
            return 0
        row.handed_to_carrier_at = self._past(row.placed_at + timedelta(hours=self.chance.uniform(8, 46)))
        row.carrier = self._carrier(buyer) if row.handed_to_carrier_at else ""
        row.status = "shipped" if row.handed_to_carrier_at else "paid"
        if fate < 0.033:  # lost
            return 0
        days_late = self._days_late(row, promised_on, fate)
        row.delivered_at = self._past(self._arrival(row, promised_on + timedelta(days=days_late), buyer))
        row.status = "delivered" if row.delivered_at else row.status
        return days_late if row.delivered_at else 0

    def _carrier(self, buyer: Buyer) -> str:
        if buyer.place.parcel_days >= OVERSEAS_DAYS:
            return OVERSEAS
        return self.chance.choices([STORMY, OTHER], [3, 2])[0]

    def _days_late(self, row: Order, promised_on: date, fate: float) -> int:
        storm = row.carrier == STORMY and STORM[0] <= (self.anchor - row.placed_at).days < STORM[1]
        jam = row.carrier == OTHER and (self.anchor.astimezone(self.zone).date() - promised_on).days <= JAM
        if fate < 0.033 + (LATE_IN_JAM if jam else LATE_IN_STORM if storm else LATE):
            return self.chance.choices(range(1, 10), [9, 8, 6, 5, 4, 3, 2, 1, 1])[0]
        return 0

    def _arrival(self, row: Order, day: date, buyer: Buyer) -> datetime:
        """On `day` if that is after what was promised, else then or some days before."""
        if day == row.promised_on:
            day -= timedelta(days=self.chance.randrange(max(buyer.place.parcel_days - 1, 1)))
        wall = datetime.combine(day, time(self.chance.randrange(9, 19), self.chance.randrange(60)), self.zone)
        return max(wall, (row.handed_to_carrier_at or row.placed_at) + timedelta(hours=9))

    def _past(self, at: datetime) -> datetime | None:
        return at if at < self.anchor else None
