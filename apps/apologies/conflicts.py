"""What to tell somebody whose page is older than the offer."""

from datetime import datetime

from apps.accounts.models import User
from apps.core.statuses import Conflict
from apps.worklist.models import TaskStatus

from .models import Offer, OfferStatus

DONE_TO_IT = {
    OfferStatus.APPROVED: "approved",
    OfferStatus.RETURNED: "returned",
    OfferStatus.DECLINED: "declined",
    OfferStatus.DELIVERED: "approved",
}
NOTHING_TO_DO = "Nothing to do."
READ_AGAIN = "Read it again before you decide."
WITHDRAWN = "This offer was withdrawn: its reason is no longer there. Nothing to do."
TAKEN_BACK = "This offer was taken back: {why} Nothing to do."
SECOND_NEEDED = "A second person has to approve it."
BEING_TOLD = "{who} is telling the customer about this offer right now. Change it when the call is over."


def what_happened(offer: Offer, *, now: datetime) -> str:
    """`Ida Holm approved this 4 s ago. Nothing to do.` from the offer as it stands in the database."""
    if offer.status == OfferStatus.WITHDRAWN:
        return TAKEN_BACK.format(why=_ended(offer.decision_note)) if offer.decision_note else WITHDRAWN
    if offer.status == OfferStatus.SECONDING and offer.first_approved_at:
        first = f"{offer.first_approved_by} approved this first, {_since(offer.first_approved_at, now)} ago"
        return f"{first}. {SECOND_NEEDED}"
    if offer.decided_by and offer.decided_at:
        verb = DONE_TO_IT[OfferStatus(offer.status)]
        return f"{offer.decided_by} {verb} this {_since(offer.decided_at, now)} ago. {NOTHING_TO_DO}"
    who = offer.proposed_by or "The system"
    return f"{who} changed this {_since(offer.proposed_at, now)} ago. {READ_AGAIN}"


def conflict(offer: Offer, *, now: datetime) -> Conflict:
    """What became of `offer`, read anew."""
    people = ["decided_by", "proposed_by", "first_approved_by"]
    return Conflict(what_happened(Offer.objects.select_related(*people).get(pk=offer.pk), now=now))


def check_not_told(offer: Offer) -> None:
    """Raises Conflict while somebody tells the customer of it."""
    if offer.task and offer.task.status == TaskStatus.HELD:
        raise Conflict(being_told(offer.task.held_by))


def being_told(holder: User | None) -> str:
    return BEING_TOLD.format(who=holder or "Somebody")


def _ended(note: str) -> str:
    return note if note.endswith((".", "!", "?")) else f"{note}."


def _since(then: datetime, now: datetime) -> str:
    seconds = max(0, int((now - then).total_seconds()))
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size or (size < 86_400 and seconds >= size):
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
