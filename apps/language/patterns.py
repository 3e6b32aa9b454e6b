"""The language in which rules are written, and how it is matched.

A pattern is a row of elements, each of which one or more words must fill:

    trying          the word; what fills up speech ("really", "just") may stand before any element
    apolog*         words that begin so
    sorry|@regret   one of these: a word, or a word or phrase of a class
    ( our fault / on us )   one of several rows; [ so / very ] the same, and it may be left out
    ..              up to three words, ... up to eight, both within a clause; ~~ up to twelve, in any
    !not            the next word is none of these
    ^  $            a clause begins, ends here; ^^ and $$: a sentence
    , ? "           the mark itself
    _               one word, whatever it is
    verb=@help      captured, for use in a rewrite

"would" stands for "'d" as well, "is" and "has" for "'s".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from .vocabulary import ENDS_WORD, FILLS, OPENS_CLAUSE, OPENS_SENTENCE, Vocabulary

ALIASES = {"would": ("would", "'d"), "had": ("had", "'d"), "is": ("is", "'s"), "has": ("has", "'s")}
REST = "[^ ]*+"  # of a word; possessive, so that whatever follows it looks at a whole word
FILLERS = f"(?: [^ {ENDS_WORD}]*{ENDS_WORD}{FILLS}{REST}){{0,2}}?"
ANCHORS = {
    "^": f"(?= [^ ]*[{OPENS_CLAUSE}{OPENS_SENTENCE}])",
    "^^": f"(?= [^ ]*{OPENS_SENTENCE})",
    "$": r"(?= [,;:().!?\-\"/]|$)",
    "$$": r"(?= [.!?\"]|$)",
}
PUNCTUATION = {mark: " " + re.escape(mark) for mark in ',;:().!?-"/'}
ATOMS = re.compile(r"(?<!\S)\(|([\[\]])|(?<=\S)\)")
WORD = re.compile(r"[a-z0-9'#£%~]+\*?|@[a-z_]+(?:\.[a-z]+)?")
WORDS = re.compile(rf"(?:{WORD.pattern})(?:\|(?:{WORD.pattern}))*")
ANY_WORD, NO_MARK, NO_END = "_", r" [^ ,;:().!?\-\"/]", " [^ .!?]"
COMMON_COST, PREFIX_COST = 400, 30
MOST_NEEDS = 4


class PatternError(ValueError):
    """A pattern that cannot be read. The message says which part, and what would be right."""


@dataclass
class Pattern:
    """One compiled pattern. What matches holds a word or mark of each of `needs`; "apolog*" among them is
    any word that begins so."""

    source: str
    expression: str
    needs: tuple[frozenset[str], ...]

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.expression)


@dataclass(frozen=True)
class _Need:
    """Words of which one must be there. The rarer they are, the lower the cost."""

    words: frozenset[str]
    cost: int


@dataclass(frozen=True)
class _Part:
    expression: str
    needs: tuple[_Need, ...] = ()  # none: it can be left out
    is_words: bool = False


def _needs_of_row(parts: Iterable[_Part]) -> tuple[_Need, ...]:
    """The rarest of what its parts need."""
    return tuple(sorted((n for part in parts for n in part.needs), key=lambda need: need.cost)[:MOST_NEEDS])


def _needs_of_choice(rows: Sequence[tuple[_Need, ...]]) -> tuple[_Need, ...]:
    """One need of each row at a time, the rarest first; a row that has no more gives its last again."""
    if not all(rows):
        return ()
    return tuple(
        _together([needs[min(place, len(needs) - 1)] for needs in rows])
        for place in range(max(len(needs) for needs in rows))
    )


def _together(needs: Sequence[_Need]) -> _Need:
    return _Need(frozenset[str]().union(*(need.words for need in needs)), sum(need.cost for need in needs))


def _gap(most: int, word: str) -> _Part:
    """Up to `most` words, and no more than it takes."""
    return _Part(f"(?:{word}{REST}){{0,{most}}}?")


ALONE = {
    "..": _gap(3, NO_MARK),
    "...": _gap(8, NO_MARK),
    "~~": _gap(12, NO_END),
    ANY_WORD: _Part(NO_MARK + REST, is_words=True),
    **{anchor: _Part(expression) for anchor, expression in ANCHORS.items()},
    **{mark: _Part(expression) for mark, expression in PUNCTUATION.items()},
}


class PatternReader:
    """Reads patterns from left to right."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.source = ""
        self.captures: set[str] = set()
        self.atoms: list[str] = []
        self.known: dict[str, _Part] = {}  # words and alternatives that were read before

    def read(self, source: str) -> Pattern:
        """The pattern that `source` says. Raises PatternError."""
        self.source = source
        self.captures = set()
        self.atoms = ATOMS.sub(r" \g<0> ", source).split()[::-1]
        parts = self.row(until=())
        needs = _needs_of_row(parts)
        if not needs:
            raise PatternError(f"{source!r} holds no word that must be there")
        return Pattern(source, self.joined(parts), tuple(need.words for need in needs))

    def row(self, until: tuple[str, ...]) -> list[_Part]:
        """The parts up to one of `until`, which stays."""
        parts: list[_Part] = []
        while self.atoms and self.atoms[-1] not in until:
            atom = self.atoms.pop()
            if atom == "[":
                inner = self._choice("[")
                parts.append(_Part(f"(?:{inner.expression}{FILLERS})?", is_words=True))
            elif atom == "(":
                parts.append(self._choice("("))
            elif atom in ("]", ")", "/"):
                raise PatternError(f"{atom!r} closes nothing in {self.source!r}")
            else:
                parts.append(self._atom(atom))
        return parts

    def joined(self, parts: list[_Part]) -> str:
        """With room for fillers before every word but the first."""
        pieces = []
        for place, part in enumerate(parts):
            if place and part.is_words and parts[place - 1].is_words:
                pieces.append(FILLERS)
            pieces.append(part.expression)
        return "".join(pieces)

    def _close(self, opened: str) -> str:
        if not self.atoms:
            raise PatternError(f"a {opened} is not closed in {self.source!r}")
        return self.atoms.pop()

    def _choice(self, opened: str) -> _Part:
        closing = {"(": ")", "[": "]"}[opened]
        rows = []
        words = []  # rows of one word each are one element
        last = "/"
        while last == "/":
            if len(self.atoms) > 1 and self.atoms[-2] in ("/", closing) and WORDS.fullmatch(self.atoms[-1]):
                words.append(self.atoms.pop())
            else:
                rows.append(self.row(until=("/", closing)))
            last = self._close(opened)
        if words:
            rows.append([self._words("|".join(words))])
        expression = _any_of(self.joined(row) for row in rows)
        return _Part(expression, _needs_of_choice([_needs_of_row(row) for row in rows]), is_words=True)

    def _atom(self, atom: str) -> _Part:
        if atom in ALONE:
            return ALONE[atom]
        if atom.startswith("!") and len(atom) > 1:
            return _Part(f"(?!{self._words(atom[1:]).expression})")
        name, equals, words = atom.partition("=")
        if not equals:
            return self._words(atom)
        if not name.isidentifier() or name in self.captures:
            raise PatternError(f"{name!r} cannot name a part, or names two, in {self.source!r}")
        self.captures.add(name)
        part = self._atom(words)
        return _Part(f"(?P<{name}>{part.expression})", part.needs, is_words=True)

    def _words(self, atom: str) -> _Part:
        if atom not in self.known:
            self.known[atom] = self._read_words(atom)
        return self.known[atom]

    def _read_words(self, atom: str) -> _Part:
        literals: list[str] = []
        classes: list[str] = []
        marks: list[str] = []
        needed: set[str] = set()
        cost = 0
        for word in atom.split("|"):
            if word in ANCHORS or word in PUNCTUATION:
                marks.append(ANCHORS.get(word) or PUNCTUATION[word])
                continue
            if not WORD.fullmatch(word):
                raise PatternError(f"{word!r} is not a word, a class or a mark in {self.source!r}")
            if word.startswith("@"):
                name = word[1:]
                if name not in self.vocabulary.marks:
                    raise PatternError(f"there is no class {word} ({self.source!r})")
                classes.append(name)
                needed.add(self.vocabulary.marks[name])
                cost += self._cost_of_class(name)
            elif word.endswith("*"):
                literals.append(re.escape(word[:-1]) + f"[^ {ENDS_WORD}]*")
                needed.add(word)
                cost += PREFIX_COST
            else:
                for each in ALIASES.get(word, (word,)):
                    literals.append(re.escape(each))
                    needed.add(each)
                    cost += COMMON_COST if each in self.vocabulary.common_words else 1
        expression = _any_of([*self._one_word(literals, classes), *marks])
        needs = () if marks else (_Need(frozenset(needed), cost),)
        return _Part(expression, needs, is_words=True)

    def _cost_of_class(self, name: str) -> int:
        if name in self.vocabulary.common:
            return COMMON_COST
        return 5 + self.vocabulary.members[name] // 4

    def _one_word(self, literals: list[str], classes: list[str]) -> list[str]:
        choices = []
        if literals:
            choices.append(f" {_any_of(literals)}{ENDS_WORD}{REST}")
        if classes:
            marks = "".join(self.vocabulary.marks[name] for name in classes)
            inner = "".join(self.vocabulary.inner[name] for name in classes)
            choices.append(f" [^ ]*[{marks}]{REST}(?: [^ ]*[{inner}]{REST})*+")
        return choices


def _any_of(choices: Iterable[str]) -> str:
    choices = list(choices)
    return choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"
