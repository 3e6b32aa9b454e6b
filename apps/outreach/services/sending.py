"""The worker's loop: claim, commit, send, record.

While one mail is at the provider, the database hears how the one before it ended and that the one after it
begins, so that it costs hardly any time. What is begun is committed before the network is used, and is asked
about once more right before it: is it still ours, has nobody opted out. Wherever the loop is interrupted, two
mails at most are in doubt; the rest of the claim was not begun.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

from apps.accounts.models import Shop

from .. import gateway
from ..backoff import is_too_late
from ..gateway import InDoubt, NotAccepted
from ..models import Message
from ..optouts import Standing, ask
from .claiming import Claim, begin, claim_mails, hand_back
from .recording import Result, record_result

T = TypeVar("T")
Clock = Callable[[], datetime]
Tried = tuple[Message, Result]  # a mail as it was begun, and what became of it
Refusal = Future[NotAccepted | None]  # none: it may go
PATIENCE_SECONDS = 60
ASK_AGAIN_SECONDS = 0.5

TOO_LATE = "Its first try was over a day ago. Nobody tries again by itself."
LOST = "The worker that had it was stopped for so long that its claim ran out."


class Supply:
    """The due mails, claim after claim, until there are none or the time is up."""

    def __init__(self, clock: Clock, until: datetime, claim: Claim | None = None) -> None:
        self.clock, self.until = clock, until
        self.claim = claim
        self.waiting = list(claim.mails) if claim else []

    def begin_next(self) -> Message | None:
        """The next mail, committed as begun."""
        while self.clock() < self.until and (self.waiting or self._claim()):
            message = self.waiting.pop(0)
            begun = patiently(lambda message=message: begin(message, now=self.clock()))  # type: ignore[misc]
            if begun:
                return begun  # else an event has settled it meanwhile, or the claim ran out
        return None

    def end(self, wait: NotAccepted | None) -> None:
        """What is left goes back at once, or when the provider wants to be asked again."""
        if self.claim and self.waiting:
            reason, not_before = (wait.reason, wait.retry_at) if wait else ("", None)
            give = partial(hand_back, self.claim, now=self.clock(), not_before=not_before, reason=reason)
            patiently(give)

    def _claim(self) -> bool:
        self.claim = patiently(lambda: claim_mails(now=self.clock()))
        self.waiting = list(self.claim.mails) if self.claim else []
        return bool(self.waiting)


def send_due(*, clock: Clock, until: datetime) -> int:
    """Send what is due until there is nothing, or until then; returns how many went to the network."""
    return send_from(Supply(clock, until))


def send_from(supply: Supply) -> int:
    current, tried, count = supply.begin_next(), None, 0
    if current is None:
        return 0
    sandbox = patiently(lambda: Shop.current().demo_seed is not None)
    with ThreadPoolExecutor(1) as network:
        while current:
            refusal: Refusal = Future()
            answer = network.submit(attempt, current, refusal, supply.clock(), sandbox)
            with answered(refusal):
                refusal.set_result(
                    _told_to_wait(tried) or patiently(partial(refusal_before_sending, current))
                )
            _write(tried, supply.clock)
            no = refusal.result()
            ahead = None if no and no.is_for_all else supply.begin_next()
            tried, current = (current, answer.result()), ahead
            count += no is None
    _write(tried, supply.clock)
    supply.end(_told_to_wait(tried))
    return count


def attempt(message: Message, refusal: Refusal, now: datetime, sandbox: bool) -> Result:
    """In a thread of its own, which does not use the database; it connects while that is asked."""
    try:
        return gateway.send(message, now=now, sandbox=sandbox, may_go=lambda: refusal.result() is None)
    except (NotAccepted, InDoubt) as result:
        return refusal.result() or result


@contextmanager
def answered(refusal: Refusal) -> Iterator[None]:
    """Whatever happens to who should answer: nobody waits for ever, and nothing goes unanswered."""
    try:
        yield
    finally:
        if not refusal.done():
            refusal.set_result(NotAccepted(LOST, is_for_all=True, was_tried=False))


def refusal_before_sending(begun: Message) -> NotAccepted | None:
    """Asked last, right before the network: None if the mail is still ours and nobody has opted out."""
    standing = ask(begun)
    if standing is Standing.GONE:
        return NotAccepted(LOST, is_for_all=True, was_tried=False)
    if begun.began_at and begun.first_tried_at and is_too_late(begun.first_tried_at, begun.began_at):
        return NotAccepted(TOO_LATE, is_final=True)
    return None if standing is Standing.OPEN else NotAccepted(standing.value, is_final=True)


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


def _write(tried: Tried | None, clock: Clock) -> None:
    if tried:
        message, result = tried
        patiently(lambda: record_result(copy(message), result, now=clock()))


def _told_to_wait(tried: Tried | None) -> NotAccepted | None:
    """The provider asked to wait, with every mail: the one that was begun meanwhile is spared its try."""
    result = tried[1] if tried else None
    if isinstance(result, NotAccepted) and result.is_for_all:
        return NotAccepted(result.reason, retry_at=result.retry_at, is_for_all=True, was_tried=False)
    return None
