"""The shift report: care time by week, month, team or play, what was not measured, and the plan."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import TruncMonth, TruncWeek

from apps.accounts.models import Shop, Team

from .capacity import Capacity
from .models import DailyEffort, Origin
from .plans import Targets, month_after
from .shares import SUMS, Share

NO_TEAM = "no team"
WEEK_HOLDS = timedelta(days=6)  # after its Monday
LONGEST_DAYS = 20 * 366
TOO_LONG = "The report covers at most 20 years."
WRONG_ORDER = "The first day is after the last day: swap them."


class By(StrEnum):
    WEEK = "week"
    MONTH = "month"
    TEAM = "team"
    PLAY = "play"


class BadPeriod(ValueError):
    """The days cannot be reported on; the message says why."""


@dataclass(frozen=True)
class Row:
    """One line: what it is about, its days, its measured time."""

    name: str
    first: date
    last: date
    time: Share
    entries: int
    working: int | None  # None where nobody can know it: by play
    unmeasured: int | None  # working time less what was logged, week by week
    target: Decimal | None
    team_key: int | None = None
    reactive_entries: int = 0

    @property
    def unmeasured_share(self) -> float | None:
        """What part of the working time nobody measured."""
        if self.unmeasured is None:
            return None
        whole = self.unmeasured + self.time.logged
        return self.unmeasured / whole if whole else None

    @property
    def points(self) -> float | None:
        """Points over (or under) the target, as a fraction."""
        if self.time.share is None or self.target is None:
            return None
        return self.time.share - float(self.target)


@dataclass(frozen=True)
class Report:
    by: By
    first: date
    last: date
    rows: list[Row]
    weeks: list[Row]
    total: Row

    @property
    def unmeasured(self) -> int:
        return self.total.unmeasured or 0

    @property
    def unmeasured_share(self) -> float | None:
        return self.total.unmeasured_share


@dataclass(frozen=True)
class Sums:
    time: Share
    entries: int
    reactive_entries: int

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.time + other.time,
            self.entries + other.entries,
            self.reactive_entries + other.reactive_entries,
        )


NOTHING = Sums(Share(), 0, 0)


@dataclass(frozen=True)
class Cell:
    """A week's sums, parted by what the report groups by: month, team, play or nothing more."""

    week: date
    part: Any
    sums: Sums


def shift_report(shop: Shop, *, first: date, last: date, by: By, now: datetime) -> Report:
    """Three queries: the daily sums, the people, the plan."""
    check_period(first, last)
    cells = _cells(first, last, by)
    capacity = Capacity.load(shop, first, last, now=now)
    targets = Targets.load()
    weeks = _weeks(cells, capacity, targets)
    rows = weeks if by == By.WEEK else ROWS[by](cells, capacity, targets)
    total = _span("", first, last, cells, capacity, targets.on(last))
    return Report(by, first, last, rows, weeks, total)


def check_period(first: date, last: date) -> None:
    if first > last:
        raise BadPeriod(WRONG_ORDER)
    if (last - first).days > LONGEST_DAYS:
        raise BadPeriod(TOO_LONG)


PARTS: dict[By, Any] = {
    By.WEEK: TruncMonth("day"),
    By.MONTH: TruncMonth("day"),
    By.TEAM: F("team_key"),
    By.PLAY: F("play"),
}
REACTIVE_ENTRIES = Sum("entries", filter=Q(origin=Origin.REACTIVE), default=0)


def _cells(first: date, last: date, by: By) -> list[Cell]:
    """The daily sums by week, and by month, team or play where that is asked for."""
    lines = (
        DailyEffort.objects.filter(day__range=(first, last))
        .values_list(TruncWeek("day"), PARTS[by])
        .annotate(**SUMS, number=Sum("entries"), contacts=REACTIVE_ENTRIES)
    )
    return [
        Cell(week, part, Sums(Share(proactive, reactive, internal), entries, contacts))
        for week, part, proactive, reactive, internal, entries, contacts in lines
    ]


def _total(cells: Iterable[Cell]) -> Sums:
    return sum((cell.sums for cell in cells), NOTHING)


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def week_name(monday: date) -> str:
    year, week, _ = monday.isocalendar()
    return f"{year}-W{week:02}"


