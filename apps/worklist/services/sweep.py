"""What time alone changes, each in one statement per batch: run every minute, a no-op when it runs twice."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.accounts.models import Shop
from apps.core.statuses import Conflict, advance_all, record

from ..calling import other_way, window_in
from ..models import CareTask, Reach, TaskStatus
from ..signals import phone_left
from .closing import BATCH, withdraw_tasks
from .leases import LET_GO, lock
from .times import measure_abandoned

REFUSED_CALLS = "Asked not to be called"
WAITS = Q(status__in=[TaskStatus.WAITING, TaskStatus.OPEN])


def sweep(*, now: datetime) -> dict[str, int]:
    """Returns how many of each were found."""
    return {
        "leases_returned": return_leases(now=now),
        "expired": expire_optional(now=now),
        "refused": stop_refused_calls(now=now),
        "windows_moved": move_windows(now=now),
    }


def return_leases(*, now: datetime) -> int:
    """Tasks whose holder has gone quiet go back to where they were, notes and all."""
    ran_out = CareTask.objects.filter(status=TaskStatus.HELD, held_until__lte=now)
    returned = 0
    while ran_out.exists() and (some := _return_some(ran_out, now)):
        returned += some
    return returned


@transaction.atomic
def _return_some(ran_out: QuerySet[CareTask, Any], now: datetime) -> int:
    """One batch, and the time of each hold. What somebody is changing this instant is left to them."""
    seen = ran_out.select_for_update(of=("self",), skip_locked=True).select_related("held_by")
    tasks = list(seen.order_by("held_until")[:BATCH])
    measure_abandoned(tasks)
    mine = CareTask.objects.filter(pk__in=[task.pk for task in tasks])
    return advance_all(mine, "open", by=None, now=now, reason="Lease ran out", changes=LET_GO)


def expire_optional(*, now: datetime) -> int:
    """What is owed does not expire; a promised call back has no end either."""
    changes = {"closed_at": now, "close_reason": "Its time ran out"}
    return sum(
        advance_all(batch, "expired", by=None, now=now, reason="Its time ran out", changes=changes)
        for status in (TaskStatus.OPEN, TaskStatus.WAITING)
        for batch in _batches(
            CareTask.objects.filter(status=status, owed=False, expires_at__lte=now).order_by("expires_at")
        )
    )


def stop_refused_calls(*, now: datetime) -> int:
    """Calls to people who have refused since: optional ones are withdrawn, owed ones leave the phone."""
    refused = CareTask.objects.filter(WAITS, reach=Reach.PHONE).phone_refused()
    count = withdraw_tasks(refused.filter(owed=False), reason=REFUSED_CALLS, now=now)
    for task in refused.filter(owed=True).select_related("customer")[:BATCH]:
        with suppress(Conflict):  # somebody changes what hangs on it this instant: the next sweep sees to it
            count += leave_phone(task, now=now)
    return count


@transaction.atomic
def leave_phone(task: CareTask, *, now: datetime) -> int:
    """Put an owed task on the best channel that is left; its status stays, and the log says why it moved."""
    lock(task)
    seen = CareTask.objects.filter(WAITS, pk=task.pk, reach=Reach.PHONE)
    way = other_way(task)
    if not seen.update(reach=way, calls_from=None, calls_until=None):
        return 0
    record(task, "left_phone", by=None, now=now, reason=f"{REFUSED_CALLS}: {way.label.lower()}")
    task.reach, task.calls_from, task.calls_until = way, None, None
    phone_left.send(sender=leave_phone, task=task, now=now)
    return 1


def move_windows(*, now: datetime) -> int:
    """Give every call whose calling window has passed its next one: one UPDATE per zone and batch."""
    shop = Shop.current()
    passed = CareTask.objects.filter(WAITS, reach=Reach.PHONE)
    passed = passed.filter(Q(calls_until__lte=now) | Q(calls_until__isnull=True))
    moved = 0
    for zone in set(passed.order_by().values_list("zone", flat=True).distinct()):
        window = window_in(zone, now, shop)
        for batch in _batches(passed.filter(zone=zone), size=10_000):
            moved += batch.update(calls_from=window.opens_at, calls_until=window.closes_at)
    return moved


def _batches(rows: QuerySet[CareTask, Any], size: int = BATCH) -> Iterator[QuerySet[CareTask, Any]]:
    """Querysets over `rows` in pieces, until none is left: each piece must drop out of `rows` when worked."""
    while ids := list(rows.values_list("pk", flat=True)[:size]):
        yield CareTask.objects.filter(pk__in=ids)
