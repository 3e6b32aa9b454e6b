"""News from the worklist: a feedback task may also be answered in a call, or that may be taken back."""

from typing import Any

from django.dispatch import receiver

from apps.core.statuses import advance
from apps.worklist.models import Attempt, Outcome, TaskStatus
from apps.worklist.signals import attempt_recorded, attempt_undone

from .models import FeedbackItem, FeedbackStatus, Reply
from .services.holding import PLAY

ANSWERED_BY = {Outcome.TALKED, Outcome.REPLIED}
TALKED = "Answered in a call."


@receiver(attempt_recorded, dispatch_uid="feedback.answered")
def answer_on_talk(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    """The customer heard from us in a call: its notes are what we said."""
    if attempt.outcome not in ANSWERED_BY or attempt.task.status != TaskStatus.DONE:
        return
    item = _item(attempt, FeedbackStatus.WAITING)
    if item is None:
        return
    now = attempt.ended_at
    advance(item, FeedbackStatus.ANSWERED, by=attempt.by, now=now, changes={"closed_at": now})
    words = {"words": attempt.notes.strip() or TALKED, "author": attempt.by, "saved_at": now, "sent_at": now}
    Reply.objects.update_or_create(item=item, defaults=words)


@receiver(attempt_undone, dispatch_uid="feedback.taken_back")
def reopen_on_undo(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    item = _item(attempt, FeedbackStatus.ANSWERED) if attempt.outcome in ANSWERED_BY else None
    if item is None:
        return
    now = attempt.undone_at or attempt.ended_at
    advance(item, FeedbackStatus.WAITING, by=attempt.by, now=now, changes={"closed_at": None})
    Reply.objects.filter(item=item).update(sent_at=None)


def _item(attempt: Attempt, status: str) -> FeedbackItem | None:
    if attempt.task.play != PLAY:
        return None
    enrollment = getattr(attempt.task, "enrollment", None)
    return (
        FeedbackItem.objects.filter(pk=enrollment.subject_id, status=status).first() if enrollment else None
    )
