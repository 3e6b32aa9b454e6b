from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Shop, Team, User
from apps.apologies.models import Incident, IncidentKind, Offer
from apps.apologies.services import edit_offer, propose_missing_offers
from apps.apologies.ways import letter_way_of
from apps.core.models import Event
from apps.customers.services import set_permission
from apps.outreach.services import suppress
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


ADDRESS = {"postcode": "70173", "city": "Stuttgart"}


@pytest.mark.parametrize(
    ("known", "said", "bounced", "way"),
    [
        (ADDRESS, {}, False, "email"),
        (ADDRESS, {}, True, "post"),
        ({}, {}, True, ""),
        (ADDRESS, {"email": "refused"}, False, "post"),
        (ADDRESS, {"email": "given"}, False, "email"),
        (ADDRESS, {"email": "refused", "post": "refused"}, False, ""),
    ],
)
def test_the_letter_beside_a_call_goes_by_a_way_that_is_open(
    team: Team, now: datetime, known: dict[str, str], said: dict[str, str], bounced: bool, way: str
) -> None:
    customer = factories.make_customer(email="Grace@Example.com", **known)
    owe(factories.make_incident(customer), team=team)
    for channel, state in said.items():
        set_permission(customer, channel=channel, purpose="service", state=state, origin="", by=None, now=now)
    if bounced:
        suppress("grace@example.com", scope="all", reason="bounced", by=None, now=now)
    propose_missing_offers(now=now)
    assert Offer.objects.get().letter_by == way == letter_way_of(customer, "phone")


@pytest.mark.parametrize(("email", "asks"), [("grace@example.com", False), ("", True)])
def test_only_what_is_told_in_the_call_asks_for_an_answer_there(
    team: Team, now: datetime, manager: User, email: str, asks: bool
) -> None:
    order = factories.make_order(factories.make_customer(email=email))
    owe(factories.make_incident(order.customer, order=order), team=team)
    propose_missing_offers(now=now)
    offer = Offer.objects.get()
    assert asks_in_call(offer.words) is asks
    given = {"compensation": offer.compensation, "amount": offer.amount, "by": manager, "now": now}
    edit_offer(offer, words=offer.words, version=1, letter_by="email", letter_first=True, **given)
    assert asks_in_call(offer.words)
    edit_offer(offer, words=offer.words, version=2, letter_first=False, **given)
    assert not asks_in_call(offer.words)


def asks_in_call(words: str) -> bool:
    in_call = "When we call" in words or "When we ring you" in words
    assert in_call is not ("Write back and tell us" in words or "Reply to this and tell us" in words)
    return in_call


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
