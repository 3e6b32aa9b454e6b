"""Tasks that others open or close: an approval, an occasion that is no longer due."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core.statuses import advance, advance_all

from ..calling import window_of
from ..models import CareTask, Reach, TaskStatus

BATCH = 500


def open_task(
    task: CareTask, *, by: User | None, now: datetime, due_at: datetime, opens_at: datetime | None = None
) -> None:
    """A task that waited (for an approval) can be worked, not before `opens_at`, and is due no sooner."""
    changes: dict[str, Any] = {"due_at": max(due_at, opens_at or due_at)}
    if opens_at:
        changes["opens_at"] = opens_at
    if task.reach == Reach.PHONE:
        window = window_of(task, opens_at or now)
        changes |= {"calls_from": window.opens_at, "calls_until": window.closes_at}
    advance(task, "open", by=by, now=now, changes=changes)


def withdraw_tasks(
    queryset: QuerySet[CareTask, Any], *, reason: str, now: datetime, by: User | None = None
) -> int:
    """Withdraw those that wait or are open; one that a person is working on is left to them."""
    changes = {"closed_at": now, "close_reason": reason[:120]}
    return sum(
        advance_all(
            queryset.filter(status=status), "withdrawn", by=by, now=now, reason=reason, changes=changes
        )
        for status in (TaskStatus.WAITING, TaskStatus.OPEN)
    )
