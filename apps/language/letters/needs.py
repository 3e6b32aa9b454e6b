"""What a letter must show, by how bad it was and where it is sent."""

from dataclasses import dataclass

from ..reading import Reading
from .facts import OfferFacts

MINOR, MODERATE, SERIOUS = "minor", "moderate", "serious"
SEVERITIES = (MINOR, MODERATE, SERIOUS)
SHORT = ("chat", "sms", "social")
CHANNELS = (*SHORT, "email", "letter", "phone", "call_note", "feedback_reply")
EMAIL = "email"

# Each need is a row of components of which one is enough; the first is the one to ask for
Need = tuple[str, ...]
OF_MINOR: tuple[Need, ...] = (("apology", "admission"), ("remedy", "reassurance_fixed"))
OF_MODERATE: tuple[Need, ...] = (("apology",), ("admission",), ("remedy",), ("empathy",), ("support_offer",))
OF_SERIOUS: tuple[Need, ...] = (*OF_MODERATE, ("explanation",), ("prevention",))
OF_SHORT: tuple[Need, ...] = (("apology", "admission"), ("dated_act",))
OF_CALL_NOTE: tuple[Need, ...] = (
    ("listened",),
    ("empathy", "apology"),
    ("admission",),
    ("remedy",),
    ("dated_act",),
)
OF_FEEDBACK_REPLY: tuple[Need, ...] = (("named_point",), ("prevention", "remedy", "reassurance_fixed"))
BY_SEVERITY = {MINOR: OF_MINOR, MODERATE: OF_MODERATE, SERIOUS: OF_SERIOUS}
MOST_SENTENCES = 2  # of what is sent by chat, sms or social
LONGEST_SIGNATURE = 8  # words
BREVITY, SIGNATURE = "brevity", "signature"
WHAT_TO_DO = {
    BREVITY: f"Say it in {MOST_SENTENCES} sentences: it is read on a small screen, between other things.",
    SIGNATURE: "Sign it with the name of a person.",
}


@dataclass(frozen=True)
class Gap:
    """Something that is missing. instead: components that would do as well."""

    name: str
    todo: str
    instead: tuple[str, ...] = ()


def gaps_of(
    reading: Reading, shown: set[str], *, severity: str, channel: str, offer: OfferFacts
) -> tuple[Gap, ...]:
    """What is missing, in the order of the needs. Raises ValueError where severity or channel is unknown."""
    known = reading.language.components
    gaps = [
        Gap(need[0], known[need[0]].todo, need[1:])
        for need in _needs(reading, severity, channel, offer)
        if not shown.intersection(need)
    ]
    if channel in SHORT and len(reading.sentences) > MOST_SENTENCES:
        gaps.append(Gap(BREVITY, WHAT_TO_DO[BREVITY]))
    if channel == "letter" and not _is_signed(reading):
        gaps.append(Gap(SIGNATURE, WHAT_TO_DO[SIGNATURE]))
    return tuple(gaps)


def _needs(reading: Reading, severity: str, channel: str, offer: OfferFacts) -> tuple[Need, ...]:
    if severity not in SEVERITIES:
        raise ValueError(f"severity is one of {', '.join(SEVERITIES)}, not {severity!r}")
    if channel and channel not in CHANNELS:
        raise ValueError(f"channel is one of {', '.join(CHANNELS)}, not {channel!r}")
    if channel in SHORT:
        return OF_SHORT
    if channel == "call_note":
        return OF_CALL_NOTE
    if channel == "feedback_reply":
        return OF_FEEDBACK_REPLY
    needs = OF_SERIOUS if channel == "letter" else BY_SEVERITY[severity]
    if needs is OF_SERIOUS:
        needs += _where_it_applies(reading, offer)
    return needs


def _where_it_applies(reading: Reading, offer: OfferFacts) -> tuple[Need, ...]:
    told = {"reassurance_fixed": offer.of_a_system, "values_time": offer.waited}
    known = reading.language.components
    return tuple(
        (name,)
        for name, is_so in told.items()
        if (reading.has_anywhere(known[name].asked_if) if is_so is None else is_so)
    )


def _is_signed(reading: Reading) -> bool:
    """Does it end with a name on its own: "Astrid Bell, Plant Director"?"""
    words = [word for word in reading.sentences[-1].words if not word.is_mark] if reading.sentences else []
    common = reading.language.vocabulary.common_words
    return 0 < len(words) <= LONGEST_SIGNATURE and words[0].capital and words[0].plain not in common
