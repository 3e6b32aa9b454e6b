"""Who decides reads before they press what their approval would meet."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape

from apps.accounts.models import User
from apps.apologies.models import Budget, Limit, Offer
from apps.apologies.refusals import OverLimit
from apps.apologies.services import approve
from tests.apologies.money import make_budget
from tests.apologies.pages import shown


def test_what_an_approval_would_meet_is_told_before_it(
    desk: Client, offer: Offer, manager: User, now: datetime
) -> None:
    assert "more than you can approve" not in shown(desk, offer)
    Limit.objects.create(role="manager", one_offer=Decimal(8))
    page = shown(desk, offer)
    assert "This is more than you can approve." in page
    assert "A manager approves at most €8.00 for one incident, and with this it would be €10.00." in page
    with pytest.raises(OverLimit, match=r"at most €8.00"):
        approve(offer, by=manager, now=now, version=1)


def test_that_a_second_has_to_approve_is_told_before_it(desk: Client, offer: Offer) -> None:
    Limit.objects.create(role="manager", second_above=Decimal(8))
    page = shown(desk, offer)
    assert "You would be the first of two." in page
    assert "It gives €10.00 for one incident. Above €8.00, two people approve." in page


def test_a_budget_that_does_not_hold_it_is_told_before_it(
    desk: Client, offer: Offer, manager: User, now: datetime
) -> None:
    today = timezone.now().date()
    days = {"starts_on": today - timedelta(days=2), "ends_on": today + timedelta(days=2)}
    budget = make_budget("9.99", **days)
    page = shown(desk, offer)
    assert "This is more than you can approve." in page
    with pytest.raises(OverLimit) as over:
        approve(offer, by=manager, now=timezone.now(), version=1)
    assert escape(str(over.value)) in page
    Budget.objects.filter(pk=budget.pk).update(amount=100, soft=Decimal("9.99"))
    assert "You would be the first of two." in shown(desk, offer)


def test_who_may_not_decide_is_told_nothing_of_it(client: Client, offer: Offer, rep: User) -> None:
    Limit.objects.create(role="manager", one_offer=Decimal(8))
    client.force_login(rep)
    assert "more than you can approve" not in shown(client, offer)
