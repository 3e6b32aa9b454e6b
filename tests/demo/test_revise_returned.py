"""The demo's reps write anew what came back; what may not be given by now stays for a manager."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import User
from apps.apologies.models import Offer
from apps.demo.decisions import revise_returned
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("amount", "status"), [(Decimal(12), "proposed"), (Decimal(40), "returned")])
def test_only_what_may_be_given_is_proposed_again(
    rep: User, manager: User, amount: Decimal, status: str
) -> None:
    order = factories.make_order(total=Decimal(20))
    incident = factories.make_incident(order.customer, order=order)
    task = factories.make_task(order.customer, play="apology", status="waiting", team=rep.team)
    decided = {"status": "returned", "decided_by": manager, "decided_at": NOW - timedelta(days=1)}
    factories.make_offer(incident, task=task, amount=amount, **decided)
    revise_returned([rep], at=NOW)
    assert Offer.objects.get().status == status
