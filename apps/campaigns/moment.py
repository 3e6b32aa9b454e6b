from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop
from apps.core.business_time import BusinessCalendar


@dataclass(frozen=True, eq=False)
class Moment:
    """The instant a pass is made for, and the shop's calendar: all that a play may know of time.

    Spans back from it are in hours (`ago(days=14)` is 336 hours); only `today` is a day in the shop's zone.
    """

    at: datetime
    shop: Shop
    calendar: BusinessCalendar

    @classmethod
    def of(cls, at: datetime) -> "Moment":
        """In UTC: a span back from a wall time would be an hour off across a change of clocks."""
        shop = Shop.current()
        return cls(at.astimezone(UTC), shop, shop_calendar(shop))

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.zone

    @cached_property
    def today(self) -> date:
        return self.calendar.local_day(self.at)

    @property
    def quarter(self) -> str:
        """`2018Q3`, in the shop's zone."""
        return f"{self.today.year}Q{(self.today.month + 2) // 3}"

    def ago(self, *, days: int) -> datetime:
        return self.at - timedelta(hours=24 * days)

    def ahead(self, *, days: int) -> datetime:
        return self.at + timedelta(hours=24 * days)
