"""How far a budget is used, and when it is used up at the rate of its days so far."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil

from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.accounts.permissions import is_admin, is_manager

from .models import Budget


@dataclass(frozen=True)
class Forecast:
    """`used_up_on` is a day of the budget's period; None where it lasts, or nothing can be told yet."""

    budget: Budget
    today: date

    @property
    def used(self) -> Decimal:
        return self.budget.committed + self.budget.spent

    @property
    def left(self) -> Decimal:
        return self.budget.amount - self.used

    @property
    def is_running(self) -> bool:
        return self.budget.starts_on <= self.today <= self.budget.ends_on

    @property
    def is_over_soft(self) -> bool:
        return self.budget.soft is not None and self.used > self.budget.soft

    @property
    def used_up_on(self) -> date | None:
        over = self._over_at_the_end
        if over is None or over >= 0:
            return None
        return self.today + timedelta(days=ceil(self.left * self._passed / self.used))

    @property
    def left_at_the_end(self) -> Decimal | None:
        """What will be over on the last day at this rate; None where it runs out, or nothing is told."""
        over = self._over_at_the_end
        return None if over is None or over < 0 else over

    @property
    def _over_at_the_end(self) -> Decimal | None:
        """Below nothing where the days so far, gone on with, need more than there is."""
        if not self.is_running or not self.left:
            return None
        whole = (self.budget.ends_on - self.budget.starts_on).days + 1
        return self.budget.amount - self.used * whole / self._passed

    @property
    def _passed(self) -> int:
        """Days so far, today among them."""
        return (self.today - self.budget.starts_on).days + 1


def budgets_of(user: User) -> QuerySet[Budget]:
    """A manager's team's and the shop's own; all for admins and for managers of no team."""
    if is_admin(user) or (is_manager(user) and user.team_id is None):
        return Budget.objects.all()
    if not is_manager(user):
        return Budget.objects.none()
    return Budget.objects.filter(Q(team=user.team_id) | Q(team=None))


def forecasts(user: User, *, first: date, last: date, today: date) -> list[Forecast]:
    """Of the budgets that touch these days: one query, the latest first."""
    found = budgets_of(user).filter(starts_on__lte=last, ends_on__gte=first)
    in_order = found.select_related("team").order_by("-starts_on", "team__name", "pk")
    return [Forecast(budget, today) for budget in in_order]
