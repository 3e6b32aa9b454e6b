"""Forty parcels late from one cause: one decision, one approval, forty personal apologies."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Shop, Team, User
from apps.apologies.models import Cause, Incident, Offer
from apps.apologies.refusals import Refused
from apps.apologies.seal import is_intact
from apps.apologies.services import (
    approvable_of,
    approve_cause,
    decide_cause,
    link_improvement,
    open_cause,
    propose_missing_offers,
)
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask
from tests import factories
from tests.apologies.conftest import owe
from tests.factories import NOW

SHOWN = {"count": "3", "amount": "30.00"}
NAMES = [f"{first} {last}" for first in ("Ada", "Bo", "Cleo", "Dag", "Eve") for last in "ABCDEFGH"]


def parcels_late(team: Team, count: int = 40, **fields: object) -> list[Incident]:
    made = []
    for name in NAMES[:count]:
        customer = factories.make_customer(name=name)
        order = factories.make_order(
            customer, carrier="Postbird", promised_on=date(2026, 3, 2), total=Decimal(40)
        )
        made.append(factories.make_incident(customer, order=order, **fields))
        owe(made[-1], team=team)
    return made


@pytest.fixture
def cause(shop: Shop, team: Team, manager: User) -> Cause:
    incidents = parcels_late(team, 3)
    propose_missing_offers(now=NOW)
    return open_cause("The yard was closed", incidents=incidents, carrier="Postbird", by=manager, now=NOW)


def test_forty_parcels_are_one_decision_and_forty_apologies(
    shop: Shop, team: Team, manager: User, second_manager: User
) -> None:
    incidents = parcels_late(team)
    assert propose_missing_offers(now=NOW) == 40
    cause = open_cause("The yard was closed", incidents=incidents, by=manager, now=NOW)
    assert decide_cause(cause, remedy="refund", amount=Decimal("12.50"), by=manager, now=NOW) == 40
    result = approve_cause(cause, by=second_manager, now=NOW)
    assert (len(result.done), result.left) == (40, [])
    offers = list(Offer.objects.select_related("incident__customer", "incident__order"))
    assert {(offer.status, offer.compensation, offer.amount) for offer in offers} == {
        ("approved", "refund", Decimal("12.50"))
    }
    assert len({offer.words for offer in offers}) == 40
    assert len({offer.approved_hash for offer in offers}) == 40
    for offer in offers:
        assert is_intact(offer)
        assert offer.incident.customer.first_name in offer.words
        assert offer.incident.order
        assert offer.incident.order.external_id in offer.words
        assert "€12.50" in offer.words
    assert CareTask.objects.filter(play="apology", status="open").count() == 40
    assert Event.objects.filter(subject="apologies.offer", verb="approved").count() == 40


def test_what_it_costs_us_follows_the_amount(cause: Cause, manager: User) -> None:
    dear = Offer.objects.order_by("pk").first()
    assert dear
    Offer.objects.update(amount=20, cost=20)
    Offer.objects.filter(pk=dear.pk).update(cost=10)  # what it gives costs us half
    decide_cause(cause, remedy="coupon", amount=Decimal(10), by=manager, now=NOW)

    assert sorted(Offer.objects.values_list("amount", "cost")) == [(10, 5), (10, 10), (10, 10)]


def test_nobody_approves_what_they_decided(cause: Cause, manager: User) -> None:
    decide_cause(cause, remedy="coupon", amount=Decimal(10), by=manager, now=NOW)
    result = approve_cause(cause, by=manager, now=NOW)
    assert result.done == []
    assert len(result.left) == 3
    assert "somebody else has to decide" in result.left[0][1]


def test_one_that_is_refused_leaves_the_others_approved(
    cause: Cause, manager: User, second_manager: User
) -> None:
    decide_cause(cause, remedy="coupon", amount=Decimal(10), by=manager, now=NOW)
    own = Offer.objects.order_by("pk").first()
    Offer.objects.filter(pk=own.pk if own else 0).update(proposed_by=second_manager)
    result = approve_cause(cause, by=second_manager, now=NOW)
    assert len(result.done) == 2
    assert [offer for offer, _ in result.left] == [own]
    assert not approvable_of(cause, manager).exists()


def test_what_has_changed_since_the_page_is_not_approved(
    cause: Cause, team: Team, manager: User, second_manager: User
) -> None:
    decide_cause(cause, remedy="coupon", amount=Decimal(10), by=manager, now=NOW)
    late = factories.make_incident(order=factories.make_order(), cause=cause)
    owe(late, team=team)
    propose_missing_offers(now=NOW)
    with pytest.raises(Conflict, match=r"It is 4 and €40\.00 by now\. Look at the list again"):
        approve_cause(cause, by=second_manager, now=NOW, shown=(3, Decimal(30)))
    assert not Offer.objects.filter(status="approved").exists()
    assert len(approve_cause(cause, by=second_manager, now=NOW, shown=(4, Decimal(40))).done) == 4


def test_outside_of_the_band_the_decision_says_why(cause: Cause, manager: User) -> None:
    with pytest.raises(Refused, match=r"€5\.00 to €15\.00 is suggested"):
        decide_cause(cause, remedy="coupon", amount=Decimal(30), by=manager, now=NOW)
    decide_cause(
        cause, remedy="coupon", amount=Decimal(30), by=manager, now=NOW, departure="A week before Christmas"
    )
    assert set(Offer.objects.values_list("amount", "departure")) == {(30, "A week before Christmas")}


def test_no_order_is_given_more_than_its_rail(cause: Cause, manager: User) -> None:
    small = cause.incidents.order_by("pk").first()
    assert small
    assert small.order
    small.order.total = Decimal(4)
    small.order.save(update_fields=["total"])
    decide_cause(cause, remedy="coupon", amount=Decimal(10), by=manager, now=NOW)
    assert sorted(Offer.objects.values_list("amount", flat=True)) == [6, 10, 10]


def test_what_is_decided_already_stays(cause: Cause, manager: User, second_manager: User) -> None:
    decide_cause(cause, remedy="coupon", amount=Decimal(10), by=manager, now=NOW)
    approve_cause(cause, by=second_manager, now=NOW)
    assert decide_cause(cause, remedy="coupon", amount=Decimal(12), by=manager, now=NOW) == 0
    assert set(Offer.objects.values_list("status", "amount")) == {("approved", Decimal(10))}


def test_an_offer_that_comes_later_is_given_the_same(cause: Cause, team: Team, manager: User) -> None:
    decide_cause(cause, remedy="credit", amount=Decimal(11), by=manager, now=NOW)
    late = factories.make_incident(order=factories.make_order(), cause=cause)
    owe(late, team=team)
    propose_missing_offers(now=NOW)
    offer = late.offers.get()
    assert (offer.compensation, offer.amount) == ("credit", 11)


def test_what_is_undecided_is_not_approved(cause: Cause, client: Client, second_manager: User) -> None:
    with pytest.raises(Refused, match="Decide first"):
        approve_cause(cause, by=second_manager, now=NOW)
    client.force_login(second_manager)
    url = reverse("desk:approve_cause", args=[cause.pk])
    assert "Decide first" in client.post(url, SHOWN, follow=True).content.decode()
    assert "Load the list again" in client.post(url, {"count": "x"}, follow=True).content.decode()
    assert set(Offer.objects.values_list("status", flat=True)) == {"proposed"}


def test_a_rep_decides_no_cause(cause: Cause, rep: User) -> None:
    with pytest.raises(PermissionDenied):
        decide_cause(cause, remedy="coupon", amount=Decimal(10), by=rep, now=NOW)
    with pytest.raises(PermissionDenied):
        approve_cause(cause, by=rep, now=NOW)


def test_a_linked_improvement_stands_in_letters_that_nobody_touched(cause: Cause, manager: User) -> None:
    offers = list(Offer.objects.order_by("pk"))
    Offer.objects.filter(pk=offers[0].pk).update(words="My own words.", proposed_by=manager)
    link_improvement(cause, title="Two people now check each label.", done_on=NOW.date(), by=manager, now=NOW)
    words = list(Offer.objects.order_by("pk").values_list("words", flat=True))
    assert words[0] == "My own words."
    assert all("wo people now check each label." in text for text in words[1:])


def test_what_changes_later_is_said_with_its_day(cause: Cause, manager: User) -> None:
    link_improvement(
        cause,
        title="Two people check each label",
        done_on=NOW.date() + timedelta(days=9),
        by=manager,
        now=NOW,
    )
    offer = Offer.objects.first()
    assert offer
    assert "rom 13 March" in offer.words


class TestPages:
    def url(self, name: str, *args: int) -> str:
        return reverse(f"desk:{name}", args=args)

    def test_from_suggestion_to_seals(
        self, client: Client, team: Team, manager: User, second_manager: User
    ) -> None:
        incidents = parcels_late(team, 6)
        propose_missing_offers(now=NOW)
        Incident.objects.update(known_on=date.today())  # noqa: DTZ011 - young enough whenever this runs
        client.force_login(manager)
        assert "6 × Late with Postbird" in client.get(self.url("causes")).content.decode()
        group = {"kind": "late", "carrier": "Postbird", "promised_on": "", "name": "The yard was closed"}
        client.post(self.url("open_cause"), group)
        cause = Cause.objects.get()
        assert cause.incidents.count() == 6
        page = client.post(
            self.url("decide_cause", cause.pk), {"remedy": "coupon", "amount": "90", "departure": ""}
        )
        assert page.status_code == 422
        assert "Say why €90.00 is right" in page.content.decode()
        client.post(self.url("decide_cause", cause.pk), {"remedy": "coupon", "amount": "10"})
        own = client.get(self.url("cause", cause.pk)).content.decode()
        assert "You proposed these, so somebody else approves them." in own
        client.force_login(second_manager)
        assert "Approve 6, €60.00" in client.get(self.url("cause", cause.pk)).content.decode()
        shown = {"count": "6", "amount": "60.00"}
        told = client.post(self.url("approve_cause", cause.pk), shown, follow=True).content.decode()
        assert "6 approved, each with its own seal." in told
        assert incidents[0].offers.get().status == "approved"
        assert "€60.00" in client.get(self.url("causes")).content.decode()

    def test_a_long_list_is_cut_and_its_figures_are_not(
        self,
        client: Client,
        cause: Cause,
        manager: User,
        second_manager: User,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("apps.desk.causes.page.SHOWN", 2)
        decide_cause(cause, remedy="coupon", amount=Decimal(10), by=manager, now=NOW)
        client.force_login(second_manager)
        page = client.get(self.url("cause", cause.pk)).content.decode()
        assert page.count('class="row-link"') == 2
        for words in ["3 to decide, 0 approved", "Approve 3, €30.00", "3 personal apologies", "The 2 that"]:
            assert words in page
        shown = dict(re.findall(r'hidden" name="(count|amount)" value="([^"]*)"', page))
        assert (shown["count"], Decimal(shown["amount"])) == ("3", 30)
        told = client.post(self.url("approve_cause", cause.pk), shown, follow=True).content.decode()
        assert "3 approved, each with its own seal." in told
        assert "0 to decide, 3 approved" in told

    def test_it_says_whom_it_does_not_list(
        self, client: Client, cause: Cause, manager: User, second_manager: User
    ) -> None:
        theirs, bare, *_ = cause.incidents.order_by("pk")
        CareTask.objects.filter(offer__incident=theirs).update(team=factories.make_team("Elsewhere"))
        Offer.objects.filter(incident=bare).delete()
        assert decide_cause(cause, remedy="coupon", amount=Decimal(10), by=manager, now=NOW) == 2
        client.force_login(second_manager)
        page = client.get(self.url("cause", cause.pk)).content.decode()
        said = "3 problems, with Postbird. 1 to decide, 0 approved, 1 with other teams, 1 without an apology."
        assert said in page
        assert "their managers approve it" in page
        assert "Approve 1, €10.00" in page

    def test_a_stale_group_is_told_so(self, client: Client, manager: User) -> None:
        client.force_login(manager)
        told = client.post(self.url("open_cause"), {"kind": "late", "name": "x"}, follow=True)
        assert "no longer there" in told.content.decode()

    def test_taking_one_out(self, client: Client, cause: Cause, manager: User) -> None:
        client.force_login(manager)
        incident = cause.incidents.first()
        assert incident
        client.post(self.url("remove_incident", incident.pk))
        assert cause.incidents.count() == 2
