"""A budget as a meter, with what happens at the present rate."""

from dataclasses import dataclass

from apps.apologies.budget_forecast import Forecast
from apps.apologies.models import Budget
from apps.core.templatetags.ui import money

HUNDRED = 100


@dataclass(frozen=True)
class Meter:
    """`used` and `soft` are per cents of the whole."""

    budget: Budget
    used: float
    soft: float | None
    left: str
    words: str
    over_soft: bool  # each further offer asks for a second approver
    is_late: bool  # it will not last


def meter_of(forecast: Forecast) -> Meter:
    budget = forecast.budget
    whole = float(budget.amount)
    return Meter(
        budget=budget,
        used=float(forecast.used) / whole * HUNDRED if whole else HUNDRED,
        soft=float(budget.soft) / whole * HUNDRED if budget.soft is not None and whole else None,
        left=money(forecast.left, budget.currency),
        words=_words(forecast),
        over_soft=forecast.is_running and forecast.is_over_soft,
        is_late=forecast.is_running and forecast.left_at_the_end is None,
    )


def _words(forecast: Forecast) -> str:
    budget = forecast.budget
    if forecast.today < budget.starts_on:
        return "It has not begun"
    if not forecast.is_running:
        return f"It ended with {money(forecast.left, budget.currency)} left"
    if forecast.used_up_on:
        return f"At this rate it is used up on {forecast.used_up_on.day} {forecast.used_up_on:%b}"
    if forecast.left_at_the_end is None:
        return "It is used up: nothing more can be approved"
    over = money(forecast.left_at_the_end, budget.currency)
    return f"At this rate {over} is left on {budget.ends_on.day} {budget.ends_on:%b}"
