"""The chart and the table's rows as HTML. What was drawn for the same numbers is not drawn again.

The key is everything that is shown, so that nothing kept can be out of date.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from .chart import Bar, drawings
from .figures import Figure
from .lines import Line


@lru_cache(maxsize=128)
def chart(bars: tuple[Bar, ...], *, of_weeks: bool) -> SafeString:
    """The wide drawing and the narrow one."""
    both = drawings(list(bars), of_weeks=of_weeks)
    return format_html_join(
        "", "{}", ((render_to_string("components/chart_bars.html", {"drawing": each}),) for each in both)
    )


def table_rows(lines: list[Line], *, is_play: bool) -> SafeString:
    return format_html_join("", "{}", ((_row(line, is_play),) for line in lines))


@lru_cache(maxsize=4096)
def _row(line: Line, is_play: bool) -> SafeString:
    return render_to_string("desk/_shift_row.html", {"line": line, "is_play": is_play})


@lru_cache(maxsize=256)
def figure_tiles(figures: tuple[Figure, ...]) -> SafeString:
    return render_to_string("desk/_shift_figures.html", {"figures": figures})
