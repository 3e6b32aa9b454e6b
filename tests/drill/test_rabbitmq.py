"""RabbitMQ in place of Redis: the same jobs, on the broker named by DRILL_AMQP_URL."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from kombu import Connection

from tests.core.broker.stage import Stage, make_database, until

AMQP = os.environ.get("DRILL_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//")
pytestmark = [pytest.mark.drill, pytest.mark.timeout(900)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    try:
        with Connection(AMQP, connect_timeout=3) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=3)
    except OSError as error:
        pytest.skip(f"no RabbitMQ at {AMQP}: service rabbitmq-server start ({error})")
    url, remove = make_database(tmp_path)
    made = Stage(tmp_path, url, broker_url=AMQP)
    yield made
    made.close()
    remove()


def test_rabbitmq_carries_the_same_jobs_and_survives_a_kill(stage: Stage):
    stage.publish(0, 60, seconds=0.2)
    doomed = stage.start_worker()
    until(lambda: stage.noted("begin").total() >= 5)

    stage.kill(doomed)
    stage.start_worker()

    until(lambda: len(stage.effects(0, 60)) == 60)
    assert stage.effects(0, 60) == dict.fromkeys(range(60), 1)
