"""An admin sets limits and budgets in the back office; each change is kept, and the sums set themselves."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import Budget, Compensation, LedgerEntry, Limit
from apps.apologies.services import commit_money
from apps.core.models import Event

from .money import approved_offer, given, make_budget, sums

pytestmark = pytest.mark.django_db
BUDGET = {"starts_on": "2026-03-01", "ends_on": "2026-03-31", "currency": "EUR", "amount": "500"}


@pytest.fixture
def office(client: Client, admin: User) -> Client:
    User.objects.filter(pk=admin.pk).update(is_superuser=False)
    client.force_login(admin)
    return client


def test_an_admin_adds_a_limit(office: Client, admin: User) -> None:
    office.post(reverse("admin:apologies_limit_add"), {"role": "manager", "one_offer": "80"})
    event = Event.objects.get(subject="apologies.limit")
    assert Limit.objects.get().one_offer == 80
    assert (event.verb, event.actor, event.data["set"]["one_offer"]) == ("added", admin, "80.00")


def test_a_change_keeps_what_was(office: Client) -> None:
    limit = Limit.objects.create(role="manager", one_offer=Decimal(80), second_above=Decimal(50))
    page = reverse("admin:apologies_limit_change", args=[limit.pk])
    office.post(page, {"role": "manager", "one_offer": "90", "second_above": "50"})
    event = Event.objects.get(subject="apologies.limit")
    assert (event.verb, event.data) == (
        "changed",
        {"was": {"one_offer": "80.00"}, "set": {"one_offer": "90.00"}},
    )


def test_a_limit_below_zero_is_refused(office: Client) -> None:
    page = office.post(reverse("admin:apologies_limit_add"), {"role": "manager", "one_offer": "-1"})
    assert "zero or more" in page.content.decode()
    assert not Limit.objects.exists()


def test_an_admin_adds_and_raises_a_budget(office: Client) -> None:
    office.post(reverse("admin:apologies_budget_add"), BUDGET)
    budget = Budget.objects.get()
    page = reverse("admin:apologies_budget_change", args=[budget.pk])
    office.post(page, {**BUDGET, "amount": "600", "committed": "7"})
    budget.refresh_from_db()
    assert (budget.amount, budget.committed) == (600, 0)
    assert list(Event.objects.filter(subject="apologies.budget").values_list("verb", flat=True)) == [
        "added",
        "changed",
    ]


def test_a_change_leaves_the_sums_that_moved_meanwhile(office: Client, manager: User, now: datetime) -> None:
    budget = make_budget("500")
    page = reverse("admin:apologies_budget_change", args=[budget.pk])
    assert office.get(page).status_code == 200
    commit_money(approved_offer(manager), by=manager, now=now)
    office.post(page, {**BUDGET, "amount": "600"})
    assert sums(budget)[0] == "10.00"
    assert budget.amount == 600


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": "9.99"}, "€10.00 of it is set aside"),
        ({"soft": "501"}, "before the budget ends"),
        ({"ends_on": "2026-02-01"}, "before it begins"),
    ],
)
def test_a_budget_that_cannot_be_is_refused(
    office: Client, manager: User, now: datetime, change: dict[str, str], said: str
) -> None:
    budget = make_budget("500")
    commit_money(approved_offer(manager), by=manager, now=now)
    page = office.post(reverse("admin:apologies_budget_change", args=[budget.pk]), {**BUDGET, **change})
    assert said in page.content.decode()
    budget.refresh_from_db()
    assert budget.amount == 500


def test_two_budgets_for_the_same_days_are_refused(office: Client) -> None:
    make_budget()
    page = office.post(reverse("admin:apologies_budget_add"), {**BUDGET, "starts_on": "2026-03-31"})
    assert "There is a budget of this team" in page.content.decode()
    assert Budget.objects.count() == 1


def test_what_was_given_and_entered_is_only_read(office: Client, manager: User, now: datetime) -> None:
    row = given(manager, now)
    entry = LedgerEntry.objects.first()
    assert entry
    for page in (
        reverse("admin:apologies_compensation_change", args=[row.pk]),
        reverse("admin:apologies_ledgerentry_change", args=[entry.pk]),
    ):
        shown = office.get(page)
        assert shown.status_code == 200
        assert (row.code or "") not in shown.content.decode()
        assert office.post(page, {"amount": "1"}).status_code == 403
    for name in ("compensation", "ledgerentry"):
        assert (row.code or "") not in office.get(
            reverse(f"admin:apologies_{name}_changelist")
        ).content.decode()
    assert Compensation.objects.get().amount == 10


def test_a_manager_does_not_get_there(client: Client, manager: User) -> None:
    client.force_login(manager)
    assert client.get(reverse("admin:apologies_limit_changelist")).status_code == 302
