"""A letter that does not reach them: its mail came back, was taken back, or could not even leave."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import advance, record
from apps.worklist.calling import way_without_mail
from apps.worklist.models import CareTask, Reach, TaskStatus

from ..conflicts import check_not_told
from ..models import CompensationStatus, Letter, Offer, OfferStatus
from ..ways import way_after_call
from .compensations import unissue
from .letter_tasks import calling_window, who_told
from .letters import keep_for_call, send_by_person, withdraw_letter
from .locking import lock_offer
from .refresh import decide_again, follow_channel
from .resolving import unresolve

CAME_BACK = "The mail came back"
TAKEN_BACK = "The mail was taken back"
CLOSED = "Their mail is closed to us"


@transaction.atomic
def letter_came_back(letter: Letter, *, now: datetime) -> None:
    """Their mail address is closed to us: the apology goes another way.

    Where a call told it, somebody posts the letter or tells them what was in it. Where the mail was all,
    they have not heard us: what was given is taken back, and the other way waits for its approval. Who has
    used what was given has heard us, whatever a mail server says.
    """
    offer = letter.offer
    lock_offer(offer)
    if not _is_live(letter):
        return
    if _is_used(offer):
        record(offer, "letter_came_back", by=None, now=now)
    elif offer.status == OfferStatus.APPROVED:
        _tell_in_call(letter, now)
    elif _was_told_otherwise(offer):
        _send_another_way(letter, why=CAME_BACK, by=None, now=now)
    else:
        _untell(letter, why=CAME_BACK, by=None, now=now)
        go_another_way(offer, why=CAME_BACK, now=now)


@transaction.atomic
def letter_taken_back(letter: Letter, *, by: User | None, now: datetime) -> None:
    """Somebody took its mail back from among the mails, and not with the outcome that sent it.

    One that went before its call takes the approval back; raises Conflict while somebody is on that call,
    whose outcome would end in nothing. Where a call told it, the letter goes another way; where the mail was
    all, the apology is open again for whoever sent it.
    """
    offer = letter.offer
    lock_offer(offer)
    if not _is_live(letter):
        return
    if offer.status == OfferStatus.APPROVED:
        check_not_told(offer)
        decide_again(offer, by=by, now=now, reason=TAKEN_BACK)
    elif _was_told_otherwise(offer):
        _send_another_way(letter, why=TAKEN_BACK, by=by, now=now)
    elif offer.task:
        _untell(letter, why=TAKEN_BACK, by=by, now=now)
        _open_by(offer.task, offer.task.reach, person=who_told(offer), why=TAKEN_BACK, now=now)


def go_another_way(offer: Offer, *, why: str, now: datetime) -> dict[str, Any]:
    """Of an approved offer that only a mail would tell: its task takes the best other way.

    Returns what the offer was before, where that way has to be approved (see `follow_channel`).
    """
    if offer.task is None:
        return {}
    way = way_without_mail(offer.incident.customer)
    _open_by(offer.task, way, person=who_told(offer), why=why, now=now)
    return follow_channel(offer.task, why=why, now=now)


def _is_live(letter: Letter) -> bool:
    """Nobody has sent it another way while we waited for the lock."""
    return Letter.objects.live().filter(pk=letter.pk).exists()


def _is_used(offer: Offer) -> bool:
    used = [CompensationStatus.REDEEMED, CompensationStatus.EXPIRED]
    return offer.given.filter(status__in=used).exists()


def _was_told_otherwise(offer: Offer) -> bool:
    """By a call, or by whoever is with them this moment."""
    return offer.channel == Reach.PHONE or offer.task is None or offer.task.status == TaskStatus.HELD


def _tell_in_call(letter: Letter, now: datetime) -> None:
    """The call is still to come: the letter follows by post, or the call tells what stood in it."""
    withdraw_letter(letter, why=CAME_BACK, by=None, now=now)
    if way_after_call(letter.offer.incident.customer) == Reach.POST:
        send_by_person(letter.offer, Reach.POST, by=None, now=now)
    else:
        keep_for_call(letter.offer, by=None, now=now)


def _send_another_way(letter: Letter, *, why: str, by: User | None, now: datetime) -> None:
    withdraw_letter(letter, why=why, by=by, now=now)
    send_by_person(letter.offer, way_after_call(letter.offer.incident.customer), by=by, now=now)


def _untell(letter: Letter, *, why: str, by: User | None, now: datetime) -> None:
    """Nothing reached them, so nothing was given; the approval stands."""
    offer = letter.offer
    withdraw_letter(letter, why=why, by=by, now=now)
    unissue(offer, by=by, now=now)
    advance(offer, OfferStatus.APPROVED, by=by, now=now, reason=why)
    unresolve(offer.incident, reason=why, by=by, now=now)


def _open_by(task: CareTask, way: str, *, person: User | None, why: str, now: datetime) -> None:
    if task.status == TaskStatus.DONE:
        window = calling_window(task.zone, now) if way == Reach.PHONE else {}
        changes = {"reach": way, "assignee": person, "closed_at": None, "close_reason": "", **window}
        advance(task, TaskStatus.OPEN, by=None, now=now, reason=why, changes=changes)
    else:
        CareTask.objects.filter(pk=task.pk).update(reach=way)
        task.reach = way
