"""How well the checker does on labelled drafts: figures for the tests and for `make language`."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from apps.language import Context, Finding
from apps.language.checker import findings_of
from apps.language.loading import language
from apps.language.reading import read_draft
from apps.language.scorer import Scorer

from .labelled import Draft, Span

CATEGORIES = tuple(language().order)


@dataclass(frozen=True)
class Share:
    """`part` of `whole`."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.part} of {self.whole})"


@dataclass
class Figures:
    """What was found in a set of drafts. Message level: is anything found in a draft at all?"""

    drafts: Sequence[Draft]
    table: Scorer | None = None
    findings: list[list[Finding]] = field(init=False)

    def __post_init__(self) -> None:
        self.findings = [self._found_in(draft) for draft in self.drafts]

    def _found_in(self, draft: Draft) -> list[Finding]:
        context = Context(channel=draft.channel)
        return findings_of(read_draft(draft.text, context=context), context, self.table)

    @property
    def precision(self) -> Share:
        """Of the drafts in which something is found, those that are defensive."""
        flagged = [draft for draft, found in zip(self.drafts, self.findings, strict=True) if found]
        return Share(sum(not draft.is_clean for draft in flagged), len(flagged))

    @property
    def recall(self) -> Share:
        """Of the defensive drafts, those in which something is found."""
        return self._found(lambda draft: not draft.is_clean)

    @property
    def ordinary_recall(self) -> Share:
        return self._found(lambda draft: not draft.is_clean and not draft.is_hard)

    @property
    def hard_recall(self) -> Share:
        return self._found(lambda draft: not draft.is_clean and draft.is_hard)

    @property
    def false_alarms(self) -> Share:
        """Of the clean drafts, those in which something is found."""
        return self._found(lambda draft: draft.is_clean)

    def false_alarm_drafts(self) -> list[tuple[Draft, list[Finding]]]:
        pairs = zip(self.drafts, self.findings, strict=True)
        return [(draft, found) for draft, found in pairs if draft.is_clean and found]

    def _found(self, counts: Callable[[Draft], bool]) -> Share:
        found = [
            bool(found) for draft, found in zip(self.drafts, self.findings, strict=True) if counts(draft)
        ]
        return Share(sum(found), len(found))

    def confusion(self) -> Counter[tuple[str, str]]:
        """(labelled category, told category) of each labelled span; "none" where nothing is told, and
        ("none", told) for each finding on clean words."""
        counts: Counter[tuple[str, str]] = Counter()
        for draft, found in zip(self.drafts, self.findings, strict=True):
            for span in draft.spans:
                told = {finding.category for finding in found if _overlap(span, finding)}
                if span.category in told:
                    counts[span.category, span.category] += 1
                else:
                    counts[span.category, min(told, default="none")] += 1
            for finding in found:
                if not any(_overlap(span, finding) for span in draft.spans):
                    counts["none", finding.category] += 1
        return counts


def _overlap(span: Span, finding: Finding) -> bool:
    return span.start < finding.end and finding.start < span.end


def summary(name: str, figures: Figures) -> str:
    """One row of the table of sets."""
    shares = [
        figures.precision,
        figures.recall,
        figures.ordinary_recall,
        figures.hard_recall,
        figures.false_alarms,
    ]
    return f"| {name} | {len(figures.drafts)} | " + " | ".join(str(share) for share in shares) + " |"


SUMMARY_HEAD = (
    "| drafts | how many | precision | recall | ordinary | in other words | false alarms |\n"
    "| --- | --- | --- | --- | --- | --- | --- |"
)


def by_category(figures: Figures) -> str:
    """A row a category: spans labelled, found under that name, under any, findings on clean words, and
    what it is taken for."""
    counts = figures.confusion()
    rows = [
        "| category | spans | found as such | found at all | on clean words | taken for |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for category in CATEGORIES:
        mine = {told: number for (labelled, told), number in counts.items() if labelled == category}
        whole = sum(mine.values())
        others = sorted(
            ((number, told) for told, number in mine.items() if told not in (category, "none")), reverse=True
        )
        taken = ", ".join(f"{told} {number}" for number, told in others)
        found = whole - mine.get("none", 0)
        cells = [category, whole, mine.get(category, 0), found, counts["none", category], taken]
        rows.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(rows)
