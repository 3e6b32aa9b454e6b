"""Closing an item: answered with its words, or recorded as impossible to answer."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import Conflict, IllegalMove, advance
from apps.customers.models import Channel
from apps.effort.models import Origin, TimeEntry
from apps.effort.services import record_time
from apps.worklist.models import CareTask, Outcome, TaskStatus
from apps.worklist.services import record_outcome, task_held_by, withdraw_tasks

from ..models import FeedbackItem, FeedbackStatus, Reply
from ..permissions import may_answer
from .holding import HELD_BY_OTHER, PLAY, give_back, let_go_of_others, task_of
from .mailing import send_reply

PUBLIC = "public"
LONGEST_SITTING = timedelta(minutes=30)
WORDS_NEEDED = "Write the reply: what the customer reads is kept with the item."
REASON_NEEDED = "Say why nobody can answer: the reason stays with the item."
CLOSED_MEANWHILE = "Somebody closed this a moment ago. Nothing to do."


class Refused(ValueError):
    """The request cannot be done as it is. The message says what to change."""


def answer(
    item: FeedbackItem,
    *,
    words: str,
    by: User,
    now: datetime,
    opened_at: datetime | None = None,
    by_mail: bool = False,
) -> Reply:
    """Keep the words that were posted, or send them by mail, and close the task: its clock gives the time.

    An item without a task yet takes its time from `opened_at`, at most half an hour. Raises a CannotSend or
    a CannotRender where the mail cannot go; then nothing is closed.
    """
    check_writer(by)
    if not words.strip():
        raise Refused(WORDS_NEEDED)
    with transaction.atomic():
        task = free_task(item, by, now)
        channel = Channel.EMAIL if by_mail else PUBLIC
        entry = None if task else _time_of_sitting(item, by, now, opened_at, channel)
        close_item(item, FeedbackStatus.ANSWERED, by=by, now=now, entry=entry.pk if entry else None)
        kept = {"words": words.strip(), "author": by, "saved_at": now, "sent_at": now, "message": None}
        reply, _ = Reply.objects.update_or_create(item=item, defaults=kept)
        if by_mail:
            send_reply(reply, by=by, now=now)
        if task:
            record_outcome(task, outcome=Outcome.REPLIED, by=by, now=now)
    return reply


def record_unanswerable(item: FeedbackItem, *, reason: str, by: User, now: datetime) -> None:
    """Only a person says that something cannot be answered, and why. Its task is withdrawn."""
    check_writer(by)
    if not reason.strip():
        raise Refused(REASON_NEEDED)
    reason = reason.strip()[:200]
    with transaction.atomic():
        task = free_task(item, by, now)
        if task and task.status == TaskStatus.HELD:
            give_back(task, by=by, now=now, reason=reason)
        close_item(item, FeedbackStatus.UNANSWERABLE, by=by, now=now, reason=reason)
        if task:
            mine = CareTask.objects.filter(pk=task.pk)
            withdraw_tasks(mine, reason=f"cannot be answered: {reason}"[:120], now=now, by=by)


def check_writer(by: User) -> None:
    if not may_answer(by):
        raise PermissionDenied


def free_task(item: FeedbackItem, by: User, now: datetime) -> CareTask | None:
    """The item's open task, held by nobody else. Another reply that one holds goes back first."""
    task = task_of(item)
    if task and task.status == TaskStatus.HELD and task.held_by_id != by.pk:
        raise Conflict(HELD_BY_OTHER.format(name=task.held_by))
    if task and task.status in {TaskStatus.OPEN, TaskStatus.HELD}:
        let_go_of_others(task, by=by, now=now)
        return task
    return None


def close_item(
    item: FeedbackItem, to: str, *, by: User, now: datetime, reason: str = "", entry: int | None = None
) -> None:
    changes = {"closed_at": now, "unanswerable_reason": reason}
    try:
        advance(item, to, by=by, now=now, reason=reason, changes=changes, entry=entry)
    except (Conflict, IllegalMove) as error:
        raise Conflict(CLOSED_MEANWHILE) from error


def _time_of_sitting(
    item: FeedbackItem, by: User, now: datetime, opened_at: datetime | None, channel: str
) -> TimeEntry | None:
    """Beside a call that is still open nothing is counted: its clock runs already."""
    if opened_at is None or task_held_by(by):
        return None
    began = max(min(opened_at, now), now - LONGEST_SITTING)
    return record_time(
        user=by,
        origin=Origin.PROACTIVE,
        started_at=began,
        seconds=int((now - began).total_seconds()),
        play=PLAY,
        customer=item.customer,
        channel=channel,
    )
