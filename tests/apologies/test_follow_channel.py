"""An offer is told the way that was approved: where its task has to go another way, it is decided anew."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.apologies.models import Incident, Offer
from apps.apologies.seal import is_intact
from apps.apologies.services import (
    approve,
    approve_lower,
    edit_offer,
    refresh_offers,
    report_incident,
    return_offer,
)
from apps.apologies.services.proposals import propose_missing_offers
from apps.core.models import Event
from apps.customers.services import refuse_calls
from apps.worklist.models import Attempt, CareTask
from apps.worklist.services import CannotUndo, found_way, record_outcome, sweep, take, undo_outcome

SECONDS = timedelta(seconds=1)


@pytest.fixture
def offer(incident: Incident, task: CareTask, now: datetime) -> Offer:
    """The system's own letter, for a call."""
    incident.customer.email = "grace@example.com"
    incident.customer.save(update_fields=["email"])
    propose_missing_offers(now=now)
    return Offer.objects.get()


@pytest.fixture
def told(offer: Offer, task: CareTask, rep: User, manager: User, now: datetime) -> CareTask:
    """The approved apology's task, held by the rep."""
    approve(offer, by=manager, now=now, version=1)
    task.refresh_from_db()
    take(task, by=rep, now=now)
    return task


def undo(attempt: Attempt, rep: User, now: datetime) -> CareTask:
    return undo_outcome(Attempt.objects.get(pk=attempt.pk), by=rep, now=now + 5 * SECONDS)


@pytest.mark.parametrize("outcome", ["wrong_number", "do_not_call"])
def test_off_the_phone_the_approval_is_void_and_the_letter_asks_in_writing(
    offer: Offer, told: CareTask, rep: User, now: datetime, outcome: str
) -> None:
    record_outcome(told, outcome=outcome, by=rep, now=now)
    offer.refresh_from_db()
    assert (offer.status, offer.channel, offer.approved_hash, offer.decided_by) == (
        "proposed",
        "email",
        "",
        None,
    )
    assert "tell us" in offer.words
    assert not re.search(r"When we (?:call|ring you)", offer.words)
    assert told.status == CareTask.objects.get().status == "waiting"
    event = Event.objects.filter(subject="apologies.offer").latest("pk")
    assert (event.from_status, event.to_status, event.actor) == ("approved", "proposed", None)
    assert event.reason.endswith(": write a mail")


def test_the_manager_reads_why_and_approves_what_is_then_given(
    offer: Offer, told: CareTask, rep: User, manager: User, client: Client, now: datetime
) -> None:
    record_outcome(told, outcome="wrong_number", by=rep, now=now)
    client.force_login(manager)
    page = client.get(reverse("desk:offer", args=[offer.pk])).content.decode()
    assert "This was approved, and waits for a new decision." in page
    assert "Wrong number: write a mail." in page
    offer.refresh_from_db()
    approve(offer, by=manager, now=now, version=offer.version)
    told.refresh_from_db()
    assert told.status == "open"
    record_outcome(told, outcome="replied", by=rep, now=now)
    offer.refresh_from_db()
    assert (offer.status, offer.channel) == ("delivered", "email")


def test_a_persons_words_stay_but_for_the_way_to_answer(
    offer: Offer, task: CareTask, rep: User, manager: User, second_manager: User, now: datetime
) -> None:
    words = "Dear Grace, that was our fault. When we call, tell us what you would rather have. We are sorry."
    edit: dict[str, Any] = {"words": words, "compensation": "gift", "amount": Decimal(20)}
    edit["departure"] = "They waited at home for it"
    edit_offer(offer, **edit, by=manager, now=now, version=1)
    approve(offer, by=second_manager, now=now, version=2)
    task.refresh_from_db()
    take(task, by=rep, now=now)
    record_outcome(task, outcome="wrong_number", by=rep, now=now)
    offer.refresh_from_db()
    assert offer.words == words.replace("When we call, tell us", "Write back and tell us")
    assert (offer.compensation, offer.amount, offer.proposed_by) == ("gift", 20, manager)


def test_a_call_that_goes_on_by_phone_leaves_the_approval(
    offer: Offer, told: CareTask, rep: User, now: datetime
) -> None:
    record_outcome(told, outcome="no_answer", by=rep, now=now)
    offer.refresh_from_db()
    assert (offer.status, offer.channel) == ("approved", "phone")


