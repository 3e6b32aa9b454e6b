"""A manager takes back what was given on the offer's page, with a reason."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Role, User
from apps.apologies.models import Compensation, Incident
from apps.apologies.services import reverse as take_back
from apps.worklist.models import CareTask
from tests import factories

from .money import given, make_budget, sums

ASKS = "Take back what was given to"


@pytest.fixture
def coupon(incident: Incident, task: CareTask, manager: User, now: datetime) -> Compensation:
    make_budget()
    return given(manager, now, incident, task=task, status="delivered")


def url_of(coupon: Compensation, name: str = "take_back_given") -> str:
    return reverse(f"desk:{name}", args=[coupon.offer_id])


def page_of(client: Client, coupon: Compensation) -> str:
    return client.get(url_of(coupon, "offer")).content.decode()


def test_it_is_taken_back_and_the_page_says_so(client: Client, coupon: Compensation, manager: User) -> None:
    client.force_login(manager)
    assert ASKS in page_of(client, coupon)
    facts = {"given": coupon.pk, "reason": "Sent twice"}
    page = client.post(url_of(coupon), facts, follow=True).content.decode()
    coupon.refresh_from_db()
    assert (coupon.status, coupon.reversed_reason) == ("reversed", "Sent twice")
    assert sums(coupon.entries.first().budget) == ("0.00", "0.00", "0.00", "0.00")
    assert "€10.00 given to" in page and "is taken back, and its money is free again." in page
    assert "What it gave was taken back by" in page
    assert ASKS not in page


def test_it_needs_a_reason(client: Client, coupon: Compensation, manager: User) -> None:
    client.force_login(manager)
    page = client.post(url_of(coupon), {"given": coupon.pk, "reason": " "})
    assert page.status_code == 422
    assert "Say why it is taken back" in page.content.decode()
    coupon.refresh_from_db()
    assert coupon.status == "issued"


def test_twice_is_told_in_words(client: Client, coupon: Compensation, manager: User, now: datetime) -> None:
    take_back(coupon, reason="Sent twice", by=manager, now=now)
    client.force_login(manager)
    page = client.post(url_of(coupon), {"given": coupon.pk, "reason": "Again"}, follow=True)
    assert "This was taken back already" in page.content.decode()


def test_what_another_offer_gave_is_not_taken_back_here(
    client: Client, coupon: Compensation, manager: User, now: datetime
) -> None:
    other = given(manager, now)
    client.force_login(manager)
    page = client.post(url_of(coupon), {"given": other.pk, "reason": "Sent twice"}, follow=True)
    assert "Nothing stands that this offer gave" in page.content.decode()
    other.refresh_from_db()
    assert other.status == "issued"


def test_an_approved_offer_has_to_be_changed_then(
    client: Client, incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    coupon = given(manager, now, incident, task=task)
    client.force_login(manager)
    page = client.post(url_of(coupon), {"given": coupon.pk, "reason": "Sent twice"}, follow=True)
    assert "Change the offer before anybody calls" in page.content.decode()


@pytest.mark.parametrize("role", [Role.REP, Role.MARKETER])
def test_others_neither_see_nor_do_it(client: Client, coupon: Compensation, role: Role) -> None:
    client.force_login(factories.make_user(role))
    assert ASKS not in page_of(client, coupon)
    assert client.post(url_of(coupon), {"given": coupon.pk, "reason": "x"}).status_code == 403


def test_another_teams_manager_does_not_find_it(client: Client, coupon: Compensation) -> None:
    client.force_login(factories.make_user(Role.MANAGER, team=factories.make_team("Elsewhere")))
    assert client.post(url_of(coupon), {"given": coupon.pk, "reason": "x"}).status_code == 404


def test_it_is_no_page_to_get(client: Client, coupon: Compensation, manager: User) -> None:
    client.force_login(manager)
    assert client.get(url_of(coupon)).status_code == 405
