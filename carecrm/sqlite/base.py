"""Django's SQLite, whose writers ask for their turn every few milliseconds.

SQLite's own waiting asks at ever longer intervals, up to a tenth of a second: whoever has waited longest
asks least often, and with eight writers at once somebody waits for seconds. Asking at short, uneven intervals
gives everybody the same chance.
"""

import random
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from django.db.backends.sqlite3 import base

PATIENCE_SECONDS = 20
BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY}
ASK_AGAIN_SECONDS = (0.001, 0.003)


class PatientCursor(base.SQLiteCursorWrapper):
    def execute(self, query: Any, params: Any = None) -> Any:
        return patiently(lambda: super(PatientCursor, self).execute(query, params))

    def executemany(self, query: Any, param_list: Any) -> Any:
        rows = list(param_list)  # they may be asked for twice
        return patiently(lambda: super(PatientCursor, self).executemany(query, rows))


def patiently(statement: Callable[[], Any]) -> Any:
    """Run a statement that found the database busy again and again, until it gets its turn or time is up."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return statement()
        except sqlite3.OperationalError as fault:
            if getattr(fault, "sqlite_errorcode", None) not in BUSY or time.monotonic() > end:
                raise
        time.sleep(random.uniform(*ASK_AGAIN_SECONDS))  # noqa: S311 - no secret


class DatabaseWrapper(base.DatabaseWrapper):
    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=PatientCursor)
