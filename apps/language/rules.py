"""Rules, signs, and what a letter of apology shows, as they are once their files have been read."""

from dataclasses import dataclass, field

from .patterns import Pattern
from .vocabulary import Vocabulary
from .waking import Waking

AS_A_WHOLE = "as_a_whole"  # the name of what no rule says and the score finds
EXISTENCE, OCCURRENCE = "existence", "occurrence"
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
    waking: Waking = field(default_factory=lambda: Waking(()))
