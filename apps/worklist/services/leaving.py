"""Somebody no longer works on tasks: what only they could have worked goes back to their team."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import record

from ..models import CareTask, TaskStatus
from .leases import let_go
from .times import measure_abandoned

LEFT = "{name} no longer works on tasks"


@transaction.atomic
def free_tasks_of(user: User, *, by: User | None, now: datetime) -> int:
    """Let go of the task that they hold, and of all that was promised or assigned to them: how many.

    A promised call back keeps its moment and its place at the head: somebody else keeps the promise.
    """
    reason = LEFT.format(name=user.name)
    theirs_now = CareTask.objects.filter(status=TaskStatus.HELD, held_by=user).select_related("held_by")
    for held in theirs_now.select_for_update(of=("self",)):
        measure_abandoned([held])
        let_go(held, by=by, now=now, reason=reason, opens_at=held.opens_at)
    theirs = list(CareTask.objects.filter(assignee=user, status__in=[TaskStatus.WAITING, TaskStatus.OPEN]))
    for task in theirs:
        if CareTask.objects.filter(pk=task.pk, assignee=user).update(assignee=None):
            record(task, "freed", by=by, now=now, reason=reason)
    return len(theirs)
