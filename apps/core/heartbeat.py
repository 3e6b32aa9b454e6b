"""The heartbeat: a row written by a task, so that its age proves scheduler, broker and worker at once."""

from datetime import datetime, timedelta

from .models import Heartbeat

NAME = "worker"
TOO_OLD = timedelta(seconds=120)


def beat(*, now: datetime) -> None:
    """Note that a worker ran the tick at `now`; a late one never turns the clock back."""
    row, made = Heartbeat.objects.get_or_create(name=NAME, defaults={"beat_at": now})
    if not made:
        Heartbeat.objects.filter(pk=row.pk, beat_at__lt=now).update(beat_at=now)


def heartbeat_age(*, now: datetime) -> timedelta | None:
    """How long ago the last tick ran; None if none ever did."""
    last = Heartbeat.objects.filter(name=NAME).first()
    return now - last.beat_at if last else None
