"""The rules as data: a team's own, and mistakes that are told."""

from pathlib import Path

import pytest

from apps.language import check
from apps.language.findings import SEVERITIES
from apps.language.loading import language
from apps.language.rules import RuleError

COMPUTER_SAYS_NO = """
category = "brush_off"
[[rule]]
name = "computer_says_no"
severity = "fix"
message = "It says that a machine decides."
source = "Our own handbook"
patterns = ["( computer / system ) says no"]
rewrites = ["I will find out who can change that"]
"""


def team(folder: Path, kind: str, content: str) -> Path:
    (folder / kind).mkdir(exist_ok=True)
    (folder / kind / "ours.toml").write_text(content, encoding="utf-8")
    return folder


def test_a_team_adds_words_to_a_class(tmp_path: Path) -> None:
    text = "The zeppelin works botched it, not us."
    folder = team(tmp_path, "words", '[class.third_party]\nwords = "zeppelin works"\n')
    assert [one.category for one in check(text, folders=(folder,))] == ["blame_other"]


def test_a_team_adds_a_rule(tmp_path: Path) -> None:
    (finding,) = check("Computer says no.", folders=(team(tmp_path, "categories", COMPUTER_SAYS_NO),))
    assert (finding.rule, finding.severity) == ("brush_off.computer_says_no", "fix")
    assert finding.rewrites == ("I will find out who can change that",)


def test_a_team_switches_a_rule_off(tmp_path: Path) -> None:
    text = "I'm trying to help you."
    folder = team(tmp_path, "categories", 'switched_off = ["effort.trying", "effort.as_a_whole"]\n')
    assert check(text)
    assert check(text, folders=(folder,)) == []


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("categories", "rule = [", "ours.toml"),
        ("categories", 'switched_off = ["no.such"]', "'no.such'"),
        ("categories", 'category = "x"\ncolour = 1', "'colour' is not known here"),
        ("categories", 'category = "x"\n[[rule]]\nname = "y"', "'severity' must be one of"),
        ("words", '[class.a]\nincludes = ["nowhere"]', "no such class"),
        ("words", "[class.a]\nwords = 3", "a list of texts is needed"),
        ("words", '[class.a]\nwords = ["-"]', "a text holds no word"),
        ("words", "common = 3", "a list of texts is needed"),
        ("words", '[class.a]\nincludes = ["b"]\n[class.b]\nincludes = ["a"]', "includes itself"),
        ("categories", 'category = "x"\nprecedence = "high"\n[[rule]]\nname = "y"', "must be a whole number"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, kind: str, content: str, words: str) -> None:
    with pytest.raises(RuleError, match=words):
        language(team(tmp_path, kind, content))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("[ never", "is not closed"),
        ("( a / b", "is not closed"),
        ("we lost ]", "closes nothing"),
        ("@nobody_knows lost", "there is no class @nobody_knows"),
        ("[maybe]", "no word that must be there"),
        ("Capital", "is not a word, a class or a mark"),
        ("computer who-says=says no", "cannot name a part"),
        ("a=computer a=says no", "cannot name a part"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_told(tmp_path: Path, pattern: str, words: str) -> None:
    rule = f"""
category = "x"
severity = "fix"
message = "M."
source = "S"
[[rule]]
name = "y"
patterns = ["{pattern}"]
"""
    with pytest.raises(RuleError, match=words) as mistake:
        language(team(tmp_path, "categories", rule))
    assert "ours.toml, rule 1 (y)" in str(mistake.value)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "ours.toml").write_bytes('[class.a]\nwords = "Gr\u00fcn"'.encode("latin-1"))
    with pytest.raises(RuleError, match=r"ours\.toml"):
        language(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="is not a folder"):
        language(tmp_path / "nowhere")


def test_the_rule_of_a_team_stands_before_ours(tmp_path: Path) -> None:
    folder = team(tmp_path, "categories", COMPUTER_SAYS_NO)
    for text in ("The computer says no.", "I'm afraid the system says no."):
        assert [one.rule for one in check(text, folders=(folder,))] == ["brush_off.computer_says_no"]


def test_each_rule_of_ours_says_why_and_offers_words() -> None:
    for rule in language().rules.values():
        assert rule.severity in SEVERITIES
        assert rule.message.endswith("."), rule.name
        assert len(rule.message) <= 100, rule.name
        assert 1 <= len(rule.rewrites) <= 3, rule.name
        assert rule.source, rule.name


def test_our_own_words_pass_our_own_check() -> None:
    for rule in language().rules.values():
        for rewrite in rule.rewrites:
            if "{" not in rewrite:
                assert check(f"{rewrite}.") == [], (rule.name, rewrite)


def test_the_eighteen_categories_are_there() -> None:
    assert len(language().order) == 18
    assert set(language().as_a_whole) == set(language().order)
