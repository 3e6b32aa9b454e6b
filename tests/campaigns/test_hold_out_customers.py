from hashlib import md5

from apps.campaigns.engine import run_pass
from apps.campaigns.models import Campaign, Enrollment
from apps.customers.models import Customer, Order
from apps.worklist.models import CareTask
from tests.factories import NOW, make_feedback

from .outcomes import outcomes, switch_on

PEOPLE = 2000


def make_people(prefix: str = "c") -> None:
    rows = [Customer(source="shop", external_id=f"{prefix}{n}", created_at=NOW) for n in range(PEOPLE)]
    people = Customer.objects.bulk_create(rows)
    Order.objects.bulk_create(
        Order(customer=each, source="shop", external_id=each.external_id, placed_at=NOW) for each in people
    )


def held_out(percent: int) -> set[str]:
    Campaign.objects.filter(play="welcome").update(holdout_percent=percent)
    return {key for key, outcome in outcomes("welcome", NOW).items() if outcome == "holdout"}


def test_a_tenth_is_held_out_the_same_each_time() -> None:
    make_people()
    first = held_out(10)
    assert 0.08 < len(first) / PEOPLE < 0.12
    assert held_out(10) == first
    assert held_out(0) == set()


def test_a_larger_share_keeps_whom_a_smaller_one_left_out() -> None:
    make_people()
    assert held_out(5) < held_out(20)


def test_the_draw_is_the_same_on_every_database() -> None:
    """The hash looks at play, source and external id only."""
    make_people()
    below = f"{16**8 * 10 // 100:08x}"
    drawn = {n for n in range(PEOPLE) if md5(f"welcome:shop:c{n}".encode()).hexdigest()[:8] < below}
    assert held_out(10) == {f"c{n} order:c{n}" for n in drawn}


def test_held_out_are_enrolled_without_a_task_and_stay_out() -> None:
    make_people()
    switch_on("welcome", holdout_percent=50)
    report = run_pass(at=NOW).campaigns[0]
    assert Enrollment.objects.filter(arm="holdout", task=None).count() == report.holdout > 900
    assert CareTask.objects.count() == report.enrolled
    run_pass(at=NOW)
    assert CareTask.objects.count() == report.enrolled


def test_what_is_owed_is_never_held_out() -> None:
    for _ in range(30):
        make_feedback()
    switch_on("feedback_reply", holdout_percent=50)
    report = run_pass(at=NOW).campaigns[0]
    assert (report.holdout, report.enrolled) == (0, 30)
