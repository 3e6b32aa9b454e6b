"""Taking a task, keeping it, giving it back. A task is held by at most one person, who holds at most one."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.accounts.models import Shop, User
from apps.core.moments import by_when
from apps.core.statuses import Conflict, advance, advance_first

from ..calling import refused_by_phone, window_of
from ..models import REPLY_PLAY, CareTask, Reach, TaskStatus
from ..shelves import claim_template, next_in_line, pools_of
from ..signals import task_locking
from .times import LEASE, WITHOUT_OUTCOME, measure

SKIPPED_FOR = timedelta(hours=1)
TRIES = 20
LET_GO = {"held_by": None, "held_at": None, "held_until": None}

HELD_BY_OTHER = "{name} is working on this. Take another; it comes back if they let it go."
HOLDING_ANOTHER = "You still have {name} open. Say how that ended first, or skip it with a reason."
CLOSED_MEANWHILE = "This is closed: nothing is left to do here."
NOT_YET_APPROVED = "A manager has not approved this yet. It opens by itself when they do."
REFUSED = "{name} asked not to be called. Nobody calls them."
OUTSIDE_HOURS = "It is {there} where they are. Calls are possible from {opens} your time."
NEEDS_REASON = "Say in a few words why you leave it: the next person reads it."


class CannotTake(Exception):
    """This task is not to be worked by this person at this moment. The message says why and what to do."""


def task_held_by(user: User) -> CareTask | None:
    return CareTask.objects.filter(status=TaskStatus.HELD, held_by=user).select_related("customer").first()


def take_next(user: User, *, now: datetime) -> CareTask | None:
    """Claim the best task for this person, or return the one they already hold; None if there is none now.

    PostgreSQL passes over rows that others are claiming (SKIP LOCKED), SQLite has one writer at a time.
    Either way the claim is an UPDATE that goes on only if the row is still open.
    """
    for _ in range(TRIES):
        try:
            task = _claim_next(user, now) or task_held_by(user)
        except IntegrityError:  # they hold one already: the database keeps one hold a person
            return task_held_by(user)
        except Conflict:  # somebody else was faster
            continue
        if task or not next_in_line(user, now).exists():
            return task  # else everything near the head is being claimed by others this instant
    return task_held_by(user)


def _claim_next(user: User, now: datetime) -> CareTask | None:
    pools = pools_of(user)
    template = claim_template(pools)
    first = (template.sql, template.filled(user.pk, pools, now))
    task: CareTask | None = advance_first(
        CareTask, first, "held", by=user, now=now, changes=_lease(user, now)
    )
    return task


def take(task: CareTask, *, by: User, now: datetime) -> None:
    """Claim a chosen task. Asks again whether the customer may be called, and when."""
    if task.status == TaskStatus.HELD and task.held_by_id == by.pk:
        return
    _check_free(task, by)
    _check_callable(task, by, now)
    try:
        with transaction.atomic():
            hold(task, by=by, now=now)
    except IntegrityError:
        other = task_held_by(by)
        raise CannotTake(HOLDING_ANOTHER.format(name=other.customer if other else "another task")) from None


def hold(task: CareTask, *, by: User, now: datetime) -> None:
    advance(task, "held", by=by, now=now, changes=_lease(by, now))


def _lease(by: User, now: datetime) -> dict[str, object]:
    return {"held_by": by, "held_at": now, "held_until": now + LEASE}


def lock(task: CareTask) -> None:
    """First the task, then its time, as the sweep does: who meets another on the way waits, and no more."""
    task_locking.send(sender=lock, task=task)
    list(CareTask.objects.select_for_update().filter(pk=task.pk).values_list("pk"))


def renew(task: CareTask, *, by: User, now: datetime) -> bool:
    """The workspace is still open. False if the task is no longer theirs."""
    mine = CareTask.objects.filter(pk=task.pk, status=TaskStatus.HELD, held_by=by)
    return bool(mine.update(held_until=now + LEASE))


def save_notes(task: CareTask, *, notes: str, by: User, now: datetime) -> None:
    """Keep what is being written, and the lease with it."""
    mine = CareTask.objects.filter(pk=task.pk, status=TaskStatus.HELD, held_by=by)
    if not mine.update(notes=notes, held_until=now + LEASE):
        raise Conflict(
            "This task is no longer yours: your lease ran out, or it was closed. Your words are below."
        )
    task.notes = notes


def release(task: CareTask, *, by: User, now: datetime, reason: str) -> None:
    """Leave a held task without an outcome: it goes back with the reason, and rests an hour.

    A reply does not rest: it is picked by hand, and may be picked again at once.
    """
    if not reason.strip():
        raise ValueError(NEEDS_REASON)
    if task.held_by_id != by.pk:
        raise Conflict("This task is no longer yours.")
    with transaction.atomic():
        lock(task)
        measure(task, by=by, now=now, topic=WITHOUT_OUTCOME)
        rests_until = task.opens_at if task.play == REPLY_PLAY else now + SKIPPED_FOR
        let_go(task, by=by, now=now, reason=reason.strip()[:200], opens_at=rests_until)


def let_go(
    task: CareTask, *, by: User | None, now: datetime, reason: str, opens_at: datetime | None = None
) -> None:
    advance(
        task,
        "open",
        by=by,
        now=now,
        reason=reason,
        changes={**LET_GO, "opens_at": opens_at},
        only_if=Q(held_by=task.held_by_id),
    )


def _check_free(task: CareTask, by: User) -> None:
    if not CareTask.objects.visible_to(by).filter(pk=task.pk).exists():
        raise PermissionDenied
    if task.status == TaskStatus.HELD:
        raise CannotTake(HELD_BY_OTHER.format(name=task.held_by))
    if task.status == TaskStatus.WAITING:
        raise CannotTake(NOT_YET_APPROVED)
    if task.status != TaskStatus.OPEN:
        raise CannotTake(CLOSED_MEANWHILE)


def _check_callable(task: CareTask, by: User, now: datetime) -> None:
    if task.reach != Reach.PHONE:
        return
    if refused_by_phone(task):
        raise CannotTake(REFUSED.format(name=task.customer))
    window = window_of(task, now)
    if not window.is_open:
        opens = by_when(window.opens_at, by.zone(Shop.current()), now=now)
        raise CannotTake(OUTSIDE_HOURS.format(there=f"{window.local_now:%H:%M}", opens=opens))
