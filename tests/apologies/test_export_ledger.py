"""Finance reads every movement, of the days it asks for, with codes that nobody can use."""

import csv
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.apologies.models import Incident
from apps.apologies.services import redeem

from .money import given, make_budget

pytestmark = pytest.mark.django_db


def exported(*arguments: str) -> list[dict[str, str]]:
    out = StringIO()
    call_command("export_ledger", *arguments, stdout=out)
    return list(csv.DictReader(StringIO(out.getvalue().removeprefix("\ufeff"))))


def test_each_movement_is_a_row(incident: Incident, manager: User, now: datetime) -> None:
    make_budget()
    coupon = given(manager, now, incident, cost=Decimal("4.20"))
    redeem(coupon, order="1042", redeemed_at=now, by=None, now=now + timedelta(hours=1))
    rows = exported()
    assert [(row["from"], row["to"]) for row in rows] == [
        ("available", "committed"),
        ("committed", "outstanding"),
        ("outstanding", "redeemed"),
    ]
    last = rows[-1]
    assert coupon.code
    assert last == {
        "date": "2026-03-04 12:00:00",
        "offer": str(coupon.offer_id),
        "customer": incident.customer.external_id,
        "order": "1009",
        "kind": "coupon",
        "from": "outstanding",
        "to": "redeemed",
        "amount": "10.00",
        "currency": "EUR",
        "cost": "4.20",
        "budget": "Shop 2026-03-01",
        "approved by": "Ida Holm",
        "code": "…" + coupon.code.replace("-", "")[-4:],
        "reason": "Order 1042",
    }


def test_no_code_can_be_read_from_it(manager: User, now: datetime) -> None:
    coupon = given(manager, now)
    assert coupon.code not in str(exported())


def test_days_are_the_shops(shop: object, manager: User, now: datetime) -> None:
    """23:30 UTC is the next day in Berlin."""
    given(manager, now.replace(hour=23, minute=30))
    assert exported("--to", "2026-03-04") == []
    assert len(exported("--from", "2026-03-05", "--to", "2026-03-05")) == 2
    assert exported("--from", "2026-03-06") == []


def test_no_cell_is_a_formula(incident: Incident, manager: User, now: datetime) -> None:
    type(incident.customer).objects.update(external_id="=1+1")
    given(manager, now, incident)
    assert {row["customer"] for row in exported()} == {"'=1+1"}


def test_a_day_that_is_none_is_told() -> None:
    with pytest.raises(CommandError, match="not a day"):
        exported("--from", "yesterday")
