"""An incident with an apology task that waits, and the system's offer on it."""

import fcntl
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from tempfile import gettempdir

import pytest
from django.test import Client

from apps.accounts.models import Shop, Team, User
from apps.apologies.models import Incident, Offer
from apps.apologies.reconcile import reconcile
from apps.worklist.models import CareTask
from tests import factories


def owe(incident: Incident, **fields: object) -> CareTask:
    """The apology task that the engine opens for an incident: it waits for an approval."""
    facts = {"play": "apology", "status": "waiting", "owed": True, "priority": 1}
    task = factories.make_task(incident.customer, **{**facts, **fields})
    factories.make_enrollment(task, incident.pk)
    return task


@pytest.fixture
def incident(shop: Shop) -> Incident:
    order = factories.make_order(external_id="1009", total=Decimal("49.50"))
    return factories.make_incident(order.customer, order=order)


@pytest.fixture
def task(incident: Incident, team: Team) -> CareTask:
    return owe(incident, team=team)


@pytest.fixture
def offer(incident: Incident, task: CareTask) -> Offer:
    """Proposed by the system."""
    return factories.make_offer(incident, task=task)


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    """The browser of a manager."""
    client.force_login(manager)
    return client


@pytest.fixture
def books_balance(db: None) -> Iterator[None]:
    """Whatever the test did: afterwards budgets, ledger and what was given still fit each other."""
    yield
    assert [line.differences for line in reconcile() if line.differences] == []


@pytest.fixture
def no_other_race() -> Iterator[None]:
    """One race at a time here: two of 64 threads are more than a server takes as it is installed."""
    with Path(gettempdir(), "carecrm-races").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
