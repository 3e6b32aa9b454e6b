"""Whether a budget lasts, at the rate of its days so far, and whose it is to see."""

from datetime import date
from decimal import Decimal

import pytest

from apps.accounts.models import Role, Team, User
from apps.apologies.budget_forecast import Forecast, budgets_of, forecasts
from apps.apologies.models import Budget
from tests.factories import make_team, make_user

MARCH = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31), "currency": "EUR"}


def forecast(today: int, amount: int = 310, committed: int = 0, spent: int = 0, **more: object) -> Forecast:
    budget = Budget(
        amount=Decimal(amount), committed=Decimal(committed), spent=Decimal(spent), **MARCH, **more
    )
    return Forecast(budget, date(2026, 3, today))


@pytest.mark.parametrize(
    ("today", "spent", "used_up"),
    [
        (10, 200, date(2026, 3, 16)),  # 20 a day, 110 left: five days and a half
        (10, 155, date(2026, 3, 20)),  # 15.50 a day, 155 left: ten days to the day
        (10, 100, None),  # 10 a day: to the cent on the last day, so it lasts
        (10, 101, date(2026, 3, 31)),
        (10, 0, None),
        (31, 300, None),
        (10, 310, None),  # it is used up already
    ],
)
def test_rate_so_far_tells_the_day_it_is_used_up(today: int, spent: int, used_up: date | None) -> None:
    assert forecast(today, spent=spent).used_up_on == used_up


def test_what_is_committed_is_used_too() -> None:
    assert forecast(10, committed=150, spent=50).used_up_on == forecast(10, spent=200).used_up_on


def test_budget_that_lasts_says_what_is_left() -> None:
    assert forecast(10, spent=50).left_at_the_end == Decimal(155)
    assert forecast(10, spent=200).left_at_the_end is None


@pytest.mark.parametrize(("spent", "over"), [(100, False), (101, True)])
def test_soft_stop_is_passed_above_it(spent: int, over: bool) -> None:
    assert forecast(10, spent=spent, soft=Decimal(100)).is_over_soft is over


def test_nothing_is_told_of_a_budget_that_does_not_run() -> None:
    ended = Forecast(forecast(1, spent=200).budget, date(2026, 4, 1))
    assert (ended.is_running, ended.used_up_on, ended.left_at_the_end) == (False, None, None)


def test_managers_see_their_teams_budget_and_the_shops(
    team: Team, manager: User, other_rep: User, rep: User, marketer: User, admin: User
) -> None:
    own = Budget.objects.create(team=team, amount=10, **MARCH)
    shops = Budget.objects.create(team=None, amount=10, **MARCH)
    others = Budget.objects.create(team=make_team("Stores"), amount=10, **MARCH)
    teamless = make_user(Role.MANAGER)
    assert set(budgets_of(manager)) == {own, shops}
    assert set(budgets_of(admin)) == set(budgets_of(teamless)) == {own, shops, others}
    assert not budgets_of(rep)
    assert not budgets_of(marketer)


def test_budgets_that_touch_the_days_are_found(team: Team, admin: User) -> None:
    Budget.objects.create(team=team, amount=10, **MARCH)

    def found(first: date, last: date) -> int:
        return len(forecasts(admin, first=first, last=last, today=first))

    assert found(date(2026, 3, 31), date(2026, 4, 30)) == 1
    assert found(date(2026, 2, 1), date(2026, 3, 1)) == 1
    assert found(date(2026, 4, 1), date(2026, 4, 30)) == 0
