"""The proactive share: proactive / (proactive + reactive) seconds, nothing where nothing was measured."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, Sum

from apps.accounts.models import Team, User

from .models import DailyEffort, Origin, TimeEntry


@dataclass(frozen=True)
class Share:
    """Measured seconds by origin."""

    proactive: int = 0
    reactive: int = 0
    internal: int = 0

    @property
    def care(self) -> int:
        """The time that customers got."""
        return self.proactive + self.reactive

    @property
    def logged(self) -> int:
        return self.care + self.internal

    @property
    def share(self) -> float | None:
        return self.proactive / self.care if self.care else None

    def __add__(self, other: "Share") -> "Share":
        return Share(
            self.proactive + other.proactive, self.reactive + other.reactive, self.internal + other.internal
        )


SUMS = {origin.value: Sum("seconds", filter=Q(origin=origin), default=0) for origin in Origin}


def share_of(*, first: date, last: date, user: User | None = None, team: Team | None = None) -> Share:
    """The share of the days from `first` to `last`, both included: one query, from the daily sums.

    A single person's share is read from their own entries.
    """
    if user is not None:
        entries = TimeEntry.objects.filter(user=user).between(first, last)
        return Share(**entries.aggregate(**SUMS))
    daily = DailyEffort.objects.filter(day__range=(first, last))
    if team is not None:
        daily = daily.filter(team_key=team.pk)
    return Share(**daily.aggregate(**SUMS))
