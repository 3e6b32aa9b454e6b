from datetime import datetime, timedelta

import pytest

from apps.apologies.models import Incident
from apps.campaigns.engine import run_pass
from apps.customers.models import Customer, Order, Permission
from apps.effort.models import TimeEntry
from apps.feedback.models import FeedbackItem
from apps.worklist.models import Attempt, CareTask
from apps.worklist.services import release
from tests.factories import NOW, make_customer, make_feedback, make_order, make_user

from .outcomes import switch_on

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def customer() -> Customer:
    customer = make_customer()
    make_order(customer, external_id="o", placed_at=NOW - timedelta(days=2))
    return customer


def opened(play: str) -> CareTask:
    switch_on(play)
    run_pass(at=NOW)
    return CareTask.objects.get()


def why_withdrawn(task: CareTask, at: datetime = LATER) -> str:
    """The reason, or nothing where the task stands."""
    run_pass(at=at)
    task.refresh_from_db()
    return task.close_reason if task.status == "withdrawn" else ""


def test_a_cancelled_order_withdraws_its_welcome(customer: Customer) -> None:
    task = opened("welcome")
    Order.objects.update(status="canceled")
    assert why_withdrawn(task) == "The order was cancelled"


def test_an_earlier_order_that_came_in_withdraws_the_welcome(customer: Customer) -> None:
    task = opened("welcome")
    make_order(customer, placed_at=NOW - timedelta(days=300))
    assert why_withdrawn(task) == "It was not their first order"


def test_a_refusal_withdraws_what_is_kind(customer: Customer) -> None:
    task = opened("vip_recognition")
    facts = {"channel": "phone", "purpose": "recognition", "state": "refused", "at": LATER}
    Permission.objects.create(customer=customer, **facts)
    assert why_withdrawn(task) == "They asked us not to call"


def test_who_wrote_first_is_not_welcomed_any_more(customer: Customer) -> None:
    task = opened("welcome")
    entry = {"origin": "reactive", "day": NOW.date(), "seconds": 60, "source": "logged"}
    TimeEntry.objects.create(customer=customer, started_at=LATER, **entry)
    assert why_withdrawn(task) == "They were in contact in the meantime"


def test_a_voicemail_of_the_task_itself_does_not_withdraw_it(customer: Customer) -> None:
    task = opened("welcome")
    times = {"started_at": LATER, "ended_at": LATER}
    Attempt.objects.create(task=task, customer=customer, outcome="voicemail", **times)
    assert why_withdrawn(task) == ""


def test_a_task_that_was_only_looked_at_is_no_contact(customer: Customer) -> None:
    task = opened("welcome")
    rep = make_user()
    lease = {"held_at": NOW, "held_until": NOW + timedelta(minutes=15)}
    CareTask.objects.update(status="held", held_by=rep, **lease)
    task.refresh_from_db()
    release(task, by=rep, now=NOW + timedelta(minutes=2), reason="Not the right moment")
    assert TimeEntry.objects.get().seconds == 120
    assert why_withdrawn(task) == ""


def test_a_task_that_somebody_holds_is_only_marked(customer: Customer) -> None:
    task = opened("welcome")
    CareTask.objects.update(status="held", held_by=make_user(), held_at=NOW, held_until=LATER)
    Order.objects.update(status="canceled")
    assert why_withdrawn(task) == ""
    assert task.facts["no_longer_due"] == "The order was cancelled"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"status": "answered"}, "It has been answered"),
        (
            {"status": "unanswerable", "unanswerable_reason": "Anonymous"},
            "A person recorded that it cannot be answered",
        ),
    ],
)
def test_closed_feedback_withdraws_its_reply(changes: dict[str, str], reason: str) -> None:
    make_feedback()
    task = opened("feedback_reply")
    FeedbackItem.objects.update(closed_at=LATER, **changes)
    assert why_withdrawn(task) == reason


def late_order(customer: Customer) -> None:
    Order.objects.update(placed_at=NOW - timedelta(days=20), promised_on=NOW.date() - timedelta(days=3))


def test_an_arrival_never_withdraws_an_apology(customer: Customer) -> None:
    late_order(customer)
    task = opened("apology")
    Order.objects.update(delivered_at=LATER)
    assert why_withdrawn(task, LATER + timedelta(hours=1)) == ""
    assert task.status == "waiting"


def test_a_resolved_incident_withdraws_its_apology(customer: Customer) -> None:
    late_order(customer)
    task = opened("apology")
    Incident.objects.update(status="resolved", resolved_at=LATER)
    assert why_withdrawn(task) == "The incident was resolved"


def test_a_corrected_date_resolves_the_incident_and_withdraws_its_apology(customer: Customer) -> None:
    late_order(customer)
    task = opened("apology")
    Order.objects.update(promised_on=NOW.date() + timedelta(days=5))
    assert why_withdrawn(task) != ""
    assert Incident.objects.get().status == "resolved"


def test_late_becomes_lost_in_the_same_incident_and_late_again_on_arrival(customer: Customer) -> None:
    late_order(customer)
    Order.objects.update(handed_to_carrier_at=NOW - timedelta(days=5))
    opened("apology")
    assert Incident.objects.get().kind == "late"
    lost = NOW + timedelta(days=8)
    run_pass(at=lost)
    assert Incident.objects.get().kind == "lost"
    Order.objects.update(delivered_at=lost)
    run_pass(at=lost + timedelta(hours=1))
    incident = Incident.objects.get()
    assert (incident.kind, incident.known_on) == ("late", NOW.date() - timedelta(days=2))
    assert CareTask.objects.get().status == "waiting"
