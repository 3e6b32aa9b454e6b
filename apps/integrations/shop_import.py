"""Import a shop's customers, orders and feedback from its files: check them all, then stream them in."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings as django_settings
from django.db import connection

from apps.accounts.models import Shop
from apps.core.csv_reader import RejectsFile, Table, UnusableFile, Unused, check_maps, open_table
from apps.customers.imports import Counts, CustomersImport, FileImport, Note, Notes, OrdersImport, Settings
from apps.customers.models import Customer, Order
from apps.feedback.imports import FeedbackImport
from apps.feedback.models import FeedbackItem

from .reading_ahead import read_ahead
from .shop_settings import currency_of, settle_shop

log = logging.getLogger(__name__)
KINDS: dict[str, type[CustomersImport] | type[OrdersImport] | type[FeedbackImport]] = {
    "customers": CustomersImport,
    "orders": OrdersImport,
    "feedback": FeedbackImport,
}
SOURCE_LIMIT = 40
ANALYZE_FROM = 5_000
Progress = Callable[[str, int, int, int], None]


@dataclass(frozen=True)
class ShopFiles:
    """What to import: a path per kind, and how to read it."""

    source: str
    paths: Mapping[str, Path]
    maps: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = ""
    currency: str = ""
    country: str = ""


@dataclass(frozen=True)
class Report:
    """What an import did.

    `reasons` counts rejected rows by file and reason; `notes` tell of lost cells; `unused` of lost columns,
    for each file.
    """

    counts: Mapping[str, Counts]
    rejects_file: Path | None
    reasons: Mapping[tuple[str, str], int]
    notes: Sequence[Note]
    unused: Mapping[str, Unused]
    seconds: float

    @property
    def changed(self) -> int:
        return sum(counts.created + counts.updated for counts in self.counts.values())

    def as_dict(self) -> dict[str, Any]:
        return {
            **{kind: self.counts[kind].as_dict() for kind in KINDS},
            "rejects_file": str(self.rejects_file) if self.rejects_file else None,
            "seconds": round(self.seconds, 3),
            **self._not_used(),
        }

    def _not_used(self) -> dict[str, Any]:
        """Nothing where every column was used."""
        files = {kind: unused.as_dict() for kind, unused in self.unused.items() if unused}
        return {"not_used": files} if files else {}


def import_shop(files: ShopFiles, *, now: datetime, progress: Progress | None = None) -> Report:
    """Import the files, or raise UnusableFile and change nothing.

    Safe to run again at any time, and to run twice at once: rows are known by source and external id.
    """
    started = monotonic()
    tables = open_tables(files)
    shop = _settle(files, tables, now)
    notes = Notes()
    settings = Settings(files.source.strip(), shop.zone, shop.currency, shop.country, now)
    fields = {kind: KINDS[kind].fields(settings, notes) for kind in tables}
    check_maps(files.maps, [(fields[kind], table.header) for kind, table in tables.items()])
    for kind, table in tables.items():
        table.take(fields[kind], files.maps)
    rejects = RejectsFile(
        django_settings.DATA_FOLDER / "rejects",
        f"import-{_file_name(settings.source)}",
        list(chain.from_iterable(table.header for table in tables.values())),
        now,
    )
    imports = {
        kind: KINDS[kind](table, settings, partial(_reject, rejects, kind, table), notes)
        for kind, table in tables.items()
    }
    shop.save()
    counts = {kind: Counts() for kind in KINDS}
    try:
        for kind, work in imports.items():
            run_import(work, progress)
            counts[kind] = work.counts
            if isinstance(work, OrdersImport):
                counts["customers"].created += work.customers_created
    finally:
        rejects.close()
    unused = {kind: work.unused() for kind, work in imports.items()}
    report = Report(counts, rejects.path, rejects.groups, notes.found(), unused, monotonic() - started)
    _refresh_statistics(report)
    return report


def open_tables(files: ShopFiles) -> dict[str, Table]:
    """The files, their text checked to the last byte, in the order in which they are imported."""
    check_named(files)
    return {kind: open_table(files.paths[kind]) for kind in KINDS if kind in files.paths}


def check_named(files: ShopFiles) -> None:
    """Raise UnusableFile unless a source and at least one file are named."""
    if not files.source.strip() or len(files.source.strip()) > SOURCE_LIMIT:
        raise UnusableFile(f"--source names the shop in at most {SOURCE_LIMIT} characters, such as web.")
    if not files.paths:
        raise UnusableFile("Name at least one file: --customers, --orders or --feedback.")


def _settle(files: ShopFiles, tables: Mapping[str, Table], now: datetime) -> Shop:
    file_currency = ""
    if orders := tables.get("orders"):
        trial = Settings("", Shop().zone, "", "", now)
        orders.take(OrdersImport.fields(trial, Notes()), files.maps)
        file_currency = currency_of(orders, orders.index("currency")) if orders.has("currency") else ""
    return settle_shop(
        time_zone=files.time_zone,
        currency=files.currency,
        country=files.country,
        file_currency=file_currency,
        needs_currency=orders is not None,
        now=now,
    )


def run_import(work: FileImport, progress: Progress | None = None) -> None:
    """Stream one file in: a thread reads and checks the next batches while this one writes."""
    with work:
        for batch in read_ahead(work.packed()):
            work.write(batch)
            if progress:
                progress(work.kind, work.table.position, work.table.size, work.counts.read)


def _reject(rejects: RejectsFile, kind: str, table: Table, line: int, reason: str, cells: list[str]) -> None:
    rejects.add(kind, line, reason, table.header, cells)


def _file_name(source: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in source.lower()).strip("-") or "shop"


def _refresh_statistics(report: Report) -> None:
    """Tell PostgreSQL at once how large the tables are now: plans that guess cost minutes."""
    if connection.vendor != "postgresql" or report.changed < ANALYZE_FROM:
        return
    with connection.cursor() as cursor:
        for model in (Customer, Order, FeedbackItem):
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
