"""How far whose word goes: for one incident, for one customer a year, for one proposer a day."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from apps.accounts.models import Shop, User
from apps.apologies.models import Incident, Limit, Offer
from apps.apologies.refusals import OverLimit
from apps.apologies.services import (
    approve,
    approve_lower,
    approve_many,
    check_limits,
    commit_money,
    edit_offer,
    issue,
    redeem,
    reverse,
    second_needed,
)
from apps.apologies.services.limits import word_of
from apps.customers.models import Order
from apps.worklist.models import CareTask
from tests import factories

from .money import approved_offer, given

pytestmark = pytest.mark.django_db


def offer_of(amount: str, incident: Incident | None = None, **fields: object) -> Offer:
    return factories.make_offer(incident, amount=Decimal(amount), **fields)


def again(incident: Incident) -> Incident:
    """The case that a second report of the order opens once its apology was delivered."""
    return factories.make_incident(incident.customer, order=incident.order, follows=incident)


def test_a_managers_word_goes_to_the_cent(shop: Shop, manager: User, now: datetime) -> None:
    check_limits(offer_of("250.00"), by=manager, now=now)
    with pytest.raises(OverLimit) as over:
        check_limits(offer_of("250.01"), by=manager, now=now)
    assert str(over.value) == (
        "A manager approves at most €250.00 for one incident, and with this it would be €250.01. "
        "Lower the amount to €250.00, or ask an admin."
    )


def test_an_admins_word_goes_further(shop: Shop, admin: User, now: datetime) -> None:
    check_limits(offer_of("1000"), by=admin, now=now)
    with pytest.raises(OverLimit, match="raise the limit in the back office"):
        check_limits(offer_of("1000.01"), by=admin, now=now)


def test_a_reps_word_gives_nothing(rep: User, now: datetime) -> None:
    with pytest.raises(OverLimit, match="Nothing of it is left: ask a manager"):
        check_limits(offer_of("0.01"), by=rep, now=now)


def test_yen_have_a_hundred_times_the_limit() -> None:
    assert word_of("manager", "coupon", "JPY").one_offer == 25_000


def test_a_row_takes_the_place_of_the_default(manager: User, now: datetime) -> None:
    Limit.objects.create(role="manager", one_offer=Decimal(20))
    check_limits(offer_of("20"), by=manager, now=now)
    with pytest.raises(OverLimit, match=r"at most €20\.00"):
        check_limits(offer_of("20.01"), by=manager, now=now)


def test_a_row_of_the_kind_goes_before_that_of_all_others(manager: User, now: datetime) -> None:
    Limit.objects.create(role="manager", one_offer=Decimal(20))
    Limit.objects.create(role="manager", kind="refund", one_offer=Decimal(90))
    check_limits(offer_of("90", compensation="refund"), by=manager, now=now)
    with pytest.raises(OverLimit):
        check_limits(offer_of("90", compensation="credit"), by=manager, now=now)


def test_an_empty_limit_sets_none(manager: User, now: datetime) -> None:
    Limit.objects.create(role="manager")
    check_limits(offer_of("9999"), by=manager, now=now)
    assert second_needed(offer_of("9999"), by=manager, now=now) == ""


def test_splitting_one_order_over_two_cases_is_refused(
    incident: Incident, manager: User, now: datetime
) -> None:
    approved_offer(manager, incident, status="delivered", amount=Decimal(200))
    with pytest.raises(OverLimit, match=r"it would be €250.01. Lower the amount to €50.00"):
        check_limits(offer_of("50.01", again(incident)), by=manager, now=now)
    check_limits(offer_of("50.00", again(incident)), by=manager, now=now)


def test_a_third_case_counts_the_second(incident: Incident, manager: User, now: datetime) -> None:
    approved_offer(manager, again(incident), amount=Decimal(200))
    with pytest.raises(OverLimit):
        check_limits(offer_of("60", again(incident)), by=manager, now=now)
    with pytest.raises(OverLimit):
        check_limits(offer_of("60", incident), by=manager, now=now)


def test_an_offer_that_waits_for_its_second_counts(incident: Incident, manager: User, now: datetime) -> None:
    first = {"first_approved_by": manager, "first_approved_at": now, "status": "seconding"}
    offer_of("200", incident, **first)
    with pytest.raises(OverLimit):
        check_limits(offer_of("60", again(incident)), by=manager, now=now)


def test_another_order_is_another_incident(incident: Incident, manager: User, now: datetime) -> None:
    approved_offer(manager, incident, amount=Decimal(200))
    order = factories.make_order(incident.customer)
    other = factories.make_incident(incident.customer, order=order)
    check_limits(offer_of("200", other), by=manager, now=now)


def test_splitting_does_not_avoid_the_second_approver(
    incident: Incident, manager: User, now: datetime
) -> None:
    approved_offer(manager, incident, status="delivered", amount=Decimal(100))
    assert second_needed(offer_of("50.00", again(incident)), by=manager, now=now) == ""
    assert second_needed(offer_of("50.01", again(incident)), by=manager, now=now) == (
        "It gives €150.01 for one incident. Above €150.00, two people approve."
    )


def test_a_customer_is_given_so_much_in_twelve_months(
    incident: Incident, manager: User, now: datetime
) -> None:
    for days, amount in ((364, 150), (20, 200), (366, 250)):
        past = factories.make_incident(incident.customer)
        decided = {"decided_at": now - timedelta(days=days), "status": "delivered"}
        approved_offer(manager, past, amount=Decimal(amount), **decided)
    offer = offer_of("50.00", incident)
    check_limits(offer, by=manager, now=now)
    offer.amount += Decimal("0.01")
    with pytest.raises(OverLimit, match=r"one customer in twelve months, and with this it would be €400.01"):
        check_limits(offer, by=manager, now=now)


def test_other_customers_do_not_count(manager: User, now: datetime) -> None:
    for _ in range(3):
        approved_offer(manager, amount=Decimal(200))
    check_limits(offer_of("200"), by=manager, now=now)


def test_what_was_taken_back_counts_no_more(incident: Incident, manager: User, now: datetime) -> None:
    past = factories.make_incident(incident.customer)
    compensation = given(manager, now, past, amount=Decimal(250), status="delivered")
    offer = offer_of("200", incident)
    with pytest.raises(OverLimit, match="twelve months"):
        check_limits(offer, by=manager, now=now)
    reverse(compensation, reason="Sent twice", by=manager, now=now)
    check_limits(offer, by=manager, now=now)


def test_what_was_used_before_it_was_taken_back_counts_on(
    incident: Incident, manager: User, now: datetime
) -> None:
    Order.objects.update(total=200)
    compensation = given(manager, now, incident, amount=Decimal(150), status="delivered")
    redeem(compensation, order="1042", redeemed_at=now, by=None, now=now)
    reverse(compensation, reason="That order was cancelled", by=manager, now=now)
    offer = offer_of("150", again(incident))
    assert second_needed(offer, by=manager, now=now)
    with pytest.raises(OverLimit, match=r"it would be €300.00"):
        check_limits(offer, by=manager, now=now)
    year = now + timedelta(days=366)
    check_limits(offer, by=manager, now=year)


def test_it_counts_also_where_the_same_offer_gives_anew(
    incident: Incident, task: CareTask, manager: User, second_manager: User, now: datetime
) -> None:
    """Its letter went before the call: used, taken back, changed and approved again."""
    Order.objects.update(total=200)
    compensation = given(manager, now, incident, task=task, amount=Decimal(150))
    redeem(compensation, order="1042", redeemed_at=now, by=None, now=now)
    reverse(compensation, reason="That order was cancelled", by=manager, now=now)
    offer = Offer.objects.get()
    facts = {"words": "I am sorry.", "compensation": "coupon", "amount": Decimal(90), "version": 1}
    edit_offer(offer, **facts, departure="Twice", by=second_manager, now=now)  # type: ignore[arg-type]
    approve(offer, by=manager, now=now, version=2)
    assert (offer.status, offer.decision_note) == (
        "seconding",
        "It gives €240.00 for one incident. Above €150.00, two people approve.",
    )


def test_one_person_proposes_so_much_in_a_day(rep: User, manager: User, now: datetime) -> None:
    for _ in range(8):
        approved_offer(manager, amount=Decimal(240), proposed_by=rep)
    check_limits(offer_of("80.00", proposed_by=rep), by=manager, now=now)
    with pytest.raises(OverLimit, match=r"one person proposes in a day, and with this it would be €2,000.01"):
        check_limits(offer_of("80.01", proposed_by=rep), by=manager, now=now)


def test_the_day_is_the_shops(rep: User, manager: User, now: datetime) -> None:
    """Berlin is an hour ahead: 23:30 UTC is the next day."""
    Limit.objects.create(role="manager", proposer_day=Decimal(100))
    late = now.replace(hour=23, minute=30)
    approved_offer(manager, amount=Decimal(60), proposed_by=rep, proposed_at=late)
    check_limits(offer_of("60", proposed_by=rep, proposed_at=now), by=manager, now=late)
    with pytest.raises(OverLimit):
        next_day = now + timedelta(days=1)
        check_limits(offer_of("60", proposed_by=rep, proposed_at=next_day), by=manager, now=next_day)


def test_the_system_and_others_are_not_this_proposer(
    rep: User, other_rep: User, manager: User, now: datetime
) -> None:
    Limit.objects.create(role="manager", proposer_day=Decimal(100))
    approved_offer(manager, amount=Decimal(100), proposed_by=other_rep)
    approved_offer(manager, amount=Decimal(100))
    check_limits(offer_of("100", proposed_by=rep), by=manager, now=now)
    check_limits(offer_of("200"), by=manager, now=now)


def test_an_order_that_was_corrected_is_asked_again_at_approval(
    offer: Offer, manager: User, now: datetime
) -> None:
    Order.objects.update(total=Decimal("6.66"))
    seen = Offer.objects.get()
    with pytest.raises(OverLimit, match=r"At most €9.99: 150 % of the order"):
        approve(seen, by=manager, now=now, version=1)
    with pytest.raises(OverLimit, match=r"At most €9.99: 150 % of the order"):
        approve_lower(seen, amount=Decimal("9.995"), by=manager, now=now, version=1, reason="Less")
    assert approve_many([(seen, 1)], by=manager, now=now).done == []
    approve_lower(Offer.objects.get(), amount=Decimal("9.99"), by=manager, now=now, version=1, reason="Less")
    assert Offer.objects.get().status == "approved"


def test_an_order_that_was_corrected_is_asked_again_when_it_is_given(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    offer = approved_offer(manager, incident, task=task)
    commit_money(offer, by=manager, now=now)
    Order.objects.update(total=Decimal("6.66"))
    with pytest.raises(OverLimit, match=r"At most €9.99: 150 % of the order"):
        issue(offer, by=manager, now=now)


def test_a_later_case_of_an_order_stays_on_its_rail(incident: Incident, manager: User, now: datetime) -> None:
    approved_offer(manager, incident, status="delivered", amount=Decimal(50))
    case = offer_of("24.26", again(incident), compensation="refund")
    with pytest.raises(OverLimit) as over:
        approve(case, by=manager, now=now, version=1)
    assert str(over.value) == (
        "At most €24.25 more: €50.00 is given for this order already, and €74.25 is 150 % of it. "
        "More than that harms."
    )
    facts = {"words": "I am sorry.", "compensation": "refund", "departure": "Twice", "version": 1}
    with pytest.raises(OverLimit, match=r"At most €24.25 more"):
        edit_offer(case, amount=Decimal("24.26"), by=manager, now=now, **facts)  # type: ignore[arg-type]
    approve_lower(case, amount=Decimal("24.25"), by=manager, now=now, version=1, reason="The rest of it")
    assert Offer.objects.get(pk=case.pk).status == "approved"
