"""Which patterns may match a sentence: told from its words, before any is tried."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

from .patterns import Pattern
from .remembering import Remembered
from .vocabulary import ENDS_WORD


class Waking:
    """Tells from the words of a sentence which patterns may match it.

    A pattern has a few needs. All first needs are one row of bits, a bit a pattern; all second ones another
    behind it, and so on; in the rows behind, the bit of a pattern that has no more needs is always set. A
    word is known by the bits that it meets, a sentence by those of its words: what is left of the rows laid
    over each other is woken.
    """

    def __init__(self, patterns: Sequence[Pattern], used: Iterable[int] = ()) -> None:
        self.width = len(patterns)
        self.rows = max((len(pattern.needs) for pattern in patterns), default=0)
        self.met = 0
        self.by_word: dict[str, int] = defaultdict(int)
        self.by_prefix: dict[str, int] = defaultdict(int)
        self.known = Remembered(self._bits_of)
        for number in used:
            self._add(number, patterns[number].needs)

    def _add(self, number: int, needs: Sequence[frozenset[str]]) -> None:
        for row in range(self.rows):
            bit = 1 << (row * self.width + number)
            if row >= len(needs):
                self.met |= bit
                continue
            for word in needs[row]:
                if word.endswith("*"):
                    self.by_prefix[word[:-1]] |= bit
                else:
                    self.by_word[word] |= bit

    def woken(self, written: Iterable[str]) -> set[int]:
        """The patterns that may match a sentence of these words, written with their marks."""
        met = reduce(or_, map(self.known.__getitem__, written), self.met)
        left = (1 << self.width) - 1
        for row in range(self.rows):
            left &= met >> (row * self.width)
        return set(_bits(left))

    def _bits_of(self, written: str) -> int:
        plain, _, marks = written[1:].partition(ENDS_WORD)
        bits = self.by_word.get(plain, 0)
        for mark in marks:
            bits |= self.by_word.get(mark, 0)
        for length in range(1, len(plain) + 1):
            bits |= self.by_prefix.get(plain[:length], 0)
        return bits


def _bits(number: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
