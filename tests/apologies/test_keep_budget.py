"""Money is set aside in a budget to the cent: never over, and back when it is free."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.models import Team, User
from apps.apologies.models import LedgerEntry
from apps.apologies.refusals import OverLimit
from apps.apologies.services import commit_money, release_money, second_needed
from apps.apologies.services.budgets import recount_budgets
from apps.core.events import purging
from tests import factories

from .money import approved_offer, make_budget, paths, sums

pytestmark = pytest.mark.django_db


def test_an_approval_sets_its_amount_aside(manager: User, now: datetime) -> None:
    budget = make_budget()
    commit_money(approved_offer(manager), by=manager, now=now)
    assert sums(budget) == ("10.00", "0.00", "0.00", "0.00")
    entry = LedgerEntry.objects.get()
    assert (entry.from_account, entry.to_account, entry.amount) == ("available", "committed", Decimal(10))


def test_twice_sets_it_aside_once(manager: User, now: datetime) -> None:
    budget, offer = make_budget(), approved_offer(manager)
    commit_money(offer, by=manager, now=now)
    commit_money(offer, by=manager, now=now)
    assert sums(budget)[0] == "10.00"


def test_a_void_approval_gives_it_back_once(manager: User, now: datetime) -> None:
    budget, offer = make_budget(), approved_offer(manager)
    commit_money(offer, by=manager, now=now)
    release_money(offer, by=manager, now=now, reason="Edited")
    release_money(offer, by=manager, now=now, reason="Edited")
    assert sums(budget)[0] == "0.00"
    assert paths() == ["available committed", "committed available"]


def test_another_amount_takes_the_place_of_the_first(manager: User, now: datetime) -> None:
    budget, offer = make_budget(), approved_offer(manager)
    commit_money(offer, by=manager, now=now)
    type(offer).objects.filter(pk=offer.pk).update(amount="12.50")
    commit_money(offer, by=manager, now=now)
    assert sums(budget)[0] == "12.50"


def test_the_last_cent_fits_and_one_more_does_not(manager: User, now: datetime) -> None:
    budget = make_budget("0.30")
    commit_money(approved_offer(manager, amount=Decimal("0.10")), by=manager, now=now)
    commit_money(approved_offer(manager, amount=Decimal("0.20")), by=manager, now=now)
    with pytest.raises(OverLimit, match=r"holds €0.00 more, and this needs €0.01"):
        commit_money(approved_offer(manager, amount=Decimal("0.01")), by=manager, now=now)
    assert sums(budget)[0] == "0.30"


def test_what_does_not_fit_writes_nothing(manager: User, now: datetime) -> None:
    budget = make_budget("9.99")
    with pytest.raises(OverLimit, match="budget of the shop"):
        commit_money(approved_offer(manager), by=manager, now=now)
    assert sums(budget)[0] == "0.00"
    assert not LedgerEntry.objects.exists()


def test_the_teams_budget_goes_before_the_shops(manager: User, team: Team, now: datetime) -> None:
    shops, teams = make_budget(), make_budget(team=team)
    others = make_budget(team=factories.make_team("Stores"))
    incident = factories.make_incident()
    task = factories.make_task(incident.customer, play="apology", team=team)
    commit_money(approved_offer(manager, incident, task=task), by=manager, now=now)
    assert [sums(budget)[0] for budget in (shops, teams, others)] == ["0.00", "10.00", "0.00"]


def test_a_teamless_offer_takes_the_shops(manager: User, team: Team, now: datetime) -> None:
    shops, teams = make_budget(), make_budget(team=team)
    commit_money(approved_offer(manager), by=manager, now=now)
    assert [sums(budget)[0] for budget in (shops, teams)] == ["10.00", "0.00"]


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_on": date(2026, 3, 5)},
        {"ends_on": date(2026, 3, 3)},
        {"currency": "USD"},
    ],
)
def test_a_budget_of_another_period_or_currency_is_left(
    manager: User, now: datetime, fields: dict[str, object]
) -> None:
    budget = make_budget(**fields)
    commit_money(approved_offer(manager), by=manager, now=now)
    assert sums(budget)[0] == "0.00"
    assert LedgerEntry.objects.get().budget is None


def test_above_the_soft_stop_two_people_approve(manager: User, now: datetime) -> None:
    make_budget(soft=Decimal(15))
    commit_money(approved_offer(manager), by=manager, now=now)
    assert second_needed(factories.make_offer(amount=Decimal(5)), by=manager, now=now) == ""
    why = second_needed(factories.make_offer(amount=Decimal("5.01")), by=manager, now=now)
    assert why == "The budget of the shop would stand at €15.01. Above €15.00, two people approve."


def test_what_is_set_aside_counts_once_against_the_soft_stop(manager: User, now: datetime) -> None:
    make_budget(soft=Decimal(15))
    offer = approved_offer(manager)
    commit_money(offer, by=manager, now=now)
    assert second_needed(offer, by=manager, now=now) == ""


def test_the_ledger_is_append_only(manager: User, now: datetime) -> None:
    commit_money(approved_offer(manager), by=manager, now=now)
    for change in (LedgerEntry.objects.all().delete, lambda: LedgerEntry.objects.update(amount=1)):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
    with purging(), pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        LedgerEntry.objects.update(amount=1)
    assert LedgerEntry.objects.get().amount == 10


def test_what_is_erased_leaves_the_budget_right(manager: User, now: datetime) -> None:
    budget, offer = make_budget(), approved_offer(manager)
    commit_money(offer, by=manager, now=now)
    commit_money(approved_offer(manager, amount=Decimal("0.35")), by=manager, now=now)
    with purging():
        LedgerEntry.objects.filter(offer=offer).delete()
        assert recount_budgets() == 1
    assert sums(budget)[0] == "0.35"
    assert recount_budgets() == 0


def test_the_triggers_are_there() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ledger_entry_%'")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'apologies_ledgerentry'"
            )
        names = {name for (name,) in cursor.fetchall()}
    both = {"ledger_entry_stays", "ledger_entry_never_changes"}
    assert names == ({"ledger_entry_stays"} if connection.vendor == "postgresql" else both)
