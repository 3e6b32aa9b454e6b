"""Word classes: which words are a carrier, a failing verb, a promise. They are data, in `words/*.toml`.

A class lists `words` (of one or more words), `verbs` (their forms are made: "bungle" gives bungles,
bungled, bungling; an irregular one names its past and participle, "lose lost lost") and what it
`includes` of other classes. A class of verbs has parts: `@fail.base`, `@fail.past`, `@fail.ing`.

A sentence is written down as one text in which each word carries the marks of its classes, so that a
rule asks for a class as cheaply as for a word.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from .drafts import LINK, MONEY, NUMBER, PERCENT, Sentence, Word, plain_words

FIRST_MARK = 0xE000  # private letters of Unicode: no draft's word holds them once it has been read
ENDS_WORD, OPENS_CLAUSE, OPENS_SENTENCE, FILLS = "\x01", "\x02", "\x03", "\x04"
FILLER = "filler"  # the class of words that may stand between any two of a pattern
BUILT_IN = {MONEY: "money", PERCENT: "percent", NUMBER: "number", LINK: "link"}
NAME = "name"  # a word with a capital that no sentence gave it
PARTS = ("base", "past", "ing", "s")
VOWELS = "aeiou"


def forms(verb: str) -> dict[str, set[str]]:
    """The forms of a verb by part. "lose lost lost" names past and participle; "botch" is regular."""
    base, *irregular = verb.split()
    ending = base[-1]
    doubled = (
        len(base) > 2
        and ending not in VOWELS + "wxy"
        and base[-2] in VOWELS
        and base[-3] not in VOWELS
        and (sum(letter in VOWELS for letter in base) == 1 or base in DOUBLING)
    )
    if ending == "y" and base[-2] not in VOWELS:
        third, past, ing = base[:-1] + "ies", base[:-1] + "ied", base + "ing"
    elif ending == "e":
        third, past = base + "s", base + "d"
        ing = (base if base.endswith(("ee", "oe", "ye")) else base[:-1]) + "ing"
    else:
        third = base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
        stem = base + ending if doubled else base
        past, ing = stem + "ed", stem + "ing"
    return {"base": {base}, "past": set(irregular) or {past}, "ing": {ing}, "s": {third}}


DOUBLING = {"refer", "admit", "commit", "forget", "omit", "permit", "transfer", "prefer", "cancel", "label"}


@dataclass
class Vocabulary:
    """The classes of all words. `marks[class]` is the letter a word of that class carries."""

    marks: dict[str, str] = field(default_factory=dict)
    class_of: dict[str, str] = field(default_factory=dict)  # mark -> class
    inner: dict[str, str] = field(default_factory=dict)  # for the second and later words of a phrase
    words: dict[str, str] = field(default_factory=dict)  # word -> the marks of its classes
    phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)  # how many words a class has
    common_words: frozenset[str] = frozenset()  # of nearly every sentence
    no_names: frozenset[str] = frozenset()  # what may begin a sentence and is nobody's name
    common: set[str] = field(default_factory=set)  # classes that hold a common word

    @classmethod
    def of(
        cls,
        classes: Mapping[str, Mapping[str, list[str]]],
        *,
        common: Iterable[str] = (),
        no_names: Iterable[str] = (),
    ) -> "Vocabulary":
        """From {class: {"words": [...], "verbs": [...], "includes": [...]}}, checked before."""
        made = cls(common_words=frozenset(common), no_names=frozenset(no_names))
        for name in (*BUILT_IN.values(), NAME):
            made._add(name, ())
        for symbol, name in BUILT_IN.items():
            made._mark(symbol, name)
        for name, entry in classes.items():
            made._add(name, _entries(name, classes))
            if entry.get("verbs") or any(classes[other].get("verbs") for other in entry.get("includes", ())):
                for part in PARTS:
                    made._add(f"{name}.{part}", _verbs(name, classes, part))
        return made

    def _add(self, name: str, entries: Iterable[str]) -> None:
        place = FIRST_MARK + 2 * len(self.marks)
        self.marks[name], self.inner[name] = chr(place), chr(place + 1)
        self.class_of[chr(place)] = name
        self.members[name] = 0
        for entry in entries:
            self._mark(entry, name)

    def _mark(self, entry: str, name: str) -> None:
        self.members[name] += 1
        if entry in self.common_words:
            self.common.add(name)
        parts = tuple(part for word in entry.replace("-", " ").split() for part in plain_words(word))
        if len(parts) == 1:
            self.words[parts[0]] = self.words.get(parts[0], "") + self.marks[name]
        else:
            self.phrases.setdefault((parts[0], parts[1]), []).append((parts, name))

    def with_names(self, names: Mapping[str, Iterable[str]]) -> "Vocabulary":
        """Also knowing `names` by class: {"colleague": ["Chris"], "carrier": ["Swiftpost"]}."""
        made = Vocabulary(
            self.marks,
            self.class_of,
            self.inner,
            dict(self.words),
            {word: list(phrases) for word, phrases in self.phrases.items()},
            dict(self.members),
            self.common_words,
            self.no_names,
            self.common,
        )
        for name, entries in names.items():
            for entry in entries:
                if entry.strip():
                    made._mark(entry, name)
        return made

    def write_down(self, sentence: Sentence) -> set[str]:
        """Fill in the sentence's text and places; the words and marks that it holds."""
        words = sentence.words
        plain = [word.plain for word in words]
        marks = [self.words.get(word, "") for word in plain]
        for place, pair in enumerate(pairwise(plain)):
            for parts, name in self.phrases.get(pair, ()):
                if len(parts) == 2 or tuple(plain[place : place + len(parts)]) == parts:
                    marks[place] += self.marks[name]
                    for step in range(1, len(parts)):
                        marks[place + step] += self.inner[name]
        for place in self._names(words):
            marks[place] += self.marks[NAME]
        fillers = [known[FILLER] for known in (self.marks, self.inner) if FILLER in known]
        pieces, places, length, first = [], [], 0, True
        for word, mark in zip(words, marks, strict=True):
            if word.is_mark:
                piece = f" {word.plain}"
            else:
                opening = OPENS_SENTENCE if first else OPENS_CLAUSE if word.opens_clause else ""
                first = False
                fills = FILLS if any(filler in mark for filler in fillers) else ""
                piece = f" {fills}{word.plain}{ENDS_WORD}{opening}{mark}"
            places.append(length)
            length += len(piece)
            pieces.append(piece)
        sentence.text, sentence.places = "".join(pieces), places
        sentence.marks = set().union(*marks)
        return sentence.marks.union(plain)

    def _names(self, words: list[Word]) -> Iterator[int]:
        first = True
        for place, word in enumerate(words):
            if word.is_mark:
                continue
            is_known = (
                word.plain in self.common_words or word.plain in self.words or word.plain in self.no_names
            )
            if word.capital and not is_known and (not first or len(word.plain) > 2):
                yield place
            first = False


def _entries(name: str, classes: Mapping[str, Mapping[str, list[str]]]) -> set[str]:
    entry = classes[name]
    found = set(entry.get("words", ()))
    for part in PARTS:
        found |= _verbs(name, classes, part)
    for other in entry.get("includes", ()):
        found |= _entries(other, classes)
    return found


def _verbs(name: str, classes: Mapping[str, Mapping[str, list[str]]], part: str) -> set[str]:
    entry = classes[name]
    found = {form for verb in entry.get("verbs", ()) for form in _forms_of_phrase(verb)[part]}
    for other in entry.get("includes", ()):
        found |= _verbs(other, classes, part)
    return found


def _forms_of_phrase(verb: str) -> dict[str, set[str]]:
    """Of "mess + up" too: the first word is the verb, what follows " + " stays."""
    head, _, rest = verb.partition(" + ")
    return {part: {f"{form} {rest}".strip() for form in made} for part, made in forms(head).items()}
