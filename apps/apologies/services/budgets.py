"""Money that is promised, kept in the budget of the offer's team and in the ledger."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, QuerySet

from apps.accounts.models import Shop, User
from apps.core.statuses import Conflict

from ..models import Account, Budget, Compensation, LedgerEntry, Offer
from .ledger import SUMS, enter, locked_offer, standing

IS_GIVEN = "What this offer gives was already given. Take it back first."


def commit_money(offer: Offer, *, by: User | None, now: datetime) -> None:
    """Set the offer's amount aside; raises OverLimit where the budget does not hold it.

    Twice is once. An amount that was set aside before an edit goes back first.
    """
    with transaction.atomic():
        offer = locked_offer(offer.pk)
        if Compensation.objects.filter(offer=offer).standing().exists():
            raise Conflict(IS_GIVEN)
        if standing(offer).committed == offer.amount:
            return
        release_money(offer, by=by, now=now, reason="Amount changed")
        if offer.amount:
            budget = budget_of(offer, now=now)
            path = (Account.AVAILABLE, Account.COMMITTED)
            budget_id = budget.pk if budget else None
            enter(offer, path, budget_id=budget_id, by=by, now=now, amount=offer.amount, reason="Approved")


def release_money(offer: Offer, *, by: User | None, now: datetime, reason: str) -> None:
    """Give back what was set aside for an offer that is no longer approved; nothing set aside is nothing."""
    with transaction.atomic():
        offer = locked_offer(offer.pk)
        kept = standing(offer)
        if kept.committed:
            path = (Account.COMMITTED, Account.AVAILABLE)
            enter(offer, path, budget_id=kept.budget_id, by=by, now=now, amount=kept.committed, reason=reason)


def budget_of(offer: Offer, *, now: datetime) -> Budget | None:
    """The budget of the offer's team that covers today, else the shop's; none sets no bound."""
    team_id = offer.task.team_id if offer.task else None
    found = covering(shop_day(now)).filter(currency=offer.currency).filter(Q(team=team_id) | Q(team=None))
    return found.select_related("team").order_by(F("team").asc(nulls_last=True), "-starts_on", "pk").first()


def locked_budget(offer: Offer, *, now: datetime) -> Budget | None:
    """As `budget_of`, with its sums as they stay until the transaction ends: lock it after all else."""
    budget = budget_of(offer, now=now)
    if budget is None:
        return None
    rows = Budget.objects.select_for_update(of=("self",), no_key=True).select_related("team")
    return rows.get(pk=budget.pk)


def covering(day: date) -> QuerySet[Budget]:
    return Budget.objects.filter(starts_on__lte=day, ends_on__gte=day).select_related("team")


def shop_day(now: datetime) -> date:
    return Shop.current().day_of(now)


def recount_budgets() -> int:
    """Set every budget's sums to what its entries say, where entries were erased: how many changed."""
    return sum(_recount(budget) for budget in Budget.objects.select_for_update(no_key=True).order_by("pk"))


def _recount(budget: Budget) -> bool:
    sums = dict.fromkeys(("committed", "spent", "redeemed", "expired"), Decimal(0))
    for entry in LedgerEntry.objects.filter(budget=budget).iterator():
        for account, sign in ((entry.from_account, -1), (entry.to_account, 1)):
            for name in SUMS[account]:
                sums[name] += sign * entry.amount
    changed = {name: value for name, value in sums.items() if getattr(budget, name) != value}
    return bool(changed and Budget.objects.filter(pk=budget.pk).update(**changed))
