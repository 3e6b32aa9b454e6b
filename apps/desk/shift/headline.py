"""The board in one sentence that can be read out in a meeting, and what to make of it."""

from dataclasses import dataclass
from datetime import date

from apps.core.templatetags.ui import duration, percent
from apps.effort.report import Report, Row, week_of


@dataclass(frozen=True)
class Headline:
    title: str
    words: str


def headline(report: Report, today: date) -> Headline:
    """About the last whole week where it was measured, else about all the days of the board."""
    monday = week_of(today)
    whole = [row for row in report.weeks if row.last < monday and (row.last - row.first).days == 6]
    if whole and whole[-1].time.share is not None:
        row = whole[-1]
        ago = (monday - row.first).days // 7
        when = "last week" if ago == 1 else f"in the week of {row.first.day} {row.first:%b}"
        return Headline(f"{percent(row.time.share)} of care time was proactive {when}", _words(row, "week"))
    if report.total.time.share is not None:
        title = f"{percent(report.total.time.share)} of care time was proactive in these days"
        return Headline(title, _words(report.total, "period"))
    return Headline(
        "No care time is measured yet",
        "The share appears with the first call that is taken here and the first contact that is logged.",
    )


def _words(row: Row, span: str) -> str:
    share, points = row.time.share, row.points
    if row.target is None or share is None or points is None:
        return "There is no plan to hold it against: set a target for each month."
    plan = f"{row.first:%B}’s plan of {percent(row.target)}"
    distance = round(abs(points) * 100, 1)
    if distance == 0:
        return f"Exactly {plan}."
    if points > 0:
        return f"{distance:g} {_points(distance)} over {plan}."
    missing = duration(needed_seconds(row))
    return (
        f"{distance:g} {_points(distance)} under {plan}. "
        f"{missing} more proactive time would have met it in such a {span}."
    )


def _points(distance: float) -> str:
    return "point" if distance == 1 else "points"


def needed_seconds(row: Row) -> int:
    """Proactive seconds on top of what there was, so that the share meets the target."""
    target = float(row.target or 0)
    if target >= 1:
        return row.time.reactive
    return max(0, round((target * row.time.care - row.time.proactive) / (1 - target)))
