"""A file of orders alone, without order ids or times: identity is what a row says and its count."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.customers.models import Customer, Order

from .candidates import assert_adds_up, customer_of, pass_at
from .conftest import CDNOW_SHOP, run_json
from .folder import CDNOW, needs
from .oracle import Shop, read_cdnow

pytestmark = [*needs(CDNOW), pytest.mark.django_db, pytest.mark.slow]

NEW_YORK = ZoneInfo("America/New_York")
MOMENTS = [
    *("1997-01-10T12:00:00", "1997-02-14T09:00:00", "1997-03-31T12:00:00", "1997-09-01T00:00:00"),
    *("1998-01-01T11:59:59", "1998-01-01T12:00:00", "1998-06-30T12:00:00", "1999-06-30T12:00:00"),
]


@pytest.fixture(scope="module")
def oracle() -> Shop:
    return read_cdnow(CDNOW, NEW_YORK)


def test_every_purchase_is_an_order_of_a_customer(cdnow: dict[str, Any], oracle: Shop) -> None:
    assert cdnow["orders"]["created"] == Order.objects.count() == 69_659
    assert Customer.objects.count() == 23_570
    held = Counter(Order.objects.values_list("customer__external_id", "placed_at", "total"))
    assert held == Counter((order.customer, order.placed, order.total) for order in oracle.orders)


def test_the_same_purchases_again_change_nothing(cdnow: dict[str, Any]) -> None:
    again = run_json("import_shop", *CDNOW_SHOP)

    assert again["orders"] == {"read": 69_659, "created": 0, "updated": 0, "unchanged": 69_659, "rejected": 0}
    assert Order.objects.count() == 69_659


@pytest.mark.parametrize("at", MOMENTS)
def test_welcome_and_vip_find_who_is_due(cdnow: Any, oracle: Shop, tmp_path: Path, at: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=NEW_YORK).astimezone(UTC)
    printed, rows = pass_at(at, tmp_path, "--dry-run")
    found = {
        play: {customer_of(row) for row in rows if row["play"] == play}
        for play in ("welcome", "vip_recognition")
    }

    assert found["welcome"] == {candidate.customer for candidate in oracle.welcome(moment)}
    assert oracle.vips(moment).allow(found["vip_recognition"])
    assert_adds_up(printed, rows)
    assert {row["play"] for row in rows} <= {"welcome", "vip_recognition"}
