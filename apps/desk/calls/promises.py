"""The moments that a call back can be promised at with one press, in the customer's clock and one's own."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop
from apps.worklist.calling import window_in

SHOWN = 4


@dataclass(frozen=True)
class Choice:
    value: str
    name: str
    yours: str


def quick_choices(zone_name: str, *, shop: Shop, mine: tzinfo, now: datetime) -> list[Choice]:
    """In an hour, this afternoon, tomorrow, the first of next week: those inside the customer's hours."""
    zone = ZoneInfo(zone_name or shop.time_zone)
    found: list[Choice] = []
    for name, at in _wanted(zone, shop, now):
        is_new = all(choice.value != at.isoformat() for choice in found)
        if is_new and at > now and window_in(zone_name, at, shop).is_open:
            found.append(
                Choice(at.isoformat(), f"{name} {at.astimezone(zone):%H:%M}", _yours(at, zone, mine))
            )
    return found[:SHOWN]


def _wanted(zone: ZoneInfo, shop: Shop, now: datetime) -> list[tuple[str, datetime]]:
    here = now.astimezone(zone)
    calendar = shop_calendar(shop)
    next_day = calendar.add_business_days(here.date(), 1)
    day_after = calendar.add_business_days(here.date(), 2)
    soon = (here + timedelta(minutes=74)).replace(second=0, microsecond=0)
    soon -= timedelta(minutes=soon.minute % 15)
    tomorrow = "Tomorrow" if next_day == here.date() + timedelta(days=1) else f"{next_day:%A}"
    wanted = [("Today", soon), ("Today", datetime.combine(here.date(), time(16), zone))]
    wanted += [(tomorrow, datetime.combine(next_day, time(hour), zone)) for hour in (10, 15)]
    wanted += [(f"{day_after:%A}", datetime.combine(day_after, time(10), zone))]
    return [(name, at.astimezone(UTC)) for name, at in wanted]


def _yours(at: datetime, zone: ZoneInfo, mine: tzinfo) -> str:
    if at.astimezone(zone).utcoffset() == at.astimezone(mine).utcoffset():
        return ""
    there, here = at.astimezone(zone), at.astimezone(mine)
    day = "" if there.date() == here.date() else f"{here:%a} "
    return f"{day}{here:%H:%M} for you"
