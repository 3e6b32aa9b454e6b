"""The rest of a care team's day: calls, mails and chats that came in, and time among themselves."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.accounts.models import User
from apps.customers.models import Customer
from apps.effort.models import Origin, Source, TimeEntry

from .calendar import Story
from .words.work import INTERNAL, LEADING, TOPICS

CHANNELS = {"phone": 55, "mail": 28, "chat": 17}
KNOWN_CALLER = 0.04
SHORT_DAY = 5  # Saturday
USUAL_CUSTOMERS = 2000
LEAST_BUSY = 0.1
MIDDLE, SPREAD = 6.4, 0.6  # of a contact's seconds, as logarithms: ten minutes, most between 5 and 18
SHORTEST, LONGEST = 45, 2400
MANAGERS_DAY = (5, 7)  # so many times of leading,
A_WHILE = (1800, 4200)  # each so long,
BETWEEN = (300, 1500)  # and so long until the next
Span = tuple[datetime, datetime]


def busy_share(customers: int) -> float:
    """How much of what a shop of the usual size has to do comes to one with so many customers."""
    return max(min(customers / USUAL_CUSTOMERS, 1), LEAST_BUSY)


@dataclass(frozen=True)
class Incoming:
    """Makes the reactive and internal entries of one person's day, around what they started themselves."""

    story: Story
    customers: list[Customer]
    chance: random.Random

    def entries(self, user: User, day: date, *, seconds: float, busy: list[Span]) -> list[TimeEntry]:
        """About `seconds` of reactive time in the free parts of the day, and a round in the morning."""
        opens = self.story.at(day, 10 if day.weekday() == SHORT_DAY else 9)
        rounds = self._entry(user, day, Origin.INTERNAL, opens, self.chance.randrange(600, 1500))
        rounds.topic = self.chance.choice(INTERNAL)
        found = [rounds]
        cursor = opens + timedelta(seconds=rounds.seconds)
        for length in self._lengths(seconds):
            cursor = _free_from(cursor + timedelta(seconds=self.chance.randrange(20, 240)), length, busy)
            found.append(self._contact(user, day, cursor, length))
            cursor += timedelta(seconds=length)
        return found

    def leading(self, manager: User, day: date) -> list[TimeEntry]:
        """A manager's time with the team and for it; none on a short day."""
        cursor, found = self.story.at(day, 9), []
        for _ in range(0 if day.weekday() == SHORT_DAY else self.chance.randint(*MANAGERS_DAY)):
            cursor += timedelta(seconds=self.chance.randrange(*BETWEEN))
            length = self.chance.randrange(*A_WHILE)
            entry = self._entry(manager, day, Origin.INTERNAL, cursor, length)
            entry.topic = self.chance.choice(LEADING)
            found.append(entry)
            cursor += timedelta(seconds=length)
        return found

    def _lengths(self, seconds: float) -> Iterator[int]:
        left = seconds
        while left > 0:
            length = int(min(max(self.chance.lognormvariate(MIDDLE, SPREAD), SHORTEST), LONGEST))
            yield length
            left -= length

    def _contact(self, user: User, day: date, at: datetime, length: int) -> TimeEntry:
        entry = self._entry(user, day, Origin.REACTIVE, at, length)
        entry.channel = self.chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        entry.topic = self.chance.choice(TOPICS[entry.channel])
        if self.chance.random() < KNOWN_CALLER:
            entry.customer = self.chance.choice(self.customers)
        return entry

    @staticmethod
    def _entry(user: User, day: date, origin: Origin, at: datetime, seconds: int) -> TimeEntry:
        return TimeEntry(
            user=user,
            team_id=user.team_id,
            origin=origin,
            started_at=at.replace(microsecond=0),
            day=day,
            seconds=seconds,
            source=Source.DEMO,
        )


def _free_from(at: datetime, length: int, busy: list[Span]) -> datetime:
    """The first moment from `at` on that leaves `length` seconds free."""
    for starts, ends in sorted(busy):
        if at < ends and at + timedelta(seconds=length) > starts:
            at = ends
    return at
