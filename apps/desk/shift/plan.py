"""The monthly targets: a page for marketers and managers, with stairs that fill themselves."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import Role, Shop
from apps.accounts.permissions import role_required
from apps.core.http import Request
from apps.effort.models import ShiftPlan
from apps.effort.plans import Targets, month_after, set_plan, stairs

MONTHS_SHOWN = 12
HUNDRED = Decimal(100)


class PercentField(forms.DecimalField):
    """A percentage on the screen, a fraction in the code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, **options)

    def clean(self, value: Any) -> Decimal | None:
        percentage = super().clean(value)
        return None if percentage is None else percentage / HUNDRED


class PlanForm(forms.Form):
    """One field a month; an empty one carries the month before."""

    def __init__(self, *args: Any, months: list[date], **options: Any) -> None:
        super().__init__(*args, **options)
        for month in months:
            self.fields[month.isoformat()] = PercentField(required=False, label=f"{month:%B %Y}")

    def targets(self) -> dict[date, Decimal | None]:
        return {date.fromisoformat(name): target for name, target in self.cleaned_data.items()}


class StairsForm(forms.Form):
    """5 %, 10 %, 15 %, ...: the first month's target, and how much more each month."""

    first_month = forms.DateField(
        input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        label="From the month",
    )
    start = PercentField(label="It begins at, %")
    step = PercentField(label="Each month more, points")
    months = forms.IntegerField(min_value=1, max_value=36, label="For how many months")

    def clean_first_month(self) -> date:
        month: date = self.cleaned_data["first_month"]
        return month.replace(day=1)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.MARKETER, Role.MANAGER)
def plan(request: Request) -> HttpResponse:
    now = timezone.now()
    months = _months(now)
    form = PlanForm(request.POST or None, months=months, initial=_initial(months))
    if form.is_valid():
        set_plan(form.targets(), by=request.user, now=now)
        messages.success(request, "The plan is saved.")
        return redirect("desk:plan")
    return _page(request, now, form, _first_stairs(now))


@require_POST
@role_required(Role.MARKETER, Role.MANAGER)
def fill_plan(request: Request) -> HttpResponse:
    now = timezone.now()
    form = StairsForm(request.POST)
    if not form.is_valid():
        months = _months(now)
        return _page(request, now, PlanForm(months=months, initial=_initial(months)), form)
    facts = form.cleaned_data
    targets = stairs(facts["first_month"], start=facts["start"], step=facts["step"], months=facts["months"])
    set_plan(targets, by=request.user, now=now)
    messages.success(request, f"{len(targets)} months are planned.")
    return redirect("desk:plan")


def _page(request: Request, now: datetime, form: PlanForm, filling: StairsForm) -> HttpResponse:
    target = Targets.load().on(_this_month(now))
    context = {"form": form, "filling": filling, "target": target, "month": _this_month(now)}
    return render(request, "desk/shift_plan.html", context)


def _this_month(now: datetime) -> date:
    return Shop.current().day_of(now).replace(day=1)


def _months(now: datetime) -> list[date]:
    """Two months back, so that one sees where the stairs come from, and the rest ahead."""
    this_month = _this_month(now)
    return [month_after(this_month, n) for n in range(-2, MONTHS_SHOWN - 2)]


def _initial(months: list[date]) -> dict[str, str]:
    plans = ShiftPlan.objects.filter(month__in=months)
    return {each.month.isoformat(): f"{(each.target * HUNDRED).normalize():f}" for each in plans}


def _first_stairs(now: datetime) -> StairsForm:
    month = _this_month(now)
    return StairsForm(initial={"first_month": f"{month:%Y-%m}", "start": 5, "step": 5, "months": 6})
