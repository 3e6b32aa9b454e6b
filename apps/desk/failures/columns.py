"""The columns of the table: what each shows, and how its rows are put in order by it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.apologies.failure_cost import By, CostRow

from .asked import Asked

HEADS = {
    By.CAUSE: "Cause",
    By.KIND: "What went wrong",
    By.PRODUCT: "Product",
    By.CARRIER: "Carrier",
    By.TEAM: "Team",
}
USUAL = "-cost"


@dataclass(frozen=True)
class Column:
    name: str
    value: Callable[[CostRow, str], Any]
    is_number: bool = True


COLUMNS = {
    "name": Column("", lambda row, _: row.name.casefold(), is_number=False),
    "failures": Column("Failures", lambda row, _: row.sums.incidents),
    "time": Column("Care time", lambda row, _: row.sums.seconds),
    "given": Column("Given", lambda row, currency: row.sums.of(currency).given),
    "cost": Column("Cost to us", lambda row, currency: row.sums.of(currency).cost),
    "redeemed": Column("Redeemed", lambda row, currency: row.sums.of(currency).redeemed),
    "open": Column("Open", lambda row, currency: row.sums.of(currency).open),
    "expired": Column("Expired", lambda row, currency: row.sums.of(currency).expired),
    "in_time": Column("In time", lambda row, _: row.sums.in_time),
    "answered": Column("Answered", lambda row, _: row.sums.answered),
    "again": Column("Ordered again", lambda row, _: row.sums.again),
}


@dataclass(frozen=True)
class Head:
    """The head of a column, with the address that sorts by it, or turns the order round."""

    name: str
    url: str
    is_number: bool
    sorted: str  # as aria-sort says it


def heads(asked: Asked, sort: str) -> list[Head]:
    return [_head(asked, name, column, sort) for name, column in COLUMNS.items()]


def _head(asked: Asked, name: str, column: Column, sort: str) -> Head:
    """A first click shows the most first, a name from A."""
    usual, other = (f"-{name}", name) if column.is_number else (name, f"-{name}")
    to = other if sort == usual else usual
    order = {name: "ascending", f"-{name}": "descending"}.get(sort, "")
    url = f"?{asked.query(sort=to)}#table"
    return Head(column.name or HEADS[asked.by], url, column.is_number, order)


def known_sort(sort: str) -> str:
    return sort if sort.removeprefix("-") in COLUMNS else USUAL


def in_order(rows: list[CostRow], sort: str, currency: str) -> list[CostRow]:
    """Equal ones stay in the report's own order."""
    column = COLUMNS[sort.removeprefix("-")]
    return sorted(rows, key=lambda row: column.value(row, currency), reverse=sort.startswith("-"))
