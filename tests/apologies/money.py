"""What the tests of money start from: approved offers, a budget, and the proof that the books balance."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from apps.accounts.models import User
from apps.apologies.models import Budget, Compensation, Incident, LedgerEntry, Offer
from apps.apologies.replay import REBUILT
from apps.apologies.seal import seal_of
from apps.apologies.services import commit_money, issue
from apps.core.logged import logged
from apps.core.statuses import record
from tests import factories


def approved_offer(by: User, incident: Incident | None = None, **fields: Any) -> Offer:
    """Approved, its money not set aside yet."""
    decided = {"decided_by": by, "decided_at": factories.NOW, "status": "approved"}
    offer = factories.make_offer(incident, **{**decided, **fields})
    offer.approved_hash = seal_of(offer)
    offer.save(update_fields=["approved_hash"])
    return offer


def given(by: User, now: datetime, incident: Incident | None = None, **fields: Any) -> Compensation:
    offer = approved_offer(by, incident, **fields)
    commit_money(offer, by=by, now=now)
    return issue(offer, by=by, now=now)


def write_down(now: datetime) -> None:
    """What was made without its services goes into the log, as of what stood before it."""
    for model in REBUILT:
        for row in model._base_manager.all():
            record(row, "baseline", by=None, now=now, set=logged(row))


def make_budget(amount: str = "100.00", **fields: Any) -> Budget:
    defaults = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31), "currency": "EUR"}
    return Budget.objects.create(**{**defaults, "amount": Decimal(amount), **fields})


def sums(budget: Budget) -> tuple[str, ...]:
    """Committed, spent, redeemed, expired."""
    budget.refresh_from_db()
    return tuple(
        f"{value:.2f}" for value in (budget.committed, budget.spent, budget.redeemed, budget.expired)
    )


def paths() -> list[str]:
    return [f"{entry.from_account} {entry.to_account}" for entry in LedgerEntry.objects.order_by("pk")]
