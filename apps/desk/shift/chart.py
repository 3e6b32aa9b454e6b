"""The chart of the board, drawn on the server: shares as bars, the plan as stairs, what is unknown hatched.

The hatched strip below the bars has a scale of its own: parts of working time, not of care time.
Sizes are in the units of the drawing. Two drawings are made of the same bars: a wide one, and one of the last
eight for a narrow room.
"""

from dataclasses import dataclass

STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
LEFT, TOP_ROOM, BOTTOM_ROOM, RIGHT_ROOM = 34.0, 30.0, 26.0, 8.0
NAME_WIDTH = 56.0  # of "Plan 5 %"
STRIP_ROOM, STRIP = 84.0, 36.0  # below the names: a line of words, then the strip


@dataclass(frozen=True)
class Bar:
    """One week, month or team. Shares are fractions; None is not known."""

    name: str
    share: float | None
    unmeasured: float | None
    target: float | None
    url: str
    words: str


@dataclass(frozen=True)
class Shape:
    """A rectangle as the template draws it."""

    x: str
    y: str
    width: str
    height: str
    url: str = ""
    words: str = ""


@dataclass(frozen=True)
class Text:
    x: str
    y: str
    words: str
    anchor: str = "start"


@dataclass(frozen=True)
class Strip:
    """What part of the working time nobody measured, hatched; its lines at half and at the whole."""

    words: Text
    base: str
    half: str
    top: str
    bars: list[Shape]


@dataclass(frozen=True)
class Drawing:
    css: str
    width: int
    height: int
    title: str
    right: str
    base: str
    bars: list[Shape]
    hits: list[Shape]
    grid: list[Text]
    names: list[Text]
    stairs: str
    stair_names: list[Text]
    values: list[Text]
    strip: Strip | None


@dataclass(frozen=True)
class Scale:
    """From bars and shares to places in the drawing."""

    width: int
    height: int  # of the bars, their names included
    count: int
    highest: float
    step: float

    @property
    def cell(self) -> float:
        return (self.width - LEFT - RIGHT_ROOM) / max(self.count, 1)

    @property
    def base(self) -> float:
        return self.height - BOTTOM_ROOM

    def x(self, position: int) -> float:
        return LEFT + self.cell * position

    def y(self, share: float) -> float:
        return self.base - (self.base - TOP_ROOM) * min(share, self.highest) / self.highest


def drawings(bars: list[Bar], *, of_weeks: bool) -> list[Drawing]:
    """The wide drawing of all bars, and the narrow one of the last eight (the first eight of teams)."""
    narrow = bars[-8:] if of_weeks else bars[:8]
    which = slice(-1, None) if of_weeks else slice(None)
    return [_draw(bars, "chart-l", 960, 300, which), _draw(narrow, "chart-s", 312, 220, which)]


def _draw(bars: list[Bar], css: str, width: int, height: int, valued: slice) -> Drawing:
    highest, step = _ceiling(bars)
    scale = Scale(width, height, len(bars), highest, step)
    strip = _strip(scale, bars)
    return Drawing(
        css=css,
        width=width,
        height=height + (int(STRIP_ROOM) if strip else 0),
        title=_title(bars),
        right=f"{width - RIGHT_ROOM:.1f}",
        base=f"{scale.base:.1f}",
        bars=[_bar(scale, n, scale.y(bar.share), scale.base, bar) for n, bar in enumerate(bars) if bar.share],
        hits=[_hit(scale, n, bar) for n, bar in enumerate(bars)],
        grid=_grid(scale),
        names=_names(scale, bars),
        stairs=_stairs(scale, bars),
        stair_names=_stair_names(scale, bars, valued),
        values=_values(scale, bars, valued),
        strip=strip,
    )


def _ceiling(bars: list[Bar]) -> tuple[float, float]:
    """The top of the scale, over the highest bar and stair, and the step between its lines."""
    shares = [bar.share for bar in bars if bar.share is not None]
    targets = [bar.target for bar in bars if bar.target is not None]
    most = max([*shares, *targets, 0.04]) * 1.12
    step = next((step for step in STEPS if most / step <= 5), STEPS[-1])
    return min(max(most, step), 1.0) if most <= 1 else 1.0, step


def _bar(scale: Scale, position: int, top: float, bottom: float, bar: Bar) -> Shape:
    width = _bar_width(scale)
    x = scale.x(position) + (scale.cell - width) / 2
    return Shape(f"{x:.1f}", f"{top:.1f}", f"{width:.1f}", f"{bottom - top:.1f}", bar.url, bar.words)


def _bar_width(scale: Scale) -> float:
    return min(scale.cell * 0.6, 56)


def _strip(scale: Scale, bars: list[Bar]) -> Strip | None:
    """None where everything is measured, or nobody can know."""
    unknown = [(position, bar, bar.unmeasured) for position, bar in enumerate(bars) if bar.unmeasured]
    if not unknown:
        return None
    base = scale.height + STRIP_ROOM - 14
    words = Text("6", f"{base - STRIP - 12:.1f}", "% of working time not measured")
    shapes = [_bar(scale, position, base - STRIP * part, base, bar) for position, bar, part in unknown]
    return Strip(words, f"{base:.1f}", f"{base - STRIP / 2:.1f}", f"{base - STRIP:.1f}", shapes)


