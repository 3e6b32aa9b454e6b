"""Whose call it is: a second apology within a year is rung by the manager who approved it."""

from datetime import datetime

from apps.accounts.models import User
from apps.core.statuses import record
from apps.worklist.models import CareTask, Reach

from ..earlier import earlier_of
from ..models import Offer

CALL_YOURSELF = "Not the first apology within a year"


def keep_call(offer: Offer, *, by: User, now: datetime) -> None:
    """Its call lies on the desk of `by`, who approved it; a colleague who takes it there has it.

    Only what is told on the phone, and only where they heard another apology within twelve months.
    """
    task = offer.task
    if task is None or task.reach != Reach.PHONE or not earlier_of(offer, now=now):
        return
    CareTask.objects.filter(pk=task.pk).update(assignee=by)
    task.assignee = by
    record(task, "assigned", by=by, now=now, reason=CALL_YOURSELF)
