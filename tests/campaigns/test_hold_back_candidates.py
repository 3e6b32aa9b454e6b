from datetime import timedelta

import pytest

from apps.apologies.models import Incident
from apps.campaigns.models import Campaign, Enrollment
from apps.customers.models import Customer, Permission
from apps.effort.models import TimeEntry
from apps.worklist.models import Attempt
from tests.factories import NOW, make_customer, make_feedback, make_incident, make_order, make_task

from .outcomes import listed, outcomes, switch_on

SECOND = timedelta(seconds=1)
FORTNIGHT = timedelta(days=14)


@pytest.fixture
def customer() -> Customer:
    customer = make_customer(external_id="c")
    make_order(customer, external_id="o", placed_at=NOW - timedelta(days=2))
    return customer


def outcome(play: str = "welcome") -> str:
    return listed(play, NOW)[0][3]


def attempt(customer: Customer, ended_at: object, outcome: str = "talked", **fields: object) -> Attempt:
    task = make_task(customer, play=fields.pop("play", "welcome"))
    times = {"started_at": ended_at, "ended_at": ended_at}
    return Attempt.objects.create(task=task, customer=customer, outcome=outcome, **times, **fields)


def refuse(customer: Customer, purpose: str = "recognition") -> None:
    Permission.objects.create(customer=customer, channel="phone", purpose=purpose, state="refused", at=NOW)


@pytest.mark.parametrize("purpose", ["recognition", "service"])
def test_refused_calls_hold_back(customer: Customer, purpose: str) -> None:
    refuse(customer, purpose)
    assert outcome() == outcome("vip_recognition") == "refused_permission"


def test_refused_mail_does_not_hold_back_a_call(customer: Customer) -> None:
    Permission.objects.create(
        customer=customer, channel="email", purpose="recognition", state="refused", at=NOW
    )
    assert outcome() == "enrolled"


def test_contact_holds_back_for_336_hours(customer: Customer) -> None:
    spoke = attempt(customer, NOW - FORTNIGHT + SECOND)
    assert outcome() == "recent_contact"
    Attempt.objects.filter(pk=spoke.pk).update(started_at=NOW - FORTNIGHT, ended_at=NOW - FORTNIGHT)
    assert outcome() == "enrolled"


def test_no_answer_and_what_was_taken_back_are_no_contact(customer: Customer) -> None:
    attempt(customer, NOW - SECOND, "no_answer")
    attempt(customer, NOW - SECOND, undone_at=NOW)
    attempt(customer, NOW + SECOND)
    assert outcome() == "enrolled"


def test_a_call_that_came_in_is_a_contact(customer: Customer) -> None:
    entry = {
        "origin": "reactive",
        "started_at": NOW - SECOND,
        "day": NOW.date(),
        "seconds": 60,
        "source": "logged",
    }
    TimeEntry.objects.create(customer=customer, **entry)
    assert outcome() == "recent_contact"


def test_open_incident_holds_back_even_before_it_was_written_down(customer: Customer) -> None:
    make_order(customer, placed_at=NOW - timedelta(days=20), promised_on=NOW.date() - timedelta(days=3))
    assert not Incident.objects.exists()
    assert outcome("vip_recognition") == "open_incident"


def test_resolved_incident_does_not_hold_back(customer: Customer) -> None:
    make_incident(customer, status="resolved", resolved_at=NOW, kind="rude")
    assert outcome() == "enrolled"


def test_owed_plays_pass_refusals_and_contacts(customer: Customer) -> None:
    refuse(customer)
    attempt(customer, NOW - SECOND)
    make_feedback(customer)
    make_order(customer, placed_at=NOW - timedelta(days=20), promised_on=NOW.date() - timedelta(days=3))
    assert outcome("feedback_reply") == outcome("apology") == "enrolled"


def test_the_first_reason_in_order_is_the_one(customer: Customer) -> None:
    refuse(customer)
    attempt(customer, NOW - SECOND)
    make_incident(customer, kind="rude", known_on=NOW.date())
    assert outcome() == "refused_permission"
    switch_on("welcome", backfill="none", starts_at=NOW)
    assert outcome() == "before_start"


def test_thanked_in_the_last_90_days_is_held_back(customer: Customer) -> None:
    edge = NOW - timedelta(days=90)
    thanked = attempt(customer, edge + SECOND, play="vip_recognition")
    assert outcome("vip_recognition") == "recognised_recently"
    Attempt.objects.filter(pk=thanked.pk).update(started_at=edge, ended_at=edge)
    assert outcome("vip_recognition") == "enrolled"


def test_enrolled_last_quarter_is_held_back_unless_nobody_thanked(customer: Customer) -> None:
    task = make_task(customer, play="vip_recognition", key="k")
    enrolled = NOW - timedelta(days=80)
    Enrollment.objects.create(
        campaign=Campaign.objects.get(play="vip_recognition"),
        play="vip_recognition",
        customer=customer,
        occasion="vip:2025Q4",
        arm="treatment",
        task=task,
        occurred_at=enrolled,
        due_at=enrolled,
        enrolled_at=enrolled,
    )
    assert outcome("vip_recognition") == "recognised_recently"
    type(task).objects.filter(pk=task.pk).update(status="withdrawn")
    assert outcome("vip_recognition") == "enrolled"


def test_what_happened_before_the_start_is_held_back(customer: Customer) -> None:
    placed = NOW - timedelta(days=2)
    switch_on("welcome", backfill="none", starts_at=placed + SECOND)
    assert outcome() == "before_start"
    switch_on("welcome", backfill="none", starts_at=placed)
    assert outcome() == "enrolled"
    switch_on("welcome", backfill="days", backfill_days=1, starts_at=placed + timedelta(days=1))
    assert outcome() == "enrolled"
    switch_on("welcome", backfill="days", backfill_days=1, starts_at=placed + timedelta(days=1, seconds=1))
    assert outcome() == "before_start"


def test_campaign_that_was_never_on_is_counted_as_if_switched_on_now(customer: Customer) -> None:
    Campaign.objects.update(backfill="none", starts_at=None)
    assert outcome() == "before_start"
    assert outcome("vip_recognition") == "enrolled"


def test_incident_of_the_day_of_the_start_is_let_in(customer: Customer) -> None:
    make_order(customer, placed_at=NOW - timedelta(days=20), promised_on=NOW.date() - timedelta(days=1))
    switch_on("apology", backfill="none", starts_at=NOW)
    assert outcome("apology") == "enrolled"
    switch_on("apology", backfill="none", starts_at=NOW + timedelta(days=1))
    assert outcome("apology") == "before_start"


def test_welcome_comes_once_even_if_another_order_is_the_first(customer: Customer) -> None:
    switch_on("welcome")
    assert outcomes("welcome", NOW, dry_run=False) == {"c order:o": "enrolled"}
    make_order(customer, external_id="earlier", placed_at=NOW - timedelta(days=3))
    assert outcomes("welcome", NOW) == {"c order:earlier": "already_enrolled"}
