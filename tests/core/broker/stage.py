"""A stage for real worker processes: a migrated database and a queue of its own, on whatever is configured.

SQLite and the embedded broker by default; `DATABASE_URL` and `CELERY_BROKER_URL` choose others.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import redis
from django.db import connection

ROOT = Path(__file__).parents[3]
REDIS = os.environ.get("CELERY_BROKER_URL", "").startswith("redis")


class Stage:
    """One queue on a database made by `make_database`; ends by killing what it started."""

    def __init__(
        self, folder: Path, database_url: str, *, lease: float = 3, broker_url: str = "", **options: Any
    ) -> None:
        self.folder, self.database_url = folder, database_url
        self.notes = folder / "notes.txt"
        self.notes.touch()
        self.queue = f"stage-{uuid4().hex[:8]}"
        self.workers: list[subprocess.Popen[bytes]] = []
        options = {"lease_seconds": lease, "visibility_timeout": lease, **options}
        if REDIS and not broker_url:
            options["global_keyprefix"] = self.queue
        self.environment = {
            **os.environ,
            "CARECRM_DATA": str(folder),
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "tests.core.broker.stage_settings",
            "STAGE_QUEUE": self.queue,
            "STAGE_TRANSPORT_OPTIONS": json.dumps({} if broker_url else options),
        }
        if broker_url:
            self.environment["CELERY_BROKER_URL"] = broker_url

    def python(self, *arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], cwd=ROOT, env=self.environment, check=True)

    def publish(self, first: int, count: int, seconds: float = 0.0) -> None:
        module = "tests.core.broker.stage_publish"
        self.python("-m", module, str(first), str(count), str(seconds), str(self.notes))

    def publish_poison(self) -> None:
        self.python("-m", "tests.core.broker.stage_publish", "poison", str(self.notes))

    def start_worker(self) -> subprocess.Popen[bytes]:
        number = len(self.workers)
        command = [sys.executable, "-m", "celery", "-A", "carecrm", "worker", "-n", f"{self.queue}-{number}"]
        with (self.folder / f"worker-{number}.log").open("wb") as log:
            worker = subprocess.Popen(
                [*command, "--concurrency", "2", "--loglevel", "INFO"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.workers.append(worker)
        return worker

    def ready(self, number: int) -> bool:
        return "ready." in (self.folder / f"worker-{number}.log").read_text()

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """`kill -9` of the worker and its children at once, as a power cut would."""
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)

    def close(self) -> None:
        for worker in self.workers:
            self.kill(worker)
        if REDIS:
            with redis.Redis.from_url(os.environ["CELERY_BROKER_URL"]) as server:
                for key in server.scan_iter(match=f"{self.queue}*"):
                    server.delete(key)

    def noted(self, word: str) -> Counter[str]:
        """How often each job was noted with `word`."""
        lines = [line.split() for line in self.notes.read_text().splitlines()]
        return Counter(job for noted, job in lines if noted == word)

    def effects(self, first: int, count: int) -> Counter[int]:
        """How often each job took effect, by the Event log."""
        rows = self.rows(
            "SELECT h.name FROM core_event e JOIN core_heartbeat h ON h.id = e.subject_id"
            " WHERE e.verb = 'worked'"
        )
        numbers = (int(name.removeprefix("job-")) for (name,) in rows)
        return Counter(n for n in numbers if first <= n < first + count)

    def waiting(self) -> list[tuple[Any, ...]]:
        """The embedded queue's rows: (lease, deliveries, dead)."""
        return self.rows(
            f"SELECT lease, deliveries, dead FROM core_queuedmessage WHERE queue = '{self.queue}'"
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with connect(self.database_url) as database:
            return list(database.execute(sql).fetchall())


def until(condition: Callable[[], bool], *, seconds: float = 240) -> None:
    """Wait until `condition` holds, or fail."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def connect(url: str) -> Any:
    """A plain connection, so that what the product says is checked from outside."""
    if url.startswith("sqlite"):
        import sqlite3  # noqa: PLC0415

        return sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)
    import psycopg  # noqa: PLC0415

    return psycopg.connect(url, autocommit=True)


def make_database(folder: Path) -> tuple[str, Callable[[], None]]:
    """A migrated database of the kind that the tests run on: its URL, and what removes it."""
    if connection.vendor == "sqlite":
        url, remove = f"sqlite:///{folder / 'stage.sqlite3'}", lambda: None
    else:
        url, remove = _make_postgres()
    try:
        Stage(folder, url).python("manage.py", "migrate", "core", "--verbosity", "0")
    except subprocess.CalledProcessError:
        remove()
        raise
    return url, remove


def _make_postgres() -> tuple[str, Callable[[], None]]:
    settings = connection.settings_dict
    login = settings["USER"] + (f":{settings['PASSWORD']}" if settings["PASSWORD"] else "")
    server = f"postgres://{login}@{settings['HOST']}:{settings['PORT'] or 5432}"
    name = f"test_stage_{uuid4().hex[:8]}"

    def run(sql: str) -> None:
        with connect(f"{server}/postgres") as database:
            database.execute(sql)

    run(f"CREATE DATABASE {name}")
    return f"{server}/{name}", lambda: run(f"DROP DATABASE {name} WITH (FORCE)")
