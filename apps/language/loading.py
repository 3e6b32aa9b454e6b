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
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from .entries import known_keys, one_of, text, whole_number, words
from .findings import SEVERITIES
from .patterns import Pattern, PatternError, PatternReader
from .rules import (
    AS_A_WHOLE,
    EXISTENCE,
    OCCURRENCE,
    SPANS,
    WHERE,
    Component,
    Language,
    Rule,
    RuleError,
    Signs,
    Way,
)
from .vocabulary import Vocabulary
from .waking import Waking

OURS = Path(__file__).parent


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
        self.common: list[str] = []
        self.no_names: list[str] = []

    def load(self) -> Language:
        classes, spelling = self._classes()
        self.vocabulary = Vocabulary.of(classes, common=self.common, no_names=self.no_names)
        self.reader = PatternReader(self.vocabulary)
        signs: dict[str, tuple[frozenset[int], frozenset[int]]] = {}
        for path, content in self._files("signs"):
            known_keys(path, "", content, {"sign"})
            for name, entry in content.get("sign", {}).items():
                where = f"sign.{name}"
                known_keys(path, where, entry, {"about", "patterns", "exceptions"})
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
            known_keys(path, "", content, {"class", "spelling", "common", "no_names"})
            for key, known_words in (("common", self.common), ("no_names", self.no_names)):
                known_words += [
                    each for part in words(path, key, content.get(key, [])) for each in part.split()
                ]
            for word, misspelt in content.get("spelling", {}).items():
                spelling.update(dict.fromkeys(words(path, f"spelling.{word}", misspelt), word))
            for name, entry in content.get("class", {}).items():
                known_keys(path, f"class.{name}", entry, {"about", "words", "verbs", "includes"})
                known = classes.setdefault(name, {"words": [], "verbs": [], "includes": []})
                for key in known:
                    known[key] += words(path, f"class.{name}.{key}", entry.get(key, []))
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
            known_keys(path, "", content, {*_OF_A_FILE, *_OF_A_RULE, "rule", "switched_off"})
            off += words(path, "switched_off", content.get("switched_off", []))
            if not content.get("rule"):
                continue
            category = text(path, "", content, "category")
            order.setdefault(category, whole_number(path, "the top", content, "precedence", 50))
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
        known_keys(path, where, entry, _OF_A_RULE)
        told = {**{key: content[key] for key in _OF_A_RULE if key in content}, **entry}
        name = text(path, where, entry, "name")
        severity = one_of(path, where, told, "severity", SEVERITIES)
        return Rule(
            name=f"{category}.{name}",
            category=category,
            severity=severity,
            message=text(path, where, told, "message"),
            rewrites=tuple(words(path, where, told.get("rewrites", []))),
            source=text(path, where, told, "source"),
            patterns=self._compiled(path, where, told.get("patterns", [])),
            exceptions=of_all | self._compiled(path, where, entry.get("exceptions", [])),
            extends=one_of(path, where, {"extends": EXISTENCE, **told}, "extends", (EXISTENCE, OCCURRENCE)),
            span=one_of(path, where, {"span": "clause", **told}, "span", SPANS),
            rescuers=_signs(path, f"{where}, rescuers", told.get("rescuers", {}), signs),
            needs=_signs(path, f"{where}, needs", told.get("needs", {}), signs),
            only_in_recovery=bool(told.get("only_in_recovery", False)),
            channels=tuple(words(path, f"{where}, channels", told.get("channels", []))),
            is_weighed=not told.get("certain", False),
            also_negated=bool(told.get("also_negated", False)),
            least=whole_number(path, where, told, "least", 1),
            within=one_of(path, where, {"within": "message", **told}, "within", ("sentence", "message")),
        )

    def _components(self, signs: dict[str, tuple[frozenset[int], frozenset[int]]]) -> dict[str, Component]:
        """Each as it stands, and a sign `shows_<name>` for each, which the others may ask for."""
        found = [(path, content) for path, content in self._files("components")]
        for path, content in found:
            known_keys(path, "", content, {*_OF_A_COMPONENT, *_OF_A_WAY, "way"})
            name = text(path, "", content, "component")
            for entry in _ways(content):
                where = str(entry.get("name", "the top"))
                known_keys(path, where, entry, {*_OF_A_WAY, "name", "about"})
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
        first = len(self.patterns)
        for source in words(path, where, sources):
            try:
                self.patterns.append(self.reader.read(source))
            except PatternError as error:
                raise RuleError(f"{path.name}, {where}: {error}") from error
        return frozenset(range(first, len(self.patterns)))


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
    name = text(path, "", content, "component")
    asked_if = content.get("asked_if", "")
    if asked_if and asked_if not in signs:
        raise RuleError(f"{path.name}, asked_if: there is no sign {asked_if!r}")
    return Component(
        name=name,
        about=text(path, "", content, "about"),
        todo=text(path, "", content, "todo"),
        source=text(path, "", content, "source"),
        ways=tuple(_way(path, name, entry, signs) for entry in _ways(content)),
        weight=whole_number(path, "the top", content, "weight", 0),
        is_fault=bool(content.get("is_fault", False)),
        asked_if=asked_if,
        categories=tuple(words(path, "categories", content.get("categories", []))),
        unless=_signs(path, "unless", content.get("unless", {}), signs),
    )


def _way(path: Path, component: str, entry: Mapping[str, Any], signs: Mapping[str, Any]) -> Way:
    where = str(entry.get("name", "the top"))
    return Way(
        f"{component}.{where}",
        _signs(path, f"{where}, rescuers", entry.get("rescuers", {}), signs),
        _signs(path, f"{where}, needs", entry.get("needs", {}), signs),
    )


def _by_pattern(signs: Mapping[str, tuple[frozenset[int], frozenset[int]]]) -> dict[int, tuple[str, ...]]:
    names: dict[int, tuple[str, ...]] = {}
    for name, (patterns, _) in signs.items():
        for number in patterns:
            names[number] = (*names.get(number, ()), name)
    return names


def _no_circle(
    name: str, classes: Mapping[str, Mapping[str, list[str]]], above: tuple[str, ...] = ()
) -> None:
    if name in above:
        raise RuleError(f"class.{name} includes itself, by way of {', '.join(above)}")
    for other in classes[name]["includes"]:
        _no_circle(other, classes, (*above, name))


def _signs(path: Path, where: str, entry: Mapping[str, Any], known: Mapping[str, Any]) -> Signs:
    known_keys(path, where, entry, set(WHERE))
    for names in entry.values():
        for name in words(path, where, names):
            if name not in known:
                raise RuleError(f"{path.name}, {where}: there is no sign {name!r}")
    return Signs(**{key: tuple(words(path, where, names)) for key, names in entry.items()})
