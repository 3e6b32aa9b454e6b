"""News from the worklist: an apology's customer heard it, or it goes another way; or that was taken back."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from apps.accounts.models import User
from apps.campaigns.mail_returns import unsent_attempt
from apps.core.statuses import Conflict
from apps.outreach.models import Message
from apps.outreach.signals import mail_came_back, mail_taken_back
from apps.worklist.models import Attempt, CareTask, Outcome, Reach, TaskStatus
from apps.worklist.services import CannotUndo
from apps.worklist.services.sweep import REFUSED_CALLS
from apps.worklist.services.undo import MOVED_ON, OUTCOME_TAKEN_BACK
from apps.worklist.signals import attempt_recorded, attempt_undone, phone_left, task_locking

from .models import IncidentStatus, Offer, OfferStatus
from .refusals import Refused
from .services import (
    deliver_offer,
    follow_channel,
    go_another_way,
    is_printed,
    restore_approval,
    take_back_delivery,
    tell_by_letter,
)
from .services.coming_back import CLOSED
from .services.resolving import resolve, unresolve
from .ways import mail_is_open

HEARD = {Outcome.TALKED, Outcome.REPLIED}
ANSWERED_THEM = "Their answer was answered"
ANSWER_UNSENT = "The mail that answered them did not go"
PRINT_FIRST = "Print the letter first: what you give stands in it. Then say that it is in the post."


@receiver(task_locking, dispatch_uid="apologies.offer_first")
def lock_offer_first(sender: object, task: CareTask, **kwargs: Any) -> None:
    """First the offer, then its task: as whoever decides on it does (services/locking.py)."""
    if task.play == "apology":
        list(Offer.objects.told_by(task).select_for_update(of=("self",)).values_list("pk"))


@receiver(attempt_recorded, dispatch_uid="apologies.delivered")
def deliver_on_talk(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    if attempt.outcome not in HEARD or attempt.task.status != TaskStatus.DONE:
        return
    offer = _offer(attempt, OfferStatus.APPROVED)
    if offer:
        _deliver(offer, attempt)
        return
    answered = _offer(attempt, OfferStatus.DELIVERED)
    if answered and answered.incident.status == IncidentStatus.OPEN:
        resolve(answered.incident, reason=ANSWERED_THEM, by=attempt.by, now=attempt.ended_at)
        _keep(attempt, answered=answered.pk)


@receiver(attempt_recorded, dispatch_uid="apologies.another_way")
def follow_on_outcome(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    told = tell_by_letter(attempt.task, by=attempt.by, now=attempt.ended_at)
    if told:
        _keep(attempt, delivered=told.pk)
        return
    why = Outcome(attempt.outcome).label
    was = follow_channel(attempt.task, why=why, now=attempt.ended_at)
    if was:
        _keep(attempt, offer=was)


@receiver(phone_left, dispatch_uid="apologies.phone_left")
def follow_on_refusal(sender: object, task: CareTask, now: datetime, **kwargs: Any) -> None:
    if not tell_by_letter(task, by=None, now=now):
        follow_channel(task, why=REFUSED_CALLS, now=now)


@receiver(attempt_undone, dispatch_uid="apologies.taken_back")
def take_back_on_undo(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    at = attempt.undone_at or attempt.ended_at
    if "delivered" in attempt.before:
        _take_back(attempt, at)
    if "offer" in attempt.before:
        _approve_again(attempt, at)
    if "answered" in attempt.before:
        _open_again(attempt, at, reason=OUTCOME_TAKEN_BACK, by=attempt.by)
    if attempt.task.status in {TaskStatus.HELD, TaskStatus.OPEN} and not _may_be_told(attempt):
        raise CannotUndo(MOVED_ON)  # a report voided the approval meanwhile: there is nothing to tell


@receiver([mail_taken_back, mail_came_back], dispatch_uid="apologies.answer_unsent")
def open_on_unsent_answer(
    sender: object, message: Message, now: datetime, by: User | None = None, **kwargs: Any
) -> None:
    """The mail that answered them did not go: they wait for it again."""
    attempt = unsent_attempt(message)
    if attempt and "answered" in attempt.before:
        _open_again(attempt, now, reason=ANSWER_UNSENT, by=by)


def _deliver(offer: Offer, attempt: Attempt) -> None:
    """By whatever the outcome says; where only a mail would tell it and none gets through, another way."""
    is_written = attempt.outcome == Outcome.REPLIED
    if is_written and attempt.task.reach == Reach.POST and not is_printed(offer):
        raise Conflict(PRINT_FIRST)
    is_mailed = is_written and attempt.task.reach == Reach.EMAIL
    if is_mailed and not mail_is_open(offer.incident.customer):
        was = go_another_way(offer, why=CLOSED, now=attempt.ended_at)
        _keep(attempt, closed=True, **({"offer": was} if was else {}))
        attempt.task.refresh_from_db()
        return
    try:
        deliver_offer(offer, by=attempt.by, now=attempt.ended_at)
    except Refused as reason:
        raise Conflict(str(reason)) from reason
    _keep(attempt, delivered=offer.pk)


def _keep(attempt: Attempt, **facts: Any) -> None:
    """What an undo has to know."""
    attempt.before |= facts
    attempt.save(update_fields=["before"])


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


def _open_again(attempt: Attempt, at: datetime, *, reason: str, by: User | None) -> None:
    offer = _offer(attempt, OfferStatus.DELIVERED)
    if offer and offer.incident.resolution == ANSWERED_THEM:
        unresolve(offer.incident, reason=reason, by=by, now=at)


def _may_be_told(attempt: Attempt) -> bool:
    offers = Offer.objects.filter(task_id=attempt.task_id)
    return not offers.exclude(status__in=[OfferStatus.APPROVED, OfferStatus.DELIVERED]).exists()


def _offer(attempt: Attempt, status: str) -> Offer | None:
    related = ["incident__customer", "incident__order", "task"]
    return Offer.objects.select_related(*related).filter(task_id=attempt.task_id, status=status).first()
