"""When somebody may be called: between two wall times where they are."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from apps.core.business_time import instant


def call_window(zone: ZoneInfo, opens: time, closes: time, now: datetime) -> tuple[datetime, datetime]:
    """The window that is open at `now`, or else the next one, as UTC instants; the end is not in it."""
    today = now.astimezone(zone).date()
    for days in range(4):
        day = today + timedelta(days=days)
        start = instant(zone, day, _seconds(opens))
        end = instant(zone, day, _seconds(closes))
        if start < end and now < end:
            return start, end
    raise ValueError(f"No calls are possible between {opens} and {closes}: opening must come before closing.")


def _seconds(wall: time) -> int:
    return wall.hour * 3600 + wall.minute * 60 + wall.second
