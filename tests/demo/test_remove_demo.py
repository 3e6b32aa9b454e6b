"""Removing the demo shop leaves what is real, and nothing else."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Model

from apps.accounts.models import Role, Shop, Team, User
from apps.apologies.models import Budget, Compensation, LedgerEntry, Letter, Offer
from apps.apologies.reconcile import reconcile
from apps.campaigns.models import Campaign
from apps.core.models import Event
from apps.core.statuses import record
from apps.customers.models import Customer
from apps.demo.removal import NoDemo, remove_demo
from apps.effort.models import Origin, ShiftPlan, TimeEntry
from apps.effort.services import record_time
from apps.outreach.models import Message, WebhookCall

from ..apologies.money import given, make_budget, sums
from ..factories import NOW, make_incident, make_user
from .conftest import Load

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def rows() -> dict[type[Model], list[Any]]:
    """Every row of every table of ours."""
    models = [
        model for model in apps.get_models() if model.__module__.startswith("apps.") and model._meta.managed
    ]
    return {model: list(model._default_manager.order_by("pk").values()) for model in models}


def test_removing_leaves_every_table_as_it_was(load: Load) -> None:
    Shop.current()
    before = rows()
    load()
    assert Customer.objects.exists()

    assert Letter.objects.exists()
    assert Message.objects.exists()
    assert WebhookCall.objects.exists()
    assert Budget.objects.exists()

    assert remove_demo() > 1000
    assert rows() == before
    assert not Campaign.objects.filter(is_on=True).exists()
    assert Shop.current().demo_seed is None


def test_people_teams_plans_and_time_that_are_real_stay(load: Load) -> None:
    team = Team.objects.create(name="Stores")
    person = make_user(Role.REP, team=team)
    entry = record_time(user=person, origin=Origin.REACTIVE, started_at=NOW - timedelta(days=1), seconds=600)
    ShiftPlan.objects.create(month=NOW.date().replace(day=1), target=Decimal("0.2"))
    event = record(person, "joined", by=None, now=NOW)
    load()
    person.team = Team.objects.get(name="Harbour")
    person.save(update_fields=["team"])
    remove_demo()

    assert list(User.objects.all()) == [person]
    assert list(TimeEntry.objects.all()) == [entry]
    assert set(Team.objects.values_list("name", flat=True)) == {"Stores", "Harbour"}
    assert list(ShiftPlan.objects.values_list("target", flat=True)) == [Decimal("0.2")]
    assert list(Event.objects.all()) == [event]


def test_what_a_real_person_did_with_the_demo_goes_with_it(load: Load) -> None:
    admin = make_user(Role.ADMIN)
    load(customers=60)
    customer = Customer.objects.first()
    assert customer is not None
    record_time(user=admin, origin=Origin.REACTIVE, started_at=NOW, seconds=60, customer=customer)
    record(customer, "note", by=admin, now=NOW)
    remove_demo()

    assert not TimeEntry.objects.exists()
    assert not Event.objects.exists()
    assert list(User.objects.all()) == [admin]
    load(customers=60, seed=5)
    assert Shop.current().demo_seed == 5


def test_its_money_goes_and_the_budgets_that_stay_are_right(load: Load) -> None:
    load(customers=60)
    team = Team.objects.get(name="Harbour")
    shops, teams = make_budget("900"), make_budget("900", team=team)
    manager = User.objects.filter(role=Role.MANAGER, team=team).first() or make_user(Role.MANAGER)
    given(manager, NOW, make_incident(Customer.objects.first()))
    assert sums(shops)[1] == "10.00"
    remove_demo()

    assert sums(shops) == ("0.00", "0.00", "0.00", "0.00")
    assert not Budget.objects.filter(pk=teams.pk).exists()
    assert not any(model.objects.exists() for model in (LedgerEntry, Compensation, Offer))
    assert not [line for line in reconcile() if line.differences]


def test_without_a_demo_there_is_nothing_to_remove(db: None) -> None:
    with pytest.raises(NoDemo):
        remove_demo()
    with pytest.raises(CommandError, match="nothing to remove"):
        call_command("demo", "--remove")
