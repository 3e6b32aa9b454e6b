"""The worker's loop: claim, commit, send, record. One mail at most is in doubt wherever it is interrupted.

Between two mails one transaction writes down how the last one ended and that the next one begins; the network
is used outside of it.
"""

import time
from collections.abc import Callable
from copy import copy
from datetime import datetime
from enum import Enum, auto
from functools import partial
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from .. import gateway
from ..gateway import InDoubt, NotAccepted
from ..models import Message, MessageStatus
from ..optouts import nobody_opted_out, why_closed
from .claiming import LEASE, Claim, claim_mails, hand_back
from .recording import Result, fail, record_result

T = TypeVar("T")
Clock = Callable[[], datetime]
Tried = tuple[Message, Result]
PATIENCE_SECONDS = 60
ASK_AGAIN_SECONDS = 0.5


class NotBegun(Enum):
    CLOSED = auto()  # somebody opted out
    LOST = auto()  # the claim is no longer ours


def send_due(*, clock: Clock, until: datetime) -> int:
    """Send what is due until there is nothing, or until then; returns how many were tried."""
    tried = 0
    while clock() < until and (claim := claim_mails(now=clock())):
        tried += send_claimed(claim, clock=clock, until=until)
    return tried


def send_claimed(claim: Claim, *, clock: Clock, until: datetime) -> int:
    """Send what a claim holds. What there is no time for, or no leave of the provider's, goes back."""
    tried, count = None, 0
    for message in claim.mails:
        if clock() >= until or _told_to_wait(tried):
            break
        begun = patiently(partial(_step, tried, message, claim, clock))
        tried = None
        if begun is NotBegun.LOST:
            return count
        if isinstance(begun, Message):
            tried, count = (begun, attempt(begun, claim, clock())), count + 1
    patiently(partial(_finish, tried, claim, clock))
    return count


def attempt(message: Message, claim: Claim, now: datetime) -> Result:
    try:
        return gateway.send(message, now=now, sandbox=claim.is_sandbox)
    except (NotAccepted, InDoubt) as result:
        return result


def begin(message: Message, claim: Claim, *, now: datetime) -> Message | NotBegun:
    """Say that this mail goes to the network now, if it is still ours and nobody has opted out.

    Gives the mail as it then is, and leaves `message` as it was.
    """
    ours = Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, claim=claim.id, began_at=None)
    ours = ours.filter(claimed_until__gt=now)
    changes = {
        "began_at": now,
        "claimed_until": now + LEASE,
        "tries": message.tries + 1,
        "first_tried_at": message.first_tried_at or now,
    }
    if ours.filter(nobody_opted_out(message)).update(**changes):
        begun = copy(message)
        for name, value in changes.items():
            setattr(begun, name, value)
        return begun
    reason = why_closed(message) if ours.exists() else ""
    if not reason:
        return NotBegun.LOST
    fail(copy(message), reason, now=now, only_if=Q(claim=claim.id, began_at=None))
    return NotBegun.CLOSED


def patiently(write: Callable[[], T]) -> T:
    """Run a transaction again until the database answers: a restart of it must not cost what is known."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block or time.monotonic() > end:
                raise
        connection.close()
        time.sleep(ASK_AGAIN_SECONDS)


@transaction.atomic
def _step(tried: Tried | None, message: Message, claim: Claim, clock: Clock) -> Message | NotBegun:
    now = clock()
    _record(tried, now)
    return begin(message, claim, now=now)


@transaction.atomic
def _finish(tried: Tried | None, claim: Claim, clock: Clock) -> None:
    now, wait = clock(), _told_to_wait(tried)
    _record(tried, now)
    if wait:
        hand_back(claim, now=now, not_before=wait.retry_at, reason=wait.reason)
    else:
        hand_back(claim, now=now)


def _record(tried: Tried | None, now: datetime) -> None:
    if tried:
        record_result(copy(tried[0]), tried[1], now=now)


def _told_to_wait(tried: Tried | None) -> NotAccepted | None:
    result = tried[1] if tried else None
    return result if isinstance(result, NotAccepted) and result.is_for_all else None
