"""A file of orders. Customers that nobody has heard of are made from it."""

from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from apps.core.csv_reader import Convert, CountedKeys, Field, Reject, Table, Unreadable
from apps.core.csv_reader.times import day, moment
from apps.core.csv_reader.values import KEPT, amount, code, identity, shown, whole_number, words
from apps.core.staging import Changes, Upsert, column_types, default_values

from ..models import Customer, Order
from .batch import FileImport, Settings
from .notes import Notes

LONGEST_PROMISE = timedelta(days=3 * 365)
MOST_ITEMS = 1_000_000
KEY_ROOM = 150
ID_NAMES = ("id", "order_number", "number", "order", "external_id", "order_name", "name")
CUSTOMER_NAMES = (
    *("customer", "customer_unique_id", "customer_number", "client_id", "user_id"),
    *("customer_email", "email", "billing_email"),
)
PLACED_NAMES = (
    *("created_at", "order_date", "date", "ordered_at", "purchased_at", "placed_on", "order_created_at"),
    *("order_purchase_timestamp", "date_created", "processed_at"),
)
TOTAL_NAMES = (
    *(
        "total_paid",
        "amount",
        "total_price",
        "order_total",
        "grand_total",
        "total_amount",
        "current_total_price",
    ),
    *("payment_value", "price", "value"),
)
CURRENCY_NAMES = ("currency_code", "order_currency")
PROMISED_NAMES = (
    *(
        "promised_delivery_at",
        "promised_at",
        "promised_date",
        "promised_delivery_date",
        "promised_delivery_on",
    ),
    *("estimated_delivery", "estimated_delivery_at", "estimated_delivery_on", "estimated_delivery_date"),
    *("order_estimated_delivery_date", "expected_delivery", "expected_delivery_date", "expected_at"),
)
HANDED_NAMES = (
    *("shipped_at", "shipped_on", "ship_date", "order_delivered_carrier_date", "fulfilled_at"),
    *("dispatched_at", "handed_over_at"),
)
DELIVERED_NAMES = (
    "delivered_on",
    "order_delivered_customer_date",
    "delivery_date",
    "delivered",
    "arrived_at",
)
COUNT_NAMES = ("items_count", "number_of_items", "quantity", "lineitem_quantity", "units", "cds")
CARRIER_NAMES = (
    *("shipping_carrier", "carrier_name", "shipping_company", "tracking_company", "shipping_provider"),
    *("courier", "fulfillment_tracking_company"),
)
ITEM_NAMES = ("categories", "products", "line_items", "lineitem_name", "product", "description")
OWN_COLUMNS = [
    *("placed_at", "status", "cancelled_by_customer", "total", "item_count", "items"),
    *("promised_on", "carrier", "handed_to_carrier_at", "delivered_at"),
]
IDENTITY_COLUMNS = ["customer_id", "placed_at", "item_count", "items", "total"]
STAGE_NAMES = {"order_id": "external_id", "customer_id": "customer", "cancelled_by": "cancelled_by_customer"}


class OrdersImport(FileImport):
    kind = "orders"

    def __init__(self, table: Table, settings: Settings, reject: Reject, notes: Notes) -> None:
        super().__init__(table, settings, reject, notes)
        self.customers_created = 0
        self._has_id = "order_id" in self.at
        self._equals = CountedKeys()
        self._identity = [self.at[name] for name in IDENTITY_COLUMNS if name in self.at]

    @classmethod
    def fields(cls, settings: Settings, notes: Notes) -> Sequence[Field]:
        zone, latest = settings.zone, settings.latest
        last_day = latest.date() + LONGEST_PROMISE
        return [
            Field("order_id", identity(160), ID_NAMES),
            Field("customer_id", identity(120), CUSTOMER_NAMES, required=True),
            Field("placed_at", moment(zone, latest=latest, required=True), PLACED_NAMES, required=True),
            Field("status", code(30), ("order_status", "financial_status", "state")),
            Field("total", amount, TOTAL_NAMES, required=True),
            Field("currency", currency(settings.currency), CURRENCY_NAMES),
            Field("item_count", whole_number(0, MOST_ITEMS), COUNT_NAMES),
            Field("items", words(300), ITEM_NAMES),
            Field("promised_on", day(zone, latest=last_day), PROMISED_NAMES),
            Field("carrier", words(60), CARRIER_NAMES),
            Field("handed_to_carrier_at", moment(zone, latest=latest), HANDED_NAMES),
            Field("delivered_at", moment(zone, latest=latest), DELIVERED_NAMES),
            Field("cancelled_by", by_customer, ("canceled_by", "cancel_reason", "cancellation_reason")),
        ]

    def stage_columns(self) -> dict[str, str]:
        types = column_types(Order, ["external_id", *OWN_COLUMNS])
        columns = [STAGE_NAMES.get(field.name, field.name) for field in self.table.fields]
        first = [] if self.table.has("order_id") else ["external_id"]
        return {column: types.get(column, "text") for column in [*first, *columns]}

    def make_upsert(self) -> Upsert:
        values = {column: f's."{column}"' for column in OWN_COLUMNS if column in self.stage.columns}
        values = {"customer_id": "c.id", **values}
        joins = "LEFT JOIN customers_customer c ON c.source = %(source)s AND c.external_id = s.customer"
        return Upsert(Order, self.stage, self.settings.source, values, joins=joins)

    def finish(self, values: list[Any], cells: list[str], line: int) -> str:
        return str(values[0]) if self._has_id else self._without_id(values)

    def _without_id(self, values: list[Any]) -> str:
        """The key of an order that has none: what it says, and its number among those that say the same."""
        said = ":".join([*(str(values[i] or "") for i in self._identity), ""])
        number = self._equals.count(said[:KEY_ROOM])
        key = f"{said[:KEY_ROOM]}{number}"
        values.insert(0, key)
        return key

    def merge(self) -> Changes:
        self._make_customers()
        return self.upsert.write()

    def _make_customers(self) -> None:
        """Make the customers that these orders name and nobody has made yet."""
        rest = default_values(Customer, {"source", "external_id"}, {"created_at": self.settings.now})
        names = ", ".join(f'"{name}"' for name in rest)
        marks = ", ".join(f"%({name})s" for name in rest)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO customers_customer (source, external_id, {names}) "
                f"SELECT %(source)s, customer, {marks} "
                f'FROM (SELECT DISTINCT s.customer FROM "{self.stage.name}" s '
                "LEFT JOIN customers_customer c ON c.source = %(source)s AND c.external_id = s.customer "
                "WHERE c.id IS NULL) missing WHERE true ON CONFLICT (source, external_id) DO NOTHING",
                {**rest, "source": self.settings.source},
            )
            self.customers_created += cursor.rowcount


def currency(shop: str) -> Convert:
    """The shop's currency and no other."""

    @lru_cache(maxsize=KEPT)
    def convert(text: str) -> str:
        if text == shop or text.strip().upper() == shop:
            return shop
        if not text.strip():
            raise Unreadable(f"is blank: this shop counts in {shop}")
        raise Unreadable(f"is not {shop}: {shown(text)}")

    return convert


def by_customer(text: str) -> str:
    return "1" if "customer" in text.lower() else "0"
