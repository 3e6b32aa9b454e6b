"""The long ones: 200 MB in bounded memory, an import that is killed, two imports of the same file at once."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

MEGABYTE = 1 << 20
FILE_SIZE = 200 * MEGABYTE
LONG = "x" * 120
MEMORY = 400 * MEGABYTE
ROOT = Path(__file__).resolve().parents[2]
MIGRATE = [sys.executable, "manage.py", "migrate", "-v0"]
COMMAND = [sys.executable, "manage.py", "import_shop", "--source", "web", "--currency", "EUR", "--json"]


def environment(folder: Path) -> dict[str, str]:
    """A database of its own: SQLite in a new data folder."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {"CARECRM_DATA": str(folder)}


def write_orders(path: Path, size: int) -> int:
    rows = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("order_id,customer_id,placed_at,total,items\n")
        while file.tell() < size:
            lines = (
                f"order-{n:012},customer-{n % 50_000:09},2025-0{n % 9 + 1}-11 10:20:30,{n % 90}.50,{LONG}\n"
                for n in range(rows, rows + 10_000)
            )
            file.writelines(lines)
            rows += 10_000
    return rows


@pytest.mark.drill
@pytest.mark.timeout(1800)
def test_a_200_mb_file_is_imported_in_bounded_memory(tmp_path: Path) -> None:
    path, folder = tmp_path / "orders.csv", tmp_path / "data"
    rows = write_orders(path, FILE_SIZE)
    subprocess.run(MIGRATE, cwd=ROOT, env=environment(folder), check=True)

    said = tmp_path / "said.json"
    with said.open("wb") as out:
        command = [*COMMAND, "--orders", str(path)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment(folder), stdout=out)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)

    assert process.returncode == 0
    assert json.loads(said.read_text())["orders"]["created"] == rows
    assert used.ru_maxrss * 1024 < MEMORY


@pytest.mark.slow
def test_two_imports_of_the_same_file_at_once_double_nothing(tmp_path: Path) -> None:
    path, folder = tmp_path / "orders.csv", tmp_path / "data"
    rows = write_orders(path, MEGABYTE)
    subprocess.run(MIGRATE, cwd=ROOT, env=environment(folder), check=True)

    both = [
        subprocess.Popen([*COMMAND, "--orders", str(path)], cwd=ROOT, env=environment(folder), stdout=-1)
        for _ in range(2)
    ]
    reports = [json.loads(process.communicate(timeout=150)[0])["orders"] for process in both]

    assert sum(report["created"] for report in reports) == rows
    assert [report["read"] for report in reports] == [rows, rows]


@pytest.mark.slow
def test_an_import_killed_midway_and_run_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    path, folder = tmp_path / "orders.csv", tmp_path / "data"
    rows = write_orders(path, 16 * MEGABYTE)
    subprocess.run(MIGRATE, cwd=ROOT, env=environment(folder), check=True)

    killed = subprocess.Popen([*COMMAND, "--orders", str(path)], cwd=ROOT, env=environment(folder), stdout=-1)
    wait_for_orders(folder)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=30)
    kept = orders_in(folder)
    assert killed.returncode == -signal.SIGKILL
    assert 0 < kept < rows

    again = subprocess.run(
        [*COMMAND, "--orders", str(path)], cwd=ROOT, env=environment(folder), check=True, capture_output=True
    )
    report = json.loads(again.stdout)["orders"]
    assert (report["created"], report["unchanged"]) == (rows - kept, kept)
    assert orders_in(folder) == rows


def wait_for_orders(folder: Path) -> None:
    end = time.monotonic() + 60
    while not orders_in(folder):
        assert time.monotonic() < end, "no order was written"
        time.sleep(0.02)


def orders_in(folder: Path) -> int:
    with sqlite3.connect(folder / "carecrm.sqlite3", timeout=20) as database:
        return int(database.execute("SELECT count(*) FROM customers_order").fetchone()[0])
