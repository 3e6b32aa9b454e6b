"""The demo's money: a budget for each team and month, and the coupons that customers used."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from apps.accounts.models import Shop, Team, User
from apps.apologies.models import Budget, Compensation, CompensationStatus
from apps.apologies.services import redeem
from apps.core.logged import as_logged
from apps.core.statuses import record
from apps.customers.models import Order
from apps.effort.plans import month_after

from .staff import TEAMS

FOR_2000 = Decimal(2400)  # customers, a team and month
LEAST = Decimal(600)
SOFT = Decimal("0.75")


def set_budgets(
    *, first: date, last: date, customers: int, shop: Shop, by: User, now: datetime
) -> list[Budget]:
    """For each team and each month from the first day to the last."""
    amount = max(FOR_2000 * customers / 2000, LEAST).quantize(Decimal(1))
    month, found = first.replace(day=1), []
    while month <= last:
        ends_on = month_after(month, 1) - timedelta(days=1)
        for team in Team.objects.filter(name__in=TEAMS).order_by("name"):
            budget = Budget(team=team, starts_on=month, ends_on=ends_on, currency=shop.currency)
            budget.amount, budget.soft = amount, amount * SOFT
            budget.save()
            names = ("team", "starts_on", "ends_on", "currency", "amount", "soft")
            kept = {name: as_logged(getattr(budget, name)) for name in names}
            record(budget, "added", by=by, now=now, set=kept)
            found.append(budget)
        month = month_after(month, 1)
    return found


def redeem_some(*, since: datetime, until: datetime) -> int:
    """Whoever ordered again in this time with an open coupon used it: how many did."""
    issued = Compensation.objects.filter(status=CompensationStatus.ISSUED).exclude(code=None)
    coupons = issued.select_related("offer__incident").order_by("pk")
    holders = {coupon.offer.incident.customer_id: coupon for coupon in coupons}
    orders = Order.objects.filter(customer__in=holders, placed_at__range=(since, until), is_void=False)
    count = 0
    for order in orders.order_by("placed_at", "external_id"):
        coupon = holders[order.customer_id]
        if coupon.issued_at < order.placed_at:
            redeem(
                coupon,
                order=order.external_id,
                redeemed_at=order.placed_at,
                by=None,
                now=order.placed_at + timedelta(seconds=5),
            )
            count += 1
    return count
