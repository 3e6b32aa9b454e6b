"""kombu's view of the embedded queue: a virtual transport whose channel reads and writes our rows.

Each thread of Celery that comes here uses its own Django connection, as Django's connections are per thread.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from queue import Empty
from typing import Any, ClassVar

import django
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from kombu.transport import virtual
from kombu.utils.json import dumps, loads

from . import messages
from .leases import LeaseKeeper
from .messages import Tag

log = logging.getLogger(__name__)

LEASE_SECONDS = 60
DELIVERIES_ALLOWED = 5
WAIT_WHEN_FULL = 0.02
REFUSED = "The worker refused it: its task is unknown, or it cannot be read"
UNREADABLE = "It cannot be read"


class QoS(virtual.QoS):
    """What this channel has been given and has not yet answered for."""

    channel: "Channel"

    def append(self, message: virtual.Message, delivery_tag: str) -> None:
        super().append(message, delivery_tag)
        self.channel.keeper.hold(Tag.parse(delivery_tag))

    def ack(self, delivery_tag: str) -> None:
        with self._answered(delivery_tag) as tag:
            messages.finish(tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        with self._answered(delivery_tag) as tag:
            if requeue:
                messages.hand_back(tag, now=timezone.now(), counts=True)
            else:
                messages.bury(tag, why=REFUSED)

    @contextmanager
    def _answered(self, delivery_tag: str) -> Iterator[Tag]:
        """Whatever the database says, this channel no longer holds it: at worst the lease runs out."""
        tag = Tag.parse(delivery_tag)
        self.channel.keeper.drop(tag)
        super().ack(delivery_tag)
        with self.channel.database():
            yield tag


class Channel(virtual.Channel):
    QoS = QoS
    supports_fanout = False
    lease_seconds: float = LEASE_SECONDS
    deliveries_allowed: int = DELIVERIES_ALLOWED
    from_transport_options = (
        *virtual.Channel.from_transport_options,
        "lease_seconds",
        "deliveries_allowed",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lease_for = timedelta(seconds=self.lease_seconds)
        self.keeper = LeaseKeeper(self.lease_for)
        self._unanswered_queues: set[str] = set()
        self._away = False

    @contextmanager
    def database(self) -> Iterator[None]:
        """A broken connection is thrown away, so that the next call makes a new one."""
        try:
            yield
        except DatabaseError:
            if not connection.in_atomic_block:  # a publisher's transaction is the publisher's to end
                connection.close_if_unusable_or_obsolete()
            raise

    def basic_consume(self, queue: str, no_ack: bool, *args: Any, **kwargs: Any) -> Any:
        if no_ack:
            self._unanswered_queues.add(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def basic_get(self, queue: str, no_ack: bool = False, **kwargs: Any) -> Any:
        message = super().basic_get(queue, no_ack=no_ack, **kwargs)
        if message is not None and no_ack:
            messages.finish(Tag.parse(str(message.delivery_tag)))
        return message

    def close(self) -> None:
        super().close()
        self.keeper.stop()

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        headers = message.get("headers") or {}
        with self.database():
            messages.put(
                queue,
                dumps(message),
                now=timezone.now(),
                task=headers.get("task") or "",
                priority=self._get_message_priority(message),
                eta=_moment(headers.get("eta")),
            )

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """The next message. A database that does not answer is an empty queue: the worker waits for it."""
        try:
            with self.database():
                claim = messages.claim(
                    queue,
                    now=timezone.now(),
                    lease_for=self.lease_for,
                    deliveries_allowed=self.deliveries_allowed,
                )
        except (OperationalError, InterfaceError) as error:
            self._note_away(error)
            raise Empty from error
        self._away = False
        if claim is None:
            raise Empty
        return self._read(queue, claim)

    def _read(self, queue: str, claim: messages.Claim) -> dict[str, Any]:
        try:
            message: dict[str, Any] = loads(claim.payload)
            message["properties"]["delivery_tag"] = str(claim.tag)
            message["properties"]["delivery_info"]["redelivered"] = claim.redelivered
        except (ValueError, KeyError, TypeError) as error:
            messages.bury(claim.tag, why=UNREADABLE)
            raise Empty from error
        if queue in self._unanswered_queues:
            messages.finish(claim.tag)
        return message

    def _restore(self, message: virtual.Message) -> None:
        """A stopping worker hands back what it holds; no delivery was spent on it."""
        tag = Tag.parse(str(message.delivery_tag))
        self.keeper.drop(tag)
        with self.database():
            messages.hand_back(tag, now=timezone.now(), counts=False)

    def _note_away(self, error: Exception) -> None:
        if not self._away:
            log.warning("the queue's database does not answer, still asking: %s", error)
        self._away = True

    def _purge(self, queue: str) -> int:
        return messages.purge(queue)

    def _size(self, queue: str) -> int:
        return messages.size(queue)


class Transport(virtual.Transport):
    Channel = Channel
    driver_type = "djangodb"
    driver_name = "djangodb"
    polling_interval = 0.2
    connection_errors = (*virtual.Transport.connection_errors, OperationalError, InterfaceError)

    default_connection_params: ClassVar[dict[str, Any]] = {}  # no host, no port

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Celery acknowledges between two calls, so return soon, and at once where a channel is full."""
        if timeout is not None:
            timeout = min(timeout, WAIT_WHEN_FULL if self._is_full() else self.polling_interval)
        super().drain_events(connection, timeout=timeout, **kwargs)

    def _is_full(self) -> bool:
        return not any(channel.qos.can_consume() for channel in self.channels or [])

    def driver_version(self) -> str:
        return django.__version__


def _moment(text: str | None) -> datetime | None:
    moment = parse_datetime(text) if text else None
    return moment if moment and timezone.is_aware(moment) else None
