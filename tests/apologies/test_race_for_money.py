"""Sixty-four at once at the edge: exactly one takes effect, and never a cent too much."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from apps.accounts.models import Role, Team, User
from apps.apologies.models import Compensation, CouponCode, LedgerEntry, Offer
from apps.apologies.reconcile import reconcile
from apps.apologies.refusals import OverLimit
from apps.apologies.services import (
    approve,
    check_limits,
    commit_money,
    expire_compensations,
    issue,
    redeem,
    release_money,
    reverse,
    unissue,
)
from apps.core.models import Event
from apps.core.statuses import Conflict, advance
from tests import factories

from .money import approved_offer, given, make_budget, sums
from .test_race_for_offer import Step, at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.usefixtures("no_other_race"),
]
MANY = 64


def kinds(raised: list[BaseException | None]) -> Counter[str]:
    return Counter(type(error).__name__ for error in raised)


def balances() -> bool:
    return not [line for line in reconcile() if line.differences]


def approval(offer: Offer, by: User, now: datetime) -> Step:
    """What an approval does with money, in one transaction."""

    def approve() -> None:
        with transaction.atomic():
            check_limits(offer, by=by, now=now)
            decided = {"decided_by": by, "decided_at": now, "approved_hash": offer.approved_hash}
            advance(offer, "approved", by=by, now=now, changes=decided)
            commit_money(offer, by=by, now=now)

    return approve


def proposals(*, by: User, number: int = MANY, **fields: object) -> list[Offer]:
    """Sealed already, so that what was approved is intact."""
    offers = [approved_offer(by, **fields) for _ in range(number)]
    Offer.objects.update(status="proposed", decided_by=None, decided_at=None)
    related = ("incident__order", "task")
    return list(Offer.objects.filter(pk__in=[offer.pk for offer in offers]).select_related(*related))


def test_a_budget_that_holds_one_more_takes_one(manager: User, now: datetime) -> None:
    budget = make_budget("19.99")
    raised = at_once(*(approval(offer, manager, now) for offer in proposals(by=manager)))
    assert kinds(raised) == {"NoneType": 1, "OverLimit": MANY - 1}
    assert sums(budget)[0] == "10.00"
    assert Offer.objects.filter(status="approved").count() == 1
    assert balances()


def test_a_budget_is_filled_to_the_cent(manager: User, now: datetime) -> None:
    budget = make_budget("3.30")
    offers = proposals(by=manager, amount=Decimal("0.10"))
    raised = at_once(*(approval(offer, manager, now) for offer in offers))
    assert kinds(raised) == {"NoneType": 33, "OverLimit": MANY - 33}
    assert sums(budget)[0] == "3.30"
    assert balances()


def test_two_at_once_over_the_soft_stop_need_a_second(team: Team, now: datetime) -> None:
    """Each alone is below it: whoever comes second is told of the first."""
    budget = make_budget("500.00", soft=Decimal(100), team=team)
    for _ in range(5):
        factories.make_offer(task=factories.make_task(team=team, status="waiting"), amount=Decimal(60))
    related = ("task", "incident__order")
    steps = [
        partial(approve, offer, by=factories.make_user(Role.MANAGER, team=team), now=now, version=1)
        for offer in Offer.objects.select_related(*related)
    ]
    assert kinds(at_once(*steps)) == {"NoneType": 5}
    assert Counter(Offer.objects.values_list("status", flat=True)) == {"approved": 1, "seconding": 4}
    assert sums(budget)[0] == "60.00"


def test_a_customers_year_takes_one_more_of_different_offers(manager: User, now: datetime) -> None:
    customer = factories.make_customer()
    offers = [
        offer
        for _ in range(MANY)
        for offer in proposals(
            by=manager, number=1, incident=factories.make_incident(customer), amount=Decimal("200.01")
        )
    ]
    raised = at_once(*(approval(offer, manager, now) for offer in offers))
    assert kinds(raised) == {"NoneType": 1, "OverLimit": MANY - 1}
    assert Offer.objects.filter(status="approved").count() == 1


def test_a_proposers_day_takes_one_more(manager: User, rep: User, now: datetime) -> None:
    for _ in range(8):
        approved_offer(manager, amount=Decimal(225), proposed_by=rep)
    before = set(Offer.objects.values_list("pk", flat=True))
    offers = proposals(by=manager, amount=Decimal("200.00"), proposed_by=rep)
    decided = {"status": "approved", "decided_by": manager, "decided_at": now}
    Offer.objects.filter(pk__in=before).update(**decided)
    raised = at_once(*(approval(offer, manager, now) for offer in offers))
    assert kinds(raised) == {"NoneType": 1, "OverLimit": MANY - 1}


def test_one_offer_is_given_once(manager: User, rep: User, now: datetime) -> None:
    budget, offer = make_budget("10.00"), approved_offer(manager)
    commit_money(offer, by=manager, now=now)
    rows: list[int] = []
    raised = at_once(*(lambda: rows.append(issue(offer, by=rep, now=now).pk) for _ in range(MANY)))
    assert kinds(raised) == {"NoneType": MANY}
    assert len(rows) == MANY and len(set(rows)) == 1
    assert Compensation.objects.count() == 1
    assert Event.objects.filter(subject="apologies.compensation").count() == 1
    assert sums(budget) == ("0.00", "10.00", "0.00", "0.00")
    assert balances()


def test_an_old_approval_is_given_once_at_the_edge_of_the_budget(
    manager: User, rep: User, now: datetime
) -> None:
    budget = make_budget("10.00")
    offers = [approved_offer(manager) for _ in range(MANY)]
    raised = at_once(*(lambda offer=offer: issue(offer, by=rep, now=now) for offer in offers))
    assert kinds(raised) == {"NoneType": 1, "OverLimit": MANY - 1}
    assert Compensation.objects.count() == 1
    assert sums(budget) == ("0.00", "10.00", "0.00", "0.00")
    assert balances()


def test_a_coupon_is_used_for_one_of_many_orders(manager: User, now: datetime) -> None:
    budget = make_budget()
    coupon = given(manager, now)
    results: list[str] = []

    def use(order: int) -> Step:
        return lambda: results.append(
            redeem(coupon.code or "", order=f"{order}", redeemed_at=now, by=None, now=now).result.value
        )

    assert kinds(at_once(*(use(order) for order in range(MANY)))) == {"NoneType": MANY}
    assert Counter(results) == {"accepted": 1, "other order": MANY - 1}
    assert sums(budget) == ("0.00", "10.00", "10.00", "0.00")
    assert balances()


def test_the_same_redemption_at_once_is_one(manager: User, now: datetime) -> None:
    coupon = given(manager, now)
    results: list[str] = []
    step = lambda: results.append(  # noqa: E731
        redeem(coupon, order="1", redeemed_at=now, by=None, now=now).result.value
    )
    assert kinds(at_once(*[step] * MANY)) == {"NoneType": MANY}
    assert Counter(results) == {"accepted": 1, "already": MANY - 1}


def test_one_code_of_the_pool_is_given_to_one(manager: User, rep: User, now: datetime) -> None:
    pooled = CouponCode.objects.create(
        code="SORRY-1", amount=Decimal(10), currency="EUR", imported_at=now, expires_on=date(2026, 12, 31)
    )
    offers = [approved_offer(manager) for _ in range(MANY)]
    raised = at_once(*(lambda offer=offer: issue(offer, by=rep, now=now) for offer in offers))
    assert kinds(raised) == {"NoneType": MANY}
    assert Compensation.objects.filter(code="SORRY-1").count() == 1
    assert Compensation.objects.values("code").distinct().count() == MANY
    pooled.refresh_from_db()
    assert pooled.compensation is not None and pooled.compensation.code == "SORRY-1"
    assert balances()


def test_used_taken_back_and_run_out_at_once_ends_one_way(manager: User, rep: User, now: datetime) -> None:
    """Redemption, reversal, undo and expiry lock in different places: no deadlock, and the books balance."""
    make_budget("1000")
    coupons = [given(manager, now) for _ in range(8)]
    late = datetime.fromisoformat("2026-10-01T10:00:00+00:00")
    steps: list[Step] = []
    for coupon in coupons:
        steps += [
            _quiet(lambda c=coupon: redeem(c, order="1", redeemed_at=now, by=None, now=late)),
            _quiet(lambda c=coupon: reverse(c, reason="Twice", by=manager, now=late)),
            _quiet(lambda c=coupon: unissue(c.offer, by=rep, now=late)),
            _quiet(lambda c=coupon: issue(c.offer, by=rep, now=late)),
            _quiet(lambda c=coupon: release_money(c.offer, by=rep, now=late, reason="Edited")),
            _quiet(lambda: expire_compensations(now=late)),
        ]
    assert kinds(at_once(*steps)) == {"NoneType": len(steps)}
    wrong = {line.what for line in reconcile() if line.differences}
    assert wrong <= {"What is set aside for an offer is what its status says"}  # released, and not voided
    assert LedgerEntry.objects.count() >= 24


def _quiet(step: Callable[[], object]) -> Step:
    def run() -> None:
        with suppress(Conflict, OverLimit):
            step()

    return run
