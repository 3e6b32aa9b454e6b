"""Workers killed again and again: every job takes effect once, and nothing is left behind."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.broker.stage import REDIS, Stage, make_database, until

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]
JOBS, KILLS = 600, 25


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    url, remove = make_database(tmp_path)
    made = Stage(tmp_path, url, lease=5)
    yield made
    made.close()
    remove()


def test_every_job_takes_effect_once_though_workers_are_killed(stage: Stage):
    chance = random.Random(20261122)
    stage.publish(0, JOBS, seconds=0.3)
    running = [stage.start_worker(), stage.start_worker()]

    for _ in range(KILLS):
        time.sleep(chance.uniform(2, 5))
        stage.kill(running.pop(0))
        running.append(stage.start_worker())

    until(lambda: len(stage.effects(0, JOBS)) == JOBS, seconds=900)
    assert stage.effects(0, JOBS) == dict.fromkeys(range(JOBS), 1)
    if not REDIS:
        until(lambda: all(dead for _, _, dead in stage.waiting()))
        assert integrity(stage) == "ok"


def integrity(stage: Stage) -> str:
    """SQLite's own opinion of the file, after all those deaths."""
    if not stage.database_url.startswith("sqlite"):
        return "ok"
    return str(stage.rows("PRAGMA integrity_check")[0][0])
