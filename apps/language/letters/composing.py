"""A first draft of a letter of apology, from what is known of the incident.

The sentences are data, in `wordings/*.toml`. Which of several wordings a letter takes is decided by the
incident's key: the same incident always gives the same letter, two neighbours rarely do.

A serious letter says how it came about and what has changed, and the facts often tell neither. Neither
is made up then, and neither is asked for: a draft that waits for facts is a customer who waits. How it
came about is said no further than the kind of failure itself implies (what was lost, nobody kept watch
over). What has changed is what is true of every firm that works with this product: the failure stands
in a list until a manager who did not write the letter has decided on it by name. Whoever knows more
writes more: facts that are given take the place of these sentences.

A fact that blames somebody, and a change that is only a promise, are left out as if they were unknown.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from .facts import OfferFacts, written
from .needs import MINOR, SERIOUS, SEVERITIES
from .report import read_letter
from .sums import day_written

WORDINGS = Path(__file__).parent / "wordings"
KINDS = ("late", "lost", "cancelled", "wrong", "broken", "rude", "silent", "other")
WAITED = ("late", "lost", "silent")  # where nobody says, these had to wait
SENTENCE_ENDS = re.compile(r"(?<=\w{3})[.!?]\s+(?=[A-Z])")  # not after "St." or "no."
LONGEST_ORDER = 12  # letters of an order's number that somebody can read
Wordings = Mapping[str, Any]


@dataclass(frozen=True)
class IncidentFacts:
    """What is known of what went wrong. Only the kind must be.

    kind: one of `KINDS`. key: picks among the wordings.
    had_to: what the customer had to do, after "you had to": "ring us three times".
    cause: how it came about, a sentence: "the label had come off in the van".
    changed: what has been done, or will be on which day, a sentence: "two people now check each label".
    restored: what is right again, a sentence: "your account is open again".
    waited: did they have to wait? None: as the kind implies, and where they had to do something.
    by_phone: is it told in a call?
    """

    kind: str
    key: int | str = 0
    first_name: str = ""
    order: str = ""
    promised_on: date | None = None
    has_arrived: bool = False
    had_to: str = ""
    cause: str = ""
    changed: str = ""
    restored: str = ""
    waited: bool | None = None
    by_phone: bool = False


@dataclass(frozen=True)
class Author:
    """Who signs. A person writes "I", a firm "we". reach: a number or an address of theirs."""

    name: str = ""
    role: str = ""
    reach: str = ""
    is_firm: bool = False

    @property
    def slots(self) -> dict[str, str]:
        if self.is_firm:
            return {"I": "we", "me": "us", "my": "our", "My": "Our", "am": "are", "reach": self.reach}
        return {"I": "I", "me": "me", "my": "my", "My": "My", "am": "am", "reach": self.reach}


def compose_letter(facts: IncidentFacts, offer: OfferFacts, *, severity: str, author: Author) -> str:
    """The letter: greeting, what we did and what it cost, whose fault, what we do, what has changed, a name.

    Raises ValueError where the kind or the severity is unknown.
    """
    if severity not in SEVERITIES:
        raise ValueError(f"severity is one of {', '.join(SEVERITIES)}, not {severity!r}")
    draft = _Draft(facts, offer, author, is_serious=severity == SERIOUS)
    paragraphs = [
        f"Dear {facts.first_name}," if facts.first_name else "Good day,",
        draft.sentences(draft.happened(), draft.common("sorry"), draft.cost()),
        draft.sentences(draft.of_kind("owned"), draft.cause()),
        draft.sentences(draft.repaired(), draft.given()),
        draft.sentences(draft.restored(), draft.changed(), draft.time()),
        draft.reach(),
        "\n".join(filter(None, [author.name or "Your shop", author.role])),
    ]
    return "\n\n".join(filter(None, paragraphs))


def given(kind: str, amount: Decimal, currency: str) -> tuple[str, ...]:
    """The sentences that say that this is given, in the order of the wordings."""
    wordings = _wordings("common")["given"]
    sum_written = written(amount, currency)
    return tuple(words.format(amount=sum_written) for words in wordings.get(kind, wordings["other"]))


def tellings(*, by_phone: bool, author: Author) -> tuple[str, ...]:
    """How a letter asks to be told something, in the order of the wordings."""
    wordings = _wordings("common")["tell"]["phone" if by_phone else "writing"]
    return tuple(words.format(**author.slots) for words in wordings)


def standing_changes(kind: str) -> tuple[str, ...]:
    """What is said to be done with each failure of this kind, where nothing is known to have changed.

    True of every firm that works with this product, so it needs nothing behind it.
    """
    case = _wordings(kind)["case"]
    return tuple(words.format(case=case) for words in _wordings("common")["unknown"]["changed"])


@lru_cache(maxsize=len(KINDS) + 1)
def _wordings(name: str) -> Wordings:
    return tomllib.loads((WORDINGS / f"{name}.toml").read_text(encoding="utf-8"))


class _Draft:
    """One letter in the making: each part as a sentence or two, "" where it has nothing to say."""

    def __init__(self, facts: IncidentFacts, offer: OfferFacts, author: Author, *, is_serious: bool) -> None:
        if facts.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {facts.kind!r}")
        self.facts = facts
        self.offer = offer
        self.author = author
        self.is_serious = is_serious
        self.kind = _wordings(facts.kind)
        self.all = _wordings("common")
        self.slots = {
            **author.slots,
            "order": _order(facts.order),
            "promised": day_written(facts.promised_on) if facts.promised_on else "the day we named",
            "case": self.kind["case"],
        }

    def sentences(self, *parts: str) -> str:
        return " ".join(_opened(part) for part in parts if part)

    def of_kind(self, part: str, **slots: str) -> str:
        return self._picked(self.kind[part], part, **slots)

    def common(self, part: str) -> str:
        return self._picked(self.all[part], part)

    def happened(self) -> str:
        has_day = self.facts.promised_on or "happened_undated" not in self.kind
        return self.of_kind("happened" if has_day else "happened_undated")

    def cost(self) -> str:
        had_to = _lowered(_clause(SENTENCE_ENDS.split(self.facts.had_to.strip())[0]))
        if had_to and _is_plain(f"You had to {had_to}") and _is_plain(self.facts.had_to):
            return self._picked(self.all["known"]["had_to"], "cost", had_to=had_to)
        return self.of_kind("cost")

    def cause(self) -> str:
        cause = _clause(self.facts.cause)
        if cause and _is_plain(cause):
            return self._picked(self.all["known"]["cause"], "cause", cause=cause)
        return self.of_kind("cause") if self.is_serious else ""

    def changed(self) -> str:
        changed = _clause(self.facts.changed)
        if changed and _is_plain(changed):
            return self._picked(self.all["known"]["changed"], "changed", changed=changed)
        return self._picked(self.all["unknown"]["changed"], "changed") if self.is_serious else ""

    def restored(self) -> str:
        restored = _clause(self.facts.restored)
        return f"{restored}." if restored else ""

    def time(self) -> str:
        waited = self.facts.waited
        if waited is None:
            waited = self.facts.kind in WAITED or bool(self.facts.had_to)
        return self._picked(self.all["unknown"]["time"], "time") if self.is_serious and waited else ""

    def repaired(self) -> str:
        part = "arrived" if self.facts.kind == "late" and self.facts.has_arrived else "repaired"
        tells = tellings(by_phone=self.facts.by_phone, author=self.author)
        tell = tells[_place(self.facts.key, "tell", len(tells))]
        return self.of_kind(part, tell=tell)

    def given(self) -> str:
        kind = self.offer.kind if self.offer.kind in self.all["given"] else "other"
        wordings = self.all["given" if self.offer.amount else "given_without_sum"][kind]
        parts = [self._picked(wordings, "given", amount=self.offer.sum)]
        more = self.all["given_more"]
        if self.offer.code:
            parts.append(self._picked(more["code"], "code", code=self.offer.code))
        if self.offer.on:
            parts.append(self._picked(more["day"], "day", day=day_written(self.offer.on)))
        return " ".join(parts)

    def reach(self) -> str:
        way = ("email" if "@" in self.author.reach else "phone") if self.author.reach else "nothing"
        return self.sentences(self._picked(self.all["reach"][way], "reach"))

    def _picked(self, wordings: Sequence[str], part: str, **slots: str) -> str:
        wording = wordings[_place(self.facts.key, part, len(wordings))]
        return ". ".join(_opened(one.format(**self.slots, **slots)) for one in wording.split(". "))


def _place(key: int | str, part: str, count: int) -> int:
    digest = blake2b(f"{part}:{key}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) % count


def _order(number: str) -> str:
    return f"your order {number}" if 0 < len(number) <= LONGEST_ORDER else "your order"


def _opened(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _clause(words: str) -> str:
    return words.strip().rstrip(".! ")


def _lowered(clause: str) -> str:
    """As it goes on after "you had to": names in capitals stay."""
    return clause[:1].lower() + clause[1:] if clause[1:2].islower() or clause[1:2] == " " else clause


def _is_plain(words: str) -> bool:
    """Does it neither blame nor excuse nor promise?"""
    report = read_letter(f"{_opened(_clause(words))}.", severity=MINOR)
    return not (report.findings or report.faults)
