"""All of the marketplace's rows go in, and a second time nothing changes."""

from typing import Any

import pytest

from apps.accounts.models import Shop
from apps.customers.models import Customer, Order
from apps.feedback.models import FeedbackItem

from .conftest import OLIST_SHOP, run_json
from .folder import OLIST, needs
from .oracle import read_olist

pytestmark = [*needs(OLIST), pytest.mark.django_db, pytest.mark.slow]


def test_every_row_is_imported(olist: dict[str, Any]) -> None:
    for kind, count in {"customers": 12_590, "orders": 12_691, "feedback": 2_993}.items():
        assert olist[kind] == {"read": count, "created": count, "updated": 0, "unchanged": 0, "rejected": 0}
    assert (Customer.objects.count(), Order.objects.count()) == (12_590, 12_691)
    assert FeedbackItem.objects.count() == 2_993


def test_the_same_files_again_change_nothing(olist: dict[str, Any]) -> None:
    again = run_json("import_shop", *OLIST_SHOP)

    for kind in ("customers", "orders", "feedback"):
        assert again[kind] == {**olist[kind], "created": 0, "unchanged": olist[kind]["read"]}


def test_the_shop_takes_its_settings_from_its_first_import(olist: dict[str, Any]) -> None:
    shop = Shop.current()

    assert (shop.time_zone, shop.currency, shop.country) == ("America/Sao_Paulo", "BRL", "BR")


def test_every_date_and_amount_is_as_the_file_has_it(olist: dict[str, Any]) -> None:
    held = {
        row[0]: row[1:]
        for row in Order.objects.values_list(
            *("external_id", "customer__external_id", "placed_at", "total", "is_void"),
            *("promised_on", "handed_to_carrier_at", "delivered_at"),
        )
    }
    written = {
        order.id: (
            *(order.customer, order.placed, order.total, order.void),
            *(order.promised, order.handed, order.delivered),
        )
        for order in read_olist(OLIST).orders
    }

    assert held == written


def test_feedback_is_received_when_the_customer_answered(olist: dict[str, Any]) -> None:
    held = set(
        FeedbackItem.objects.values_list(
            "external_id", "order__external_id", "customer__external_id", "received_at"
        )
    )
    written = {
        (f"{item.id}:{item.order}", item.order, item.customer, item.received)
        for item in read_olist(OLIST).feedback
    }

    assert held == written


def test_customers_without_a_name_can_be_told_apart(olist: dict[str, Any]) -> None:
    first, second = Customer.objects.order_by("external_id")[:2]

    assert first.name == ""
    assert first.display_name.startswith("Customer ")
    assert first.display_name != second.display_name
