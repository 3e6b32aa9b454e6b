"""What the writer said about findings, as a form posts it: `<what> <token>`, one value each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .models import Choice, Reason

MOST = 200  # values that are read of one form
KEPT, JUDGED = "_kept_", "_judged"


@dataclass(frozen=True)
class Answers:
    """By token: why it is kept, empty where that was taken back; and which were used, or went by hand."""

    kept: dict[str, str] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def answers_in(data: Mapping[str, Any], name: str) -> Answers:
    """Those about the box `name`: `<name>_kept_<number>` from the list, `<name>_judged` from the script."""
    found = Answers()
    for value in _values(data, name):
        what, _, token = value.partition(" ")
        if what in Reason.values or (token and not what):
            found.kept[token] = what
        elif what == Choice.USED:
            found.used.append(token)
        elif what == Choice.CHANGED:
            found.changed.append(token)
    return found


def _values(data: Mapping[str, Any], name: str) -> Iterable[str]:
    every = data.getlist if hasattr(data, "getlist") else lambda key: [data[key]]
    keys = [key for key in data if key == name + JUDGED or key.startswith(name + KEPT)]
    return [str(value) for key in keys for value in every(key)][:MOST]
