"""Rows written by INSERT ... SELECT: what a pass enrols never travels through Python."""

from typing import Any, cast

from django.db import connection, models
from django.db.models import Model, QuerySet, Value
from django.db.models.expressions import Combinable

from .plays.base import Sql


def execute(sql: str, params: tuple[Any, ...] = ()) -> int:
    """Run one statement; returns how many rows it wrote."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return max(cast(int, cursor.rowcount), 0)


def insert_select(
    rows: QuerySet[Any, Any], into: type[Model], given: dict[str, Any], on_conflict: str = ""
) -> int:
    """One row of `into` for each of `rows`: `given` by column, expressions or values; the rest by default."""
    named = {}
    for field in _written(into):
        value = given[field.attname] if field.attname in given else field.get_default()
        named[f"as_{field.attname}"] = value if isinstance(value, Combinable) else Value(value, field)
    sql, params = rows.order_by().annotate(**named).values_list(*named).query.sql_with_params()
    return execute(f"{_head(into, list(named))} {sql} {on_conflict}", params)


def insert_joined(into: type[Model], given: dict[str, Sql | str], source: Sql, on_conflict: str = "") -> int:
    """The same for a source that no queryset can say: `given` holds SQL by column."""
    selected: list[str] = []
    params: list[Any] = []
    for field in _written(into):
        sql, values = _column(field, given)
        selected.append(sql)
        params += values
    columns = [f"as_{field.attname}" for field in _written(into)]
    body = f"SELECT {', '.join(selected)} FROM {source[0]}"  # noqa: S608 - SQL of the engine's own
    return execute(f"{_head(into, columns)} {body} {on_conflict}", (*params, *source[1]))


def _column(field: "models.Field[Any, Any]", given: dict[str, Sql | str]) -> Sql:
    if field.attname not in given:
        return "%s", (field.get_db_prep_save(field.get_default(), connection),)
    sql = given[field.attname]
    return (sql, ()) if isinstance(sql, str) else sql


def _written(model: type[Model]) -> list["models.Field[Any, Any]"]:
    return [f for f in model._meta.local_concrete_fields if not (f.primary_key or f.generated)]


def _head(into: type[Model], named: list[str]) -> str:
    names = {f"as_{field.attname}": field.column for field in _written(into)}
    quoted = ", ".join(f'"{names[name]}"' for name in named)
    return f'INSERT INTO "{into._meta.db_table}" ({quoted})'
