"""The ledger leaves as a file: for managers and admins, and it is kept who took which days."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from apps.accounts.models import Shop, User
from apps.accounts.permissions import is_manager
from apps.core.statuses import record

from ..finance import entries_of, ledger_rows

NOT_YOURS = "Managers and admins take the ledger to finance. Ask one of them."
EXPORTED = "ledger exported"


def export_ledger(*, first: date, last: date, by: User, now: datetime) -> Iterator[tuple[Any, ...]]:
    """The movements that `by` may see of these days of the shop, both included, as values of `COLUMNS`."""
    if not is_manager(by):
        raise PermissionDenied(NOT_YOURS)
    shop = Shop.current()
    record(shop, EXPORTED, by=by, now=now, first=first.isoformat(), last=last.isoformat())
    return ledger_rows(zone=shop.zone, since=first, until=last, entries=entries_of(by))
