"""Is this installation fit to serve? Asked by `/readyz`, by load balancers and by `manage.py up`."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError

from .heartbeat import TOO_OLD, heartbeat_age
from .models import QueuedMessage


@dataclass(frozen=True)
class Check:
    """The answer of one check; `says` tells an operator what to do where it is not ok."""

    ok: bool
    says: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Readiness:
    checks: dict[str, Check]
    dead_messages: int | None

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks.values())

    def as_json(self) -> dict[str, object]:
        checks = {name: asdict(check) for name, check in self.checks.items()}
        return {"ok": self.ok, "checks": checks, "dead_messages": self.dead_messages}


def readiness(*, now: datetime) -> Readiness:
    """Everything checked; where the database is away, what lives in it is not asked."""
    checks = {"database": _timed(_database)}
    if checks["database"].ok:
        checks["migrations"] = _timed(_migrations)
    if all(check.ok for check in checks.values()):
        checks["broker"] = _timed(_broker)
        checks["worker"] = _timed(lambda: _worker(now))
    ready = all(check.ok for check in checks.values())
    return Readiness(checks, QueuedMessage.objects.filter(dead=True).count() if ready else None)


def _timed(check: Callable[[], Check]) -> Check:
    start = time.perf_counter()
    answer = check()
    return Check(answer.ok, answer.says, round(time.perf_counter() - start, 4))


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Check(False, "The database does not answer: check DATABASE_URL.")
    return Check(True, "answers")


def _migrations() -> Check:
    if _all_migrated():
        return Check(True, "applied")
    _all_migrated.cache_clear()
    return Check(False, "Migrations are waiting: run manage.py migrate.")


@cache
def _all_migrated() -> bool:
    """Asked once with a yes: a process cannot come to need more than the code it started with."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _broker() -> Check:
    try:
        with current_app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OperationalError, OSError, DatabaseError):
        return Check(False, "The broker does not answer: check CELERY_BROKER_URL.")
    return Check(True, "answers")


def _worker(now: datetime) -> Check:
    age = heartbeat_age(now=now)
    if age is None:
        return Check(False, "No tick has run yet: are worker and beat started?")
    if age > TOO_OLD:
        return Check(False, f"The last tick ran {age.total_seconds():.0f} s ago: restart worker and beat.")
    return Check(True, f"ticked {age.total_seconds():.0f} s ago")
