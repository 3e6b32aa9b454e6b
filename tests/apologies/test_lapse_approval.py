"""An approval that nobody delivers in a fortnight is decided anew."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import User
from apps.apologies.models import Offer
from apps.apologies.services import approve, edit_offer, lapse_approvals
from apps.core.models import Event
from apps.worklist.models import CareTask
from tests.apologies.second import Till

DAYS = timedelta(days=1)


@pytest.fixture
def approved(offer: Offer, manager: User, now: datetime) -> Offer:
    approve(offer, by=manager, now=now, version=1)
    return Offer.objects.get()


def test_it_lapses_after_fourteen_days(approved: Offer, task: CareTask, now: datetime) -> None:
    assert approved.lapses_at == now + 14 * DAYS
    assert lapse_approvals(now=now + 14 * DAYS - timedelta(seconds=1)) == 0
    assert lapse_approvals(now=now + 14 * DAYS) == 1
    offer = Offer.objects.get()
    task.refresh_from_db()
    assert (offer.status, offer.decided_by, offer.approved_hash, offer.lapses_at) == (
        "proposed",
        None,
        "",
        None,
    )
    assert task.status == "waiting"
    event = Event.objects.filter(subject="apologies.offer").latest("pk")
    assert (event.from_status, event.to_status, event.reason) == (
        "approved",
        "proposed",
        "The approval ran out",
    )


def test_a_second_run_changes_nothing(approved: Offer, now: datetime) -> None:
    lapse_approvals(now=now + 15 * DAYS)
    before = Event.objects.count()
    assert lapse_approvals(now=now + 15 * DAYS) == 0
    assert Event.objects.count() == before


def test_its_money_is_free_again(
    offer: Offer, manager: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = Till(monkeypatch)
    approve(offer, by=manager, now=now, version=1)
    lapse_approvals(now=now + 15 * DAYS)
    assert till.moves == [("committed", Decimal("10.00")), ("released", Decimal("10.00"))]


@pytest.mark.parametrize("status", ["held", "done"])
def test_what_is_being_told_or_was_told_stays(approved: Offer, rep: User, now: datetime, status: str) -> None:
    held = {"held_by": rep, "held_until": now + 20 * DAYS} if status == "held" else {}
    CareTask.objects.update(status=status, **held)
    assert lapse_approvals(now=now + 15 * DAYS) == 0
    assert Offer.objects.get().status == "approved"


def test_an_offer_for_a_later_moment_opens_then_and_holds_from_then(
    offer: Offer, task: CareTask, manager: User, second_manager: User, now: datetime
) -> None:
    moment = now + 3 * DAYS
    edit_offer(
        offer,
        words="Sorry.",
        compensation="coupon",
        amount=Decimal(10),
        moment=moment,
        letter_by="email",
        letter_first=True,
        by=second_manager,
        now=now,
        version=1,
    )
    approve(offer, by=manager, now=now, version=2)
    offer = Offer.objects.get()
    task.refresh_from_db()
    assert (offer.letter_by, offer.letter_first, offer.lapses_at) == ("email", True, moment + 14 * DAYS)
    assert (task.status, task.opens_at) == ("open", moment)
