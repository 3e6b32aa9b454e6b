"""The ledger as finance reads it: a row for each movement."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.accounts.permissions import is_admin, is_manager

from .codes import masked
from .models import LedgerEntry

COLUMNS = (
    *("date", "offer", "customer", "order", "kind", "from", "to", "amount", "currency", "cost"),
    *("budget", "approved by", "code", "reason"),
)


def entries_of(user: User) -> QuerySet[LedgerEntry]:
    """As with the budgets: a manager's team's and the shop's own; all for admins and managers of no team.

    What was set aside out of no budget goes by the team of the apology's task.
    """
    entries = LedgerEntry.objects.all()
    if is_admin(user) or (is_manager(user) and user.team_id is None):
        return entries
    if not is_manager(user):
        return entries.none()
    own_budget = Q(budget__isnull=False) & (Q(budget__team=user.team_id) | Q(budget__team=None))
    own_task = Q(offer__task__team=user.team_id) | Q(offer__task__team=None)
    return entries.filter(own_budget | Q(budget=None) & own_task)


def ledger_rows(
    *,
    zone: ZoneInfo,
    since: date | None = None,
    until: date | None = None,
    entries: QuerySet[LedgerEntry] | None = None,
) -> Iterator[tuple[Any, ...]]:
    """From the shop's day `since` to `until`, both included, the oldest first: values of `COLUMNS`.

    `entries` narrows it to some. A code is masked to its last four characters: who reads them cannot use it.
    """
    found = LedgerEntry.objects.all() if entries is None else entries
    entries = found.order_by("at", "pk").select_related(
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
