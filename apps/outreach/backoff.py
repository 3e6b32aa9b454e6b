"""When a mail that nothing can have accepted is tried again: later each time, uneven, and not for ever."""

import random
from datetime import datetime, timedelta

WAITS = [timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900, 3600, 10800)]
MOST_TRIES = len(WAITS) + 1
GIVE_UP_AFTER = timedelta(hours=24)
QUEUED_FOR = timedelta(hours=1)  # that a retry may come late because others stood before it
JITTER = 0.2  # so that what failed together does not come back together


def next_try(
    tries: int, *, first_tried_at: datetime, now: datetime, not_before: datetime | None = None
) -> datetime | None:
    """After `tries` tries, the last of them now; None if there is no further one.

    `not_before` is the provider's wish.
    """
    if tries >= MOST_TRIES:
        return None
    uneven = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
    at = max(now + WAITS[tries - 1] * uneven, not_before or now)
    return at if at <= first_tried_at + GIVE_UP_AFTER else None


def is_too_late(first_tried_at: datetime, now: datetime) -> bool:
    """A retry that waited while we ourselves were away: what it says may be out of date."""
    return now > first_tried_at + GIVE_UP_AFTER + QUEUED_FOR
