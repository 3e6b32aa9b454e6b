"""`manage.py reconcile` proves that the books balance, and finds each thing that was tampered with."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.apologies.models import Budget, Compensation, CouponCode, LedgerEntry, Offer
from apps.apologies.reconcile import reconcile
from apps.apologies.services import (
    commit_money,
    expire_compensations,
    issue,
    redeem,
    release_money,
    reverse,
    unissue,
)
from apps.core.events import purging
from tests import factories

from .money import approved_offer, given, make_budget, write_down

pytestmark = pytest.mark.django_db


def differing() -> list[str]:
    return [line.what for line in reconcile() if line.differences]


@pytest.fixture
def books(manager: User, rep: User, now: datetime) -> Budget:
    """Every verb of money was used once."""
    budget = make_budget("1000")
    factories.make_offer()
    approved_offer(manager)  # from before the ledger
    commit_money(approved_offer(manager, amount=Decimal("0.10")), by=manager, now=now)
    voided = approved_offer(manager)
    commit_money(voided, by=manager, now=now)
    release_money(voided, by=manager, now=now, reason="Edited")
    Offer.objects.filter(pk=voided.pk).update(status="proposed", decided_by=None, approved_hash="")
    expiring = given(manager, now, amount=Decimal("7.77"))
    expire_compensations(now=now + timedelta(days=181))
    given(manager, now, amount=Decimal("0.20"))
    used = given(manager, now, amount=Decimal("19.99"))
    redeem(used, order="1", redeemed_at=now, by=None, now=now)
    reverse(given(manager, now, status="delivered"), reason="Sent twice", by=manager, now=now)
    again = given(manager, now, amount=Decimal("3.30"))
    unissue(again.offer, by=rep, now=now)
    issue(again.offer, by=rep, now=now)
    assert expiring.status == "issued"
    write_down(now)
    return budget


def test_the_books_balance(books: Budget) -> None:
    assert differing() == []
    assert {line.checked for line in reconcile()} != {0}


def test_empty_books_balance() -> None:
    assert differing() == []


BUDGETS = "The four sums of each budget are what its entries say"
BOUNDS = "No budget is exceeded"
COMMITTED = "What is set aside for an offer is what its status says"
GIVEN = "The entries of a compensation end where its status says"
APPROVED = "What was given is what was approved"
ONCE = "An offer is given once"
CODES = "A code of the pool is the one that was given"
ACCOUNTS = "All accounts together are nothing, and hold what the compensations say"
ENTRIES = "Entries are in the currency of their offer and budget"


@pytest.mark.parametrize("name", ["committed", "spent", "redeemed", "expired"])
def test_a_sum_that_is_a_cent_off_is_found(books: Budget, name: str) -> None:
    value = Decimal(getattr(Budget.objects.get(), name)) + Decimal("0.01")
    Budget.objects.update(**{name: value})
    assert differing() == [BUDGETS]


def of(path: str) -> LedgerEntry:
    source, to = path.split()
    entry = LedgerEntry.objects.filter(from_account=source, to_account=to).order_by("-pk").first()
    assert entry
    return entry


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("available committed", {BUDGETS, COMMITTED}),
        ("committed available", {BUDGETS, COMMITTED}),
        ("committed outstanding", {BUDGETS, COMMITTED, GIVEN, ACCOUNTS}),
        ("outstanding redeemed", {BUDGETS, GIVEN, ACCOUNTS}),
        ("outstanding expired", {BUDGETS, GIVEN, ACCOUNTS}),
        ("outstanding available", {BUDGETS, GIVEN, ACCOUNTS}),
        ("outstanding committed", {BUDGETS, COMMITTED, GIVEN, ACCOUNTS}),
    ],
)
def test_an_entry_that_went_is_found(books: Budget, path: str, found: set[str]) -> None:
    with purging():
        LedgerEntry.objects.filter(pk=of(path).pk).delete()
    assert set(differing()) == found


def test_an_entry_too_many_is_found(books: Budget) -> None:
    entry = of("outstanding redeemed")
    entry.pk = None
    entry.save(force_insert=True)
    assert set(differing()) == {BUDGETS, GIVEN, ACCOUNTS}


def test_an_entry_of_another_offer_or_currency_is_found(books: Budget) -> None:
    entry = of("outstanding redeemed")
    entry.pk, entry.currency = None, "USD"
    entry.save(force_insert=True)
    assert ENTRIES in differing()


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "20.00"},
        {"cost": "1.00"},
        {"currency": "USD"},
        {"kind": "refund"},
    ],
)
def test_a_compensation_that_is_not_what_was_approved_is_found(books: Budget, change: dict[str, str]) -> None:
    Compensation.objects.filter(status="redeemed").update(**change)
    assert APPROVED in differing()


@pytest.mark.parametrize(
    "change",
    [
        {"approved_hash": ""},
        {"words": "Here is more."},
        {"status": "withdrawn"},
        {"amount": "99.00"},
    ],
)
def test_an_offer_that_is_not_what_was_approved_is_found(books: Budget, change: dict[str, str]) -> None:
    Offer.objects.filter(given__status="redeemed").update(**change)
    assert APPROVED in differing()


@pytest.mark.parametrize("status", ["issued", "expired", "reversed"])
def test_a_status_that_no_entry_led_to_is_found(books: Budget, status: str) -> None:
    Compensation.objects.filter(status="redeemed").update(status=status)
    assert {GIVEN, ACCOUNTS} <= set(differing())


def test_an_approval_that_was_voided_past_the_ledger_is_found(books: Budget) -> None:
    kept = Offer.objects.get(amount="0.10")
    Offer.objects.filter(pk=kept.pk).update(status="proposed", decided_by=None)
    assert differing() == [COMMITTED]


@pytest.mark.django_db(transaction=True)
def test_an_offer_that_was_given_twice_is_found(manager: User, now: datetime) -> None:
    row = given(manager, now)
    index = 'CREATE UNIQUE INDEX "issued_once_per_offer" ON "apologies_compensation" ("offer_id") '
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX issued_once_per_offer")
        try:
            row.pk, row.code = None, "ANOTHER"
            row.save(force_insert=True)
            assert set(differing()) == {ONCE, GIVEN, ACCOUNTS}
            Compensation.objects.filter(code="ANOTHER").delete()
        finally:
            cursor.execute(f"{index} WHERE NOT (status = 'reversed')")


def test_a_budget_that_is_exceeded_is_found(books: Budget) -> None:
    table = "apologies_budget"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE {table} DROP CONSTRAINT budget_is_never_exceeded"
            )
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            cursor.execute(f"UPDATE {table} SET amount = 1")
            assert differing() == [BOUNDS]
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_a_pool_code_that_is_another_is_found(books: Budget, now: datetime) -> None:
    row = Compensation.objects.filter(status="issued").first()
    fields = {"amount": Decimal(1), "currency": "EUR", "imported_at": now}
    CouponCode.objects.create(code="NOT-THAT-ONE", compensation=row, **fields)
    assert differing() == [CODES]


def test_the_command_says_so_line_by_line(books: Budget) -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 10
    assert all(line.startswith("ok ") for line in lines)


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_the_command_ends_with_1_where_something_differs(books: Budget, arguments: list[str]) -> None:
    Budget.objects.update(expired=Decimal("0.01"))
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("reconcile", *arguments, stdout=out)
    assert left.value.code == 1
    assert "expired is 0.01, its entries say 7.77" in out.getvalue()
    if arguments:
        assert sum(bool(line["differences"]) for line in json.loads(out.getvalue())) == 1


def test_more_rows_take_no_more_queries(
    books: Budget, manager: User, now: datetime, django_assert_num_queries: Callable[..., object]
) -> None:
    with CaptureQueriesContext(connection) as few:
        reconcile()
    for _ in range(5):
        given(manager, now)
    with django_assert_num_queries(len(few)):
        reconcile()
