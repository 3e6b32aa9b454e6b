"""Taking an answer back, or a reason: the item waits again."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import Conflict, IllegalMove, advance
from apps.core.undo import may_still_undo
from apps.effort.models import TimeEntry
from apps.effort.services import take_back_time
from apps.outreach.models import MessageStatus
from apps.worklist.models import CareTask, Outcome, TaskStatus
from apps.worklist.services import CannotUndo, undo_outcome

from ..models import FeedbackItem, FeedbackStatus, Reply
from .answers import check_writer
from .holding import task_of
from .mailing import MAIL_LEFT, has_left, mail_of, take_back_reply

REOPENED = "reopened"
WAITS_ALREADY = "This item waits already. Nothing to do."


def undo_answer(item: FeedbackItem, *, by: User, now: datetime) -> None:
    """The way back of the toast: however late it is pressed, it never reopens what has left by mail."""
    message = mail_of(item)
    if message and has_left(message):
        raise Conflict(MAIL_LEFT.format(name=item.customer))
    reopen(item, by=by, now=now)


def reopen(item: FeedbackItem, *, by: User, now: datetime) -> None:
    """The item waits again, and its task with it. Within seconds outcome and time are taken back too.

    So is a mail that waits to be sent. Within those seconds one that has left is a Conflict, and nothing
    changes; later it stays with whoever has it.
    """
    check_writer(by)
    is_undo = item.closed_at is not None and may_still_undo(item.closed_at, now=now)
    with transaction.atomic():
        message = mail_of(item, lock=True)
        wait_again(item, by=by, now=now, reason=REOPENED)
        if message and (is_undo or message.status == MessageStatus.QUEUED):
            take_back_reply(message, by=by, now=now)
        if is_undo and _undone(item, by=by, now=now):
            return
        task = task_of(item)
        if task and task.status in {TaskStatus.DONE, TaskStatus.WITHDRAWN}:
            _open_again(task, by=by, now=now)


def wait_again(item: FeedbackItem, *, by: User | None, now: datetime, reason: str) -> None:
    changes = {"closed_at": None, "unanswerable_reason": ""}
    try:
        advance(item, FeedbackStatus.WAITING, by=by, now=now, reason=reason, changes=changes)
    except IllegalMove as error:
        raise Conflict(WAITS_ALREADY) from error
    Reply.objects.filter(item=item).update(sent_at=None, saved_at=now)


def _undone(item: FeedbackItem, *, by: User, now: datetime) -> bool:
    """Take back what closing it recorded: the attempt of its task, or the time of an item without one."""
    task = task_of(item)
    if task is None:
        _take_back_sitting(item, by=by, now=now)
        return True
    replies = task.attempts.filter(undone_at=None, by=by, outcome=Outcome.REPLIED)
    attempt = replies.order_by("-ended_at").first()
    if attempt is None:
        return False
    try:
        undo_outcome(attempt, by=by, now=now)
    except CannotUndo:
        return False
    return True


def _take_back_sitting(item: FeedbackItem, *, by: User, now: datetime) -> None:
    closings = Event.objects.filter(subject=item._meta.label_lower, subject_id=item.pk, actor=by)
    event = closings.filter(verb=FeedbackStatus.ANSWERED).order_by("-at", "-pk").first()
    entry = TimeEntry.objects.filter(pk=event.data.get("entry") or 0).first() if event else None
    if entry:
        take_back_time(entry, by=by, now=now)


def _open_again(task: CareTask, *, by: User, now: datetime) -> None:
    """Closed for good, yet owed again: back to the pool. The time it took stays, it was worked."""
    again = {"closed_at": None, "close_reason": ""}
    advance(task, TaskStatus.OPEN, by=by, now=now, reason=REOPENED, changes=again)
