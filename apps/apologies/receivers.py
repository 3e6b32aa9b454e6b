"""News from the worklist: an apology's task ended with the customer having heard it, or was taken back."""

from typing import Any

from django.dispatch import receiver

from apps.worklist.models import Attempt, Outcome, TaskStatus
from apps.worklist.signals import attempt_recorded, attempt_undone

from .models import Offer, OfferStatus
from .services import deliver_offer, take_back_delivery

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
    if offer:
        take_back_delivery(offer, by=attempt.by, now=attempt.undone_at or attempt.ended_at)


def _offer(attempt: Attempt, status: str) -> Offer | None:
    return Offer.objects.select_related("incident").filter(task_id=attempt.task_id, status=status).first()
