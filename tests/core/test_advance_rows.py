from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.models import F

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import IllegalMove, advance_all
from apps.worklist.models import CareTask
from tests.factories import make_task, make_user


@pytest.fixture
def tasks(shop) -> list[CareTask]:
    return [make_task() for _ in range(5)]


@pytest.mark.django_db
def test_every_row_moves_and_leaves_one_event(tasks: list[CareTask], manager: User, now: datetime):
    moved = advance_all(CareTask.objects.all(), "withdrawn", by=manager, now=now, reason="order refunded")

    assert moved == 5
    assert set(CareTask.objects.values_list("status", flat=True)) == {"withdrawn"}
    events = Event.objects.filter(verb="withdrawn").order_by("subject_id")
    assert [event.subject_id for event in events] == [task.pk for task in tasks]
    told = {(e.subject, e.from_status, e.to_status, e.reason, e.actor_id, e.at) for e in events}
    assert told == {("worklist.caretask", "open", "withdrawn", "order refunded", manager.pk, now)}
    assert [event.data for event in events] == [{}] * 5


@pytest.mark.django_db
def test_rows_that_may_not_move_there_are_left_out(tasks: list[CareTask], now: datetime):
    CareTask.objects.filter(pk=tasks[0].pk).update(status="expired")
    CareTask.objects.filter(pk=tasks[1].pk).update(status="waiting")

    assert advance_all(CareTask.objects.all(), "withdrawn", by=None, now=now) == 4
    assert CareTask.objects.get(status="expired") == tasks[0]
    assert Event.objects.get(from_status="waiting").subject_id == tasks[1].pk


@pytest.mark.django_db
def test_a_status_that_nothing_leads_to_is_a_defect_of_the_caller(tasks: list[CareTask], now: datetime):
    with pytest.raises(IllegalMove):
        advance_all(CareTask.objects.all(), "nonsense", by=None, now=now)


@pytest.mark.django_db
def test_other_columns_change_with_the_status(tasks: list[CareTask], now: datetime):
    changes = {"closed_at": now, "close_reason": "late", "attempts_made": F("attempts_made") + 2}

    advance_all(CareTask.objects.all(), "expired", by=None, now=now, changes=changes)

    task = CareTask.objects.first()
    assert (task.closed_at, task.close_reason, task.attempts_made) == (now, "late", 2)


@pytest.mark.django_db
def test_only_the_rows_asked_for_move(tasks: list[CareTask], now: datetime):
    chosen = CareTask.objects.filter(customer__in=[tasks[0].customer_id, tasks[1].customer_id])

    assert advance_all(chosen, "expired", by=None, now=now) == 2
    assert CareTask.objects.filter(status="open").count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    "shape",
    [
        lambda rows: rows.order_by("-pk")[:3],
        lambda rows: rows.filter(customer__care_tasks__status="open").distinct(),
        lambda rows: rows.filter(customer__country="GB").select_related("customer").order_by("due_at"),
        lambda rows: rows.filter(customer__care_tasks__status="open"),
    ],
    ids=["sliced", "distinct", "joined", "joined twice"],
)
def test_any_queryset_can_be_moved_with_one_event_a_row(tasks: list[CareTask], now: datetime, shape):
    make_task(customer=tasks[0].customer)
    chosen = shape(CareTask.objects.all())
    keys = {task.pk for task in chosen}

    assert advance_all(chosen, "expired", by=None, now=now) == len(keys)

    assert set(CareTask.objects.filter(status="expired").values_list("pk", flat=True)) == keys
    assert sorted(Event.objects.values_list("subject_id", flat=True)) == sorted(keys)


@pytest.mark.django_db
def test_no_rows_is_no_error(now: datetime, shop):
    assert advance_all(CareTask.objects.none(), "expired", by=None, now=now) == 0
    assert advance_all(CareTask.objects.all(), "expired", by=None, now=now) == 0


@pytest.mark.django_db
def test_the_set_form_takes_the_same_few_queries_for_any_number(
    tasks: list[CareTask], now: datetime, django_assert_max_num_queries
):
    with django_assert_max_num_queries(5) as asked:
        advance_all(CareTask.objects.all(), "expired", by=None, now=now)

    writes = [query["sql"] for query in asked.captured_queries if "core_event" in query["sql"]]
    assert writes, "the log is written in the same queries"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_move_each_row_once(shop, now: datetime):
    keys = [make_task().pk for _ in range(200)]
    moved = _race(
        lambda: advance_all(CareTask.objects.all(), "expired", by=None, now=now),
        lambda: advance_all(CareTask.objects.order_by("-pk"), "withdrawn", by=None, now=now),
    )

    assert sum(moved) == 200
    assert sorted(Event.objects.values_list("subject_id", flat=True)) == keys
    told = dict(Event.objects.values_list("subject_id", "to_status"))
    assert told == dict(CareTask.objects.values_list("pk", "status"))


@pytest.mark.django_db(transaction=True)
def test_a_row_that_stopped_matching_while_we_waited_stays(shop, now: datetime):
    """One gives a held task a new lease while the sweep, which saw the old one, waits for the row."""
    task = make_task(status="held", held_by=make_user(), held_until=now - timedelta(minutes=1))
    run_out = CareTask.objects.filter(status="held", held_until__lte=now)

    def sweep() -> int:
        return advance_all(run_out, "open", by=None, now=now, changes={"held_by": None, "held_until": None})

    def renew() -> int:
        return CareTask.objects.filter(pk=task.pk, held_until__lte=now).update(
            held_until=now + timedelta(minutes=9)
        )

    moved, renewed = _race(sweep, renew)

    assert moved + renewed == 1
    assert CareTask.objects.get().status == ("open" if moved else "held")


def _race(*actions) -> list[int]:
    """Run the actions in threads that start together; their answers in order."""
    answers = [0] * len(actions)
    start = Barrier(len(actions))

    def run(index: int) -> None:
        start.wait(10)
        try:
            answers[index] = actions[index]()
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index,)) for index in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
