"""Counts that never count to the end: a frame shows "99+" and costs the same at any size."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models


def bounded_counts(querysets: Sequence[models.QuerySet[Any]], limit: int = 100) -> list[int]:
    """The sizes of these querysets, each counted to `limit` at most, in one query.

    One that is sliced already keeps its own limit and order.
    """
    if not querysets:
        return []
    columns, params = [], []
    for queryset in querysets:
        sql, values = _limited(queryset, limit)
        columns.append(sql)
        params.extend(values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        return [int(count) for count in cursor.fetchone()]


def _limited(queryset: models.QuerySet[Any], limit: int) -> tuple[str, list[Any]]:
    bounded = queryset if queryset.query.is_sliced else queryset.order_by()[:limit]
    narrow = bounded.values("pk")
    try:
        sql, params = narrow.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return "0", []
    return f"(SELECT COUNT(*) FROM ({sql}) AS bounded)", list(params)  # noqa: S608
