"""Shops that sell what the demo shop sends: most of its orders, and the reason for a team that size.

Their orders go straight to their own buyers, and whoever of these has a question asks us. Who the buyers are
is the partner's affair, so nobody is called, welcomed or thanked for such an order.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.customers.models import Customer, Order, Permission

from .goods import some_goods
from .people import SOURCE
from .reactive import busy_share

WEEKS_TOGETHER = 15  # longer than the weeks that the shift board shows
ORDERS_A_WEEK = 1900  # of all partners, where the team is as busy as can be
FIRST_NUMBER = 500_001
HANDED_OVER = 5  # o'clock
ON_ITS_WAY = timedelta(days=3)
PARTNERS = {
    "Cairn & Company": "Munich",
    "Gables Outfitters": "Hamburg",
    "Hut & Hollow": "Berlin",
    "Lodestar Outdoor": "Cologne",
    "Ridgeway Supplies": "Frankfurt",
    "Wayside Market": "Berlin",
}


@dataclass(frozen=True)
class Partners:
    """How many people buy in the shop itself says how busy all of it is."""

    customers: int
    anchor: datetime
    chance: random.Random

    def rows(self) -> list[Customer]:
        return [
            Customer(
                source=SOURCE,
                external_id=f"P{number}",
                name=name,
                email=f"service@{name.split()[0].lower()}.example",
                language="de",
                city=city,
                street=f"Am Markt {number}",
                country="DE",
                time_zone="Europe/Berlin",
                created_at=self._since,
            )
            for number, (name, city) in enumerate(PARTNERS.items(), 1)
        ]

    def permissions(self, partners: list[Customer]) -> list[Permission]:
        """They asked for none of the thanks that are meant for people."""
        return [
            Permission(
                customer=partner,
                channel=channel,
                purpose="recognition",
                state=Permission.State.REFUSED,
                origin="In the contract",
                at=self._since,
            )
            for partner in partners
            for channel in ("phone", "email")
        ]

    def orders(self, partners: list[Customer]) -> list[Order]:
        """All up to the anchor, in the order in which they were placed."""
        count = round(WEEKS_TOGETHER * ORDERS_A_WEEK * busy_share(self.customers))
        moments = sorted(self._moment() for _ in range(count))
        return [
            self._order(self.chance.choice(partners), number, at)
            for number, at in enumerate(moments, FIRST_NUMBER)
        ]

    @property
    def _since(self) -> datetime:
        return self.anchor - timedelta(weeks=WEEKS_TOGETHER)

    def _moment(self) -> datetime:
        """In the early morning: each hands over once a day what it sold."""
        day = self.anchor - timedelta(days=self.chance.randrange(7 * WEEKS_TOGETHER) + 1)
        return day + timedelta(hours=HANDED_OVER, minutes=self.chance.randrange(60))

    def _order(self, partner: Customer, number: int, at: datetime) -> Order:
        goods = some_goods(self.chance)
        return Order(
            customer=partner,
            source=SOURCE,
            external_id=str(number),
            placed_at=at,
            status="delivered" if at < self.anchor - ON_ITS_WAY else "paid",
            total=sum((good.price for good in goods), Decimal(0)),
            item_count=len(goods),
            items="; ".join(good.described(self.chance) for good in goods),
        )
