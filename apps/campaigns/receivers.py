"""News from the worklist and the mail: an outcome was taken back, and with it the mail that it sent; or the
mail alone was, came back, or goes again.
"""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from apps.accounts.models import User
from apps.core.statuses import Conflict
from apps.outreach import signals
from apps.outreach.models import Message
from apps.outreach.services import CannotSend
from apps.worklist.models import Attempt, CareTask, Outcome
from apps.worklist.services import CannotUndo
from apps.worklist.signals import attempt_undone, task_locking

from . import mail_returns
from .mailing import lock_mails_of, take_back_for


@receiver(task_locking, dispatch_uid="campaigns.mail_first")
def lock_mail_first(sender: object, task: CareTask, **kwargs: Any) -> None:
    lock_mails_of(task)


@receiver(attempt_undone, dispatch_uid="campaigns.mail_taken_back")
def take_back_on_undo(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    if attempt.outcome != Outcome.REPLIED or attempt.by is None:
        return
    try:
        take_back_for(attempt, by=attempt.by, now=attempt.undone_at or attempt.ended_at)
    except (CannotSend, Conflict) as reason:
        raise CannotUndo(str(reason)) from None


@receiver(signals.mail_taken_back, dispatch_uid="campaigns.open_without_mail")
def open_without_mail(
    sender: object, message: Message, by: User | None, now: datetime, **kwargs: Any
) -> None:
    mail_returns.mail_taken_back(message, by=by, now=now)


@receiver(signals.mail_came_back, dispatch_uid="campaigns.came_back")
def open_on_return(sender: object, message: Message, now: datetime, **kwargs: Any) -> None:
    mail_returns.mail_came_back(message, now=now)


@receiver(signals.mail_going_again, dispatch_uid="campaigns.mail_going_again")
def end_on_sending_again(sender: object, message: Message, by: User, now: datetime, **kwargs: Any) -> None:
    mail_returns.mail_going_again(message, by=by, now=now)
