"""Statuses move by `advance()`, `advance_first()` or `advance_all()` only, along the model's TRANSITIONS.

Each move is a conditional UPDATE (go on only if the row is still as it was seen) and leaves one Event.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models.sql import UpdateQuery

from .logged import logged_changes
from .models import Event

EVENT_COLUMNS = "at, actor_id, subject, subject_id, verb, from_status, to_status, reason, data"


class Conflict(Exception):
    """Somebody else moved this row first. The message says what to do."""


class IllegalMove(Exception):
    """The status cannot move there: a defect of the caller."""


def record(
    row: models.Model,
    verb: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str = "",
    from_status: str = "",
    to_status: str = "",
    **data: Any,
) -> Event:
    """One line in the Event log about `row`. `by=None` is the system."""
    return Event.objects.create(
        at=now,
        actor_id=by.pk if by else None,
        subject=row._meta.label_lower,
        subject_id=row.pk,
        verb=verb,
        from_status=from_status,
        to_status=to_status,
        reason=reason,
        data=data,
    )


def advance(
    row: models.Model,
    to: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str = "",
    changes: dict[str, Any] | None = None,
    only_if: models.Q | None = None,
    **data: Any,
) -> None:
    """Move `row.status` to `to` and set `changes` with it, or raise Conflict and change nothing.

    `only_if` adds a condition that must still hold; `data` goes to the Event, and with it what `changes`
    sets of the fields that the model's log keeps (`LOGGED`).
    """
    seen: str = row.status  # type: ignore[attr-defined]
    if to not in row.TRANSITIONS[seen]:  # type: ignore[attr-defined]
        raise IllegalMove(f"{row._meta.label} cannot move from {seen} to {to}")
    still_as_seen = models.Q(pk=row.pk, status=seen) & (only_if or models.Q())
    changes = changes or {}
    data |= _as_set(type(row), {"status": to, **changes})
    with transaction.atomic(savepoint=False):  # a conflict is raised after it: there is nothing to undo
        moved = type(row)._base_manager.filter(still_as_seen).update(status=to, **changes)
        if moved:
            record(row, to, by=by, now=now, reason=reason, from_status=seen, to_status=to, **data)
    if not moved:
        raise Conflict("Somebody else changed this a moment ago. Load the page again to see it.")
    for name, value in {"status": to, **changes}.items():
        setattr(row, name, value)


def rewrite(
    row: models.Model,
    verb: str,
    changes: dict[str, Any],
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str = "",
    **data: Any,
) -> None:
    """Set `changes` of a row that is locked, its status apart; one Event keeps those that its log keeps."""
    type(row)._base_manager.filter(pk=row.pk).update(**changes)
    for name, value in changes.items():
        setattr(row, name, value)
    record(row, verb, by=by, now=now, reason=reason, **data, **_as_set(type(row), changes))


def advance_first(
    model: type[models.Model],
    first: tuple[str, Sequence[Any]],
    to: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    changes: dict[str, Any],
) -> Any | None:
    """Move the row of `model` that the query `first` selects, and return it; None where it selects none.

    `first` gives the whole row and locks it where the database can. PostgreSQL selects, moves and logs in one
    statement, in half the time of three, and passes over a row that may not move; SQLite raises IllegalMove.
    """
    if connection.vendor == "postgresql":
        event = _event_values(model, to, by=by, now=now, reason="", seen="seen_status")
        sql, values = _move_and_return(model, first, {"status": to, **changes}, event)
        return next(iter(model._base_manager.raw(sql, values)), None)
    with transaction.atomic():
        row = next(iter(model._base_manager.raw(*first)), None)
        if row:
            advance(row, to, by=by, now=now, changes=changes)
    return row


def advance_all(
    rows: models.QuerySet[Any],
    to: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> int:
    """Move every one of `rows` that may move to `to`, with one Event each; returns how many moved.

    Rows whose status has no such transition are left out, and so are rows that stopped matching while we
    waited for whoever was changing them. `changes` may hold expressions, but not for fields that the model's
    log keeps. Objects in memory stay as they were.
    """
    chosen = _plain(rows).filter(status__in=_movable(rows.model, to))
    event = _event_values(
        rows.model,
        to,
        by=by,
        now=now,
        reason=reason,
        data=_as_set(rows.model, {"status": to, **(changes or {})}),
    )
    write = _move_at_once if connection.vendor == "postgresql" else _log_then_move
    try:
        with transaction.atomic():
            return write(chosen, {"status": to, **(changes or {})}, event)
    except EmptyResultSet:
        return 0


def _as_set(model: type[models.Model], changes: dict[str, Any]) -> dict[str, Any]:
    kept = logged_changes(model, changes)
    return {"set": kept} if kept else {}


def _plain(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """`rows` in a form that can be filtered further and locked row by row."""
    query = rows.query
    if query.is_sliced or query.distinct or query.combinator or query.group_by is not None:
        fresh: models.QuerySet[Any] = rows.model._base_manager.filter(pk__in=rows.values("pk"))
        return fresh
    return rows.select_related(None)


def _movable(model: Any, to: str) -> list[str]:
    """The statuses from which a row may move to `to`."""
    movable = [seen for seen, targets in model.TRANSITIONS.items() if to in targets]
    if not movable:
        raise IllegalMove(f"Nothing of {model._meta.label} can move to {to}")
    return movable


def _event_values(
    model: type[models.Model],
    to: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str,
    seen: str = "status",
    data: dict[str, Any] | None = None,
) -> tuple[str, list[Any]]:
    """The select list of an Event per row of (id, and its status as `seen`), and its parameters."""
    as_json = "%s::jsonb" if connection.vendor == "postgresql" else "%s"
    select = f"%s, %s, %s, id, %s, {seen}, %s, %s, {as_json}"
    at = connection.ops.adapt_datetimefield_value(now)
    said = json.dumps(data or {})
    return select, [at, by.pk if by else None, model._meta.label_lower, to, to, reason, said]


def _move_at_once(chosen: models.QuerySet[Any], changes: dict[str, Any], event: tuple[str, list[Any]]) -> int:
    """PostgreSQL: lock, update and log in one statement. Locks come in the order of keys: no deadlock."""
    locked = chosen.select_for_update(of=("self",)).only("pk", "status").order_by("pk")
    lock, lock_values = locked.query.sql_with_params()
    update, update_values = _update_sql(chosen.model, changes)
    table = connection.ops.quote_name(chosen.model._meta.db_table)
    select, event_values = event
    sql = (
        f"WITH seen (id, status) AS ({lock}), moved AS ("  # noqa: S608 - nothing of it comes from outside
        f"{update} FROM seen WHERE {table}.id = seen.id RETURNING {table}.id, seen.status"
        f") INSERT INTO {Event._meta.db_table} ({EVENT_COLUMNS}) SELECT {select} FROM moved"
    )
    return _execute(sql, [*lock_values, *update_values, *event_values])


def _move_and_return(
    model: type[models.Model],
    first: tuple[str, Sequence[Any]],
    changes: dict[str, Any],
    event: tuple[str, list[Any]],
) -> tuple[str, list[Any]]:
    """PostgreSQL: the statement that moves and logs what `first` selects, and gives it as it then is."""
    update, update_values = _update_sql(model, changes)
    table, movable = connection.ops.quote_name(model._meta.db_table), _movable(model, changes["status"])
    marks = ", ".join(["%s"] * len(movable))
    sql = (
        f"WITH seen AS ({first[0]}), moved AS ("  # noqa: S608 - nothing of it comes from outside
        f"{update} FROM seen WHERE {table}.id = seen.id AND seen.status IN ({marks}) "
        f"RETURNING {table}.*, seen.status AS seen_status"
        f"), logged AS (INSERT INTO {Event._meta.db_table} ({EVENT_COLUMNS}) SELECT {event[0]} FROM moved) "
        "SELECT * FROM moved"
    )
    return sql, [*first[1], *update_values, *movable, *event[1]]


def _log_then_move(
    chosen: models.QuerySet[Any], changes: dict[str, Any], event: tuple[str, list[Any]]
) -> int:
    """SQLite: the transaction is the only writer from its beginning, so what is logged is what is moved."""
    events, table = Event._meta.db_table, connection.ops.quote_name(chosen.model._meta.db_table)
    newest = Event.objects.aggregate(newest=models.Max("pk"))["newest"] or 0
    found, found_values = chosen.order_by().values("pk", "status").distinct().query.sql_with_params()
    select, event_values = event
    log = (
        f"INSERT INTO {events} ({EVENT_COLUMNS}) "  # noqa: S608 - nothing of it comes from outside
        f"WITH seen (id, status) AS ({found}) SELECT {select} FROM seen"
    )
    moved = _execute(log, [*found_values, *event_values])
    update, update_values = _update_sql(chosen.model, changes)
    mine = f"SELECT subject_id FROM {events} WHERE id > %s"  # noqa: S608
    _execute(f"{update} WHERE {table}.id IN ({mine})", [*update_values, newest])
    return moved


def _update_sql(model: type[models.Model], changes: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """`UPDATE table SET ...`, compiled by Django, without a condition."""
    query: Any = model._base_manager.all().query.chain(UpdateQuery)
    query.add_update_values(changes)
    sql, values = query.get_compiler(connection=connection).as_sql()
    return sql, values


def _execute(sql: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)
