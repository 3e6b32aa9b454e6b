"""What was found out about a word, kept for the next time."""

from collections.abc import Callable
from typing import TypeVar

Told = TypeVar("Told")
MOST = 20_000  # words; people use no more, and whoever makes up words gains nothing by it


class Remembered(dict[str, Told]):
    """What `find` tells of each word that was asked for lately."""

    def __init__(self, find: Callable[[str], Told]) -> None:
        super().__init__()
        self.find = find

    def __missing__(self, word: str) -> Told:
        if len(self) >= MOST:
            self.clear()
        told = self[word] = self.find(word)
        return told
