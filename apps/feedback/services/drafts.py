"""A reply while it is being written."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.core.statuses import Conflict
from apps.worklist.models import TaskStatus
from apps.worklist.services import renew

from ..models import FeedbackItem, FeedbackStatus, Reply
from ..permissions import may_answer
from .holding import HELD_BY_OTHER, task_of

STILL_WRITING = timedelta(minutes=2)
ALREADY_CLOSED = "This item is closed. Reopen it to write on."
BEING_WRITTEN = "{name} is writing here at this moment. Yours was not kept."


def save_draft(item: FeedbackItem, *, words: str, by: User, now: datetime) -> Reply:
    """Keep the words as they stand, and the lease on the task. Two people never write over each other."""
    if not may_answer(by):
        raise PermissionDenied
    if item.status != FeedbackStatus.WAITING:
        raise Conflict(ALREADY_CLOSED)
    task = task_of(item)
    if task and task.status == TaskStatus.HELD:
        if task.held_by_id != by.pk:
            raise Conflict(HELD_BY_OTHER.format(name=task.held_by))
        renew(task, by=by, now=now)
    else:
        _check_alone(item, by, now)
    kept = {"words": words, "author": by, "saved_at": now}
    return Reply.objects.update_or_create(item=item, defaults=kept)[0]


def _check_alone(item: FeedbackItem, by: User, now: datetime) -> None:
    draft = Reply.objects.select_related("author").filter(item=item).exclude(author=by).first()
    if draft and draft.author and now - draft.saved_at < STILL_WRITING:
        raise Conflict(BEING_WRITTEN.format(name=draft.author))
