"""Who is due at a moment, read straight from the CSV files: the standard library only, none of the product.

Run it by hand: `python tests/real_data/oracle.py FOLDER 2017-10-19T12:00`.
"""

import csv
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

VOID = {"cancelled", "canceled", "voided", "unavailable"}
KNOWN_FOR = timedelta(days=29)


@dataclass(frozen=True)
class Candidate:
    """`about` is what the occasion names: an order's id, or a feedback item's and its order's."""

    customer: str
    about: tuple[str, ...]
    kind: str = ""


@dataclass(frozen=True)
class Order:
    id: str
    customer: str
    placed: datetime
    void: bool
    total: Decimal
    promised: date | None
    handed: datetime | None
    delivered: datetime | None


@dataclass(frozen=True)
class Feedback:
    id: str
    order: str
    customer: str
    received: datetime


@dataclass(frozen=True)
class Vips:
    """The top customers; where all that the rule compares is equal, any `places` of `tied`."""

    sure: frozenset[str]
    tied: frozenset[str]
    places: int

    def allow(self, found: set[str]) -> bool:
        return self.sure <= found <= self.sure | self.tied and len(found) == len(self.sure) + self.places


@dataclass(frozen=True)
class Shop:
    zone: ZoneInfo
    orders: list[Order]
    feedback: list[Feedback]

    def welcome(self, at: datetime) -> set[Candidate]:
        """Whose first order that stands came in the last 336 hours; of equals, the first in the file."""
        first: dict[str, Order] = {}
        for order in self.orders:
            known = first.get(order.customer)
            if not order.void and (known is None or order.placed < known.placed):
                first[order.customer] = order
        since = at - timedelta(hours=336)
        return {
            Candidate(order.customer, (order.id,)) for order in first.values() if since < order.placed <= at
        }

    def vips(self, at: datetime) -> Vips:
        """The top 5 %, rounded up, of those with any net spend in the last 8,760 hours."""
        spent: dict[str, Decimal] = defaultdict(Decimal)
        latest: dict[str, datetime] = {}
        for order in self.orders:
            if not order.void and at - timedelta(hours=8760) < order.placed <= at:
                spent[order.customer] += order.total
                latest[order.customer] = max(order.placed, latest.get(order.customer, order.placed))
        rank = {customer: (total, latest[customer]) for customer, total in spent.items() if total > 0}
        places = -(-len(rank) * 5 // 100)
        if not places:
            return Vips(frozenset(), frozenset(), 0)
        last = sorted(rank.values(), reverse=True)[places - 1]
        sure = frozenset(customer for customer, place in rank.items() if place > last)
        tied = frozenset(customer for customer, place in rank.items() if place == last)
        return Vips(sure, tied, places - len(sure))

    def feedback_reply(self, at: datetime) -> set[Candidate]:
        """Every item received so far: no file holds a reply of the shop's."""
        return {
            Candidate(item.customer, (item.id, item.order)) for item in self.feedback if item.received <= at
        }

    def apology(self, at: datetime) -> set[Candidate]:
        """Orders that failed their buyer, known of since at most 29 days."""
        today = self.day(at)
        found = set()
        for order in self.orders:
            if order.placed > at or order.promised is None:
                continue
            failed = self.failure(order, at)
            if failed and today - KNOWN_FOR <= failed[1] <= today:
                found.add(Candidate(order.customer, (order.id,), failed[0]))
        return found

    def failure(self, order: Order, at: datetime) -> tuple[str, date] | None:
        """The kind of failure as it shows at `at`, and the day on which it became known."""
        assert order.promised is not None
        today = self.day(at)
        if order.void:
            return "cancelled", order.promised
        arrived = order.delivered is not None and order.delivered <= at
        if (
            not arrived
            and order.handed
            and order.handed <= at
            and today > order.promised + timedelta(days=10)
        ):
            return "lost", order.promised + timedelta(days=11)
        in_time = order.delivered is not None and self.day(order.delivered) <= order.promised
        if arrived and in_time:
            return None
        return ("late", order.promised + timedelta(days=1)) if today > order.promised else None

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def quarter(self, at: datetime) -> str:
        today = self.day(at)
        return f"{today.year}Q{(today.month + 2) // 3}"


def read_olist(folder: Path) -> Shop:
    """The marketplace: naive times of São Paulo; `answered_at` is when feedback came in."""
    zone = ZoneInfo("America/Sao_Paulo")
    orders = [
        Order(
            id=row["order_id"],
            customer=row["customer_id"],
            placed=moment(row["placed_at"], zone) or sys.exit("an order without its time"),
            void=row["status"].strip().lower() in VOID,
            total=Decimal(row["total_paid"] or 0),
            promised=date.fromisoformat(row["promised_delivery_at"][:10])
            if row["promised_delivery_at"]
            else None,
            handed=moment(row["handed_to_carrier_at"], zone),
            delivered=moment(row["delivered_at"], zone),
        )
        for row in rows_of(folder / "orders.csv")
    ]
    feedback = [
        Feedback(
            row["feedback_id"],
            row["order_id"],
            row["customer_id"],
            moment(row["answered_at"], zone) or sys.exit("feedback without its time"),
        )
        for row in rows_of(folder / "feedback.csv")
    ]
    return Shop(zone, orders, feedback)


def read_cdnow(folder: Path, zone: ZoneInfo) -> Shop:
    """The CD shop: a day is noon, and an order is customer, day, discs, amount and its count among equals."""
    seen: Counter[tuple[str, ...]] = Counter()
    orders = []
    for row in rows_of(folder / "transactions.csv"):
        facts = (row["customer_id"], row["date"], row["cds"], row["amount"])
        seen[facts] += 1
        placed = datetime.combine(date.fromisoformat(row["date"]), time(12), zone).astimezone(UTC)
        identity = ":".join([*facts, str(seen[facts])])
        orders.append(
            Order(identity, row["customer_id"], placed, False, Decimal(row["amount"]), None, None, None)
        )
    return Shop(zone, orders, [])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC) if text else None


def main(folder: str, at: str) -> None:
    shop = read_olist(Path(folder))
    now = datetime.fromisoformat(at)
    now = (now if now.tzinfo else now.replace(tzinfo=shop.zone)).astimezone(UTC)
    vips = shop.vips(now)
    print(now.isoformat(), "on", shop.day(now))
    print("  welcome", len(shop.welcome(now)))
    print("  vip_recognition", len(vips.sure) + vips.places, f"({len(vips.tied)} tied for the last place)")
    print("  feedback_reply", len(shop.feedback_reply(now)))
    kinds = Counter(candidate.kind for candidate in shop.apology(now))
    print("  apology", kinds.total(), dict(kinds))


if __name__ == "__main__":
    main(*sys.argv[1:3])
