"""Two real worker processes on one queue: nothing claimed twice, nothing lost, no effect twice."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .stage import REDIS, Stage, make_database, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
embedded = pytest.mark.skipif(REDIS, reason="a promise of the embedded broker")


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    url, remove = make_database(tmp_path_factory.mktemp("stage"))
    yield url
    remove()


@pytest.fixture
def stage(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(**options: float) -> Stage:
        made.append(Stage(tmp_path, database_url, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_two_workers_never_claim_one_message_twice(stage: Callable[..., Stage]):
    """The first job outlasts its lease, so it is also renewed while the other worker is looking."""
    both = stage(lease=2 if not REDIS else 600)
    both.publish(0, 1, seconds=5)
    both.publish(1, 300)
    both.start_worker()
    both.start_worker()

    until(lambda: both.noted("end").total() >= 301)

    assert both.noted("begin") == {str(n): 1 for n in range(301)}
    assert both.effects(0, 301) == dict.fromkeys(range(301), 1)
    until(lambda: not both.waiting())


def test_a_worker_killed_mid_task_loses_nothing_and_doubles_nothing(stage: Callable[..., Stage]):
    survivors = stage()
    survivors.publish(1000, 40, seconds=0.25)
    doomed = survivors.start_worker()
    until(lambda: survivors.noted("begin").total() >= 3)

    survivors.kill(doomed)
    begun, ended = survivors.noted("begin"), survivors.noted("end")
    survivors.start_worker()

    assert begun - ended, "nothing was killed in the middle"
    until(lambda: survivors.effects(1000, 40) == dict.fromkeys(range(1000, 1040), 1))
    until(lambda: not survivors.waiting())


@embedded
def test_a_message_that_kills_its_worker_becomes_a_dead_letter(stage: Callable[..., Stage]):
    poisoned = stage(lease=600, deliveries_allowed=3)
    poisoned.publish_poison()
    poisoned.publish(2000, 5)
    poisoned.start_worker()

    until(lambda: [dead for _, _, dead in poisoned.waiting()] == [True])

    assert poisoned.noted("begin")["poison"] == 3
    assert poisoned.effects(2000, 5) == dict.fromkeys(range(2000, 2005), 1)


def test_a_worker_told_to_stop_finishes_what_it_runs_and_hands_back_the_rest(stage: Callable[..., Stage]):
    stopped = stage(lease=600)
    stopped.publish(3000, 12, seconds=0.5)
    worker = stopped.start_worker()
    until(lambda: stopped.noted("begin").total() >= 2)

    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0

    begun = stopped.noted("begin")
    assert begun == stopped.noted("end")
    assert begun.total() < 12
    if not REDIS:
        assert stopped.waiting() == [("", 0, False)] * (12 - begun.total())
    stopped.start_worker()
    until(lambda: stopped.effects(3000, 12) == dict.fromkeys(range(3000, 3012), 1))
    assert stopped.noted("begin").total() == 12
