"""The business clock: which days count, when they end, how much working time lies between them.

Days and hours are those of one zone's wall clocks; every instant handed out is in UTC. A wall time that a
clock change skips stands for the moment of the change; one that comes twice opens a span at its first coming
and closes it at its second.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

Week = Mapping[str, Sequence[Sequence[str]]]
Span = tuple[int, int]  # seconds since midnight on the wall; past 86,400 on the next day
DAY = timedelta(days=1)
DAY_SECONDS = 86_400
USUAL_END = 18 * 3600


def instant(zone: ZoneInfo, day: date, seconds: int, *, last: bool = False) -> datetime:
    """The UTC moment at which the clocks of `zone` show `day` and `seconds` since midnight."""
    wall = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first > second:
        return _clock_change(zone, second, first)
    return second if last else first


def _clock_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment between two UTC instants at which the clocks of `zone` jump forward."""
    old = before.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        same = datetime.fromtimestamp(middle, zone).utcoffset() == old
        low, high = (middle, high) if same else (low, middle)
    return datetime.fromtimestamp(high, UTC)


@lru_cache(maxsize=64)
def public_holidays(country: str, subdivision: str = "") -> holidays.HolidayBase | None:
    """A country's holidays: the nationwide ones for an unknown subdivision, none for an unknown country."""
    for subdiv in [subdivision, None] if subdivision else [None]:
        try:
            return holidays.country_holidays(country.upper(), subdiv=subdiv)
        except NotImplementedError:
            continue
    return None


@dataclass(frozen=True, eq=False)
class BusinessCalendar:
    """The working days of one zone: `week` is `{"0": [["09:00", "12:00"], ["13:00", "17:00"]]}`, 0 is Monday.

    A span that ends at or before its start ends on the next day. A week without any hours makes every day
    that is not a holiday a business day.
    """

    zone: ZoneInfo
    week: Week = field(default_factory=dict)
    country: str = ""
    subdivision: str = ""

    @cached_property
    def _spans(self) -> list[list[Span]]:
        return parse_week(self.week)

    @cached_property
    def _has_hours(self) -> bool:
        return any(self._spans)

    def local_day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def start_of_day(self, day: date) -> datetime:
        return instant(self.zone, day, 0)

    def is_holiday(self, day: date) -> bool:
        days = public_holidays(self.country, self.subdivision) if self.country else None
        return days is not None and day in days

    def is_business_day(self, day: date) -> bool:
        if self._has_hours and not self._spans[day.weekday()]:
            return False
        return not self.is_holiday(day) and self.start_of_day(day) < self.start_of_day(day + DAY)

    def add_business_days(self, day: date, n: int) -> date:
        """The n-th business day strictly after `day`; `day` itself for none."""
        for _ in range(n):
            day += DAY
            while not self.is_business_day(day):
                day += DAY
        return day

    def end_of_day(self, day: date) -> datetime:
        """When the last working span of `day` ends; 18:00 where it has none."""
        spans = self._spans[day.weekday()]
        return self._closing(day, spans[-1][1] if spans else USUAL_END)

    def working_spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working spans of `day` as UTC instants, in order; none on a holiday."""
        return self._instants(day, self._spans)

    def working_seconds(self, first: date, last: date, week: Week | None = None) -> int:
        """Working time from `first` to `last`, both included, by this week or another (a person's own)."""
        spans = self._spans if week is None else parse_week(week)
        days = (first + DAY * n for n in range((last - first).days + 1))
        return sum(self._seconds_of(day, spans) for day in days if spans[day.weekday()])

    def add_working_seconds(self, at: datetime, seconds: int) -> datetime:
        """When `seconds` of working time have passed since `at`; of any time where there are no hours."""
        left = timedelta(seconds=seconds)
        if left <= timedelta(0) or not self._has_hours:
            return at + left
        for opens, closes in self._spans_from(self.local_day(at) - DAY):
            begins = max(opens, at)
            if closes - begins >= left:
                return begins + left
            left -= max(closes - begins, timedelta(0))
        raise AssertionError("a week with hours never ends")

    def _spans_from(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        while True:
            yield from self.working_spans(day)
            day += DAY

    def _instants(self, day: date, spans: list[list[Span]]) -> list[tuple[datetime, datetime]]:
        if self.is_holiday(day):
            return []
        pairs = [
            (instant(self.zone, day, opens), self._closing(day, closes))
            for opens, closes in spans[day.weekday()]
        ]
        return [(opens, closes) for opens, closes in pairs if opens < closes]

    def _closing(self, day: date, closes: int) -> datetime:
        return instant(self.zone, day, closes, last=closes != DAY_SECONDS)

    def _seconds_of(self, day: date, spans: list[list[Span]]) -> int:
        if self._clocks_change(day):
            pairs = self._instants(day, spans)
            return int(sum((closes - opens).total_seconds() for opens, closes in pairs))
        if self.is_holiday(day):
            return 0
        return sum(closes - opens for opens, closes in spans[day.weekday()])

    def _clocks_change(self, day: date) -> bool:
        """Whether an offset changes between the start of `day` and the end of the next one."""
        noon = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return len({(noon + DAY * n).utcoffset() for n in range(3)}) > 1


def parse_week(week: Mapping[str, Any]) -> list[list[Span]]:
    """The spans of Monday to Sunday in order, those that touch or overlap joined."""
    return [_joined(week.get(str(weekday)) or []) for weekday in range(7)]


def _joined(spans: Sequence[Sequence[str]]) -> list[Span]:
    joined: list[Span] = []
    for opens, closes in sorted(_span(*span) for span in spans):
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(closes, joined[-1][1]))
        else:
            joined.append((opens, closes))
    return joined


def _span(opens: str, closes: str) -> Span:
    start, end = _seconds(opens), _seconds(closes)
    return start, end if end > start else end + DAY_SECONDS


def _seconds(wall: str) -> int:
    hours, minutes = wall.split(":")[:2]
    return int(hours) * 3600 + int(minutes) * 60
