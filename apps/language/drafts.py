"""A draft as the rules read it: words in their plain form, in sentences, with what is quoted marked.

"I'm" is read as "i am", "dont" as "do not", a curly apostrophe as a straight one, "£39.99" as a sum
of money. Every word keeps the place (code points) that it has in the draft. Reading is one pass: its
time grows with the length of the draft and with nothing else.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from .plain_words import APOSTROPHES, plain_words

LONGEST_WRITTEN = 400  # the rest of it is not looked at
LONGEST_SENTENCE = 90  # words; more without a full stop is cut, so that hostile text stays cheap

# Accents, rings and the like, and what joins or is not seen: part of the letter before it
RIDES_ON = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
LINKED = r"(?:https?://|www\.)\S+|[\w.+-]{1,64}+@[\w-]{1,255}+\.[\w.]+"
WRITTEN = rf"[^\W_](?:[\w{RIDES_ON}]++|[{APOSTROPHES}](?=[^\W\d_]))*+"  # one word
PIECES = re.compile(
    rf"(?P<link>{LINKED}|@\w+)"
    rf"|(?P<and>&(?:amp;)?)"
    rf"|(?P<smile>[:;]-?[)(DPp](?!\w)|<3|[\U0001f300-\U0001faff\u2600-\u27bf][{RIDES_ON}]*)"
    rf"|(?P<number>(?:[£$€¥]\s?\d(?:[\d.,]*\d)?|\d[\d.,:]*\d%?|\d%?)(?![^\W\d_])[{RIDES_ON}]*)"
    rf"|(?P<words>{WRITTEN}(?: (?!{LINKED}|\d){WRITTEN})*+)"
    rf"|(?P<end>[.!?\u2026]+)"
    rf"|(?P<line>\n\s*)"
    rf"|(?P<quote>[\"\u201c\u201d\u00ab\u00bb\u201e]|(?<![\w{APOSTROPHES}])['\u2018](?=\w)|(?<=[\w.,!?])['\u2019](?!\w))"
    rf"|(?P<mark>[,;:()\[\]/]|\s-+\s|[\u2013\u2014]|--)"
)
TITLES = {"mr", "mrs", "ms", "dr", "st", "prof", "vs", "approx", "e.g", "i.e", "ref"}
NUMBERED = {"no", "nos"}  # where a number follows
CLAUSE_WORDS = {"and", "but", "so", "or", "because", "however", "then", "that", "which", "though", "although"}
OPENS, CLOSES = "\u201c\u00ab\u2018\u201e", "\u201d\u00bb\u2019\u201c"
LONGEST_QUOTATION = 600
BULLETS = "-*\u2022"
MONEY, PERCENT, NUMBER, LINK = "£", "%", "#", "~"
PLAIN_KINDS = {"and": "and", "link": LINK}
MARK_NAMES = {"[": "(", "]": ")"}
MARKS = frozenset(',;:().!?-"/')
ENDS = frozenset(".!?")


@dataclass(slots=True)
class Word:
    """One word or mark. `plain` is its plain form; start and end are those of the whole word as written."""

    plain: str
    start: int
    end: int
    quoted: bool = False
    capital: bool = False
    is_mark: bool = False


@dataclass(slots=True)
class Sentence:
    """Words of one sentence with the marks between them and at its end, side by side by their places."""

    plain: list[str] = field(default_factory=list)  # each in its plain form
    starts: list[int] = field(default_factory=list)  # of the whole word as it is written in the draft
    ends: list[int] = field(default_factory=list)
    opening: list[int] = field(default_factory=list)  # places of the words that open a clause
    capitals: list[int] = field(default_factory=list)  # places of the words with a capital
    quoted: set[int] = field(default_factory=set)  # places in quotations, and of their marks
    index: int = 0
    text: str = ""  # what the patterns are matched on: filled in by the vocabulary
    places: list[int] = field(default_factory=list)  # where in `text` each word begins
    marks: Set[str] = frozenset()  # of the classes of its words
    triggers: Set[int] = frozenset()  # the patterns that may match it
    signs: Set[str] = frozenset()  # that it may give
    _words: list[Word] | None = None

    @property
    def words(self) -> list[Word]:
        """The same word by word: made when asked for, as few sentences are looked at closely."""
        if self._words is None:
            self._words = [
                Word(
                    plain,
                    self.starts[place],
                    self.ends[place],
                    place in self.quoted,
                    place in self.capitals,
                    plain in MARKS,
                )
                for place, plain in enumerate(self.plain)
            ]
        return self._words

    @property
    def start(self) -> int:
        return self.starts[0]

    @property
    def end(self) -> int:
        """Without the mark that ends it."""
        last = len(self.plain) - 1
        while last > 0 and self.plain[last] in MARKS:
            last -= 1
        return self.ends[last]

    @property
    def first_word(self) -> int:
        return next(place for place, plain in enumerate(self.plain) if plain not in MARKS)

    @property
    def is_marks_only(self) -> bool:
        return MARKS.issuperset(self.plain)

    def append(self, other: "Sentence") -> None:
        """Marks that follow."""
        self.quoted.update(len(self.plain) + place for place in other.quoted)
        self.plain += other.plain
        self.starts += other.starts
        self.ends += other.ends

    @property
    def ends_with_question(self) -> bool:
        return self.plain[-1] == "?"

    def word_at(self, place: int) -> int:
        """The index of the word that holds this place of `text`."""
        return bisect_right(self.places, place) - 1


def read(text: str, *, spelling: Mapping[str, str] | None = None) -> list[Sentence]:
    """The sentences of `text`. `spelling` gives the word that is meant for one misspelt."""
    return _Scanner(text, spelling or {}).scanned()


class _Scanner:
    """Goes through a draft once, from left to right."""

    def __init__(self, text: str, spelling: Mapping[str, str]) -> None:
        self.text = text
        self.spelling = spelling
        self.misspelt = spelling.keys()
        self.sentences: list[Sentence] = []
        self.sentence = Sentence()  # that we are in
        self.opens = True  # the next word opens a clause
        self.quoting = ""  # the mark that closes the quotation that we are in
        self.last = ""

    def scanned(self) -> list[Sentence]:
        """The sentences of the draft."""
        for found in PIECES.finditer(self.text):
            kind = found.lastgroup or ""
            if kind == "words":
                self._add_words(found)
            elif self._add_piece(kind, found) or len(self.sentence.plain) >= LONGEST_SENTENCE:
                self._end_sentence()
        self._end_sentence()
        return self.sentences

    def _end_sentence(self) -> None:
        """A sentence of marks only goes to the one before."""
        if not self.sentence.is_marks_only:
            self.sentence.index = len(self.sentences)
            self.sentences.append(self.sentence)
        elif self.sentences:
            self.sentences[-1].append(self.sentence)
        self.sentence = Sentence()

    def _add_words(self, found: re.Match[str]) -> None:
        """Words with a space between them, which is how most are written."""
        start = found.start()
        for written in found[0].split(" "):
            end = start + len(written)
            words = plain_words(written[:LONGEST_WRITTEN])
            if not self.misspelt.isdisjoint(words):
                words = tuple(meant for word in words for meant in self.spelling.get(word, word).split())
            if written[0].isupper():
                place = len(self.sentence.plain)
                self.sentence.capitals += range(place, place + len(words))
            self._add(words, start, end)
            self.opens = self.last in CLAUSE_WORDS
            if len(self.sentence.plain) >= LONGEST_SENTENCE:
                self._end_sentence()
            start = end + 1

    def _add_piece(self, kind: str, found: re.Match[str]) -> bool:
        """Does the sentence end with it?"""
        if kind == "end":
            return self._add_end(found)
        if kind == "line":
            return self._ends_line(found)
        if kind in PLAIN_KINDS:
            self._add((PLAIN_KINDS[kind],), *found.span())
        elif kind == "number":
            self._add((_number(found[0]),), *found.span())
        elif kind == "quote":
            self._add_quote(found)
        elif kind == "smile":
            self.opens = True
            return True
        else:
            mark = found[0].strip()
            self._add_mark(MARK_NAMES.get(mark, mark if mark in MARKS else "-"), found)
        return False

    def _add(self, words: tuple[str, ...], start: int, end: int) -> None:
        """Written as one, these may be several words."""
        sentence, place, size = self.sentence, len(self.sentence.plain), len(words)
        if self.opens:
            sentence.opening.append(place)
        if self.quoting:
            sentence.quoted.update(range(place, place + size))
        sentence.plain += words
        sentence.starts += (start,) * size
        sentence.ends += (end,) * size
        self.opens, self.last = False, words[-1]

    def _add_mark(self, mark: str, found: re.Match[str]) -> None:
        self.opens = False  # no mark does
        self._add((mark,), *found.span())
        self.opens = True

    def _add_quote(self, found: re.Match[str]) -> None:
        before = self.last
        self.quoting = self._quotation(found.start(), found[0])
        self.sentence.quoted.add(len(self.sentence.plain))
        self._add_mark('"', found)
        self.last = before  # what stands before a quotation mark tells whether a line ends

    def _add_end(self, found: re.Match[str]) -> bool:
        written, after = found[0], self.text[found.end() : found.end() + 2]
        if written == "." and (self.last in TITLES or after[:1].islower()):
            return False
        if written == "." and self.last in NUMBERED and after.strip()[:1].isdigit():
            return False
        mark = "?" if "?" in written else "!" if "!" in written else "."
        if mark == "." and len(written) > 1 and after.strip()[:1].islower():
            mark = ","  # "i'll see it here.. yes"
        self._add_mark(mark, found)
        return mark in ENDS

    def _ends_line(self, found: re.Match[str]) -> bool:
        is_blank = found[0].count("\n") > 1
        after = self.text[found.end() : found.end() + 1]
        if is_blank:
            self.quoting = ""
        if is_blank or self.last in MARKS or after.isupper() or after in BULLETS:
            self.opens = True
            return True
        return False

    def _quotation(self, start: int, mark: str) -> str:
        """The mark that will close the quotation in which we are after `mark`, "" outside of one."""
        if self.quoting:
            closes = mark == self.quoting or {mark, self.quoting} <= set('\u201d"')
            return "" if closes else self.quoting
        if mark in OPENS:
            closing = CLOSES[OPENS.index(mark)]
        elif mark in ('"', "'"):
            closing = mark
        else:
            return ""
        ahead = self.text[start + 1 : start + LONGEST_QUOTATION]
        if closing in ahead:
            return closing
        others = {"'": "\u2019", "\u201c": "\u201d"}  # an opening of one kind, a close of another
        other = others.get(closing, "")
        return other if other and other in ahead else ""  # one that is never closed quotes nothing


def _number(written: str) -> str:
    if written[0] in "£$€¥":
        return MONEY
    return PERCENT if written[-1] == "%" else NUMBER
