"""Mails through real workers that are killed again and again: none is accepted twice, none is lost.

The short form runs with every test; `make drill` runs 1,000 mails and 50 kills. On SQLite alone, and on a
PostgreSQL and a Redis of the drill's own, which it restarts as by a crash.
"""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from .mail_servers import Postgres, Redis
from .mail_stage import MailStage, wait_while_sending

PLAN = "ok=60,slow=16,500=8,503=8,accept-then-cut=3,cut=2,reset=1,429:Retry-After=1=2"
WORKERS = ("worker1", "worker2")
Staged = tuple[MailStage, list[Callable[[], None]]]


@pytest.fixture
def on_sqlite(tmp_path: Path, django_db_setup: None) -> Iterator[Staged]:
    path = tmp_path / "drill.sqlite3"
    if connection.vendor == "sqlite":  # it has been migrated already
        with closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(str(database_name()))) as made:
            made.backup(copy)
    stage = MailStage(tmp_path, f"sqlite:///{path}", "", plan=PLAN, delay=0.15)
    yield stage, []
    stage.close()


def database_name() -> object:
    return connection.settings_dict["NAME"]


@pytest.fixture
def on_servers(tmp_path: Path) -> Iterator[Staged]:
    """On a PostgreSQL and a Redis of its own; and what restarts each."""
    if not (Postgres.is_installed() and Redis.is_installed()):
        pytest.skip("initdb, pg_ctl and redis-server are needed")
    postgres, broker = Postgres(), Redis(tmp_path)
    try:
        postgres.start()
        broker.start()
        stage = MailStage(tmp_path, postgres.url, broker.url, plan=PLAN, delay=0.15)
        yield stage, [postgres.restart, broker.restart]
        stage.close()
    finally:
        broker.stop()
        postgres.stop()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_no_mail_is_doubled_or_lost_though_workers_are_killed(request: pytest.FixtureRequest):
    """On the kind of database that the tests run on."""
    kind = "on_sqlite" if connection.vendor == "sqlite" else "on_servers"
    drill(*request.getfixturevalue(kind), mails=60, kills=4)


@pytest.mark.drill
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["on_sqlite", "on_servers"])
def test_a_thousand_mails_and_fifty_kills(request: pytest.FixtureRequest, kind: str):
    drill(*request.getfixturevalue(kind), mails=1000, kills=50)


def drill(stage: MailStage, restarts: list[Callable[[], None]], *, mails: int, kills: int) -> None:
    chance = random.Random(20261126)
    stage.step("fill", str(mails))
    restart_at = {kills * n // 4: act for n, act in enumerate(restarts, 1)}
    while stage.kills < kills and stage.open():
        hunt(stage, chance, kills=max(1, min(10, kills - stage.kills - 1)), restart_at=restart_at)
        stage.power_cut()
    assert stage.kills >= kills, "too few mails for so many kills"
    assert not restart_at, "not every server was restarted"
    while stage.open():
        stage.keep_running("beat", *WORKERS)
        stage.hurry()
        time.sleep(0.2)
    prove(stage, mails)


def hunt(
    stage: MailStage, chance: random.Random, *, kills: int, restart_at: dict[int, Callable[[], None]]
) -> None:
    """Kill a worker again and again while mails are on their way."""
    wanted = stage.kills + kills
    while stage.kills < wanted and stage.open():
        stage.keep_running("beat", *WORKERS)
        for due in [number for number in restart_at if number <= stage.kills]:
            restart_at.pop(due)()
        wait_while_sending(stage, 20, "beat", *WORKERS)
        time.sleep(chance.uniform(0, 0.6))
        stage.kill_a_worker()


def prove(stage: MailStage, mails: int) -> None:
    report, cut = stage.report(), stage.noted("cut")
    accepted = stage.noted("accepted") + cut
    rows, shown = report["rows"], set(report["shown"])
    by_status = {
        status: {pk for pk, (each, *_) in rows.items() if each == status} for status in report["counts"]
    }
    unknown, failed = by_status.get("unknown", set()), by_status.get("failed", set())
    told = (
        f"{report['counts']}, {stage.kills} kills, {cut.total()} cut, {stage.noted('fault').total()} faults"
    )

    assert len(rows) == mails
    assert not [pk for pk, times in accepted.items() if times > 1], f"accepted twice: {told}"
    assert set(report["counts"]) <= {"sent", "unknown", "failed"}, told
    assert by_status["sent"] <= set(accepted), f"said to be sent, and was not: {told}"
    assert not failed & set(accepted), f"said to have failed, and was accepted: {told}"
    assert unknown | failed <= shown, f"nobody is shown it: {told}"
    by_kills = len(unknown) - cut.total() - stage.noted("doubt").total()
    assert by_kills <= 10 * stage.kills, told
    assert by_kills >= stage.kills // 4, f"the kills met nobody at work: {told}"
    assert by_status["sent"], told
