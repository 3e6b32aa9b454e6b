"""The Event log is append-only, as every table of `append_only`: a row only goes inside `purging()`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .append_only import AppendOnly

_purging: ContextVar[bool] = ContextVar("purging", default=False)

EVENTS = AppendOnly("core_event", "event", "The event log is append-only")


@contextmanager
def purging() -> Iterator[None]:
    """Rows of append-only tables may be deleted inside, in one transaction: to erase what must be erased."""
    with transaction.atomic():
        token = _purging.set(True)
        _tell_postgresql("yes")
        try:
            yield
        finally:
            _purging.reset(token)
        _tell_postgresql("no")  # after an error the rollback has already unsaid it


def _tell_postgresql(answer: str) -> None:
    """SET LOCAL: it ends with the transaction at the latest, whatever happens to us."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('carecrm.events_may_go', %s, true)", [answer])


def teach_sqlite(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Receiver of connection_created: the trigger asks us. Any other program is refused by not knowing."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("events_may_go", 0, _purging.get)
