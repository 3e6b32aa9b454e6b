"""A failure that is taken out of its cause is no longer promised what that cause's improvement changes."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Team, User
from apps.apologies.models import Cause, Incident, Offer
from apps.apologies.refusals import Refused
from apps.apologies.services import (
    approve,
    decide_cause,
    edit_offer,
    link_improvement,
    open_cause,
    propose_missing_offers,
    remove_incident,
)
from apps.worklist.models import CareTask
from apps.worklist.services.leases import hold
from tests import factories
from tests.apologies.conftest import owe
from tests.factories import NOW

PROMISE = "wo people now check each label"


@pytest.fixture
def offer(team: Team, admin: User) -> Offer:
    """The system's letter, which promises what its cause's improvement changes."""
    order = factories.make_order()
    incident = factories.make_incident(order.customer, order=order)
    owe(incident, team=team)
    propose_missing_offers(now=NOW)
    cause = open_cause("Labels come off", incidents=[incident], by=admin, now=NOW)
    link_improvement(cause, title=f"T{PROMISE}.", done_on=NOW.date(), by=admin, now=NOW)
    offer = Offer.objects.get()
    assert PROMISE in offer.words
    return offer


def take_out(offer: Offer, by: User) -> None:
    incident = Incident.objects.get(pk=offer.incident_id)
    remove_incident(Cause.objects.get(), incident, by=by, now=NOW)
    offer.refresh_from_db()


def test_a_letter_that_nobody_touched_says_it_no_more(offer: Offer, manager: User) -> None:
    take_out(offer, manager)
    assert PROMISE not in offer.words
    approve(offer, by=manager, now=NOW, version=offer.version)


def test_an_approved_one_is_made_anew_and_decided_anew(
    offer: Offer, manager: User, second_manager: User
) -> None:
    approve(offer, by=manager, now=NOW, version=offer.version)
    take_out(offer, manager)
    assert (offer.status, PROMISE in offer.words) == ("proposed", False)
    assert CareTask.objects.get().status == "waiting"


def test_words_of_a_person_stay_and_are_not_approved_before_the_sentence_is_out(
    offer: Offer, manager: User, second_manager: User
) -> None:
    own = f"Dear Grace, we are sorry. From 4 March on, T{PROMISE}."
    parts = {"compensation": offer.compensation, "amount": offer.amount}
    edit_offer(offer, words=own, by=manager, now=NOW, version=offer.version, **parts)  # type: ignore[arg-type]
    approve(offer, by=second_manager, now=NOW, version=offer.version)
    take_out(offer, manager)
    assert (offer.status, offer.words) == ("proposed", own)
    with pytest.raises(Refused, match="Take the sentence out, or put this under that cause again"):
        approve(offer, by=second_manager, now=NOW, version=offer.version)
    words = "Dear Grace, we are sorry."
    edit_offer(offer, words=words, by=manager, now=NOW, version=offer.version, **parts)  # type: ignore[arg-type]
    approve(offer, by=second_manager, now=NOW, version=offer.version)


def test_what_its_cause_decided_is_refused_too_until_it_is_back(
    offer: Offer, manager: User, second_manager: User
) -> None:
    cause = Cause.objects.get()
    decide_cause(cause, remedy="coupon", amount=offer.amount, by=manager, now=NOW)
    take_out(offer, manager)
    with pytest.raises(Refused, match="no longer the cause"):
        approve(offer, by=second_manager, now=NOW, version=offer.version)
    Incident.objects.update(cause=cause)
    offer.refresh_from_db()
    approve(offer, by=second_manager, now=NOW, version=offer.version)


def test_it_is_not_taken_out_under_a_call(client: Client, offer: Offer, manager: User, rep: User) -> None:
    approve(offer, by=manager, now=NOW, version=offer.version)
    hold(CareTask.objects.get(), by=rep, now=NOW + timedelta(minutes=5))
    client.force_login(manager)
    url = reverse("desk:remove_incident", args=[offer.incident_id])
    page = client.post(url, follow=True).content.decode()
    assert f"{rep} is telling the customer about this offer right now." in page
    assert Incident.objects.get().cause is not None


def test_without_a_promise_the_offer_stays_as_it_is(offer: Offer, manager: User) -> None:
    Offer.objects.update(words="Dear Grace, we are sorry.")
    offer.refresh_from_db()
    approve(offer, by=manager, now=NOW, version=offer.version)
    take_out(offer, manager)
    assert offer.status == "approved"
