"""What cannot be used is named; the rest goes in; nothing is lost or doubled."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.core.csv_reader import UnusableFile
from apps.customers.imports import batch as batches
from apps.customers.models import Customer, Order
from apps.integrations.shop_import import Report

from .conftest import Import, Write

HEADER = "order_id,customer_id,placed_at,total"


def reasons(report: Report) -> dict[str, str]:
    """Line to reason, of what was rejected."""
    if report.rejects_file is None:
        return {}
    with report.rejects_file.open(newline="", encoding="utf-8") as file:
        return {row["line"]: row["reason"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        ("id,customer,date,total\n1,c,2026-01-01,1\n".encode("utf-16"), "UTF-16"),
        ("id,customer,date,total\n1,Gr\u00fc\u00dfe,2026-01-01,1\n".encode("latin-1"), "line 2"),
        (b"id,customer,date,total\n1,c\x00,2026-01-01,1\n", "zero bytes"),
        (b"\x1f\x8b\x08\x00broken", "gzip"),
        (b"id,customer,date,total,total\n1,c,2026-01-01,1,2\n", "twice"),
        (b"a,b\n1,2\n", "no column"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(
    run: Import, tmp_path: Path, write: Write, content: bytes, words: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    good = write("c.csv", "customer_id", "c1")

    with pytest.raises(UnusableFile, match=words):
        run(customers=good, orders=path)

    assert not Customer.objects.exists()


def test_a_fault_in_the_last_line_is_found_before_the_first_is_written(run: Import, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = "".join(f"{n},c{n},2026-01-01,1.00\n" for n in range(30_000))
    path.write_bytes(f"{HEADER}\n{rows}".encode() + b"x,c,2026-01-01,\xff\n")

    with pytest.raises(UnusableFile, match="line 30002"):
        run(orders=path)

    assert not Order.objects.exists()


def test_a_missing_file_is_named(run: Import, tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="There is no file"):
        run(orders=tmp_path / "none.csv")


@pytest.mark.parametrize("pair", ["total", "=x", "nonsense=total", "total=no such column"])
def test_a_map_that_fits_nothing_is_refused(run: Import, write: Write, pair: str) -> None:
    with pytest.raises(UnusableFile, match="--map"):
        run(orders=write("o.csv", HEADER, "1,c,2026-01-01,1"), maps=[pair])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,c1,2026-02-30,10.00", "placed_at is not a date"),
        ("1,c1,01/02/2026,10.00", "placed_at is not a date"),
        ("1,c1,,10.00", "placed_at is blank"),
        ("1,c1,1026-01-01,10.00", "placed_at is before 1970"),
        ("1,c1,2099-01-01,10.00", "placed_at is in the future"),
        ("1,c1,2026-01-01,-5.00", "total is less than zero"),
        ("1,c1,2026-01-01,ten", "total is not an amount"),
        ("1,c1,2026-01-01,NaN", "total is not an amount"),
        ("1,c1,2026-01-01,1e9", "total is not an amount"),
        ("1,c1,2026-01-01,1.234", "total can be read two ways"),
        ("1,c1,2026-01-01,999999999999999", "total is impossibly large"),
        ("1,c1,2026-01-01,", "total is blank"),
        (",c1,2026-01-01,10.00", "order_id is blank"),
        ("1,,2026-01-01,10.00", "customer_id is blank"),
        ("1,c1,2026-01-01", "has another number of cells"),
        ("1,c1,2026-01-01,10.00,more", "has another number of cells"),
    ],
)
def test_an_impossible_row_is_rejected_and_the_rest_goes_in(
    run: Import, write: Write, row: str, reason: str
) -> None:
    report = run(orders=write("o.csv", HEADER, row, "2,c2,2026-01-01,10.00"))

    assert reasons(report)["2"].startswith(reason)
    assert list(Order.objects.values_list("external_id", flat=True)) == ["2"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ('"1,234.50"', "1234.50"),
        ('"1.234,50"', "1234.50"),
        ('"49,5"', "49.50"),
        ("\u20ac 12.00", "12.00"),
        ("R$10.00", "10.00"),
        ('"1,234,567"', "1234567.00"),
        ("7", "7.00"),
        ("202.7700000001", "202.77"),
    ],
)
def test_amounts_are_read_as_people_write_them(run: Import, write: Write, text: str, amount: str) -> None:
    run(orders=write("o.csv", HEADER, f"1,c1,2026-01-01,{text}"))

    assert Order.objects.get().total == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2025-03-30 02:30:00", "2025-03-30 01:30"),  # skipped by the clocks: read as if they had not moved
        ("2025-10-26 02:30:00", "2025-10-26 00:30"),  # occurs twice: the first
        ("2025-07-01T10:00:00Z", "2025-07-01 10:00"),
        ("2025-07-01 10:00:00 -0500", "2025-07-01 15:00"),
        ("2025-07-01 10:00:00 UTC", "2025-07-01 10:00"),
        ("2025/07/01", "2025-07-01 10:00"),
        ("01.07.2025 10:00", "2025-07-01 08:00"),
    ],
)
def test_local_times_are_told_in_the_shop_s_zone(run: Import, write: Write, text: str, utc: str) -> None:
    run(orders=write("o.csv", HEADER, f"1,c1,{text},1.00", f"2,c1,{text},1.00"))

    assert {f"{order.placed_at:%Y-%m-%d %H:%M}" for order in Order.objects.all()} == {utc}


def test_an_open_quote_costs_its_row_and_not_those_after_it(run: Import, write: Write) -> None:
    good = [f"{n},c{n},2026-01-01,1.00" for n in range(3, 8)]
    report = run(orders=write("o.csv", HEADER, '2,"c2,2026-01-01,1.00', *good))

    assert list(reasons(report)) == ["2"]
    assert Order.objects.count() == len(good)


def test_rejects_keep_their_columns_and_can_be_put_right(run: Import, write: Write) -> None:
    header = f"{HEADER},gift"
    report = run(orders=write("o.csv", header, '1,c1,2026-13-01,1.00,"a, b"', "2,c2,2026-01-01,1.00,"))
    assert report.rejects_file is not None
    fixed = report.rejects_file.read_text(encoding="utf-8").replace("2026-13-01", "2026-01-13")

    again = run(orders=write("fixed.csv", fixed.replace("\r\n", "\n").rstrip()))

    assert '"a, b"' in fixed
    assert again.counts["orders"].created == 1
    assert Order.objects.count() == 2


def test_an_import_that_breaks_off_is_made_whole_by_running_it_again(
    run: Import, write: Write, monkeypatch: Any
) -> None:
    monkeypatch.setattr(batches, "BATCH_ROWS", 10)
    path = write("o.csv", HEADER, *(f"{n},c{n},2026-01-01,1.00" for n in range(35)))
    original, calls = batches.FileImport.write, []

    def breaking(self: batches.FileImport, batch: batches.Batch) -> None:
        calls.append(batch)
        if len(calls) == 3:
            raise KeyboardInterrupt
        original(self, batch)

    monkeypatch.setattr(batches.FileImport, "write", breaking)
    with pytest.raises(KeyboardInterrupt):
        run(orders=path)
    assert Order.objects.count() == 20

    monkeypatch.setattr(batches.FileImport, "write", original)
    report = run(orders=path)

    assert (report.counts["orders"].created, report.counts["orders"].unchanged) == (15, 20)
    assert Order.objects.count() == Customer.objects.count() == 35
