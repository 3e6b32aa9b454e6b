"""The queue's rows. A message is claimed by a lease, and gone once its worker says that it is done.

A lease that runs out makes the message visible again, so nothing is lost when a worker dies; a message that
was delivered too often is buried: kept, counted by `/readyz`, and revived by hand in the admin.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from ..models import QueuedMessage

TOO_OFTEN = "Delivered {times} times without an end"


@dataclass(frozen=True)
class Tag:
    """Which delivery of which row: what a worker must show to finish, keep or hand back a message."""

    pk: int
    lease: str

    def __str__(self) -> str:
        return f"{self.pk}.{self.lease}"

    @classmethod
    def parse(cls, text: str) -> Self:
        pk, _, lease = text.partition(".")
        return cls(int(pk), lease)

    def row(self) -> QuerySet[QueuedMessage]:
        """The row, if this delivery still holds it."""
        return QueuedMessage.objects.filter(pk=self.pk, lease=self.lease, dead=False)


@dataclass(frozen=True)
class Claim:
    tag: Tag
    payload: str
    redelivered: bool


def put(
    queue: str, payload: str, *, now: datetime, task: str = "", priority: int = 0, eta: datetime | None = None
) -> QueuedMessage:
    """Queue `payload`, visible at once or, if later, from `eta`. A higher priority goes first."""
    return QueuedMessage.objects.create(
        queue=queue,
        payload=payload,
        task=task[:120],
        priority=priority,
        visible_at=max(now, eta) if eta else now,
        queued_at=now,
    )


def claim(queue: str, *, now: datetime, lease_for: timedelta, deliveries_allowed: int) -> Claim | None:
    """The next visible message, held by a new lease; None if there is none.

    An empty look writes nothing and opens no transaction on SQLite, where it would keep writers waiting.
    """
    if not connection.features.has_select_for_update_skip_locked:
        return _claim(_visible(queue, now), now, lease_for, deliveries_allowed)
    with transaction.atomic():
        rows = _visible(queue, now).select_for_update(skip_locked=True)
        return _claim(rows, now, lease_for, deliveries_allowed)


def _visible(queue: str, now: datetime) -> QuerySet[QueuedMessage]:
    rows = QueuedMessage.objects.filter(queue=queue, dead=False, visible_at__lte=now)
    return rows.order_by("-priority", "visible_at", "pk")


def _claim(
    rows: QuerySet[QueuedMessage], now: datetime, lease_for: timedelta, deliveries_allowed: int
) -> Claim | None:
    while (row := rows.first()) is not None:
        as_seen = Tag(row.pk, row.lease).row().filter(deliveries=row.deliveries)
        if row.deliveries >= deliveries_allowed:
            as_seen.update(dead=True, lease="", cause_of_death=TOO_OFTEN.format(times=row.deliveries))
            continue
        tag = Tag(row.pk, uuid4().hex)
        if as_seen.update(lease=tag.lease, visible_at=now + lease_for, deliveries=F("deliveries") + 1):
            return Claim(tag, row.payload, redelivered=row.deliveries > 0)
    return None


def finish(tag: Tag) -> bool:
    """Done: the message goes. False if the lease was lost meanwhile; then another delivery decides."""
    return bool(tag.row().delete()[0])


def hand_back(tag: Tag, *, now: datetime, counts: bool) -> bool:
    """Visible again at once. `counts` is False where the message was never begun (a worker that stops)."""
    spent = F("deliveries") if counts else Greatest(F("deliveries") - 1, 0)
    return bool(tag.row().update(lease="", visible_at=now, deliveries=spent))


def bury(tag: Tag, *, why: str) -> bool:
    """To the dead letters: nobody gets it again until it is revived."""
    return bool(tag.row().update(dead=True, lease="", cause_of_death=why[:200]))


def renew(tags: Collection[Tag], *, now: datetime, lease_for: timedelta) -> int:
    """Keep holding these; returns how many are still held."""
    held = Q(pk__in=[tag.pk for tag in tags], lease__in=[tag.lease for tag in tags])
    return QueuedMessage.objects.filter(held, dead=False).update(visible_at=now + lease_for)


def revive(dead: QuerySet[QueuedMessage], *, now: datetime) -> int:
    """Put dead messages back into their queues, with a fresh count."""
    return dead.filter(dead=True).update(
        dead=False, lease="", deliveries=0, visible_at=now, cause_of_death=""
    )


def purge(queue: str) -> int:
    """Forget what nobody holds; the dead stay."""
    return QueuedMessage.objects.filter(queue=queue, dead=False, lease="").delete()[0]


def size(queue: str) -> int:
    """How many wait that nobody holds."""
    return QueuedMessage.objects.filter(queue=queue, dead=False, lease="").count()
