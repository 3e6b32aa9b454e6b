"""Which worker has which mails, and for how long. A claim that ran out tells what was begun."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from apps.core.statuses import advance_all

from ..models import Message, MessageStatus
from ..statements import write_begun

MOST_AT_ONCE = 10
LEASE = timedelta(minutes=5)
LET_GO: dict[str, Any] = {"claim": None, "claimed_until": None}

NOT_BEGUN = "The worker that had it ended before its turn came."
BEGUN = "The worker that had it ended while sending: nobody can say whether it left."


@dataclass(frozen=True)
class Claim:
    """Mails that this worker has, until its lease runs out."""

    id: UUID
    mails: list[Message]


def claim_mails(*, now: datetime, at_most: int = MOST_AT_ONCE) -> Claim | None:
    """Take the oldest due mails; None if there are none that others are not taking this instant."""
    due = Message.objects.due(now)
    if not due.exists():  # without a write transaction, which on SQLite keeps others waiting
        return None
    claim = uuid4()
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        keys = list(due.values_list("pk", flat=True)[:at_most])
        changes = {"claim": claim, "claimed_until": now + LEASE, "began_at": None}
        advance_all(
            Message.objects.filter(pk__in=keys), MessageStatus.SENDING, by=None, now=now, changes=changes
        )
    mails = Message.objects.filter(pk__in=keys, claim=claim).order_by("send_at", "id")
    return Claim(claim, list(mails)) if keys else None


def begin(message: Message, *, now: datetime) -> Message | None:
    """Say that this mail goes to the network next. Gives it as it then is; None if it is no longer ours."""
    begun = copy(message)
    begun.began_at, begun.claimed_until = now, now + LEASE
    begun.tries, begun.first_tried_at = message.tries + 1, message.first_tried_at or now
    return begun if write_begun(begun, now=now) else None


def hand_back(claim: Claim, *, now: datetime, not_before: datetime | None = None, reason: str = "") -> int:
    """What of a claim was not begun goes back to the queue at once."""
    rest = Message.objects.filter(pk__in=[mail.pk for mail in claim.mails], claim=claim.id, began_at=None)
    changes = {**LET_GO, **({"send_at": not_before} if not_before else {})}
    return advance_all(rest, MessageStatus.QUEUED, by=None, now=now, reason=reason, changes=changes)


def sweep_claims(*, now: datetime) -> int:
    """End the claims that ran out: what was not begun is queued again, what was begun is unknown."""
    over = Message.objects.filter(status=MessageStatus.SENDING, claimed_until__lte=now)
    if not over.exists():
        return 0
    queued = advance_all(
        over.filter(began_at=None), MessageStatus.QUEUED, by=None, now=now, reason=NOT_BEGUN, changes=LET_GO
    )
    unknown = advance_all(
        over.filter(began_at__isnull=False),
        MessageStatus.UNKNOWN,
        by=None,
        now=now,
        reason=BEGUN,
        changes={**LET_GO, "reason": BEGUN},
    )
    return queued + unknown
