"""The rejects file: each row that was not taken, with its line and reason, to be put right and sent again."""

import csv
import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any


class RejectsFile:
    """Made at the first reject: a clean import leaves no file. `groups` counts reasons without details."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str], now: datetime) -> None:
        self.path: Path | None = None
        self.groups: Counter[tuple[str, str]] = Counter()
        self._target = folder / f"{name}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}.csv"
        self._columns = list(dict.fromkeys(columns))
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, file: str, line: int, reason: str, header: Sequence[str], cells: Sequence[str]) -> None:
        """Keep one row of `file`; cells beyond its header go into the last column."""
        if self._writer is None:
            self._open()
        row = dict(zip(header, cells, strict=False))
        more = " | ".join(cells[len(header) :])
        self._writer.writerow([file, line, reason, *(row.get(column, "") for column in self._columns), more])
        self.groups[(file, reason.partition(": ")[0])] += 1

    def _open(self) -> None:
        self._target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = self._target.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(["file", "line", "reason", *self._columns, "more cells"])
        self.path = self._target

    def close(self) -> None:
        if self._file:
            self._file.close()
