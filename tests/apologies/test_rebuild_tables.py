"""The event log alone rebuilds incidents, offers and compensations; `reconcile` proves it."""

from datetime import datetime
from decimal import Decimal
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from apps.accounts.models import User
from apps.apologies import reconcile
from apps.apologies.models import Compensation, Incident, Offer
from apps.apologies.replay import REBUILT, differences
from apps.apologies.services import approve, edit_offer, issue, propose_missing_offers, report_incident
from apps.core.logged import logged
from apps.core.statuses import record
from tests import factories

from .conftest import owe
from .money import given, make_budget

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(rep: User, manager: User, second_manager: User, now: datetime) -> Offer:
    """Reported, proposed, edited, approved and given: each by its service."""
    make_budget("1000")
    order = factories.make_order()
    told = {"kind": "late", "severity": "minor", "detail": "Grace Okafor waited at the door."}
    incident = report_incident(order.customer, order=order, by=rep, now=now, **told)
    owe(incident, team=rep.team)
    propose_missing_offers(now=now)
    offer = Offer.objects.get()
    gesture = {"words": "Dear Grace Okafor, sorry.", "compensation": "coupon", "amount": Decimal("5.50")}
    edit_offer(offer, by=second_manager, now=now, version=1, departure="Because", **gesture)
    approve(offer, by=manager, now=now, version=2)
    issue(offer, by=rep, now=now)
    return offer


def said() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("reconcile", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_log_rebuilds_what_the_services_did(story: Offer) -> None:
    code, lines = said()
    assert code == 0
    assert "ok         The event log rebuilds 1 incidents, 1 offers, 1 compensations (3 checked)" in lines


@pytest.mark.parametrize(
    ("table", "change", "named"),
    [
        ("offer", "words = 'Dear Omar, nothing.'", "offer {pk}: words is not what its events say"),
        ("offer", "channel = 'post'", "offer {pk}: channel is not what its events say"),
        ("incident", "severity = 'serious'", "incident {pk}: severity is not what its events say"),
        ("compensation", "code = 'ANOTHER'", "compensation {pk}: code is not what its events say"),
    ],
)
def test_a_row_that_was_changed_past_the_services_is_named_without_its_words(
    story: Offer, table: str, change: str, named: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE apologies_{table} SET {change}")
    pk = apps.get_model("apologies", table).objects.get().pk
    code, lines = said()
    assert code == 1
    assert "1 DIFFER   The event log rebuilds" in lines
    assert named.format(pk=pk) in lines
    assert "Grace" not in lines and "Omar" not in lines and "ANOTHER" not in lines


def test_a_row_that_no_event_tells_of_is_named(story: Offer) -> None:
    incident = factories.make_incident()
    code, lines = said()
    assert code == 1
    assert f"incident {incident.pk}: customer_id is not what its events say" in lines


def test_no_more_differences_are_named_than_fit(story: Offer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconcile, "MOST", 3)
    factories.make_incident()
    assert len(reconcile.rebuilt().differences) == 4
    assert reconcile.rebuilt().differences[-1] == "and more"


def test_what_stood_before_the_log_is_told_by_its_migration(manager: User, now: datetime) -> None:
    """Its lists are those of the models, so that nothing that is kept today was left out."""
    migration, authors, follows = (
        import_module(f"apps.apologies.migrations.{name}")
        for name in (
            "0007_what_stood_before_the_log",
            "0009_everybody_with_a_hand_in_an_offer",
            "0011_what_follows_an_apology",
        )
    )
    assert {*migration.INCIDENT, "follows_id"} == set(Incident.LOGGED)
    assert {*migration.OFFER, "authors"} == set(Offer.LOGGED)
    compensation = given(manager, now, amount=Decimal("7.77"), cost=Decimal("7.77"))
    record(compensation, "issued", by=None, now=now, set=logged(compensation))
    factories.make_offer(proposed_by=manager)
    cause = factories.make_cause(amount=9, remedy="coupon")
    record(cause, "decided", by=manager, now=now, reason="A week before Christmas")
    assert any(differences([Incident])) and any(differences([Offer]))
    migration.fill(apps, None)
    authors.fill(apps, None)
    follows.begin_log(apps, None)
    assert Offer.objects.get(proposed_by=manager).authors == f",{manager.pk},"
    cause.refresh_from_db()
    assert (cause.decided_by, cause.departure) == (manager, "A week before Christmas")
    assert list(differences(REBUILT)) == []
    assert Compensation.objects.count() == 1
