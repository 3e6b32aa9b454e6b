"""The ledger as finance reads it: a row for each movement."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .codes import masked
from .models import LedgerEntry

COLUMNS = (
    *("date", "offer", "customer", "order", "kind", "from", "to", "amount", "currency", "cost"),
    *("budget", "approved by", "code", "reason"),
)


def ledger_rows(
    *, zone: ZoneInfo, since: date | None = None, until: date | None = None
) -> Iterator[tuple[Any, ...]]:
    """From the shop's day `since` to `until`, both included, the oldest first: values of `COLUMNS`.

    A code is masked to its last four characters: who reads this file cannot use it.
    """
    entries = LedgerEntry.objects.order_by("at", "pk").select_related(
        "offer__incident__customer",
        "offer__incident__order",
        "offer__decided_by",
        "compensation",
        "budget__team",
    )
    if since:
        entries = entries.filter(at__gte=datetime.combine(since, time.min, zone))
    if until:
        entries = entries.filter(at__lt=datetime.combine(until + timedelta(days=1), time.min, zone))
    return (_row(entry, zone) for entry in entries.iterator(chunk_size=2000))


def _row(entry: LedgerEntry, zone: ZoneInfo) -> tuple[Any, ...]:
    offer, given = entry.offer, entry.compensation
    order = offer.incident.order
    return (
        entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        offer.pk,
        offer.incident.customer.external_id,
        order.external_id if order else "",
        given.kind if given else offer.compensation,
        entry.from_account,
        entry.to_account,
        entry.amount,
        entry.currency,
        given.cost if given else offer.cost,
        str(entry.budget) if entry.budget else "",
        offer.decided_by.name if offer.decided_by else "",
        masked(given.code) if given else "",
        entry.reason,
    )
