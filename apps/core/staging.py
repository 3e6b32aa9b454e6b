"""Set-based upserts: rows go to a temporary table, then one statement finds what differs, one writes it.

The same shape on both databases: COPY fills the table on PostgreSQL, executemany on SQLite.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

IMPORT_LOCK = 7_201_143  # any number that nothing else of the product locks
PLANS_OF_WHOLE_TABLES = [
    *("enable_hashjoin", "enable_mergejoin", "enable_seqscan", "enable_bitmapscan", "enable_material"),
    "jit",
]
Row = Sequence[str | None]


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

    def load(self, rows: Sequence[Row]) -> None:
        """Replace the contents by `rows`, each with a value per column."""
        self.clear()
        names = _quoted(self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                self._copy(cursor, names, rows)
            else:
                marks = ", ".join(["%s"] * len(self.columns))
                cursor.executemany(f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})', rows)

    def _copy(self, cursor: Any, names: str, rows: Sequence[Row]) -> None:
        texts = [name for name, kind in self.columns.items() if kind.startswith(("varchar", "text"))]
        options = f"FORMAT csv, FORCE_NOT_NULL ({_quoted(texts)})" if texts else "FORMAT csv"
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        with cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN ({options})') as copy:
            copy.write(text.getvalue())


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
    extra: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    before_write: Callable[[str], None] | None = None

    def __post_init__(self) -> None:
        self.table = self.model._meta.db_table
        types = column_types(self.model, ["external_id", *self.values])
        more = {name: kind for name, (kind, _) in self.extra.items()}
        self.todo = Stage(f"{self.stage.name}_todo", {"known": "bigint", **types, **more})

    def write(self) -> Changes:
        """Insert what is new, update what differs, leave the rest untouched. Call it in a transaction."""
        self.todo.clear()
        found = self._find()
        if not found:
            return Changes()
        if self.before_write:
            self.before_write(self.todo.name)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{self.todo.name}" WHERE known IS NULL')
            created = int(cursor.fetchone()[0])
            cursor.execute(*self._upsert())
        return Changes(created, found - created)

    def _find(self) -> int:
        """Put into `todo` what is new or differs, with the key of the row that is known."""
        differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
        tests = [f't."{name}" {differs} {value}' for name, value in self.values.items()]
        wanted = {"known": "t.id", "external_id": "s.external_id", **self.values}
        wanted |= {name: expression for name, (_, expression) in self.extra.items()}
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{self.todo.name}" ({_quoted(wanted)}) SELECT {", ".join(wanted.values())} '
                f'FROM "{self.stage.name}" s {self.joins} '
                f'LEFT JOIN "{self.table}" t ON t.source = %(source)s AND t.external_id = s.external_id '
                f"WHERE {' OR '.join(['t.id IS NULL', *tests])}",
                {"source": self.source},
            )
            return int(cursor.rowcount)

    def _upsert(self) -> tuple[str, dict[str, Any]]:
        rest = default_values(self.model, {"source", "external_id", *self.values}, self.defaults)
        own = ["external_id", *self.values]
        given = ", ".join([_quoted(own), *(f"%({name})s" for name in rest)])
        sets = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in self.values)
        return (
            f'INSERT INTO "{self.table}" (source, {_quoted([*own, *rest])}) '
            f'SELECT %(source)s, {given} FROM "{self.todo.name}" WHERE true '
            f"ON CONFLICT (source, external_id) DO {f'UPDATE SET {sets}' if sets else 'NOTHING'}",
            {"source": self.source, **rest},
        )


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
