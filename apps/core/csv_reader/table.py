"""One CSV file as rows of converted values, streamed; what cannot be read is handed to `reject`."""

import csv
import io
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from .columns import Field, check_maps, choose, missing
from .errors import Unreadable, UnusableFile
from .opening import check_text, open_text
from .unused import Unused

Reject = Callable[[int, str, list[str]], None]
ReadRow = tuple[int, list[Any], list[str]]
DELIMITERS = ",;\t|"
RESTARTS = 1000
csv.field_size_limit(1 << 20)


class Table:
    """A file whose header is known. `fields` are those that it has, in the order that was asked for."""

    def __init__(self, path: Path, delimiter: str, header: list[str], skipped: int) -> None:
        self.path = path
        self.header = header
        self.fields: list[Field] = []
        self._columns: dict[str, int] = {}
        self._delimiter = delimiter
        self._skipped = skipped  # lines up to and including the header
        self._raw: io.BufferedReader | None = None

    def take(self, fields: Sequence[Field], maps: Mapping[str, str]) -> None:
        """Decide which columns hold `fields`, or raise UnusableFile naming what is missing."""
        try:
            self._columns = choose(fields, self.header, maps)
        except UnusableFile as fault:
            raise UnusableFile(f"{self.path.name}: {fault}") from None
        if lacking := missing(fields, self._columns):
            raise UnusableFile(
                f"{self.path.name} has no column for {' and '.join(lacking)}. Its columns are: "
                f"{', '.join(self.header)}. Name the right one with --map {lacking[0]}=COLUMN."
            )
        self.fields = [field for field in fields if field.name in self._columns]

    def has(self, name: str) -> bool:
        return name in self._columns

    def index(self, name: str) -> int:
        return self._columns[name]

    def unused(self, idle: Collection[str] = ()) -> Unused:
        """The columns that no field took, and those of the fields `idle`, which were taken for nothing."""
        used = {index for name, index in self._columns.items() if name not in idle}
        return Unused.of((i, name) for i, name in enumerate(self.header) if i not in used)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    @property
    def position(self) -> int:
        """Bytes of the file that were read so far."""
        return self._raw.tell() if self._raw and not self._raw.closed else 0

    def rows(self, reject: Reject) -> Iterator[ReadRow]:
        """The line, the values of `fields` and the cells of each row that can be read.

        A row with a quote that is never closed costs that row, not those that it swallows: reading starts
        again on the line after it.
        """
        start, restarts = self._skipped, 0
        while (broken := (yield from self._read(start, reject, again=restarts < RESTARTS))) is not None:
            start, restarts = broken, restarts + 1

    def cells(self) -> Iterator[list[str]]:
        """The raw cells of well-formed rows, to look at a file before it is taken."""
        with open_text(self.path)[0] as text:
            for row in csv.reader(islice(text, self._skipped, None), delimiter=self._delimiter):
                if len(row) == len(self.header):
                    yield row

    def _read(self, start: int, reject: Reject, *, again: bool) -> Generator[ReadRow, None, int | None]:
        """Read from after line `start`; the generator's value is the line to start again from, or None."""
        text, self._raw = open_text(self.path)
        with text:
            lines = islice(text, start, None)
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            width = len(self.header)
            plan = [(self._columns[field.name], field.convert) for field in self.fields]
            line = start + 1
            while True:
                try:
                    for row in reader:
                        if len(row) == width:
                            try:
                                yield line, [convert(row[i]) for i, convert in plan], row
                            except Unreadable:
                                reject(line, self._reason(row), row)
                        elif row:
                            reject(
                                line,
                                f"has another number of cells than the header: {len(row)}, not {width}",
                                row,
                            )
                            if again and start + reader.line_num > line:
                                return line
                        line = start + reader.line_num + 1
                    return None
                except csv.Error as fault:
                    reject(line, f"is not CSV: {fault}", [])
                    if again and start + reader.line_num > line:
                        return line
                    line = start + reader.line_num + 1

    def _reason(self, row: list[str]) -> str:
        for field in self.fields:
            index = self._columns[field.name]
            try:
                field.convert(row[index])
            except Unreadable as fault:
                return f"{self.header[index].strip()} {fault}"
        return "cannot be read"


def open_table(path: Path | str) -> Table:
    """The file with its header read and its text checked, or UnusableFile."""
    path = Path(path)
    check_text(path)
    with open_text(path)[0] as text:
        return _with_header(path, text)


def _with_header(path: Path, text: io.TextIOWrapper) -> Table:
    first = text.readline()
    skipped, told = 0, ""
    if first.lower().startswith("sep="):  # Excel's own first line
        skipped, told, first = 1, first[4:5], text.readline()
    if not first.strip():
        raise UnusableFile(f"{path.name} is empty: it has no header line.")
    delimiter = told or max(DELIMITERS, key=lambda mark: len(next(csv.reader([first], delimiter=mark))))
    header = next(csv.reader([first], delimiter=delimiter))
    return Table(path, delimiter, header, skipped + 1)


def open_csv(path: Path | str, fields: Sequence[Field], maps: Mapping[str, str]) -> Table:
    """Open one file by itself: its header taken, its maps checked."""
    table = open_table(path)
    check_maps(maps, [(fields, table.header)])
    table.take(fields, maps)
    return table
