"""What a letter of apology shows, what it lacks, what must go, and whether it says what is given."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..checker import findings_of
from ..findings import Context, Finding
from ..reading import Reading, read_draft
from .components import COMPONENTS, FAULTS, Shown, shown_in
from .facts import OfferFacts
from .needs import EMAIL, Gap, gaps_of
from .sums import Difference, differences_of

SECOND_APOLOGY, PRIVATE = "second_apology", "private_data"
SAME_AGAIN = (
    "They had an apology of ours in the last twelve months. A second one without a new remedy does more "
    "harm than none: give something else or more, or ring them yourself."
)
IN_PUBLIC = (
    "Everybody reads this: leave out numbers and addresses that are theirs, and write to them for the rest."
)
PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+|(?i:\border (?:no\.? ?|number )?#?\d{3,})|\+?\d[\d ()-]{8,}\d"
)
PUBLIC = ("social",)


@dataclass(frozen=True)
class MustGo:
    """Something that does harm. start, end: code points, both 0 where it is the letter as a whole."""

    what: str
    start: int
    end: int
    words: str
    message: str


@dataclass(frozen=True)
class LetterReport:
    """shown: by component or fault, the sentence that shows it. score: 0 to 100 (see `read_letter`)."""

    shown: Mapping[str, Shown]
    gaps: tuple[Gap, ...]
    faults: tuple[MustGo, ...]
    differences: tuple[Difference, ...]
    score: int
    findings: tuple[Finding, ...]

    @property
    def components(self) -> dict[str, bool]:
        """Every component and fault by name: does the letter show it?"""
        return {name: name in self.shown for name in (*COMPONENTS, *FAULTS)}

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(gap.name for gap in self.gaps)

    @property
    def must_go(self) -> tuple[str, ...]:
        return tuple(fault.what for fault in self.faults)

    @property
    def is_whole(self) -> bool:
        """Nothing missing, nothing that must go, nothing defensive, and it says what is given."""
        return not (self.gaps or self.faults or self.differences or self.findings)


def read_letter(
    text: str,
    *,
    severity: str,
    channel: str = EMAIL,
    offer: OfferFacts | None = None,
    folders: tuple[Path, ...] = (),
) -> LetterReport:
    """Read a letter that apologises for something of this severity ("minor", "moderate", "serious").

    The score adds the weights of the six parts that are shown: admission 30, remedy 25, apology 15,
    explanation 12, prevention 12, forgiveness 6. That order is published (Lewicki, Polin and Lount
    2016); the numbers are ours. Forgiveness may be left out, so that a whole letter has 94 or more.
    A letter by channel "letter" needs what a serious one does, and a person's name under it.
    Raises ValueError where severity or channel is unknown.
    """
    offer = offer or OfferFacts()
    context = Context(channel="" if channel == "phone" else channel, play="apology")
    reading = read_draft(text, context=context, folders=folders, letters=True)
    findings = tuple(findings_of(reading, context))
    shown = shown_in(reading, findings)
    return LetterReport(
        shown=shown,
        gaps=gaps_of(reading, set(shown), severity=severity, channel=channel, offer=offer),
        faults=_faults(reading, shown, channel, offer),
        differences=differences_of(text, offer),
        score=sum(reading.language.components[name].weight for name in shown),
        findings=findings,
    )


def _faults(
    reading: Reading, shown: Mapping[str, Shown], channel: str, offer: OfferFacts
) -> tuple[MustGo, ...]:
    known = reading.language.components
    faults = [
        MustGo(name, one.start, one.end, one.words, known[name].todo)
        for name, one in shown.items()
        if known[name].is_fault
    ]
    if offer.given_before and not (offer.is_new and "remedy" in shown):
        place = shown.get("apology")
        start, end, words = (place.start, place.end, place.words) if place else (0, 0, "")
        faults.append(MustGo(SECOND_APOLOGY, start, end, words, SAME_AGAIN))
    if channel in PUBLIC and (found := PERSONAL.search(reading.text)):
        faults.append(MustGo(PRIVATE, found.start(), found.end(), found[0], IN_PUBLIC))
    return tuple(faults)
