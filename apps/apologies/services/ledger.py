"""The ledger: each movement of money is one entry, and the sums of its budget move in the same transaction.

Whoever moves money locks, in this order: the offer, its customer, its proposer, its compensation. The budget
comes last, locked where a second approver may be needed, and written by one conditional UPDATE. Locks leave
the keys free, so that rows that point there can be written meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import models, transaction
from django.db.models import DecimalField, F, Value
from django.db.models.functions import Round

from apps.accounts.models import User
from apps.core.templatetags.ui import money

from ..models import Account, Budget, Compensation, LedgerEntry, Offer
from ..refusals import OverLimit

# The sums of a budget in which money on an account is counted
SUMS: dict[str, frozenset[str]] = {
    Account.AVAILABLE: frozenset(),
    Account.COMMITTED: frozenset({"committed"}),
    Account.OUTSTANDING: frozenset({"spent"}),
    Account.REDEEMED: frozenset({"spent", "redeemed"}),
    Account.EXPIRED: frozenset({"expired"}),
}
CLAIMING = {"committed", "spent"}
NOT_ENOUGH = (
    "The budget of {budget} holds {left} more, and this needs {amount}. "
    "Lower the amount, or ask an admin to raise the budget."
)


@dataclass(frozen=True)
class Standing:
    """What of an offer is set aside, and in which budget its money was counted last."""

    committed: Decimal
    budget_id: int | None


def locked_offer(pk: int) -> Offer:
    """As it is in the database, until the transaction ends."""
    related = ("incident__customer", "incident__order", "task", "decided_by")
    return Offer.objects.select_for_update(of=("self",), no_key=True).select_related(*related).get(pk=pk)


def standing(offer: Offer) -> Standing:
    committed, budget_id = Decimal(0), None
    for entry in LedgerEntry.objects.filter(offer=offer).order_by("pk"):
        budget_id = entry.budget_id
        if Account.COMMITTED in {entry.from_account, entry.to_account}:
            committed += entry.amount if entry.to_account == Account.COMMITTED else -entry.amount
    return Standing(committed, budget_id)


def enter(
    offer: Offer,
    path: tuple[str, str],
    *,
    budget_id: int | None,
    by: User | None,
    now: datetime,
    amount: Decimal,
    reason: str = "",
    compensation: Compensation | None = None,
) -> LedgerEntry:
    """Move `amount` along `path`, from one account to another. Raises OverLimit where a budget lacks it."""
    with transaction.atomic():
        shift(budget_id, path, amount)
        return LedgerEntry.objects.create(
            at=now,
            by=by,
            offer=offer,
            compensation=compensation,
            budget_id=budget_id,
            from_account=path[0],
            to_account=path[1],
            amount=amount,
            currency=offer.currency,
            reason=reason[:120],
        )


def shift(budget_id: int | None, path: tuple[str, str], amount: Decimal) -> None:
    """Move a budget's sums along, if all that is committed and spent still fits in."""
    if budget_id is None:
        return
    source, to = (SUMS[account] for account in path)
    changes = {**dict.fromkeys(source - to, -amount), **dict.fromkeys(to - source, amount)}
    rows = Budget.objects.filter(pk=budget_id)
    if sum(changes.get(name, Decimal(0)) for name in CLAIMING) > 0:
        rows = rows.filter(amount__gte=cents(F("committed") + F("spent") + _value(amount)))
    if not rows.update(**{name: cents(F(name) + _value(more)) for name, more in changes.items()}):
        raise not_enough(Budget.objects.select_related("team").get(pk=budget_id), amount)


def cents(expression: models.expressions.Combinable) -> Round:
    """To the cent: SQLite adds in binary, where 0.10 + 0.20 is more than 0.30."""
    return Round(expression, precision=2)


def _value(amount: Decimal) -> Value:
    return Value(amount, output_field=DecimalField(max_digits=12, decimal_places=2))


def not_enough(budget: Budget, amount: Decimal) -> OverLimit:
    left = max(budget.amount - budget.committed - budget.spent, Decimal(0))
    name = budget.team or "the shop"
    figures = {"left": money(left, budget.currency), "amount": money(amount, budget.currency)}
    return OverLimit(NOT_ENOUGH.format(budget=name, **figures))
