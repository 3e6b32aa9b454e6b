"""Decisions on an offer, each by somebody who did not propose or last edit it.

Every verb takes the `version` that its page showed: on an offer that changed since, it raises
Conflict with what happened, and changes nothing. Where an approval is above a second limit, the first
leaves the offer to a second person (`seconding`); nothing is set aside or opened before that.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.logged import logged
from apps.core.statuses import advance, rewrite
from apps.core.templatetags.ui import money
from apps.worklist.models import CareTask, TaskStatus
from apps.worklist.services import open_task, withdraw_tasks

from ..amounts import cost_of
from ..clock import APPROVAL_HOLDS, handed_over_anew
from ..conflicts import conflict
from ..letters import reworded
from ..models import UNDECIDED, Offer, OfferStatus
from ..permissions import may_decide, why_not_decide
from ..promises import check_promise
from ..refusals import Refused
from ..repeats import check_repeat
from ..seal import seal_of
from ..ways import check_letter
from .budgets import commit_money
from .calling import keep_call
from .delivery import send_first
from .limits import check_limits, check_rail, second_needed
from .locking import lock_as_shown
from .resolving import resolve

NOTE_NEEDED = "Say why nothing is owed: the note stays with the incident."
REASON_NEEDED = "Say what to change: the offer goes back with it."
LOWER_REASON_NEEDED = "Say why it is less: whoever proposed it reads that."
NOT_LOWER = "Give less than {amount}, and more than nothing. To give more, change the offer."


def approve(offer: Offer, *, by: User, now: datetime, version: int, note: str = "") -> None:
    """Freeze words, money, channel and moment by a seal, and open the task; or leave it to a second."""
    with transaction.atomic():
        _begin(offer, by=by, now=now, version=version)
        _approve(offer, by=by, now=now, note=note.strip())


def approve_lower(
    offer: Offer, *, amount: Decimal, by: User, now: datetime, version: int, reason: str
) -> None:
    """Approve less than was proposed. It is a decision and no edit: the proposer stays who it was.

    Words that name the old amount name the new one; the cost goes down in the same proportion.
    """
    if not reason.strip():
        raise Refused(LOWER_REASON_NEEDED)
    with transaction.atomic():
        _begin(offer, by=by, now=now, version=version)
        if not 0 < amount < offer.amount:
            raise Refused(NOT_LOWER.format(amount=money(offer.amount, offer.currency)))
        _lower(offer, amount, by=by, now=now, reason=reason.strip())
        _approve(offer, by=by, now=now, note=reason.strip())


def return_offer(offer: Offer, *, by: User, now: datetime, version: int, reason: str) -> None:
    """Send it back to be changed; its task goes on waiting."""
    if not reason.strip():
        raise Refused(REASON_NEEDED)
    with transaction.atomic():
        _begin(offer, by=by, now=now, version=version)
        _refuse(offer, OfferStatus.RETURNED, by=by, now=now, note=reason.strip())


def decline(offer: Offer, *, by: User, now: datetime, version: int, note: str) -> None:
    """Nothing is owed: the note says why, the task is withdrawn and the incident resolved."""
    if not note.strip():
        raise Refused(NOTE_NEEDED)
    with transaction.atomic():
        _begin(offer, by=by, now=now, version=version)
        _refuse(offer, OfferStatus.DECLINED, by=by, now=now, note=note.strip())
        if offer.task_id:
            withdraw_tasks(CareTask.objects.filter(pk=offer.task_id), reason="declined", now=now, by=by)
        resolve(offer.incident, reason=f"Nothing is owed: {note.strip()}", by=by, now=now)


def _begin(offer: Offer, *, by: User, now: datetime, version: int) -> None:
    """Lock it; go on only if it is what the page showed, and `by` is neither its proposer nor its first."""
    if not may_decide(by, offer):
        raise PermissionDenied(why_not_decide(by, offer))
    lock_as_shown(offer, version=version, now=now)
    if offer.status not in UNDECIDED:
        raise conflict(offer, now=now)
    if not may_decide(by, offer):
        raise PermissionDenied(why_not_decide(by, offer))


def _approve(offer: Offer, *, by: User, now: datetime, note: str) -> None:
    check_letter(offer.channel, offer.letter_by)
    check_limits(offer, by=by, now=now)  # locks their customer
    check_rail(offer, offer.amount, now=now)
    check_repeat(offer, now=now)
    check_promise(offer)
    is_second = offer.status == OfferStatus.SECONDING
    why = "" if is_second else second_needed(offer, by=by, now=now)
    if why:
        _leave_to_a_second(offer, why, by=by, now=now, note=note)
        return
    commit_money(offer, by=by, now=now)
    changes = {
        "decided_by": by,
        "decided_at": now,
        "decision_note": note[:300],
        "approved_hash": seal_of(offer),
        "lapses_at": max(now, offer.moment or now) + APPROVAL_HOLDS,
    }
    _move(offer, OfferStatus.APPROVED, by=by, now=now, reason=note, changes=changes)
    keep_call(offer, by=by, now=now)
    waits_for_post = send_first(offer, by=by, now=now)
    if offer.task and offer.task.status == TaskStatus.WAITING and not waits_for_post:
        not_before = offer.moment if offer.moment and offer.moment > now else None
        open_task(offer.task, by=by, now=now, due_at=offer.due_at, opens_at=not_before)


def _leave_to_a_second(offer: Offer, why: str, *, by: User, now: datetime, note: str) -> None:
    """It leaves the desk of the first: a colleague of theirs decides."""
    changes = {
        "first_approved_by": by,
        "first_approved_at": now,
        "decision_note": why[:300],
        **handed_over_anew(offer),
    }
    _move(offer, OfferStatus.SECONDING, by=by, now=now, reason=why, changes=changes, note=note)


def _refuse(offer: Offer, to: str, *, by: User, now: datetime, note: str) -> None:
    """What a first person approved counts no more."""
    changes = {
        "first_approved_by": None,
        "first_approved_at": None,
        "decided_by": by,
        "decided_at": now,
        "decision_note": note[:300],
    }
    _move(offer, to, by=by, now=now, reason=note, changes=changes)


def _move(
    offer: Offer, to: str, *, by: User, now: datetime, reason: str, changes: dict[str, Any], note: str = ""
) -> None:
    kept: dict[str, Any] = {"note": note} if note else {}
    advance(offer, to, by=by, now=now, reason=reason[:200], changes=changes, version=offer.version, **kept)


def _lower(offer: Offer, amount: Decimal, *, by: User, now: datetime, reason: str) -> None:
    """`offer` is locked."""
    was = logged(offer, "words", "amount", "cost", "departure", "version")
    before, after = (offer.compensation, offer.amount), (offer.compensation, amount)
    changes = {
        "words": reworded(offer.words, before=before, after=after, currency=offer.currency),
        "cost": cost_of(amount, before=offer.amount, cost=offer.cost),
        "amount": amount,
        "departure": reason[:200],
        "version": offer.version + 1,
    }
    rewrite(offer, "lowered", changes, by=by, now=now, reason=reason[:200], was=was)
