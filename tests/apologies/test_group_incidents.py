from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Shop, User
from apps.apologies.clusters import grouped_incidents, suggest_causes
from apps.apologies.models import Incident
from apps.apologies.permissions import may_decide
from apps.apologies.refusals import Refused
from apps.apologies.services import add_incidents, open_cause, remove_incident
from apps.core.models import Event
from tests import factories
from tests.factories import NOW

DAY = date(2026, 3, 2)


def fail(count: int, *, kind: str = "late", **order: object) -> list[Incident]:
    made = []
    for _ in range(count):
        row = factories.make_order(**{"promised_on": DAY, "total": Decimal(20), **order})
        made.append(factories.make_incident(row.customer, order=row, kind=kind))
    return made


def test_five_of_a_kind_with_one_carrier_are_suggested(shop: Shop) -> None:
    fail(3, carrier="Postbird")
    fail(2, carrier="Postbird", promised_on=DAY - timedelta(days=1))
    fail(4, carrier="Snailways")
    [group] = suggest_causes(now=NOW)
    assert (group.kind, group.carrier, group.count, group.worth) == ("late", "Postbird", 5, 100)
    assert group.name == "Late with Postbird"
    assert group.incidents.count() == 5


def test_without_a_carrier_the_promised_day_joins_them(shop: Shop) -> None:
    fail(5)
    fail(4, promised_on=DAY - timedelta(days=1))
    [group] = suggest_causes(now=NOW)
    assert (group.promised_on, group.count) == (DAY, 5)
    assert group.name == "Late, promised for 2 Mar 2026"


def test_kinds_resolved_and_old_ones_do_not_mix(shop: Shop, manager: User) -> None:
    fail(3, carrier="Postbird")
    fail(2, carrier="Postbird", kind="lost")
    for incident in fail(2, carrier="Postbird"):
        Incident.objects.filter(pk=incident.pk).update(status="resolved", resolved_at=NOW)
    for incident in fail(2, carrier="Postbird"):
        Incident.objects.filter(pk=incident.pk).update(known_on=NOW.date() - timedelta(days=40))
    assert suggest_causes(now=NOW) == []


def test_a_group_holds_those_that_it_counts(shop: Shop) -> None:
    fail(5, carrier="Postbird")
    for incident in fail(2, carrier="Postbird"):
        Incident.objects.filter(pk=incident.pk).update(known_on=NOW.date() - timedelta(days=40))
    [group] = suggest_causes(now=NOW)
    assert group.count == 5
    assert group.incidents.count() == 5
    assert grouped_incidents("late", "Postbird", None, now=NOW).count() == 5


def test_what_has_a_cause_is_suggested_no_more(shop: Shop, manager: User) -> None:
    open_cause("A storm", incidents=fail(6, carrier="Postbird"), by=manager, now=NOW)
    assert suggest_causes(now=NOW) == []


def test_one_query_finds_them_all(shop: Shop) -> None:
    for carrier in "ABCDEF":
        fail(5, carrier=carrier)
    with CaptureQueriesContext(connection) as queries:
        assert len(suggest_causes(now=NOW)) == 6
    assert len(queries) == 2  # the shop for its calendar, and all of them


def test_an_incident_has_one_cause(shop: Shop, manager: User) -> None:
    incident, *_ = found = fail(2)
    cause = open_cause("A storm", incidents=found, by=manager, now=NOW)
    with pytest.raises(Refused, match="another cause already"):
        open_cause("A strike", incidents=[incident], by=manager, now=NOW)
    remove_incident(cause, incident, by=manager, now=NOW)
    incident.refresh_from_db()
    assert incident.cause is None
    last = Event.objects.filter(subject="apologies.incident", subject_id=incident.pk).latest("pk")
    assert last.data["set"] == {"cause_id": None}


def test_what_joins_a_decided_cause_follows_its_decision(
    shop: Shop, manager: User, second_manager: User
) -> None:
    cause = factories.make_cause(remedy="coupon", amount=Decimal(9), decided_by=second_manager)
    [incident] = fail(1)
    offer = factories.make_offer(incident, words="Take a coupon of €10.00, it is for you.")
    assert add_incidents(cause, [incident], by=manager, now=NOW) == 1
    offer.refresh_from_db()
    assert (offer.amount, offer.proposed_by) == (9, second_manager)
    assert not may_decide(manager, offer)
    assert not may_decide(second_manager, offer)
    assert "€9.00" in offer.words
