"""Measured care time: every second counted once, on the day it began in the shop's zone."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Role, User
from apps.core.statuses import record
from apps.customers.models import Customer

from ..models import Origin, Source, TimeEntry

LONGEST = 24 * 3600
MAY_TAKE_BACK = {Role.MANAGER, Role.ADMIN}


def record_time(  # noqa: PLR0913
    *,
    user: User,
    origin: str,
    started_at: datetime,
    seconds: int,
    play: str = "",
    customer: Customer | None = None,
    channel: str = "",
    topic: str = "",
    source: str = Source.CLOCK,
) -> TimeEntry:
    """Keep `seconds` of a person's care time, at most a day.

    While the task clock runs, a contact that is logged by hand takes its time from it:
    no second counts twice.
    """
    seconds = max(0, min(int(seconds), LONGEST))
    if source == Source.CLOCK:
        seconds -= _logged_within(user, started_at, seconds)
    return TimeEntry.objects.create(
        user=user,
        team_id=user.team_id,
        origin=Origin(origin),
        play=play,
        customer=customer,
        started_at=started_at,
        day=shop_calendar().local_day(started_at),
        seconds=seconds,
        channel=channel,
        topic=topic,
        source=source,
    )


def _logged_within(user: User, started_at: datetime, seconds: int) -> int:
    """Seconds of one's logged contacts that lie within the span."""
    ended_at = started_at + timedelta(seconds=seconds)
    logged = user.time_entries.filter(source=Source.LOGGED).filter(
        Q(started_at__gte=started_at - timedelta(seconds=LONGEST), started_at__lt=ended_at)
    )
    taken, reached = timedelta(0), started_at
    for begins, length in logged.order_by("started_at").values_list("started_at", "seconds"):
        ends = min(begins + timedelta(seconds=length), ended_at)
        taken += max(ends - max(begins, reached), timedelta(0))
        reached = max(reached, ends)
    return round(taken.total_seconds())


def take_back_time(entry: TimeEntry, *, by: User, now: datetime) -> None:
    """Remove an entry that should not have been made: one's own, or any for a manager. The log keeps it."""
    if entry.user_id != by.pk and by.role not in MAY_TAKE_BACK:
        raise PermissionDenied("Only the person whose time it is, or a manager, can take it back.")
    with transaction.atomic():
        record(
            entry,
            "taken back",
            by=by,
            now=now,
            user=entry.user_id,
            origin=entry.origin,
            seconds=entry.seconds,
            started_at=entry.started_at.isoformat(),
        )
        entry.delete()
