"""Reading what came in: one at a time, each by one reader, with its faults kept."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import models

from ..models import Arrival

log = logging.getLogger(__name__)
A = TypeVar("A", bound=Arrival)

MOST_TRIES = 8  # then it is left for an admin
CLAIM = timedelta(minutes=5)
AT_ONCE = 500  # in one run: well within a task's time
SEEN = 20


def read_each(kind: type[A], read: Callable[[A, datetime], None], *, now: datetime) -> int:
    """Let `read` have each arrival that waits; returns how many it could read.

    `read` must be safe to run twice: a reader that dies after its work is followed by another.
    """
    done = 0
    for _ in range(AT_ONCE):
        arrival = _claimed(kind, now)
        if arrival is None:
            break
        done += _read_one(arrival, read, now)
    return done


def waiting(kind: type[A], now: datetime) -> models.QuerySet[A]:
    free = models.Q(claimed_until=None) | models.Q(claimed_until__lte=now)
    rows: models.QuerySet[A] = kind._default_manager.filter(free, read_at=None, tries__lt=MOST_TRIES)
    return rows.order_by("received_at", "pk")


def read_again(arrivals: models.QuerySet[A]) -> int:
    """Have them read once more, also those that were given up; returns how many there are."""
    return arrivals.update(read_at=None, claimed_until=None, tries=0, fault="")


def _claimed(kind: type[A], now: datetime) -> A | None:
    for seen in waiting(kind, now)[:SEEN]:
        free = waiting(kind, now).order_by().filter(pk=seen.pk, tries=seen.tries)
        if free.update(claimed_until=now + CLAIM, tries=seen.tries + 1):
            seen.tries += 1
            return seen
    return None


def _read_one(arrival: A, read: Callable[[A, datetime], None], now: datetime) -> bool:
    rows = type(arrival)._default_manager.filter(pk=arrival.pk, tries=arrival.tries)
    try:
        read(arrival, now)
    except Exception as fault:  # whatever it is, the others must be read; its words may hold an address
        kind = type(fault).__name__
        log.warning("%s could not be read: %s", arrival, kind)
        rows.update(fault=kind, claimed_until=now + timedelta(minutes=2**arrival.tries))
        return False
    rows.update(read_at=now, claimed_until=None, fault="")
    return True
