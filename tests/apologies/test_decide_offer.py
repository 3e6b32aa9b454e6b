"""Approve, return, decline: by whom, from which status, and what follows."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from apps.accounts.models import Role, User
from apps.apologies.models import Offer
from apps.apologies.seal import is_intact, seal_of
from apps.apologies.services import approve, decline, edit_offer, return_offer
from apps.apologies.services.decisions import Refused
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask, TaskStatus
from tests import factories

Decision = Callable[[Offer, User, datetime], None]
ALL = ["proposed", "approved", "returned", "declined", "delivered", "withdrawn"]


def approving(offer: Offer, by: User, now: datetime) -> None:
    approve(offer, by=by, now=now, version=offer.version)


def returning(offer: Offer, by: User, now: datetime) -> None:
    return_offer(offer, by=by, now=now, version=offer.version, reason="Amount does not fit")


def declining(offer: Offer, by: User, now: datetime) -> None:
    decline(offer, by=by, now=now, version=offer.version, note="It arrived on time after all")


DECISIONS = pytest.mark.parametrize("decide", [approving, returning, declining])


def test_approval_seals_the_offer_and_opens_its_task(
    offer: Offer, task: CareTask, manager: User, now: datetime
) -> None:
    approve(offer, by=manager, now=now, version=1, note="Fine")
    offer.refresh_from_db()
    task.refresh_from_db()
    assert (offer.status, offer.decided_by, offer.decided_at) == ("approved", manager, now)
    assert (offer.approved_hash, offer.decision_note) == (seal_of(offer), "Fine")
    assert task.status == TaskStatus.OPEN
    moved = Event.objects.get(subject="apologies.offer", verb="approved")
    assert (moved.actor, moved.from_status, moved.to_status) == (manager, "proposed", "approved")


@pytest.mark.parametrize(
    "change",
    [
        {"words": "Other"},
        {"amount": "11.00"},
        {"compensation": "gift"},
        {"currency": "USD"},
        {"channel": "post"},
    ],
)
def test_the_seal_breaks_with_any_part(
    offer: Offer, manager: User, now: datetime, change: dict[str, str]
) -> None:
    approving(offer, manager, now)
    Offer.objects.filter(pk=offer.pk).update(**change)
    offer.refresh_from_db()
    assert not is_intact(offer)


def test_return_sends_it_back_with_its_reason_and_the_task_waits(
    offer: Offer, task: CareTask, manager: User, now: datetime
) -> None:
    returning(offer, manager, now)
    offer.refresh_from_db()
    task.refresh_from_db()
    assert (offer.status, offer.decision_note, task.status) == (
        "returned",
        "Amount does not fit",
        TaskStatus.WAITING,
    )


def test_decline_withdraws_the_task_and_resolves_the_incident(
    offer: Offer, task: CareTask, manager: User, now: datetime
) -> None:
    declining(offer, manager, now)
    for row in (offer, task, offer.incident):
        row.refresh_from_db()
    assert (offer.status, task.status, task.close_reason) == ("declined", TaskStatus.WITHDRAWN, "declined")
    assert offer.incident.status == "resolved"
    assert offer.incident.resolution == "Nothing is owed: It arrived on time after all"


def test_return_needs_a_reason_and_decline_a_note(offer: Offer, manager: User, now: datetime) -> None:
    with pytest.raises(Refused, match="Say what to change"):
        return_offer(offer, by=manager, now=now, version=1, reason=" ")
    with pytest.raises(Refused, match="Say why nothing is owed"):
        decline(offer, by=manager, now=now, version=1, note="")
    offer.refresh_from_db()
    assert offer.status == "proposed"


@DECISIONS
def test_admin_decides_too(offer: Offer, admin: User, now: datetime, decide: Decision) -> None:
    decide(offer, admin, now)
    assert offer.decided_by == admin


@DECISIONS
def test_reps_and_marketers_decide_nothing(
    offer: Offer, rep: User, marketer: User, now: datetime, decide: Decision
) -> None:
    for person in (rep, marketer):
        with pytest.raises(PermissionDenied, match="Managers decide"):
            decide(offer, person, now)
    offer.refresh_from_db()
    assert offer.status == "proposed"


@DECISIONS
def test_manager_of_another_team_decides_nothing_here(offer: Offer, now: datetime, decide: Decision) -> None:
    stranger = factories.make_user(Role.MANAGER, team=factories.make_team("Stores"))
    with pytest.raises(PermissionDenied):
        decide(offer, stranger, now)


@DECISIONS
def test_nobody_decides_on_their_own_proposal(
    offer: Offer, manager: User, now: datetime, decide: Decision
) -> None:
    Offer.objects.filter(pk=offer.pk).update(proposed_by=manager)
    offer.refresh_from_db()
    with pytest.raises(PermissionDenied, match="You proposed or changed this offer"):
        decide(offer, manager, now)


@DECISIONS
def test_nobody_decides_on_what_they_edited(
    offer: Offer, manager: User, second_manager: User, now: datetime, decide: Decision
) -> None:
    stale = Offer.objects.get(pk=offer.pk)
    edit_offer(
        offer, words="Sorry.", compensation="coupon", amount=Decimal(12), by=manager, now=now, version=1
    )
    with pytest.raises(PermissionDenied):
        decide(offer, manager, now)
    with pytest.raises(Conflict, match="Ida Holm changed this"):  # by a page from before the edit
        decide(stale, manager, now)
    decide(offer, second_manager, now)
    assert offer.decided_by == second_manager


@pytest.mark.parametrize("status", ["approved", "returned", "declined", "delivered"])
def test_the_database_refuses_a_decision_by_the_proposer(
    offer: Offer, manager: User, now: datetime, status: str
) -> None:
    own = {"proposed_by": manager, "decided_by": manager, "decided_at": now, "status": status}
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(**own)


def test_the_database_refuses_a_decision_without_a_person(offer: Offer) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(pk=offer.pk).update(status="approved")


@DECISIONS
@pytest.mark.parametrize("status", ALL[1:])
def test_only_a_proposal_is_decided_on(
    offer: Offer, manager: User, second_manager: User, now: datetime, decide: Decision, status: str
) -> None:
    decided = {} if status == "withdrawn" else {"decided_by": second_manager, "decided_at": now}
    Offer.objects.filter(pk=offer.pk).update(status=status, **decided)
    offer.refresh_from_db()
    before = Event.objects.count()
    with pytest.raises(Conflict):
        decide(offer, manager, now)
    offer.refresh_from_db()
    assert (offer.status, Event.objects.count()) == (status, before)


def test_a_stale_page_is_told_who_was_faster(
    offer: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    stale = Offer.objects.get(pk=offer.pk)
    approving(offer, manager, now)
    with pytest.raises(Conflict, match=r"Ida Holm approved this 4 s ago\. Nothing to do\."):
        approving(stale, second_manager, now + timedelta(seconds=4))


def test_an_older_version_is_never_approved(
    offer: Offer, manager: User, second_manager: User, now: datetime
) -> None:
    edit_offer(
        offer, words="Sorry.", compensation="coupon", amount=Decimal(12), by=manager, now=now, version=1
    )
    with pytest.raises(Conflict, match="Read it again"):
        approve(offer, by=second_manager, now=now + timedelta(minutes=2), version=1)
    offer.refresh_from_db()
    assert offer.status == "proposed"


def test_its_call_is_due_when_the_apology_is(
    offer: Offer, task: CareTask, manager: User, now: datetime
) -> None:
    """One clock: whoever rings sees the moment by which the approver had to decide."""
    Offer.objects.update(due_at=now + timedelta(hours=5))
    CareTask.objects.update(due_at=now + timedelta(days=1))
    offer.refresh_from_db()
    approve(offer, by=manager, now=now, version=1)
    task.refresh_from_db()
    assert (task.status, task.due_at) == ("open", offer.due_at)
