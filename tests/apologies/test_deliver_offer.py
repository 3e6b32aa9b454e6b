"""An approved offer is delivered by the call that tells it, exactly as it was approved."""

from datetime import datetime, timedelta

import pytest

from apps.accounts.models import User
from apps.apologies.models import Offer
from apps.apologies.services import approve
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask
from apps.worklist.services import record_outcome, take, undo_outcome
from tests import factories


@pytest.fixture
def told(offer: Offer, task: CareTask, rep: User, manager: User, now: datetime) -> CareTask:
    """The approved apology's task, held by the rep."""
    approve(offer, by=manager, now=now, version=1)
    task.refresh_from_db()
    take(task, by=rep, now=now)
    return task


def test_talking_delivers_the_offer_and_resolves_the_incident(
    offer: Offer, told: CareTask, rep: User, now: datetime
) -> None:
    record_outcome(told, outcome="talked", by=rep, now=now + timedelta(minutes=6))
    offer.refresh_from_db()
    assert offer.status == "delivered"
    assert (offer.incident.status, offer.incident.resolution) == ("resolved", "Apology delivered")


def test_undo_takes_the_delivery_back(offer: Offer, told: CareTask, rep: User, now: datetime) -> None:
    attempt = record_outcome(told, outcome="talked", by=rep, now=now + timedelta(minutes=6))
    undo_outcome(attempt, by=rep, now=now + timedelta(minutes=6, seconds=8))
    offer.refresh_from_db()
    assert (offer.status, offer.incident.status, offer.incident.resolved_at) == ("approved", "open", None)


@pytest.mark.parametrize("outcome", ["voicemail", "no_answer"])
def test_not_reaching_them_delivers_nothing(
    offer: Offer, told: CareTask, rep: User, now: datetime, outcome: str
) -> None:
    record_outcome(told, outcome=outcome, by=rep, now=now + timedelta(minutes=1))
    offer.refresh_from_db()
    assert offer.status == "approved"
    assert offer.incident.status == "open"


def test_what_was_not_approved_is_not_given(offer: Offer, told: CareTask, rep: User, now: datetime) -> None:
    Offer.objects.filter(pk=offer.pk).update(amount="99.00")
    with pytest.raises(Conflict, match="not what was approved"):
        record_outcome(told, outcome="talked", by=rep, now=now + timedelta(minutes=1))
    told.refresh_from_db()
    offer.refresh_from_db()
    assert (told.status, offer.status) == ("held", "approved")


def test_other_plays_deliver_nothing(rep: User, offer: Offer, now: datetime) -> None:
    other = factories.make_task(team=rep.team)
    take(other, by=rep, now=now)
    record_outcome(other, outcome="talked", by=rep, now=now + timedelta(minutes=1))
    offer.refresh_from_db()
    assert offer.status == "proposed"
