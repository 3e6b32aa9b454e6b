"""The outbox's clock: ends claims that ran out, and wakes as many senders as there is work for."""

from datetime import datetime
from math import ceil

from apps.core.nudges import enqueue

from ..models import Message
from .claiming import MOST_AT_ONCE, sweep_claims

MOST_SENDERS = 8
NUDGE_EXPIRES = 10  # seconds: a nudge that waited longer has been followed by newer ones


def tick(*, now: datetime) -> int:
    """Returns how many senders it woke. Does nothing where nothing is due."""
    sweep_claims(now=now)
    due = Message.objects.due(now).values("pk")[: MOST_SENDERS * MOST_AT_ONCE].count()
    senders = ceil(due / MOST_AT_ONCE)
    for _ in range(senders):
        enqueue("outreach.send", expires=NUDGE_EXPIRES)
    return senders
