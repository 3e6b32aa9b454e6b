"""An import with all its checks, beside bare COPY plus INSERT ... ON CONFLICT of the very same rows.

The bare side gets its rows ready-made: read, checked and turned into what COPY takes, before its clock
starts. Each side fills empty tables, in turns; the better turn of each counts, since the machine is shared.
"""

import csv
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from . import REGULAR, Measure, Size

TURNS = 3
BLOCK = 1 << 20


def run(size: Size) -> Iterator[Measure]:
    with TemporaryDirectory() as folder:
        yield from compare(Path(folder), size, turns=1 if size.full else TURNS)


def compare(folder: Path, size: Size, *, turns: int) -> Iterator[Measure]:
    from .shop import write_csv

    paths = write_csv(folder, size.customers, size.orders)
    bare, ours, reading, again = [], [], [], []
    for _ in range(turns):
        empty()
        ready, rows = make_ready(folder, paths)
        bare.append(timed(lambda ready=ready: write_bare(ready)))
        empty()
        ours.append(timed(lambda rows=rows: import_all(paths, changed=rows)))
        reading.append(timed(lambda: read_all(paths)))
        again.append(timed(lambda: import_all(paths, changed=0)))
    rates = {name: rows / min(took) for name, took in (("bare", bare), ("ours", ours))}
    rates |= {name: rows / min(took) for name, took in (("reading", reading), ("again", again))}
    detail = f"{rows:,} rows"
    yield Measure("bare COPY and INSERT ... ON CONFLICT", rates["bare"], unit="rows/s", detail=detail)
    yield Measure("import with all its checks", rates["ours"], unit="rows/s")
    yield Measure("import / bare", rates["ours"] / rates["bare"], limit=0.6, at_least=True)
    yield Measure("reading and checking alone", rates["reading"], unit="rows/s")
    yield Measure("the unchanged files again", rates["again"], unit="rows/s")
    yield Measure("unchanged / reading", rates["again"] / rates["reading"], limit=0.5, at_least=True)


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def empty() -> None:
    from django.db import connection

    from .shop import EMPTY, settle

    with connection.cursor() as cursor:
        cursor.execute(EMPTY)
        cursor.execute("CHECKPOINT")
    settle()


def imports(paths: dict[str, Path]) -> list[Any]:
    """The three imports as the product makes them, their files opened and checked."""
    from zoneinfo import ZoneInfo

    from apps.core.csv_reader import open_csv
    from apps.customers.imports import Notes, Settings
    from apps.integrations.shop_import import KINDS

    from .shop import AT

    settings, notes = Settings("shop", ZoneInfo("Europe/Berlin"), "EUR", "DE", AT), Notes()
    tables = {kind: open_csv(paths[kind], KINDS[kind].fields(settings, notes), {}) for kind in KINDS}
    return [KINDS[kind](table, settings, fail, notes) for kind, table in tables.items()]


def fail(line: int, reason: str, cells: list[str]) -> None:
    raise AssertionError(f"line {line} {reason}")


def read_all(paths: dict[str, Path]) -> int:
    return sum(len(batch.rows) for work in imports(paths) for batch in work.batches())


def import_all(paths: dict[str, Path], *, changed: int) -> None:
    from apps.integrations.shop_import import ShopFiles, import_shop

    from .shop import AT

    report = import_shop(ShopFiles("shop", paths, time_zone="Europe/Berlin", currency="EUR"), now=AT)
    assert report.changed == changed, f"{report.changed:,} rows changed, not {changed:,}"
    assert report.rejects_file is None


def make_ready(folder: Path, paths: dict[str, Path]) -> tuple[list[tuple[Any, Path]], int]:
    """Each import with a file of its rows as COPY takes them."""
    ready, rows = [], 0
    for work in imports(paths):
        path = folder / f"{work.kind}.copy"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for batch in work.batches():
                writer.writerows(batch.rows)
                rows += len(batch.rows)
        ready.append((work, path))
    return ready, rows


def write_bare(ready: list[tuple[Any, Path]]) -> None:
    from django.db import transaction

    for work, path in ready:
        with transaction.atomic():
            copy_and_insert(work, path)


def copy_and_insert(work: Any, path: Path) -> None:
    """The limit: one COPY into a temporary table, one INSERT from it."""
    from django.db import connection

    from apps.core.staging import default_values

    with work, connection.cursor() as cursor:
        names = ", ".join(f'"{name}"' for name in work.stage.columns)
        texts = [n for n, kind in work.stage.columns.items() if kind.startswith(("varchar", "text"))]
        kept = ", ".join(f'"{name}"' for name in texts)
        with (
            cursor.copy(
                f'COPY "{work.stage.name}" ({names}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({kept}))'
            ) as copy,
            path.open("rb") as file,
        ):
            while block := file.read(BLOCK):
                copy.write(block)
        upsert = work.upsert
        rest = default_values(upsert.model, {"source", "external_id", *upsert.values}, upsert.defaults)
        columns = ", ".join(f'"{name}"' for name in (*upsert.values, *rest))
        given = ", ".join([*upsert.values.values(), *(f"%({name})s" for name in rest)])
        sets = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in upsert.values)
        cursor.execute(
            f"INSERT INTO {upsert.table} (source, external_id, {columns}) "
            f'SELECT %(source)s, s.external_id, {given} FROM "{work.stage.name}" s {upsert.joins} '
            f"ON CONFLICT (source, external_id) DO UPDATE SET {sets}",
            {"source": "shop", **rest},
        )


if __name__ == "__main__":
    from .__main__ import measured, prepare_database

    prepare_database()
    missed = [measure for measure in measured("import", REGULAR) if not measure.holds]
    sys.exit(1 if missed else 0)
