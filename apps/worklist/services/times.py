"""The clock of a hold becomes a time entry."""

from datetime import datetime

from apps.accounts.models import User
from apps.effort.models import Origin, TimeEntry
from apps.effort.services import record_time

from ..models import CareTask

WITHOUT_OUTCOME = "Left without an outcome"  # the topic of time in which the customer did not hear from us


def measure(task: CareTask, *, by: User, now: datetime, topic: str = "") -> TimeEntry | None:
    """Write down the time since the hold began, up to the lease: later seconds nobody can vouch for."""
    if task.held_at is None or task.held_until is None:
        return None
    seconds = int((min(now, task.held_until) - task.held_at).total_seconds())
    if seconds < 1:
        return None
    return record_time(
        user=by,
        origin=Origin.PROACTIVE,
        started_at=task.held_at,
        seconds=seconds,
        play=task.play,
        customer=task.customer,
        channel=task.reach,
        topic=topic,
    )
