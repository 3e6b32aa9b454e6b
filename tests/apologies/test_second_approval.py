"""Above a second limit two people approve, who are neither each other nor the proposer."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.apologies.models import Offer
from apps.apologies.seal import is_intact
from apps.apologies.services import approve, decline, edit_offer, refresh_offers, return_offer
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask
from tests.apologies.second import WHY, Till, ask_for_two

LATER = timedelta(minutes=5)


@pytest.fixture
def till(monkeypatch: pytest.MonkeyPatch) -> Till:
    return Till(monkeypatch)


@pytest.fixture
def seconding(
    offer: Offer, manager: User, now: datetime, till: Till, monkeypatch: pytest.MonkeyPatch
) -> Offer:
    ask_for_two(monkeypatch)
    approve(offer, by=manager, now=now, version=1, note="Fine by me")
    return Offer.objects.get()


def test_the_first_approval_opens_nothing_and_promises_nothing(
    seconding: Offer, task: CareTask, manager: User, now: datetime, till: Till
) -> None:
    task.refresh_from_db()
    assert (seconding.status, seconding.first_approved_by, seconding.first_approved_at) == (
        "seconding",
        manager,
        now,
    )
    assert (seconding.decided_by, seconding.approved_hash, task.status) == (None, "", "waiting")
    assert seconding.decision_note == WHY
    assert till.moves == []
    event = Event.objects.get(subject="apologies.offer", verb="seconding")
    assert (event.actor, event.reason, event.data["note"]) == (manager, WHY, "Fine by me")


def test_the_second_seals_it_opens_the_call_and_sets_the_money_aside_once(
    seconding: Offer, task: CareTask, manager: User, second_manager: User, now: datetime, till: Till
) -> None:
    approve(seconding, by=second_manager, now=now + LATER, version=1)
    offer = Offer.objects.get()
    task.refresh_from_db()
    assert (offer.status, offer.first_approved_by, offer.decided_by) == ("approved", manager, second_manager)
    assert is_intact(offer)
    assert task.status == "open"
    assert till.moves == [("committed", offer.amount)]


def test_the_first_is_not_the_second(seconding: Offer, manager: User, now: datetime) -> None:
    for decide in (
        lambda: approve(seconding, by=manager, now=now, version=1),
        lambda: return_offer(seconding, by=manager, now=now, version=1, reason="No"),
        lambda: decline(seconding, by=manager, now=now, version=1, note="No"),
    ):
        with pytest.raises(PermissionDenied, match="You approved this first"):
            decide()
    assert Offer.objects.get().status == "seconding"


def test_the_proposer_is_neither(
    offer: Offer,
    manager: User,
    second_manager: User,
    admin: User,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_for_two(monkeypatch)
    Offer.objects.update(proposed_by=second_manager)
    offer.refresh_from_db()
    approve(offer, by=manager, now=now, version=1)
    with pytest.raises(PermissionDenied, match="You proposed"):
        approve(offer, by=second_manager, now=now, version=1)
    approve(offer, by=admin, now=now, version=1)
    assert offer.status == "approved"


def test_the_database_refuses_one_person_twice(seconding: Offer, manager: User, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.update(status="approved", decided_by=manager, decided_at=now)


def test_the_database_refuses_a_second_without_a_first(offer: Offer) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.update(status="seconding")


def test_the_second_may_return_it_and_the_first_then_decides_anew(
    seconding: Offer, manager: User, second_manager: User, rep: User, now: datetime
) -> None:
    return_offer(seconding, by=second_manager, now=now, version=1, reason="Amount does not fit")
    offer = Offer.objects.get()
    assert (offer.status, offer.first_approved_by) == ("returned", None)
    edit_offer(offer, words="Sorry.", compensation="coupon", amount=offer.amount, by=rep, now=now, version=1)
    approve(offer, by=manager, now=now, version=2)
    assert (offer.status, offer.first_approved_by) == ("seconding", manager)


def test_the_second_may_decline_it(seconding: Offer, second_manager: User, now: datetime) -> None:
    decline(seconding, by=second_manager, now=now, version=1, note="It arrived on time")
    offer = Offer.objects.get()
    assert (offer.status, offer.incident.status) == ("declined", "resolved")


def test_an_edit_voids_the_first_approval(
    seconding: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    edit_offer(
        seconding,
        words="Sorry.",
        compensation="coupon",
        amount=seconding.amount,
        by=second_manager,
        now=now,
        version=1,
    )
    offer = Offer.objects.get()
    assert (offer.status, offer.first_approved_by, offer.first_approved_at) == ("proposed", None, None)
    with pytest.raises(PermissionDenied):
        approve(offer, by=second_manager, now=now, version=2)
    approve(offer, by=manager, now=now, version=2)


def test_news_of_the_incident_void_it(seconding: Offer, now: datetime) -> None:
    seconding.incident.severity = "serious"
    seconding.incident.save(update_fields=["severity"])
    assert refresh_offers(now=now) == 1
    offer = Offer.objects.get()
    assert (offer.status, offer.first_approved_by) == ("proposed", None)


def test_a_stale_page_is_told_that_a_second_is_needed(
    offer: Offer, manager: User, second_manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_two(monkeypatch)
    stale = Offer.objects.get()
    approve(offer, by=manager, now=now, version=1)
    with pytest.raises(Conflict, match=r"Ida Holm approved this first, 9 s ago\. A second person"):
        approve(stale, by=second_manager, now=now + timedelta(seconds=9), version=1)
