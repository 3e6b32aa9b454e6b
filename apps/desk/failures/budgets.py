"""The budgets: what is committed, spent, redeemed and expired, and whether they last."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.apologies.budget_forecast import forecasts
from apps.core.http import Request
from apps.desk.shift.periods import last_weeks

from .meters import meter_of

YEAR = timedelta(days=365)


@require_safe
@role_required(Role.MANAGER)
def budgets(request: Request) -> HttpResponse:
    """Those of a year back and a year ahead."""
    today = Shop.current().day_of(timezone.now())
    found = forecasts(request.user, first=today - YEAR, last=today + YEAR, today=today)
    running = [meter_of(each) for each in found if each.is_running]
    context = {
        "running": running,
        "others": [meter_of(each) for each in found if not each.is_running],
        "late": sum(meter.is_late for meter in running),
        "period": last_weeks(today),
    }
    return render(request, "desk/budgets.html", context)
