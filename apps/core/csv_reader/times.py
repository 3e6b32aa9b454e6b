"""Dates and moments of a file, told in the shop's zone where the file does not say otherwise.

An hour that occurs twice (clocks set back) is read as the first of the two; an hour that was skipped is
read as if the clock had not been set forward yet. A date without a time is noon.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .columns import Convert
from .errors import Unreadable
from .values import shown

SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
DOTTED = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})(?=$|\s)")
SLASHED_YEAR_FIRST = re.compile(r"^(\d{4})/(\d\d?)/(\d\d?)(?=$|[\sT])")
CANONICAL = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d").fullmatch
TAILS = {
    f":{minute:02}:{second:02}": f":{minute:02}:{second:02}" for minute in range(60) for second in range(60)
}
HOURS_KEPT = 100_000
WHOLE_DAY = timedelta(seconds=86_399)
NOON = time(12)
EARLIEST = 1970


def read_time(text: str) -> datetime | date:
    """`text` as a moment (aware or not) or as a date without a time."""
    plain = SPACED_OFFSET.sub("", text.strip().removesuffix(" UTC"))
    plain = DOTTED.sub(lambda m: f"{m[3]}-{m[2]:0>2}-{m[1]:0>2}", plain, count=1)
    plain = SLASHED_YEAR_FIRST.sub(lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}", plain)
    if text.rstrip().endswith(" UTC"):
        plain += "+00:00"
    if not plain:
        raise Unreadable("is blank")
    try:
        found = date.fromisoformat(plain) if len(plain) <= 10 else datetime.fromisoformat(plain)
    except ValueError:
        raise Unreadable(f"is not a date: {shown(text)}") from None
    if found.year < EARLIEST:
        raise Unreadable(f"is before {EARLIEST}: {shown(text)}")
    return found


def moment(zone: ZoneInfo, *, latest: datetime | None = None, required: bool = False) -> Convert:
    """A moment as UTC text (`2017-11-19 17:22:02`), which both databases take; none after `latest`.

    The offset is looked up once for a day of the file, not once a row: that is most of the speed.
    """
    hours: dict[str, str] = {}
    mixed: set[str] = set()  # days that are not one offset in whole hours, or reach past `latest`

    def convert(text: str) -> str | None:
        if not text and not required:
            return None
        try:
            return hours[text[:13]] + TAILS[text[13:]]
        except KeyError:
            return slow(text.strip())

    def slow(text: str) -> str | None:
        if not text and not required:
            return None
        found = as_utc(read_time(text), zone)
        if latest and found > latest:
            raise Unreadable(f"is in the future: {shown(text)}")
        if text[:10] not in mixed and CANONICAL(text):
            keep_day(text[:10], text[10])
        return str(found.replace(tzinfo=None))

    def keep_day(day: str, mark: str) -> None:
        first, last = (
            as_utc(datetime.fromisoformat(day + clock), zone) for clock in ("T00:00:00", "T23:59:59")
        )
        if last - first != WHOLE_DAY or first.minute or (latest and last > latest):
            mixed.add(day)
            return
        if len(hours) >= HOURS_KEPT:
            hours.clear()
        for hour in range(24):
            hours[f"{day}{mark}{hour:02}"] = str(first + timedelta(hours=hour))[:13]

    return convert


def as_utc(found: datetime | date, zone: ZoneInfo) -> datetime:
    if not isinstance(found, datetime):
        found = datetime.combine(found, NOON)
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return found.astimezone(UTC)


def day(zone: ZoneInfo, *, latest: date | None = None) -> Convert:
    """A day of the shop, such as a promised one; the time of a local moment is left out."""

    @lru_cache(maxsize=20_000)
    def convert(text: str) -> str | None:
        if not text.strip():
            return None
        found = read_time(text)
        if isinstance(found, datetime):
            found = (found.astimezone(zone) if found.tzinfo else found).date()
        if latest and found > latest:
            raise Unreadable(f"is impossibly late: {shown(text)}")
        return found.isoformat()

    return convert
