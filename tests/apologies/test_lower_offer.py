"""Approving less than was proposed: a decision, no edit."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.apologies.models import Offer
from apps.apologies.seal import is_intact
from apps.apologies.services import approve, approve_lower
from apps.apologies.services.decisions import Refused
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask
from tests.apologies.second import Till, ask_for_two

WORDS = "That was our fault, and I am sorry. With this comes a coupon of €10.00, for your time."


@pytest.fixture
def offer(offer: Offer, rep: User) -> Offer:
    """A rep's proposal whose letter names its amount."""
    Offer.objects.update(words=WORDS, proposed_by=rep, cost=Decimal("4.00"))
    offer.refresh_from_db()
    return offer


def lower(offer: Offer, by: User, now: datetime, amount: str = "6.00", reason: str = "A week late") -> None:
    approve_lower(offer, amount=Decimal(amount), by=by, now=now, version=offer.version, reason=reason)


def test_the_lower_amount_is_sealed_and_the_letter_says_it(
    offer: Offer, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    lower(offer, manager, now)
    offer = Offer.objects.get()
    task.refresh_from_db()
    assert (offer.status, offer.amount, offer.cost, offer.version) == (
        "approved",
        Decimal("6.00"),
        Decimal("2.40"),
        2,
    )
    assert offer.words == WORDS.replace("10", "6")
    assert (offer.proposed_by, offer.decided_by, offer.departure) == (rep, manager, "A week late")
    assert is_intact(offer)
    assert task.status == "open"


def test_the_log_keeps_what_it_was_and_what_it_is(offer: Offer, manager: User, now: datetime) -> None:
    lower(offer, manager, now)
    event = Event.objects.get(subject="apologies.offer", verb="lowered")
    assert (event.actor, event.reason) == (manager, "A week late")
    assert event.data["was"] == {
        "words": WORDS,
        "amount": "10.00",
        "cost": "4.00",
        "departure": "",
        "version": 1,
    }
    assert event.data["set"]["amount"] == "6.00"


@pytest.mark.parametrize("amount", ["10.00", "10.01", "0", "-1"])
def test_it_is_less_and_more_than_nothing(offer: Offer, manager: User, now: datetime, amount: str) -> None:
    with pytest.raises(Refused, match=r"Give less than €10\.00"):
        lower(offer, manager, now, amount)
    assert Offer.objects.get().status == "proposed"


def test_it_needs_a_reason(offer: Offer, manager: User, now: datetime) -> None:
    with pytest.raises(Refused, match="Say why it is less"):
        lower(offer, manager, now, reason=" ")


def test_the_proposer_and_reps_lower_nothing(offer: Offer, manager: User, rep: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        lower(offer, rep, now)
    Offer.objects.update(proposed_by=manager)
    offer.refresh_from_db()
    with pytest.raises(PermissionDenied, match="You proposed"):
        lower(offer, manager, now)


def test_a_page_from_before_is_a_conflict(
    offer: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    lower(offer, manager, now)
    with pytest.raises(Conflict):
        approve(offer, by=second_manager, now=now, version=1)


def test_lowered_below_the_second_limit_one_approval_is_enough(
    offer: Offer, manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_two(monkeypatch)
    lower(offer, manager, now, "5.00")
    assert Offer.objects.get().status == "approved"


def test_the_second_may_approve_less_than_the_first(
    offer: Offer, manager: User, second_manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_two(monkeypatch)
    till = Till(monkeypatch)
    approve(offer, by=manager, now=now, version=1)
    lower(offer, second_manager, now)
    offer = Offer.objects.get()
    assert (offer.status, offer.amount, offer.decided_by) == ("approved", Decimal("6.00"), second_manager)
    assert till.moves == [("committed", Decimal("6.00"))]


def test_lowered_by_the_first_it_still_needs_a_second(
    offer: Offer, manager: User, second_manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_two(monkeypatch)
    lower(offer, manager, now, "8.00")
    offer = Offer.objects.get()
    assert (offer.status, offer.amount, offer.version) == ("seconding", Decimal("8.00"), 2)
    approve(offer, by=second_manager, now=now, version=2)
    assert is_intact(Offer.objects.get())
