"""The small shop in which the state machine of apologies runs, and a picture of all its rows."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model

from apps.accounts.models import Role, Team, User
from apps.apologies.models import (
    Budget,
    Cause,
    Compensation,
    Incident,
    LedgerEntry,
    Letter,
    Limit,
    Offer,
)
from apps.apologies.plays.apology import Apology
from apps.campaigns.models import Enrollment
from apps.campaigns.moment import Moment
from apps.campaigns.withdrawal import withdraw_stale
from apps.core.models import Event
from apps.customers.models import Customer, Order, Permission
from apps.effort.models import TimeEntry
from apps.outreach.models import Message
from apps.worklist.models import Attempt, CareTask
from tests import factories

from .conftest import owe

PICTURED: tuple[type[Model], ...] = (
    *(Incident, Offer, Compensation, CareTask, Budget, LedgerEntry, Cause, Letter, Message, Attempt),
    *(Customer, Order, Permission, TimeEntry),
)
# To the same customer in a year, whoever approves: small enough to be met
CUSTOMER_YEAR = Decimal(90)


@dataclass
class World:
    reps: list[User] = field(default_factory=list)
    managers: list[User] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    """All rows that apologies read or write, as they are at one moment: equal if nothing changed."""

    raw: dict[type[Model], list[tuple[Any, ...]]]
    events: int
    rows: dict[type[Model], list[dict[str, Any]]] = field(compare=False)

    @classmethod
    def take(cls, before: "Picture | None" = None) -> "Picture":
        """Tables that are as they were `before` are not read twice."""
        with connection.cursor() as cursor:
            raw = {model: _raw(cursor, model) for model in PICTURED}
        rows = {
            model: before.rows[model]
            if before and before.raw[model] == raw[model]
            else list(model._base_manager.order_by("pk").values())
            for model in PICTURED
        }
        return cls(raw, Event.objects.count(), rows)

    def of(self, model: type[Model], *statuses: str) -> list[dict[str, Any]]:
        return [row for row in self.rows[model] if not statuses or row["status"] in statuses]


def _raw(cursor: Any, model: type[Model]) -> list[tuple[Any, ...]]:
    cursor.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY id")
    return cursor.fetchall()  # type: ignore[no-any-return]


def make_world() -> World:
    """Two reps, three managers and an admin; two customers with orders; limits and budgets that pinch."""
    factories.make_shop()
    team = factories.make_team()
    world = World()
    world.reps = [factories.make_user(Role.REP, team=team) for _ in range(2)]
    world.managers = [factories.make_user(Role.MANAGER, team=team) for _ in range(3)]
    world.managers.append(factories.make_user(Role.ADMIN))
    _set_bounds(team)
    today = factories.NOW.date()
    grace = factories.make_customer(postcode="EC1A 1BB", city="London")
    omar = factories.make_customer(phone="", postcode="N1 9GU", city="London")
    world.customers = [grace, omar]
    promised = {"promised_on": today - timedelta(days=2), "placed_at": factories.NOW - timedelta(days=9)}
    world.orders = [
        factories.make_order(grace, external_id="1001", total=Decimal("49.50"), **promised),
        factories.make_order(grace, external_id="1002", total=Decimal("120.00")),
        factories.make_order(omar, external_id="1003", total=Decimal("30.10"), **promised),
    ]
    engine_pass(now=factories.NOW)
    return world


def engine_pass(*, now: datetime) -> None:
    """What the engine does for apologies; a task is enrolled for each incident that has none."""
    play, moment = Apology(), Moment.of(now)
    play.prepare(moment)
    withdraw_stale(play, moment)
    enrolled = Enrollment.objects.filter(play="apology").values("subject_id")
    new = Incident.objects.filter(status="open").exclude(pk__in=enrolled)
    for incident in new.select_related("customer"):
        reach = "phone" if incident.customer.phone else "email"
        owe(incident, team=Team.objects.get(), reach=reach, created_at=now)
    play.after_tasks(moment)


def _set_bounds(team: Any) -> None:
    facts = {"second_above": Decimal(20), "customer_year": CUSTOMER_YEAR}
    Limit.objects.create(role=Role.MANAGER, one_offer=Decimal(50), proposer_day=Decimal(70), **facts)
    Limit.objects.create(role=Role.ADMIN, one_offer=Decimal(80), **facts)
    days = {"starts_on": date(2026, 3, 1), "ends_on": date(2026, 3, 31), "currency": "EUR"}
    Budget.objects.create(team=team, amount=Decimal("75.05"), soft=Decimal(40), **days)
    later = {**days, "starts_on": date(2026, 4, 1), "ends_on": date(2026, 12, 31)}
    Budget.objects.create(amount=Decimal("60.00"), **later)
