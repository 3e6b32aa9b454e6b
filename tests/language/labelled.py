"""Drafts with their labels, as the tests and the fitting read them.

A line of `drafts/*.txt` is `kind|channel|text`: kind D (defensive), H (the same in other words than the
usual) or C (clean); in the text `[[category: words]]` marks the defensive words. A line break inside a
text is written `\\n`. The development messages are JSON lines with spans.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
MARKED = re.compile(r"\[\[(\w+):\s*(.*?)\]\]")


@dataclass(frozen=True)
class Span:
    """Defensive words: [start, end) in code points."""

    start: int
    end: int
    category: str


@dataclass(frozen=True)
class Draft:
    """A labelled draft. `is_hard`: it holds none of the usual words of its category."""

    id: str
    channel: str
    text: str
    spans: tuple[Span, ...]
    is_hard: bool = False

    @property
    def is_clean(self) -> bool:
        return not self.spans


def drafts_of(name: str) -> list[Draft]:
    """The drafts of `drafts/<name>.txt`."""
    lines = (HERE / "drafts" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [_draft(f"{name}-{number}", line) for number, line in enumerate(lines, 1)]


def development_messages() -> list[Draft]:
    """Messages that were there before the first rule; nothing is fitted to them."""
    lines = (HERE / "development" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return [_from_json(json.loads(line)) for line in lines]


def all_names() -> Iterator[str]:
    """The names of all files of drafts."""
    return (path.stem for path in sorted((HERE / "drafts").glob("*.txt")))


def _draft(number: str, line: str) -> Draft:
    kind, channel, marked = line.split("|", 2)
    text, spans, place = "", [], 0
    marked = marked.replace("\\n", "\n")
    for found in MARKED.finditer(marked):
        text += marked[place : found.start()]
        spans.append(Span(len(text), len(text) + len(found[2]), found[1]))
        text += found[2]
        place = found.end()
    return Draft(number, channel, text + marked[place:], tuple(spans), kind == "H")


def _from_json(row: dict[str, object]) -> Draft:
    spans = tuple(Span(**span) for span in row["spans"])  # type: ignore[attr-defined]
    return Draft(str(row["id"]), str(row["channel"]), str(row["text"]), spans, bool(row.get("hard")))
