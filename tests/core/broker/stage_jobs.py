"""Tasks for real workers: each notes every run in a file, and takes effect in the database at most once."""

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from apps.core.models import Heartbeat
from apps.core.statuses import record

NOT_YET = datetime(2000, 1, 1, tzinfo=UTC)


@shared_task(name="stage.work")
def work(number: int, seconds: float, notes: str) -> None:
    """Take `seconds`, then take effect, unless an earlier run did."""
    note(notes, f"begin {number}")
    time.sleep(seconds)
    now = timezone.now()
    with transaction.atomic():
        job = Heartbeat.objects.get(name=f"job-{number}")
        if Heartbeat.objects.filter(pk=job.pk, beat_at=NOT_YET).update(beat_at=now):
            record(job, "worked", by=None, now=now)
    note(notes, f"end {number}")


@shared_task(name="stage.poison")
def poison(notes: str) -> None:
    """Kills the process that runs it."""
    note(notes, "begin poison")
    os.kill(os.getpid(), signal.SIGKILL)


def note(notes: str, line: str) -> None:
    """One short append is atomic, so lines of several processes do not mix."""
    with Path(notes).open("a") as file:
        file.write(line + "\n")
