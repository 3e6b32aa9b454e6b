"""Approvals that nobody delivered in time."""

from datetime import datetime

from django.db import transaction

from apps.worklist.models import TaskStatus

from ..models import Offer, OfferStatus
from .delivery import is_out
from .locking import lock_offer
from .refresh import decide_again

BATCH = 500
RAN_OUT = "The approval ran out"
HEARD_OF = [TaskStatus.HELD, TaskStatus.DONE]


def lapse_approvals(*, now: datetime) -> int:
    """Put those to decide again whose time is over: how many.

    But for what is being told right now, and for those whose letter is out with what it gives.
    """
    over = Offer.objects.filter(status=OfferStatus.APPROVED, lapses_at__lte=now).changeable()
    waiting = over.exclude(task__status__in=HEARD_OF).order_by("lapses_at")[:BATCH]
    return sum(_lapse(offer, now) for offer in waiting)


@transaction.atomic
def _lapse(offer: Offer, now: datetime) -> bool:
    lock_offer(offer)
    still = offer.status == OfferStatus.APPROVED and offer.lapses_at and offer.lapses_at <= now
    if not still or is_out(offer) or (offer.task and offer.task.status in HEARD_OF):
        return False
    decide_again(offer, by=None, now=now, reason=RAN_OUT)
    return True
