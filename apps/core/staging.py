"""Set-based upserts: rows go to a temporary table, then one statement writes those that are new or differ.

The same shape on both databases: COPY fills the table on PostgreSQL, executemany on SQLite.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

IMPORT_LOCK = 7_201_143  # any number that nothing else of the product locks
PLANS_OF_WHOLE_TABLES = [
    *("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_bitmapscan", "enable_material"),
    "jit",
]
Row = Sequence[Any]
Packed = str | Sequence[Row]


@dataclass(frozen=True)
class Changes:
    created: int = 0
    updated: int = 0


class Stage:
    """A temporary table of this connection with the given columns (name to database type)."""

    def __init__(self, name: str, columns: Mapping[str, str]) -> None:
        self.name = name
        self.columns = dict(columns)

    def make(self) -> None:
        parts = ", ".join(f'"{name}" {kind}' for name, kind in self.columns.items())
        self.drop()
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE TEMPORARY TABLE "{self.name}" ({parts})')

    def drop(self) -> None:
        if connection.needs_rollback:
            return  # a broken transaction takes the table with it
        with connection.cursor() as cursor:
            cursor.execute(f'DROP TABLE IF EXISTS "{self.name}"')

    def clear(self) -> None:
        verb = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
        with connection.cursor() as cursor:
            cursor.execute(f'{verb} "{self.name}"')

    def pack(self, rows: Sequence[Row]) -> Packed:
        """`rows`, each with a value per column, in the form that `load()` takes. Asks no database."""
        if connection.vendor != "postgresql":
            return rows
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue()

    def load(self, packed: Packed) -> None:
        """Replace the contents by what `pack()` made."""
        self.clear()
        names = _quoted(self.columns)
        with connection.cursor() as cursor:
            if isinstance(packed, str):
                self._copy(cursor, names, packed)
            else:
                marks = ", ".join(["%s"] * len(self.columns))
                cursor.executemany(f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})', packed)

    def _copy(self, cursor: Any, names: str, text: str) -> None:
        texts = [name for name, kind in self.columns.items() if kind.startswith(("varchar", "text"))]
        options = f"FORMAT csv, FORCE_NOT_NULL ({_quoted(texts)})" if texts else "FORMAT csv"
        with cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN ({options})') as copy:
            copy.write(text)


def column_types(model: type[models.Model], names: Sequence[str]) -> dict[str, str]:
    """Column name to database type, as the model's own table has them."""
    fields = {str(f.column): f for f in model._meta.concrete_fields}
    return {name: str(fields[name].db_type(connection)) for name in names}


@dataclass
class Upsert:
    """How a stage becomes rows of `model`, known by `source` and `external_id`.

    `values` gives for each column of the model an SQL expression over the stage `s` and `joins`; columns that
    are not named keep what they hold, and new rows get the model's defaults there, or `defaults`.
    """

    model: type[models.Model]
    stage: Stage
    source: str
    values: Mapping[str, str]
    joins: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def write(self) -> Changes:
        """Insert what is new, update what differs, leave the rest untouched. Call it in a transaction."""
        staged, known = self._count()
        if not staged:
            return Changes()
        with connection.cursor() as cursor:
            cursor.execute(*self._upsert(compare=known > 0))
            written = int(cursor.rowcount)
        created = staged - known
        return Changes(created, written - created)

    def _count(self) -> tuple[int, int]:
        """How many rows are staged, and how many of them are known already."""
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT count(*), count(t.id) FROM "{self.stage.name}" s {self._known()}',
                {"source": self.source},
            )
            staged, known = cursor.fetchone()
        return staged, known

    def _known(self) -> str:
        return f'LEFT JOIN "{self.table}" t ON t.source = %(source)s AND t.external_id = s.external_id'

    def _upsert(self, *, compare: bool) -> tuple[str, dict[str, Any]]:
        rest = default_values(self.model, {"source", "external_id", *self.values}, self.defaults)
        given = ["%(source)s", "s.external_id", *self.values.values(), *(f"%({name})s" for name in rest)]
        sets = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in self.values)
        return (
            f'INSERT INTO "{self.table}" ({_quoted(["source", "external_id", *self.values, *rest])}) '
            f'SELECT {", ".join(given)} FROM "{self.stage.name}" s {self.joins} '
            f"{f'{self._known()} WHERE {self._differs()}' if compare else 'WHERE true'} "
            f"ON CONFLICT (source, external_id) DO {f'UPDATE SET {sets}' if sets else 'NOTHING'}",
            {"source": self.source, **rest},
        )

    def _differs(self) -> str:
        differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
        tests = [f't."{name}" {differs} {value}' for name, value in self.values.items()]
        return " OR ".join(["t.id IS NULL", *tests])


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def default_values(model: type[models.Model], named: set[str], given: Mapping[str, Any]) -> dict[str, Any]:
    """What a new row holds in every column of `model` that is not in `named`, as the database takes it."""
    values = {}
    for f in model._meta.concrete_fields:
        if f.primary_key or f.generated or f.column in named:
            continue
        value = given.get(str(f.column), f.get_default())
        values[str(f.column)] = f.get_db_prep_save(value, connection)
    return values


def one_import_at_a_time() -> None:
    """Hold the import lock until the transaction ends; SQLite's write transactions exclude each other anyway.

    A batch is small beside the table that it is compared with, so each of its rows is to be looked up by the
    unique index. PostgreSQL, which has no statistics of a table that is being filled, would rather read all
    of it for every batch: that took 500 seconds where this takes 5.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])
        cursor.execute("; ".join(f"SET LOCAL {name} = off" for name in PLANS_OF_WHOLE_TABLES))
