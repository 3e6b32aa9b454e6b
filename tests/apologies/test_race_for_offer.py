"""Two people at the same offer at the same moment: exactly one gets it, the other is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connections

from apps.accounts.models import Role, Shop, Team, User
from apps.apologies.models import Offer
from apps.apologies.services import (
    approve,
    decline,
    edit_offer,
    propose_missing_offers,
    remind_approvers,
    return_offer,
)
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask
from apps.worklist.services.sweep import leave_phone
from tests import factories
from tests.apologies.conftest import owe
from tests.apologies.second import ask_for_two

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_other_race")]

Step = Callable[[], object]


def at_once(*steps: Step) -> list[BaseException | None]:
    """Run each in a thread of its own, all let go together; what each raised."""
    barrier, raised = Barrier(len(steps)), [None] * len(steps)

    def run(number: int, step: Step) -> None:
        try:
            barrier.wait()
            step()
        except BaseException as error:
            raised[number] = error  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(number, step)) for number, step in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised  # type: ignore[return-value]


def decision(offer: Offer, by: User, now: datetime, name: str) -> Step:
    seen = Offer.objects.select_related("task", "incident__order").get(pk=offer.pk)

    def decide() -> None:
        if name == "approve":
            approve(seen, by=by, now=now, version=1)
        elif name == "return":
            return_offer(seen, by=by, now=now, version=1, reason="No")
        elif name == "decline":
            decline(seen, by=by, now=now, version=1, note="No")
        else:
            edit_offer(
                seen, words="Sorry.", compensation="coupon", amount=Decimal(9), by=by, now=now, version=1
            )

    return decide


@pytest.mark.parametrize(
    "names",
    [
        ("approve", "approve"),
        ("approve", "return"),
        ("approve", "decline"),
        ("approve", "edit"),
        ("edit", "edit"),
    ],
)
def test_exactly_one_of_two_wins(
    offer: Offer, manager: User, second_manager: User, now: datetime, names: tuple[str, str]
) -> None:
    people = (manager, second_manager)
    raised = at_once(*(decision(offer, by, now, name) for by, name in zip(people, names, strict=True)))
    assert [type(error) for error in raised].count(type(None)) == 1
    assert [type(error) for error in raised].count(Conflict) == 1
    assert Event.objects.filter(subject="apologies.offer").count() == 1
    offer.refresh_from_db()
    assert offer.decided_by is None or offer.decided_by != offer.proposed_by


def test_eight_managers_approve_once(offer: Offer, team: Team, now: datetime) -> None:
    people = [factories.make_user(Role.MANAGER) for _ in range(8)]
    raised = at_once(*(decision(offer, by, now, "approve") for by in people))
    assert sum(error is None for error in raised) == 1
    assert sum(isinstance(error, Conflict) for error in raised) == 7
    assert CareTask.objects.get(pk=offer.task_id).status == "open"


def test_two_passes_at_once_propose_each_offer_once(shop: Shop, now: datetime) -> None:
    for _ in range(20):
        order = factories.make_order()
        owe(factories.make_incident(order.customer, order=order))
    raised = at_once(*(lambda: propose_missing_offers(now=now) for _ in range(2)))
    assert raised == [None, None]
    assert Offer.objects.count() == 20
    assert Event.objects.filter(subject="apologies.offer").count() == 20


@pytest.mark.parametrize("status", ["proposed", "seconding"])
def test_of_sixty_four_approvers_exactly_one_approves(
    offer: Offer, manager: User, now: datetime, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also as the second of two: each of them is neither its proposer nor its first approver."""
    if status == "seconding":
        ask_for_two(monkeypatch)
        approve(offer, by=manager, now=now, version=1)
    people = [factories.make_user(Role.MANAGER) for _ in range(64)]
    raised = at_once(*(decision(offer, by, now, "approve") for by in people))
    assert sum(error is None for error in raised) == 1
    assert sum(isinstance(error, Conflict) for error in raised) == 63
    assert Event.objects.filter(subject="apologies.offer", to_status="approved").count() == 1
    offer.refresh_from_db()
    assert offer.decided_by in people


def test_of_sixty_four_whose_word_needs_a_second_one_is_the_first(
    offer: Offer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_for_two(monkeypatch)
    people = [factories.make_user(Role.MANAGER) for _ in range(64)]
    raised = at_once(*(decision(offer, by, now, "approve") for by in people))
    assert sum(error is None for error in raised) == 1
    offer.refresh_from_db()
    assert (offer.status, offer.decided_by) == ("seconding", None)


def test_a_call_that_leaves_the_phone_and_an_edit_wait_for_each_other(
    offer: Offer, task: CareTask, manager: User, second_manager: User, now: datetime
) -> None:
    """Both change offer and task: whoever comes second waits for the first, and no lock goes round."""
    for turn in range(12):
        CareTask.objects.update(status="open", reach="phone")
        sealed = {"status": "approved", "decided_by": manager, "decided_at": now, "proposed_by": None}
        Offer.objects.update(channel="phone", version=1, **sealed)
        raised = at_once(
            lambda: leave_phone(CareTask.objects.get(pk=task.pk), now=now),
            decision(offer, second_manager, now, "edit"),
        )
        assert all(error is None or isinstance(error, Conflict) for error in raised), (turn, raised)


def test_two_ticks_at_once_remind_once(offer: Offer, manager: User, now: datetime) -> None:
    assert at_once(*(lambda: remind_approvers(now=now + timedelta(days=3)) for _ in range(4))) == [None] * 4
    assert Event.objects.filter(verb="handed over").count() == 1
