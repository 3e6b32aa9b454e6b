"""Periodic work: each app declares `SCHEDULES` in its `schedules.py`; beat reads them from the database.

Schedules are upserted by name, so that a deploy never removes what an operator added, and an operator's own
interval, or a schedule that was switched off, stays as it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connections, transaction
from django.utils.module_loading import module_has_submodule
from django_celery_beat.models import IntervalSchedule, PeriodicTask

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # so that beat runs a new schedule at once


@dataclass(frozen=True)
class Schedule:
    """Run the Celery task `task` every `every` seconds, UTC; a tick that waited for twice that is dropped."""

    name: str
    task: str
    every: int


def declared_schedules() -> Iterator[Schedule]:
    """What the installed apps declare."""
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "schedules"):
            yield from getattr(import_module(f"{config.name}.schedules"), "SCHEDULES", [])


@transaction.atomic
def keep_schedules() -> int:
    """Write the declared schedules to the database; returns how many are new."""
    return sum(_keep(schedule) for schedule in declared_schedules())


def keep_schedules_after_migrate(*, using: str, **_: Any) -> None:
    """Receiver of post_migrate: does nothing while beat's tables are not there."""
    if PeriodicTask._meta.db_table in connections[using].introspection.table_names():
        keep_schedules()


def _keep(schedule: Schedule) -> bool:
    """Two that start together agree: the name is unique."""
    kept, is_new = PeriodicTask.objects.get_or_create(
        name=schedule.name,
        defaults={
            "task": schedule.task,
            "interval": _interval(schedule.every),
            "last_run_at": LONG_AGO,
            "expire_seconds": 2 * schedule.every,
        },
    )
    if kept.task != schedule.task:
        kept.task = schedule.task
        kept.save(update_fields=["task"])
    return bool(is_new)


def _interval(seconds: int) -> IntervalSchedule:
    """Any of them: beat's table does not keep intervals unique."""
    wanted = {"every": seconds, "period": IntervalSchedule.SECONDS}
    return IntervalSchedule.objects.filter(**wanted).first() or IntervalSchedule.objects.create(**wanted)


SCHEDULES = [Schedule(name="beat", task="core.beat", every=30)]
