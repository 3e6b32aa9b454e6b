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


def enqueue(name: str, *args: Any) -> None:
    """Run the Celery task `name` with `args` (ids only) soon, after the commit."""
    transaction.on_commit(partial(_send, name, args))


def _send(name: str, args: tuple[Any, ...]) -> None:
    try:
        current_app.send_task(name, args=args)
    except (OperationalError, OSError):
        log.warning("broker not reached, the next tick does it: %s", name)
