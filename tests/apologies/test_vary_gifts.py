"""A second apology in a year gives something else, and more, also where it was proposed as the first."""

from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Shop, User
from apps.apologies.models import Incident, Offer
from apps.apologies.remedies import IN_TURN
from apps.apologies.services import propose_missing_offers, refresh_offers
from apps.worklist.models import CareTask
from tests import factories
from tests.apologies.conftest import owe
from tests.apologies.repeats import heard, proposed


def test_a_second_apology_gives_more_and_something_else(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 1, manager, now)
    offer = proposed(now)
    assert (offer.compensation, offer.amount, offer.channel) == ("refund", Decimal(15), "phone")
    assert "€15.00" in offer.words


def test_one_of_last_year_counts_no_more(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 2, manager, now, days_ago=366)
    offer = proposed(now)
    assert (offer.compensation, bool(offer.words)) == ("coupon", True)


def test_counting_is_one_query_for_all(shop: Shop, manager: User, now: datetime) -> None:
    def queries_for(size: int) -> int:
        for _ in range(size):
            incident = factories.make_incident(order=factories.make_order())
            heard(incident, 1, manager, now)
            owe(incident)
        with CaptureQueriesContext(connection) as queries:
            assert propose_missing_offers(now=now) == size
        return len(queries)

    queries_for(1)  # what a process reads once is not counted
    assert queries_for(2) == queries_for(20)


def test_what_is_approved_counts_when_the_next_is_proposed(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    told = factories.make_incident(incident.customer)
    factories.make_offer(told, status="approved", decided_by=manager, decided_at=now, task=None)
    assert proposed(now).compensation == "refund"


def test_what_was_proposed_before_another_apology_was_heard_gives_something_else_after_it(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    offer = proposed(now)
    assert offer.compensation == "coupon"
    heard(incident, 1, manager, now, days_ago=1)
    assert refresh_offers(now=now) == 1
    offer.refresh_from_db()
    assert (offer.compensation, offer.amount, offer.version) == ("refund", Decimal(15), 2)
    assert "€15.00" in offer.words
    assert refresh_offers(now=now) == 0


def test_where_everything_was_given_the_offer_stays(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 4, manager, now, days_ago=1)
    for kind, told in zip(IN_TURN, Offer.objects.all(), strict=True):
        Offer.objects.filter(pk=told.pk).update(compensation=kind)
    offer = proposed(now)
    assert refresh_offers(now=now) == 0
    offer.refresh_from_db()
    assert (offer.compensation, offer.version) == ("credit", 1)


def test_a_person_who_wrote_it_is_only_told(
    incident: Incident, offer: Offer, manager: User, now: datetime
) -> None:
    Offer.objects.update(proposed_by=manager)
    heard(incident, 1, manager, now)
    assert refresh_offers(now=now) == 0


def test_a_cause_gives_nobody_the_same_again(
    incident: Incident, task: CareTask, manager: User, now: datetime
) -> None:
    heard(incident, 1, manager, now)
    Incident.objects.filter(pk=incident.pk).update(
        cause=factories.make_cause(remedy="coupon", amount=Decimal(12))
    )
    offer = proposed(now)
    assert (offer.compensation, offer.amount) == ("refund", Decimal(12))
    Incident.objects.filter(pk=incident.pk).update(severity="serious")
    assert refresh_offers(now=now) == 1
    offer.refresh_from_db()
    assert (offer.compensation, offer.amount) == ("refund", Decimal(12))
