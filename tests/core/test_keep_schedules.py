from threading import Barrier, Thread

import pytest
from celery import current_app
from django.db import connection
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from apps.core.schedules import Schedule, declared_schedules, keep_schedules, keep_schedules_after_migrate

pytestmark = pytest.mark.django_db


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch):
    def _declare(*schedules: Schedule) -> None:
        monkeypatch.setattr("apps.core.schedules.declared_schedules", lambda: iter(schedules))

    return _declare


def test_migrate_leaves_every_declared_schedule_in_the_database():
    names = {schedule.name for schedule in declared_schedules()}

    assert "beat" in names
    assert names <= set(PeriodicTask.objects.values_list("name", flat=True))


def test_schedules_tick_in_utc_intervals_only():
    kept = PeriodicTask.objects.filter(name__in=[schedule.name for schedule in declared_schedules()])

    assert all(task.interval and not task.crontab and not task.solar for task in kept)


def test_every_declared_task_is_registered():
    current_app.loader.import_default_modules()

    assert {schedule.task for schedule in declared_schedules()} <= set(current_app.tasks)


def test_a_second_run_adds_nothing(declare):
    declare(Schedule("sweep", "core.beat", 60))

    assert (keep_schedules(), keep_schedules()) == (1, 0)


def test_what_an_operator_changed_stays(declare):
    declare(Schedule("sweep", "core.beat", 60))
    keep_schedules()
    slow = IntervalSchedule.objects.create(every=5, period=IntervalSchedule.MINUTES)
    PeriodicTask.objects.filter(name="sweep").update(interval=slow, enabled=False)

    keep_schedules()

    sweep = PeriodicTask.objects.get(name="sweep")
    assert (sweep.interval, sweep.enabled) == (slow, False)


@pytest.mark.django_db(transaction=True)
def test_two_that_start_together_keep_each_schedule_once(declare):
    declare(Schedule("sweep", "core.beat", 61), Schedule("run", "core.beat", 61))
    new: list[int] = []

    def start() -> None:
        together.wait(10)
        try:
            new.append(keep_schedules())
        finally:
            connection.close()

    together = Barrier(2)
    threads = [Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum(new) == 2
    assert PeriodicTask.objects.filter(name__in=["sweep", "run"]).count() == 2


def test_what_an_operator_added_stays(declare):
    declare()
    every = IntervalSchedule.objects.create(every=5, period=IntervalSchedule.MINUTES)
    PeriodicTask.objects.create(name="our own", task="core.beat", interval=every)

    keep_schedules()

    assert PeriodicTask.objects.filter(name="our own").exists()


def test_a_renamed_task_is_followed(declare):
    declare(Schedule("sweep", "core.old", 60))
    keep_schedules()
    declare(Schedule("sweep", "core.beat", 60))

    keep_schedules()

    assert PeriodicTask.objects.get(name="sweep").task == "core.beat"


def test_migrating_backwards_without_the_tables_is_no_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(PeriodicTask._meta, "db_table", "not_there")

    keep_schedules_after_migrate(using="default")


def test_a_new_schedule_is_due_at_once_and_its_stale_ticks_are_dropped(declare):
    declare(Schedule("sweep", "core.beat", 60))
    keep_schedules()

    sweep = PeriodicTask.objects.get(name="sweep")
    assert sweep.schedule.is_due(sweep.last_run_at).is_due
    assert sweep.expire_seconds == 120
