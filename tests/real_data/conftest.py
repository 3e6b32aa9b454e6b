"""The real files, imported once a module into the test database and rolled back after it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from .folder import CDNOW, OLIST

OLIST_FILES = [
    *("--customers", str(OLIST / "customers.csv")),
    *("--orders", str(OLIST / "orders.csv")),
    *("--feedback", str(OLIST / "feedback.csv")),
]
OLIST_SHOP = [
    *("--source", "olist", "--time-zone", "America/Sao_Paulo", "--currency", "BRL", "--country", "BR"),
    *OLIST_FILES,
]
CDNOW_SHOP = [
    *("--source", "cdnow", "--time-zone", "America/New_York", "--currency", "USD", "--country", "US"),
    *("--orders", str(CDNOW / "transactions.csv")),
    *("--map", "placed_at=date", "--map", "total=amount"),
]


def run_json(name: str, *options: str) -> dict[str, Any]:
    """What a command prints with --json."""
    printed = StringIO()
    call_command(name, *options, "--json", stdout=printed, stderr=StringIO())
    return json.loads(printed.getvalue())


@contextmanager
def rolled_back(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def olist(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The marketplace, imported; gives the report of its import."""
    with rolled_back(django_db_blocker):
        yield run_json("import_shop", *OLIST_SHOP)


@pytest.fixture(scope="module")
def cdnow(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """The CD shop, imported; gives the report of its import."""
    with rolled_back(django_db_blocker):
        yield run_json("import_shop", *CDNOW_SHOP)
