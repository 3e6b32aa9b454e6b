"""Which parts of an apology a draft shows, and with which sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..findings import Finding
from ..reading import Match, Reading
from ..rules import Component, Signs, Way
from .claims import is_claimed

# Those that are scored and asked for, in the order in which a letter usually shows them
COMPONENTS = (
    "apology",
    "empathy",
    "admission",
    "explanation",
    "remedy",
    "prevention",
    "reassurance_fixed",
    "values_time",
    "support_offer",
    "forgiveness_request",
)
FAULTS = ("excuse", "blames_other", "nonapology")


@dataclass(frozen=True)
class Shown:
    """The sentence that shows a component. start, end: code points of the draft."""

    component: str
    start: int
    end: int
    words: str


def shown_in(reading: Reading, findings: Sequence[Finding]) -> dict[str, Shown]:
    """Every component that the draft shows, by name, with the first sentence that shows it."""
    known = reading.language.components
    found: dict[str, Shown] = {}
    for name, component in known.items():
        first = min(_places(component, reading, findings), default=None)
        if first is not None:
            start, end = first
            found[name] = Shown(name, start, end, reading.text[start:end])
    return found


def _places(component: Component, reading: Reading, findings: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    for sentence in reading.sentences:
        for way in component.ways:
            matches = reading.sign(way.sign, sentence.index)
            if any(_stands(component.name, way, match, reading) for match in matches):
                yield sentence.start, _end(reading.text, sentence.end)
    for finding in findings:
        if finding.category in component.categories and not _excused(component, finding, reading):
            yield _sentence_around(finding, reading)


def _stands(name: str, way: Way, match: Match, reading: Reading) -> bool:
    if has_signs(way.rescuers, match, reading) or not is_claimed(name, match, reading):
        return False
    return way.needs == Signs() or has_signs(way.needs, match, reading)


def has_signs(signs: Signs, match: Match, reading: Reading) -> bool:
    """Does one of the signs stand where it is looked for?"""
    index = match.sentence.index
    places: Mapping[str, tuple[int, ...]] = {
        "sentence": (index,),
        "next": (index + 1,),
        "near": (index - 1, index, index + 1),
    }
    return (
        any(
            reading.has(name, place)
            for where, around in places.items()
            for name in getattr(signs, where)
            for place in around
        )
        or any(reading.has_before(name, match) for name in signs.before)
        or any(reading.has_anywhere(name) for name in signs.message)
    )


def _excused(component: Component, finding: Finding, reading: Reading) -> bool:
    for sentence in reading.sentences:
        if sentence.start <= finding.start < max(sentence.end, finding.end):
            place = max(sum(word.start <= finding.start for word in sentence.words) - 1, 0)
            return has_signs(component.unless, Match(sentence, place, place), reading)
    return False


def _sentence_around(finding: Finding, reading: Reading) -> tuple[int, int]:
    for sentence in reading.sentences:
        if sentence.start <= finding.start < sentence.end:
            return sentence.start, _end(reading.text, sentence.end)
    return finding.start, finding.end


def _end(text: str, end: int) -> int:
    """With the mark that ends the sentence."""
    while end < len(text) and text[end] in ".!?\u2026\"\u201d\u2019'":
        end += 1
    return end
