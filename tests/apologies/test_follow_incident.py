"""What was proposed for an incident keeps to what the incident has become, whoever found that out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.apologies.models import Incident, Offer
from apps.apologies.services import (
    approve,
    edit_offer,
    refresh_offers,
    reopen_incident,
    report_incident,
    resolve_incident,
)
from apps.campaigns.engine import run_pass
from apps.core.models import Event
from apps.customers.models import Order
from apps.worklist.models import CareTask
from apps.worklist.services import record_outcome, release, sweep, take
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
    assert "your money back" in offer.words
    assert (offer.amount, offer.cost) == (40, 40)  # serious, no longer moderate
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
    edit["departure"] = "They waited at home for it"
    edit_offer(offer, **edit, by=manager, now=NOW, version=1)
    approve(offer, by=second_manager, now=NOW, version=2)
    run_pass(at=LOST)
    offer.refresh_from_db()
    assert (offer.status, offer.words, offer.proposed_by) == ("proposed", "We are sorry.", manager)


@pytest.fixture
def told(offer: Offer, rep: User, manager: User) -> CareTask:
    """The approved offer's call is held by the rep while the parcel turns out to be lost."""
    approve(offer, by=manager, now=NOW, version=1)
    task = CareTask.objects.get()
    take(task, by=rep, now=LOST)
    run_pass(at=LOST)
    return task


def test_an_offer_is_left_as_it_is_while_it_is_being_told(offer: Offer, told: CareTask) -> None:
    offer.refresh_from_db()
    assert (offer.incident.kind, offer.status, offer.for_kind) == ("lost", "approved", "late")


def _lease_runs_out(task: CareTask, rep: User) -> None:
    sweep(now=LOST + timedelta(minutes=16))


def _skips(task: CareTask, rep: User) -> None:
    release(task, by=rep, now=LOST, reason="Not the right moment")


def _reaches_nobody(task: CareTask, rep: User) -> None:
    record_outcome(task, outcome="no_answer", by=rep, now=LOST)


def _promises(task: CareTask, rep: User) -> None:
    record_outcome(task, outcome="call_back", by=rep, now=LOST, call_back_at=LOST + timedelta(hours=1))


@pytest.mark.parametrize("end", [_lease_runs_out, _skips, _reaches_nobody, _promises])
def test_the_pass_after_a_call_that_did_not_deliver_it_makes_it_anew(
    offer: Offer, told: CareTask, rep: User, end: Callable[[CareTask, User], None]
) -> None:
    end(told, rep)
    run_pass(at=LOST + timedelta(minutes=20))
    offer.refresh_from_db()
    told.refresh_from_db()
    assert (offer.status, offer.for_kind, offer.amount) == ("proposed", "lost", 40)
    assert "your money back" in offer.words
    assert (told.status, told.facts["kind"]) == ("waiting", "lost")
    run_pass(at=LOST + timedelta(minutes=35))
    assert Offer.objects.get().version == offer.version


def test_an_offer_that_the_call_delivered_stays_as_it_was_told(
    offer: Offer, told: CareTask, rep: User
) -> None:
    record_outcome(told, outcome="talked", by=rep, now=LOST)
    run_pass(at=LOST + timedelta(minutes=20))
    offer.refresh_from_db()
    assert (offer.status, offer.for_kind) == ("delivered", "late")


def test_what_was_reported_during_the_call_is_followed_after_it(
    offer: Offer, rep: User, manager: User
) -> None:
    approve(offer, by=manager, now=NOW, version=1)
    task = CareTask.objects.get()
    take(task, by=rep, now=NOW)
    report: dict[str, Any] = {"kind": "other", "severity": "serious", "detail": "It was a present."}
    report_incident(offer.incident.customer, **report, order=offer.incident.order, by=rep, now=NOW)
    release(task, by=rep, now=NOW, reason="Not the right moment")
    run_pass(at=NOW + timedelta(minutes=15))
    offer.refresh_from_db()
    assert (offer.status, offer.for_severity, offer.amount) == ("proposed", "serious", 40)


def test_a_pass_asks_no_more_where_every_offer_fits(offer: Offer, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):  # a savepoint around the one query
        assert refresh_offers(now=NOW) == 0


def test_a_lost_parcel_that_arrives_is_no_longer_called_lost(offer: Offer) -> None:
    run_pass(at=LOST)
    Order.objects.update(delivered_at=LOST)
    run_pass(at=LOST + DAY)
    offer.refresh_from_db()
    assert "your money back" not in offer.words
    assert CareTask.objects.get().facts["kind"] == "late"


def test_the_letter_for_a_parcel_that_is_there_does_not_ask_for_it(rep: User) -> None:
    dates: dict[str, Any] = {"placed_at": NOW - 20 * DAY, "promised_on": NOW.date() - 3 * DAY}
    make_order(delivered_at=NOW - DAY, **dates)
    switch_on("apology")
    run_pass(at=NOW)
    offer = Offer.objects.get()
    assert "now that it is with you" in offer.words
    assert refresh_offers(now=NOW) == 0


def test_an_arrival_that_is_heard_of_later_makes_the_words_anew(offer: Offer) -> None:
    assert "now that it is with you" not in offer.words
    Order.objects.update(delivered_at=NOW)
    run_pass(at=NOW)
    offer.refresh_from_db()
    assert "now that it is with you" in offer.words
    assert (offer.status, offer.version, offer.for_arrived) == ("proposed", 2, True)
    event = Event.objects.get(subject="apologies.offer", verb="refreshed")
    assert event.reason == "There is news of the parcel's arrival"
    run_pass(at=NOW)
    assert Offer.objects.get().version == 2


def test_an_arrival_that_was_a_mistake_is_taken_back(offer: Offer) -> None:
    Order.objects.update(delivered_at=NOW)
    run_pass(at=NOW)
    Order.objects.update(delivered_at=None)
    run_pass(at=NOW)
    offer.refresh_from_db()
    assert "now that it is with you" not in offer.words


def test_an_arrival_leaves_what_was_decided_or_written_by_a_person(
    offer: Offer, manager: User, second_manager: User
) -> None:
    edit: dict[str, Any] = {"words": "We are sorry.", "compensation": "coupon", "amount": 20}
    edit["departure"] = "They waited at home for it"
    edit_offer(offer, **edit, by=manager, now=NOW, version=1)
    Order.objects.update(delivered_at=NOW)
    run_pass(at=NOW)
    assert Offer.objects.get().version == 2
    approve(offer, by=second_manager, now=NOW, version=2)
    run_pass(at=NOW)
    offer.refresh_from_db()
    assert (offer.status, offer.version, offer.words) == ("approved", 2, "We are sorry.")


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


@pytest.mark.parametrize(("told", "stays"), [("serious", "serious"), ("minor", "moderate")])
def test_what_was_reported_gets_no_milder_where_the_order_is_found_late(
    rep: User, told: str, stays: str
) -> None:
    order = make_order(placed_at=NOW - 9 * DAY, promised_on=NOW.date())
    facts: dict[str, Any] = {"kind": "rude", "severity": told, "detail": "They hung up."}
    report_incident(order.customer, order=order, by=rep, now=NOW, **facts)
    switch_on("apology")
    run_pass(at=NOW + DAY)
    incident = Incident.objects.get()
    assert (incident.kind, incident.severity, incident.reported_by) == ("late", stays, rep)
    kept = Event.objects.get(subject="apologies.incident", verb="changed").data["set"]
    assert kept["severity"] == stays
