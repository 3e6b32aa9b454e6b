"""How much of each budget is left and whether it lasts, and who may see that."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from apps.accounts.models import Shop, Team, User
from apps.apologies.models import Budget

from .failures import PAGE, as_text, fail


def test_marketers_see_no_budgets(client: Client, team: Team, marketer: User) -> None:
    fail(team)
    client.force_login(marketer)
    assert client.get("/reports/budgets/").status_code == 403
    assert "Budget" not in as_text(client, PAGE)


def test_budgets_say_whether_they_last(client: Client, team: Team, manager: User) -> None:
    today = Shop.current().day_of(timezone.now())
    days = {"starts_on": today - timedelta(days=9), "ends_on": today + timedelta(days=20), "currency": "EUR"}
    money = {"committed": 50, "spent": 150, "redeemed": 30, "expired": 5}
    Budget.objects.create(team=team, amount=300, soft=180, **money, **days)
    client.force_login(manager)
    day = today + timedelta(days=5)
    for page in ("/reports/budgets/", PAGE):
        text = as_text(client, page)
        assert "€100.00 left of €300.00" in text
        assert f"At this rate it is used up on {day.day} {day:%b}" in text
        assert "Committed €50.00 Spent €150.00 of it redeemed €30.00 Expired, free again €5.00" in text
        assert "Past its soft stop" in text
        assert "A second approver above €180.00 Nothing above €300.00" in text
    assert "<h1>1 of 1 budget will not last</h1>" in client.get("/reports/budgets/").content.decode()


def test_no_budget_names_the_next_step(client: Client, manager: User) -> None:
    client.force_login(manager)
    assert "No budget is set" in as_text(client, "/reports/budgets/")
