"""The Event log is append-only, by triggers: a row is never changed, and only goes inside `purging()`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_purging: ContextVar[bool] = ContextVar("purging", default=False)

REFUSED = "The event log is append-only"

SQLITE_TRIGGERS = (
    f"""CREATE TRIGGER event_never_changes BEFORE UPDATE ON core_event
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
    f"""CREATE TRIGGER event_stays BEFORE DELETE ON core_event WHEN NOT events_may_go()
        BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END""",
)
POSTGRESQL_TRIGGERS = (
    f"""CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND current_setting('carecrm.events_may_go', true) = 'yes' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
    """CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE ON core_event
        FOR EACH ROW EXECUTE FUNCTION refuse_event_change()""",
)


@contextmanager
def purging() -> Iterator[None]:
    """Events may be deleted inside, in one transaction: for erasing what must be erased."""
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
