"""Publishes jobs: `python -m tests.core.broker.stage_publish FIRST COUNT SECONDS NOTES`."""

import sys

import django
from celery import current_app

django.setup()

from apps.core.models import Heartbeat  # noqa: E402
from tests.core.broker.stage_jobs import NOT_YET, poison, work  # noqa: E402


def publish(first: int, count: int, seconds: float, notes: str) -> None:
    numbers = range(first, first + count)
    Heartbeat.objects.bulk_create(Heartbeat(name=f"job-{n}", beat_at=NOT_YET) for n in numbers)
    for n in numbers:
        work.delay(n, seconds, notes)


if __name__ == "__main__":
    current_app.loader.import_default_modules()
    if sys.argv[1] == "poison":
        poison.delay(sys.argv[2])
    else:
        publish(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])
