"""How long people worked: own week or the shop's, holidays off, from the day they joined, up to now."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any, Self
from zoneinfo import ZoneInfo

from apps.accounts.models import Role, Shop, User
from apps.core.business_time import BusinessCalendar

DAY = timedelta(days=1)
DOES_CARE_WORK = [
    Role.REP,
    Role.MANAGER,
]  # marketers and admins plan and set up: their hours are no care time


@dataclass(frozen=True)
class Workers:
    """How many people of one team work the same week from the same day on."""

    team_key: int
    week: str  # JSON, so that people of one week share its sums
    joined: date  # or the first day that is asked about
    number: int


@dataclass(frozen=True, eq=False)
class Capacity:
    """The working seconds of people between two days, up to `now`."""

    shop: Shop
    first: date
    last: date
    today: date
    now: datetime
    workers: tuple[Workers, ...]
    team_names: Mapping[int, str]

    @classmethod
    def load(cls, shop: Shop, first: date, last: date, *, now: datetime) -> Self:
        """One query: the active people who do care work, and the names of all teams that have people."""
        people = User.objects.order_by("pk").values_list(
            "team_id", "team__name", "hours", "date_joined", "is_active", "role"
        )
        names: dict[int, str] = {}
        alike: Counter[tuple[int, str, date]] = Counter()
        usual = json.dumps(shop.hours, sort_keys=True)
        for team, name, hours, joined, is_active, role in people:
            if team:
                names[team] = name
            if is_active and role in DOES_CARE_WORK:
                week = json.dumps(hours, sort_keys=True) if hours else usual
                alike[(team or 0, week, max(first, _day(joined, shop.zone)))] += 1
        workers = tuple(Workers(*facts, number) for facts, number in alike.items())
        return cls(shop, first, last, _day(now, shop.zone), now, workers, names)

    @property
    def team_keys(self) -> set[int]:
        return {worker.team_key for worker in self.workers}

    def seconds(self, first: date, last: date, team_key: int | None = None) -> int:
        """Working seconds from `first` to `last`, both included; what is still to come does not count."""
        return sum(
            self._seconds(worker, max(first, worker.joined), last) * worker.number
            for worker in self.workers
            if team_key is None or worker.team_key == team_key
        )

    def _seconds(self, worker: Workers, first: date, last: date) -> int:
        until = min(last, self.today - DAY)
        worked = 0
        if first <= until:
            sums = self._sums[worker.week]
            worked = sums[(until - self.first).days + 1] - sums[(first - self.first).days]
        return worked + (self._worked_today(worker.week) if first <= self.today <= last else 0)

    @cached_property
    def _sums(self) -> dict[str, tuple[int, ...]]:
        facts = (self.shop.country, self.shop.subdivision, self.first, self.last)
        return {
            worker.week: _running_sums(self.shop.time_zone, worker.week, *facts) for worker in self.workers
        }

    def _worked_today(self, week: str) -> int:
        calendar = _calendar(self.shop.time_zone, week, self.shop.country, self.shop.subdivision)
        spans = ((opens, min(closes, self.now)) for opens, closes in calendar.working_spans(self.today))
        return sum(int((closes - opens).total_seconds()) for opens, closes in spans if opens < closes)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


@lru_cache(maxsize=64)
def _calendar(zone: str, week: str, country: str, subdivision: str) -> BusinessCalendar:
    hours: Mapping[str, Any] = json.loads(week)
    return BusinessCalendar(ZoneInfo(zone), hours, country, subdivision)


@lru_cache(maxsize=256)
def _running_sums(
    zone: str, week: str, country: str, subdivision: str, first: date, last: date
) -> tuple[int, ...]:
    """Working seconds before each day from `first` to the day after `last`."""
    calendar = _calendar(zone, week, country, subdivision)
    days: Iterable[date] = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(accumulate((calendar.working_seconds(day, day) for day in days), initial=0))
