"""News from the worklist and the mail: an apology's customer heard it, it goes another way, it came back, or
they answered; or that was taken back.
"""

from datetime import datetime, timedelta
from typing import Any

from django.dispatch import receiver

from apps.core.statuses import Conflict
from apps.customers.models import Customer
from apps.outreach.models import Message
from apps.outreach.signals import customer_wrote, mail_came_back
from apps.worklist.models import Attempt, CareTask, Outcome, TaskStatus
from apps.worklist.services import CannotUndo
from apps.worklist.services.sweep import REFUSED_CALLS
from apps.worklist.services.undo import MOVED_ON
from apps.worklist.signals import attempt_recorded, attempt_undone, phone_left, task_locking

from .models import IncidentStatus, Letter, Offer, OfferStatus
from .services import (
    deliver_offer,
    follow_channel,
    hear_back,
    letter_came_back,
    restore_approval,
    take_back_delivery,
)
from .services.resolving import resolve

HEARD = {Outcome.TALKED, Outcome.REPLIED}
ANSWERED_THEM = "Their answer was answered"
ANSWERS_FOR = timedelta(
    days=30
)  # a mail of theirs without a reference is about an apology no older than that


@receiver(task_locking, dispatch_uid="apologies.offer_first")
def lock_offer_first(sender: object, task: CareTask, **kwargs: Any) -> None:
    """First the offer, then its task: as whoever decides on it does (services/locking.py)."""
    if task.play == "apology":
        list(Offer.objects.filter(task=task).select_for_update().values_list("pk"))


@receiver(attempt_recorded, dispatch_uid="apologies.delivered")
def deliver_on_talk(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    if attempt.outcome not in HEARD or attempt.task.status != TaskStatus.DONE:
        return
    offer = _offer(attempt, OfferStatus.APPROVED)
    if offer:
        deliver_offer(offer, by=attempt.by, now=attempt.ended_at)
        attempt.before["delivered"] = offer.pk
        attempt.save(update_fields=["before"])
        return
    answered = _offer(attempt, OfferStatus.DELIVERED)
    if answered and answered.incident.status == IncidentStatus.OPEN:
        resolve(answered.incident, reason=ANSWERED_THEM, by=attempt.by, now=attempt.ended_at)


@receiver(attempt_undone, dispatch_uid="apologies.taken_back")
def take_back_on_undo(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    at = attempt.undone_at or attempt.ended_at
    if "delivered" in attempt.before:
        _take_back(attempt, at)
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


@receiver(mail_came_back, dispatch_uid="apologies.came_back")
def find_another_way(sender: object, message: Message, now: datetime, **kwargs: Any) -> None:
    related = ["offer__incident__customer", "offer__incident__order", "offer__task", "made_by"]
    letter = Letter.objects.filter(message=message, withdrawn_at=None).select_related(*related).first()
    if letter:
        letter_came_back(letter, now=now)


@receiver(customer_wrote, dispatch_uid="apologies.answered")
def reopen_on_answer(
    sender: object, customer: Customer, message: Message | None, text: str, now: datetime, **kwargs: Any
) -> None:
    offers = Offer.objects.filter(incident__customer=customer, status=OfferStatus.DELIVERED)
    offers = (
        offers.filter(letters__message=message)
        if message
        else offers.filter(decided_at__gt=now - ANSWERS_FOR)
    )
    offer = offers.select_related("incident", "task").order_by("-decided_at").first()
    if offer:
        hear_back(offer, text=text, by=None, now=now)


def _take_back(attempt: Attempt, at: datetime) -> None:
    offer = _offer(attempt, OfferStatus.DELIVERED)
    if offer is None:
        raise CannotUndo(MOVED_ON)
    try:
        take_back_delivery(offer, by=attempt.by, now=at)
    except Conflict as gone:
        raise CannotUndo(str(gone)) from None


def _approve_again(attempt: Attempt, at: datetime) -> None:
    try:
        restore_approval(attempt.task, attempt.before["offer"], now=at)
    except Conflict:
        raise CannotUndo(MOVED_ON) from None


def _offer(attempt: Attempt, status: str) -> Offer | None:
    return Offer.objects.select_related("incident").filter(task_id=attempt.task_id, status=status).first()
