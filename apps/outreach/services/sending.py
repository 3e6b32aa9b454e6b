"""The worker's loop: claim, commit, send, record.

While one mail is at the provider, a transaction writes down how the one before it ended and that the one
after it begins, so that the database costs hardly any time. What is begun is committed before the network is
used, and is asked about once more right before it: is it still ours, has nobody opted out. Wherever the loop
is interrupted, two mails at most are in doubt; the rest of the claim was not begun.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

from .. import gateway
from ..gateway import InDoubt, NotAccepted
from ..models import Message, MessageStatus
from ..optouts import nobody_opted_out, why_closed
from .claiming import LEASE, Claim, claim_mails, hand_back
from .recording import Result, record_result

T = TypeVar("T")
Clock = Callable[[], datetime]
Tried = tuple[Message, Result]  # a mail as it was begun, and what became of it
PATIENCE_SECONDS = 60
ASK_AGAIN_SECONDS = 0.5

LOST = "The worker that had it was stopped for so long that its claim ran out."


def send_due(*, clock: Clock, until: datetime) -> int:
    """Send what is due until there is nothing, or until then; returns how many went to the network."""
    count = 0
    while clock() < until and (claim := patiently(lambda: claim_mails(now=clock()))):
        count += send_claimed(claim, clock=clock, until=until)
    return count


def send_claimed(claim: Claim, *, clock: Clock, until: datetime) -> int:
    """Send what a claim holds. What there is no time for, or no leave of the provider's, goes back."""
    waiting, tried, count = iter(claim.mails), None, 0
    step = partial(_step, claim=claim, clock=clock, until=until)
    with ThreadPoolExecutor(1) as network:
        current = patiently(partial(step, None, next(waiting, None)))
        while current:
            refusal = _told_to_wait(tried) or patiently(partial(refusal_before_sending, current))
            answer = network.submit(attempt, current, claim, refusal, clock())
            upcoming = None if refusal and refusal.is_for_all else next(waiting, None)
            ahead = patiently(partial(step, tried, upcoming))
            tried, current = (current, answer.result()), ahead
            count += refusal is None
    patiently(partial(_finish, tried, claim, clock))
    return count


def attempt(message: Message, claim: Claim, refusal: NotAccepted | None, now: datetime) -> Result:
    """In a thread of its own, which does not use the database."""
    if refusal:
        return refusal
    try:
        return gateway.send(message, now=now, sandbox=claim.is_sandbox)
    except (NotAccepted, InDoubt) as result:
        return result


def begin(message: Message, claim: Claim, *, now: datetime) -> Message | None:
    """Say that this mail goes to the network next. Gives it as it then is; None if it is no longer ours."""
    ours = Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, claim=claim.id, began_at=None)
    changes = {
        "began_at": now,
        "claimed_until": now + LEASE,
        "tries": message.tries + 1,
        "first_tried_at": message.first_tried_at or now,
    }
    if not ours.filter(claimed_until__gt=now).update(**changes):
        return None
    begun = copy(message)
    for name, value in changes.items():
        setattr(begun, name, value)
    return begun


def refusal_before_sending(begun: Message) -> NotAccepted | None:
    """Asked last, right before the network: None if the mail is still ours and nobody has opted out."""
    ours = Message.objects.filter(
        pk=begun.pk, status=MessageStatus.SENDING, claim=begun.claim, began_at=begun.began_at
    )
    if ours.filter(nobody_opted_out(begun)).exists():
        return None
    closed = why_closed(begun)
    if closed:
        return NotAccepted(closed, is_final=True)
    return NotAccepted(LOST, is_for_all=True, was_tried=False)


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
def _step(
    tried: Tried | None, upcoming: Message | None, *, claim: Claim, clock: Clock, until: datetime
) -> Message | None:
    now = clock()
    _record(tried, now)
    return begin(upcoming, claim, now=now) if upcoming and now < until else None


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
    """The provider asked to wait, with every mail: the one that was begun meanwhile is spared its try."""
    result = tried[1] if tried else None
    if isinstance(result, NotAccepted) and result.is_for_all:
        return NotAccepted(result.reason, retry_at=result.retry_at, is_for_all=True, was_tried=False)
    return None
