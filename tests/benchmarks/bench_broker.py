"""What Celery and its broker take of a campaign run: messages of the run, by the price of one.

The price is that of a job that writes one Event: a real worker on Redis, with a queue of its own, works off
a few hundred that wait already. `BENCH_BROKER_URL` names another broker.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from . import Measure, Size

BROKER = os.environ.get("BENCH_BROKER_URL", "redis://127.0.0.1:6379/0")
JOBS = 400


def run(size: Size) -> Iterator[Measure]:
    with TemporaryDirectory() as folder:
        price = seconds_a_message(Path(folder))
    messages, enrolled, seconds = a_pass(size)
    yield Measure("a message through the broker and a worker", 1000 * price, unit="ms")
    detail = f"{messages} message{'s' if messages > 1 else ''}, {enrolled:,} enrolled, {seconds:.1f} s"
    yield Measure("share of the broker in a run", messages * price / seconds, limit=0.05, detail=detail)


def seconds_a_message(folder: Path) -> float:
    from tests.core.broker.stage import Stage, until

    stage = Stage(folder, os.environ["DATABASE_URL"], broker_url=BROKER)
    try:
        stage.publish(0, JOBS)
        stage.start_worker()
        until(lambda: stage.noted("begin").total() > 0)
        began, at_first = time.perf_counter(), stage.noted("begin").total()
        until(lambda: len(stage.effects(0, JOBS)) == JOBS)
        return (time.perf_counter() - began) / (JOBS - at_first)
    finally:
        stage.close()
        forget(stage.queue)


def forget(queue: str) -> None:
    """Take what the queue leaves on the broker and in the database."""
    from kombu import Connection

    from apps.core.models import Heartbeat

    with Connection(BROKER) as connection, connection.channel() as channel:
        channel.queue_delete(queue)
    Heartbeat.objects.filter(name__startswith="job-").delete()


def a_pass(size: Size) -> tuple[int, int, float]:
    """Messages, enrollments and seconds of one committed pass over the generated shop."""
    from apps.campaigns.engine import run_pass

    from .bench_engine import prepare
    from .shop import AT, build_shop

    build_shop(size.customers, size.orders)
    prepare()
    with messages_sent() as sent:
        began = time.perf_counter()
        report = run_pass(at=AT)
        seconds = time.perf_counter() - began
    return 1 + len(sent), sum(each.enrolled for each in report.campaigns), seconds


@contextmanager
def messages_sent() -> Iterator[list[str]]:
    """The nudges that are sent meanwhile, beside the one that starts a run."""
    sent: list[str] = []
    with patch("apps.core.nudges._send", lambda name, args: sent.append(name)):
        yield sent
