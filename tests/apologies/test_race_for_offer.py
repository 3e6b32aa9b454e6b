"""Two people at the same offer at the same moment: exactly one gets it, the other is told."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connections

from apps.accounts.models import Role, Shop, Team, User
from apps.apologies.models import Offer
from apps.apologies.services import approve, decline, edit_offer, propose_missing_offers, return_offer
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask
from tests import factories
from tests.apologies.conftest import owe

pytestmark = pytest.mark.django_db(transaction=True)

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
