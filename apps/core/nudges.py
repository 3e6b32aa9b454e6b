"""Nudges: Celery tasks named by services, sent once the transaction has committed.

The row is the truth: a nudge that is lost is made up for by the next tick, one that is doubled does nothing.
"""

import logging
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def enqueue(name: str, *args: Any, expires: float | None = None) -> None:
    """Run the Celery task `name` with `args` (ids only) soon, after the commit.

    A nudge that waited `expires` seconds in the queue is dropped: for those that a tick repeats.
    """
    options: dict[str, Any] = {} if expires is None else {"expires": expires}
    transaction.on_commit(partial(_send, name, args, **options))


def _send(name: str, args: tuple[Any, ...], **options: Any) -> None:
    try:
        current_app.send_task(name, args=args, **options)
    except (OperationalError, OSError):
        log.warning("broker not reached, the next tick does it: %s", name)
