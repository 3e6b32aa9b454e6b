"""An order whose apology was heard fails worse: a case of its own, once."""

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.apologies.models import Incident, Offer
from apps.apologies.services import approve, hear_back, report_incident
from apps.apologies.services.limits import _same_failure
from apps.campaigns.engine import run_pass
from apps.core.models import Event
from apps.customers.models import Order
from apps.worklist.models import CareTask
from tests.apologies.told import end
from tests.campaigns.outcomes import switch_on
from tests.factories import NOW, make_order

DAY = timedelta(days=1)
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
    return Incident.objects.get(order=None)


def test_late_and_then_lost_is_a_new_case_once(heard: Offer) -> None:
    run_pass(at=LOST - DAY)
    assert Incident.objects.count() == 1
    for minutes in (0, 15):
        run_pass(at=LOST + timedelta(minutes=minutes))
    found = case()
    assert (found.kind, found.severity, found.known_on) == ("lost", "serious", LOST.date())
    assert (found.detail, found.reported_by) == ("Order 1009, again: it never came.", None)
    offer = found.offers.get()
    assert (offer.status, offer.task and offer.task.status) == ("proposed", "waiting")
    assert offer.compensation != "coupon"
    assert "detected" in Event.objects.filter(subject="apologies.incident", subject_id=found.pk).values_list(
        "verb", flat=True
    )


def test_its_limits_count_with_the_order(heard: Offer) -> None:
    run_pass(at=LOST)
    assert heard in Offer.objects.filter(_same_failure(case().offers.get()))


def test_late_and_then_cancelled_by_us_is_one_too(heard: Offer) -> None:
    Order.objects.update(status="cancelled")
    run_pass(at=NOW + DAY)
    assert (case().kind, case().detail) == ("cancelled", "Order 1009, again: we cancelled it.")


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
    assert case().detail == "Order 1009, again: it never came.\nIt never came."


def test_rude_was_put_right_and_then_it_came_late(rep: User, manager: User) -> None:
    order = make_order(external_id="1010", placed_at=NOW - 9 * DAY, promised_on=NOW.date())
    facts: dict[str, Any] = {"kind": "rude", "severity": "minor", "detail": "They hung up."}
    report_incident(order.customer, order=order, by=rep, now=NOW, **facts)
    switch_on("apology")
    run_pass(at=NOW)
    approve(Offer.objects.get(), by=manager, now=NOW, version=1)
    end(CareTask.objects.get(), "talked", by=rep, now=NOW)
    run_pass(at=NOW + DAY)
    assert (case().kind, case().detail) == ("late", "Order 1010, again: it is late.")
