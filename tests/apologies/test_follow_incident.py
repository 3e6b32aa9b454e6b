"""What was proposed for an incident keeps to what the incident has become, whoever found that out."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.apologies.models import Incident, Offer
from apps.apologies.services import approve, edit_offer, reopen_incident, resolve_incident
from apps.campaigns.engine import run_pass
from apps.customers.models import Order
from apps.worklist.models import CareTask
from tests.campaigns.outcomes import switch_on
from tests.factories import NOW, make_order, make_task

DAY = timedelta(days=1)
LOST = NOW + 8 * DAY


@pytest.fixture
def offer(rep: User) -> Offer:
    """For a parcel that is three days late and on its way."""
    dates: dict[str, Any] = {"placed_at": NOW - 20 * DAY, "promised_on": NOW.date() - 3 * DAY}
    make_order(external_id="1009", handed_to_carrier_at=NOW - 5 * DAY, **dates)
    switch_on("apology")
    run_pass(at=NOW)
    return Offer.objects.get()


def test_the_systems_offer_becomes_one_for_a_lost_parcel(offer: Offer) -> None:
    late_words = offer.words
    run_pass(at=LOST)
    offer.refresh_from_db()
    assert (offer.status, offer.version, offer.proposed_by) == ("proposed", 2, None)
    assert offer.words != late_words
    assert "the same again, or your money back" in offer.words
    assert offer.amount == 40  # serious, no longer moderate
    assert CareTask.objects.get().facts["kind"] == "lost"
    run_pass(at=LOST)
    assert Offer.objects.get().version == 2


def test_an_approval_for_something_milder_is_void(offer: Offer, manager: User) -> None:
    approve(offer, by=manager, now=NOW, version=1)
    run_pass(at=LOST)
    offer.refresh_from_db()
    assert (offer.status, offer.decided_by, offer.approved_hash) == ("proposed", None, "")
    assert CareTask.objects.get().status == "waiting"


def test_a_persons_words_stay_and_are_decided_on_anew(
    offer: Offer, manager: User, second_manager: User
) -> None:
    edit: dict[str, Any] = {"words": "We are sorry.", "compensation": "coupon", "amount": 20}
    edit_offer(offer, **edit, by=manager, now=NOW, version=1)
    approve(offer, by=second_manager, now=NOW, version=2)
    run_pass(at=LOST)
    offer.refresh_from_db()
    assert (offer.status, offer.words, offer.proposed_by) == ("proposed", "We are sorry.", manager)


def test_a_lost_parcel_that_arrives_is_no_longer_called_lost(offer: Offer) -> None:
    run_pass(at=LOST)
    Order.objects.update(delivered_at=LOST)
    run_pass(at=LOST + DAY)
    offer.refresh_from_db()
    assert "your money back" not in offer.words
    assert CareTask.objects.get().facts["kind"] == "late"


def test_a_promise_that_was_moved_and_not_kept_either_is_owed_again(offer: Offer) -> None:
    Order.objects.update(promised_on=NOW.date() + DAY)
    run_pass(at=NOW)
    assert Incident.objects.get().status == "resolved"
    run_pass(at=NOW + DAY)
    assert Incident.objects.get().status == "resolved"
    run_pass(at=NOW + 2 * DAY)
    incident, task = Incident.objects.get(), CareTask.objects.get()
    offer.refresh_from_db()
    assert (incident.status, offer.status, task.status) == ("open", "proposed", "waiting")
    assert incident.known_on == NOW.date() + 2 * DAY
    assert (task.closed_at, task.close_reason) == (None, "")


def test_an_order_that_was_not_cancelled_after_all_goes_on_as_late(rep: User) -> None:
    dates: dict[str, Any] = {"placed_at": NOW - 20 * DAY, "promised_on": NOW.date() - 3 * DAY}
    make_order(status="cancelled", **dates)
    switch_on("apology")
    run_pass(at=NOW)
    assert Incident.objects.get().kind == "cancelled"
    Order.objects.update(status="shipped")
    run_pass(at=NOW)
    assert (Incident.objects.get().kind, Incident.objects.get().status) == ("late", "open")


def test_a_manager_who_is_on_a_call_can_reopen_an_incident(
    offer: Offer, manager: User, now: datetime
) -> None:
    incident = offer.incident
    resolve_incident(incident, reason="Put right", by=manager, now=now)
    incident.refresh_from_db()
    make_task(status="held", held_by=manager, held_at=now, held_until=now + DAY)
    reopen_incident(incident, reason="It was not", by=manager, now=now)
    assert offer.task
    assert CareTask.objects.get(pk=offer.task.pk).status == "waiting"
