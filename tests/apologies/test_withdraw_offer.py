"""Taking an offer back: the apology stays owed, and somebody writes another."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.apologies.models import Offer
from apps.apologies.services import (
    approve,
    edit_offer,
    propose_missing_offers,
    report_incident,
    resolve_incident,
    withdraw_offer,
)
from apps.apologies.services.decisions import Refused
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask
from tests.apologies.second import Till


def withdraw(offer: Offer, by: User, now: datetime, reason: str = "I had the wrong order") -> None:
    withdraw_offer(offer, by=by, now=now, version=offer.version, reason=reason)


def test_the_proposer_takes_it_back_and_the_apology_stays_owed(
    offer: Offer, task: CareTask, rep: User, now: datetime
) -> None:
    Offer.objects.update(proposed_by=rep)
    offer.refresh_from_db()
    withdraw(offer, rep, now)
    offer = Offer.objects.get()
    task.refresh_from_db()
    assert (offer.status, offer.decision_note, offer.incident.status) == (
        "withdrawn",
        "I had the wrong order",
        "open",
    )
    assert task.status == "waiting"


def test_after_an_approval_the_call_waits_and_the_money_is_free(
    offer: Offer, task: CareTask, manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = Till(monkeypatch)
    approve(offer, by=manager, now=now, version=1)
    withdraw(offer, manager, now)
    offer = Offer.objects.get()
    task.refresh_from_db()
    assert (offer.status, offer.approved_hash, offer.decided_by, offer.lapses_at) == (
        "withdrawn",
        "",
        None,
        None,
    )
    assert task.status == "waiting"
    assert till.moves == [("committed", Decimal("10.00")), ("released", Decimal("10.00"))]


def test_no_pass_proposes_the_same_again(offer: Offer, manager: User, now: datetime) -> None:
    withdraw(offer, manager, now)
    assert propose_missing_offers(now=now + timedelta(days=1)) == 0
    assert Offer.objects.get().status == "withdrawn"


def test_a_person_writes_it_anew_and_others_decide(
    offer: Offer, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    withdraw(offer, manager, now)
    assert offer in Offer.objects.came_back()
    edit_offer(offer, words="Sorry.", compensation="gift", amount=Decimal(8), by=rep, now=now, version=1)
    offer = Offer.objects.get()
    assert (offer.status, offer.proposed_by, offer.decision_note) == ("proposed", rep, "")
    approve(offer, by=manager, now=now, version=2)
    task.refresh_from_db()
    assert task.status == "open"


def test_news_of_the_incident_put_it_up_again(offer: Offer, rep: User, manager: User, now: datetime) -> None:
    withdraw(offer, manager, now)
    order = offer.incident.order
    report_incident(
        order.customer, kind="lost", severity="serious", detail="Gone.", order=order, by=rep, now=now
    )
    assert Offer.objects.get().status == "proposed"


def test_once_the_incident_is_resolved_it_is_nobodys_work(offer: Offer, manager: User, now: datetime) -> None:
    withdraw(offer, manager, now)
    resolve_incident(offer.incident, reason="They called us", by=manager, now=now)
    offer = Offer.objects.get()
    assert offer not in Offer.objects.came_back()
    with pytest.raises(PermissionDenied):
        edit_offer(offer, words="x", compensation="gift", amount=Decimal(8), by=manager, now=now, version=1)


def test_others_take_nothing_back(
    offer: Offer, rep: User, other_rep: User, marketer: User, now: datetime
) -> None:
    for person in (rep, other_rep, marketer):
        with pytest.raises(PermissionDenied, match="Who proposed this offer"):
            withdraw(offer, person, now)


def test_it_needs_a_reason(offer: Offer, manager: User, now: datetime) -> None:
    with pytest.raises(Refused, match="Say why you take it back"):
        withdraw(offer, manager, now, " ")


def test_not_under_a_call(offer: Offer, task: CareTask, rep: User, manager: User, now: datetime) -> None:
    approve(offer, by=manager, now=now, version=1)
    held = {"status": "held", "held_by": rep, "held_at": now, "held_until": now + timedelta(minutes=15)}
    CareTask.objects.update(**held)
    with pytest.raises(Conflict, match="Ana Duarte is telling the customer"):
        withdraw(offer, manager, now)


def test_a_stale_page_is_told_why(offer: Offer, manager: User, second_manager: User, now: datetime) -> None:
    stale = Offer.objects.get()
    withdraw(offer, manager, now)
    with pytest.raises(Conflict, match=r"This offer was taken back: I had the wrong order\. Nothing to do\."):
        approve(stale, by=second_manager, now=now, version=1)
    assert Event.objects.filter(subject="apologies.offer").count() == 1
