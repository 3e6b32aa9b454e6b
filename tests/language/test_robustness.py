"""What holds for every text: findings lie on whole words, do not depend on what has nothing to do with them,
and are there in time."""

import subprocess
import sys
import unicodedata
from dataclasses import replace
from functools import cache
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apps.language import Finding, check
from apps.language.drafts import APOSTROPHES

from .labelled import all_names, drafts_of
from .texts import HOSTILE, emails

NEUTRAL = (
    "The shop on the corner opens at nine.",
    "The map of the town is on the first page.",
    "The river is four miles long.",
    "The blue folder holds twelve sheets of paper.",
    "Your table is by the window on the left.",
    "The garden has two gates and a pond.",
    "The second box holds the cables.",
    "The museum is in the old mill by the river.",
    "The form has three pages and a cover.",
    "The lamp on the desk is made of oak.",
)
ODD = (
    "\u0301", "\u0323\u0301", "\ufe0f", "\u200d", "\u20dd", "\u00ad", "\u200b", "\u00a0", "\ue000", "\x01",
    "\U0001f64f", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd", "1\ufe0f\u20e3",
    "\U0001f1e9\U0001f1ea", "\r\n", "\r\n\r\n", "\n", "\u2019", "\u2018", "\u201c", "\u201d", "'", '"',
    "\u2026", "...", "?!", " - ", "\u2014", "@", "&amp;", ":-)", "\u00a339.99", "50%", "www.x.y", "\u0130",
    "\u00df", "\ufb01", "\ufdfa", "I", "you", "\x04",
)  # fmt: skip
JOINER = "\u200d"
RIDES_ON = f"{JOINER}\ufe0e\ufe0f\u20e3"
QUICK = settings(max_examples=120, deadline=None, derandomize=True)


@cache
def defensive_drafts() -> list[str]:
    return [draft.text for name in all_names() for draft in drafts_of(name) if not draft.is_clean]


@st.composite
def written(draw: st.DrawFn) -> str:
    """A defensive draft, with odd things at odd places."""
    text = draw(st.sampled_from(defensive_drafts()))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(ODD)) + text[place:]
    return text


def is_within(text: str, place: int) -> bool:
    """Would a cut at `place` go through a word, an emoji, a line break or a letter with its accents?"""
    if place in (0, len(text)):
        return False
    before, after = text[place - 1], text[place]
    kind = unicodedata.category(after)
    is_one = (
        before + after == "\r\n"
        or after in RIDES_ON
        or kind.startswith("M")
        or kind == "Sk"  # the colour of a skin
        or (before == JOINER and kind == "So")
    )
    return is_one or is_within_word(text, place)


def is_within_word(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    if after in APOSTROPHES:
        return before.isalnum() and text[place + 1 : place + 2].isalpha()
    if before in APOSTROPHES:
        return after.isalpha() and text[place - 2 : place - 1].isalnum()
    return before.isalnum() and after.isalnum()


def assert_well_placed(text: str, findings: list[Finding]) -> None:
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert not is_within(text, finding.start), text[: finding.start][-20:]
        assert not is_within(text, finding.end), text[finding.end :][:20]
    for first, second in pairwise(findings):
        assert first.end <= second.start


@QUICK
@given(written())
def test_findings_lie_in_the_text_on_whole_words_in_order_and_apart(text: str) -> None:
    assert_well_placed(text, check(text))


@QUICK
@given(st.text(st.characters(), max_size=300) | st.lists(st.sampled_from(ODD), max_size=60).map("".join))
def test_any_text_can_be_checked(text: str) -> None:
    assert_well_placed(text, check(text))


@QUICK
@given(written())
def test_checking_twice_finds_the_same(text: str) -> None:
    assert check(text) == check(text)


def test_neutral_sentences_are_neutral() -> None:
    assert check(" ".join(NEUTRAL)) == []


def moved(findings: list[Finding], by: int) -> list[Finding]:
    return [replace(finding, start=finding.start + by, end=finding.end + by) for finding in findings]


@QUICK
@given(st.sampled_from(defensive_drafts()), st.sampled_from(NEUTRAL), st.sampled_from(NEUTRAL))
def test_neutral_paragraphs_around_change_no_finding(text: str, before: str, after: str) -> None:
    before = f"{before}\n\n"
    alone, later = check(text), moved(check(text), len(before))
    assert check(before + text) == later
    assert check(f"{text}\n\n{after}") == alone
    assert check(f"{before}{text}\n\n{after}") == later


@QUICK
@given(st.sampled_from(defensive_drafts()), st.sampled_from(NEUTRAL), st.sampled_from(NEUTRAL))
def test_neutral_sentences_around_change_no_finding(text: str, before: str, after: str) -> None:
    assume(text[-1] in ".!?")
    before = f"{before} "
    alone, later = check(text), moved(check(text), len(before))
    assert check(before + text) == later
    assert check(f"{text} {after}") == alone
    assert check(f"{before}{text} {after}") == later


@QUICK
@given(written())
def test_a_rewrite_can_stand_where_the_finding_was(text: str) -> None:
    for finding in check(text)[:2]:
        for rewrite in finding.rewrites:
            changed = text[: finding.start] + rewrite + text[finding.end :]
            end = finding.start + len(rewrite)
            assert_well_placed(changed, check(changed))
            assert changed[: finding.start] == text[: finding.start]
            assert changed[end:] == text[finding.end :]


def seconds(text: str) -> float:
    """Of checking `text`, the best of three."""
    found = []
    for _ in range(3):
        began = process_time()
        check(text)
        found.append(process_time() - began)
    return min(found)


@pytest.mark.parametrize("kind", HOSTILE)
def test_time_grows_with_the_length_of_hostile_text(kind: str) -> None:
    check(HOSTILE[kind](5_000))
    assert seconds(HOSTILE[kind](60_000)) < 60 * seconds(HOSTILE[kind](6_000)) + 0.2  # a square: 100 times


def test_time_grows_with_the_length_of_a_draft() -> None:
    short, long = "\n\n".join(emails(10_000)), "\n\n".join(emails(100_000))
    check(short)
    assert seconds(long) < 40 * seconds(short)


def in_a_fresh_process(program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_checker_knows_nothing_of_django() -> None:
    in_a_fresh_process(
        "import sys, apps.language\n"
        "apps.language.check('We are sorry that you feel that way.')\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] in ('django', 'carecrm')]"
    )


def test_the_checker_uses_no_network() -> None:
    in_a_fresh_process(
        "import socket\n"
        "def refused(*args, **kwargs): raise AssertionError('the network was used')\n"
        "socket.socket = socket.create_connection = socket.getaddrinfo = refused\n"
        "from apps.language import check\n"
        "assert check('We are sorry that you feel that way.')"
    )
