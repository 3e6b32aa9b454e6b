"""Closing an item: answered with its words, or recorded as impossible to answer; and taking that back."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import Conflict, IllegalMove, advance
from apps.core.undo import may_still_undo
from apps.effort.models import Origin, TimeEntry
from apps.effort.services import record_time, take_back_time
from apps.worklist.models import CareTask, Outcome, TaskStatus
from apps.worklist.services import (
    CannotUndo,
    record_outcome,
    task_held_by,
    undo_outcome,
    withdraw_tasks,
)

from ..models import FeedbackItem, FeedbackStatus, Reply
from ..permissions import may_answer
from .holding import HELD_BY_OTHER, PLAY, give_back, let_go_of_others, task_of

LONGEST_SITTING = timedelta(minutes=30)
WORDS_NEEDED = "Write the reply: what the customer reads is kept with the item."
REASON_NEEDED = "Say why nobody can answer: the reason stays with the item."
CLOSED_MEANWHILE = "Somebody closed this a moment ago. Nothing to do."


class Refused(ValueError):
    """The request cannot be done as it is. The message says what to change."""


def answer(
    item: FeedbackItem, *, words: str, by: User, now: datetime, opened_at: datetime | None = None
) -> Reply:
    """Keep the words that were posted, and close the task: its clock gives the time.

    An item without a task yet takes its time from `opened_at`, at most half an hour.
    """
    _check_writer(by)
    if not words.strip():
        raise Refused(WORDS_NEEDED)
    with transaction.atomic():
        task = _free_task(item, by, now)
        entry = None if task else _time_of_sitting(item, by, now, opened_at)
        _close(item, FeedbackStatus.ANSWERED, by=by, now=now, entry=entry.pk if entry else None)
        kept = {"words": words.strip(), "author": by, "saved_at": now, "sent_at": now}
        reply, _ = Reply.objects.update_or_create(item=item, defaults=kept)
        if task:
            record_outcome(task, outcome=Outcome.REPLIED, by=by, now=now)
    return reply


def record_unanswerable(item: FeedbackItem, *, reason: str, by: User, now: datetime) -> None:
    """Only a person says that something cannot be answered, and why. Its task is withdrawn."""
    _check_writer(by)
    if not reason.strip():
        raise Refused(REASON_NEEDED)
    reason = reason.strip()[:200]
    with transaction.atomic():
        task = _free_task(item, by, now)
        if task and task.status == TaskStatus.HELD:
            give_back(task, by=by, now=now, reason=reason)
        _close(item, FeedbackStatus.UNANSWERABLE, by=by, now=now, reason=reason)
        if task:
            mine = CareTask.objects.filter(pk=task.pk)
            withdraw_tasks(mine, reason=f"cannot be answered: {reason}"[:120], now=now, by=by)


def reopen(item: FeedbackItem, *, by: User, now: datetime) -> None:
    """The item waits again, and its task with it. Within seconds outcome and time are taken back too."""
    _check_writer(by)
    is_undo = item.closed_at is not None and may_still_undo(item.closed_at, now=now)
    with transaction.atomic():
        _wait_again(item, by=by, now=now)
        if is_undo and _undone(item, by=by, now=now):
            return
        task = task_of(item)
        if task and task.status in {TaskStatus.DONE, TaskStatus.WITHDRAWN}:
            _open_again(task, by=by, now=now)


def _check_writer(by: User) -> None:
    if not may_answer(by):
        raise PermissionDenied


def _free_task(item: FeedbackItem, by: User, now: datetime) -> CareTask | None:
    """The item's open task, held by nobody else. Another reply that one holds goes back first."""
    task = task_of(item)
    if task and task.status == TaskStatus.HELD and task.held_by_id != by.pk:
        raise Conflict(HELD_BY_OTHER.format(name=task.held_by))
    if task and task.status in {TaskStatus.OPEN, TaskStatus.HELD}:
        let_go_of_others(task, by=by, now=now)
        return task
    return None


def _close(
    item: FeedbackItem, to: str, *, by: User, now: datetime, reason: str = "", entry: int | None = None
) -> None:
    changes = {"closed_at": now, "unanswerable_reason": reason}
    try:
        advance(item, to, by=by, now=now, reason=reason, changes=changes, entry=entry)
    except (Conflict, IllegalMove) as error:
        raise Conflict(CLOSED_MEANWHILE) from error


def _wait_again(item: FeedbackItem, *, by: User, now: datetime) -> None:
    changes = {"closed_at": None, "unanswerable_reason": ""}
    try:
        advance(item, FeedbackStatus.WAITING, by=by, now=now, reason="reopened", changes=changes)
    except IllegalMove as error:
        raise Conflict("This item waits already. Nothing to do.") from error
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
    advance(task, TaskStatus.OPEN, by=by, now=now, reason="reopened", changes=again)


def _time_of_sitting(
    item: FeedbackItem, by: User, now: datetime, opened_at: datetime | None
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
        channel="public",
    )
