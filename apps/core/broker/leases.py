"""Keeps the leases of the messages that one channel holds, for as long as its process lives."""

import logging
from datetime import timedelta
from threading import Event, Lock, Thread

from django.db import DatabaseError, connection
from django.utils import timezone

from .messages import Tag, renew

log = logging.getLogger(__name__)


class LeaseKeeper:
    """Renews every third of the lease, in a thread of its own that starts with the first message.

    A process that is killed or stopped renews nothing: its messages come back when their leases run out.
    """

    def __init__(self, lease_for: timedelta) -> None:
        self.lease_for = lease_for
        self._held: set[Tag] = set()
        self._lock = Lock()
        self._stop = Event()
        self._thread: Thread | None = None

    def hold(self, tag: Tag) -> None:
        with self._lock:
            self._held.add(tag)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="djangodb-leases", daemon=True)
                self._thread.start()

    def drop(self, tag: Tag) -> None:
        with self._lock:
            self._held.discard(tag)

    def stop(self) -> None:
        self._stop.set()

    def renew(self) -> None:
        with self._lock:
            held = tuple(self._held)
        if held:
            renew(held, now=timezone.now(), lease_for=self.lease_for)

    def _run(self) -> None:
        try:
            while not self._stop.wait(self.lease_for.total_seconds() / 3):
                self._renew_or_log()
        finally:
            connection.close()

    def _renew_or_log(self) -> None:
        try:
            self.renew()
        except DatabaseError:
            log.warning("leases not renewed: the database did not answer", exc_info=True)
            connection.close_if_unusable_or_obsolete()
