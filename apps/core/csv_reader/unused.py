"""The columns of a file that no field takes: a misspelt header is among them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MOST_NAMED = 10
LONGEST_NAME = 40


@dataclass(frozen=True)
class Unused:
    """How many columns, and the names of the first, fit to be shown."""

    count: int = 0
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, columns: Iterable[tuple[int, str]]) -> "Unused":
        """From their places in the header (the first is 0) and names as they stand there."""
        columns = list(columns)
        return cls(len(columns), tuple(_shown(place, name) for place, name in columns[:MOST_NAMED]))

    def __bool__(self) -> bool:
        return self.count > 0

    def __str__(self) -> str:
        """`colour, gift_wrap and 3 more`."""
        more = self.count - len(self.names)
        return ", ".join(self.names) + (f" and {more:,} more" if more else "")

    def as_dict(self) -> dict[str, Any]:
        return {"count": self.count, "columns": list(self.names)}

    def in_report(self) -> dict[str, Any]:
        """What the report of one file says of it: `{"not_used": {...}}`; nothing where all was used."""
        return {"not_used": self.as_dict()} if self else {}


def unused_words(unused: Mapping[str, Unused]) -> str:
    """`Not used: colour (orders); size (feedback).`; a file alone is not named. Blank where all was used."""
    told = [f"{each} ({file})" if len(unused) > 1 else str(each) for file, each in unused.items() if each]
    return f"Not used: {'; '.join(told)}." if told else ""


def _shown(place: int, name: str) -> str:
    """On one line, short, and without signs that cannot be seen."""
    cut = name[: 4 * LONGEST_NAME]
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in cut).split())
    if len(plain) > LONGEST_NAME:
        plain = plain[: LONGEST_NAME - 1].rstrip() + "…"
    return plain or f"column {place + 1:,} (no name)"
