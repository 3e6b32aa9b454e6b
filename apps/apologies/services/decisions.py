"""Decisions on an offer, each by somebody who did not propose or last edit it.

Every verb takes the `version` that its page showed: on an offer that changed since, it raises
Conflict with what happened, and changes nothing.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.core.statuses import Conflict, IllegalMove, advance, record
from apps.core.templatetags.ui import money
from apps.worklist.models import CareTask, TaskStatus
from apps.worklist.services import open_task, withdraw_tasks

from ..amounts import most_allowed
from ..conflicts import being_told, what_happened
from ..letters import reworded
from ..models import Offer, OfferStatus
from ..permissions import may_decide, may_edit
from ..refusals import Refused
from ..seal import seal_of
from .resolving import resolve

OWN_OFFER = "You proposed or last changed this offer, so somebody else has to decide."
ONLY_MANAGERS = "Managers decide on offers. Ask one of your team."
NOT_YOURS_TO_EDIT = "A rep can change an offer that was returned. A manager can change this one."
NOTE_NEEDED = "Say why nothing is owed: the note stays with the incident."
REASON_NEEDED = "Say what to change: the offer goes back with it."
WORDS_NEEDED = "Write the letter: an offer is words and compensation together."
AMOUNT_NEEDED = "Give an amount above zero. An apology that costs us nothing is not heard as one."


def approve(offer: Offer, *, by: User, now: datetime, version: int, note: str = "") -> None:
    """Freeze words, money and channel by a seal, and open the task."""
    seal = seal_of(offer)
    with transaction.atomic():
        _decide(offer, OfferStatus.APPROVED, by=by, now=now, version=version, note=note, approved_hash=seal)
        if offer.task and offer.task.status == TaskStatus.WAITING:
            open_task(offer.task, by=by, now=now)


def return_offer(offer: Offer, *, by: User, now: datetime, version: int, reason: str) -> None:
    """Send it back to be changed; its task goes on waiting."""
    if not reason.strip():
        raise Refused(REASON_NEEDED)
    _decide(offer, OfferStatus.RETURNED, by=by, now=now, version=version, note=reason.strip())


def decline(offer: Offer, *, by: User, now: datetime, version: int, note: str) -> None:
    """Nothing is owed: the note says why, the task is withdrawn and the incident resolved."""
    if not note.strip():
        raise Refused(NOTE_NEEDED)
    with transaction.atomic():
        _decide(offer, OfferStatus.DECLINED, by=by, now=now, version=version, note=note.strip())
        if offer.task_id:
            withdraw_tasks(CareTask.objects.filter(pk=offer.task_id), reason="declined", now=now, by=by)
        resolve(offer.incident, reason=f"Nothing is owed: {note.strip()}", by=by, now=now)


def edit_offer(
    offer: Offer,
    *,
    words: str,
    compensation: str,
    amount: Decimal,
    by: User,
    now: datetime,
    version: int,
) -> None:
    """Change the offer: who does becomes its proposer, an approval is void, and others decide.

    A letter that names the old gift names the new one afterwards.
    """
    if not may_edit(by, offer):
        raise PermissionDenied(NOT_YOURS_TO_EDIT)
    _check(offer, words, amount)
    before = (offer.compensation, offer.amount)
    words = reworded(words.strip(), before=before, after=(compensation, amount), currency=offer.currency)
    was = {"words": offer.words, "compensation": before[0], "amount": str(before[1])}
    with transaction.atomic():
        _stop_the_task(offer, by=by, now=now)
        changes = {
            "words": words,
            "compensation": compensation,
            "amount": amount,
            "proposed_by": by,
            "proposed_at": now,
            "decided_by": None,
            "decided_at": None,
            "decision_note": "",
            "approved_hash": "",
            "version": version + 1,
        }
        _propose_again(offer, changes, by=by, now=now, version=version, was=was)


def _decide(
    offer: Offer, to: str, *, by: User, now: datetime, version: int, note: str, **changes: Any
) -> None:
    if not may_decide(by, offer):
        raise PermissionDenied(OWN_OFFER if offer.proposed_by_id == by.pk else ONLY_MANAGERS)
    if offer.version != version or offer.status != OfferStatus.PROPOSED:
        raise _conflict(offer, now)
    decision = {"decided_by": by, "decided_at": now, "decision_note": note[:300], **changes}
    still = Q(version=version) & (Q(proposed_by=None) | ~Q(proposed_by=by))
    try:
        advance(
            offer, to, by=by, now=now, reason=note[:200], changes=decision, only_if=still, version=version
        )
    except (Conflict, IllegalMove) as error:
        raise _conflict(offer, now) from error


def _propose_again(
    offer: Offer, changes: dict[str, Any], *, by: User, now: datetime, version: int, was: dict[str, str]
) -> None:
    if offer.version != version:
        raise _conflict(offer, now)
    if offer.status != OfferStatus.PROPOSED:
        try:
            advance(
                offer,
                OfferStatus.PROPOSED,
                by=by,
                now=now,
                reason="Edited",
                changes=changes,
                only_if=Q(version=version),
                was=was,
            )
        except (Conflict, IllegalMove) as error:
            raise _conflict(offer, now) from error
        return
    seen = Offer.objects.filter(pk=offer.pk, version=version, status=OfferStatus.PROPOSED)
    if not seen.update(**changes):
        raise _conflict(offer, now)
    record(offer, "edited", by=by, now=now, was=was)
    for name, value in changes.items():
        setattr(offer, name, value)


def _stop_the_task(offer: Offer, *, by: User, now: datetime) -> None:
    """An approved offer's task is open: it waits again. Nobody changes it under a call."""
    task = CareTask.objects.filter(offer=offer).select_related("held_by").first()
    if task is None or task.status == TaskStatus.WAITING:
        return
    if task.status == TaskStatus.HELD:
        raise Conflict(being_told(task.held_by))
    if task.status == TaskStatus.OPEN:
        advance(task, TaskStatus.WAITING, by=by, now=now, reason="offer changed")


def _check(offer: Offer, words: str, amount: Decimal) -> None:
    if not words.strip():
        raise Refused(WORDS_NEEDED)
    if amount <= 0:
        raise Refused(AMOUNT_NEEDED)
    order = offer.incident.order
    most = most_allowed(order.total if order else None, offer.currency)
    if most is not None and amount > most:
        raise Refused(f"At most {money(most, offer.currency)}: 150 % of the order. More than that harms.")


def _conflict(offer: Offer, now: datetime) -> Conflict:
    fresh = Offer.objects.select_related("decided_by", "proposed_by").get(pk=offer.pk)
    return Conflict(what_happened(fresh, now=now))
