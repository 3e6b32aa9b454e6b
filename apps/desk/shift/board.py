"""What the board shows: its sentence, its chart, its table, made of one report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString

from apps.core.templatetags.ui import percent
from apps.effort.report import NO_TEAM, By, Report, Row

from .chart import Bar
from .drawn import chart, table_rows
from .lines import Line

PLAY_NAMES = {
    "vip_recognition": "VIP thanks",
    "welcome": "Welcome",
    "feedback_reply": "Feedback reply",
    "apology": "Apology",
    "": "No play",
}
HEADS = {By.WEEK: "Week of", By.MONTH: "Month", By.TEAM: "Team", By.PLAY: "Play"}
TITLES = {
    By.WEEK: "Proactive share by week, against the plan",
    By.MONTH: "Proactive share by month, against the plan",
    By.TEAM: "Proactive share by team, against the plan",
    By.PLAY: "What each play adds to the proactive share",
}
MOST_TIME = 0.5
FEWEST_WEEKS = 8


@dataclass(frozen=True)
class Board:
    report: Report
    lines: list[Line]
    bars: tuple[Bar, ...]

    @property
    def of_weeks(self) -> bool:
        return self.report.by in {By.WEEK, By.MONTH}

    @property
    def chart(self) -> SafeString:
        return chart(self.bars, of_weeks=self.of_weeks)

    @property
    def table_rows(self) -> SafeString:
        return table_rows(self.lines, is_play=self.is_play)

    @property
    def head(self) -> str:
        return HEADS[self.report.by]

    @property
    def chart_title(self) -> str:
        return TITLES[self.report.by]

    @property
    def is_play(self) -> bool:
        return self.report.by == By.PLAY

    @property
    def has_plan(self) -> bool:
        return any(line.row.target is not None for line in self.lines)

    @property
    def has_unknown(self) -> bool:
        return any(line.row.unmeasured for line in self.lines)

    @property
    def mostly_unknown(self) -> float | None:
        """The part that nobody measured, where it is over half of the working time."""
        unknown = self.report.unmeasured_share
        return unknown if unknown is not None and unknown > MOST_TIME else None


def board_of(report: Report, today: date) -> Board:
    rows: Iterable[Row] = begun(report.rows) if report.by == By.WEEK else report.rows
    lines = [_line(row, report, today) for row in rows]
    bars = tuple(_bar(line) for line in lines if report.by != By.PLAY or line.row.time.proactive)
    newest_first = report.by in {By.WEEK, By.MONTH}
    return Board(report, list(reversed(lines)) if newest_first else lines, bars)


def begun(rows: Sequence[Row]) -> Sequence[Row]:
    """From the first week in which anything was measured or planned, but the last eight at least."""
    known = [n for n, row in enumerate(rows) if row.entries or row.unmeasured or row.target is not None]
    first = known[0] if known else len(rows)
    return rows[max(0, min(first, len(rows) - FEWEST_WEEKS)) :]


def _line(row: Row, report: Report, today: date) -> Line:
    url = entries_url(row, report.by)
    return Line(
        name=_name(row, report.by),
        row=row,
        share=_share(row, report),
        note=_note(row, report, today),
        proactive_url=f"{url}&origin=proactive",
        reactive_url=f"{url}&origin=reactive",
        internal_url=f"{url}&origin=internal",
        url=url,
    )


def _name(row: Row, by: By) -> str:
    if by == By.WEEK:
        return f"{row.first.day} {row.first:%b}"
    if by == By.MONTH:
        return f"{row.first:%b %Y}"
    if by == By.PLAY:
        return PLAY_NAMES.get(row.name, row.name)
    return row.name.capitalize() if row.name == NO_TEAM else row.name


def _share(row: Row, report: Report) -> float | None:
    """A play's share is its part of all care time, so that the plays add up to the whole share."""
    if report.by != By.PLAY:
        return row.time.share
    care = report.total.time.care
    return row.time.proactive / care if care else None


def _note(row: Row, report: Report, today: date) -> str:
    if report.by in {By.WEEK, By.MONTH} and row.first <= today <= row.last:
        return "So far"
    if report.by == By.WEEK and (row.last - row.first).days < 6:
        return "Cut by the days shown"
    unknown = row.unmeasured_share
    return "Mostly not measured" if unknown is not None and unknown > MOST_TIME else ""


def entries_url(row: Row, by: By) -> str:
    """The address of the entries behind a row."""
    url = f"{entries_address()}?from={row.first}&to={row.last}"
    if by == By.TEAM:
        url += f"&team={row.team_key}"
    if by == By.PLAY:
        url += f"&play={quote(row.name or 'none')}"
    return url


@lru_cache(maxsize=1)
def entries_address() -> str:
    return reverse("desk:entries")


def _bar(line: Line) -> Bar:
    row = line.row
    target = float(row.target) if row.target is not None else None
    unknown = row.unmeasured_share
    words = f"{line.name}: {percent(line.share)} proactive"
    if unknown:
        words += f", {percent(unknown)} of working time not measured"
    return Bar(line.name, line.share, unknown, target, line.url, words)
