"""One line of the board's table: its name, its numbers, and the entries behind each."""

from dataclasses import dataclass

from apps.effort.report import Row


@dataclass(frozen=True)
class Line:
    name: str
    row: Row
    share: float | None
    note: str
    proactive_url: str
    reactive_url: str
    internal_url: str
    url: str

    @property
    def points(self) -> str:
        """ "+0.3", "−2.6": a real minus sign."""
        if self.row.points is None:
            return ""
        points = round(self.row.points * 100, 1) + 0.0
        return f"{points:+.1f}".replace("-", "−")
