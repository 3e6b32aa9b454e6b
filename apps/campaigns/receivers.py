"""News from the worklist: an outcome was taken back, and with it the mail that it sent."""

from typing import Any

from django.dispatch import receiver

from apps.core.statuses import Conflict
from apps.outreach.services import CannotSend
from apps.worklist.models import Attempt, Outcome
from apps.worklist.services import CannotUndo
from apps.worklist.signals import attempt_undone

from .mailing import take_back_for


@receiver(attempt_undone, dispatch_uid="campaigns.mail_taken_back")
def take_back_on_undo(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    if attempt.outcome != Outcome.REPLIED or attempt.by is None:
        return
    try:
        take_back_for(attempt, by=attempt.by, now=attempt.undone_at or attempt.ended_at)
    except (CannotSend, Conflict) as reason:
        raise CannotUndo(str(reason)) from None
