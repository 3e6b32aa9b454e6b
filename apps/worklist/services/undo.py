"""Taking back an outcome, for ten seconds."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Field

from apps.accounts.models import User
from apps.core.statuses import Conflict, IllegalMove, advance, record
from apps.core.undo import may_still_undo
from apps.customers.models import Customer
from apps.customers.services import set_permission
from apps.effort.services import take_back_time

from ..models import Attempt, CareTask, TaskStatus
from ..signals import attempt_undone
from .leases import let_go, lock, task_held_by
from .times import LEASE

TOO_LATE = "That was more than ten seconds ago, so it stands. Add what is missing as a note on the customer."
ALREADY_UNDONE = "That was already taken back."
OUTCOME_TAKEN_BACK = "Outcome taken back"
MOVED_ON = "Somebody has worked on this since, so it stands."


class CannotUndo(Exception):
    """The outcome stands; the message says why."""


@transaction.atomic
def undo_outcome(attempt: Attempt, *, by: User, now: datetime) -> CareTask:
    """Put task, lease, customer and time back as they were. A task taken in between goes back untouched."""
    _check(attempt, by, now)
    lock(attempt.task)
    if not Attempt.objects.filter(pk=attempt.pk, undone_at=None).update(undone_at=now):
        raise CannotUndo(ALREADY_UNDONE)
    attempt.undone_at = now
    _restore_customer(attempt, by=by, now=now)
    between = task_held_by(by)
    if between:
        let_go(between, by=by, now=now, reason="Went back to the call before", opens_at=between.opens_at)
    _restore_task(attempt, by=by, now=now)
    if attempt.time_entry:
        take_back_time(attempt.time_entry, by=by, now=now)
    attempt_undone.send(sender=undo_outcome, attempt=attempt)
    return attempt.task


def _check(attempt: Attempt, by: User, now: datetime) -> None:
    if attempt.by_id != by.pk:
        raise PermissionDenied
    if attempt.undone_at:
        raise CannotUndo(ALREADY_UNDONE)
    if not may_still_undo(attempt.ended_at, now=now):
        raise CannotUndo(TOO_LATE)
    if attempt.task.status == TaskStatus.HELD or attempt.task.attempts.filter(pk__gt=attempt.pk).exists():
        raise CannotUndo(MOVED_ON)


def _restore_task(attempt: Attempt, *, by: User, now: datetime) -> None:
    changes = {
        name: _value(name, saved) for name, saved in attempt.before["task"].items() if name != "status"
    }
    to = attempt.before["task"]["status"]
    if to == TaskStatus.HELD:
        changes |= {"held_by": by, "held_until": now + LEASE, "notes": attempt.notes}
    try:
        advance(attempt.task, to, by=by, now=now, reason=OUTCOME_TAKEN_BACK, changes=changes)
    except (
        Conflict,
        IllegalMove,
    ):  # it was opened again since: by an answer of theirs, a mail that came back
        raise CannotUndo(MOVED_ON) from None


def _value(name: str, saved: Any) -> Any:
    """A field's value from its JSON form."""
    field = CareTask._meta.get_field(name.removesuffix("_id"))
    return field.to_python(saved) if isinstance(field, Field) and not field.is_relation else saved


def _restore_customer(attempt: Attempt, *, by: User, now: datetime) -> None:
    customer = attempt.customer
    if "phone" in attempt.before:
        Customer.objects.filter(pk=customer.pk, phone="").update(phone=attempt.before["phone"])
        record(customer, "phone_restored", by=by, now=now, reason=OUTCOME_TAKEN_BACK)
    for purpose, (state, origin) in attempt.before.get("permissions", {}).items():
        set_permission(customer, channel="phone", purpose=purpose, state=state, origin=origin, by=by, now=now)
