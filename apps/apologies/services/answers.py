"""The customer answers our apology."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import Conflict, advance, record
from apps.worklist.models import CareTask, Reach, TaskStatus
from apps.worklist.steps import PROMISED

from ..models import Offer, OfferStatus
from ..permissions import may_report
from .letter_tasks import calling_window, next_business_day, who_told
from .locking import lock_offer
from .resolving import unresolve

THEY_ANSWERED = "They answered"
BY_MAIL = "By mail"
NOT_TOLD = "They have not heard this apology yet, so write it on the customer’s page."
NOT_YOURS = "Whoever speaks with customers writes down what they say. Tell one of them."
LONGEST = 2000  # letters of an answer that the task shows
WORKED_ON = {TaskStatus.OPEN, TaskStatus.HELD, TaskStatus.WAITING}


@transaction.atomic
def hear_back(offer: Offer, *, text: str, by: User | None, now: datetime) -> None:
    """They answered our apology: it is open again, on the desk of whoever spoke with them, before all else.

    What was given stays given. `by=None`: it came in by mail.
    """
    if by and not (may_report(by) and Offer.objects.visible_to(by).filter(pk=offer.pk).exists()):
        raise PermissionDenied(NOT_YOURS)
    lock_offer(offer)
    if offer.status != OfferStatus.DELIVERED:
        raise Conflict(NOT_TOLD)
    record(offer, "answered", by=by, now=now, reason="" if by else BY_MAIL)
    unresolve(offer.incident, reason=THEY_ANSWERED, by=by, now=now)
    if offer.task:
        _hand_to(who_told(offer), offer.task, text.strip(), by=by, now=now)


def _hand_to(person: User | None, task: CareTask, text: str, *, by: User | None, now: datetime) -> None:
    """A task that is worked on already only learns the words: nothing moves under anybody's hands."""
    if task.status in WORKED_ON:
        earlier = str(task.facts.get("wrote", ""))
        facts = {**task.facts, "wrote": "\n\n".join(filter(None, [earlier, text]))[-LONGEST:]}
        CareTask.objects.filter(pk=task.pk).update(facts=facts)
        return
    changes: dict[str, Any] = {
        "facts": {**task.facts, "wrote": text[:LONGEST]},
        "priority": PROMISED,
        "assignee": person,
        "due_at": next_business_day(now),
        "opens_at": None,
        "attempts_made": 0,
        "closed_at": None,
        "close_reason": "",
        **(calling_window(task.zone, now) if task.reach == Reach.PHONE else {}),
    }
    advance(task, TaskStatus.OPEN, by=by, now=now, reason=THEY_ANSWERED, changes=changes)
