"""An offer reaches its customer, by a call or a letter: what was approved and nothing else."""

from datetime import datetime

from django.db import transaction

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import User
from apps.core.statuses import Conflict, advance
from apps.outreach.services.queueing import TOO_LATE
from apps.worklist.models import CareTask, Reach, TaskStatus
from apps.worklist.services import open_task, withdraw_tasks
from apps.worklist.services.undo import OUTCOME_TAKEN_BACK

from ..models import Letter, LetterBy, Offer, OfferStatus
from ..seal import is_intact
from ..ways import goes_first
from .compensations import issue, unissue
from .letters import live_letter, recall_letter, send_letter
from .resolving import resolve, unresolve

BROKEN_SEAL = "This offer is not what was approved. A manager has to look at it before it is given."
DELIVERED = "Apology delivered"
SOMEBODY_CALLS = "Somebody calls them about it already, so it stands."
LETTER_TOLD_IT = "Its letter told it"
POST_TAKES = 2  # business days, before we speak of a letter as of one that they have read
CLOSED_SINCE = "The incident was closed for another reason since, so the outcome stands."


def deliver_offer(offer: Offer, *, by: User | None, now: datetime) -> None:
    """What is given is what was approved: the seal is checked, the money moves, the letter goes out."""
    if not is_intact(offer):
        raise Conflict(BROKEN_SEAL)
    with transaction.atomic():
        advance(offer, OfferStatus.DELIVERED, by=by, now=now)
        issue(offer, by=by, now=now)
        send_letter(offer, by=by, now=now)
        resolve(offer.incident, reason=DELIVERED, by=by, now=now)


def send_first(offer: Offer, *, by: User, now: datetime) -> bool:
    """The letter of an approved offer goes before its call. True where the call waits for the post."""
    if not goes_first(offer):
        return False
    with transaction.atomic():
        issue(offer, by=by, now=now)
        letter = send_letter(offer, by=by, now=now)
    return letter is not None and letter.way == LetterBy.POST


def call_after_post(letter: Letter, *, by: User | None, now: datetime) -> bool:
    """It is in the post: its call opens when it has had two business days. False where no call waits."""
    offer = letter.offer
    task = offer.task
    if offer.status != OfferStatus.APPROVED or task is None or task.status != TaskStatus.WAITING:
        return False
    calendar = shop_calendar()
    day = calendar.add_business_days(calendar.local_day(now), POST_TAKES)
    times = {"opens_at": calendar.start_of_day(day), "due_at": calendar.end_of_day(day)}
    open_task(task, by=by, now=now, **times)
    return True


def call_waits_again(letter: Letter, *, by: User | None, now: datetime) -> None:
    """It is not in the post after all. Raises Conflict where somebody calls already."""
    task = letter.offer.task
    if task is None:
        return
    if task.status != TaskStatus.OPEN:
        raise Conflict(SOMEBODY_CALLS)
    advance(task, TaskStatus.WAITING, by=by, now=now, reason=OUTCOME_TAKEN_BACK, changes={"opens_at": None})


def take_back_delivery(offer: Offer, *, by: User | None, now: datetime) -> None:
    """The outcome was taken back within ten seconds: the offer is approved again, and nothing was given.

    What stands in a letter that went out before the call, or that was printed for the post, stays given.
    """
    with transaction.atomic():
        if not _is_ahead(offer):
            recall_letter(offer, by=by, now=now, why=OUTCOME_TAKEN_BACK, refusal=TOO_LATE)
            unissue(offer, by=by, now=now)
        advance(offer, OfferStatus.APPROVED, by=by, now=now, reason="outcome taken back")
        if offer.incident.resolution not in {"", DELIVERED}:
            raise Conflict(CLOSED_SINCE)
        if offer.incident.resolution == DELIVERED:
            unresolve(offer.incident, reason="outcome taken back", by=by, now=now)


def tell_by_letter(task: CareTask, *, by: User | None, now: datetime) -> Offer | None:
    """No call is to be had any more, and the letter is out: that was the apology. The offer it delivered."""
    offers = Offer.objects.filter(task=task, status=OfferStatus.APPROVED, channel=Reach.PHONE)
    offer = offers.select_related("incident", "task").first()
    if offer is None or task.reach == Reach.PHONE or not is_out(offer):
        return None
    end_with_letter(offer, by=by, now=now)
    resolve(offer.incident, reason=DELIVERED, by=by, now=now)
    withdraw_tasks(CareTask.objects.filter(pk=task.pk), reason=LETTER_TOLD_IT, now=now, by=by)
    task.refresh_from_db(fields=["status", "closed_at", "close_reason"])
    return offer


def end_with_letter(offer: Offer, *, by: User | None, now: datetime) -> None:
    """No more is to come, and what is out stays with them: it was delivered, if by letter alone."""
    advance(offer, OfferStatus.DELIVERED, by=by, now=now, reason=LETTER_TOLD_IT)


def is_out(offer: Offer) -> bool:
    """Its letter is out of our hands."""
    return offer.letters.gone().exists()


def _is_ahead(offer: Offer) -> bool:
    letter = live_letter(offer)
    if letter is None:
        return False
    is_printed = letter.way == LetterBy.POST and letter.task_id is None
    return is_printed or goes_first(offer)
