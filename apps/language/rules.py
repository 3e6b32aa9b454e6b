"""The rules and word classes, read from files and checked.

    words/*.toml       classes of words (see vocabulary.py)
    signs/*.toml       signs: what a sentence does, such as owning a fault; they rescue, or are asked for
    categories/*.toml  one file for each category of defensive language, with its rules
    components/*.toml  one file for each thing that a letter of apology shows, with the signs of it

A team's own folder of the same shape may stand beside ours: its words are added to the classes of the
same name, its rules to the categories, and `switched_off = ["effort.trying"]` in any of its files
silences a rule. A mistake in a file is told with the file, the place and what would be right.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from .findings import SEVERITIES
from .patterns import Pattern, PatternError, PatternReader
from .vocabulary import ENDS_WORD, Vocabulary

OURS = Path(__file__).parent
AS_A_WHOLE = "as_a_whole"  # the name of what no rule says and the score finds
EXISTENCE, OCCURRENCE = "existence", "occurrence"
MOST_KNOWN = 20_000  # words
WHERE = ("sentence", "before", "next", "near", "message")
SPANS = ("match", "clause", "sentence")


class RuleError(ValueError):
    """A file of rules that cannot be used. The message names the file, the place and the remedy."""


@dataclass(frozen=True)
class Signs:
    """Names of signs by where they are looked for."""

    sentence: tuple[str, ...] = ()
    before: tuple[str, ...] = ()  # in the draft up to the match
    next: tuple[str, ...] = ()  # in the sentence after
    near: tuple[str, ...] = ()  # in the sentence before, the same or the one after
    message: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Rule:
    """One way of being defensive. `patterns` and `exceptions` are numbers in Language.patterns."""

    name: str
    category: str
    severity: str
    message: str
    rewrites: tuple[str, ...]
    source: str
    patterns: frozenset[int]
    exceptions: frozenset[int] = frozenset()
    extends: str = EXISTENCE
    span: str = "clause"
    rescuers: Signs = Signs()
    needs: Signs = Signs()
    only_in_recovery: bool = False
    channels: tuple[str, ...] = ()
    also_negated: bool = False
    is_own: bool = False  # a team's: it stands before ours
    is_weighed: bool = True  # the score may silence it; a team's own rule and a certain one it may not
    least: int = 1
    within: str = "message"


@dataclass(frozen=True)
class Way:
    """One way of showing a component: a sign, and what must or must not stand beside it."""

    sign: str
    rescuers: Signs = Signs()
    needs: Signs = Signs()


@dataclass(frozen=True)
class Component:
    """Something that a letter shows, or (`is_fault`) must not show.

    todo: what to do where it is missing, or shown and a fault. weight: of the completeness score.
    asked_if: the sign without which it is never missing. categories: findings of these show it as
    well, but for where one of `unless` stands.
    """

    name: str
    about: str
    todo: str
    source: str
    ways: tuple[Way, ...]
    weight: int = 0
    is_fault: bool = False
    asked_if: str = ""
    categories: tuple[str, ...] = ()
    unless: Signs = Signs()


@dataclass
class Language:
    """Everything that is known of caring and defensive language."""

    vocabulary: Vocabulary
    patterns: list[Pattern]
    rules: dict[str, Rule]
    rule_of: dict[int, str]
    signs: dict[str, tuple[frozenset[int], frozenset[int]]]  # name -> patterns, exceptions
    signs_of: dict[int, tuple[str, ...]]  # pattern -> names
    spelling: dict[str, str]
    order: dict[str, int]  # category -> place in the order of precedence
    as_a_whole: dict[str, Rule]  # category -> what is told where only the score finds it
    components: dict[str, Component]
    waking: "Waking" = field(default_factory=lambda: Waking(()))


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
        self.known: dict[str, int] = {}
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
        met = self.met
        for word in written:
            bits = self.known.get(word)
            met |= self._remember(word) if bits is None else bits
        left = (1 << self.width) - 1
        for row in range(self.rows):
            left &= met >> (row * self.width)
        return set(_bits(left))

    def _remember(self, written: str) -> int:
        plain, _, marks = written[1:].partition(ENDS_WORD)
        bits = self.by_word.get(plain, 0)
        for mark in marks:
            bits |= self.by_word.get(mark, 0)
        for length in range(1, len(plain) + 1):
            bits |= self.by_prefix.get(plain[:length], 0)
        if len(self.known) > MOST_KNOWN:
            self.known.clear()
        self.known[written] = bits
        return bits


def _by_pattern(signs: Mapping[str, tuple[frozenset[int], frozenset[int]]]) -> dict[int, tuple[str, ...]]:
    names: dict[int, tuple[str, ...]] = {}
    for name, (patterns, _) in signs.items():
        for number in patterns:
            names[number] = (*names.get(number, ()), name)
    return names


def _bits(number: int) -> Iterator[int]:
    """The places of the bits that are set, from the lowest."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


