"""A worker that the system stopped for longer than its lease has lost its messages, and notices."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.broker.stage import REDIS, Stage, make_database, until

pytestmark = [
    pytest.mark.drill,
    pytest.mark.timeout(900),
    pytest.mark.skipif(REDIS, reason="a promise of the embedded broker"),
]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    url, remove = make_database(tmp_path)
    made = Stage(tmp_path, url, lease=3)
    yield made
    made.close()
    remove()


def test_a_frozen_worker_that_wakes_up_late_undoes_nothing(stage: Stage):
    stage.publish(0, 6, seconds=2)
    frozen = stage.start_worker()
    until(lambda: stage.noted("begin").total() >= 2)

    os.killpg(frozen.pid, signal.SIGSTOP)
    stage.start_worker()
    until(lambda: len(stage.effects(0, 6)) == 6)
    os.killpg(frozen.pid, signal.SIGCONT)

    until(lambda: not stage.waiting())
    assert stage.effects(0, 6) == dict.fromkeys(range(6), 1)
    assert frozen.poll() is None
