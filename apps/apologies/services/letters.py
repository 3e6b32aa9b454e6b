"""The letter of an offer goes out as it was approved, with what was given in it: by mail or by post."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import Shop, User
from apps.core.statuses import Conflict, record
from apps.outreach.models import Message, MessageStatus
from apps.outreach.permissions import may_handle_mail
from apps.outreach.services import queue_mail, take_back_mail
from apps.outreach.templating import Footer, render_letter
from apps.worklist.models import CareTask, Reach
from apps.worklist.services import withdraw_tasks

from ..letter_words import subject_of, words_of
from ..models import Letter, LetterBy, Offer, OfferStatus
from ..ways import mail_is_open, way_after_call, way_of_letter
from .compensations import issue
from .letter_tasks import open_letter_task
from .locking import lock_offer

WHY = "You get this because we failed you, and it is ours to put right."
LETTER_IS_OUT = "Its letter is out already, with what it gives, so this offer stands as it is."
NOT_TO_PRINT = "Only an approved letter is printed for the post: this one can still change."
NOT_YOURS_TO_PRINT = "Whoever speaks with customers prints their letters. Ask one of them."


def send_letter(offer: Offer, *, by: User | None, now: datetime) -> Letter | None:
    """The offer's letter, once: the one that is out already, or a new one; None where it says none.

    Where their mail is closed, somebody posts it, or tells them what stands in it.
    """
    way = way_of_letter(offer)
    if not way:
        return None
    out = live_letter(offer)
    if out:
        return out
    if way == LetterBy.POST:
        return send_by_person(offer, Reach.POST, by=by, now=now)
    customer = offer.incident.customer
    if not mail_is_open(customer):
        return send_by_person(offer, way_after_call(customer), by=by, now=now)
    letter = _make(offer, LetterBy.EMAIL, by=by, now=now)
    send_by_mail(letter, key=f"letter:{letter.pk}", by=by, now=now)
    return letter


def print_letter(offer: Offer, *, by: User, now: datetime) -> Letter:
    """The letter for the post, with what it gives: given now, because its code stands on the paper."""
    if not may_handle_mail(by) or not Offer.objects.visible_to(by).filter(pk=offer.pk).exists():
        raise PermissionDenied(NOT_YOURS_TO_PRINT)
    with transaction.atomic():
        lock_offer(offer)
        out = live_letter(offer)
        if out and out.way == LetterBy.POST:
            return out
        if offer.status != OfferStatus.APPROVED or offer.task is None or offer.task.reach != Reach.POST:
            raise Conflict(NOT_TO_PRINT)
        issue(offer, by=by, now=now)
        return _make(offer, LetterBy.POST, by=by, now=now)


def live_letter(offer: Offer) -> Letter | None:
    return offer.letters.live().select_related("message", "task").first()


def is_printed(offer: Offer) -> bool:
    """By whoever posts it with the apology's own task."""
    return offer.letters.live().filter(way=LetterBy.POST, task=None).exists()


def send_by_person(offer: Offer, reach: str, *, by: User | None, now: datetime) -> Letter:
    """Somebody posts it, or tells them what stands in it."""
    way = LetterBy.POST if reach == Reach.POST else LetterBy.NONE
    return _make(offer, way, by=by, now=now, task=open_letter_task(offer, reach, now=now))


def keep_for_call(offer: Offer, *, by: User | None, now: datetime) -> Letter:
    """No letter reaches them: the call that is to come tells what was given."""
    return _make(offer, LetterBy.NONE, by=by, now=now)


def send_by_mail(letter: Letter, *, key: str, by: User | None, now: datetime) -> Message:
    """`key` names it in the outbox: the same key is the same mail."""
    offer = letter.offer
    shop = Shop.current().name or "Your shop"
    mail = render_letter(letter.subject, letter.words, footer=Footer(shop=shop, why=WHY))
    letter.message = queue_mail(
        offer.incident.customer,
        key=key,
        category="apology",
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        by=by,
        now=now,
        send_at=offer.moment if offer.moment and offer.moment > now else None,
    )
    letter.way = LetterBy.EMAIL
    letter.save(update_fields=["message", "way"])
    return letter.message


def recall_letter(
    offer: Offer, *, by: User | None, now: datetime, why: str, refusal: str = LETTER_IS_OUT
) -> None:
    """Nobody sends or posts it any more. Raises Conflict with `refusal` where it is out of our hands."""
    letter = live_letter(offer)
    if letter is None:
        return
    if Letter.objects.gone().filter(pk=letter.pk).exists():
        raise Conflict(refusal)
    withdraw_letter(letter, why=why, by=by, now=now)
    if letter.message and letter.message.status == MessageStatus.QUEUED:
        take_back_mail(letter.message, by=by, now=now)
    if letter.task_id:
        withdraw_tasks(CareTask.objects.filter(pk=letter.task_id), reason=why, now=now, by=by)


def withdraw_letter(letter: Letter, *, why: str, by: User | None, now: datetime) -> None:
    Letter.objects.live().filter(pk=letter.pk).update(withdrawn_at=now, withdrawn_why=why[:200])
    record(letter.offer, "letter_withdrawn", by=by, now=now, reason=why[:200])


def _make(offer: Offer, way: str, *, by: User | None, now: datetime, task: CareTask | None = None) -> Letter:
    given = offer.given.standing().first()
    letter = Letter.objects.create(
        offer=offer,
        way=way,
        subject=subject_of(offer),
        words=words_of(offer, given),
        task=task,
        made_at=now,
        made_by=by,
    )
    record(offer, "letter_out", by=by, now=now, reason=LetterBy(way).label)
    return letter
