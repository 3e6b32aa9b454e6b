"""What became of a try, written down; also where that is known late, and the row has moved on meanwhile."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.core.statuses import Conflict, advance, advance_first, record

from ..backoff import next_try
from ..gateway import Accepted, InDoubt, NotAccepted
from ..models import Message, MessageStatus
from ..signals import mail_came_back
from ..statements import row_as_begun
from .claiming import LEASE, LET_GO

Result = Accepted | NotAccepted | InDoubt
GIVEN_UP = "{reason} It was tried {tries} times; nobody tries again by itself."
EARLIER_MAY_HAVE = "An earlier try may have reached them. This one did not: {reason}"
LATE = "The worker that had it came back, and says that it left."
TIMES = 3  # a row that moves between reading and writing is read again


def record_result(message: Message, result: Result, *, now: datetime) -> None:
    """Of the try that `message` was begun for, as it is in memory."""
    if isinstance(result, Accepted) and _sent_at_once(message, result, now):
        return
    with transaction.atomic():
        try:
            _settle(message, result, now, only_if=Q(claim=message.claim, began_at=message.began_at))
        except Conflict:
            _record_late(message, result, now)


def fail(
    message: Message, reason: str, *, by: User | None = None, now: datetime, only_if: Q | None = None
) -> None:
    """Not sent, and nobody tries again by itself: told to whoever it was for."""
    with transaction.atomic():
        changes = {**LET_GO, "reason": reason, "doubted_at": None}
        failed = MessageStatus.FAILED
        advance(message, failed, by=by, now=now, reason=reason, changes=changes, only_if=only_if)
        mail_came_back.send(Message, message=message, now=now)


def doubt(message: Message, reason: str, *, now: datetime, only_if: Q) -> None:
    """This try did not carry it; an earlier one may have, so that it is not known again."""
    reason = EARLIER_MAY_HAVE.format(reason=reason)[:200]
    changes = {**LET_GO, "reason": reason, "began_at": message.doubted_at}
    unknown = MessageStatus.UNKNOWN
    advance(message, unknown, by=None, now=now, reason=reason, changes=changes, only_if=only_if)


def _settle(message: Message, result: Result, now: datetime, *, only_if: Q) -> None:
    if isinstance(result, Accepted):
        _sent(message, result, now, only_if=only_if)
    elif isinstance(result, InDoubt):
        changes = {**LET_GO, "reason": result.reason}
        unknown = MessageStatus.UNKNOWN
        advance(message, unknown, by=None, now=now, reason=result.reason, changes=changes, only_if=only_if)
    else:
        _try_later(message, result, now, only_if=only_if)


def _sent_at_once(message: Message, result: Accepted, now: datetime) -> bool:
    """Nearly every mail comes to this: one statement where the database can. False if it moved meanwhile."""
    changes = _as_sent(result, now)
    try:
        row = advance_first(
            Message, row_as_begun(message), MessageStatus.SENT, by=None, now=now, changes=changes
        )
    except Conflict:
        return False
    return row is not None


def _as_sent(result: Accepted, now: datetime) -> dict[str, Any]:
    return {**LET_GO, "sent_at": now, "provider_id": result.provider_id, "reason": ""}


def _sent(
    message: Message, result: Accepted, now: datetime, *, only_if: Q | None = None, reason: str = ""
) -> None:
    changes = _as_sent(result, now)
    advance(message, MessageStatus.SENT, by=None, now=now, reason=reason, changes=changes, only_if=only_if)


def _try_later(message: Message, result: NotAccepted, now: datetime, *, only_if: Q) -> None:
    give_up = doubt if message.doubted_at else fail
    if result.is_final:
        return give_up(message, result.reason, now=now, only_if=only_if)
    if not result.was_tried:
        as_before: dict[str, Any] = {"tries": message.tries - 1}
        if message.tries == 1:
            as_before["first_tried_at"] = None
        return _queue_again(message, result, now, result.retry_at or now, only_if=only_if, **as_before)
    first = message.first_tried_at or now
    at = next_try(message.tries, first_tried_at=first, now=now, not_before=result.retry_at)
    if at is None:
        reason = GIVEN_UP.format(reason=result.reason, tries=message.tries)
        return give_up(message, reason, now=now, only_if=only_if)
    return _queue_again(message, result, now, at, only_if=only_if)


def _queue_again(
    message: Message, result: NotAccepted, now: datetime, at: datetime, *, only_if: Q, **changes: Any
) -> None:
    fields = {**LET_GO, "began_at": None, "send_at": at, "reason": result.reason, **changes}
    queued = MessageStatus.QUEUED
    advance(message, queued, by=None, now=now, reason=result.reason, changes=fields, only_if=only_if)


def _record_late(message: Message, result: Result, now: datetime) -> None:
    """The claim was swept, or the provider's events were faster: what is known for sure still counts."""
    for _ in range(TIMES):
        row = Message.objects.get(pk=message.pk)
        try:
            if isinstance(result, Accepted):
                return _accepted_late(row, result, now)
            still_in_doubt = row.status == MessageStatus.UNKNOWN and row.began_at == message.began_at
            if still_in_doubt and isinstance(result, NotAccepted):
                return _try_later(row, result, now, only_if=Q(began_at=row.began_at))
            return None
        except Conflict:
            continue
    raise Conflict("This row moves too fast to be written.")


def _accepted_late(row: Message, result: Accepted, now: datetime) -> None:
    if row.status == MessageStatus.QUEUED:  # a person had it sent again: it must not be, now
        claimed = {"claim": uuid4(), "claimed_until": now + LEASE}
        advance(row, MessageStatus.SENDING, by=None, now=now, reason=LATE, changes=claimed)
        _sent(row, result, now, reason=LATE)
    elif MessageStatus.SENT in Message.TRANSITIONS[row.status] and row.claim is None:
        _sent(row, result, now, reason=LATE)
    else:
        Message.objects.filter(pk=row.pk, provider_id="").update(provider_id=result.provider_id)
        Message.objects.filter(pk=row.pk, sent_at=None, claim=None).update(sent_at=now)
        if row.status in {MessageStatus.SENDING, MessageStatus.TAKEN_BACK}:
            record(row, "accepted_late", by=None, now=now, reason=LATE)
