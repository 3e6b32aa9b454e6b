"""An attempt ends: its outcome, its time and the task's next step are one transaction."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.accounts.models import Shop, User
from apps.core.statuses import Conflict, advance, record
from apps.customers.models import Customer, Permission, Purpose
from apps.customers.services import refuse_calls

from ..models import Attempt, CareTask, Outcome, TaskStatus
from ..signals import attempt_recorded, task_closed
from ..steps import Ending, Step, step_after
from .leases import (
    CLOSED_MEANWHILE,
    HELD_BY_OTHER,
    HOLDING_ANOTHER,
    LET_GO,
    CannotTake,
    hold,
    lock,
    task_held_by,
)
from .times import measure

# What an undo puts back
RESTORED = [
    "status",
    "priority",
    "due_at",
    "opens_at",
    "expires_at",
    "reach",
    "calls_from",
    "calls_until",
    "attempts_made",
    "assignee_id",
    "held_at",
    "notes",
    "closed_at",
    "close_reason",
]
CLOSED = {TaskStatus.DONE, TaskStatus.WITHDRAWN, TaskStatus.EXPIRED}


@transaction.atomic
def record_outcome(
    task: CareTask,
    *,
    outcome: str,
    by: User,
    now: datetime,
    notes: str = "",
    call_back_at: datetime | None = None,
    gesture: str = "",
) -> Attempt:
    """End the attempt at a task that `by` holds; one whose lease ran out is taken again, its clock anew.

    Raises CannotTake or Conflict if it is another's or closed, CannotPromise where no such call back can be.
    """
    ending = Ending(Outcome(outcome), by, now, Shop.current(), call_back_at)
    _check_theirs(task, by)
    if task.status == TaskStatus.OPEN and ending.outcome != Outcome.REPLIED:
        _hold_again(task, by=by, now=now)
    lock(task)
    before = as_it_was(task)
    entry = measure(task, by=by, now=now)
    attempt = Attempt(
        task=task, customer=task.customer, by=by, outcome=ending.outcome, ended_at=now, time_entry=entry
    )
    attempt.started_at = min(task.held_at or now, now)
    attempt.notes, attempt.gesture = notes or task.notes, gesture[:200]
    attempt.call_back_at = call_back_at if ending.outcome == Outcome.CALL_BACK else None
    attempt.before = {"task": before, **_note_for_customer(task, ending)}
    attempt.save()
    _move(task, step_after(task, ending), ending)
    attempt_recorded.send(sender=record_outcome, attempt=attempt)
    if task.status in CLOSED:
        task_closed.send(sender=record_outcome, task=task)
    return attempt


def as_it_was(task: CareTask) -> dict[str, Any]:
    return {name: getattr(task, name) for name in RESTORED}


def _check_theirs(task: CareTask, by: User) -> None:
    if task.status == TaskStatus.HELD and task.held_by_id == by.pk:
        return
    if not CareTask.objects.visible_to(by).filter(pk=task.pk).exists():
        raise PermissionDenied
    if task.status == TaskStatus.HELD:
        raise CannotTake(HELD_BY_OTHER.format(name=task.held_by))
    if task.status != TaskStatus.OPEN:
        raise CannotTake(CLOSED_MEANWHILE)


def _hold_again(task: CareTask, *, by: User, now: datetime) -> None:
    """The lease ran out while they talked. An answer needs no hold: it may be written beside a call."""
    try:
        with transaction.atomic():
            hold(task, by=by, now=now)
    except IntegrityError:
        other = task_held_by(by)
        raise CannotTake(HOLDING_ANOTHER.format(name=other.customer if other else "another task")) from None


def _move(task: CareTask, step: Step, ending: Ending) -> None:
    changes = {**LET_GO, "attempts_made": task.attempts_made + 1, "notes": "", **step.changes}
    if step.to in CLOSED:
        changes |= {"closed_at": ending.now, "close_reason": step.reason}
    advance(
        task,
        step.to,
        by=ending.by,
        now=ending.now,
        reason=step.reason,
        changes=changes,
        only_if=Q(held_by=task.held_by_id),
        outcome=ending.outcome,
    )


def _note_for_customer(task: CareTask, ending: Ending) -> dict[str, Any]:
    """Write what the call taught us about the customer; returns what stood there before."""
    if ending.outcome == Outcome.WRONG_NUMBER:
        return {"phone": _clear_phone(task.customer, by=ending.by, now=ending.now)}
    if ending.outcome == Outcome.DO_NOT_CALL:
        seen = Permission.objects.filter(customer=task.customer, channel="phone")
        states = {row.purpose: [row.state, row.origin] for row in seen}
        refuse_calls(task.customer, origin="Said so on the phone", by=ending.by, now=ending.now)
        return {"permissions": {str(one): states.get(one, ["never_asked", ""]) for one in Purpose.values}}
    return {}


def _clear_phone(customer: Customer, *, by: User, now: datetime) -> str:
    seen = customer.phone
    if not Customer.objects.filter(pk=customer.pk, phone=seen).update(phone=""):
        raise Conflict("The customer's number was changed a moment ago. Load the page again to see it.")
    customer.phone = ""
    record(customer, "phone_cleared", by=by, now=now, reason="Wrong number")
    return seen
