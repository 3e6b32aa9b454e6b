"""The days that the demo tells of: three weeks of campaigns, and seven weeks without before them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop
from apps.core.business_time import BusinessCalendar

WEEKS_WORKED, WEEKS_BEFORE = 3, 7


@dataclass(frozen=True)
class Story:
    """`anchor` is the first moment of today in the shop's zone: all that is told happened before it."""

    today: date
    calendar: BusinessCalendar
    weeks: int = WEEKS_WORKED

    @classmethod
    def until(cls, now: datetime, shop: Shop, weeks: int = WEEKS_WORKED) -> "Story":
        calendar = shop_calendar(shop)
        return cls(calendar.local_day(now), calendar, weeks)

    @property
    def anchor(self) -> datetime:
        return self.calendar.start_of_day(self.today)

    @property
    def first_day(self) -> date:
        return self.today - timedelta(weeks=self.weeks)

    @property
    def begins_at(self) -> datetime:
        """When the first of what is told happened: the people were there by then."""
        return self.at(self.first_day - timedelta(weeks=WEEKS_BEFORE), 5)

    @property
    def starts_at(self) -> datetime:
        """When the campaigns were switched on."""
        return self.at(self.first_day, 5)

    @property
    def days(self) -> list[date]:
        """Each day since the campaigns were switched on, up to yesterday."""
        return [self.first_day + timedelta(days=n) for n in range(7 * self.weeks)]

    @property
    def worked_days(self) -> list[date]:
        return [day for day in self.days if self.calendar.is_business_day(day)]

    @property
    def days_before(self) -> list[date]:
        """The business days before the campaigns, when nobody was called unasked."""
        first = self.first_day - timedelta(weeks=WEEKS_BEFORE)
        days = (first + timedelta(days=n) for n in range(7 * WEEKS_BEFORE))
        return [day for day in days if self.calendar.is_business_day(day)]

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment by the shop's clocks."""
        return datetime.combine(day, time(hour, minute), self.calendar.zone).astimezone(self.anchor.tzinfo)

    def share_of(self, day: date) -> float:
        """The proactive share that the team reached on `day`: from 4 % on the first to 9 % on the last."""
        worked = self.worked_days
        return 0.04 + 0.05 * worked.index(day) / max(len(worked) - 1, 1)