def test_taken_back_the_offer_is_approved_as_it_was(
    offer: Offer, told: CareTask, rep: User, now: datetime
) -> None:
    before = Offer.objects.values().get()
    attempt = record_outcome(told, outcome="wrong_number", by=rep, now=now)
    task = undo(attempt, rep, now)
    after = Offer.objects.values().get()
    assert after.pop("version") == before.pop("version") + 2
    assert after == before
    assert (task.status, task.reach) == ("held", "phone")
    record_outcome(task, outcome="talked", by=rep, now=now + 60 * SECONDS)
    offer.refresh_from_db()
    assert offer.status == "delivered"


def test_what_was_approved_lower_comes_back_whole(
    offer: Offer, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    approve_lower(offer, amount=Decimal(7), by=manager, now=now, version=1, reason="A day late")
    task.refresh_from_db()
    take(task, by=rep, now=now)
    undo(record_outcome(task, outcome="wrong_number", by=rep, now=now), rep, now)
    offer = Offer.objects.get()
    assert (offer.status, offer.amount, offer.cost) == ("approved", Decimal(7), Decimal(7))
    assert is_intact(offer)


def test_once_it_was_decided_anew_the_outcome_stands(
    offer: Offer, told: CareTask, rep: User, manager: User, now: datetime
) -> None:
    attempt = record_outcome(told, outcome="wrong_number", by=rep, now=now)
    offer.refresh_from_db()
    approve(offer, by=manager, now=now, version=offer.version)
    with pytest.raises(CannotUndo, match="so it stands"):
        undo(attempt, rep, now)
    offer.refresh_from_db()
    told.refresh_from_db()
    assert (offer.status, offer.channel, told.status) == ("approved", "email", "open")


def test_after_a_problem_was_reported_the_outcome_stands(
    offer: Offer, told: CareTask, rep: User, now: datetime
) -> None:
    attempt = record_outcome(told, outcome="problem_found", by=rep, now=now)
    report: dict[str, Any] = {"kind": "lost", "severity": "serious", "detail": "It never came."}
    report_incident(told.customer, **report, order=offer.incident.order, by=rep, now=now)
    with pytest.raises(CannotUndo, match="so it stands"):
        undo(attempt, rep, now)
    assert CareTask.objects.get().status == "waiting"


def test_who_refuses_calls_elsewhere_gets_another_decision(
    offer: Offer, task: CareTask, manager: User, now: datetime
) -> None:
    approve(offer, by=manager, now=now, version=1)
    refuse_calls(task.customer, origin="By mail", by=None, now=now)
    sweep(now=now)
    offer.refresh_from_db()
    task.refresh_from_db()
    assert (offer.status, offer.channel, task.status, task.reach) == ("proposed", "email", "waiting", "email")
    assert Event.objects.filter(subject="apologies.offer", reason="Asked not to be called: write a mail")


def test_a_returned_offer_stays_returned(offer: Offer, task: CareTask, manager: User, now: datetime) -> None:
    return_offer(offer, by=manager, now=now, version=1, reason="Words need work")
    refuse_calls(task.customer, origin="By mail", by=None, now=now)
    sweep(now=now)
    offer.refresh_from_db()
    assert (offer.status, offer.channel, offer.decision_note) == ("returned", "email", "Words need work")


def test_an_approved_search_holds_for_whichever_way_is_found(
    offer: Offer, told: CareTask, rep: User, manager: User, now: datetime
) -> None:
    CareTask.objects.update(reach="find")
    Offer.objects.update(channel="find")
    told.refresh_from_db()
    found_way(told, by=rep, now=now, email="grace@example.org")
    assert refresh_offers(now=now) == 0
    told.refresh_from_db()
    record_outcome(told, outcome="problem_found", by=rep, now=now)
    assert refresh_offers(now=now) == 0
    offer.refresh_from_db()
    assert (offer.status, offer.channel) == ("approved", "find")


def test_a_pass_finds_an_approval_for_a_channel_that_its_task_has_left(
    offer: Offer, task: CareTask, manager: User, now: datetime
) -> None:
    approve(offer, by=manager, now=now, version=1)
    CareTask.objects.update(reach="post")
    assert refresh_offers(now=now) == 1
    offer.refresh_from_db()
    assert (offer.status, offer.channel) == ("proposed", "post")
    assert CareTask.objects.get().status == "waiting"
