"""What becomes of a task whose mail did not go after all, or goes again."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import User
from apps.core.statuses import Conflict, advance
from apps.outreach.models import Message
from apps.outreach.services import why_no_mail
from apps.worklist.calling import way_without_mail, window_of
from apps.worklist.models import Attempt, CareTask, Outcome, Reach, TaskStatus
from apps.worklist.services import CannotTake, record_outcome
from apps.worklist.steps import PROMISED

from .mailing import SENT_AGAIN, attempt_of

TAKEN_BACK = "The mail was taken back"
CAME_BACK = "The mail came back"
ENDED_SINCE = "They were reached another way since. This mail is not sent a second time."
NOT_DUE = "The task of this mail is no longer due, so it is not sent again."
ANOTHER_TEAMS = "Another team has the task of this mail by now. Ask them to send it again."


def mail_taken_back(message: Message, *, by: User | None, now: datetime) -> None:
    """On its own page, and not with the outcome that sent it: nobody has reached them."""
    attempt = unsent_attempt(message)
    if attempt and attempt.task.status == TaskStatus.DONE:
        _open_again(attempt, by=by, now=now, reason=TAKEN_BACK)


def mail_came_back(message: Message, *, now: datetime) -> None:
    """Refused for good, or bounced: what is owed goes on, another way where their mail is closed."""
    attempt = unsent_attempt(message)
    if attempt and attempt.task.status == TaskStatus.DONE and attempt.task.owed:
        _open_again(attempt, by=None, now=now, reason=CAME_BACK)


@transaction.atomic
def mail_going_again(message: Message, *, by: User, now: datetime) -> None:
    """It ends its task again where that waits; Conflict where they were reached since, or nothing is due."""
    attempt = attempt_of(message)
    if attempt is None:
        return
    task = attempt.task
    if _later(attempt):
        raise Conflict(ENDED_SINCE)
    if task.status == TaskStatus.DONE:
        return
    if task.status not in {TaskStatus.OPEN, TaskStatus.HELD}:
        raise Conflict(NOT_DUE)
    try:
        again = record_outcome(task, outcome=Outcome.REPLIED, by=by, now=now, notes=attempt.notes)
    except CannotTake as reason:
        raise Conflict(str(reason)) from None
    except PermissionDenied:
        raise Conflict(ANOTHER_TEAMS) from None
    again.before |= {SENT_AGAIN: message.pk}
    again.save(update_fields=["before"])


def unsent_attempt(message: Message) -> Attempt | None:
    """The outcome that this mail is, where nothing has reached them since."""
    attempt = attempt_of(message)
    return attempt if attempt and not _later(attempt) else None


def _later(attempt: Attempt) -> bool:
    return attempt.task.attempts.filter(pk__gt=attempt.pk, undone_at=None).exists()


def _open_again(attempt: Attempt, *, by: User | None, now: datetime, reason: str) -> None:
    """On the desk of whoever wrote it, due the next business day; what is owed before all else."""
    task, writer = attempt.task, attempt.by
    calendar = shop_calendar()
    next_day = calendar.end_of_day(calendar.add_business_days(calendar.local_day(now), 1))
    changes: dict[str, Any] = {
        "assignee": writer if writer and writer.is_active else None,
        "due_at": max(task.due_at, next_day),
        "opens_at": None,
        "closed_at": None,
        "close_reason": "",
        **(_as_owed(task, now) if task.owed else {}),
    }
    advance(task, TaskStatus.OPEN, by=by, now=now, reason=reason, changes=changes)


def _as_owed(task: CareTask, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"priority": PROMISED, "expires_at": None}
    if why_no_mail(task.customer):
        changes["reach"] = way_without_mail(task.customer)
    if changes.get("reach") == Reach.PHONE:
        window = window_of(task, now)
        changes |= {"calls_from": window.opens_at, "calls_until": window.closes_at}
    return changes
