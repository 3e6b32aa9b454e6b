"""Which line of a file first named an id, in 24 to 48 bytes a row whatever the ids look like."""

from array import array


class FirstSeen:
    """An open-addressed table of 64-bit hashes: id, contents, line.

    A dict of strings would take 200 bytes a row and more than the file itself.
    """

    def __init__(self) -> None:
        self._make(1 << 12)

    def _make(self, size: int) -> None:
        self._mask = size - 1
        self._room = size * 2 // 3
        self._ids = array("q", bytes(8 * size))
        self._rows = array("q", bytes(8 * size))
        self._lines = array("Q", bytes(8 * size))

    def first(self, key: str, row: int, line: int) -> tuple[int, bool] | None:
        """None for a new key, which is kept; else its first line, and whether `row` was the same there."""
        mark = hash(key) or 1
        ids, mask = self._ids, self._mask
        slot = mark & mask
        while seen := ids[slot]:
            if seen == mark:
                return self._lines[slot], self._rows[slot] == row
            slot = (slot + 1) & mask
        ids[slot] = mark
        self._rows[slot] = row
        self._lines[slot] = line
        self._room -= 1
        if not self._room:
            self._grow()
        return None

    def _grow(self) -> None:
        ids, rows, lines = self._ids, self._rows, self._lines
        self._make(2 * len(ids))
        self._room = len(self._ids) * 2 // 3 - sum(1 for mark in ids if mark)
        for mark, row, line in zip(ids, rows, lines, strict=True):
            if mark:
                slot = mark & self._mask
                while self._ids[slot]:
                    slot = (slot + 1) & self._mask
                self._ids[slot], self._rows[slot], self._lines[slot] = mark, row, line


class CountedKeys:
    """How often a key was met, in as little room."""

    def __init__(self) -> None:
        self._seen = FirstSeen()

    def count(self, key: str) -> int:
        """1 at the first time, 2 at the second: a key's number among its equals."""
        number = 1
        while self._seen.first(f"{key}{number}", 0, 1):
            number += 1
        return number
