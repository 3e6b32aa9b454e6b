"""News of letters: what became of their mails and of the tasks of who posts them, what customers answer."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from apps.accounts.models import User
from apps.campaigns.mailing import task_of
from apps.core.statuses import Conflict
from apps.customers.models import Customer
from apps.outreach.models import Message
from apps.outreach.services import take_back_mail
from apps.outreach.signals import customer_wrote, mail_came_back, mail_going_again, mail_taken_back
from apps.worklist.models import Attempt, CareTask, Outcome, Reach, TaskStatus
from apps.worklist.services import CannotUndo
from apps.worklist.signals import attempt_recorded, attempt_undone

from .models import Letter, LetterBy, Offer, OfferStatus
from .services import (
    call_after_post,
    call_waits_again,
    hear_back,
    letter_came_back,
    letter_taken_back,
    send_by_mail,
)
from .ways import mail_is_open, way_after_call

ANSWERS_FOR = timedelta(days=30)  # a mail of theirs without a reference is about an apology this young
WENT_ANOTHER_WAY = "This letter went another way since: see its offer. It is not sent a second time."
RELATED = ["offer__incident__customer", "offer__incident__order", "offer__task", "message"]


@receiver(mail_came_back, dispatch_uid="apologies.came_back")
def find_another_way(sender: object, message: Message, now: datetime, **kwargs: Any) -> None:
    letter = Letter.objects.live().filter(message=message).select_related(*RELATED).first()
    if letter:
        letter_came_back(letter, now=now)


@receiver(mail_taken_back, dispatch_uid="apologies.letter_taken_back")
def take_letter_back(sender: object, message: Message, by: User | None, now: datetime, **kwargs: Any) -> None:
    letter = Letter.objects.live().filter(message=message).select_related(*RELATED).first()
    if letter:
        letter_taken_back(letter, by=by, now=now)


@receiver(mail_going_again, dispatch_uid="apologies.not_twice")
def refuse_second_letter(sender: object, message: Message, **kwargs: Any) -> None:
    letters = Letter.objects.filter(message=message)
    if letters.exists() and not letters.live().exists():
        raise Conflict(WENT_ANOTHER_WAY)


@receiver(customer_wrote, dispatch_uid="apologies.answered")
def reopen_on_answer(
    sender: object, customer: Customer, message: Message | None, text: str, now: datetime, **kwargs: Any
) -> None:
    """To a letter, or to what was written about it since; without a reference to the last."""
    offers = Offer.objects.filter(incident__customer=customer, status=OfferStatus.DELIVERED)
    if message:
        offers = offers.filter(Q(letters__message=message) | Q(task_id=task_of(message)))
    else:
        offers = offers.filter(decided_at__gt=now - ANSWERS_FOR)
    offer = offers.order_by("-decided_at", "-pk").first()
    if offer:
        hear_back(offer, text=text, by=None, now=now)


@receiver(attempt_recorded, dispatch_uid="apologies.letter_task")
def follow_letter_task(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    letter = Letter.objects.live().filter(task=attempt.task_id).select_related(*RELATED).first()
    if letter is None:
        return
    if attempt.task.status == TaskStatus.DONE:
        _sent_by_person(letter, attempt)
    elif attempt.task.reach == Reach.EMAIL and not mail_is_open(attempt.customer):
        _leave_closed_mail(attempt.task)


@receiver(attempt_undone, dispatch_uid="apologies.letter_task_again")
def take_back_letter_task(sender: object, attempt: Attempt, **kwargs: Any) -> None:
    at = attempt.undone_at or attempt.ended_at
    key = attempt.before.get("letter_mailed") or attempt.before.get("letter_posted")
    letter = Letter.objects.live().filter(pk=key).select_related(*RELATED).first() if key else None
    try:
        if letter and "letter_mailed" in attempt.before:
            _take_back_mailed(letter, by=attempt.by, now=at)
        elif letter:
            call_waits_again(letter, by=attempt.by, now=at)
    except Conflict as reason:
        raise CannotUndo(str(reason)) from None


def _sent_by_person(letter: Letter, attempt: Attempt) -> None:
    """Posted: the call that waits for it opens. To an address that was found: their mail goes out."""
    by, now = attempt.by, attempt.ended_at
    if attempt.task.reach == Reach.EMAIL and attempt.outcome == Outcome.REPLIED:
        send_by_mail(letter, key=f"letter:{letter.pk}:{attempt.pk}", by=by, now=now)
        attempt.before |= {"letter_mailed": letter.pk}
        attempt.save(update_fields=["before"])
        return
    if attempt.task.reach == Reach.POST:
        Letter.objects.filter(pk=letter.pk).update(way=LetterBy.POST)
    if call_after_post(letter, by=by, now=now):
        attempt.before |= {"letter_posted": letter.pk}
    attempt.save(update_fields=["before"])


def _take_back_mailed(letter: Letter, *, by: User | None, now: datetime) -> None:
    """Its task is open again, and the letter with it."""
    message, letter.message, letter.way = letter.message, None, LetterBy.NONE
    letter.save(update_fields=["message", "way"])
    if message:
        take_back_mail(message, by=by, now=now)


def _leave_closed_mail(task: CareTask) -> None:
    """The worklist knows of no bounces: not to the address that sent the letter back."""
    way = way_after_call(task.customer)
    CareTask.objects.filter(pk=task.pk).update(reach=way)
    task.reach = way
