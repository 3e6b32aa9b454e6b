"""Measured care time: every second counted once, on the day it began in the shop's zone."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

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
    entry = TimeEntry(
        user=user,
        team_id=user.team_id,
        origin=Origin(origin),
        play=play,
        customer=customer,
        started_at=started_at,
        day=shop_calendar().local_day(started_at),
        seconds=max(0, min(int(seconds), LONGEST)),
        channel=channel,
        topic=topic,
        source=source,
    )
    if source == Source.CLOCK:
        _leave_out_logged([entry])
    entry.save(force_insert=True)
    return entry


def record_times(entries: Sequence[TimeEntry]) -> None:
    """Keep unsaved entries of the task clock, as many as there are in three statements, by the same rules."""
    calendar = shop_calendar()
    for entry in entries:
        entry.day = calendar.local_day(entry.started_at)
        entry.seconds = max(0, min(entry.seconds, LONGEST))
        entry.source = Source.CLOCK
    _leave_out_logged(entries)
    TimeEntry.objects.bulk_create(entries)


def _leave_out_logged(entries: Sequence[TimeEntry]) -> None:
    """Take from each the seconds of its person's logged contacts that lie within it."""
    if not entries:
        return
    logged: dict[int | None, list[tuple[datetime, int]]] = {}
    near = TimeEntry.objects.filter(
        source=Source.LOGGED,
        user__in={entry.user_id for entry in entries},
        started_at__gte=min(entry.started_at for entry in entries) - timedelta(seconds=LONGEST),
        started_at__lt=max(map(_end_of, entries)),
    )
    for user, begins, length in near.order_by("started_at").values_list("user_id", "started_at", "seconds"):
        logged.setdefault(user, []).append((begins, length))
    for entry in entries:
        entry.seconds -= _covered(entry, logged.get(entry.user_id, []))


def _covered(entry: TimeEntry, spans: Iterable[tuple[datetime, int]]) -> int:
    """Seconds of the entry that lie within these spans, which come in the order of their beginnings."""
    ended_at = _end_of(entry)
    taken, reached = timedelta(0), entry.started_at
    for begins, length in spans:
        ends = min(begins + timedelta(seconds=length), ended_at)
        taken += max(ends - max(begins, reached), timedelta(0))
        reached = max(reached, ends)
    return round(taken.total_seconds())


def _end_of(entry: TimeEntry) -> datetime:
    return entry.started_at + timedelta(seconds=entry.seconds)


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
