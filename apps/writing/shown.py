"""Findings as a page shows them: numbered, with their words, and with what the writer said about each."""

from dataclasses import dataclass

from apps.language import Finding
from apps.language.findings import ADVISE, FIX, STOP

from .answers import Answers
from .checking import LONGEST, plain
from .models import Reason
from .tokens import token_of


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
    """One finding of a draft. `kept` is the reason's code; empty is undecided."""

    number: int
    finding: Finding
    quote: str
    token: str
    kept: str

    @property
    def sign(self) -> Sign:
        return SIGNS.get(self.finding.severity, SIGNS[ADVISE])

    @property
    def kept_because(self) -> str:
        return str(Reason(self.kept).label) if self.kept else ""


def shown_of(text: str, findings: list[Finding], answers: Answers) -> list[Shown]:
    draft = plain(text)[:LONGEST]
    rows = []
    for number, finding in enumerate(findings, start=1):
        quote = draft[finding.start : finding.end]
        token = token_of(finding, quote)
        rows.append(Shown(number, finding, quote, token, answers.kept.get(token, "")))
    return rows


def undecided(rows: list[Shown]) -> int:
    return sum(not row.kept for row in rows)
