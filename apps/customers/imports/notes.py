"""What was left out of rows that are taken all the same, and in which lines."""

from dataclasses import dataclass, field

LINES_NAMED = 5


@dataclass
class Note:
    """How often something of one file was left out, and the first lines that it was left out of."""

    file: str
    what: str
    count: int = 0
    lines: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        """`3 phone numbers could not be read and were left out (customers, lines 2, 17, 40)`."""
        lines = ", ".join(str(line) for line in self.lines)
        more = f" and {self.count - len(self.lines):,} more" if self.count > len(self.lines) else ""
        return f"{self.count:,} {self.what} ({self.file}, line{'s' if self.count > 1 else ''} {lines}{more})"


class Notes:
    """Notes of one import. A converter adds one to `pending`; who knows the line says then where that was.

    So a row of which nothing is left out costs one look at an empty list.
    """

    def __init__(self) -> None:
        self.pending: list[str] = []
        self._found: dict[tuple[str, str], Note] = {}

    def add(self, what: str) -> None:
        """Something of the row that is being read was left out."""
        self.pending.append(what)

    def keep(self, file: str, line: int) -> None:
        """The row of the pending notes is taken."""
        for what in self.pending:
            note = self._found.setdefault((file, what), Note(file, what))
            note.count += 1
            if len(note.lines) < LINES_NAMED:
                note.lines.append(line)
        self.pending.clear()

    def drop(self) -> None:
        """The row of the pending notes is not taken."""
        self.pending.clear()

    def found(self) -> list[Note]:
        return list(self._found.values())
