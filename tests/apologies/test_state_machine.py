"""Incident, offer and compensation by the real services in any order: no illegal state, a whole log."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from .machine import Apologies
from .machine_world import make_world

pytestmark = pytest.mark.django_db
QUIET = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    phases=[Phase.generate],  # what fails is told as it was found: to make it smaller takes minutes
)


def run(**how: object) -> tuple[Counter[str], Counter[str]]:
    """What took effect, and what was refused, by name."""
    world, done, refused = make_world(), Counter[str](), Counter[str]()
    run_state_machine_as_test(lambda: Apologies(world, done, refused), settings=settings(QUIET, **how))
    return done, refused


@pytest.mark.timeout(900)
def test_any_order_of_steps_leaves_no_illegal_state_and_a_log_that_rebuilds_the_tables() -> None:
    done, _ = run(max_examples=12, stateful_step_count=25, derandomize=True)
    assert done["approve"] and done["talked"] and done["edit"]


@pytest.mark.drill
@pytest.mark.timeout(3000)
def test_ten_thousand_steps_leave_no_illegal_state() -> None:
    done, refused = run(max_examples=300, stateful_step_count=50, database=None)
    print(dict(sorted(done.items())), dict(sorted(refused.items())))  # noqa: T201
    assert done["steps"] >= 10_000
