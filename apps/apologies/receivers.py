"""News from the worklist: an apology's customer heard it, it goes another way, or that was taken back."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from apps.core.statuses import Conflict
from apps.worklist.models import Attempt, CareTask, Outcome, TaskStatus
from apps.worklist.services import CannotUndo
from apps.worklist.services.sweep import REFUSED_CALLS
from apps.worklist.services.undo import MOVED_ON
from apps.worklist.signals import attempt_recorded, attempt_undone, phone_left

from .models import Offer, OfferStatus
from .services import deliver_offer, follow_channel, restore_approval, take_back_delivery

HEARD = {Outcome.TALKED, Outcome.REPLIED}


@receiver(attempt_recorded, dispatch_uid="apologies.delivered")
def deliver_on_talk(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    if attempt.outcome not in HEARD or attempt.task.status != TaskStatus.DONE:
        return
    offer = _offer(attempt, OfferStatus.APPROVED)
    if offer:
        deliver_offer(offer, by=attempt.by, now=attempt.ended_at)


@receiver(attempt_undone, dispatch_uid="apologies.taken_back")
def take_back_on_undo(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    offer = _offer(attempt, OfferStatus.DELIVERED) if attempt.outcome in HEARD else None
    at = attempt.undone_at or attempt.ended_at
    if offer:
        take_back_delivery(offer, by=attempt.by, now=at)
    if "offer" in attempt.before:
        _approve_again(attempt, at)
    if attempt.task.status == TaskStatus.HELD and _offer(attempt, OfferStatus.PROPOSED):
        raise CannotUndo(MOVED_ON)  # a report voided the approval meanwhile: there is nothing to tell


@receiver(attempt_recorded, dispatch_uid="apologies.another_way")
def follow_on_outcome(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    why = Outcome(attempt.outcome).label
    was = follow_channel(attempt.task, why=why, now=attempt.ended_at)
    if was:
        attempt.before["offer"] = was
        attempt.save(update_fields=["before"])


@receiver(phone_left, dispatch_uid="apologies.phone_left")
def follow_on_refusal(sender: object, task: CareTask, now: datetime, **kwargs: Any) -> None:
    follow_channel(task, why=REFUSED_CALLS, now=now)


def _approve_again(attempt: Attempt, at: datetime) -> None:
    try:
        restore_approval(attempt.task, attempt.before["offer"], now=at)
    except Conflict:
        raise CannotUndo(MOVED_ON) from None


def _offer(attempt: Attempt, status: str) -> Offer | None:
    return Offer.objects.select_related("incident").filter(task_id=attempt.task_id, status=status).first()
