"""How long people worked: own week or the shop's, holidays off, from the day they joined, up to now."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any, Self
from zoneinfo import ZoneInfo

from apps.accounts.models import Role, Shop, User
from apps.core.business_time import BusinessCalendar

DOES_CARE_WORK = [
    Role.REP,
    Role.MANAGER,
]  # marketers and admins plan and set up: their hours are no care time


@dataclass(frozen=True)
class Worker:
    team_key: int
    week: str  # JSON, so that people of one week share its sums
    joined: date


@dataclass(frozen=True)
class Capacity:
    """The working seconds of people between two days, up to `now`."""

    shop: Shop
    first: date
    last: date
    now: datetime
    workers: tuple[Worker, ...]

    @classmethod
    def load(cls, shop: Shop, first: date, last: date, *, now: datetime) -> Self:
        """One query: the active people who do care work."""
        rows = User.objects.filter(is_active=True, role__in=DOES_CARE_WORK).order_by("pk")
        workers = (
            Worker(team or 0, json.dumps(shop.week(hours), sort_keys=True), _day(joined, shop.zone))
            for team, hours, joined in rows.values_list("team_id", "hours", "date_joined")
        )
        return cls(shop, first, last, now, tuple(workers))

    @property
    def team_keys(self) -> set[int]:
        return {worker.team_key for worker in self.workers}

    def seconds(self, first: date, last: date, team_key: int | None = None) -> int:
        """Working seconds from `first` to `last`, both included; what is still to come does not count."""
        today = _day(self.now, self.shop.zone)
        return sum(
            self._worked(worker, max(first, worker.joined), min(last, today - timedelta(days=1)))
            + (self._worked_today(worker.week) if max(first, worker.joined) <= today <= last else 0)
            for worker in self.workers
            if team_key is None or worker.team_key == team_key
        )

    def _worked(self, worker: Worker, first: date, last: date) -> int:
        if first > last:
            return 0
        sums = _running_sums(
            self.shop.time_zone, worker.week, self.shop.country, self.shop.subdivision, self.first, self.last
        )
        return sums[(last - self.first).days + 1] - sums[(first - self.first).days]

    def _worked_today(self, week: str) -> int:
        today = _day(self.now, self.shop.zone)
        calendar = _calendar(self.shop.time_zone, week, self.shop.country, self.shop.subdivision)
        spans = ((opens, min(closes, self.now)) for opens, closes in calendar.working_spans(today))
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
