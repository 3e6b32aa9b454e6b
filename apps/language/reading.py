"""A draft read once: its sentences, what matches in them, and the signs that they give."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from .drafts import CLAUSE_WORDS, MARKS, Sentence, read
from .findings import Context
from .loading import language
from .rules import Language
from .vocabulary import Vocabulary

NEGATING = frozenset(
    ("not", "never", "no", "nobody", "without", "nor", "neither", "rather", "instead", "hardly")
)
JOINING = frozenset(("and", "but", "so", "because", "or"))
SUBJECTS = frozenset(
    ("i", "we", "you", "he", "she", "it", "they", "there", "this", "that", "my", "our", "your", "the")
)
# What opens a clause that leans on another one
LEANING = frozenset(
    {"if", "when", "whether", "unless", "although", "though", "while", "because", "since", "after", "before"}
    | {"once", "until", "as", "which", "who", "whose", "where", "what", "how", "due", "owing"}
    | {"despite", "given", "with", "than", "per"}
)
LEANING_ON = LEANING | {"that"}  # after a clause; at its start "that" may be what is spoken of
STANDING_BEFORE = frozenset((".", "!", "?", ",", ";", ":", "-", "(", ")", "/", "and", "but", "so", "or"))
TURNING = frozenset(("but", "so", "however"))
WRITER_AGAIN = frozenset(
    ("told", "advised", "explained", "said", "informed", "i", "we", "our", "please", "asked")
)
GREETINGS, GREETING_WORDS = frozenset(("dear", "hi", "hello", "hey", "good", "thanks", "thank")), 6
NEGATED_WITHIN = 3  # words
ANYWHERE = Context()


@dataclass
class Match:
    """Words `first` to `last` of a sentence. `captured`: the words that a pattern named."""

    sentence: Sentence
    first: int
    last: int
    pattern: int = 0
    captured: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def start(self) -> int:
        return self.sentence.starts[self.first]

    @property
    def end(self) -> int:
        return self.sentence.ends[self.last]

    def overlaps(self, other: "Match") -> bool:
        return self.sentence is other.sentence and self.first <= other.last and other.first <= self.last

    def reach(self, reach: str) -> tuple[int, int]:
        """The first and the last word of the match, of its clause, or of its sentence."""
        plain, first, last = self.sentence.plain, self.first, self.last
        if reach == "sentence":
            first, last = min(_after_greeting(plain), first), len(plain) - 1
        elif reach == "clause":
            while first > 0 and first not in self.sentence.opening and plain[first - 1] not in MARKS:
                first -= 1
            while last < len(plain) - 1 and not self._ends_clause(last):
                last += 1
        while first < last and plain[first] in MARKS:
            first += 1
        while last > first and plain[last] in MARKS:
            last -= 1
        return first, last

    def stands_alone(self, first: int, last: int) -> bool:
        """Are these words a main clause, so that another may take their place? Not after "if" or "which", not
        in a question, and not where what follows leans on them."""
        plain = self.sentence.plain
        if self.sentence.ends_with_question or plain[first] in LEANING:
            return False
        before = plain[first - 1] if first else "."
        if before not in STANDING_BEFORE and first not in self.sentence.capitals:
            return False
        return LEANING_ON.isdisjoint(plain[last + 1 : last + 3])

    def span(self, reach: str) -> tuple[int, int]:
        """Where that stands in the draft; of a clause that does not stand alone, the whole sentence."""
        first, last = self.reach(reach)
        if reach == "clause" and not self.stands_alone(first, last):
            first, last = self.reach("sentence")
        return self.sentence.starts[first], self.sentence.ends[last]

    def _ends_clause(self, place: int) -> bool:
        after, *second = self.sentence.plain[place + 1 : place + 3]
        return after in MARKS or (after in JOINING and not SUBJECTS.isdisjoint(second))

    @property
    def is_quoted(self) -> bool:
        return self.first in self.sentence.quoted or self.last in self.sentence.quoted

    @property
    def is_negated(self) -> bool:
        """Does "not", "never" or "no" stand right before it in the same clause?"""
        for word in reversed(self.sentence.plain[max(self.first - NEGATED_WITHIN, 0) : self.first]):
            if word in MARKS or word in CLAUSE_WORDS:
                return False
            if word in NEGATING:
                return True
        return False


@dataclass
class Reading:
    """A draft and what was found in it so far."""

    text: str
    sentences: list[Sentence]
    language: Language
    customer_says: dict[int, tuple[int, int]] = field(default_factory=dict)  # sentence -> words [from, to)
    _signs: dict[tuple[str, int], list[Match]] = field(default_factory=dict)
    _first: dict[str, int | None] = field(default_factory=dict)

    def matches_in(self, sentence: Sentence, patterns: frozenset[int]) -> list[Match]:
        woken = sentence.triggers & patterns
        if not woken:
            return []
        found: list[Match] = []
        for number in sorted(woken):
            regex = self.language.patterns[number].regex
            found += [_match(sentence, match, number) for match in regex.finditer(sentence.text)]
        if len(found) > 1:
            found.sort(key=lambda match: (match.first, -match.last))
        return found

    def classes_in(self, sentence: Sentence) -> list[str]:
        """The classes of its words, each as "class <name>"."""
        return [self.language.vocabulary.class_of[mark] for mark in sentence.marks]

    def sign(self, name: str, index: int) -> list[Match]:
        """Where the sentence gives this sign."""
        if not 0 <= index < len(self.sentences) or name not in self.sentences[index].signs:
            return []
        known = self._signs.get((name, index))
        if known is None:
            known = self._signs[name, index] = self._find_sign(name, self.sentences[index])
        return known

    def _find_sign(self, name: str, sentence: Sentence) -> list[Match]:
        patterns, exceptions = self.language.signs[name]
        found = [match for match in self.matches_in(sentence, patterns) if not match.is_quoted]
        if found and exceptions:
            barred = self.matches_in(sentence, exceptions)
            found = [match for match in found if not any(match.overlaps(other) for other in barred)]
        return found

    def has(self, name: str, index: int) -> bool:
        return bool(self.sign(name, index))

    def has_before(self, name: str, match: Match) -> bool:
        """In an earlier sentence, or earlier in the same."""
        index = match.sentence.index
        if any(other.first < match.first for other in self.sign(name, index)):
            return True
        first = self.first_with(name)
        return first is not None and first < index

    def has_anywhere(self, name: str) -> bool:
        return self.first_with(name) is not None

    def first_with(self, name: str) -> int | None:
        """The index of the first sentence that gives this sign."""
        if name not in self._first:
            giving = (sentence.index for sentence in self.sentences if name in sentence.signs)
            self._first[name] = next((place for place in giving if self.has(name, place)), None)
        return self._first[name]


def _after_greeting(plain: list[str]) -> int:
    """Where the sentence begins after "Dear Ann,"."""
    if plain[0] in GREETINGS and "," in plain[:GREETING_WORDS]:
        return plain.index(",") + 1
    return 0


def _match(sentence: Sentence, found: re.Match[str], pattern: int) -> Match:
    captured = {
        name: (sentence.word_at(found.start(name)), sentence.word_at(found.end(name) - 1))
        for name, value in found.groupdict().items()
        if value
    }
    first, last = sentence.word_at(found.start()), sentence.word_at(found.end() - 1)
    return Match(sentence, first, last, pattern, captured)


def read_draft(
    text: str, *, context: Context = ANYWHERE, folders: tuple[Path, ...] = (), letters: bool = False
) -> Reading:
    """Read `text` once, knowing the names that the context gives. letters: also for what an apology shows."""
    known = language(*folders, letters=letters)
    vocabulary = known.vocabulary
    if context.colleagues or context.carriers or context.departments:
        vocabulary = _named(folders, context.colleagues, context.carriers, context.departments)
    sentences = read(text, spelling=known.spelling)
    for sentence in sentences:
        sentence.triggers = known.waking.woken(vocabulary.write_down(sentence))
        sentence.signs = {name for number in sentence.triggers for name in known.signs_of.get(number, ())}
    reading = Reading(text, sentences, known)
    for sentence in sentences:
        said = reading.sign("customer_says", sentence.index)
        if said:
            reading.customer_says[sentence.index] = _their_words(sentence, said[0].last + 1)
    return reading


def _their_words(sentence: Sentence, first: int) -> tuple[int, int]:
    """Up to where the writer speaks again: "You said it was late, but ..."."""
    plain = sentence.plain
    for place in range(first + 1, len(plain)):
        word, before = plain[place], plain[place - 1]
        if word in TURNING or word == ";" or (before in MARKS and word in WRITER_AGAIN):
            return first, place
    return first, len(plain)


@lru_cache(maxsize=16)
def _named(
    folders: tuple[Path, ...],
    colleagues: frozenset[str],
    carriers: frozenset[str],
    departments: frozenset[str],
) -> Vocabulary:
    names = {"colleague_name": colleagues, "third_party": carriers, "department": departments}
    return language(*folders).vocabulary.with_names(names)
