"""The clock of a hold becomes a time entry."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.effort.models import Origin, TimeEntry
from apps.effort.services import record_time, record_times

from ..models import CareTask

LEASE = timedelta(minutes=15)
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


def measure_abandoned(tasks: Iterable[CareTask]) -> None:
    """Write down the time of holds that their holders did not end, each until its last sign of life.

    That is the last renewal, a lease before `held_until`: the workspace was open, or a note was saved. What
    came after it nobody knows: it stays unmeasured. The caller ends the holds in the same transaction.
    """
    record_times([entry for entry in map(_until_last_seen, tasks) if entry.seconds > 0])


def _until_last_seen(task: CareTask) -> TimeEntry:
    last_seen = (task.held_until or task.created_at) - LEASE
    began = task.held_at or last_seen
    return TimeEntry(
        user=task.held_by,
        team_id=task.held_by.team_id if task.held_by else None,
        origin=Origin.PROACTIVE,
        started_at=began,
        seconds=int((last_seen - began).total_seconds()),
        play=task.play,
        customer_id=task.customer_id,
        channel=task.reach,
        topic=WITHOUT_OUTCOME,
    )
