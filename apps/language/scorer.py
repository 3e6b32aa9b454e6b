"""A second opinion beside the rules: how defensive a sentence sounds as a whole.

A linear score over what stands in the sentence: its words, pairs and triples of words, the classes of
its words, the rules that matched and the signs that it gives. It was fitted to drafts that people
labelled (tests/language/fit.py) and is nothing but the table in `score.tsv`: one line a feature, with
its weight in thousandths (above nothing: more defensive) and its weights for single categories. It
silences a rule that matched a caring sentence, and finds what no rule says, where it is sure.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, repeat
from pathlib import Path

from .drafts import Sentence
from .reading import Reading

Matched = tuple[str, str]  # a rule's name and the pattern of it that matched
TABLE = Path(__file__).parent / "score.tsv"
BIAS = "bias"
SIGNS = ("owned", "apologised", "remedy", "asked", "disowned")
EARLIER_SIGNS = ("owned", "asked")
LENGTHS, LONGEST = 5, 6  # words in a step, steps
THOUSANDTHS = 1000


@dataclass
class Scorer:
    """The table. Weights are in thousandths."""

    weights: dict[str, int] = field(default_factory=dict)
    categories: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # by feature

    def chance(self, features: Sequence[str]) -> float:
        """0 to 1: that a sentence with these features is defensive."""
        total = self.weights[BIAS] + self._total(features)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total / THOUSANDTHS))))

    def category(self, features: Sequence[str]) -> str:
        """Which category it is likeliest to be, if it is defensive."""
        weights = Counter(dict(self.categories[BIAS]))
        for feature in filter(self.categories.__contains__, features):
            for category, more in self.categories[feature]:
                weights[category] += more
        return max(weights, key=lambda name: (weights[name], name))

    def weight(self, words: list[str]) -> int:
        """How much a row of words says, in thousandths."""
        return self._total(of_words(words))

    def _total(self, features: Sequence[str]) -> int:
        return sum(map(self.weights.get, features, repeat(0)))


def features_of(reading: Reading, sentence: Sentence, matched: Sequence[Matched]) -> list[str]:
    """What the score looks at in a sentence in which these rules, by these patterns, matched."""
    found = of_words(["^", *sentence.plain, "$"])
    found += [f"class {name}" for name in reading.classes_in(sentence)]
    for rule, pattern in matched:
        found += [f"rule {rule}", f"rules of {rule.partition('.')[0]}", f"pattern {pattern}"]
    if matched:
        found.append("any rule")
    found += [f"sign {sign}" for sign in SIGNS if reading.has(sign, sentence.index)]
    for sign in EARLIER_SIGNS:
        first = reading.first_with(sign)
        if first is not None and first < sentence.index:
            found.append(f"earlier sign {sign}")
    if any([word.quoted for word in sentence.words]):
        found.append("quotation")
    found.append(f"length {min(len(sentence.words) // LENGTHS, LONGEST)}")
    return found


def of_words(row: list[str]) -> list[str]:
    """Words, neighbours, triples, and pairs with one word between."""
    pairs = [f"{first} {second}" for first, second in pairwise(row)]
    triples = [f"{pair} {third}" for pair, third in zip(pairs, row[2:], strict=False)]
    apart = [f"{first} * {third}" for first, third in zip(row, row[2:], strict=False)]
    return [*row, *pairs, *triples, *apart]


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
    for place, word in enumerate(sentence.words):
        if not word.is_mark:
            first = place if first is None else first
        elif first is not None:
            found.append((first, place - 1))
            first = None
    if first is not None:
        found.append((first, len(sentence.words) - 1))
    return found


@lru_cache(maxsize=1)
def scorer(table: Path = TABLE) -> Scorer:
    """The table, read once. Lines: feature, weight, then category=weight, parted by tabs."""
    made = Scorer()
    for line in table.read_text(encoding="utf-8").splitlines():
        feature, weight, *more = line.split("\t")
        made.weights[feature] = int(weight)
        if more:
            pairs = (pair.split("=") for pair in more)
            made.categories[feature] = [(category, int(amount)) for category, amount in pairs]
    return made
