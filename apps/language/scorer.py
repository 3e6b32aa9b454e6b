"""A second opinion beside the rules: how defensive a sentence sounds as a whole.

A linear score over what stands in the sentence: its words, pairs and triples of words, the classes of
its words, the rules that matched and the signs that it gives. It was fitted to drafts that people
labelled (tests/language/fit.py) and is nothing but the table in `score.tsv`: one line a feature, with
its weight in thousandths (above nothing: more defensive) and its weights for single categories. It
silences a rule that matched a caring sentence, and finds what no rule says, where it is sure.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from sys import intern
from threading import Lock

from .drafts import MARKS, Sentence
from .reading import Reading
from .remembering import Remembered

Matched = tuple[str, str]  # a rule's name and the pattern of it that matched
TABLE = Path(__file__).parent / "score.tsv"
BIAS = "bias"
FULL_STOP = "."  # whether somebody writes it says nothing
BETWEEN = "*"  # stands for any word
SIGNS = ("owned", "apologised", "remedy", "asked", "disowned")
EARLIER_SIGNS = ("owned", "asked")
LENGTHS, LONGEST = 5, 6  # words in a step, steps
THOUSANDTHS = 1000
NO_WORD = "\n"
AFTER_SPACE = chr(ord(" ") + 1)
HALF, WHOLE = 2**31, 2**32  # of the room for one category in a number


@dataclass(slots=True)
class Entry:
    """What the table says of a feature. `then`: of the features that go on with one word more."""

    weight: int = 0
    categories: int = 0  # its weights for all categories, side by side in one number
    then: "dict[str, Entry]" = field(default_factory=lambda: NO_MORE)

    def then_with(self, word: str) -> "Entry":
        """The entry that goes on with `word`, made if need be."""
        if self.then is NO_MORE:
            self.then = {}
        if word not in self.then:
            self.then[word] = Entry()
        return self.then[word]


NO_MORE: dict[str, Entry] = {}  # one for all, as most features do not go on


class Scorer:
    """The table. Weights are in thousandths. A feature is looked up word by word, so that those of a
    sentence need not be written out; the entries that begin with a word are read when it is first met."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = sorted(lines)
        self._reading = Lock()
        self._start = Entry()
        self._starts = Remembered(self._starting)
        self._known = Remembered(self._entry)
        self._names: dict[str, int] = {}  # of the categories: their places in a number
        self._bias = self.entries([BIAS])

    def chance(self, entries: Iterable[Entry]) -> float:
        """0 to 1: that a sentence of which the table says this is defensive."""
        total = sum([entry.weight for entry in self._bias]) + sum([entry.weight for entry in entries])
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total / THOUSANDTHS))))

    def category(self, entries: Iterable[Entry]) -> str:
        """Which category it is likeliest to be, if it is defensive."""
        together = sum([entry.categories for entry in (*self._bias, *entries)])
        weights = {}
        for name in list(self._names):
            weights[name] = (together + HALF) % WHOLE - HALF
            together = (together - weights[name]) // WHOLE
        return max(weights, key=lambda name: (weights[name], name))

    def weight(self, words: Sequence[str]) -> int:
        """How much a row of words says, in thousandths."""
        return sum([entry.weight for entry in self.entries_of_words(words)])

    def entries(self, features: Iterable[str]) -> list[Entry]:
        """What the table says of these features, as far as it knows them."""
        return [entry for entry in map(self._known.__getitem__, features) if entry]

    def _entry(self, feature: str) -> Entry | None:
        place = bisect_left(self._lines, f"{feature}\t")
        if place == len(self._lines) or not self._lines[place].startswith(f"{feature}\t"):
            return None
        with self._reading:
            return self._filled(Entry(), self._lines[place])

    def entries_of_words(self, row: Sequence[str]) -> list[Entry]:
        """The same as of all features `of_words(row)`."""
        found: list[Entry] = []
        starts = map(self._starts.__getitem__, row)
        seconds, thirds = [*row[1:], NO_WORD], [*row[2:], NO_WORD, NO_WORD]
        for start, second, third in zip(starts, seconds, thirds, strict=False):
            if start is None:
                continue
            found.append(start)
            if pair := start.then.get(second):
                found.append(pair)
                if triple := pair.then.get(third):
                    found.append(triple)
            if (apart := start.then.get(BETWEEN)) and (around := apart.then.get(third)):
                found.append(around)
        return found

    def _starting(self, word: str) -> Entry | None:
        first, after = bisect_left(self._lines, f"{word}\t"), bisect_left(self._lines, f"{word}{AFTER_SPACE}")
        with self._reading:
            for line in self._lines[first:after]:
                entry = self._start
                for part in map(intern, line.partition("\t")[0].split(" ")):
                    entry = entry.then_with(part)
                self._filled(entry, line)
        return self._start.then.get(word)

    def _filled(self, entry: Entry, line: str) -> Entry:
        """From a line: feature, weight, then category=weight, parted by tabs."""
        _, weight, *categories = line.split("\t")
        entry.weight = int(weight)
        pairs = (pair.split("=") for pair in categories)
        entry.categories = sum(
            int(more) * WHOLE ** self._names.setdefault(name, len(self._names)) for name, more in pairs
        )
        return entry


