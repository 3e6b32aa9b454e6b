"""Reactive contacts logged by hand: a customer called, wrote or came in, and somebody answered."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.statuses import record
from apps.customers.models import Customer

from ..models import Origin, Source, TimeEntry
from .entries import LONGEST, record_time

CHANNELS = {"phone": "by phone", "mail": "by mail", "chat": "in a chat", "visit": "in person"}
FIRST_GUESS = 5 * 60
LOOKS_BACK = timedelta(days=90)
LATEST = 200  # of one's contacts say enough about the usual length
GUESSED = "usual length"
NOT_YOURS = "Only the person who logged this contact can change it."


def usual_seconds(user: User, channel: str, *, now: datetime) -> int:
    """How long this person's contacts on this channel usually take: their median of 90 days, else 5 minutes.

    Only lengths that somebody measured or typed count, so that a guess never confirms itself.
    """
    latest = (
        user.time_entries.filter(origin=Origin.REACTIVE, channel=channel, seconds__gt=0)
        .filter(started_at__gte=now - LOOKS_BACK)
        .exclude(topic=GUESSED)
        .order_by("-started_at")
        .values_list("seconds", flat=True)[:LATEST]
    )
    lengths = sorted(latest)
    if not lengths:
        return FIRST_GUESS
    return max(60, round(lengths[len(lengths) // 2] / 60) * 60)


def log_contact(
    user: User,
    *,
    channel: str,
    now: datetime,
    minutes: int | None = None,
    customer: Customer | None = None,
    topic: str = "",
) -> TimeEntry:
    """One contact that has just ended. Without `minutes` it takes the usual length and says so."""
    seconds = minutes * 60 if minutes else usual_seconds(user, channel, now=now)
    return record_time(
        user=user,
        origin=Origin.REACTIVE,
        started_at=now - timedelta(seconds=seconds),
        seconds=seconds,
        customer=customer,
        channel=channel,
        topic=topic or ("" if minutes else GUESSED),
        source=Source.LOGGED,
    )


def correct_contact(entry: TimeEntry, *, minutes: int, by: User, now: datetime) -> None:
    """Say how long a logged contact really took."""
    if entry.user_id != by.pk or entry.source != Source.LOGGED:
        raise PermissionDenied(NOT_YOURS)
    seconds = min(minutes * 60, LONGEST)
    with transaction.atomic():
        record(entry, "corrected", by=by, now=now, before=entry.seconds, after=seconds)
        entry.seconds = seconds
        entry.topic = "" if entry.topic == GUESSED else entry.topic
        entry.save(update_fields=["seconds", "topic"])
