"""Working hours as people write them: "09:00-13:00, 14:00-18:00" a day, a week as in `Shop.hours`."""

import re
from datetime import time
from typing import Any

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SPAN = re.compile(r"^(\d{1,2})(?::?(\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?::?(\d{2}))?$")
HOW_TO_WRITE = "Write it as 09:00-17:00, with a comma between two shifts."
BACKWARD = "A shift must end after it starts, and the next one start after that."

Spans = list[list[str]]
Week = dict[str, Spans]


def parse_spans(text: str) -> Spans:
    """The shifts of one day, none where the text is empty. Raises ValueError with what to write instead."""
    spans = [_parse_span(part.strip()) for part in re.split(r"[,;]", text) if part.strip()]
    ends = [moment for span in spans for moment in span]
    if ends != sorted(set(ends)):
        raise ValueError(BACKWARD)
    return spans


def _parse_span(text: str) -> list[str]:
    match = SPAN.match(text)
    if not match:
        raise ValueError(HOW_TO_WRITE)
    from_hour, from_minute, to_hour, to_minute = match.groups(default="0")
    try:
        edges = [time(int(from_hour), int(from_minute)), time(int(to_hour), int(to_minute))]
    except ValueError:
        raise ValueError(HOW_TO_WRITE) from None
    return [f"{edge:%H:%M}" for edge in edges]


def spans_text(spans: Spans) -> str:
    return ", ".join("-".join(span) for span in spans)


def week_text(week: dict[str, Any]) -> str:
    """A week in a line: "Monday to Friday 09:00-17:00, Saturday 10:00-14:00"."""
    runs: list[tuple[int, int, str]] = []
    for day in range(7):
        text = spans_text(week.get(str(day), []))
        if text and runs and runs[-1][1] == day - 1 and runs[-1][2] == text:
            runs[-1] = (runs[-1][0], day, text)
        elif text:
            runs.append((day, day, text))
    return "; ".join(_run_text(*run) for run in runs)


def _run_text(first: int, last: int, text: str) -> str:
    if first == last:
        return f"{DAYS[first]} {text}"
    joint = " and " if last == first + 1 else " to "
    return f"{DAYS[first]}{joint}{DAYS[last]} {text}"
