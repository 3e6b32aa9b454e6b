"""Statuses move by `advance()` or `advance_all()` only, along the model's TRANSITIONS.

Each move is a conditional UPDATE (go on only if the row is still as it was seen) and leaves one Event.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from .models import Event


class Conflict(Exception):
    """Somebody else moved this row first. The message says what to do."""


class IllegalMove(Exception):
    """The status cannot move there: a defect of the caller."""


def record(
    row: models.Model,
    verb: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str = "",
    from_status: str = "",
    to_status: str = "",
    **data: Any,
) -> Event:
    """One line in the Event log about `row`. `by=None` is the system."""
    return Event.objects.create(
        at=now,
        actor_id=by.pk if by else None,
        subject=row._meta.label_lower,
        subject_id=row.pk,
        verb=verb,
        from_status=from_status,
        to_status=to_status,
        reason=reason,
        data=data,
    )


def advance(
    row: models.Model,
    to: str,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str = "",
    changes: dict[str, Any] | None = None,
    only_if: models.Q | None = None,
    **data: Any,
) -> None:
    """Move `row.status` to `to` and set `changes` with it, or raise Conflict and change nothing.

    `only_if` adds a condition that must still hold; `data` goes to the Event.
    """
    seen: str = row.status  # type: ignore[attr-defined]
    if to not in row.TRANSITIONS[seen]:  # type: ignore[attr-defined]
        raise IllegalMove(f"{row._meta.label} cannot move from {seen} to {to}")
    still_as_seen = models.Q(pk=row.pk, status=seen) & (only_if or models.Q())
    changes = changes or {}
    with transaction.atomic():
        moved = type(row)._base_manager.filter(still_as_seen).update(status=to, **changes)
        if not moved:
            raise Conflict("Somebody else changed this a moment ago. Load the page again to see it.")
        record(row, to, by=by, now=now, reason=reason, from_status=seen, to_status=to, **data)
    for name, value in {"status": to, **changes}.items():
        setattr(row, name, value)
