"""Failures of yesterday, and the pages and files that tell what they cost."""

import csv
import re
from datetime import timedelta
from io import StringIO
from typing import Any

from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, Team
from apps.apologies.models import Compensation, Incident
from apps.core.statuses import record
from apps.effort.models import TimeEntry
from apps.worklist.models import Attempt
from tests import factories
from tests.apologies.conftest import owe

PAGE, ROWS = "/reports/failures/", "/reports/failures/rows/"
FILES = ("/reports/failures/table.csv", "/reports/failures/rows.csv")


def fail(
    team: Team | None, amount: int = 10, cost: int = 4, *, name: str = "Grace Okafor", **fields: Any
) -> Incident:
    """A failure of yesterday that was told in two minutes, with a coupon."""
    yesterday = timezone.now() - timedelta(days=1)
    order = factories.make_order(factories.make_customer(name=name), carrier=fields.pop("carrier", "DHL"))
    facts = {"order": order, "detected_at": yesterday, **fields}
    incident = factories.make_incident(order.customer, **facts)
    task = owe(incident, team=team, status="done")
    entry = TimeEntry.objects.create(
        origin="proactive",
        play="apology",
        started_at=yesterday,
        day=yesterday.date(),
        seconds=120,
        source="clock",
    )
    Attempt.objects.create(
        task=task,
        customer=order.customer,
        outcome="talked",
        time_entry=entry,
        started_at=yesterday,
        ended_at=yesterday,
    )
    decider = factories.make_user(Role.MANAGER)
    facts = {"task": task, "status": "delivered", "decided_by": decider, "due_at": yesterday}
    offer = factories.make_offer(incident, **facts)
    record(offer, "delivered", by=None, now=yesterday, to_status="delivered")
    Compensation.objects.create(
        offer=offer,
        kind="coupon",
        amount=amount,
        cost=cost,
        currency="EUR",
        issued_at=yesterday,
        status="redeemed",
        redeemed_at=yesterday,
    )
    return incident


def read(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def as_text(client: Client, url: str) -> str:
    """A page's words without its markup."""
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
