"""News from the worklist and the mail: an item was answered in a call, or that was taken back; a reply came
back, or the customer answered it.
"""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from apps.accounts.models import User
from apps.core.statuses import Conflict, advance
from apps.outreach.models import Message
from apps.outreach.signals import customer_wrote, mail_came_back, mail_going_again, mail_taken_back
from apps.worklist.models import Attempt, CareTask, Outcome, TaskStatus
from apps.worklist.services import CannotUndo
from apps.worklist.signals import attempt_recorded, attempt_undone, task_locking

from .models import FeedbackItem, FeedbackStatus, Reply
from .services import hear_back, reply_came_back, reply_going_again, reply_taken_back
from .services.holding import PLAY
from .services.mailing import mail_of, take_back_reply

ANSWERED_BY = {Outcome.TALKED, Outcome.REPLIED}
TALKED = "Answered in a call."


@receiver(task_locking, dispatch_uid="feedback.mail_and_item_first")
def lock_mail_and_item_first(sender: object, task: CareTask, **kwargs: Any) -> None:
    """The order in which news of a mail goes: the mail, its item, the item's task."""
    if task.play != PLAY:
        return
    items = FeedbackItem.objects.filter(pk=_subject_of(task))
    mails = Message.objects.filter(reply__item__in=items)
    list(mails.select_for_update(of=("self",), no_key=True).values_list("pk"))
    list(items.select_for_update(no_key=True).values_list("pk"))


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
    words |= {"message": None}  # a mail of before is not this answer
    Reply.objects.update_or_create(item=item, defaults=words)


@receiver(attempt_undone, dispatch_uid="feedback.taken_back")
def reopen_on_undo(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    item = _item(attempt, FeedbackStatus.ANSWERED) if attempt.outcome in ANSWERED_BY else None
    if item is None:
        return
    now = attempt.undone_at or attempt.ended_at
    message = mail_of(item)
    advance(item, FeedbackStatus.WAITING, by=attempt.by, now=now, changes={"closed_at": None})
    Reply.objects.filter(item=item).update(sent_at=None)
    if message and attempt.by:
        try:
            take_back_reply(message, by=attempt.by, now=now)
        except Conflict as reason:
            raise CannotUndo(str(reason)) from None


@receiver(mail_came_back, dispatch_uid="feedback.came_back")
def wait_on_return(sender: object, message: Message, now: datetime, **kwargs: Any) -> None:
    reply_came_back(message, now=now)


@receiver(mail_taken_back, dispatch_uid="feedback.mail_taken_back")
def wait_on_taking_back(
    sender: object, message: Message, by: User | None, now: datetime, **kwargs: Any
) -> None:
    reply_taken_back(message, by=by, now=now)


@receiver(mail_going_again, dispatch_uid="feedback.mail_going_again")
def answer_on_sending_again(sender: object, message: Message, by: User, now: datetime, **kwargs: Any) -> None:
    reply_going_again(message, by=by, now=now)


@receiver(customer_wrote, dispatch_uid="feedback.wrote_back")
def wait_on_answer(sender: object, message: Message | None, text: str, now: datetime, **kwargs: Any) -> None:
    if message:
        hear_back(message, text=text, now=now)


def _item(attempt: Attempt, status: str) -> FeedbackItem | None:
    if attempt.task.play != PLAY:
        return None
    return FeedbackItem.objects.filter(pk=_subject_of(attempt.task), status=status).first()


def _subject_of(task: CareTask) -> int:
    """The item's key; 0 where it is about none."""
    enrollment = getattr(task, "enrollment", None)
    return (enrollment.subject_id or 0) if enrollment else 0
