"""Beside the list: the day's share against the plan, what was promised, one kind word."""

from dataclasses import dataclass
from datetime import date, datetime

from apps.desk.share_chip import ShareToday, share_today
from apps.effort.plans import target_for
from apps.worklist.models import Attempt, Outcome

from .rows import Row, Viewer

HEARD = {Outcome.TALKED, Outcome.REPLIED, Outcome.CALL_BACK, Outcome.PROBLEM_FOUND}


@dataclass(frozen=True)
class DayShare:
    """Fractions of measured care time; the same in percents for the meter."""

    seconds: int
    care_seconds: int
    share: float
    target: float | None

    @property
    def value(self) -> float:
        return round(self.share * 100, 1)

    @property
    def mark(self) -> float | None:
        return None if self.target is None else round(min(self.target * 100, 99), 2)

    @property
    def points(self) -> int:
        return round((self.share - (self.target or 0)) * 100)

    @property
    def against_plan(self) -> str:
        if self.points == 0:
            return "just on the plan"
        many = "point" if abs(self.points) == 1 else "points"
        return f"{abs(self.points)} {many} {'over' if self.points > 0 else 'under'} the plan"


@dataclass(frozen=True)
class Promise:
    at: datetime
    name: str
    text: str
    url: str
    is_next: bool


@dataclass(frozen=True)
class KindWord:
    text: str
    name: str
    at: datetime
    customers: int


def day_share(viewer: Viewer) -> DayShare | None:
    measured: ShareToday | None = share_today(viewer.user, viewer.shop, viewer.now)
    if measured is None or measured.share is None:
        return None
    day: date = viewer.shop.day_of(viewer.now)
    target = target_for(day)
    care = round(measured.seconds / measured.share) if measured.share else 0
    return DayShare(measured.seconds, care, measured.share, None if target is None else float(target))


def promises(rows: list[Row]) -> list[Promise]:
    """One's promises in the order of their moments; today's and tomorrow's, at most six."""
    own = sorted((row for row in rows if row.group == "promised"), key=lambda row: row.task.due_at)
    return [
        Promise(row.task.due_at, row.name, row.about, row.url, is_next=number == 0)
        for number, row in enumerate(own[:6])
    ]


def kind_word(attempts: list[Attempt]) -> KindWord | None:
    """The latest words that a customer said in a call of today, and how many heard from one."""
    heard = [one for one in attempts if one.outcome in HEARD]
    said = next((one for one in heard if getattr(one, "heard", None)), None)
    if said is None:
        return None
    customers = len({one.customer_id for one in heard})
    return KindWord(said.heard, said.customer.display_name, said.ended_at, customers)  # type: ignore[attr-defined]


def heard_today(attempts: list[Attempt]) -> int:
    return len({one.customer_id for one in attempts if one.outcome in HEARD})
