"""Facts that were corrected resolve what never happened; an arrival never does."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.apologies.models import Incident, Offer
from apps.apologies.services import hear_back, resolve_unfounded
from apps.core.models import Event
from apps.customers.models import Order
from apps.worklist.models import CareTask, TaskStatus
from tests.apologies.told import approved, end, stands

PROMISED = date(2026, 2, 20)


@pytest.mark.parametrize(
    ("kind", "facts", "resolved"),
    [
        ("late", {"promised_on": PROMISED}, False),
        ("late", {"promised_on": PROMISED, "delivered_at": datetime(2026, 2, 21, 12, tzinfo=UTC)}, False),
        ("late", {"promised_on": PROMISED, "delivered_at": datetime(2026, 2, 20, 12, tzinfo=UTC)}, True),
        # half past midnight in Berlin is still the day before in UTC
        ("late", {"promised_on": PROMISED, "delivered_at": datetime(2026, 2, 20, 23, 30, tzinfo=UTC)}, False),
        ("late", {"promised_on": None}, True),
        ("late", {"promised_on": date(2026, 3, 4)}, True),
        ("lost", {"promised_on": PROMISED, "delivered_at": datetime(2026, 2, 28, 12, tzinfo=UTC)}, False),
        ("lost", {"promised_on": date(2026, 3, 9)}, True),
        # whoever cancels what is late is owed an apology all the same
        ("late", {"promised_on": PROMISED, "status": "cancelled", "cancelled_by_customer": True}, False),
        ("lost", {"promised_on": PROMISED, "status": "cancelled", "cancelled_by_customer": True}, False),
        ("cancelled", {"promised_on": PROMISED, "status": "cancelled"}, False),
        ("cancelled", {"promised_on": date(2026, 3, 9), "status": "shipped"}, True),
        # it was not cancelled, but it did not come either
        ("cancelled", {"promised_on": PROMISED, "status": "shipped"}, False),
        ("cancelled", {"status": "cancelled", "cancelled_by_customer": True}, True),
        ("broken", {"promised_on": None}, False),
    ],
)
def test_only_what_never_happened_is_resolved(
    incident: Incident,
    offer: Offer,
    task: CareTask,
    now: datetime,
    kind: str,
    facts: dict[str, Any],
    resolved: bool,
) -> None:
    Incident.objects.update(kind=kind)
    Order.objects.filter(pk=incident.order_id).update(**facts)
    assert resolve_unfounded(now=now) == int(resolved)
    for row in (incident, offer, task):
        row.refresh_from_db()
    expected = ("resolved", "withdrawn", "withdrawn") if resolved else ("open", "proposed", "waiting")
    assert (incident.status, offer.status, task.status) == expected
    moved = Event.objects.filter(verb__in=["resolved", "withdrawn"])
    assert moved.count() == (3 if resolved else 0)


def test_a_pass_over_the_past_takes_back_nothing_that_was_detected_later(
    incident: Incident, offer: Offer, task: CareTask, now: datetime
) -> None:
    Order.objects.update(promised_on=PROMISED)
    assert resolve_unfounded(now=now - timedelta(days=20)) == 0


def test_what_a_person_reported_stays(incident: Incident, rep: User, now: datetime) -> None:
    Incident.objects.update(reported_by=rep)
    assert resolve_unfounded(now=now) == 0


def test_an_incident_whose_customer_is_on_the_phone_waits_for_the_next_pass(
    incident: Incident, offer: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    held = {"status": "held", "held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=15)}
    CareTask.objects.filter(pk=task.pk).update(**held)
    assert resolve_unfounded(now=now) == 0
    CareTask.objects.filter(pk=task.pk).update(
        status=TaskStatus.OPEN, held_by=None, held_at=None, held_until=None
    )
    assert resolve_unfounded(now=now) == 1
    assert resolve_unfounded(now=now) == 0


def test_an_answer_that_waits_outlives_a_corrected_promise(
    incident: Incident, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    Order.objects.update(promised_on=PROMISED)
    offer = approved(incident, task, by=manager, now=now)
    end(task, "talked", by=rep, now=now)
    offer.refresh_from_db()
    hear_back(offer, text="When does it come?", by=None, now=now)
    Order.objects.update(promised_on=date(2026, 3, 4))
    assert resolve_unfounded(now=now) == 0
    assert stands(offer) == ("delivered", "open", "open")
    task.refresh_from_db()
    assert task.facts["wrote"] == "When does it come?"


def test_an_approved_apology_outlives_that_they_cancel_what_is_late(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    Order.objects.update(promised_on=PROMISED)
    offer = approved(incident, task, by=manager, now=now)
    Order.objects.update(status="cancelled", cancelled_by_customer=True)
    assert resolve_unfounded(now=now) == 0
    assert stands(offer) == ("approved", "open", "open")
