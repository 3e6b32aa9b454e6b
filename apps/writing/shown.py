"""Findings as a page shows them: numbered, with their words, and with what the writer said about each."""

from dataclasses import dataclass, replace

from django.db.models import Model

from apps.accounts.models import User
from apps.language import Finding
from apps.language.findings import ADVISE, FIX, STOP

from .answers import Answers
from .checking import LONGEST, plain
from .models import Reason, Verdict
from .tokens import token_of

LONGEST_QUOTE = 300


@dataclass(frozen=True)
class Sign:
    """How much it matters. What should go has no words of its own: the finding's reason says it."""

    icon: str
    words: str


SIGNS = {
    STOP: Sign("alert", ""),
    FIX: Sign("pencil", "Could be stronger"),
    ADVISE: Sign("bulb", "Only worth a second look"),
}


@dataclass(frozen=True)
class Shown:
    """One finding of a draft. `kept` is the reason's code; empty is undecided, or taken back."""

    number: int
    finding: Finding
    quote: str
    token: str
    kept: str
    is_taken_back: bool = False

    @property
    def sign(self) -> Sign:
        return SIGNS.get(self.finding.severity, SIGNS[ADVISE])

    @property
    def kept_because(self) -> str:
        return str(Reason(self.kept).label) if self.kept else ""


def shown_of(text: str, findings: list[Finding], answers: Answers, *, by: User) -> list[Shown]:
    draft = plain(text)[:LONGEST]
    rows = []
    for number, finding in enumerate(findings, start=1):
        quote = draft[finding.start : finding.end]
        token = token_of(finding, _as_kept(quote), by)
        reason = answers.kept.get(token)
        rows.append(Shown(number, finding, quote, token, reason or "", is_taken_back=reason == ""))
    return rows


def with_reasons(rows: list[Shown], about: Model, *, place: str) -> list[Shown]:
    """With the reasons that were given when this text was saved, for words that are still the same."""
    standing = Verdict.objects.about(about).standing().filter(place=place)
    reasons = {
        (rule, words): reason for rule, words, reason in standing.values_list("rule", "words", "reason")
    }
    return [replace(row, kept=reasons.get((row.finding.rule, quote_of(row)), "")) for row in rows]


def quote_of(row: Shown) -> str:
    """As it is kept: not endless, and without the null characters that no database takes."""
    return _as_kept(row.quote)


def _as_kept(quote: str) -> str:
    return quote.replace("\0", "")[:LONGEST_QUOTE]


def told(rows: list[Shown]) -> str:
    """What is left to do, in words; empty where nothing was found."""
    left = sum(not row.kept for row in rows)
    if left:
        return f"{left} thing{'' if left == 1 else 's'} to look at"
    return "Kept as you wrote it" if rows else ""
