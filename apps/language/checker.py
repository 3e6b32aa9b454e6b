"""Which words of a draft are defensive, and why."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .drafts import Sentence
from .findings import Context, Finding
from .reading import ANYWHERE, Match, Reading, read_draft
from .rewriting import rewrites_for
from .rules import OCCURRENCE, Rule, Signs
from .scorer import Matched, Scorer, entries_of, loudest_words, scorer

RULE_CHANCE = 0.85  # below it a rule's match is not told
SCORE_CHANCE = 0.94  # from here on a sentence is told that no rule matched
LINKS = frozenset(("", ",", ";", ":", "-", "\N{EN DASH}", "\N{EM DASH}"))
FRIENDLY, RECOVERY = ("welcome", "vip", "inquiry"), ("apology", "recovery")
FRIENDLY_OCCASION = "friendly_occasion"


def check(text: str, *, context: Context = ANYWHERE, folders: tuple[Path, ...] = ()) -> list[Finding]:
    """The findings of `text` in the order of their starts.

    folders: a team's own words and rules (see loading.py). Raises RuleError where these cannot be read.
    What is quoted, negated, disowned or said by the customer is never flagged.
    """
    return findings_of(read_draft(text, context=context, folders=folders), context)


@dataclass(frozen=True)
class _Hit:
    rule: Rule
    match: Match
    start: int
    end: int


def findings_of(reading: Reading, context: Context = ANYWHERE, table: Scorer | None = None) -> list[Finding]:
    """The findings of a draft that has been read. `table`: another score than ours."""
    return [
        Finding(
            hit.start,
            hit.end,
            hit.rule.category,
            hit.rule.severity,
            hit.rule.message,
            rewrites_for(hit.rule.rewrites, hit.match, reading.text, hit.start, hit.end),
            hit.rule.name,
            hit.rule.source,
        )
        for hit in _weighed(_hits(reading, context), reading, context, table or scorer())
    ]


def matched_by_sentence(reading: Reading, context: Context = ANYWHERE) -> list[list[Matched]]:
    """What matched in each sentence, before it is weighed: rules and the patterns of theirs."""
    return [_matched(found, reading) for found in _by_sentence(_hits(reading, context), reading)]


def _matched(hits: list[_Hit], reading: Reading) -> list[Matched]:
    patterns = reading.language.patterns
    return sorted({(hit.rule.name, patterns[hit.match.pattern].source) for hit in hits})


def _weighed(hits: list[_Hit], reading: Reading, context: Context, table: Scorer) -> list[_Hit]:
    """Those hits that the score does not silence, and what it finds where no rule says anything. Of hits
    that lie over each other one stays: of the category that the score finds likeliest, or else of the
    more harmful one."""
    told: list[_Hit] = []
    likely: dict[int, str] = {}
    for sentence, found in zip(reading.sentences, _by_sentence(hits, reading), strict=True):
        said = entries_of(reading, sentence, _matched(found, reading), table)
        chance = table.chance(said)
        certain = {hit.rule.category for hit in found if not hit.rule.is_weighed}
        told += [hit for hit in found if hit.rule.category in certain]
        if chance >= (RULE_CHANCE if found else SCORE_CHANCE):
            category = likely[sentence.index] = table.category(said)
            told += [hit for hit in found if hit.rule.category not in certain]
            if not found:
                told += _by_score(sentence, category, reading, context)
    order = reading.language.order

    def rank(hit: _Hit) -> tuple[bool, bool, int, int, int, bool, str]:
        is_unlikely = likely.get(hit.match.sentence.index) != hit.rule.category
        place = order[hit.rule.category], hit.start - hit.end, hit.start
        return not hit.rule.is_own, is_unlikely, *place, hit.rule.is_weighed, hit.rule.name

    return _together(_apart(sorted(told, key=rank)), reading.text)


def _by_sentence(hits: list[_Hit], reading: Reading) -> list[list[_Hit]]:
    """The hits that lie in each sentence; both are in order."""
    found: list[list[_Hit]] = [[] for _ in reading.sentences]
    starts = [sentence.start for sentence in reading.sentences]
    for hit in hits:
        place = max(bisect_right(starts, hit.start) - 1, 0)
        while place < len(starts) and starts[place] < hit.end:
            found[place].append(hit)
            place += 1
    return found


def _by_score(sentence: Sentence, category: str, reading: Reading, context: Context) -> list[_Hit]:
    """The clauses of a sentence that the score finds defensive, if they are ours and meant."""
    rule = reading.language.as_a_whole.get(category)
    if rule is None:  # switched off
        return []
    first, last = loudest_words(sentence)
    match = Match(sentence, first, last)
    if rule.only_in_recovery and not is_recovery(reading, context):
        return []
    if not _stands(rule, match, reading, context):
        return []
    return [_Hit(rule, match, *match.span("match"))]


def _hits(reading: Reading, context: Context) -> list[_Hit]:
    matches = _matches(reading, context)
    hits: list[_Hit] = []
    for rule, found in matches.items():
        standing = [match for match in found if _stands(rule, match, reading, context)]
        if rule.extends == OCCURRENCE:
            hits += _too_many(rule, standing)
        else:
            hits += [_Hit(rule, match, *match.span(rule.span)) for match in standing]
    return hits


def _matches(reading: Reading, context: Context) -> dict[Rule, list[Match]]:
    """By rule, in the order of the draft, of the rules that apply here."""
    known = reading.language
    applies: dict[str, bool] = {}
    found: dict[Rule, list[Match]] = {}
    for sentence in reading.sentences:
        names = {known.rule_of[number] for number in sentence.triggers if number in known.rule_of}
        for name in sorted(names):
            rule = known.rules[name]
            if name not in applies:
                applies[name] = _applies(rule, reading, context)
            if applies[name] and (matches := reading.matches_in(sentence, rule.patterns)):
                found.setdefault(rule, []).extend(matches)
    return found


def _applies(rule: Rule, reading: Reading, context: Context) -> bool:
    if rule.channels and context.channel not in rule.channels:
        return False
    return not rule.only_in_recovery or is_recovery(reading, context)


def _stands(rule: Rule, match: Match, reading: Reading, context: Context) -> bool:
    """Is this match ours, meant, not rescued?"""
    if match.is_quoted or (match.is_negated and not rule.also_negated):
        return False
    if any(start < match.end and match.start < end for start, end in context.customer_words):
        return False
    first, last = reading.customer_says.get(match.sentence.index, (0, 0))
    if first <= match.first < last:
        return False
    if any(match.overlaps(other) for other in reading.matches_in(match.sentence, rule.exceptions)):
        return False
    if _found(rule.rescuers, match, reading, context):
        return False
    return rule.needs == Signs() or _found(rule.needs, match, reading, context)


def _found(signs: Signs, match: Match, reading: Reading, context: Context) -> bool:
    """Does one of the signs stand where it is looked for?"""
    index = match.sentence.index
    return (
        any(reading.has(name, index) for name in signs.sentence)
        or any(reading.has_before(name, match) for name in signs.before)
        or any(reading.has(name, index + 1) for name in signs.next)
        or any(reading.has(name, place) for name in signs.near for place in (index - 1, index, index + 1))
        or any(_says(name, reading, context) for name in signs.message)
    )


def _says(name: str, reading: Reading, context: Context) -> bool:
    """Does the draft give this sign? What the page says of the occasion stands above what the draft says."""
    if name == FRIENDLY_OCCASION:
        return not is_recovery(reading, context)
    return reading.has_anywhere(name)


def _too_many(rule: Rule, matches: Sequence[Match]) -> Iterator[_Hit]:
    """Where there are at least as many as the rule asks: one hit for each sentence with one too many."""
    groups: dict[int, list[Match]] = {}
    for match in matches:
        groups.setdefault(match.sentence.index if rule.within == "sentence" else 0, []).append(match)
    for group in groups.values():
        for match in group[rule.least - 1 :]:
            yield _Hit(rule, match, *match.span("sentence"))


def is_recovery(reading: Reading, context: Context) -> bool:
    """Is this written to somebody whom we failed? What the page does not say is read from the draft."""
    if context.play in FRIENDLY or context.play in RECOVERY:
        return context.play in RECOVERY
    return not reading.has_anywhere(FRIENDLY_OCCASION)


def _apart(ranked: list[_Hit]) -> list[_Hit]:
    """In the order of the draft, without what overlaps one that is ranked before it."""
    kept: list[_Hit] = []  # by their starts, none over another
    for hit in ranked:
        place = bisect_left(kept, hit.start, key=lambda other: other.start)
        is_free = (place == 0 or kept[place - 1].end <= hit.start) and (
            place == len(kept) or kept[place].start >= hit.end
        )
        if is_free:
            kept.insert(place, hit)
    return kept


def _together(hits: list[_Hit], text: str) -> list[_Hit]:
    """Those of one category with nothing but a mark between are one: "the lab lost it, not us"."""
    joined: list[_Hit] = []
    for hit in hits:
        last = joined[-1] if joined else None
        if last and last.rule.category == hit.rule.category and text[last.end : hit.start].strip() in LINKS:
            joined[-1] = replace(last, end=hit.end)
        else:
            joined.append(hit)
    return joined
