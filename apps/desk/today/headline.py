"""The day in one sentence, and the first reason to hurry."""

from collections import Counter
from dataclasses import dataclass

from apps.core.moments import by_when
from apps.customers.models import Customer
from apps.worklist.models import REPLY_PLAY, Reach

from .lists import SHOWN, first_in_line
from .rows import Row, Viewer, why

THEIR = {"she": "her", "he": "his"}
USUAL_MINUTES = 7


@dataclass(frozen=True)
class Headline:
    title: str
    text: str


def headline(rows: list[Row], viewer: Viewer) -> Headline:
    kinds = Counter(_kind(row) for row in rows)
    parts = [
        _count(kinds["call"], "call", "calls"),
        _count(kinds["reply"], "reply", "replies"),
        _count(kinds["apology"], "apology", "apologies"),
        _count(kinds["other"], "to write", "to write"),
    ]
    title = ", ".join(filter(None, parts)) or "Nothing is waiting"
    return Headline(title, " ".join(filter(None, [_length(rows), _pressing(rows, viewer)])))


def pronoun_of(customer: Customer) -> str:
    """As on record ("she/her", "he"), else they."""
    return customer.pronoun.lower().partition("/")[0].strip() or "they"


def their(customer: Customer) -> str:
    return THEIR.get(pronoun_of(customer), "their")


def _kind(row: Row) -> str:
    if row.task.play == "apology":
        return "apology"
    if row.task.play == REPLY_PLAY:
        return "reply"
    return "call" if row.task.reach == Reach.PHONE else "other"


def _count(number: int, one: str, many: str) -> str:
    if not number:
        return ""
    return f"{number}{'+' if number >= SHOWN else ''}\N{NO-BREAK SPACE}{one if number == 1 else many}"


def _length(rows: list[Row]) -> str:
    minutes = sum(getattr(row.task, "minutes", None) or USUAL_MINUTES for row in rows)
    if not minutes:
        return ""
    hours, rest = divmod(5 * round(minutes / 5), 60)
    if not hours:
        return f"About {max(rest, 5)} min."
    return f"About {hours} h {rest:02d}." if rest else f"About {hours} h."


def _pressing(rows: list[Row], viewer: Viewer) -> str:
    """Whom the big button opens, and why: a promise, a window that closes, else why it is due."""
    row = next((row for row in rows if row.group == "open"), None) or first_in_line(rows, viewer)
    row = row or next((row for row in rows if row.group == "replies"), None)
    if row is None or row.group == "open":
        return f"{row.name} is open on your desk." if row else ""
    if row.group == "promised":
        return f"You promised {row.name} a call for {by_when(row.task.due_at, viewer.zone, now=viewer.now)}."
    if row.group == "soon" and row.window:
        closes = row.window.closes_at.astimezone(viewer.zone)
        return (
            f"{row.name} waits: {their(row.task.customer)} calling window closes at {closes:%H:%M} your time."
        )
    words = why(row.task, viewer.now.astimezone(viewer.zone).date())
    return f"{row.name} waits: {words[:1].lower()}{words[1:]}." if words else f"{row.name} waits."
