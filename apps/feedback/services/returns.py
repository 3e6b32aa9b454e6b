"""What comes back of a reply by mail: the mail itself, or the customer's answer. Its writer hears of it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import User
from apps.core.statuses import advance, record
from apps.outreach.models import Message
from apps.worklist.models import CareTask, TaskStatus
from apps.worklist.steps import PROMISED

from ..models import FeedbackItem, FeedbackStatus, Reply
from .holding import task_of
from .reopening import wait_again

CAME_BACK = "The mail came back"
TAKEN_BACK = "The mail was taken back"
THEY_WROTE = "They wrote back"
LONGEST = 2000  # letters of what they wrote that the task shows
CLOSED = {TaskStatus.DONE, TaskStatus.WITHDRAWN, TaskStatus.EXPIRED}


def reply_came_back(message: Message, *, now: datetime) -> None:
    """It did not reach them: the item waits again, on the desk of whoever wrote it."""
    _unsent(message, by=None, now=now, reason=CAME_BACK)


def reply_taken_back(message: Message, *, by: User | None, now: datetime) -> None:
    """On the mail's own page: nobody sends it, so the item is not answered."""
    _unsent(message, by=by, now=now, reason=TAKEN_BACK)


@transaction.atomic
def hear_back(message: Message, *, text: str, now: datetime) -> None:
    """They answered our reply: its item waits again with what they wrote. Our words stay with the mail."""
    reply = _reply_of(message)
    if reply is None:
        return
    item = reply.item
    if item.status == FeedbackStatus.WAITING:
        record(item, "wrote_back", by=None, now=now, reason=THEY_WROTE, message=message.pk)
    else:
        wait_again(item, by=None, now=now, reason=THEY_WROTE)
        Reply.objects.filter(pk=reply.pk).update(words="")
    _bring_to(reply.author, item, now=now, reason=THEY_WROTE, wrote=text.strip()[:LONGEST])


@transaction.atomic
def _unsent(message: Message, *, by: User | None, now: datetime, reason: str) -> None:
    reply = _reply_of(message)
    if reply is None or reply.item.status != FeedbackStatus.ANSWERED:
        return
    wait_again(reply.item, by=by, now=now, reason=reason)
    _bring_to(reply.author, reply.item, now=now, reason=reason)


def _reply_of(message: Message) -> Reply | None:
    related = Reply.objects.select_related("item", "author")
    return related.filter(message=message).first()


def _bring_to(writer: User | None, item: FeedbackItem, *, now: datetime, reason: str, **facts: str) -> None:
    """Its task before all else on their desk, due the next business day. Without a task a pass makes one."""
    task = task_of(item)
    if task is None:
        return
    told: dict[str, Any] = {"facts": {**task.facts, **facts}}
    if task.status not in CLOSED:
        CareTask.objects.filter(pk=task.pk).update(**told)
        return
    calendar = shop_calendar()
    due_at = calendar.end_of_day(calendar.add_business_days(calendar.local_day(now), 1))
    changes = {
        **told,
        "priority": PROMISED,
        "assignee": writer if writer and writer.is_active else None,
        "due_at": due_at,
        "opens_at": None,
        "expires_at": None,
        "closed_at": None,
        "close_reason": "",
    }
    advance(task, TaskStatus.OPEN, by=None, now=now, reason=reason, changes=changes)