def features_of(reading: Reading, sentence: Sentence, matched: Sequence[Matched]) -> list[str]:
    """What the score looks at in a sentence in which these rules, by these patterns, matched."""
    return [*of_words(_row(sentence)), *_of_the_whole(reading, sentence, matched)]


def entries_of(
    reading: Reading, sentence: Sentence, matched: Sequence[Matched], table: Scorer
) -> list[Entry]:
    """What the table says of these features."""
    return table.entries_of_words(_row(sentence)) + table.entries(_of_the_whole(reading, sentence, matched))


def _row(sentence: Sentence) -> list[str]:
    return ["^", *(word for word in sentence.plain if word != FULL_STOP)]


def of_words(row: Sequence[str]) -> list[str]:
    """Words, neighbours, triples, and pairs with one word between."""
    pairs = [f"{first} {second}" for first, second in pairwise(row)]
    triples = [f"{pair} {third}" for pair, third in zip(pairs, row[2:], strict=False)]
    apart = [f"{first} {BETWEEN} {third}" for first, third in zip(row, row[2:], strict=False)]
    return [*row, *pairs, *triples, *apart]


def _of_the_whole(reading: Reading, sentence: Sentence, matched: Sequence[Matched]) -> list[str]:
    """Classes, rules, signs and length of a sentence."""
    found = reading.classes_in(sentence)
    for rule, pattern in matched:
        found += [f"rule {rule}", f"rules of {rule.partition('.')[0]}", f"pattern {pattern}"]
    if matched:
        found.append("any rule")
    signs = [sign for sign in SIGNS if sign in sentence.signs]
    found += [f"sign {sign}" for sign in signs if reading.has(sign, sentence.index)]
    for sign in EARLIER_SIGNS:
        first = reading.first_with(sign)
        if first is not None and first < sentence.index:
            found.append(f"earlier sign {sign}")
    if sentence.quoted:
        found.append("quotation")
    found.append(f"length {min(len(sentence.plain) // LENGTHS, LONGEST)}")
    return found


def loudest_words(sentence: Sentence) -> tuple[int, int]:
    """The first and the last word of the clauses that say most, those beside them included that say
    something as well."""
    clauses = _clauses(sentence)
    table = scorer()
    weights = [table.weight(sentence.plain[first : last + 1]) for first, last in clauses]
    low = high = max(range(len(clauses)), key=lambda place: weights[place])
    while low > 0 and weights[low - 1] > 0:
        low -= 1
    while high < len(clauses) - 1 and weights[high + 1] > 0:
        high += 1
    return clauses[low][0], clauses[high][1]


def _clauses(sentence: Sentence) -> list[tuple[int, int]]:
    """First and last words, without the marks between."""
    found: list[tuple[int, int]] = []
    first: int | None = None
    for place, word in enumerate(sentence.plain):
        if word not in MARKS:
            first = place if first is None else first
        elif first is not None:
            found.append((first, place - 1))
            first = None
    if first is not None:
        found.append((first, len(sentence.plain) - 1))
    return found


@lru_cache(maxsize=1)
def scorer() -> Scorer:
    """Ours, read once."""
    return read_table(TABLE.read_text(encoding="utf-8"))


def read_table(written: str) -> Scorer:
    """Lines of feature, weight, then category=weight, parted by tabs."""
    return Scorer(written.splitlines())
