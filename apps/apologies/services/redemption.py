"""A coupon is used once, until its last day; one that nobody used runs out, and its money is free again."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db import transaction

from apps.accounts.models import Shop, User
from apps.core.statuses import advance, advance_all

from ..codes import spellings
from ..models import Account, Compensation, CompensationStatus, LedgerEntry
from ..refusals import OverLimit
from .budgets import shop_day
from .compensations import ACCOUNT_OF, move
from .ledger import shift

EXPIRED = "Ran out"
HONOURED = "Used in time, told later"
CHUNK = 500
CLOCKS_DIFFER = timedelta(minutes=5)  # the shop's and ours


class Result(StrEnum):
    ACCEPTED = "accepted"
    ALREADY = "already"  # the same again
    OTHER_ORDER = "other order"
    EXPIRED = "expired"
    NO_BUDGET = "no budget"  # told so late that its money has been given to somebody else
    TOO_EARLY = "too early"  # it was not given yet: another coupon, or a wrong time
    TOO_LATE = "too late"  # in the future
    UNKNOWN = "unknown"  # or taken back


@dataclass(frozen=True)
class Redemption:
    result: Result
    compensation: Compensation | None = None


def redeem(
    given: str | Compensation, *, order: str, redeemed_at: datetime, by: User | None, now: datetime
) -> Redemption:
    """A coupon was used for `order`, the shop's number. The same again changes nothing.

    Nothing is used before it was given nor in the future. What was used on its last day and told after it ran
    out is honoured, if its budget still holds it.
    """
    with transaction.atomic():
        row = _locked(given)
        if row is None or row.status == CompensationStatus.REVERSED:
            return Redemption(Result.UNKNOWN)
        if row.status == CompensationStatus.REDEEMED:
            return Redemption(Result.ALREADY if row.redeemed_order == order else Result.OTHER_ORDER, row)
        if untimely := _untimely(row, redeemed_at, now):
            return Redemption(untimely, row)
        if row.status == CompensationStatus.EXPIRED and not _honour(row, by=by, now=now):
            return Redemption(Result.NO_BUDGET, row)
        used = {"redeemed_at": redeemed_at, "redeemed_order": order}
        advance(row, CompensationStatus.REDEEMED, by=by, now=now, changes=used)
        move(row, (Account.OUTSTANDING, Account.REDEEMED), reason=f"Order {order}", by=by, now=now)
    return Redemption(Result.ACCEPTED, row)


def expire_compensations(*, now: datetime) -> int:
    """Let run out what nobody used by its last day, in the shop's zone: how many."""
    today, count = shop_day(now), 0
    while expired := _expire_some(today, now=now):
        count += expired
    return count


def _locked(given: str | Compensation) -> Compensation | None:
    rows = Compensation.objects.select_for_update(of=("self",), no_key=True).select_related("offer")
    if isinstance(given, Compensation):
        return rows.get(pk=given.pk)
    exact = rows.filter(code=given.strip()).first()
    return exact or rows.filter(code__in=spellings(given)).order_by("pk").first()


def _untimely(row: Compensation, redeemed_at: datetime, now: datetime) -> Result | None:
    if redeemed_at < row.issued_at - CLOCKS_DIFFER:
        return Result.TOO_EARLY
    if redeemed_at > now + CLOCKS_DIFFER:
        return Result.TOO_LATE
    is_over = row.expires_on and Shop.current().day_of(redeemed_at) > row.expires_on
    return Result.EXPIRED if is_over else None


def _honour(row: Compensation, *, by: User | None, now: datetime) -> bool:
    try:
        move(row, (Account.EXPIRED, Account.OUTSTANDING), reason=HONOURED, by=by, now=now)
    except OverLimit:
        return False
    advance(row, CompensationStatus.ISSUED, by=by, now=now, reason=HONOURED)
    return True


@transaction.atomic
def _expire_some(today: date, *, now: datetime) -> int:
    """What somebody is redeeming right now is passed over."""
    due = Compensation.objects.filter(status=CompensationStatus.ISSUED, expires_on__lt=today)
    rows = list(due.select_for_update(no_key=True, skip_locked=True).order_by("pk")[:CHUNK])
    if not rows:
        return 0
    chosen = Compensation.objects.filter(pk__in=[row.pk for row in rows])
    advance_all(chosen, CompensationStatus.EXPIRED, by=None, now=now, reason=EXPIRED)
    path = (ACCOUNT_OF[CompensationStatus.ISSUED], Account.EXPIRED)
    issued = LedgerEntry.objects.filter(compensation__in=rows, to_account=Account.OUTSTANDING)
    budgets = dict(issued.values_list("compensation_id", "budget_id"))
    sums: defaultdict[int | None, Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[budgets[row.pk]] += row.amount
    for budget_id in sorted(key for key in sums if key is not None):
        shift(budget_id, path, sums[budget_id])
    LedgerEntry.objects.bulk_create(_ran_out(row, budgets[row.pk], path, now) for row in rows)
    return len(rows)


def _ran_out(
    row: Compensation, budget_id: int | None, path: tuple[Account, Account], now: datetime
) -> LedgerEntry:
    return LedgerEntry(
        at=now,
        offer_id=row.offer_id,
        compensation=row,
        budget_id=budget_id,
        from_account=path[0],
        to_account=path[1],
        amount=row.amount,
        currency=row.currency,
        reason=EXPIRED,
    )