@lru_cache(maxsize=4)
def language(*folders: Path, letters: bool = False) -> Language:
    """Ours, with what these folders of a team add; with `letters` also what a letter of apology shows, which
    takes a while longer to read. Raises RuleError."""
    for folder in folders:
        if not folder.is_dir():
            raise RuleError(f"{folder} is not a folder")
    return _Loader((OURS, *folders), letters=letters).load()


class _Loader:
    def __init__(self, folders: tuple[Path, ...], *, letters: bool) -> None:
        self.folders = folders
        self.letters = letters
        self.sources: dict[str, int] = {}
        self.patterns: list[Pattern] = []
        self.vocabulary = Vocabulary()
        self.reader = PatternReader(self.vocabulary)
        self.read: dict[str, Pattern] = {}
        self.excepted: dict[str, int] = {}  # an exception of rules -> its number
        self.common: list[str] = []
        self.no_names: list[str] = []

    def load(self) -> Language:
        classes, spelling = self._classes()
        self.vocabulary = Vocabulary.of(classes, common=self.common, no_names=self.no_names)
        self.reader = PatternReader(self.vocabulary)
        signs: dict[str, tuple[frozenset[int], frozenset[int]]] = {}
        for path, content in self._files("signs"):
            _known_keys(path, "", content, {"sign"})
            for name, entry in content.get("sign", {}).items():
                where = f"sign.{name}"
                _known_keys(path, where, entry, {"about", "patterns", "exceptions"})
                patterns, exceptions = signs.get(name, (frozenset(), frozenset()))
                signs[name] = (
                    patterns | self._compiled(path, where, entry.get("patterns", [])),
                    exceptions | self._compiled(path, where, entry.get("exceptions", [])),
                )
        components = self._components(signs) if self.letters else {}
        rules, order, off = self._rules(signs)
        for name in off:
            if name not in rules:
                raise RuleError(f"switched_off names {name!r}, and there is no such rule")
            del rules[name]
        made = Language(
            self.vocabulary,
            self.patterns,
            rules,
            {number: rule.name for rule in rules.values() for number in rule.patterns},
            signs,
            _by_pattern(signs),
            spelling,
            order,
            {rule.category: rule for rule in rules.values() if rule.name.endswith(f".{AS_A_WHOLE}")},
            components,
        )
        self._index(made)
        return made

    def _index(self, made: Language) -> None:
        used = {number for rule in made.rules.values() for number in (*rule.patterns, *rule.exceptions)}
        used.update(number for pair in made.signs.values() for numbers in pair for number in numbers)
        made.waking = Waking(self.patterns, sorted(used))

    def _files(self, kind: str) -> Iterable[tuple[Path, dict[str, Any]]]:
        for folder in self.folders:
            for path in sorted((folder / kind).glob("*.toml")):
                try:
                    yield path, tomllib.loads(path.read_text(encoding="utf-8"))
                except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
                    raise RuleError(f"{path.name}: {error}") from error

    def _classes(self) -> tuple[dict[str, dict[str, list[str]]], dict[str, str]]:
        classes: dict[str, dict[str, list[str]]] = {}
        spelling: dict[str, str] = {}
        for path, content in self._files("words"):
            _known_keys(path, "", content, {"class", "spelling", "common", "no_names"})
            for key, known_words in (("common", self.common), ("no_names", self.no_names)):
                known_words += [
                    each for part in _words(path, key, content.get(key, [])) for each in part.split()
                ]
            for word, misspelt in content.get("spelling", {}).items():
                spelling.update(dict.fromkeys(_words(path, f"spelling.{word}", misspelt), word))
            for name, entry in content.get("class", {}).items():
                _known_keys(path, f"class.{name}", entry, {"about", "words", "verbs", "includes"})
                known = classes.setdefault(name, {"words": [], "verbs": [], "includes": []})
                for key in known:
                    known[key] += _words(path, f"class.{name}.{key}", entry.get(key, []))
        for name, entry in classes.items():
            for other in entry["includes"]:
                if other not in classes:
                    raise RuleError(f"class.{name} includes {other!r}, and there is no such class")
        for name in classes:
            _no_circle(name, classes)
        return classes, spelling

    def _rules(self, signs: Mapping[str, Any]) -> tuple[dict[str, Rule], dict[str, int], list[str]]:
        rules: dict[str, Rule] = {}
        order: dict[str, int] = {}
        off: list[str] = []
        for path, content in self._files("categories"):
            _known_keys(path, "", content, {*_OF_A_FILE, *_OF_A_RULE, "rule", "switched_off"})
            off += _words(path, "switched_off", content.get("switched_off", []))
            if not content.get("rule"):
                continue
            category = _text(path, "", content, "category")
            order.setdefault(category, _number(path, "the top", content, "precedence", 50))
            of_all = self._compiled(path, "exceptions", content.get("exceptions", []))
            is_ours = path.parent.parent == OURS
            if is_ours:
                whole = self._rule(path, 0, content, {"name": AS_A_WHOLE}, category, signs, of_all)
                rules[whole.name] = replace(whole, rescuers=Signs(), exceptions=frozenset())
            for number, entry in enumerate(content["rule"], 1):
                rule = self._rule(path, number, content, entry, category, signs, of_all)
                if rule.name in rules:
                    raise RuleError(f"{path.name}, rule {number}: there is a {rule.name!r} already")
                rules[rule.name] = replace(rule, is_own=not is_ours, is_weighed=is_ours and rule.is_weighed)
        return rules, order, off

    def _rule(
        self,
        path: Path,
        number: int,
        content: dict[str, Any],
        entry: dict[str, Any],
        category: str,
        signs: Mapping[str, Any],
        of_all: frozenset[int],
    ) -> Rule:
        where = f"rule {number}" + (f" ({entry['name']})" if "name" in entry else "")
        _known_keys(path, where, entry, _OF_A_RULE)
        told = {**{key: content[key] for key in _OF_A_RULE if key in content}, **entry}
        name = _text(path, where, entry, "name")
        severity = _one_of(path, where, told, "severity", SEVERITIES)
        return Rule(
            name=f"{category}.{name}",
            category=category,
            severity=severity,
            message=_text(path, where, told, "message"),
            rewrites=tuple(_words(path, where, told.get("rewrites", []))),
            source=_text(path, where, told, "source"),
            patterns=self._compiled(path, where, told.get("patterns", [])),
            exceptions=of_all | self._compiled(path, where, entry.get("exceptions", [])),
            extends=_one_of(path, where, {"extends": EXISTENCE, **told}, "extends", (EXISTENCE, OCCURRENCE)),
            span=_one_of(path, where, {"span": "clause", **told}, "span", SPANS),
            rescuers=_signs(path, f"{where}, rescuers", told.get("rescuers", {}), signs),
            needs=_signs(path, f"{where}, needs", told.get("needs", {}), signs),
            only_in_recovery=bool(told.get("only_in_recovery", False)),
            channels=tuple(_words(path, f"{where}, channels", told.get("channels", []))),
            is_weighed=not told.get("certain", False),
            also_negated=bool(told.get("also_negated", False)),
            least=_number(path, where, told, "least", 1),
            within=_one_of(path, where, {"within": "message", **told}, "within", ("sentence", "message")),
        )

    def _components(self, signs: dict[str, tuple[frozenset[int], frozenset[int]]]) -> dict[str, Component]:
        """Each as it stands, and a sign `shows_<name>` for each, which the others may ask for."""
        found = [(path, content) for path, content in self._files("components")]
        for path, content in found:
            _known_keys(path, "", content, {*_OF_A_COMPONENT, *_OF_A_WAY, "way"})
            name = _text(path, "", content, "component")
            for entry in _ways(content):
                where = str(entry.get("name", "the top"))
                _known_keys(path, where, entry, {*_OF_A_WAY, "name", "about"})
                exceptions = [*content.get("exceptions", []), *entry.get("exceptions", [])]
                made = (
                    self._compiled(path, where, entry.get("patterns", [])),
                    self._compiled(path, where, exceptions),
                )
                for sign in (f"{name}.{where}", f"shows_{name}"):
                    old = signs.get(sign, (frozenset(), frozenset()))
                    signs[sign] = (old[0] | made[0], old[1] | made[1])
        components: dict[str, Component] = {}
        for path, content in found:
            made_of = _component(path, content, signs)
            if first := components.get(made_of.name):
                made_of = replace(first, ways=(*first.ways, *made_of.ways))
            components[made_of.name] = made_of
        return components

    def _compiled(self, path: Path, where: str, sources: object) -> frozenset[int]:
        numbers = set()
        for source in _words(path, where, sources):
            try:
                pattern = self.read.get(source) or self.reader.read(source)
            except PatternError as error:
                raise RuleError(f"{path.name}, {where}: {error}") from error
            self.read[source] = pattern
            numbers.add(len(self.patterns))
            self.patterns.append(pattern)
        return frozenset(numbers)

    def _exceptions(self, path: Path, where: str, sources: object) -> frozenset[int]:
        """The same; one that is written for several rules stands once among the patterns."""
        new = [source for source in _words(path, where, sources) if source not in self.excepted]
        for source in new:
            (self.excepted[source],) = self._compiled(path, where, [source])
        return frozenset(self.excepted[source] for source in _words(path, where, sources))


