"""The picture: a bar for each line, as long as what it cost us; by number where no money was given.

Sizes are in the units of the drawing. Two are made of the same bars: a wide one, and one for a narrow room.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.apologies.failure_cost import CostRow
from apps.core.templatetags.ui import money

MOST = 12
LINE = 40  # a name and its bar
FIGURE = 84  # room for the figure after the longest bar


@dataclass(frozen=True)
class Bar:
    name: str
    figure: str
    size: float
    url: str


@dataclass(frozen=True)
class Mark:
    """A bar as the template draws it."""

    name: str
    text_y: int
    y: int
    width: str
    figure: str
    figure_x: str
    figure_y: int
    url: str
    hit_y: int
    words: str


@dataclass(frozen=True)
class Drawing:
    css: str
    width: int
    height: int
    title: str
    marks: list[Mark]


def bars_of(rows: Iterable[tuple[CostRow, str]], currency: str) -> list[Bar]:
    """The longest of the lines, each with its address."""
    lines = list(rows)
    by_money = any(row.sums.of(currency).cost for row, _ in lines)
    bars = [_bar(row, url, currency if by_money else "") for row, url in lines]
    return sorted((bar for bar in bars if bar.size), key=lambda bar: -bar.size)[:MOST]


def _bar(row: CostRow, url: str, currency: str) -> Bar:
    cost = row.sums.of(currency).cost if currency else Decimal(row.sums.incidents)
    figure = money(cost, currency) if currency else str(row.sums.incidents)
    return Bar(row.name, figure, float(cost), url)


def picture(bars: Sequence[Bar], title: str) -> SafeString:
    both = (_draw(bars, title, "chart-l", 960, 120), _draw(bars, title, "chart-s", 312, 38))
    drawn = ((render_to_string("components/chart_costs.html", {"drawing": each}),) for each in both)
    return format_html_join("", "{}", drawn)


def _draw(bars: Sequence[Bar], title: str, css: str, width: int, letters: int) -> Drawing:
    longest = max((bar.size for bar in bars), default=1.0)
    room = width - FIGURE
    marks = [_mark(bar, n * LINE, room * bar.size / longest, width, letters) for n, bar in enumerate(bars)]
    return Drawing(css, width, len(bars) * LINE, title, marks)


def _mark(bar: Bar, top: int, length: float, width: int, letters: int) -> Mark:
    name = bar.name if len(bar.name) <= letters else f"{bar.name[: letters - 1]}…"
    return Mark(
        name=name,
        text_y=top + 13,
        y=top + 19,
        width=f"{max(length, 2):.1f}",
        figure=bar.figure,
        figure_x=f"{max(length, 2) + 6:.1f}",
        figure_y=top + 29,
        url=bar.url,
        hit_y=top,
        words=f"{bar.name}: {bar.figure}",
    )
