"""Nobody decides on what they had a hand in, by whichever way their hand came into it."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Shop, Team, User
from apps.apologies.authors import joined, keys_of
from apps.apologies.models import Incident, Offer
from apps.apologies.permissions import deciders, may_decide
from apps.apologies.services import (
    add_incidents,
    approve,
    approve_cause,
    decide_cause,
    edit_offer,
    link_improvement,
    open_cause,
    propose_missing_offers,
    report_incident,
    resolve_incident,
)
from apps.worklist.models import CareTask
from tests import factories
from tests.apologies.conftest import owe
from tests.factories import NOW


@pytest.mark.parametrize(("keys", "text"), [([], ""), ([None], ""), ([17, 3, 3, None], ",3,17,")])
def test_authors_are_kept_as_text_that_a_list_can_ask(keys: list[int | None], text: str) -> None:
    assert joined(keys) == text
    assert keys_of(text) == {key for key in keys if key}


def test_a_key_is_not_found_in_a_longer_one(offer: Offer, manager: User) -> None:
    Offer.objects.update(authors=f",{manager.pk}0,1{manager.pk},")
    assert Offer.objects.of_others(manager).exists()
    Offer.objects.update(authors=f",{manager.pk}0,{manager.pk},")
    assert not Offer.objects.of_others(manager).exists()
    assert Offer.objects.by_themselves(manager).exists()


def test_who_changed_it_before_the_last_one_still_has_a_hand_in_it(
    offer: Offer, manager: User, second_manager: User, admin: User
) -> None:
    given = {"compensation": "coupon", "amount": Decimal(10)}
    edit_offer(offer, words="Mine, at length.", by=manager, now=NOW, version=1, **given)
    edit_offer(offer, words="Mine, at length!", by=second_manager, now=NOW, version=2, **given)
    for one in (manager, second_manager):
        assert not may_decide(one, offer)
        with pytest.raises(PermissionDenied, match="You proposed or changed this offer"):
            approve(offer, by=one, now=NOW, version=3)
    assert set(deciders(offer)) == {admin}
    approve(offer, by=admin, now=NOW, version=3)
    assert offer.status == "approved"


def test_who_decided_for_a_cause_approves_none_that_the_system_proposes_later(
    shop: Shop, team: Team, manager: User, second_manager: User
) -> None:
    order = factories.make_order(total=Decimal(400))
    incident = factories.make_incident(order.customer, order=order)
    owe(incident, team=team)
    cause = open_cause("The yard was closed", incidents=[incident], by=manager, now=NOW)
    decide_cause(
        cause, remedy="coupon", amount=Decimal(60), by=manager, now=NOW, departure="They waited for weeks"
    )
    propose_missing_offers(now=NOW)
    offer = incident.offers.get()
    assert (offer.amount, offer.departure, offer.proposed_by) == (60, "They waited for weeks", None)
    [(left, why)] = approve_cause(cause, by=manager, now=NOW).left
    assert (left, why) == (offer, "You proposed or changed this offer, so somebody else has to decide.")
    assert approve_cause(cause, by=second_manager, now=NOW).done == [offer]


def test_who_puts_an_incident_under_a_decided_cause_leaves_it_to_a_third(
    shop: Shop, team: Team, offer: Offer, manager: User, second_manager: User, admin: User
) -> None:
    cause = factories.make_cause(remedy="coupon", amount=Decimal(9), decided_by=manager)
    add_incidents(cause, [offer.incident], by=second_manager, now=NOW)
    offer.refresh_from_db()
    assert set(deciders(offer)) == {admin}


@pytest.mark.parametrize("is_proposed", [True, False])
def test_who_promises_an_improvement_approves_no_letter_that_says_so(
    shop: Shop, team: Team, manager: User, second_manager: User, is_proposed: bool
) -> None:
    incident = factories.make_incident(order=factories.make_order())
    owe(incident, team=team)
    cause = open_cause("The yard was closed", incidents=[incident], by=second_manager, now=NOW)
    if is_proposed:
        propose_missing_offers(now=NOW)
    link_improvement(cause, title="Two people check each label", done_on=NOW.date(), by=manager, now=NOW)
    propose_missing_offers(now=NOW)
    offer = incident.offers.get()
    assert "wo people check each label" in offer.words
    assert (may_decide(manager, offer), may_decide(second_manager, offer)) == (False, True)


def test_a_letter_made_anew_keeps_whose_sums_stand_in_it(
    incident: Incident, task: CareTask, team: Team, manager: User, rep: User
) -> None:
    cause = factories.make_cause(remedy="coupon", amount=Decimal(9), decided_by=manager, departure="Storm")
    Incident.objects.update(cause=cause)
    propose_missing_offers(now=NOW)
    told = {"kind": "lost", "severity": "serious", "detail": "It never came."}
    report_incident(incident.customer, order=incident.order, by=rep, now=NOW, **told)
    offer = incident.offers.get()
    assert (offer.for_kind, offer.amount, offer.departure) == ("lost", 9, "Storm")
    assert not may_decide(manager, offer)


class TestClosing:
    """Saying that nothing is owed is as good as declining the offer."""

    def test_is_not_for_who_has_a_hand_in_the_offer(
        self, offer: Offer, manager: User, second_manager: User
    ) -> None:
        Offer.objects.update(authors=f",{manager.pk},")
        with pytest.raises(PermissionDenied, match="Another manager has to say that"):
            resolve_incident(offer.incident, reason="No", by=manager, now=NOW)
        resolve_incident(offer.incident, reason="It came in time", by=second_manager, now=NOW)
        offer.refresh_from_db()
        assert offer.status == "withdrawn"

    def test_is_not_for_who_had_a_hand_in_it_while_they_waited_for_its_lock(
        self, offer: Offer, manager: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def lock_after_their_edit(incidents: list[int]) -> None:
            Offer.objects.filter(incident__in=incidents).update(authors=f",{manager.pk},")

        monkeypatch.setattr("apps.apologies.services.incidents.lock_offers_of", lock_after_their_edit)
        with pytest.raises(PermissionDenied, match="Another manager has to say that"):
            resolve_incident(offer.incident, reason="No", by=manager, now=NOW)

    def test_is_not_for_the_first_of_two_approvers(self, offer: Offer, manager: User) -> None:
        Offer.objects.update(status="seconding", first_approved_by=manager)
        with pytest.raises(PermissionDenied):
            resolve_incident(offer.incident, reason="No", by=manager, now=NOW)

    def test_is_not_for_another_team(self, offer: Offer, second_manager: User) -> None:
        second_manager.team = factories.make_team("Elsewhere")
        second_manager.save(update_fields=["team"])
        with pytest.raises(PermissionDenied):
            resolve_incident(offer.incident, reason="No", by=second_manager, now=NOW)

    def test_is_not_for_whom_it_tells_of(self, offer: Offer, manager: User, second_manager: User) -> None:
        Incident.objects.update(kind="rude", colleague=manager)
        with pytest.raises(PermissionDenied):
            resolve_incident(offer.incident, reason="No", by=manager, now=NOW)
        resolve_incident(offer.incident, reason="It was somebody else", by=second_manager, now=NOW)

    def test_the_record_offers_it_to_who_may(
        self, client: Client, offer: Offer, manager: User, second_manager: User
    ) -> None:
        Offer.objects.update(authors=f",{manager.pk},")
        url = reverse("desk:customer", args=[offer.incident.customer_id])
        act = reverse("desk:close_incident", args=[offer.incident_id])
        for who, may in ((manager, False), (second_manager, True)):
            client.force_login(who)
            assert (act in client.get(url).content.decode()) is may
            if not may:
                assert client.post(act, {"reason": "No"}).status_code == 403
