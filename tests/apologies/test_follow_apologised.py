"""An order whose apology was heard fails worse: a case of its own, once."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from apps.accounts.models import User
from apps.apologies.departures import band_of
from apps.apologies.models import NEVER_HAPPENED, Incident, Offer
from apps.apologies.plays.apology import Apology
from apps.apologies.refusals import OverLimit
from apps.apologies.services import approve, hear_back, report_incident
from apps.apologies.services.limits import _beside
from apps.campaigns.engine import run_pass
from apps.core.models import Event
from apps.customers.models import Order
from apps.desk.approvals.timeline import so_far
from apps.worklist.models import CareTask
from tests.apologies.told import end
from tests.campaigns.outcomes import switch_on
from tests.factories import NOW, make_incident, make_order

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LOST = NOW + 8 * DAY


@pytest.fixture
def heard(rep: User, manager: User) -> Offer:
    """For a parcel that was three days late and is not there yet."""
    dates: dict[str, Any] = {"placed_at": NOW - 20 * DAY, "promised_on": NOW.date() - 3 * DAY}
    make_order(external_id="1009", handed_to_carrier_at=NOW - 5 * DAY, **dates)
    switch_on("apology")
    run_pass(at=NOW)
    offer = Offer.objects.get()
    approve(offer, by=manager, now=NOW, version=1)
    end(CareTask.objects.get(), "talked", by=rep, now=NOW)
    return offer


def case() -> Incident:
    return Incident.objects.get(follows__isnull=False)


def test_late_and_then_lost_is_a_new_case_once(heard: Offer) -> None:
    run_pass(at=LOST - DAY)
    assert Incident.objects.count() == 1
    for minutes in (0, 15):
        run_pass(at=LOST + timedelta(minutes=minutes))
    found = case()
    assert (found.kind, found.severity, found.known_on) == ("lost", "serious", LOST.date())
    assert (found.detail, found.reported_by) == ("After our apology it never came.", None)
    offer = found.offers.get()
    assert (offer.status, offer.task and offer.task.status) == ("proposed", "waiting")
    assert offer.compensation != "coupon"
    assert "detected" in Event.objects.filter(subject="apologies.incident", subject_id=found.pk).values_list(
        "verb", flat=True
    )


def test_its_limits_count_with_the_order(heard: Offer) -> None:
    run_pass(at=LOST)
    assert _beside(case().offers.get(), LOST).for_failure == heard.amount


def test_what_is_proposed_for_it_leaves_the_orders_rail_whole(heard: Offer) -> None:
    """An order of 49.50 allows 74.25. 50 of it was given: 80 % of the order is more than what is left."""
    Offer.objects.update(amount=50)
    run_pass(at=LOST)
    offer = case().offers.get()
    assert offer.amount == Decimal("24.25")
    assert band_of(offer).suggested == offer.amount


def test_where_nothing_is_left_it_is_proposed_as_ever_and_refused(heard: Offer, manager: User) -> None:
    Offer.objects.update(amount=Decimal("74.25"))
    run_pass(at=LOST)
    offer = case().offers.get()
    assert offer.amount > 0
    with pytest.raises(OverLimit, match=r"At most €0\.00 more"):
        approve(offer, by=manager, now=LOST, version=1)


def test_its_letter_and_its_task_name_the_order(heard: Offer) -> None:
    run_pass(at=LOST)
    offer = case().offers.get()
    assert "1009" in offer.words
    assert offer.task
    assert Apology().why(offer.task.facts) == "Order 1009 was lost on its way"


def test_its_steps_say_when_the_first_apology_was_heard(heard: Offer) -> None:
    run_pass(at=LOST)
    steps = [(step.what, step.at) for step in so_far(case().offers.get())]
    assert ("They heard our apology for this order", NOW) in steps


def test_an_arrival_turns_it_back_into_late_and_cancels_nothing(heard: Offer) -> None:
    run_pass(at=LOST)
    Order.objects.update(delivered_at=LOST + HOUR)
    run_pass(at=LOST + 2 * HOUR)
    found = case()
    assert (found.kind, found.status) == ("late", "open")
    offer = found.offers.get()
    assert (offer.for_kind, offer.for_arrived, offer.status) == ("late", True, "proposed")


def test_a_corrected_promise_takes_it_back(heard: Offer) -> None:
    run_pass(at=LOST)
    Order.objects.update(promised_on=LOST.date() + DAY)
    run_pass(at=LOST + HOUR)
    assert (case().status, case().offers.get().status) == ("resolved", "withdrawn")


def test_what_was_cancelled_by_mistake_is_taken_back_and_follows_anew(heard: Offer) -> None:
    Order.objects.update(status="cancelled")
    run_pass(at=NOW + DAY)
    Order.objects.update(status="sent")
    run_pass(at=NOW + DAY + HOUR)
    assert (case().status, case().resolution) == ("resolved", NEVER_HAPPENED)
    run_pass(at=LOST)
    kinds = Incident.objects.filter(follows__isnull=False).order_by("pk").values_list("kind", "status")
    assert list(kinds) == [("cancelled", "resolved"), ("lost", "open")]


def test_what_somebody_asks_after_the_apology_does_not_turn_into_what_was_heard(
    heard: Offer, rep: User
) -> None:
    facts: dict[str, Any] = {"kind": "other", "severity": "minor", "detail": "Where is it?"}
    report_incident(heard.incident.customer, order=heard.incident.order, by=rep, now=NOW + DAY, **facts)
    run_pass(at=NOW + DAY)
    assert case().kind == "other"


def test_words_that_named_the_order_become_its_key(heard: Offer) -> None:
    """As such a case was kept before: without an order, which stood in its words alone."""
    link = import_module("apps.apologies.migrations.0011_what_follows_an_apology").link
    customer = heard.incident.customer
    kept = make_incident(customer, detail="Order 1009, again: the seam is open")
    other = make_incident(customer, detail="Order 1010, again: no such order")
    link(apps, None)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.order, kept.follows, kept.detail) == (
        heard.incident.order,
        heard.incident,
        "The seam is open",
    )
    assert (other.follows, other.detail) == (None, "Order 1010, again: no such order")


def test_late_and_then_cancelled_by_us_is_one_too(heard: Offer) -> None:
    Order.objects.update(status="cancelled")
    run_pass(at=NOW + DAY)
    assert (case().kind, case().detail) == ("cancelled", "After our apology we cancelled it.")


def test_what_was_not_heard_yet_changes_in_its_own_row(heard: Offer) -> None:
    Offer.objects.update(status="approved")
    Incident.objects.update(status="open", resolved_at=None, resolution="")
    run_pass(at=LOST)
    assert Incident.objects.get().kind == "lost"


def test_an_answer_that_waits_stays_about_what_they_heard(heard: Offer) -> None:
    hear_back(heard, text="And where is it?", by=None, now=NOW + DAY)
    run_pass(at=LOST)
    heard.incident.refresh_from_db()
    assert (heard.incident.kind, heard.incident.status, case().kind) == ("late", "open", "lost")


def test_it_joins_the_case_that_somebody_reported(heard: Offer, rep: User) -> None:
    facts: dict[str, Any] = {"kind": "other", "severity": "minor", "detail": "Where is it?"}
    report_incident(heard.incident.customer, order=heard.incident.order, by=rep, now=NOW + DAY, **facts)
    run_pass(at=NOW + DAY)
    run_pass(at=LOST)
    found = case()
    assert (found.kind, found.severity, found.reported_by) == ("lost", "serious", rep)
    assert found.offers.get().for_kind == "lost"


def test_what_is_reported_later_joins_it(heard: Offer, rep: User) -> None:
    run_pass(at=LOST)
    facts: dict[str, Any] = {"kind": "lost", "severity": "serious", "detail": "It never came."}
    for _ in range(2):
        report_incident(heard.incident.customer, order=heard.incident.order, by=rep, now=LOST, **facts)
    assert case().detail == "After our apology it never came.\nIt never came."


def test_rude_was_put_right_and_then_it_came_late(rep: User, manager: User) -> None:
    order = make_order(external_id="1010", placed_at=NOW - 9 * DAY, promised_on=NOW.date())
    facts: dict[str, Any] = {"kind": "rude", "severity": "minor", "detail": "They hung up."}
    report_incident(order.customer, order=order, by=rep, now=NOW, **facts)
    switch_on("apology")
    run_pass(at=NOW)
    approve(Offer.objects.get(), by=manager, now=NOW, version=1)
    end(CareTask.objects.get(), "talked", by=rep, now=NOW)
    run_pass(at=NOW + DAY)
    assert (case().kind, case().detail) == ("late", "After our apology: it is late.")