def _hit(scale: Scale, position: int, bar: Bar) -> Shape:
    """The whole column is the link."""
    return Shape(
        f"{scale.x(position):.1f}",
        f"{TOP_ROOM:.1f}",
        f"{scale.cell:.1f}",
        f"{scale.base - TOP_ROOM:.1f}",
        bar.url,
        bar.words,
    )


def _grid(scale: Scale) -> list[Text]:
    lines, n = [], 1
    while scale.step * n <= scale.highest + 1e-9:
        share = scale.step * n
        lines.append(Text("26", f"{scale.y(share):.1f}", f"{share * 100:.0f}", "end"))
        n += 1
    return lines


def _names(scale: Scale, bars: list[Bar]) -> list[Text]:
    """Names under the bars, as many as have room; the last one always."""
    room = max(len(bar.name) for bar in bars) * 6.6 + 14 if bars else 1
    every = max(1, -(-int(room) // max(int(scale.cell), 1)))
    return [
        Text(f"{scale.x(position) + scale.cell / 2:.1f}", f"{scale.height - 8}", bar.name, "middle")
        for position, bar in enumerate(bars)
        if (len(bars) - 1 - position) % every == 0
    ]


def _stairs(scale: Scale, bars: list[Bar]) -> str:
    """The plan as a path; it breaks where no plan was set."""
    path, before = "", None
    for position, bar in enumerate(bars):
        if bar.target is not None:
            y = f"{scale.y(bar.target):.1f}"
            path += f"M{scale.x(position):.1f} {y}" if before is None else f"V{y}"
            path += f"H{scale.x(position + 1):.1f}"
        before = bar.target
    return path


def _stair_names(scale: Scale, bars: list[Bar], valued: slice) -> list[Text]:
    """The plan's figure where a stair begins and has room for it, above the bars that it crosses."""
    names, before, free_from = [], None, 0.0
    for position, bar in enumerate(bars):
        if bar.target is not None and bar.target != before and scale.x(position) >= free_from:
            at_end = scale.width - scale.x(position) < 70
            x = scale.width - RIGHT_ROOM if at_end else scale.x(position) + 2
            words = f"Plan {bar.target * 100:.3g} %"
            anchor = "end" if at_end else "start"
            y = _free_height(scale, bars, valued, x - NAME_WIDTH if at_end else x, bar.target)
            names.append(Text(f"{x:.1f}", f"{y:.1f}", words, anchor))
            free_from = scale.x(position) + 64
        before = bar.target
    return names


def _free_height(scale: Scale, bars: list[Bar], valued: slice, left: float, target: float) -> float:
    """Where a name of the plan that begins at `left` stands free: over its line and each higher bar."""
    free, room = scale.y(target) - 7, (scale.cell - _bar_width(scale)) / 2
    with_value = [position for position, bar in enumerate(bars) if bar.share is not None][valued]
    for position, bar in enumerate(bars):
        is_beside = scale.x(position + 1) - room > left and scale.x(position) + room < left + NAME_WIDTH
        if is_beside and bar.share is not None and scale.y(bar.share) < free + 3:
            free = min(free, scale.y(bar.share) - (20 if position in with_value else 6))
    return max(free, 10)


def _values(scale: Scale, bars: list[Bar], which: slice) -> list[Text]:
    """The shares in figures: of the last measured week, or of each team or play."""
    measured = [(position, bar, bar.share) for position, bar in enumerate(bars) if bar.share is not None]
    return [_value(scale, position, share, bar.target) for position, bar, share in measured[which]]


def _value(scale: Scale, position: int, share: float, target: float | None) -> Text:
    """Over the bar; inside it where the plan's line would run through the figure."""
    y = scale.y(share) - 6
    if target is not None and -8 < y - scale.y(target) < 16:
        y = min(scale.y(share), scale.y(target)) - 22 if share < target else scale.y(share) + 18
    x = scale.x(position) + scale.cell / 2
    return Text(f"{x:.1f}", f"{min(y, scale.base - 4):.1f}", f"{share * 100:.1f} %", "middle")


def _title(bars: list[Bar]) -> str:
    """The chart in a sentence, for those who hear it."""
    measured = [bar for bar in bars if bar.share is not None]
    if not measured:
        return "Nothing was measured in these days."
    first, last = measured[0], measured[-1]
    plan = f"; the plan is {last.target * 100:.3g} %" if last.target is not None else ""
    if first is last:
        return f"Proactive share {_percent(last.share)}: {last.name}{plan}."
    return (
        f"Proactive share from {_percent(first.share)} ({first.name}) to {_percent(last.share)} "
        f"({last.name}){plan}."
    )


def _percent(share: float | None) -> str:
    return f"{(share or 0) * 100:.1f} %"
