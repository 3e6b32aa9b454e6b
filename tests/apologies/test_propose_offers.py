from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Shop, Team
from apps.apologies.models import Incident, IncidentKind, Offer
from apps.apologies.services import propose_missing_offers
from apps.core.models import Event
from apps.worklist.models import CareTask
from tests import factories
from tests.apologies.conftest import owe


def test_a_waiting_apology_gets_words_a_coupon_and_a_call(
    incident: Incident, task: CareTask, now: datetime
) -> None:
    assert propose_missing_offers(now=now) == 1
    offer = Offer.objects.get()
    assert (offer.incident, offer.task, offer.status, offer.proposed_by) == (incident, task, "proposed", None)
    assert (offer.compensation, offer.amount, offer.currency, offer.channel) == (
        "coupon",
        Decimal("12.00"),
        "EUR",
        "phone",
    )
    assert offer.due_at == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)  # moderate: 8 business hours
    assert "€12.00" in offer.words
    assert "order 1009" in offer.words
    event = Event.objects.get(subject="apologies.offer")
    assert (event.subject_id, event.verb, event.actor) == (offer.pk, "proposed", None)


def test_a_second_pass_proposes_nothing(incident: Incident, task: CareTask, now: datetime) -> None:
    propose_missing_offers(now=now)
    assert propose_missing_offers(now=now) == 0
    assert Offer.objects.count() == 1


@pytest.mark.parametrize("status", ["open", "done", "withdrawn", "expired"])
def test_only_waiting_tasks_get_one(incident: Incident, now: datetime, status: str) -> None:
    owe(incident, status=status)
    assert propose_missing_offers(now=now) == 0


def test_a_resolved_incident_gets_none(incident: Incident, task: CareTask, now: datetime) -> None:
    Incident.objects.update(status="resolved", resolved_at=now)
    assert propose_missing_offers(now=now) == 0


def test_a_closed_phone_makes_a_letter_without_a_call(incident: Incident, team: Team, now: datetime) -> None:
    owe(incident, team=team, reach="post")
    propose_missing_offers(now=now)
    offer = Offer.objects.get()
    assert offer.channel == "post"
    assert "When we call" not in offer.words


def test_queries_do_not_grow_with_the_number_of_tasks(shop: Shop, now: datetime) -> None:
    counts = []
    for size in (2, 40):
        for _ in range(size):
            order = factories.make_order()
            owe(factories.make_incident(order.customer, order=order, kind=IncidentKind.LOST))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert propose_missing_offers(now=now) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]