_OF_A_FILE = {"category", "about", "precedence"}
_OF_A_RULE = {
    "name", "about", "severity", "message", "rewrites", "source", "patterns", "exceptions", "extends", "span",
    "rescuers", "needs", "certain", "only_in_recovery", "channels", "also_negated", "least", "within",
}  # fmt: skip
_OF_A_COMPONENT = {
    "component",
    "about",
    "todo",
    "source",
    "weight",
    "is_fault",
    "asked_if",
    "categories",
    "unless",
}
_OF_A_WAY = {"patterns", "exceptions", "rescuers", "needs"}


def _ways(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What stands at the top of a component's file is the first of its ways."""
    top = {key: content[key] for key in ("patterns", "rescuers", "needs") if key in content}
    return [*([top] if "patterns" in top else []), *content.get("way", [])]


def _component(path: Path, content: Mapping[str, Any], signs: Mapping[str, Any]) -> Component:
    name = _text(path, "", content, "component")
    asked_if = content.get("asked_if", "")
    if asked_if and asked_if not in signs:
        raise RuleError(f"{path.name}, asked_if: there is no sign {asked_if!r}")
    return Component(
        name=name,
        about=_text(path, "", content, "about"),
        todo=_text(path, "", content, "todo"),
        source=_text(path, "", content, "source"),
        ways=tuple(_way(path, name, entry, signs) for entry in _ways(content)),
        weight=_number(path, "the top", content, "weight", 0),
        is_fault=bool(content.get("is_fault", False)),
        asked_if=asked_if,
        categories=tuple(_words(path, "categories", content.get("categories", []))),
        unless=_signs(path, "unless", content.get("unless", {}), signs),
    )


def _way(path: Path, component: str, entry: Mapping[str, Any], signs: Mapping[str, Any]) -> Way:
    where = str(entry.get("name", "the top"))
    return Way(
        f"{component}.{where}",
        _signs(path, f"{where}, rescuers", entry.get("rescuers", {}), signs),
        _signs(path, f"{where}, needs", entry.get("needs", {}), signs),
    )


def _known_keys(path: Path, where: str, entry: Mapping[str, Any], known: set[str]) -> None:
    for key in entry:
        if key not in known:
            place = f"{path.name}, {where}" if where else path.name
            raise RuleError(f"{place}: {key!r} is not known here; known are {', '.join(sorted(known))}")


def _text(path: Path, where: str, entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RuleError(f"{path.name}, {where or 'the top'}: {key!r} must be a text")
    return value.strip()


def _words(path: Path, where: str, value: object) -> list[str]:
    """A list of texts; one text is read as words, or phrases between commas or lines."""
    if isinstance(value, str):
        return [" ".join(part.split()) for part in value.replace("\n", ",").split(",") if part.strip()]
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        if not all(any(letter.isalnum() or letter in "$#%£~^_" for letter in item) for item in value):
            raise RuleError(f"{path.name}, {where}: a text holds no word")
        return list(value)
    raise RuleError(f"{path.name}, {where}: a list of texts is needed")


def _number(path: Path, where: str, entry: Mapping[str, Any], key: str, default: int) -> int:
    value = entry.get(key, default)
    if not isinstance(value, int):
        raise RuleError(f"{path.name}, {where}: {key!r} must be a whole number")
    return value


def _no_circle(
    name: str, classes: Mapping[str, Mapping[str, list[str]]], above: tuple[str, ...] = ()
) -> None:
    if name in above:
        raise RuleError(f"class.{name} includes itself, by way of {', '.join(above)}")
    for other in classes[name]["includes"]:
        _no_circle(other, classes, (*above, name))


def _one_of(path: Path, where: str, entry: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
    value = entry.get(key)
    if value not in known:
        raise RuleError(f"{path.name}, {where}: {key!r} must be one of {', '.join(known)}")
    return str(value)


def _signs(path: Path, where: str, entry: Mapping[str, Any], known: Mapping[str, Any]) -> Signs:
    _known_keys(path, where, entry, set(WHERE))
    for names in entry.values():
        for name in _words(path, where, names):
            if name not in known:
                raise RuleError(f"{path.name}, {where}: there is no sign {name!r}")
    return Signs(**{key: tuple(_words(path, where, names)) for key, names in entry.items()})
