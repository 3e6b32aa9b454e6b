"""The shift plan: a target share for each month. A month without its own carries the latest earlier one."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import Role, User
from apps.core.statuses import record

from .models import ShiftPlan

MAY_PLAN = {Role.MARKETER, Role.MANAGER, Role.ADMIN}
NOT_ALLOWED = "Only a marketer or a manager sets the plan."


@dataclass(frozen=True)
class Targets:
    """The whole plan in hand: months in order and their targets."""

    months: tuple[date, ...]
    targets: tuple[Decimal, ...]

    @classmethod
    def load(cls) -> "Targets":
        rows = list(ShiftPlan.objects.order_by("month").values_list("month", "target"))
        return cls(tuple(month for month, _ in rows), tuple(target for _, target in rows))

    def on(self, day: date) -> Decimal | None:
        """The target of the day's month, or the latest earlier one; none before the first."""
        position = bisect_right(self.months, day)
        return self.targets[position - 1] if position else None


def target_for(day: date) -> Decimal | None:
    plan = ShiftPlan.objects.filter(month__lte=day).order_by("-month").first()
    return plan.target if plan else None


def month_after(month: date, n: int = 1) -> date:
    """The first of the n-th month after the day's month."""
    years, index = divmod(month.month - 1 + n, 12)
    return date(month.year + years, index + 1, 1)


def stairs(first_month: date, *, start: Decimal, step: Decimal, months: int) -> dict[date, Decimal]:
    """5 %, 10 %, 15 %, ...: a target a month from `first_month`, never over 100 %."""
    return {month_after(first_month, n): min(start + step * n, Decimal(1)) for n in range(months)}


def set_plan(targets: Mapping[date, Decimal | None], *, by: User, now: datetime) -> None:
    """Set the target of each month given; None removes a month's own target."""
    if by.role not in MAY_PLAN:
        raise PermissionDenied(NOT_ALLOWED)
    with transaction.atomic():
        _remove(month for month, target in targets.items() if target is None)
        for month, target in targets.items():
            if target is not None:
                _set_month(month, target, by=by, now=now)


def _remove(months: Iterable[date]) -> None:
    ShiftPlan.objects.filter(month__in=list(months)).delete()


def _set_month(month: date, target: Decimal, *, by: User, now: datetime) -> None:
    plan, made = ShiftPlan.objects.get_or_create(month=month, defaults={"target": target})
    if not made and plan.target == target:
        return
    if not made:
        plan.target = target
        plan.save(update_fields=["target"])
    record(plan, "target set", by=by, now=now, month=month.isoformat(), target=str(target))
