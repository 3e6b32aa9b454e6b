"""A file of feedback. An item is known by its id and its order's together; it needs a customer we know."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import connection

from apps.core.csv_reader import Convert, Field, Reject, Table, UnusableFile
from apps.core.csv_reader.times import moment
from apps.core.csv_reader.values import code, identity, key_or_blank, whole_number, words
from apps.core.staging import Upsert, column_types
from apps.customers.imports import Batch, FileImport, Notes, Settings

from .models import FeedbackItem

ID_NAMES = ("id", "review_id", "external_id", "comment_id", "survey_id", "response_id")
ORDER_NAMES = ("order", "order_number", "order_name")
CUSTOMER_NAMES = (
    "customer",
    "customer_unique_id",
    "customer_number",
    "client_id",
    "user_id",
    "customer_email",
)
RECEIVED_NAMES = (
    *("answered_at", "review_answer_timestamp", "submitted_at", "written_at", "created_at", "date"),
    *("received_on", "review_date", "review_creation_date"),
)
SCORE_NAMES = ("rating", "stars", "review_score", "csat", "note")
TITLE_NAMES = ("review_comment_title", "headline", "subject", "review_title", "summary")
TEXT_NAMES = (
    *("comment", "body", "message", "review", "review_comment_message", "review_text", "content"),
    *("answer", "feedback"),
)
OWN_COLUMNS = ["received_at", "score", "title", "text", "language", "place", "url"]
STAGE_NAMES = {"feedback_id": "feedback", "order_id": "order_key", "customer_id": "customer_key"}
URL_NOTE = "links could not be read and were left out"
ORDER_UNKNOWN = "names an order that is not known"
CUSTOMER_UNKNOWN = "names a customer who is not known"
OTHER_CUSTOMER = "names an order of another customer"


class FeedbackImport(FileImport):
    kind = "feedback"
    can_refuse = True

    def __init__(self, table: Table, settings: Settings, reject: Reject, notes: Notes) -> None:
        super().__init__(table, settings, reject, notes)
        self._order = self.at.get("order_id")
        if self._order is None and "customer_id" not in self.at:
            raise UnusableFile(
                f"{table.path.name} has no column for order_id or customer_id: nobody could be answered. "
                "Name the right one with --map order_id=COLUMN."
            )

    @classmethod
    def fields(cls, settings: Settings, notes: Notes) -> Sequence[Field]:
        received = moment(settings.zone, latest=settings.latest, required=True)
        return [
            Field("feedback_id", identity(120), ID_NAMES, required=True),
            Field("order_id", key_or_blank(120), ORDER_NAMES),
            Field("customer_id", key_or_blank(120), CUSTOMER_NAMES),
            Field("received_at", received, RECEIVED_NAMES, required=True),
            Field("score", whole_number(1, 5), SCORE_NAMES),
            Field("title", words(300), TITLE_NAMES),
            Field("text", words(), TEXT_NAMES),
            Field("language", code(10), ("lang", "locale")),
            Field("place", words(80), ("where", "channel", "platform", "site")),
            Field("url", link(notes), ("link", "permalink", "review_url")),
        ]

    def stage_columns(self) -> dict[str, str]:
        types = column_types(FeedbackItem, ["external_id", *OWN_COLUMNS])
        names = ["external_id", "line", *(STAGE_NAMES.get(f.name, f.name) for f in self.table.fields)]
        return {name: "integer" if name == "line" else types.get(name, "text") for name in names}

    def make_upsert(self) -> Upsert:
        values = {column: f's."{column}"' for column in OWN_COLUMNS if column in self.stage.columns}
        values = {"customer_id": "coalesce(c.id, o.customer_id)", "order_id": "o.id", **values}
        return Upsert(FeedbackItem, self.stage, self.settings.source, values, joins=self._joins())

    def _keys(self) -> tuple[str, str]:
        """SQL of the order's and the customer's key, blank where the file has no such column."""
        order, customer = (
            f"s.{name}" if name in self.stage.columns else "''" for name in ("order_key", "customer_key")
        )
        return order, customer

    def _joins(self) -> str:
        order, customer = self._keys()
        return (
            f"LEFT JOIN customers_order o ON o.source = %(source)s AND o.external_id = {order} "
            f"LEFT JOIN customers_customer c ON c.source = %(source)s AND c.external_id = {customer}"
        )

    def finish(self, values: list[Any], cells: list[str], line: int) -> str:
        key = str(values[0])
        if self._order is not None and values[self._order]:
            key = f"{key}:{values[self._order]}"
        values[:0] = [key]
        return key

    def keep(self, batch: Batch, line: int, cells: list[str]) -> None:
        batch.rows[-1].insert(1, str(line))
        batch.cells[line] = cells

    def refuse(self, batch: Batch) -> int:
        order, customer = self._keys()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.line, CASE "
                f"WHEN {order} <> '' AND o.id IS NULL THEN '{ORDER_UNKNOWN}: ' || {order} "
                f"WHEN {customer} <> '' AND c.id IS NULL THEN '{CUSTOMER_UNKNOWN}: ' || {customer} "
                "WHEN o.id IS NULL AND c.id IS NULL THEN 'names neither an order nor a customer' "
                f"ELSE '{OTHER_CUSTOMER}: ' || {order} END "
                f'FROM "{self.stage.name}" s {self._joins()} '
                f"WHERE ({order} <> '' AND o.id IS NULL) OR ({customer} <> '' AND c.id IS NULL) "
                "OR (o.id IS NULL AND c.id IS NULL) OR o.customer_id <> c.id ORDER BY s.line",
                {"source": self.settings.source},
            )
            refused = cursor.fetchall()
            for line, reason in refused:
                self.reject(line, reason, batch.cells[line])
            if refused:
                lines = ", ".join(str(int(line)) for line, _ in refused)
                cursor.execute(f'DELETE FROM "{self.stage.name}" WHERE line IN ({lines})')
        return len(refused)


def link(notes: Notes) -> Convert:
    """An http(s) address, or nothing."""
    check = URLValidator(schemes=["http", "https"])

    def convert(text: str) -> str:
        text = text.strip()
        if not text:
            return ""
        try:
            check(text if len(text) <= 500 else "")
        except ValidationError:
            notes.add(URL_NOTE)
            return ""
        return text

    return convert