def _weeks(cells: list[Cell], capacity: Capacity, targets: Targets) -> list[Row]:
    parts, mondays = _grouped(cells, "week"), _mondays(capacity.first, capacity.last)
    return [
        _span(week_name(monday), monday, monday + WEEK_HOLDS, parts[monday], capacity, targets.on(monday))
        for monday in mondays
    ]


def _months(cells: list[Cell], capacity: Capacity, targets: Targets) -> list[Row]:
    parts = _grouped(cells, "part")
    months, month = [], capacity.first.replace(day=1)
    while month <= capacity.last:
        months.append(month)
        month = month_after(month)
    return [
        _span(
            f"{month:%Y-%m}",
            month,
            month_after(month) - timedelta(days=1),
            parts[month],
            capacity,
            targets.on(month),
        )
        for month in months
    ]


def _span(
    name: str,
    first: date,
    last: date,
    cells: list[Cell],
    capacity: Capacity,
    target: Decimal | None,
    team_key: int | None = None,
) -> Row:
    """What `cells` sum up to, cut to the days of the report, beside the working time of a team or of all."""
    first, last = max(first, capacity.first), min(last, capacity.last)
    sums, working = _total(cells), capacity.seconds(first, last, team_key)
    unmeasured = _unmeasured(cells, first, last, capacity, team_key)
    parts = (sums.time, sums.entries, working, unmeasured, target, team_key, sums.reactive_entries)
    return Row(name, first, last, *parts)


def _unmeasured(cells: list[Cell], first: date, last: date, capacity: Capacity, team_key: int | None) -> int:
    """Week by week: more time than hours in one week says nothing of the unknown time in another."""
    logged: Counter[date] = Counter()
    for cell in cells:
        logged[cell.week] += cell.sums.time.logged
    weeks = ((monday, max(monday, first), min(monday + WEEK_HOLDS, last)) for monday in _mondays(first, last))
    return sum(max(0, capacity.seconds(one, end, team_key) - logged[monday]) for monday, one, end in weeks)


def _mondays(first: date, last: date) -> list[date]:
    """Of each week that these days touch."""
    monday = week_of(first)
    return [monday + timedelta(days=days) for days in range(0, (last - monday).days + 1, 7)]


def _teams(cells: list[Cell], capacity: Capacity, targets: Targets) -> list[Row]:
    parts = _grouped(cells, "part")
    names = _team_names(set(parts) | capacity.team_keys, capacity)
    first, last, target = capacity.first, capacity.last, targets.on(capacity.last)
    in_order = sorted(names, key=lambda key: (key == 0, names[key].casefold()))
    rows = (_span(names[key], first, last, parts[key], capacity, target, key) for key in in_order)
    return [row for row in rows if row.team_key or row.entries or row.working]


def _team_names(keys: set[int], capacity: Capacity) -> dict[int, str]:
    """By the people in them; a team that nobody is in any more is looked up."""
    names = {key: name for key, name in capacity.team_names.items() if key in keys}
    unknown = keys - names.keys() - {0}
    if unknown:
        names |= dict(Team.objects.filter(pk__in=unknown).values_list("pk", "name"))
    return names | {0: NO_TEAM}


def _plays(cells: list[Cell], capacity: Capacity, targets: Targets) -> list[Row]:
    parts = _grouped(cells, "part")
    return [_play(play, parts[play], capacity) for play in sorted(parts, key=lambda play: (play == "", play))]


def _play(play: str, cells: list[Cell], capacity: Capacity) -> Row:
    sums = _total(cells)
    parts = (sums.time, sums.entries, None, None, None, None, sums.reactive_entries)
    return Row(play, capacity.first, capacity.last, *parts)


def _grouped(cells: list[Cell], by: str) -> defaultdict[Any, list[Cell]]:
    parts: defaultdict[Any, list[Cell]] = defaultdict(list)
    for cell in cells:
        parts[getattr(cell, by)].append(cell)
    return parts


ROWS = {By.MONTH: _months, By.TEAM: _teams, By.PLAY: _plays}


def as_dict(row: Row, by: By) -> dict[str, Any]:
    """A row as `shift_report --json` prints it: seconds, fractions, null where nothing is known."""
    return {
        by.value if by in {By.TEAM, By.PLAY} else "period": row.name,
        "proactive_seconds": row.time.proactive,
        "reactive_seconds": row.time.reactive,
        "internal_seconds": row.time.internal,
        "unmeasured_seconds": row.unmeasured,
        "share": row.time.share,
        "target": None if row.target is None else float(row.target),
    }
