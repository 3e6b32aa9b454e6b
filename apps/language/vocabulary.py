"""Word classes: which words are a carrier, a failing verb, a promise. They are data, in `words/*.toml`.

A class lists `words` (of one or more words), `verbs` (their forms are made: "bungle" gives bungles,
bungled, bungling; an irregular one names its past and participle, "lose lost lost") and what it
`includes` of other classes. A class of verbs has parts: `@fail.base`, `@fail.past`, `@fail.ing`.

A sentence is written down as one text in which each word carries the marks of its classes, so that a
rule asks for a class as cheaply as for a word.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate

from .drafts import LINK, MARKS, MONEY, NUMBER, PERCENT, Sentence
from .plain_words import plain_words
from .remembering import Remembered

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
    class_of: dict[str, str] = field(default_factory=dict)  # mark -> "class <name>"
    inner: dict[str, str] = field(default_factory=dict)  # for the second and later words of a phrase
    words: dict[str, str] = field(default_factory=dict)  # word -> the marks of its classes
    phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)  # word -> marks, where it has a capital
    begin_phrases: set[str] = field(default_factory=set)  # the first words of phrases
    members: dict[str, int] = field(default_factory=dict)  # how many words a class has
    common_words: frozenset[str] = frozenset()  # of nearly every sentence
    no_names: frozenset[str] = frozenset()  # what may begin a sentence and is nobody's name
    common: set[str] = field(default_factory=set)  # classes that hold a common word

    def __post_init__(self) -> None:
        self.written = Remembered(self._written)  # how a word is written down by itself

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
        self.class_of[chr(place)] = f"class {name}"
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
            self.begin_phrases.add(parts[0])

    def with_names(self, names: Mapping[str, Iterable[str]]) -> "Vocabulary":
        """Also knowing `names` by class: {"colleague_name": ["Chris"], "third_party": ["Swiftpost"]}. They
        count where they are written with a capital: Will is a colleague, will is not."""
        made = replace(
            self,
            phrases={pair: list(entries) for pair, entries in self.phrases.items()},
            members=dict(self.members),
            names={},
            begin_phrases=set(self.begin_phrases),
        )
        for name, entries in names.items():
            for entry in entries:
                parts = [part for word in entry.replace("-", " ").split() for part in plain_words(word)]
                if len(parts) == 1:
                    made.names[parts[0]] = made.names.get(parts[0], "") + made.marks[name]
                elif parts:
                    made._mark(entry, name)
        return made

    def write_down(self, sentence: Sentence) -> list[str]:
        """Fill in the sentence's text, places and marks; its words as they are written in the text."""
        plain = sentence.plain
        written = [self.written[word] for word in plain]
        for place, marks in self._further_marks(sentence).items():
            written[place] = self._written(plain[place], marks)
        first = sentence.first_word
        written[first] += OPENS_SENTENCE
        for place in sentence.opening:
            if place > first:
                written[place] += OPENS_CLAUSE
        sentence.text = "".join(written)
        sentence.places = list(accumulate(map(len, written[:-1]), initial=0))
        sentence.marks = self.class_of.keys() & set(sentence.text)
        return written

    def _written(self, plain: str, further_marks: str = "") -> str:
        if plain in MARKS:
            return f" {plain}"
        marks = self.words.get(plain, "") + further_marks
        fills = any(known.get(FILLER, " ") in marks for known in (self.marks, self.inner))
        return f" {plain}{ENDS_WORD}{FILLS if fills else ''}{marks}"

    def _further_marks(self, sentence: Sentence) -> dict[int, str]:
        """By place: marks of the phrases that the word is part of, and of a name."""
        plain = sentence.plain
        found: dict[int, str] = defaultdict(str)
        for place in [place for place, word in enumerate(plain[:-1]) if word in self.begin_phrases]:
            for parts, name in self.phrases.get((plain[place], plain[place + 1]), ()):
                if len(parts) == 2 or tuple(plain[place : place + len(parts)]) == parts:
                    found[place] += self.marks[name]
                    for step in range(1, len(parts)):
                        found[place + step] += self.inner[name]
        for place in sentence.capitals:
            if self._may_be_name(plain[place]) and (len(plain[place]) > 2 or place > sentence.first_word):
                found[place] += self.marks[NAME]
            if plain[place] in self.names:
                found[place] += self.names[plain[place]]
        return found

    def _may_be_name(self, plain: str) -> bool:
        return plain not in self.common_words and plain not in self.words and plain not in self.no_names


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


@lru_cache(maxsize=10_000)
def _forms_of_phrase(verb: str) -> dict[str, set[str]]:
    """Of "mess + up" too: the first word is the verb, what follows " + " stays."""
    head, _, rest = verb.partition(" + ")
    return {part: {f"{form} {rest}".strip() for form in made} for part, made in forms(head).items()}
